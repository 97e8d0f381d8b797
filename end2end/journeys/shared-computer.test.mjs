// In a library: answers that somebody typed on a shared computer go by one button, and the next person starts anew.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, press, see } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const scripts of [true, false]) {
  test(`a sign-up is forgotten (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page, context } = who;
      await page.goto("/sign-up");
      await press(page, "Start");
      await page.getByLabel("Full name").fill("Margaret Ashdown");
      await press(page, "Continue");
      await arrive(page, "What is your date of birth?");
      await page.goto("/sign-up");
      await see(who, "Before you book", "sign-up, started before");
      await press(page, "Delete my answers");
      await see(who, "Before you book", "sign-up, answers deleted");
      assert.equal((await context.cookies()).some((cookie) => cookie.name === "draft"), false);
      await page.goto("/sign-up/name");
      await see(who, "Before you book", "sign-up, no answers");
      await press(page, "Start");
      await arrive(page, "What is your name?");
      assert.equal(await page.getByLabel("Full name").inputValue(), "");
    });
  });
}
