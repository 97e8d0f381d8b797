// The whole way: find a course, sign up, open the email, book, cancel. With JavaScript and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { attachedCalendar, events, links } from "../support/mail.mjs";
import { startSite } from "../support/site.mjs";
import { answerQuestions, arrive, bookFromCheck, findCourse, follow, goBackAndForth, jane, openLetter, passCaptcha, press, refused, see, signIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** The dates of a calendar file fit the course: London times, and every session of its own. */
function goodCalendar(text, count) {
  const found = events(text);
  assert.equal(found.length, count, "one entry for each session");
  assert.equal(new Set(found.map((e) => e.uid)).size, count, "each can be moved or taken out by its own id");
  assert.equal(new Set(found.map((e) => e.start.getTime())).size, count, "no session twice");
  for (const event of found) {
    assert.equal(event.zone, "Europe/London");
    assert.ok(event.end > event.start);
    const local = event.start.toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
    assert.ok(local >= "08:00" && local <= "21:00", `${local} is a time for a course`);
    assert.match(event.summary, /^Wellbeing Courses/, "the entry does not name the course");
  }
  return found;
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`find, sign up with a password, book, cancel (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: scripts ? 390 : 1280 }, async (who) => {
      const { page, context } = who;
      const person = jane(`maggie-${scripts ? "on" : "off"}@example.org`);
      const title = await findCourse(who);
      assert.ok((await context.cookies()).length <= 1, "at most one cookie on a first visit");
      const sessions = await page.locator(".wb-sessions > li").count();

      await follow(page, "Book a place");
      await see(who, "Before you book", "before booking, a stranger");
      await press(page, "Start");
      await answerQuestions(who, person);
      await goBackAndForth(who, person);
      await page.goto("/sign-up/answers");
      await arrive(page, "Check your answers");
      for (const answer of [person.name, person.known, "31 March 1952", person.email, person.postcode]) await page.getByText(answer, { exact: true }).first().waitFor();
      await passCaptcha(who);
      await see(who, "You have not booked yet: open our email");

      const letter = await site.mail.take(person.email, /check your email/i);
      assert.ok(!`${letter.subject} ${letter.text} ${letter.html}`.includes(title), "the email does not name the course");
      await openLetter(who, site, letter, "/verify/");
      await see(who, "Make your account");
      await page.getByRole("radio", { name: "With a password" }).check();
      await page.getByLabel("Password, if you want one").fill("short");
      await press(page, "Make my account and go on");
      await refused(who, /at least 10/, "password");
      await page.getByRole("radio", { name: "With a password" }).check();
      await page.getByLabel("Password, if you want one").fill(person.password);
      await press(page, "Make my account and go on");

      await see(who, "Check your answers, then book");
      await page.getByText(title).first().waitFor();
      await bookFromCheck(who);
      await see(who, "Your place is booked");
      const reference = (await page.locator("main").innerText()).match(/WB-\w{3}-\w{3}/)?.[0];
      assert.ok(reference, "a booking number to read out");

      const confirmed = await site.mail.take(person.email, /booking is confirmed/i);
      assert.ok(confirmed.text.includes(reference));
      assert.ok(!`${confirmed.subject} ${confirmed.text}`.includes(title), "the email does not name the course");
      const booked = goodCalendar(attachedCalendar(confirmed), sessions);

      // Sending the same form again is the same booking.
      await page.goto("/account/bookings");
      await see(who, "My bookings");
      await page.getByText(title).first().waitFor();
      const ics = await page.getByRole("link", { name: /Add to (my )?calendar/ }).first().getAttribute("href");
      const file = await context.request.get(ics);
      assert.match(file.headers()["content-type"], /^text\/calendar/);
      assert.deepEqual(goodCalendar(await file.text(), sessions).map((e) => [e.uid, e.start]), booked.map((e) => [e.uid, e.start]), "the same entries as in the email");

      await follow(page, /Cancel my place/);
      await see(who, /Do you want to cancel/, "cancel");
      await press(page, "Cancel my place");
      await page.getByText(/Your place is cancelled/).first().waitFor();
      const cancelled = await site.mail.take(person.email, /booking is cancelled/i);
      const gone = events(attachedCalendar(cancelled));
      assert.deepEqual(gone.map((e) => e.uid), booked.map((e) => e.uid), "the same entries are taken out");
      assert.ok(gone.every((e) => e.method === "CANCEL" && e.sequence > booked[0].sequence));

      await page.goto("/account/bookings");
      await press(page, "Sign out");
      await page.getByText("You are signed out").first().waitFor();
      await signIn(who, person);
      await arrive(page, "My bookings");
    });
  });

  test(`sign up without a course and without a password (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const person = jane(`link-${scripts ? "on" : "off"}@example.org`);
      await page.goto("/sign-up");
      await press(page, "Start");
      await answerQuestions(who, person, { wrongFirst: false });
      await passCaptcha(who);
      await arrive(page, "You have not booked yet: open our email");
      await openLetter(who, site, await site.mail.take(person.email, /check your email/i), "/verify/");
      await page.getByRole("radio", { name: "Email me a link each time" }).check();
      await press(page, "Make my account and go on");
      await see(who, "My bookings", "my bookings, none");
    });
  });

  test(`an address that has an account is told so by email alone (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const { email } = site.signIns.member;
      await page.goto("/sign-up");
      await press(page, "Start");
      await answerQuestions(who, { ...jane(email), name: "Zebedee Quill", known: "Zeb" }, { wrongFirst: false });
      await passCaptcha(who);
      await arrive(page, "You have not booked yet: open our email");
      const letter = await site.mail.take(email, /check your email/i);
      assert.match(letter.text, /an account (with us )?already/);
      assert.doesNotMatch(letter.text, /Zeb/, "what a stranger typed is not repeated to whoever owns the address");
      assert.equal(links(letter, site.url).some((link) => link.includes("/verify/")), false);
    });
  });
}
