// Somebody's record at the people desk: two records become one and two again, a code, a volunteer, and somebody who has died.
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, refused, see, signIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Books for somebody new, and answers the address of their page. */
async function bookFor(page, name, nth) {
  await page.goto("/desk/people/book");
  await arrive(page, "Book for somebody");
  const dates = await page.getByLabel("Course and date").locator("option").allInnerTexts();
  const free = dates.filter((words) => /\d places left\)$/.test(words));
  await page.getByLabel("Course and date").selectOption({ label: free[nth] });
  await page.getByRole("radio", { name: "They phoned" }).check();
  await page.getByLabel("Their full name").fill(name);
  await page.getByLabel("Day").fill("1");
  await page.getByLabel("Month").fill("2");
  await page.getByLabel("Year").fill("1948");
  await page.getByLabel("Phone number").fill("0117 496 0321");
  await page.getByRole("checkbox", { name: "Phone call" }).check();
  const safe = page.getByRole("group", { name: "Is it safe to leave a message?" });
  await safe.getByRole("radio", { name: "No", exact: true }).check();
  const named = page.getByRole("group", { name: "May our messages name the course?" });
  await named.getByRole("radio", { name: "No", exact: true }).check();
  await page.getByRole("checkbox", { name: "I read this out and they said yes" }).check();
  await press(page, "Book the place");
  // The second time they are asked about.
  if (nth > 0) {
    await page.getByRole("radio", { name: "No, somebody new" }).check();
    await press(page, "Book the place");
  }
  await arrive(page, "The place is booked");
  await follow(page, `Open the page of ${name}`);
  await arrive(page, name);
  return new URL(page.url()).pathname;
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a duplicate is merged and undone, and a record is looked after (${how})`, async () => {
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
        const first = await bookFor(page, "Zebedee Quill", 0);
        const second = await bookFor(page, "Zeb Quill", 1);
        await see(admin, "Zeb Quill", "one person, with somebody alike");
        await page.goto(first);
        await follow(page, "Compare with Zeb Quill");
        await see(admin, "Are these the same person?", "compare two records");
        await page.getByRole("group", { name: "Which is right? Name" }).getByRole("radio", { name: "Zebedee Quill" }).check();
        await press(page, "Make them one record");
        await page.getByText("They are one record now.").waitFor();
        await see(admin, "Zebedee Quill", "one person, merged");
        await page.goto(second);
        await arrive(page, "Zebedee Quill");
        await page.getByRole("link", { name: "Undo", exact: true }).click();
        await see(admin, "Undo the merge?", "undo a merge");
        await press(page, "Make them two records again");
        await page.getByText("They are two records again.").waitFor();

        await page.goto(`${second}/merge`);
        await see(admin, "Find another record of Zeb Quill", "find another record");
        await page.goto(`${second}/code`);
        await see(admin, "A code for Zeb Quill", "make a code");
        await press(page, "Make a code");
        await see(admin, "The code for Zeb Quill", "a code");
        await page.goto(`${second}/volunteer`);
        await see(admin, "Zeb Quill as a volunteer", "make a volunteer");
        await press(page, "Make them a volunteer");
        await refused(admin, "Enter the organisation they volunteer for", "make a volunteer");
        await page.goto("/desk/people/volunteers");
        await see(admin, "Volunteers", "volunteers");

        await page.goto(second);
        await page.locator("#to-come ~ .wb-table").getByRole("link", { name: /^Move/ }).first().click();
        await see(admin, "Move the booking of Zeb Quill", "move a booking");
        await press(page, "Move the booking");
        await refused(admin, "Choose the new date", "move a booking");
        await page.goto(second);
        await follow(page, "They have died");
        await see(admin, "Has Zeb Quill died?", "somebody has died");
        await press(page, "Yes, they have died");
        await page.getByText("We have noted that they have died.").waitFor();
        await see(admin, "Zeb Quill", "one person, who has died");
        await follow(page, "Was it a mistake?");
        await see(admin, "Was it a mistake about Zeb Quill?", "take back that somebody has died");
      });
    } finally {
      await site.stop();
    }
  });
}
