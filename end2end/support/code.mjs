// The app on somebody's phone that makes codes (RFC 6238): six digits, new every 30 seconds; and codes by text.
import { createHmac } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { arrive, press, signIn } from "./steps.mjs";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an app with this key (as the page shows it to be typed) has at `seconds`. */
export function codeAt(key, seconds) {
  const bits = [...key.replace(/\s/g, "")].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const from = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The code that the app has now, by the site's own clock. A code is good once, so that clock moves on first. */
export async function nextCode(site, key) {
  const now = await site.forward(31);
  return codeAt(key, Date.parse(now) / 1000);
}

/** From "Two-step sign-in" to the recovery codes; gives the key that the app now knows. */
export async function setUpCodes(who) {
  const { page, site } = who;
  await arrive(page, "Two-step sign-in");
  await press(page, "Set it up");
  await arrive(page, "Set up two-step sign-in");
  const key = await page.locator(".wb-code").first().textContent();
  await page.getByLabel("Code").fill(await nextCode(site, key));
  await press(page, "Switch it on");
  await arrive(page, "Your recovery codes");
  return key;
}

/** Signs a tutor in, the demo's unless told, and opens their desk; where the second step is set up, with the next code. */
export async function atTheTutorDesk(who, key, access = who.site.signIns.tutor) {
  const { page, site } = who;
  await page.goto("/sign-in?next=%2Ftutor");
  await signIn(who, access);
  if (key) {
    await arrive(page, "Enter your code");
    await page.getByLabel("Code", { exact: true }).fill(await nextCode(site, key));
    await press(page, "Go on");
  }
  await page.goto("/tutor");
}

const read = new Set();

/** The code of the next text to this number that nobody has read yet, as a site on its own machine writes it into a file. */
export async function textedCode(site, number) {
  const folder = join(site.folder, "data", "texts");
  for (let tries = 0; tries < 300; tries += 1) {
    for (const file of (await readdir(folder).catch(() => [])).sort()) {
      if (read.has(file)) continue;
      const text = await readFile(join(folder, file), "utf8");
      const [, code] = text.match(/your code is (\d{6})/) ?? [];
      if (code && text.startsWith(`To: ${number}\n`)) {
        read.add(file);
        return code;
      }
    }
    await sleep(50);
  }
  throw new Error(`no text with a code came to ${number} in 15 s`);
}
