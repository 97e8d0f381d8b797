// Every list of the desk is sorted by its headings and by "Sort by", and is there as a file; and a member says whether we count them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, see, signedIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** The file behind a link. */
async function downloaded(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return readFile(await file.path(), "utf8");
}

for (const scripts of [true, false]) {
  test(`a list is sorted and taken along (scripts ${scripts ? "on" : "off"})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 1280 }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await follow(page, "I have kept them");

        await page.goto("/desk/venues");
        await see(team, "Venues", "venues");
        const towns = main.getByRole("columnheader", { name: "Town" });
        assert.equal(await towns.getAttribute("aria-sort"), null);
        await towns.getByRole("link").click();
        await page.waitForURL(/sort=town/);
        assert.equal(await towns.getAttribute("aria-sort"), "ascending");
        const before = await main.locator("tbody tr td:nth-child(2)").allInnerTexts();
        await towns.getByRole("link").click();
        await page.waitForURL(/sort=-town/);
        assert.equal(await towns.getAttribute("aria-sort"), "descending");
        await see(team, "Venues", "venues, sorted");
        const file = await downloaded(page, "This list as a file (CSV)");
        const lines = file.trim().split("\n").slice(1);
        assert.equal(lines.length, before.length);
        assert.ok(lines[0].startsWith(await main.locator("tbody th").first().innerText()), lines[0]);
        await page.getByLabel("Sort by").selectOption("name");
        await press(page, "Show");
        await page.waitForURL(/sort=name/);
        await see(team, "Venues", "venues, by name");
        await page.goto("/desk/staff");
        await see(team, "Staff", "staff, sorted");
      });
    } finally {
      await site.stop();
    }
  });

  test(`a member is not counted, and is again (scripts ${scripts ? "on" : "off"})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390 }, async (member) => {
        const { page } = member;
        await signedIn(member, site.signIns.member);
        await page.goto("/account");
        await arrive(page, "My details");
        await page.getByRole("navigation", { name: /account/ }).getByRole("link", { name: "Statistics" }).click();
        await see(member, "Statistics", "statistics");
        await press(page, "Do not count me");
        await page.getByText("We leave you out.").waitFor();
        await see(member, "Statistics", "statistics, not counted");
        await press(page, "You may count me again");
        await page.getByText("We count you, without your name").waitFor();
      });
    } finally {
      await site.stop();
    }
  });
}
