// The team looks at its figures, takes them along as files, and publishes the report of a quarter that is over.
import assert from "node:assert/strict";
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

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a report is looked at, exported and published (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390, allow: [422] }, async (team) => {
        const { page, context } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");
        await page.goto("/desk/published-reports");
        await see(team, "Published reports", "published reports, none");
        await page.goto("/desk/reports");
        // The quarter before this one.
        await page.getByLabel("When").selectOption({ index: 2 });
        for (const by of ["Month", "Course", "Topic", "Venue", "How they booked"]) {
          await page.getByLabel("Show by").selectOption({ label: by });
          await press(page, "Show");
          await see(team, "Places and people", `reports by ${by}`);
        }
        for (const name of ["Download as CSV", "Excel"]) {
          const file = await context.request.get(await main.getByRole("link", { name }).getAttribute("href"));
          assert.equal(file.status(), 200);
          assert.match(file.headers()["content-disposition"], /^attachment; filename="places-by-channel-quarter-/);
        }
        await follow(page, "Write the report of this time");
        await see(team, /^Report: /, "write a report");
        await page.getByLabel("Places that the contract asks for").fill("lots");
        await page.getByLabel("What there is to say").fill("Better sleep was full within a week.");
        await press(page, "Save and look at the report");
        await refused(team, "Enter a number from 1", "write a report");
        assert.equal(await page.getByLabel("What there is to say").inputValue(), "Better sleep was full within a week.");
        await page.getByLabel("Places that the contract asks for").fill("100");
        await press(page, "Save and look at the report");
        await see(team, /^Publish the report: /, "publish a report");
        await main.getByText("are counted when the report is published").waitFor();
        await press(page, "Publish it as it is now");
        await see(team, "Published reports", "published reports, one");
        await main.getByText("The report is published.").waitFor();
        await main.locator("tbody a").first().click();
        await see(team, /^Report: /, "a published report");
        await main.getByText("Better sleep was full within a week.").waitFor();
        await main.getByText("Fewer than 5").first().waitFor();
        const book = await context.request.get(await main.getByRole("link", { name: "Excel" }).getAttribute("href"));
        assert.equal((await book.body()).subarray(0, 2).toString(), "PK");
      });
    } finally {
      await site.stop();
    }
  });
}
