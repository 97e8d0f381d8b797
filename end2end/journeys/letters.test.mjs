// Letters: somebody without email asked for them; the course team prints them, posts them and takes that back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, see, signIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a letter is printed, posted and put back (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 1280, allow: [422, 404] }, async (admin) => {
        const { page } = admin;
        await page.goto("/sign-in?next=%2Fdesk");
        await signIn(admin, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(admin);
        await follow(page, "I have kept them");
        await arrive(page, /Hello Sandra/);
        await follow(page, "Letters");
        await see(admin, "Letters to post", "letters, none");
        await page.goto("/desk/people/book");
        await page.getByLabel("Their full name").fill("Zebedee Quill");
        const dates = await page.getByLabel("Course and date").locator("option").allInnerTexts();
        const free = dates.filter((words) => /\d places left\)$/.test(words)).at(-1);
        assert.ok(free, "a date with places left, some weeks from now");
        await page.getByLabel("Course and date").selectOption({ label: free });
        await page.getByRole("radio", { name: "They wrote" }).check();
        await page.getByLabel("Day").fill("1");
        await page.getByLabel("Month").fill("2");
        await page.getByLabel("Year").fill("1948");
        await page.getByLabel("House and street").fill("2 High Street");
        await page.getByLabel("Town").fill("Keynsham");
        await page.getByRole("checkbox", { name: "Letter" }).check();
        const safe = page.getByRole("group", { name: "Is it safe to leave a message?" });
        await safe.getByRole("radio", { name: "No", exact: true }).check();
        const named = page.getByRole("group", { name: "May our messages name the course?" });
        await named.getByRole("radio", { name: "No", exact: true }).check();
        await page.getByRole("checkbox", { name: "I read this out and they said yes" }).check();
        await press(page, "Book the place");
        await page.getByText("The confirmation is on the list of letters to post.").waitFor();

        await page.goto("/desk/letters");
        await see(admin, "Letters to post", "letters, one to post");
        await page.getByText("2 High Street").waitFor();
        await follow(page, "See the letters to print");
        await see(admin, "Letters to print", "letters, to print");
        await page.getByText("We have saved a place for you.").waitFor();
        await press(page, "It is printed and posted");
        await page.getByText("We have noted that.").first().waitFor();
        await see(admin, "Letters to post", "letters, posted");
        await page.getByRole("button", { name: /^Put back/ }).click();
        await page.getByText("It is to be printed again.").waitFor();
        await page.getByRole("button", { name: /^Printed and posted/ }).click();
        await page.getByText("We have noted that.").first().waitFor();
      });
    } finally {
      await site.stop();
    }
  });
}
