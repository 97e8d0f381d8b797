// Two come together: somebody is added on the way, both are booked or both wait. With JavaScript and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { look, lookEverywhere } from "../support/looks.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, bookable, bookFromCheck, follow, openToBook, press, refused, see, signedIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Runs that are the first of their course and have so many places left. */
async function withPlaces(fits) {
  const found = [];
  for (const run of await bookable(site, "free=yes&for=everyone&for=adults")) {
    const course = await (await fetch(site.url + run.split("/").slice(0, 3).join("/"))).text();
    const left = course.match(/\b(\d+) of \d+ places? left/);
    const first = course.indexOf(`href="${run}"`);
    const more = course.indexOf('id="more-dates"');
    if (left && fits(Number(left[1])) && first > 0 && (more < 0 || first < more)) found.push(run);
  }
  return found;
}

const alone = (html) => !/at the same time/.test(html);

/** Fills in the form about somebody and sends it. */
async function tellUs({ page }, { name, born, relation, postcode }) {
  await page.getByLabel("Their full name").fill(name);
  const [day, month, year] = born;
  await page.getByLabel("Day").fill(day);
  await page.getByLabel("Month").fill(month);
  await page.getByLabel("Year").fill(year);
  await page.getByRole("radio", { name: relation }).check();
  if (postcode) await page.getByLabel("Their postcode").fill(postcode);
  else await page.getByRole("checkbox", { name: /The same as mine/ }).check();
  await press(page, /^Save/);
}

const tom = { name: "Tom Penhallow", born: ["2", "1", "1950"], relation: "I care for them" };
const rowan = { name: "Rowan Penhallow", born: ["14", "6", `${new Date().getFullYear() - 12}`], relation: "I am their parent" };

