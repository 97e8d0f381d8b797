// Every public page, in every window and scheme.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { look, lookEverywhere } from "../support/looks.mjs";
import { startSite } from "../support/site.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const month = new Date().toISOString().slice(0, 7);
/** Path, title, and whether it is the one page of its template that is also looked at in other windows and schemes. */
const pages = [
  ["/", "Free courses to help you feel better", true],
  ["/courses", "Find a course", true],
  ["/courses?q=sleep&free=yes&time=evening&day=weekday", "Find a course"],
  ["/courses?q=zebra+polishing", "Find a course"],
  [`/calendar/${month}`, /\d{4}/, true],
  ["/calendar/2040-01", /January 2040/],
  ["/venues", /./, true],
  ["/about", /./, true],
  ["/help", /./],
  ["/privacy", /./],
  ["/cookies", /./],
  ["/accessibility", /./],
  ["/newsletter", /./, true],
  ["/sign-in", "Sign in", true],
  ["/sign-in/link", "Email me a link to sign in"],
  ["/forgotten-password", "Forgotten your password?"],
  ["/sign-up", "Before you book", true],
  ["/style", /./, true],
];

for (const [path, title, template] of pages) {
  test(`${path}`, async () => {
    await asVisitor(browser, site, {}, async (who) => {
      await who.page.goto(path);
      await who.page.getByRole("heading", { level: 1, name: title }).waitFor();
      assert.equal(await who.page.getByRole("heading", { level: 1 }).count() >= 1, true);
      await look(who, path);
      if (template) await lookEverywhere(who, path);
    });
  });
}

test("a venue", async () => {
  await asVisitor(browser, site, {}, async (who) => {
    await who.page.goto("/venues");
    await who.page.locator("main a[href^='/venues/']").first().click();
    await who.page.waitForURL(/\/venues\/./);
    await look(who, "venue");
    await lookEverywhere(who, "venue");
  });
});

test("a course", async () => {
  await asVisitor(browser, site, {}, async (who) => {
    await who.page.goto("/courses?free=yes");
    await who.page.locator(".wb-course__title a").first().click();
    await who.page.getByRole("heading", { name: "Your place" }).waitFor();
    await look(who, "course");
    await lookEverywhere(who, "course");
  });
});

test("skip link, then the page: the first Tab shows it", async () => {
  await asVisitor(browser, site, {}, async ({ page }) => {
    await page.goto("/");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to main content" });
    // Asked until it is so: the browser answers the key before it has drawn, and the address changes after the key.
    await skip.and(page.locator(":focus")).waitFor();
    await page.waitForFunction(() => document.activeElement.getBoundingClientRect().height > 20);
    await page.keyboard.press("Enter");
    await page.waitForURL(/#main-content$/);
  });
});

test("the cookies page names every cookie that we set", async () => {
  const words = await (await fetch(`${site.url}/cookies`)).text();
  assert.deepEqual(["sid", "draft", "said", "kept"].filter((name) => !words.includes(`__Host-${name}`)), []);
});
