// The newsletter: on the list only after the emailed button, and off it again by the button in a message.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, openLetter, press, readIt, refused, see } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const scripts of [true, false]) {
  test(`double opt-in, and stop (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page, context } = who;
      const email = `news-${scripts ? "on" : "off"}@example.org`;
      await page.goto("/newsletter");
      await see(who, "New courses, once a month", "newsletter");
      await page.getByLabel("Your email address").fill("no-at-sign");
      await readIt(who);
      await press(page, "Send it to me");
      await refused(who, /@/, "newsletter");
      assert.equal(await page.getByLabel("Your email address").inputValue(), "no-at-sign");
      await page.getByLabel("Your email address").fill(email);
      await readIt(who);
      await press(page, "Send it to me");
      await see(who, /open our email/, "newsletter, sent");
      const letter = await site.mail.take(email, /confirm your newsletter/i);
      await openLetter(who, site, letter, "/newsletter/");
      await see(who, /Send the newsletter to/, "newsletter, confirm");
      await press(page, "Yes, send it to me");
      await see(who, "You are on the list", "newsletter, confirmed");
      assert.deepEqual(await context.cookies(), [], "no cookie is needed for this");
    });
  });
}

test("from the home page's strip", async () => {
  await asVisitor(browser, site, { width: 390 }, async ({ page }) => {
    await page.goto("/");
    await page.getByLabel("Your email address").fill("strip@example.org");
    await press(page, "Send it to me");
    await arrive(page, /open our email/);
    await site.mail.take("strip@example.org", /confirm your newsletter/i);
  });
});
