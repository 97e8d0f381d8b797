// No link leads nowhere: every page that can be reached is opened, as a visitor and as a member.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { signedIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const plain = (text) => text.replace(/&amp;/g, "&").replace(/&#x27;|&#39;/g, "'").replace(/&quot;/g, '"');
/** Of addresses that differ only in a name or a choice, a few are enough. */
const shape = (url) => url.pathname.replace(/^\/(courses|venues|calendar)\/[^/]+/, "/$1/*").replace(/^(\/courses\/\*)\/[^/]+/, "$1/*").replace(/\/WB-[^/]+/, "/*") + [...url.searchParams.keys()].sort().join("&");

async function crawl(get, starts, most = 8) {
  const queue = [...starts.map((path) => ({ path, from: "the start" }))];
  const [seen, shapes, dead] = [new Set(), new Map(), []];
  while (queue.length > 0) {
    const { path, from } = queue.shift();
    const url = new URL(path, site.url);
    if (seen.has(url.pathname + url.search)) continue;
    seen.add(url.pathname + url.search);
    const count = (shapes.get(shape(url)) ?? 0) + 1;
    shapes.set(shape(url), count);
    if (count > most) continue;
    const { status, html } = await get(url.pathname + url.search);
    if (status >= 400) dead.push(`${status} ${url.pathname}${url.search} (on ${from})`);
    if (!html) continue;
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => plain(id)));
    for (const [, href] of html.matchAll(/<(?:a|link|script|img)\s[^>]*?(?:href|src)="([^"]+)"/g)) {
      const to = plain(href);
      if (to.startsWith("#") && to.length > 1 && !ids.has(decodeURIComponent(to.slice(1)))) dead.push(`${to} is not on ${url.pathname}`);
      if (!to.startsWith("/") || to.startsWith("//")) continue;
      queue.push({ path: to, from: url.pathname + url.search });
    }
  }
  return { dead, count: seen.size };
}

test("for a visitor", async (t) => {
  const get = async (path) => {
    const answer = await fetch(site.url + path);
    const html = /text\/html/.test(answer.headers.get("content-type")) ? await answer.text() : (await answer.arrayBuffer(), "");
    return { status: answer.status, html };
  };
  const { dead, count } = await crawl(get, ["/", "/sitemap.xml", "/robots.txt", "/calendar.ics", "/licences"]);
  t.diagnostic(`${count} links`);
  assert.deepEqual(dead, []);
});

test("for a member", async (t) => {
  await asVisitor(browser, site, { scripts: false }, async (who) => {
    await signedIn(who, site.signIns.member);
    const get = async (path) => {
      const answer = await who.context.request.get(path);
      return { status: answer.status(), html: /text\/html/.test(answer.headers()["content-type"]) ? await answer.text() : "" };
    };
    const { dead, count } = await crawl(get, ["/account/bookings"], 4);
    t.diagnostic(`${count} links`);
    assert.deepEqual(dead, []);
  });
});
