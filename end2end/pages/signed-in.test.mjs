// The pages of somebody who is signed in, in every window and scheme.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { look, lookEverywhere } from "../support/looks.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, bookFromCheck, follow, openToBook, press, refused, signedIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Path, title, name in a run, and whether it is also looked at in other windows and schemes. */
const pages = [
  ["/account/bookings", "My bookings", "My bookings", true],
  ["/account", "My details", "My details", true],
  ["/account/security", "Password and sign-in", "Password and sign-in", true],
  ["/account/security/password", /./, "change password"],
  ["/account/email", /./, "change email"],
  ["/account/about-you", /./, "about you", true],
  ["/account/messages", "Reminders and messages", "reminders and messages", true],
  ["/account/calendar", "My calendar", "my calendar", true],
  ["/account/people", "People I book for", "people I book for"],
  ["/account/people/add", "Who do you want to book for?", "add somebody"],
  ["/account/details/name", "What is your name?", "my details, name", true],
  ["/account/details/phone", "What is your phone number?", "my details, phone"],
  ["/account/details/postcode", "What is your postcode?", "my details, postcode"],
  ["/account/details/reach", "How should we reach you?", "my details, reach"],
  ["/newsletter", "New courses, once a month", "newsletter, signed in"],
  ["/", /./, "home, signed in"],
];

test("the account's pages", async (t) => {
  await asVisitor(browser, site, {}, async (who) => {
    await signedIn(who, site.signIns.member);
    for (const [path, title, name, template] of pages) {
      await t.test(path, async () => {
        await who.page.goto(path);
        await arrive(who.page, title);
        await look(who, name);
        if (template) await lookEverywhere(who, name);
      });
    }
  });
});

test("a booking from the check page to its end", async () => {
  await asVisitor(browser, site, {}, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.member);
    await openToBook(who, await bookable(site), (html) => !/at the same time/.test(html));
    await lookEverywhere(who, "Check your answers, then book");
    await page.getByLabel(/What would help you on the day/).fill("x".repeat(1001));
    await press(page, "Book my place");
    await refused(who, /Use 1,000 letters or fewer/, "check");
    await bookFromCheck(who, { known: true });
    await arrive(page, "Your place is booked");
    await lookEverywhere(who, "Your place is booked");
    await follow(page, "See or cancel your booking");
    await arrive(page, "Your booking");
    await look(who, "your booking");
    await lookEverywhere(who, "your booking");
    await follow(page, "Cancel my place");
    await arrive(page, /Do you want to cancel/);
    await lookEverywhere(who, "cancel");
    await press(page, "Cancel my place");
    await page.getByText("Your place is cancelled").first().waitFor();
    await look(who, "your booking, cancelled");
    // Once more, from a page that was left open.
    await page.goBack();
    await arrive(page, /Do you want to cancel|This place is cancelled/);
    if (await page.getByRole("button", { name: "Cancel my place" }).count()) await press(page, "Cancel my place");
    await arrive(page, "This place is cancelled");
    await look(who, "cancelled already");
  });
});

test("what is typed wrongly in the account", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.volunteer);
    await page.goto("/account/details/name");
    await page.getByLabel("Full name").fill("");
    await press(page, "Save");
    await refused(who, "Enter your name", "my details, name");
    await page.goto("/account/email");
    await page.getByRole("main").getByRole("button").first().click();
    await refused(who, /Enter/, "change email");
    await page.goto("/account/security/password");
    await page.getByRole("main").getByRole("button", { name: /password/i }).last().click();
    await refused(who, /Enter|Choose/, "change password");
  });
});

test("somebody else's booking looks as if it were not there", async () => {
  await asVisitor(browser, site, { allow: [404] }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.member);
    const own = await page.locator("main h3 a[href^='/account/bookings/']").first().getAttribute("href");
    await asVisitor(browser, site, { allow: [404] }, async (other) => {
      await signedIn(other, site.signIns.volunteer);
      for (const path of [own, `${own}/cancel`, `${own}/booked`, `${own}/calendar.ics`]) {
        assert.equal((await other.context.request.get(path)).status(), 404, path);
      }
      await other.page.goto(own);
      await look(other, "not found, signed in");
    });
  });
});
