// A booking form that is sent twice, late, or for two courses at the same time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, follow, openToBook, press, refused, see, signedIn, signInHere } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const free = (html) => !/at the same time/.test(html);
const reference = async (page) => (await page.locator("main").innerText()).match(/WB-\w{3}-\w{3}/)?.[0];

/** Which bookings are listed, each once. */
async function listed({ page }) {
  await page.goto("/account/bookings");
  const links = await page.locator("main h3 a[href^='/account/bookings/']").all();
  return Promise.all(links.map((link) => link.getAttribute("href")));
}

/** The letters that confirm this booking, once a later letter has come. */
async function confirmed({ page }, number, email) {
  await page.goto(`/account/bookings/${number}/cancel`);
  await press(page, "Cancel my place");
  await page.getByText(/Your place is cancelled/).first().waitFor();
  await site.mail.take(email, /booking is cancelled/i);
  return site.mail.letters.filter((l) => /booking is confirmed/i.test(l.subject) && l.text.includes(number)).length;
}

/** What `act` booked is one booking and one letter. Answers its number. */
async function once(who, email, act) {
  const before = await listed(who);
  const number = await act();
  const added = (await listed(who)).filter((path) => !before.includes(path));
  assert.deepEqual(added, [`/account/bookings/${number}`], "one booking more");
  assert.equal(await confirmed(who, number, email), 1, "letters that confirm it");
}

test("a double click books once and writes once", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    const { member } = site.signIns;
    await signedIn(who, member);
    await once(who, member.email, async () => {
      await openToBook(who, await bookable(site), free);
      await page.getByRole("radio", { name: "Email", exact: true }).check();
      await page.getByRole("button", { name: "Book my place" }).dblclick();
      await arrive(page, "Your place is booked");
      return reference(page);
    });
  });
});

for (const scripts of [true, false]) {
  test(`back, and sent again: the same booking (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390, allow: [409] }, async (who) => {
      const { page } = who;
      const { volunteer } = site.signIns;
      await signedIn(who, volunteer);
      await once(who, volunteer.email, async () => {
        await openToBook(who, await bookable(site), free);
        await page.getByRole("radio", { name: "Email", exact: true }).check();
        await press(page, "Book my place");
        await arrive(page, "Your place is booked");
        const number = await reference(page);
        await page.goBack();
        await arrive(page, /Check your answers, then book|You already have this place/);
        if (await page.getByRole("button", { name: "Book my place" }).count()) {
          await page.getByRole("radio", { name: "Email", exact: true }).check();
          await press(page, "Book my place");
          await arrive(page, "Your place is booked");
          assert.equal(await reference(page), number);
          // With other answers it is another form: they are told what they have.
          await page.goBack();
          await arrive(page, "Check your answers, then book");
          await page.getByLabel(/What would help you on the day/).fill("A seat near the door.");
          await press(page, "Book my place");
        }
        await see(who, "You already have this place", "refused: booked already");
        await page.getByText(number).first().waitFor();
        return number;
      });
    });
  });
}

test("at the same time as another booking: said, and asked", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.member);
    const runs = await bookable(site);
    await openToBook(who, runs, (html) => /at the same time as something you have booked/.test(html));
    await see(who, "Check your answers, then book", "check, at the same time");
    // The day it names is a day of this course too.
    const day = (await page.getByText(/The times meet on/).innerText()).match(/meet on (\w+ \d+ \w+)/)[1];
    const course = await (await fetch(page.url().split("/").slice(0, 5).join("/"))).text();
    assert.ok(course.includes(day), `${day} is a day of this course`);
    await page.getByRole("radio", { name: "Email", exact: true }).check();
    await press(page, "Book my place");
    await refused(who, /Tick to show you know these are at the same time/, "check, at the same time");
    await page.getByRole("checkbox", { name: /I know these are at the same time/ }).check();
    await press(page, "Book my place");
    await see(who, "Your place is booked");
  });
});

for (const scripts of [true, false]) {
  test(`signed out by time while the form was open: finished after signing in again (${scripts ? "scripts on" : "scripts off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const { volunteer } = site.signIns;
      await signedIn(who, volunteer);
      await once(who, volunteer.email, async () => {
        await openToBook(who, await bookable(site), free);
        await page.getByLabel(/What would help you on the day/).fill("A chair with arms, please.");
        await page.getByRole("radio", { name: "Phone call" }).check();
        await site.forward(61 * 60);
        await press(page, "Book my place");
        await page.getByText("We have kept what you typed").waitFor();
        await see(who, "Sign in", "sign in, a form is kept");
        await signInHere(who, volunteer);
        await see(who, "Carry on where you were");
        await press(page, "Carry on");
        await arrive(page, "Your place is booked");
        return reference(page);
      });
    });
  });
}

test("signed out by time while a detail was changed: saved after signing in again", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    const { volunteer } = site.signIns;
    await signedIn(who, volunteer);
    await page.goto("/account/details/name");
    await page.getByLabel("What should we call you?").fill("Desmond");
    await site.forward(61 * 60);
    await press(page, "Save");
    await page.getByText("We have kept what you typed").waitFor();
    await signInHere(who, volunteer);
    await press(page, "Carry on");
    await arrive(page, "My details");
    await page.getByText("Desmond", { exact: true }).first().waitFor();
    await follow(page, "My bookings");
  });
});
