// The newsletter: on the list only after the emailed button, and off it again by the button in a message.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { stopLink } from "../support/newsletter.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, openLetter, press, readIt, refused, see, signedIn } from "../support/steps.mjs";

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

/** Puts an address on the list as a person does. */
async function subscribe(who, email) {
  const { page } = who;
  await page.goto("/newsletter");
  await page.getByLabel("Your email address").fill(email);
  await readIt(who);
  await press(page, "Send it to me");
  await openLetter(who, site, await site.mail.take(email, /confirm your newsletter/i), "/newsletter/");
  await press(page, "Yes, send it to me");
  await arrive(page, "You are on the list");
}

for (const scripts of [true, false]) {
  test(`off the list by the signed link's button (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390, allow: [410] }, async (who) => {
      const { page } = who;
      const email = `stop-${scripts ? "on" : "off"}@example.org`;
      await subscribe(who, email);
      const link = await stopLink(site, email);
      // Programs that check mail open every link: that stops nothing.
      for (let times = 0; times < 2; times += 1) assert.equal((await fetch(link)).status, 200);
      await page.goto(link);
      await see(who, `Stop the newsletter to ${email}?`, "newsletter, stop");
      assert.equal(site.mail.letters.some((l) => l.to.includes(email) && /off our list/i.test(l.subject)), false);
      await page.getByRole("main").getByRole("button").click();
      await see(who, "You are off the list", "newsletter, stopped");
      await site.mail.take(email, /off our list/i);
      // A link that somebody made up stops nobody.
      const answer = await page.goto(`${link.slice(0, -2)}xx`);
      assert.equal(answer.status(), 410);
      await see(who, "This link has run out", "newsletter, link run out");
    });
  });
}

test("off the list by the mail program's own button (RFC 8058), from anywhere, without cookies", async () => {
  await asVisitor(browser, site, { scripts: false }, async (who) => {
    const email = "one-click@example.org";
    await subscribe(who, email);
    const answer = await fetch(await stopLink(site, email), {
      method: "POST",
      headers: { origin: "https://mail.example.com", "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
      redirect: "manual",
    });
    assert.ok(answer.status >= 200 && answer.status < 300, `answered ${answer.status}`);
    await site.mail.take(email, /off our list/i);
  });
});

test("in the account: on, and off again", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    const { volunteer } = site.signIns;
    await signedIn(who, volunteer);
    for (const [choice, shown] of [
      ["Yes, please", "Yes"],
      ["No, thank you", "No"],
    ]) {
      await page.goto("/account");
      await page.locator(".govuk-summary-list__row", { hasText: "Newsletter" }).getByRole("link", { name: /Change/ }).click();
      await see(who, "Would you like to hear about new courses?", "my details, newsletter");
      await page.getByRole("radio", { name: choice }).check();
      await press(page, "Save");
      await arrive(page, "My details");
      await page.locator(".govuk-summary-list__row", { hasText: "Newsletter" }).getByText(shown, { exact: true }).waitFor();
    }
  });
});
