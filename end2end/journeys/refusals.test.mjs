// When a place cannot be booked: each reason has words of its own and something to do next.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, bookFromCheck, follow, openLetter, openToBook, press, see, signedIn, signInHere } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const phone = (page) => page.getByRole("main").getByRole("link", { name: /^0\d/ });

test("a course for volunteers: a member is told so, and a volunteer books it", async () => {
  const runs = await bookable(site, "for=volunteers");
  assert.ok(runs.length > 0);
  await asVisitor(browser, site, { width: 390, allow: [403] }, async (who) => {
    const { page, context } = who;
    await page.goto("/courses?for=volunteers");
    await page.locator(".wb-course__title a").first().click();
    await see(who, /./, "course for volunteers");
    await page.getByText(/volunteer/i).first().waitFor();
    await page.goto(runs[0]);
    await follow(page, "I have an account: sign in");
    await signInHere(who, site.signIns.member);
    await see(who, "This one is for our volunteers", "refused: volunteers only");
    await phone(page).waitFor();
    // The page is not the guard.
    const answer = await context.request.post(runs[0], { headers: { origin: site.url }, form: { "form-key": "0123456789abcdef0123456789abcdef", remind: "email" } });
    assert.equal(answer.status(), 403);
    assert.match(await answer.text(), /This one is for our volunteers/);
    await page.goto("/account/bookings");
    assert.equal(await page.getByText(/walk leaders|befriender|struggling|people safe/i).count(), 0);
    await page.goto(runs[0]);
    await follow(page, "Find another course");
    await arrive(page, "Find a course");
  });
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.volunteer);
    const run = await openToBook(who, runs);
    await page.goto(run.split("/").slice(0, 3).join("/"));
    await see(who, /./, "course for volunteers, a volunteer");
    await page.goto(run);
    await bookFromCheck(who, { known: true });
    await see(who, "Your place is booked");
    await site.mail.take(site.signIns.volunteer.email, /booking is confirmed/i);
    await page.goto("/account/bookings");
    await see(who, "My bookings", "my bookings of a volunteer");
  });
});

for (const scripts of [true, false]) {
  test(`an address that is not confirmed: open our email first, then book (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const { unverified } = site.signIns;
      // The second time she is confirmed already, and is here to sign in and book.
      const [run] = await bookable(site, "free=yes&for=everyone&sort=places");
      await page.goto(run);
      await follow(page, "I have an account: sign in");
      await signInHere(who, unverified);
      if (!scripts) {
        await arrive(page, /You already have this place|Check your answers, then book/);
        return;
      }
      await see(who, "Please open our email first", "refused: not verified");
      await phone(page).first().waitFor();
      await page.getByText(unverified.email).first().waitFor();
      await follow(page, "Send the email again");
      await see(who, "Please open our email first", "verify your address");
      await page.goto("/account/bookings");
      await arrive(page, "Please open our email first");
      await press(page, "Send the email again");
      await page.getByText(/sent it again/i).first().waitFor();
      await openLetter(who, site, await site.mail.take(unverified.email, /check your email/i), "/verify/");
      await see(who, "Is this your email address?");
      await page.getByRole("main").getByRole("button").first().click();
      await arrive(page, "My bookings");
      await page.goto(run);
      await arrive(page, "Check your answers, then book");
      await bookFromCheck(who, { known: true });
      await see(who, "Your place is booked");
    });
  });
}

test("the last place goes while the page is open: full, with other dates or another course", async () => {
  await asVisitor(browser, site, { width: 390, allow: [409, 422] }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.member);
    // One place is left, and nothing else of theirs is at that time.
    const runs = await bookable(site, "free=yes&for=everyone&for=adults");
    const left = new Map();
    for (const run of runs) {
      const course = await (await fetch(site.url + run.split("/").slice(0, 3).join("/"))).text();
      if (course.match(new RegExp(`href="${run}"`)) && /\b1 of \d+ places? left/.test(course) && course.indexOf(`href="${run}"`) < course.indexOf('id="more-dates"')) left.set(run, course);
    }
    assert.ok(left.size > 0, "a run of the demo has one place left");
    const run = await openToBook(who, [...left.keys()], (html) => !/at the same time/.test(html));
    await asVisitor(browser, site, { width: 390, scripts: false }, async (other) => {
      await signedIn(other, site.signIns.volunteer);
      await other.page.goto(run);
      await arrive(other.page, "Check your answers, then book");
      const both = other.page.getByRole("checkbox", { name: /I know these are at the same time/ });
      if (await both.count()) await both.check();
      await press(other.page, "Book my place");
      await arrive(other.page, "Your place is booked");
    });
    await bookFromCheck(who, { known: true });
    await see(who, "This date is full", "refused: full");
    await phone(page).first().waitFor();
    await page.goto("/account/bookings");
    // For a visitor who comes now, too.
    await asVisitor(browser, site, { width: 390 }, async (other) => {
      await other.page.goto(run);
      await see(other, "This date is full", "refused: full, a stranger");
      const course = run.split("/").slice(0, 3).join("/");
      await other.page.goto(course);
      await other.page.getByText(/\bFull\b/).first().waitFor();
      assert.equal(await other.page.locator(`a[href="${run}"]`).count(), 0, "no button for a full date");
      await see(other, /./, "course, full");
    });
  });
});

test("a form sent with another form's key, or without one, books nothing", async () => {
  await asVisitor(browser, site, { allow: [400] }, async (who) => {
    await signedIn(who, site.signIns.member);
    const run = await openToBook(who, await bookable(site));
    const answer = await who.context.request.post(run, { headers: { origin: site.url }, form: { remind: "email" } });
    assert.equal(answer.status(), 400);
  });
});

test("a date that has begun: told so, with the other dates", async () => {
  await asVisitor(browser, site, { width: 390, allow: [409, 422] }, async (who) => {
    const [run] = await bookable(site, "free=yes&sort=soonest");
    await site.forward(30 * 24 * 3600);
    await who.page.goto(run);
    await see(who, "This course has already started", "refused: started");
    await phone(who.page).first().waitFor();
  });
});
