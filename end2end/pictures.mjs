// Pictures of the main pages for the README, from the demo, at 390 and 1280 px: docs/pictures/<page>-<width>.png,
// as small palette files. What differs from run to run without meaning anything (the time of day, a booking's
// number) is the same in each; dates follow the day on which the demo is made.
//   node pictures.mjs             all of them
//   node pictures.mjs home …      some pages
//   WELLBEING_PICTURES=/tmp/p     somewhere else, the whole pages in full colour, to look at
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import UPNG from "upng-js";
import { asVisitor, launch } from "./support/browser.mjs";
import { makeDemo, startSite } from "./support/site.mjs";
import { answerQuestions, arrive, bookFromCheck, follow, jane, openLetter, press, readIt, signedIn } from "./support/steps.mjs";

const look = process.env.WELLBEING_PICTURES;
const folder = look ?? join(import.meta.dirname, "../docs/pictures");
const wanted = process.argv.slice(2);
/** Width, and how much of a page is shown in the README. */
const windows = look ? [[390, Infinity], [1280, Infinity]] : [[390, 1000], [1280, 1100]];
const COLOURS = 64;
/** All of them together, so that a clone stays small. */
const MOST = 1024 * 1024;
const COURSE = "/courses/coping-with-worry";

process.env.WELLBEING_DEMO = await makeDemo();
await mkdir(folder, { recursive: true });
const [site, browser] = await Promise.all([startSite(), launch()]);
let total = 0;

/** Takes the page that is open at both widths, and in the dark if asked. */
async function take({ page }, name, { dark = false } = {}) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  await page.evaluate(() => {
    for (const text of document.querySelectorAll("main *")) {
      if (text.childElementCount === 0) text.textContent = text.textContent.replace(/WB-\w{3}-\w{3}/g, "WB-7K4-2MQ");
    }
    document.activeElement?.blur();
  });
  for (const scheme of dark ? ["light", "dark"] : ["light"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const [width, most] of windows) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => document.fonts.ready);
      const height = Math.min(most, await page.evaluate(() => document.documentElement.scrollHeight));
      let png = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height }, animations: "disabled", caret: "hide" });
      if (!look) {
        const { width: w, height: h, ...picture } = UPNG.decode(png);
        png = Buffer.from(UPNG.encode(UPNG.toRGBA8({ width: w, height: h, ...picture }), w, h, COLOURS));
      }
      total += png.length;
      const file = `${name}${scheme === "dark" ? "-dark" : ""}-${width}.png`;
      await writeFile(join(folder, file), png);
      console.log(`pictures: ${file} ${Math.round(png.length / 1024)} KB`);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 900 });
}

try {
  const now = new Date();
  await site.setClock(`${now.toISOString().slice(0, 10)}T10:00:00Z`);
  await asVisitor(browser, site, { looks: false }, async (who) => {
    const { page } = who;
    await page.goto("/");
    await take(who, "home", { dark: true });
    await page.goto("/courses");
    await take(who, "courses");
    await page.goto(COURSE);
    await take(who, "course", { dark: true });
    // The month after this one is full of courses whatever the day is.
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 15)).toISOString().slice(0, 7);
    await page.goto(`/calendar/${month}`);
    await take(who, "calendar");

    await page.goto(COURSE);
    await follow(page, "Book a place");
    await follow(page, "Make an account");
    await press(page, "Start");
    const person = jane("maggie@example.org");
    await page.goto("/sign-up/name");
    await page.getByLabel("Full name").fill(person.name);
    await page.getByLabel("What should we call you?").fill(person.known);
    await press(page, "Continue");
    await page.getByLabel("Day").fill("31");
    await page.getByLabel("Month").fill("3");
    await page.getByLabel("Year").fill("52");
    await press(page, "Continue");
    await page.locator(".govuk-error-summary").waitFor();
    await take(who, "sign-up");
    await page.goto("/sign-up/name");
    await answerQuestions(who, person, { wrongFirst: false });
    await follow(page, "Go on");
    await arrive(page, "One last check");
    await page.locator("altcha-widget input").first().waitFor();
    await take(who, "captcha");
    await readIt(who);
    await page.getByRole("checkbox", { name: "I am a person" }).click();
    await page.locator("altcha-widget [data-state=verified]").waitFor({ timeout: 60_000 });
    await press(page, "Send me the email");
    await arrive(page, "You have not booked yet: open our email");
    await take(who, "open-email");
    await openLetter(who, site, await site.mail.take(person.email, /check your email/i), "/verify/");
    await page.getByRole("radio", { name: "Email me a link each time" }).check();
    await press(page, "Make my account and go on");
    await arrive(page, "Check your answers, then book");
    await take(who, "check");
    await bookFromCheck(who);
    await arrive(page, "Your place is booked");
    await take(who, "booked");
  });
  await asVisitor(browser, site, { looks: false }, async (who) => {
    await signedIn(who, site.signIns.member);
    await take(who, "my-bookings");
  });
} finally {
  await browser.close();
  await site.stop();
  await rm(process.env.WELLBEING_DEMO, { recursive: true, force: true });
}
console.log(`pictures: ${Math.round(total / 1024)} KB in ${folder}`);
if (!look && total > MOST) {
  console.error(`pictures: more than ${MOST / 1024} KB`);
  process.exitCode = 1;
}
