// The course team: a run's session is moved, and everybody hears of it; today's is called off, and it is seen who was not reached.
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

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`the team changes a run and sees who was told (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390, allow: [422] }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");
        await follow(page, "Today");
        await see(team, "Today", "today");
        await follow(page, "Runs");
        await see(team, "Runs", "runs");
        await page.getByLabel("Course or tutor").fill("no course is called that");
        await press(page, "Show");
        await see(team, "Runs", "runs, nothing found");
        await main.getByText("No runs here").waitFor();
        await follow(page, /^To come/);
        await page.getByLabel("Course or tutor").fill("");
        await press(page, "Show");

        // A run that somebody has booked.
        const booked = main.locator("tbody tr").filter({ hasNotText: /\b0 of/ }).first();
        const title = (await booked.locator("th a").innerText()).trim();
        await booked.locator("th a").click();
        await arrive(page, title);
        await see(team, title, "one run");

        await main.getByRole("link", { name: /^Move the session/ }).first().click();
        await see(team, "Move a session", "move a session");
        await page.getByLabel("Begins").fill("in the morning");
        await press(page, "Continue");
        await refused(team, "Enter a time like 10:30am or 2pm", "move a session");
        await page.getByLabel("Begins").fill("5:10pm");
        await page.getByLabel("Ends").fill("6:10pm");
        await press(page, "Continue");
        await see(team, "Check before people are told", "what people will be told");
        await main.getByText("5:10pm to 6:10pm").waitFor();
        await press(page, "Change it and tell them");
        await arrive(page, title);
        await main.getByText("It is changed. The messages are on their way.").waitFor();
        await main.getByRole("link", { name: /^Who was told/ }).first().click();
        await see(team, "Who was told", "who was told");
        assert.notEqual(await main.locator("tbody tr").count(), 0);
        if (scripts) await movesByItself(page);
        await follow(page, "Back to the run");

        // One session is with somebody else; then its own tutor leads it again.
        await main.getByRole("link", { name: /^Place or tutor/ }).first().click();
        await see(team, "Another place or tutor for one session", "one session elsewhere");
        const leads = page.getByLabel("Who leads it?");
        const names = await leads.locator("option").allInnerTexts();
        const other = names.findIndex((name, n) => n > 0 && !names[0].endsWith(name));
        await leads.selectOption({ index: other });
        await press(page, "Continue");
        await see(team, "Check before people are told", "what people will be told of one session");
        await main.getByText(/your tutor is/).waitFor();
        await press(page, "Change it and tell them");
        await arrive(page, title);
        await main.getByText(`with ${names[other]}`).waitFor();
        await see(team, title, "one run, one session with somebody else");
        await main.getByRole("link", { name: /^Place or tutor/ }).first().click();
        await leads.selectOption({ index: 0 });
        await press(page, "Continue");
        await press(page, "Change it and tell them");
        await arrive(page, title);
        assert.equal(await main.getByText(`with ${names[other]}`).count(), 0);

        await follow(page, "Change the number of places");
        await see(team, "Places", "places");
        await page.getByLabel("How many places are there?").fill("0");
        await press(page, "Save");
        await refused(team, "Enter a number from 1 to 500", "places");
        await page.getByLabel("How many places are there?").fill("60");
        await press(page, "Save");
        await arrive(page, title);
        await main.getByText("The places are saved.").waitFor();

        await follow(page, "Change the place or the tutor");
        await see(team, "Change the place or the tutor", "place and tutor");
        await follow(page, "Back to the run");
        await follow(page, "Close to new bookings");
        await see(team, "Close to new bookings?", "close a run");
        await press(page, "Close it");
        await arrive(page, title);
        await main.getByText("It is closed to new bookings.").waitFor();

        await follow(page, "Call this run off");
        await see(team, "Call this run off?", "call a run off");
        await press(page, "Call it off and tell them");
        await arrive(page, "Who was told");
        await main.getByText("It does not go ahead").waitFor();
        await see(team, "Who was told", "who was told, called off");
      });
    } finally {
      await site.stop();
    }
  });
}

// When the counts are others, the list is there anew, without a press and without a new page.
async function movesByItself(page) {
  const counts = page.locator("[data-live]");
  await counts.evaluate((element) => element.replaceChildren("0 told, 9 on its way, 0 not reached yet."));
  await page.locator("[data-live-list] tbody").evaluate((list) => list.replaceChildren());
  await page.evaluate(() => (window.same = true));
  await page.locator("[data-live-list] tbody tr").first().waitFor({ timeout: 30_000 });
  assert.match(await counts.innerText(), /^[1-9]\d* told, [012] on its way/);
  assert.equal(await page.evaluate(() => window.same), true, "it is the same page");
}
