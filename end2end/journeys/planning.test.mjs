// What the team keeps once and what happens by itself: a notice, school holidays, when booking opens, who does what today; and how
// people found the courses.
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { follow, press, refused, see, signedIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Fills the three fields of a day that is so many days ahead. */
async function fillDay(page, group, ahead) {
  const day = new Date(Date.now() + ahead * 24 * 60 * 60 * 1000);
  const fields = page.getByRole("group", { name: group });
  await fields.getByLabel("Day").fill(`${day.getUTCDate()}`);
  await fields.getByLabel("Month").fill(`${day.getUTCMonth() + 1}`);
  await fields.getByLabel("Year").fill(`${day.getUTCFullYear()}`);
}

for (const scripts of [true, false]) {
  test(`the team plans ahead (scripts ${scripts ? "on" : "off"})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390, allow: [422] }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");

        await page.goto("/desk/notices");
        await press(page, "Add this notice");
        await refused(team, "Write what the website should say", "notices");
        await page.getByLabel("What should it say?").fill("We are closed on Friday.");
        await fillDay(page, "Until which day?", 3);
        await page.getByLabel("Until what time?").fill("5pm");
        await press(page, "Add this notice");
        await see(team, "Notice on the website", "notices, one");
        await page.goto("/about");
        await page.getByRole("region", { name: "Notice" }).getByText("We are closed on Friday.").waitFor();
        await page.goto("/desk/notices");
        await press(page, /^Take down/);
        await main.getByText("There is none now").waitFor();

        await page.goto("/desk/holidays");
        await page.getByLabel("What is it called?").fill("Half term");
        await fillDay(page, "First day", 60);
        await fillDay(page, "Last day", 64);
        await press(page, "Add this holiday");
        await see(team, "School holidays", "school holidays");
        await main.getByRole("rowheader", { name: "Half term" }).waitFor();

        await page.goto("/desk/runs?sort=course");
        await see(team, "Runs", "runs, sorted");
        await main.locator("tbody th a").first().click();
        await page.waitForLoadState();
        await follow(page, "When booking opens and closes");
        await see(team, "When booking opens and closes", "booking window");
        await fillDay(page, /^Day/, 1);
        await press(page, "Save");
        await refused(team, "Enter the time, for example 9am", "booking window");
        await follow(page, "Back to the run");
        await follow(page, "Change the place or the tutor");
        await page.locator("select[name=tutor]").selectOption("none");
        await press(page, "Continue");
        await press(page, "Change it and tell them");
        await page.goto("/desk/today");
        await see(team, "Today", "today, with things to do");
        await main.getByText("without a tutor").first().waitFor();
        await press(page, /^I do this/);
        await main.getByText("You do this.").waitFor();
        await page.goto("/desk/feedback");
        await see(team, "Feedback", "feedback");
      });
    } finally {
      await site.stop();
    }
  });
}