for (const scripts of [true, false]) {
  test(`two are booked together, seen and cancelled (scripts ${scripts ? "on" : "off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const { email } = site.signIns.member;
      await signedIn(who, site.signIns.member);
      const run = await openToBook(who, await withPlaces((left) => left > 3), alone);
      await look(who, "check, somebody can come along");
      await page.getByLabel(/What would help you on the day/).fill("A chair with arms.");
      await press(page, /Add somebody/);
      await see(who, "Who is coming with you?");
      await press(page, "Save and go on");
      await refused(who, "Enter their name", "who comes");
      await page.getByLabel("What should we call them?").fill("Tommy");
      await tellUs(who, { ...tom, name: scripts ? tom.name : "Jo Penhallow" });
      const full = scripts ? "Tom Penhallow" : "Jo Penhallow";
      await see(who, "Check your answers, then book", "check, two");
      if (scripts) await lookEverywhere(who, "check, two");
      await page.getByRole("heading", { name: `About ${full}` }).waitFor();
      assert.equal(await page.getByLabel(/What would help you on the day/).inputValue(), "A chair with arms.", "nothing typed is lost");
      await page.getByLabel(/What would help Tommy on the day/).fill("Large print.");

      // Off again, and back on: known by now.
      await press(page, "Take Tommy off");
      await arrive(page, "Check your answers, then book");
      assert.equal(await page.getByRole("heading", { name: `About ${full}` }).count(), 0);
      assert.equal(await page.getByLabel(/What would help you on the day/).inputValue(), "A chair with arms.");
      await press(page, `${full} comes with me`);
      await arrive(page, "Check your answers, then book");
      assert.equal(await page.getByLabel(/What would help Tommy on the day/).inputValue(), "Large print.");
      await page.reload();
      await page.getByRole("heading", { name: `About ${full}` }).waitFor();

      await page.getByRole("radio", { name: "Email", exact: true }).check();
      await press(page, "Book both places");
      await see(who, "Your places are booked", "two, booked");
      await page.getByText(full).first().waitFor();
      const letter = await site.mail.take(email, /booking is confirmed/i);
      assert.ok(letter.text.includes("We have saved 2 places.") && letter.text.includes(full));
      await follow(page, "See or cancel your booking");
      await see(who, "Your booking", "two, your booking");
      await page.getByRole("link", { name: /Change what would help/ }).click();
      await see(who, "What would help on the day?", "two, notes");
      await page.goBack();
      await follow(page, "Cancel both places");
      await see(who, "Do you want to cancel both places?", "two, cancel");
      await page.getByText(/This cancels for both of you/).waitFor();
      await press(page, "Cancel both places");
      await page.getByText("Both places are cancelled").first().waitFor();
      await page.goto(run);
      await arrive(page, "Check your answers, then book");
    });
  });
}

test("a parent agrees for a child and brings them", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    await signedIn(who, site.signIns.volunteer);
    const runs = await withPlaces((left) => left > 3);
    await openToBook(who, runs, alone);
    await press(page, /Add somebody/);
    await tellUs(who, rowan);
    await see(who, "Do you agree that Rowan comes?");
    await press(page, "Save and go on");
    await refused(who, "Tick the box if you agree", "a parent agrees");
    await page.getByRole("checkbox").check();
    await press(page, "Save and go on");
    await arrive(page, /Check your answers, then book|This course is for people aged 16 and over/);
    await look(who, "check, with a child");
    const wrong = await page.getByRole("heading", { name: "This course is for people aged 16 and over" }).count();
    if (wrong) await follow(page, "Book 1 place for me");

    // The same in the account: seen, corrected, removed.
    await page.goto("/account/people");
    await see(who, "People I book for");
    await lookEverywhere(who, "People I book for");
    await page.getByRole("link", { name: "Change name" }).first().click();
    await see(who, /details$/, "somebody's details");
    await page.getByLabel("Their full name").fill("");
    await press(page, "Save");
    await refused(who, "Enter their name", "somebody's details");
    await page.getByLabel("Their full name").fill("Rowan Ashdown");
    await press(page, "Save");
    await page.getByText("We have saved your changes.").waitFor();
    await page.getByRole("link", { name: "Remove Rowan Ashdown from this list" }).click();
    await see(who, "Do you want to remove Rowan Ashdown?", "remove somebody");
    await press(page, "Remove");
    await page.getByText("There is nobody here yet.").waitFor();
    await follow(page, "Add somebody");
    await see(who, "Who do you want to book for?");
    await tellUs(who, { ...rowan, relation: "Somebody else", postcode: "BA1 5AL" });
    await see(who, "Who is Rowan’s parent or guardian?");
    await page.getByLabel("Their full name").fill("Alex Brook");
    await page.getByLabel("Their email address").fill("alex@example.org");
    await page.getByLabel("Their phone number").fill("01632 960 001");
    await press(page, "Save and go on");
    await arrive(page, "People I book for");
    await page.getByText("Alex Brook").waitFor();
  });
});

for (const scripts of [true, false]) {
  test(`two wait together when the places are gone (scripts ${scripts ? "on" : "off"})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      const { email } = site.signIns.member;
      await signedIn(who, site.signIns.member);
      const run = await openToBook(who, await withPlaces((left) => left === 1), alone);
      const known = page.getByRole("button", { name: /comes with me/ });
      if (await known.count()) {
        await known.first().click();
      } else {
        await press(page, /Add somebody/);
        await tellUs(who, tom);
      }
      await see(who, "Only 1 place is left. You need 2");
      if (scripts) await lookEverywhere(who, "Only 1 place is left. You need 2");
      const address = page.url();
      await asVisitor(browser, site, { scripts: false }, async (other) => {
        await signedIn(other, site.signIns.volunteer);
        await other.page.goto(run);
        const both = other.page.getByRole("checkbox", { name: /I know these are at the same time/ });
        if (await both.count()) await both.check();
        await bookFromCheck(other, { known: true });
        await arrive(other.page, "Your place is booked");
      });
      await page.goto(address);
      await see(who, "This date is full", "two, full");
      await follow(page, "Wait together for 2 places");
      await see(who, "Join the waiting list", "two, join the list");
      await press(page, "Join the waiting list together");
      await see(who, "You are on the waiting list", "two, waiting");
      await page.getByText(/Margaret Ashdown and /).first().waitFor();
      const letter = await site.mail.take(email, /on the waiting list/i);
      assert.match(letter.text, /For Margaret Ashdown and /);
      await page.goto("/account/bookings");
      await see(who, "My bookings", "my bookings, two waiting");
      await page.getByText(/For Margaret Ashdown and /).first().waitFor();
      await page.goBack();
      await follow(page, "Leave the waiting list");
      await see(who, "Do you want to leave the waiting list?", "two, leave");
      await press(page, "Leave the list");
      await arrive(page, "You are not on the list any more");
    });
  });
}
