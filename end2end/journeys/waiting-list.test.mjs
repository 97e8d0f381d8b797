// A date is full: somebody waits, is offered the place that comes free, and takes it. With JavaScript and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { lookEverywhere } from "../support/looks.mjs";
import { attachedCalendar, events } from "../support/mail.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, bookFromCheck, follow, openLetter, openToBook, press, see, signedIn } from "../support/steps.mjs";

const HOUR = 3_600_000;

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Runs that begin late enough to have one place left, and one only. */
async function withOnePlace() {
  const found = [];
  for (const run of await bookable(site, "free=yes&for=everyone&for=adults")) {
    const course = await (await fetch(site.url + run.split("/").slice(0, 3).join("/"))).text();
    const first = course.indexOf(`href="${run}"`);
    if (first > 0 && first < course.indexOf('id="more-dates"') && /\b1 of \d+ places? left/.test(course)) found.push(run);
  }
  return found;
}

/** Somebody else takes the last place of a run of the demo; answers where it can be booked. */
async function takeTheLast(other, runs) {
  const run = await openToBook(other, runs);
  const both = other.page.getByRole("checkbox", { name: /I know these are at the same time/ });
  if (await both.count()) await both.check();
  await bookFromCheck(other, { known: true });
  await arrive(other.page, "Your place is booked");
  return run;
}

for (const scripts of [true, false]) {
  test(`waits, is offered a place by email, and takes it (scripts ${scripts ? "on" : "off"})`, async () => {
    await asVisitor(browser, site, { width: 1280, scripts: false }, async (other) => {
      await signedIn(other, site.signIns.volunteer);
      const run = await takeTheLast(other, await withOnePlace());
      await follow(other.page, "See or cancel your booking");
      const booking = other.page.url();

      await asVisitor(browser, site, { scripts, width: 390, allow: [410] }, async (who) => {
        const { page } = who;
        const { email } = site.signIns.member;
        await signedIn(who, site.signIns.member);
        await page.goto(run);
        await see(who, "This date is full", "refused: full, with a waiting list");
        await follow(page, "Join the waiting list");
        await see(who, "Join the waiting list");
        await press(page, "Join the waiting list");
        await see(who, "You are on the waiting list");
        await page.getByText("You are first on the list.").waitFor();
        const entry = page.url();
        const joined = await site.mail.take(email, /on the waiting list/i);
        assert.ok(joined.text.includes("/account/waiting/"));
        await page.goto("/account/bookings");
        await page.getByText("You are first on the list.").waitFor();
        await see(who, "My bookings", "my bookings, waiting");

        await other.page.goto(booking);
        await follow(other.page, /Cancel my place/);
        await press(other.page, "Cancel my place");
        await other.page.getByText(/Your place is cancelled/).first().waitFor();

        const offer = await site.mail.take(email, /place is free for you/i);
        await page.goto(entry);
        await see(who, "A place is free for you", "waiting, offered");
        if (scripts) await lookEverywhere(who, "waiting, offered");
        await openLetter(who, site, offer, "/offers/");
        await see(who, "A place is free for you", "offer by link");
        await press(page, "Yes, book it");
        await see(who, "It is booked", "offer taken");
        const confirmed = events(attachedCalendar(await site.mail.take(email, /booking is confirmed/i)));
        await openLetterAgain(who, offer);
        await see(who, "You have said yes", "offer taken before");
        await page.goto("/account/bookings");
        await arrive(page, "My bookings");
        assert.equal(await page.getByText("Waiting for a place").count(), 0);

        // It is a booking like any other: when it is moved, they are told, and their calendar is brought up to date.
        const [, , course, code] = run.split("/");
        await site.rehearse("change", { course, run: code, minutes: "60" });
        const moved = events(attachedCalendar(await site.mail.take(email, /change to your booking/i)));
        assert.deepEqual(moved.map((e) => e.uid), confirmed.map((e) => e.uid), "the same entries in the calendar");
        assert.ok(moved.every((e, n) => e.sequence > confirmed[n].sequence));
        assert.equal(moved[0].start - confirmed[0].start, HOUR, "the first session begins an hour later");
      });
    });
  });
}

/** A link that was used is opened once more: it says so. */
async function openLetterAgain(who, letter) {
  const [link] = letter.text.match(/http:\/\/\S+\/offers\/[^\s)]+/);
  await who.page.goto(link);
}

test("leaves the list, and says no to an offer", async () => {
  await asVisitor(browser, site, { width: 390, scripts: false }, async (other) => {
    await signedIn(other, site.signIns.volunteer);
    const run = await takeTheLast(other, await withOnePlace());
    await follow(other.page, "See or cancel your booking");
    const booking = other.page.url();
    await asVisitor(browser, site, { width: 390 }, async (who) => {
      const { page } = who;
      await signedIn(who, site.signIns.member);
      const wait = run.replace(/\/book$/, "/wait");
      await page.goto(wait);
      await press(page, "Join the waiting list");
      await follow(page, "Leave the waiting list");
      await see(who, "Do you want to leave the waiting list?");
      await press(page, "Leave the list");
      await see(who, "You are not on the list any more");
      await follow(page, "Join the list again");
      await press(page, "Join the waiting list");
      await arrive(page, "You are on the waiting list");
      await other.page.goto(booking);
      await follow(other.page, /Cancel my place/);
      await press(other.page, "Cancel my place");
      await other.page.getByText(/Your place is cancelled/).first().waitFor();
      await page.reload();
      await arrive(page, "A place is free for you");
      await press(page, "No thank you");
      await see(who, "You said no");
    });
  });
});
