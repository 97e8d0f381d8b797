// What a first visit costs (goals P9), as it comes over the wire: HTML, style, font and scripts, and no WebAssembly.
// Measured on the release build when WELLBEING_RELEASE_BIN names it: only that is what people get.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { answerQuestions, arrive, bookable, follow, jane, press } from "../support/steps.mjs";

const release = process.env.WELLBEING_RELEASE_BIN;
const build = release ? "release build" : "rehearsal build";
const KB = 1024;
/** What one page costs in a browser that has seen nothing of the site before. */
const PAGE = 60 * KB;
/** What the page with the check that a person is there costs more than the way to it. */
const CAPTCHA = 40 * KB;

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(release ? { bin: release } : {}), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** What came over the wire since the last time: `[{ path, bytes }]`. What the browser had already costs nothing. */
async function weigh(who) {
  await who.page.waitForLoadState("load");
  await who.page.evaluate(() => document.fonts.ready);
  const parts = [];
  for (const request of who.requests.splice(0)) {
    const response = await request.response();
    if (!response || response.status() === 304) continue;
    await response.finished();
    const { responseBodySize } = await request.sizes();
    if (responseBodySize > 0) parts.push({ path: new URL(request.url()).pathname.replace(/^\/assets\/[^/]+/, ""), bytes: responseBodySize });
  }
  return parts;
}

const sum = (parts) => parts.reduce((all, part) => all + part.bytes, 0);
const words = (parts) => `${(sum(parts) / KB).toFixed(1)} KB (${parts.map((p) => `${p.path} ${(p.bytes / KB).toFixed(1)}`).join(", ")})`;
const noWasm = (parts) => assert.deepEqual(parts.filter((p) => p.path.endsWith(".wasm")), [], "WebAssembly");

for (const path of ["/", "/courses", "a course", "a month", "/venues", "/sign-up", "/help"]) {
  test(`${path}: at most ${PAGE / KB} KB (${build})`, async (t) => {
    let where = path;
    if (path === "a course") where = (await bookable(site))[0].split("/").slice(0, 3).join("/");
    if (path === "a month") where = "/calendar";
    await asVisitor(browser, site, { width: 390 }, async (who) => {
      await who.page.goto(where);
      const parts = await weigh(who);
      t.diagnostic(`${where}: ${words(parts)}, ${build}`);
      assert.ok(sum(parts) <= PAGE, `${where} costs ${words(parts)}`);
      noWasm(parts);
      assert.equal((await who.context.cookies()).length, 0, "a first visit needs no cookie");
    });
  });
}

test(`from the home page to the page where a place is booked: at most ${PAGE / KB} KB in all (${build})`, async (t) => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    await page.goto("/");
    const home = await weigh(who);
    await page.goto("/courses?free=yes");
    const list = await weigh(who);
    await page.locator(".wb-course__title a").first().click();
    await page.getByRole("heading", { name: "Your place" }).waitFor();
    const course = await weigh(who);
    await follow(page, "Book a place");
    await arrive(page, "Before you book");
    const parts = [...home, ...list, ...course, ...(await weigh(who))];
    t.diagnostic(`to the booking page: ${words(parts)}, ${build}`);
    assert.ok(sum(parts) <= PAGE, `the way costs ${words(parts)}`);
    noWasm(parts);
  });
});

/** What a file costs packed, for what the browser's tools do not show: the script of a worker. */
const packed = (url) =>
  new Promise((done, fail) => {
    let bytes = 0;
    get(url, { headers: { "accept-encoding": "br, gzip" } }, (answer) => answer.on("data", (part) => (bytes += part.length)).on("end", () => done(bytes))).on("error", fail);
  });

test(`the page with the check that a person is there: at most ${CAPTCHA / KB} KB more (${build})`, async (t) => {
  await asVisitor(browser, site, { width: 390, looks: false }, async (who) => {
    const { page } = who;
    await page.goto("/sign-up");
    await press(page, "Start");
    await answerQuestions(who, jane("weight@example.org"), { wrongFirst: false });
    await weigh(who);
    await follow(page, "Go on");
    await arrive(page, "One last check");
    // The part of it that does the sums comes with the tick, once for all the workers that do them.
    const workers = new Set();
    page.on("worker", (worker) => workers.add(worker.url()));
    await page.getByRole("checkbox", { name: "I am a person" }).click({ timeout: 30_000 });
    await page.locator("altcha-widget [data-state=verified]").waitFor({ timeout: 60_000 });
    const parts = await weigh(who);
    assert.ok(workers.size > 0, "the sums are done in a worker");
    for (const url of workers) {
      const { pathname } = new URL(url);
      if (!parts.some((part) => pathname.endsWith(part.path))) parts.push({ path: pathname, bytes: await packed(url) });
    }
    t.diagnostic(`the check: ${words(parts)}, ${build}`);
    assert.ok(sum(parts) <= CAPTCHA, `the check costs ${words(parts)}`);
    noWasm(parts);
  });
});
