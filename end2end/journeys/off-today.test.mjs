// The morning that a tutor rings in ill: today's session is called off, and the team sees who was not reached, and rings.
import assert from "node:assert/strict";
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

/** The first day, from tomorrow on, on which something takes place, as the public calendar says: "20270104". */
async function nextDay(site) {
  const calendar = await (await fetch(`${site.url}/calendar.ics`)).text();
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toISOString().slice(0, 10).replaceAll("-", "");
  const days = [...calendar.matchAll(/^DTSTART[^:]*:(\d{8})T/gm)].map(([, day]) => day).filter((day) => day >= tomorrow);
  assert.ok(days.length, "something takes place");
  return days.sort()[0];
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`today's session is called off, and whoever was not reached is rung (${how})`, async () => {
    const site = await startSite();
    try {
      const day = await nextDay(site);
      await site.setClock(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T06:30:00Z`);
      await asVisitor(browser, site, { scripts, width: scripts ? 1280 : 390 }, async (team) => {
        const { page } = team;
        const main = page.getByRole("main");
        await signedIn(team, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(team);
        await page.goto("/desk/today");
        await see(team, "Today", "today, with sessions");
        const booked = main.locator("section", { has: page.getByRole("heading", { name: "On today" }) }).locator("tbody tr");
        await booked.filter({ hasNotText: /\b0 of/ }).first().getByRole("link").first().click();
        const run = page.url();
        await follow(page, "Today’s session is off");
        await see(team, "Is today’s session off?", "today's session is off");
        await press(page, "It is off: tell them now");
        await see(team, "Who was told", "who was told, off today");
        assert.notEqual(await main.getByText("Not reached yet").count(), 0, "somebody has to be rung");
        const before = await notReached(main);

        await follow(page, "Calls");
        await see(team, "Calls to make", "calls, off today");
        await main.getByRole("button", { name: /rang|spoke|reached/i }).first().click();
        await page.goto(`${run}/told`);
        await arrive(page, "Who was told");
        assert.equal(await notReached(main), before - 1, "one fewer to ring");
        await page.goto(`${run}/off-today`);
        await arrive(page, /.+/);
        assert.equal(await page.getByRole("button", { name: "It is off: tell them now" }).count(), 0, "pressed once, it is done");
      });
    } finally {
      await site.stop();
    }
  });
}

async function notReached(main) {
  const words = await main.getByText(/\d+ not reached yet\./).first().innerText();
  return Number(words.match(/(\d+) not reached yet/)[1]);
}
