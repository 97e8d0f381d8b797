// The signed link that stops the newsletter, made as the server makes it. No message that the site sends today
// carries it (issues of the newsletter will), so the tests make it from the site's own key.
import { execFile } from "node:child_process";
import { createHmac, hkdfSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The id of this address's subscription, read from the site's database. */
async function subscription(site, email) {
  const read = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT hex(id) FROM subscription WHERE email = ?', [sys.argv[2]]).fetchone()[0])";
  const { stdout } = await promisify(execFile)("python3", ["-c", read, join(site.folder, "data", "wellbeing.db"), email]);
  return Buffer.from(stdout.trim(), "hex");
}

/** The address of the page that stops the newsletter to `email`. */
export async function stopLink(site, email) {
  const master = Buffer.from((await readFile(join(site.folder, "data-keys", "master.key"), "utf8")).trim(), "base64");
  const key = Buffer.from(hkdfSync("sha256", master, "", "wellbeing-courses mac 1", 32));
  const id = await subscription(site, email);
  const mac = createHmac("sha256", key);
  for (const part of [Buffer.from("stop the newsletter"), id]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    mac.update(length).update(part);
  }
  return `${site.url}/unsubscribe/${Buffer.concat([id, mac.digest()]).toString("base64url")}`;
}
