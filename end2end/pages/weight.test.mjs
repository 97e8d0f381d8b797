// What a first visit costs (goals P9): HTML, style and font as they come over the wire, and no WebAssembly.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function weigh(who, path) {
  who.requests.length = 0;
  await who.page.goto(path, { waitUntil: "networkidle" });
  const parts = [];
  for (const request of who.requests) {
    const response = await request.response();
    if (!response) continue;
    const { responseBodySize } = await request.sizes();
    parts.push({ path: new URL(request.url()).pathname, bytes: responseBodySize });
  }
  return parts;
}

const KB = 1024;
for (const [path, limit] of [["/", 60], ["/courses", 60], ["course", 60], ["/sign-up", 60]]) {
  test(`${path}: at most ${limit} KB`, async (t) => {
    let where = path;
    if (path === "course") {
      const list = await (await fetch(`${site.url}/courses?free=yes`)).text();
      where = list.match(/href="(\/courses\/[a-z0-9-]+)"/)[1];
    }
    await asVisitor(browser, site, { width: 390 }, async (who) => {
      const parts = await weigh(who, where);
      const total = parts.reduce((sum, part) => sum + part.bytes, 0);
      t.diagnostic(`${where}: ${(total / KB).toFixed(1)} KB (${parts.map((p) => `${p.path} ${(p.bytes / KB).toFixed(1)}`).join(", ")})`);
      assert.ok(total <= limit * KB, `${where} costs ${(total / KB).toFixed(1)} KB`);
      assert.deepEqual(parts.filter((p) => p.path.endsWith(".wasm")), []);
      assert.equal((await who.context.cookies()).length, 0, "a first visit needs no cookie");
    });
  });
}
