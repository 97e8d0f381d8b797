// Somebody under 16 books; it counts when a parent or guardian has agreed from a link of their own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { links } from "../support/mail.mjs";
import { startSite } from "../support/site.mjs";
import { answerQuestions, arrive, bookable, bookFromCheck, follow, openLetter, passCaptcha, press, refused, see } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const scripts of [true, false]) {
  const how = scripts ? "on" : "off";
  test(`a booking waits for the guardian's own yes (scripts ${how})`, async () => {
    const child = {
      name: "Rowan Ashdown",
      known: "Rowan",
      born: ["14", "6", `${new Date().getFullYear() - 13}`],
      email: `rowan-${how}@example.org`,
      phone: "07700 900300",
      postcode: "BA2 3QT",
      guardian: { name: "Alex Ashdown", email: `alex-${how}@example.org`, phone: "07700 900301" },
    };
    const [run] = await bookable(site, "for=under-16s&free=yes");
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      await page.goto(run);
      await press(page, "Start");
      await answerQuestions(who, child, { wrongFirst: scripts });
      await page.getByText(/under 16/i).first().waitFor();
      await page.getByText(child.guardian.name).first().waitFor();
      await see(who, "Check your answers", "check your answers, under 16");
      await passCaptcha(who);
      await arrive(page, "You have not booked yet: open our email");
      await openLetter(who, site, await site.mail.take(child.email, /check your email/i), "/verify/");
      await page.getByRole("radio", { name: "Email me a link each time" }).check();
      await press(page, "Make my account and go on");
      await see(who, "Check your answers, then book", "check, under 16");
      await page.getByText(/phone and email of your parent or guardian/).waitFor();
      await bookFromCheck(who);
      await see(who, "We are waiting for your parent or guardian", "booked, waiting for the guardian");
      await page.goto("/account/bookings");
      await see(who, "My bookings", "my bookings, waiting for the guardian");
      await page.getByText(/waiting for your parent or guardian/i).first().waitFor();
      assert.equal(site.mail.letters.some((l) => l.to.includes(child.email) && /is confirmed/i.test(l.subject)), false, "nothing is confirmed yet");

      const letter = await site.mail.take(child.guardian.email, /agree/i);
      await asVisitor(browser, site, { scripts, width: 390, allow: [410, 422] }, async (other) => {
        // Opening it, which mail programs do, is no answer.
        await openLetter(other, site, letter, "/guardian/");
        await see(other, "Can Rowan come?", "guardian");
        await other.page.getByText(/The tutor will see/).waitFor();
        await page.reload();
        await page.getByText(/waiting for your parent or guardian/i).first().waitFor();
        await press(other.page, "I agree");
        await refused(other, "Tick the box if you agree", "guardian");
        await other.page.getByRole("checkbox").check();
        await press(other.page, "I agree");
        await see(other, "Thank you. The place is booked.", "guardian, agreed");
        await other.page.goto(links(letter, site.url).find((l) => l.includes("/guardian/")));
        await see(other, "This link has run out", "guardian, link used");
      });

      const confirmed = await site.mail.take(child.email, /is confirmed/i);
      assert.equal(confirmed.attachments.length, 1, "with the dates for a calendar");
      await page.reload();
      await arrive(page, "My bookings");
      assert.equal(await page.getByText(/waiting for your parent or guardian/i).count(), 0);
    });
  });
}

test("a guardian says no: nothing is booked", async () => {
  await asVisitor(browser, site, { scripts: false, width: 390 }, async (who) => {
    const { page } = who;
    const child = {
      name: "Sky Ashdown",
      known: "Sky",
      born: ["14", "6", `${new Date().getFullYear() - 13}`],
      email: "sky@example.org",
      phone: "07700 900310",
      postcode: "BA2 3QT",
      guardian: { name: "Sam Ashdown", email: "sam@example.org", phone: "07700 900311" },
    };
    const [run] = await bookable(site, "for=under-16s&free=yes");
    await page.goto(run);
    await press(page, "Start");
    await answerQuestions(who, child, { wrongFirst: false });
    await passCaptcha(who);
    await arrive(page, "You have not booked yet: open our email");
    await openLetter(who, site, await site.mail.take(child.email, /check your email/i), "/verify/");
    await page.getByRole("radio", { name: "Email me a link each time" }).check();
    await press(page, "Make my account and go on");
    await bookFromCheck(who);
    await arrive(page, "We are waiting for your parent or guardian");
    const letter = await site.mail.take(child.guardian.email, /agree/i);
    await asVisitor(browser, site, { width: 390 }, async (other) => {
      await openLetter(other, site, letter, "/guardian/");
      await press(other.page, "No, I do not agree");
      await see(other, "Thank you for telling us.", "guardian, refused");
    });
    await page.goto("/account/bookings");
    assert.equal(await page.getByText(/waiting for your parent or guardian/i).count(), 0, "it does not wait any more");
    assert.equal(site.mail.letters.some((l) => l.to.includes(child.email) && /is confirmed/i.test(l.subject)), false);
  });
});
