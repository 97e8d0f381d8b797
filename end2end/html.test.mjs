// Every page and every letter that the other tests met is valid HTML.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { kept, validate } from "./support/html.mjs";

const pages = kept();
let wrong;
before(async () => (wrong = await validate(pages.map((page) => page.file))));

test("there are pages to look at", () => assert.ok(pages.length > 0));
for (const { name, file } of pages) {
  test(`valid: ${name}`, () => assert.deepEqual(wrong.get(file) ?? [], []));
}
