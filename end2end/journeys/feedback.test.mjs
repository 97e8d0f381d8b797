// When a course is over, whoever was there is asked how it was, and answers by the link, without signing in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { attachedCalendar, events } from "../support/mail.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookFromCheck, bookable, openLetter, openToBook, press, refused, see, signedIn } from "../support/steps.mjs";

const DAY = 24 * 60 * 60 * 1000;
let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

for (const scripts of [true, false]) {
  test(`is asked how the course was, and answers (scripts ${scripts ? "on" : "off"})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390, allow: [422] }, async (who) => {
        const { page } = who;
        const { email } = site.signIns.member;
        await signedIn(who, site.signIns.member);
        await openToBook(who, (await bookable(site, "free=yes&for=everyone&for=adults")).reverse());
        const both = page.getByRole("checkbox", { name: /I know these are at the same time/ });
        if (await both.count()) await both.check();
        await bookFromCheck(who, { known: true });
        await arrive(page, "Your place is booked");
        const sessions = events(attachedCalendar(await site.mail.take(email, /booking is confirmed/i)));
        const last = Math.max(...sessions.map((session) => session.start.getTime()));
        const day = new Date(last + DAY).toISOString().slice(0, 10);
        await site.setClock(`${day}T11:00:00Z`);
        await site.rehearse("sweep");
        await openLetter(who, site, await site.mail.take(email, /how was it/i), "/feedback/");
        await see(who, "How was your course?", "how was it");
        await press(page, "Send my answers");
        await refused(who, "Answer at least one question", "how was it");
        await page.getByRole("group", { name: "How was the course?" }).getByRole("radio", { name: "Very good" }).check();
        await page.getByLabel("Is there anything you want to tell us?").fill("The chairs were hard.");
        await press(page, "Send my answers");
        await see(who, "Thank you for your answers", "how was it, answered");
        assert.ok(!(await page.content()).includes("chairs"), "what was written is not shown to whoever has the link");
        await press(page, "Do not ask me again");
        await page.getByText("We will not ask you again.").waitFor();
      });
    } finally {
      await site.stop();
    }
  });
}
