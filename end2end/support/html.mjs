// Keeps the HTML of every page and letter that the tests meet, for one run of the Nu validator at the end.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = () => process.env.WELLBEING_HTML;

/** Keeps a page by its name; the same page with other bytes (an error shown) is kept beside it. */
export function keepHtml(name, html) {
  if (!folder()) return;
  mkdirSync(folder(), { recursive: true });
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 80) || "home";
  // Of pages that differ only in ids and dates, a few are enough.
  const shape = createHash("sha256").update(html.replace(/>[^<]*</g, "><").replace(/="[^"]*"/g, "")).digest("hex").slice(0, 8);
  writeFileSync(join(folder(), `${plain}.${shape}.html`), html);
}

/** Whether nobody has looked at this page yet in this run, in any of the test files. */
export function firstToSee(name) {
  if (!folder()) return true;
  mkdirSync(folder(), { recursive: true });
  const mark = join(folder(), `${createHash("sha256").update(name).digest("hex").slice(0, 24)}.seen`);
  try {
    writeFileSync(mark, name, { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** What was kept: `[{ name, file }]`. */
export function kept() {
  return readdirSync(folder()).filter((f) => f.endsWith(".html")).sort().map((file) => ({ name: file.replace(/\.html$/, ""), file: join(folder(), file) }));
}

/** Runs the validator over everything; answers a map from file to what is wrong. */
export async function validate(files) {
  const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const output = await new Promise((done, fail) =>
    execFile(process.env.JAVA ?? "java", ["-Xmx512m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", ...files], { maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      error ? fail(new Error(`the validator did not run: ${error.message}\n${stderr}`)) : done(stdout),
    ),
  );
  const wrong = new Map();
  for (const message of JSON.parse(output).messages) {
    // Written out on purpose: the date fieldset's as GOV.UK Frontend does it, and those of tables that are laid out
    // as cards on a phone, where Safari before 17 forgets that they are tables.
    if (/^The “(group|table|rowgroup|row|columnheader|rowheader|cell)” role is unnecessary for element “(fieldset|table|thead|tbody|tr|th|td)”/.test(message.message)) continue;
    if (/^The “role” attribute must not be used on a “(tr|th|td)” element which has a “table” ancestor/.test(message.message)) continue;
    const file = message.url.replace(/^file:/, "");
    const line = readFileSync(file, "utf8").split("\n")[(message.lastLine ?? 1) - 1] ?? "";
    const where = message.extract ?? line.slice(0, 120);
    wrong.set(file, [...(wrong.get(file) ?? []), `${message.subType ?? message.type}: ${message.message} (${where.replace(/\s+/g, " ").trim()})`]);
  }
  return wrong;
}
