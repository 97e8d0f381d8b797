// Requests about people's own data: written down, the clock begun, stopped and lengthened, finished; and Today says what is due.
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

  test(`a request is written down, looked after and finished (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 1280, allow: [422] }, async (officer) => {
        const { page } = officer;
        await signedIn(officer, site.signIns.officer);
        await page.goto("/desk");
        await setUpCodes(officer);
        await follow(page, "I have kept them");
        await see(officer, /Hello Dorothy/, "desks, officer");
        await page.getByText("due within a week").waitFor();
        await follow(page, "See the requests");
        await see(officer, "Requests about data");
        assert.equal(await page.locator("tbody tr").count(), 3);
        await page.getByText("When they have answered us").waitFor();

        await follow(page, "Write down a request");
        await see(officer, "Write down a request");
        await page.getByLabel("What they ask, in their words").fill("She wants to see her notes.");
        await press(page, "Write it down");
        await refused(officer, "Choose what they ask for", "write down a request");
        assert.equal(await page.getByLabel("What they ask, in their words").inputValue(), "She wants to see her notes.");
        await page.getByLabel("Their name").fill("Zelda Quince");
        await page.getByLabel("How we reach them").fill("zelda.quince@example.org");
        await page.getByRole("radio", { name: "A copy of their data" }).check();
        await page.getByRole("radio", { name: "By phone" }).check();
        await page.getByRole("radio", { name: "Not yet: we have asked them to show it" }).check();
        await press(page, "Write it down");
        await page.getByText("The request is written down.").waitFor();
        await see(officer, /Request DP-/, "a request, not known who");
        await page.getByText("The time begins when they have shown who they are").waitFor();
        await press(page, "We did not have to ask");
        await page.getByText("We have saved that.").waitFor();
        await see(officer, /Request DP-/, "a request, nothing asked");
        await press(page, "We asked them to show who they are");
        await page.getByText("The time begins when they have shown who they are").waitFor();
        await page.getByLabel("Year").fill("1999");
        await press(page, "They have shown it");
        await refused(officer, "The day must be from", "a request, shown on");
        await page.getByLabel("Year").fill(String(new Date().getFullYear()));
        await press(page, "They have shown it");
        await page.getByText("we promise a copy within 30 days of").or(page.getByText("one month from")).first().waitFor();
        await see(officer, /Request DP-/, "a request, running");
        await press(page, "We asked them what exactly they want");
        await page.getByText("The clock stands still").waitFor();
        await see(officer, /Request DP-/, "a request, waiting");
        await press(page, "They have answered");
        await page.getByText("Answer by").first().waitFor();

        await follow(page, "It takes two months longer");
        await see(officer, "It takes two months longer");
        await press(page, "They are told: two months longer");
        await refused(officer, "Write why it takes longer", "two months longer");
        await page.getByLabel("Why does it take longer?").fill("Her notes are on paper in three places.");
        await press(page, "They are told: two months longer");
        await page.getByText("three months from").waitFor();

        await page.getByLabel("Who looks after it?").selectOption({ label: "Nobody yet" });
        await press(page, "Save");
        await page.getByText("We have saved that.").waitFor();
        await follow(page, "Finish it");
        await see(officer, /Finish request DP-/, "finish a request");
        await press(page, "Finish it");
        await refused(officer, "Choose what came of it", "finish a request");
        await page.getByRole("radio", { name: "Done in part" }).check();
        await page.getByLabel("What we did, and why").fill("One page is about somebody else.");
        await press(page, "Finish it");
        await page.getByText("The request is finished.").waitFor();
        await see(officer, /Request DP-/, "a request, finished");
        await page.getByText(/Done in part on .*, in time\./).waitFor();

        await follow(page, "All requests");
        await page.getByLabel("Show").selectOption({ label: "Finished" });
        await press(page, "Show");
        await see(officer, "Requests about data", "requests, finished");
        await page.getByRole("cell", { name: "Zelda Quince" }).waitFor();
      });
      await asVisitor(browser, site, { scripts, width: 390, allow: [422] }, async (owner) => {
        const { page } = owner;
        await signedIn(owner, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(owner);
        await follow(page, "I have kept them");
        await page.goto("/desk/today");
        await arrive(page, "Today");
        await page.getByRole("link", { name: /due within a week.*Dorothy/ }).click();
        await see(owner, "Requests about data", "requests, on a phone");
      });
    } finally {
      await site.stop();
    }
  });
}
