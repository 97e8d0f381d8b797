// The team looks at its figures, takes them along as files, and publishes the report of a quarter that is over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, openLetter, press, refused, see, signedIn } from "../support/steps.mjs";

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
          const csv = await context.request.get(await main.getByRole("link", { name: "Download as CSV" }).getAttribute("href"));
          assert.equal(csv.status(), 200, by);
          const [heads, ...lines] = (await csv.text()).replace("\uFEFF", "").trim().split(/\r?\n/);
          assert.ok(heads.startsWith(`${by},`) && lines.length > 0, `${by}: ${heads}`);
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

        // A whole year, from April, which is over.
        await page.goto("/desk/reports");
        const years = await page.getByLabel("When").locator('option[value^="year-"]').all();
        await page.getByLabel("When").selectOption(await years[1].getAttribute("value"));
        await press(page, "Show");
        await arrive(page, "Places and people");
        await follow(page, "Write the report of this time");
        await arrive(page, /^Report: April \d{4} to March \d{4}/);
        await page.getByLabel("What there is to say").fill("A year of gardens and good nights.");
        await press(page, "Save and look at the report");
        await arrive(page, /^Publish the report: /);
        await press(page, "Publish it as it is now");
        await main.getByText("The report is published.").waitFor();

        // Somebody from outside reads what was published, and nothing else.
        await page.goto("/desk/staff/invite");
        await page.getByLabel("Full name").fill("Carol Reader");
        await page.getByLabel("Email address").fill("carol@example.org");
        await page.getByRole("checkbox", { name: "Commissioner" }).check();
        await press(page, "Send the invitation");
        await arrive(page, "Staff");
      });
      await asVisitor(browser, site, { scripts, allow: [404, 422] }, async (reader) => {
        const { page } = reader;
        await openLetter(reader, site, await site.mail.take("carol@example.org", /invited to the team/), "/staff-invitation/");
        await page.getByLabel("Choose a password").fill("copper lantern field");
        await press(page, "Say yes and go on");
        await setUpCodes(reader);
        await follow(page, "I have kept them");
        await page.goto("/desk/published-reports");
        await see(reader, "Published reports", "published reports, from outside");
        await page.locator("tbody a").filter({ hasText: /April \d{4} to March \d{4}/ }).click();
        await see(reader, /^Report: April/, "the report of a year");
        await page.getByText("A year of gardens and good nights.").waitFor();
        assert.equal((await page.goto("/desk/reports")).status(), 404, "the figures themselves are the team's");
      });
    } finally {
      await site.stop();
    }
  });
}
