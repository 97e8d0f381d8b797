// A run that somebody has booked or waits for is moved, they are reminded of it, say in one tap that they cannot come,
// and it is called off in the end. With JavaScript and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { lookEverywhere } from "../support/looks.mjs";
import { attachedCalendar, events } from "../support/mail.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, bookFromCheck, openLetter, openToBook, press, see, signedIn } from "../support/steps.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let site, browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** 10am in London on a day so many days before a moment. */
function tenBefore(moment, days) {
  const day = new Date(moment.getTime() - days * DAY).toLocaleDateString("sv-SE", { timeZone: "Europe/London" });
  for (const hour of [9, 10]) {
    const at = new Date(`${day}T${String(hour).padStart(2, "0")}:00:00Z`);
    if (at.toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit" }) === "10") return at;
  }
  throw new Error(`no 10am on ${day}`);
}

/** A course of several sessions, the first of them in over 8 days. */
const farAhead = (html) => /\b[4-8] weeks\b|times/.test(html);

for (const scripts of [true, false]) {
  test(`is told of a change, reminded, and cannot come this time (scripts ${scripts ? "on" : "off"})`, async () => {
    site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390, allow: [410] }, async (who) => {
        const { page } = who;
        const { email } = site.signIns.member;
        await signedIn(who, site.signIns.member);
        const runs = (await bookable(site, "free=yes&for=everyone&for=adults")).reverse();
        const run = await openToBook(who, runs, farAhead);
        const both = page.getByRole("checkbox", { name: /I know these are at the same time/ });
        if (await both.count()) await both.check();
        await bookFromCheck(who, { known: true });
        await arrive(page, "Your place is booked");
        const own = page.url().replace(/\/booked$/, "");
        const confirmed = events(attachedCalendar(await site.mail.take(email, /booking is confirmed/i)));

        const [, , course, code] = run.split("/");
        await site.rehearse("change", { course, run: code, minutes: "60" });
        const changed = await site.mail.take(email, /change to your booking/i);
        const moved = events(attachedCalendar(changed));
        assert.deepEqual(moved.map((e) => e.uid), confirmed.map((e) => e.uid), "the same entries in the calendar");
        assert.ok(moved.every((e, n) => e.sequence > confirmed[n].sequence));
        assert.equal(moved[0].start - confirmed[0].start, HOUR, "the first session begins an hour later");
        assert.equal(moved[1].start - confirmed[1].start, 0, "the others are as they were");
        await page.goto(own);
        const time = moved[0].start.toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "numeric", minute: "2-digit", hour12: true });
        await page.getByText(time.replace(/:00/, "").replace(/\s/, "")).first().waitFor();
        await see(who, "Your booking", "booking, moved");

        await site.setClock(tenBefore(moved[0].start, 7).toISOString());
        await site.rehearse("sweep");
        await site.rehearse("sweep");
        const week = await site.mail.take(email, /we look forward to seeing you/i);
        assert.ok(week.text.includes("I cannot come"), week.text);
        await openLetter(who, site, week, "/cannot-come/");
        await see(who, /^Cannot come on /, "cannot come");
        if (scripts) await lookEverywhere(who, "cannot come");
        await press(page, "Just this time");
        await see(who, "Thank you for telling us", "cannot come, noted");
        await press(page, "I can come after all");
        await arrive(page, /^Cannot come on /);

        await site.setClock(tenBefore(moved[0].start, 1).toISOString());
        await site.rehearse("sweep");
        const day = await site.mail.take(email, /we look forward to seeing you/i);
        await openLetter(who, site, day, "/cannot-come/");
        await press(page, "Cancel the whole course");
        await see(who, "Thank you for telling us", "cannot come, cancelled");
        await site.mail.take(email, /booking is cancelled/i);
        const letters = site.mail.letters.filter((l) => l.to.includes(email.toLowerCase()) && /look forward/.test(l.subject));
        assert.equal(letters.length, 2, "each reminder came once");
      });
    } finally {
      await site.stop();
    }
  });
}

test("a run that is called off says so, and shows other dates", async () => {
  site = await startSite();
  try {
    await asVisitor(browser, site, { width: 390, scripts: false }, async (who) => {
      const { page } = who;
      const { email } = site.signIns.member;
      await signedIn(who, site.signIns.member);
      const courses = (await bookable(site, "free=yes&for=everyone&for=adults")).reverse();
      const twice = courses.filter((run) => courses.some((other) => other !== run && other.split("/")[2] === run.split("/")[2]));
      const run = await openToBook(who, twice);
      const both = page.getByRole("checkbox", { name: /I know these are at the same time/ });
      if (await both.count()) await both.check();
      await bookFromCheck(who, { known: true });
      await arrive(page, "Your place is booked");
      const own = page.url().replace(/\/booked$/, "");
      await site.mail.take(email, /booking is confirmed/i);
      const [, , course, code] = run.split("/");
      await site.rehearse("change", { course, run: code });
      const off = events(attachedCalendar(await site.mail.take(email, /change to your booking/i)));
      assert.ok(off.every((e) => e.method === "CANCEL" && e.status === "CANCELLED"));
      await page.goto(own);
      await page.getByText("This date is not going ahead").waitFor();
      await page.getByRole("heading", { name: "Other dates" }).waitFor();
      await see(who, "Your booking", "booking, called off");
    });
  } finally {
    await site.stop();
  }
});
