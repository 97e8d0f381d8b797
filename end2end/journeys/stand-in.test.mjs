// A tutor who leads one session of somebody else's run sees who comes to that one, and to no other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { atTheTutorDesk, setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, see } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a stand-in sees the list of one session (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390, allow: [404] }, async (tutor) => {
        const { page } = tutor;
        const standsIn = page.getByRole("listitem").filter({ hasText: /You lead 1 of its \d+ sessions/ }).getByRole("link");
        await atTheTutorDesk(tutor);
        const key = await setUpCodes(tutor);
        await follow(page, "I have kept them");
        await arrive(page, "My runs");
        for (let weeks = 0; (await standsIn.count()) === 0; weeks += 1) {
          assert.ok(weeks < 16, "the list of the session opens within four months");
          await site.forward(7 * 24 * 3600);
          await atTheTutorDesk(tutor, key);
          await arrive(page, "My runs");
        }
        await standsIn.first().click();
        await see(tutor, /^Session \d/, "register of a stand-in");
        assert.ok(await page.getByRole("link", { name: /@/ }).count(), "somebody's email address");
        const own = page.url();
        const sessions = await page.getByRole("main").getByRole("link", { name: /^Session \d/ }).count();
        assert.equal(sessions, 0, "no way to another session");
        const number = Number((await page.getByRole("heading", { level: 1 }).innerText()).match(/^Session (\d+)/)[1]);
        assert.match(own, new RegExp(`/${number}$`));
        const another = number === 1 ? 2 : number - 1;
        assert.equal((await page.goto(own.replace(/\d+$/, `${another}`))).status(), 404, "another session");
        // The file has whoever the page has: the address of the run alone gives no more.
        const run = own.replace(/\/sessions\/\d+$/, "");
        const lines = async (path) => (await (await page.request.get(path)).text()).trim().split("\n");
        await page.goto(own);
        const download = new URL(await page.getByRole("link", { name: /Download/ }).getAttribute("href"), own).href;
        assert.ok((await lines(download)).length > 1);
        assert.equal((await page.goto(`${run}/sheet`)).status(), 200);
        const onPaper = await page.getByRole("heading", { name: /^Session \d/ }).allInnerTexts();
        assert.deepEqual(onPaper.map((words) => words.match(/^Session (\d+)/)[1]), [`${number}`], "one session on paper");
      });
    } finally {
      await site.stop();
    }
  });
}
