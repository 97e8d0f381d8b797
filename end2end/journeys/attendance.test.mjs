// The course team: who came, certificates, writing to people, what would help on the day, and what a reminder says.
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

  test(`the team sees who came and prints certificates (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390, allow: [422] }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");
        await main.getByRole("link", { name: "Attendance" }).click();
        await see(team, "Attendance", "attendance of a term");
        await page.getByLabel("Course or tutor").fill("no course is called that");
        await press(page, "Show");
        await main.getByText("No runs here").waitFor();
        await see(team, "Attendance", "attendance, nothing found");

        // A run that is over, of a term before.
        await page.goto("/desk/runs?group=past");
        const past = main.locator("tbody tr").filter({ hasNotText: /\b0 of/ }).last();
        await past.locator("th a").click();
        await follow(page, "See who came");
        await see(team, "Who came", "who came to a run");
        await page.emulateMedia({ media: "print" });
        assert.equal(await main.getByRole("link", { name: "This list as a file (CSV)" }).isVisible(), false, "no links on paper");
        await page.emulateMedia({ media: null });
        await follow(page, "Back to the run");
        await follow(page, "Certificates");
        await see(team, "Certificates", "certificates");
        const print = main.getByRole("link", { name: /^Print (all|1)/ });
        const [file] = await Promise.all([page.waitForEvent("download"), print.click()]);
        assert.match(file.suggestedFilename(), /^certificates?-\d{4}-\d\d-\d\d\.pdf$/);

        // A run that is to come.
        await page.goto("/desk/runs?group=open");
        const open = main.locator("tbody tr").filter({ hasNotText: /\b0 of/ }).first();
        await open.locator("th a").click();
        await follow(page, "Write to people");
        await see(team, "Write to people", "write to people");
        await press(page, "Go on");
        await refused(team, "Choose who gets it", "write to people");
        await page.getByRole("radio", { name: "Everybody who has a place" }).check();
        await page.getByLabel("Your message").fill("Please bring a cushion.");
        await press(page, "Go on");
        await see(team, "Check your message", "the message before it is sent");
        await press(page, /^Send it to/);
        await main.getByText(/^Your message is on its way to/).waitFor();
        await see(team, "Write to people", "a message was sent");
        await follow(page, "Back to the run");
        await follow(page, "What would help people on the day");
        await see(team, "What would help people", "what would help, closed");
        if (await page.getByRole("button", { name: /^Open/ }).count()) {
          await press(page, /^Open/);
          await see(team, "What would help people", "what would help, open");
        }
        await page.getByLabel("What the tutor has to know about the room").fill("one hearing loop");
        await press(page, "Save this");
        await main.getByText("We have saved that.").waitFor();

        await page.goto("/desk");
        await main.getByRole("link", { name: "Reminders" }).click();
        await see(team, "What a reminder says", "what a reminder says");
        await page.getByLabel("In an email").fill("You miss {course}.");
        await press(page, "Save these words");
        await refused(team, /In curly brackets there can be only/, "what a reminder says");
        await page.getByLabel("In an email").fill("Somebody waits for {day}.");
        await press(page, "See how it reads");
        await main.getByText(/^Somebody waits for|Somebody waits for/).last().waitFor();
        await press(page, "Save these words");
        await main.getByText("The words are saved.").waitFor();
        await see(team, "What a reminder says", "a reminder in the team's words");
        await press(page, "Go back to the words that came with the site");
        await main.getByText("These are the words that came with the site.").waitFor();
        await arrive(page, "What a reminder says");
      });
    } finally {
      await site.stop();
    }
  });
}
