// Runs the browser tests: the demo's data once, the journeys and pages, then the validator over all that was met.
//   node run.mjs                 everything
//   node run.mjs journeys/sign-in.test.mjs …   some files
import { mkdtemp, rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { makeDemo } from "./support/site.mjs";

process.chdir(import.meta.dirname);
const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : ["journeys", "pages"].flatMap((folder) => readdirSync(folder).filter((f) => f.endsWith(".test.mjs")).map((f) => join(folder, f)));

const start = Date.now();
process.env.WELLBEING_DEMO = await makeDemo();
process.env.WELLBEING_HTML = await mkdtemp(join(tmpdir(), "wellbeing-html-"));
const count = { passed: 0, failed: 0, todo: 0 };
const failures = [];

async function phase(files, concurrency) {
  const tests = run({ files, concurrency, timeout: 900_000 });
  const isTest = (data) => data.details?.type !== "suite" && !files.some((f) => data.name.endsWith(f));
  // A test that is marked `todo` shows what the site does not do yet.
  const open = (data) => data.todo !== undefined && data.todo !== false;
  tests.on("test:pass", (data) => (count.passed += isTest(data) ? 1 : 0));
  tests.on("test:fail", (data) => {
    if (!isTest(data) && data.nesting !== 0) return;
    count[open(data) ? "todo" : "failed"] += 1;
    const error = data.details?.error;
    if (!open(data)) failures.push(`${data.name} (${data.file ?? ""}): ${error?.cause?.stack ?? error?.cause ?? error}`);
  });
  for await (const line of tests.compose(new spec())) process.stdout.write(line);
}

await phase(files, 2);
// Some files alone may look at no page.
if (wanted.length === 0 || readdirSync(process.env.WELLBEING_HTML).length > 0) await phase(["html.test.mjs"], 1);
await rm(process.env.WELLBEING_DEMO, { recursive: true, force: true });
if (count.failed === 0) await rm(process.env.WELLBEING_HTML, { recursive: true, force: true });
else console.log(`e2e: the pages' HTML is in ${process.env.WELLBEING_HTML}`);
// Once more at the end, where nobody has to look for it.
for (const failure of failures) console.log(`e2e: failed: ${failure}`);
console.log(`e2e: ${count.passed} passed, ${count.failed} failed, ${count.todo} to do, ${Math.round((Date.now() - start) / 1000)} s`);
process.exitCode = count.failed === 0 ? 0 : 1;
