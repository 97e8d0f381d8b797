// The course team from nothing: a topic, a venue with a room, a course, and a run of six weeks that leaves out a bank holiday;
// then it is on the website, and copied.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, refused, see, signedIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

// The first Monday in April of the year after next, and Easter Monday of that year or the one after is among the weeks from it.
const easterMonday = (year) => {
  // The anonymous Gregorian computus.
  const a = year % 19, b = Math.floor(year / 100), c = year % 100, d = Math.floor(b / 4), e = b % 4;
  const f = Math.floor((b + 8) / 25), g = Math.floor((b - f + 1) / 3), h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4), k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31), day = ((h + l - 7 * m + 114) % 31) + 1;
  return new Date(Date.UTC(year, month - 1, day + 1));
};

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`the team makes a course, a venue and a run that leaves out a bank holiday (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390, allow: [422] }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");

        await page.goto("/desk/courses");
        await see(team, "Courses", "courses");
        await follow(page, "Topics");
        await see(team, "Topics", "topics");
        await press(page, "Add this topic");
        await refused(team, "Enter the topic", "topics");
        await page.getByLabel("Topic", { exact: true }).fill("Winter warmth");
        await page.getByLabel("Picture").selectOption("door");
        await press(page, "Add this topic");
        await main.getByText("The topics are saved.").waitFor();
        await main.getByRole("link", { name: "Winter warmth" }).click();
        await see(team, "Change a topic", "one topic");
        await follow(page, "All topics");

        await page.goto("/desk/venues");
        await see(team, "Venues", "venues");
        await follow(page, "Add a venue");
        await see(team, "Add a venue", "add a venue");
        await page.getByLabel("Name", { exact: true }).fill("St Swithin’s Hall");
        await page.getByLabel("Street and number").fill("2 Paragon");
        await page.getByLabel("Town").fill("Bath");
        await page.getByLabel("Postcode").fill("BA1 5LS");
        await page.getByLabel("On the map").fill("by the church");
        await page.getByLabel("Access, on a card").fill("Step-free");
        await page.getByLabel("How to get there").fill("Ten minutes on foot from the bus station.");
        await page.getByLabel("How to get in (optional)").fill("Ring the bell of the vestry");
        await press(page, "Save");
        await refused(team, "Enter two numbers like 51.3836, -2.3595, or paste a link from OpenStreetMap", "add a venue");
        await page.getByLabel("On the map").fill("51.3869, -2.3596");
        await press(page, "Save");
        await see(team, "St Swithin’s Hall", "one venue");
        await follow(page, "Add a room");
        await see(team, "Add a room", "add a room");
        await page.getByLabel("Name of the room").fill("Vestry");
        await page.getByLabel("How many people does it hold? (optional)").fill("9");
        await press(page, "Save");
        await arrive(page, "St Swithin’s Hall");
        await main.getByText("Your changes to this venue are saved.").waitFor();

        await page.goto("/desk/courses");
        await follow(page, "Add a course");
        await see(team, "Add a course", "add a course");
        await press(page, "Save");
        await refused(team, "Enter the title", "add a course");
        const title = "Warm and well in winter";
        await page.getByLabel("Title").fill(title);
        await page.getByLabel("Topic", { exact: true }).selectOption({ label: "Winter warmth" });
        await page.getByLabel("For anyone").check();
        await page.getByLabel("On its card").fill("Small things that keep a home warm.");
        await page.getByLabel("At the top of its page").fill("Two hours of talk, tea and a bag of things to take home.");
        await page.getByLabel("What it is like").fill("We look at **draughts** first.\n\n- tea\n- a blanket");
        await page.getByLabel("Who it is for", { exact: true }).fill("Anybody whose home is cold.");
        await press(page, "See how the description reads");
        await main.locator("strong", { hasText: "draughts" }).waitFor();
        await see(team, "Add a course", "add a course, looked at");
        await press(page, "Save");
        await see(team, title, "one course");
        await press(page, "Put it on the website");
        await main.getByText("The course is on the website.").first().waitFor();

        await main.getByRole("link", { name: "Add a run" }).first().click();
        await see(team, "Add a run", "add a run");
        // Two weeks before Easter Monday: it is the third of six.
        const year = new Date().getUTCFullYear() + 1;
        const first = new Date(easterMonday(year).getTime() - 14 * 24 * 3600 * 1000);
        await page.getByLabel("Tutor").selectOption({ index: 1 });
        await page.getByLabel("Where").selectOption({ label: "St Swithin’s Hall, Vestry (holds 9)" });
        await page.getByRole("group", { name: "First day" }).getByLabel("Day").fill(String(first.getUTCDate()));
        await page.getByRole("group", { name: "First day" }).getByLabel("Month").fill(String(first.getUTCMonth() + 1));
        await page.getByRole("group", { name: "First day" }).getByLabel("Year").fill(String(year));
        await page.getByLabel("Begins").fill("10am");
        await page.getByLabel("Ends").fill("11:30am");
        await page.getByLabel("How many sessions?").fill("6");
        await page.getByLabel("How many places are there?").fill("10");
        await press(page, "See the dates");
        await refused(team, "The room holds 9. Enter 9 or fewer, or choose another room", "add a run");
        await page.getByLabel("How many places are there?").fill("9");
        await press(page, "See the dates");
        await see(team, "Check the dates", "check the dates");
        await main.getByText("(bank holiday)").waitFor();
        assert.equal(await main.locator("tbody tr").count(), 6);
        await press(page, "Save and open for booking");
        await arrive(page, title);
        await main.getByText("0 booked").waitFor();

        await follow(page, "Copy this run to new dates");
        await see(team, "Add a run", "copy a run");
        assert.equal(await page.getByLabel("How many places are there?").inputValue(), "9");
        await follow(page, "All runs");

        await follow(page, "Copy a whole term");
        await see(team, "Copy a whole term", "copy a term");
        await press(page, "See the new dates");
        await refused(team, "Enter the first day of the old term", "copy a term");
        const fillDate = async (name, date) => {
          const group = page.getByRole("group", { name, exact: true });
          await group.getByLabel("Day").fill(String(date.getUTCDate()));
          await group.getByLabel("Month").fill(String(date.getUTCMonth() + 1));
          await group.getByLabel("Year").fill(String(date.getUTCFullYear()));
        };
        const days = (n) => new Date(Date.now() + n * 24 * 3600 * 1000);
        await fillDate("Runs that began from", days(0));
        await fillDate("to", days(60));
        await fillDate("First day of the new term", days(140));
        await press(page, "See the new dates");
        await see(team, "Check the new term", "check the new term");
        const copies = await main.getByRole("checkbox").count();
        assert.ok(copies > 5, `${copies} runs`);
        await main.getByRole("checkbox").first().uncheck();
        await press(page, "Save as drafts");
        await main.getByText("The runs are saved as drafts.").waitFor();
        await follow(page, "Open several drafts");
        await see(team, "Open several drafts", "open several drafts");
        await press(page, "Open them for booking");
        await refused(team, "Choose at least one run", "open several drafts");
        await main.getByRole("checkbox").first().check();
        await press(page, "Open them for booking");
        await main.getByText("The runs are open for booking.").waitFor();

        await page.goto("/courses/warm-and-well-in-winter");
        await see(team, title, "the course on the website");
        await main.getByText("(bank holiday)").waitFor();
        await page.goto("/venues/st-swithins-hall");
        assert.equal(await page.getByText("vestry").count(), 0, "how to get in is the team's");
      });
    } finally {
      await site.stop();
    }
  });
}
