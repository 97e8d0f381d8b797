// The people of the course desk: found, booked for without an email address, and cancelled for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { look, lookEverywhere } from "../support/looks.mjs";
import { arrive, follow, press, refused, see, signIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Zebedee Quill rings again: with scripts they are chosen while their name is typed, without they are searched for first. */
async function ringsAgain(admin) {
  const { page } = admin;
  await page.goto("/desk/people/book");
  await arrive(page, "Book for somebody");
  const known = page.getByLabel("Do we know them?");
  if (admin.scripts) {
    const them = page.getByRole("option", { name: /Zebedee Quill/ });
    await known.waitFor();
    await known.pressSequentially("zebe");
    await them.waitFor();
    assert.equal(await known.getAttribute("aria-expanded"), "true");
    await page.getByRole("status").getByText(/^1 person\./).waitFor();
    await page.keyboard.press("Escape");
    await them.waitFor({ state: "detached" });
    await known.pressSequentially("dee");
    await them.waitFor();
    await page.keyboard.press("ArrowDown");
    assert.equal(await known.getAttribute("aria-activedescendant"), await them.getAttribute("id"));
    assert.equal(await them.getAttribute("aria-selected"), "true");
    await look(admin, "book for somebody, who is likely meant");
    await lookEverywhere(admin, "book for somebody, who is likely meant");
    await page.keyboard.press("Enter");
  } else {
    assert.equal(await known.isVisible(), false, "a field that does nothing is not shown");
    await page.goto("/desk/people");
    await page.getByLabel("Find somebody").fill("zebedee");
    await press(page, "Find");
    await follow(page, "Zebedee Quill");
    await follow(page, "Book for them");
  }
  await see(admin, "Book for Zebedee Quill", "book for somebody we know");
  await page.getByRole("main").getByRole("link", { name: "Zebedee Quill" }).waitFor();
  assert.equal(await page.getByLabel("Their full name").count(), 0, "who comes is filled in");
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a caller without email is booked on one page, found again and cancelled for (${how})`, async () => {
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
        await follow(page, "People");
        await see(admin, "People");
        await page.getByLabel("Find somebody").fill("m");
        await press(page, "Find");
        await refused(admin, "Enter at least 2 letters", "people");
        await page.getByLabel("Find somebody").fill("Zebedee Quill");
        await press(page, "Find");
        await see(admin, "People", "people, nobody found");
        await follow(page, "Add somebody new and book for them");
        await see(admin, "Book for somebody");
        await page.getByLabel("Their full name").fill("Zebedee Quill");
        const group = page.getByLabel("What is their ethnic group?");
        await group.selectOption("arab");
        await press(page, "Book the place");
        await refused(admin, "Choose a course and its date", "book for somebody");
        assert.equal(await page.getByLabel("Their full name").inputValue(), "Zebedee Quill");
        assert.equal(await group.inputValue(), "", "an answer is not shown again");
        await group.selectOption("arab");
        const dates = await page.getByLabel("Course and date").locator("option").allInnerTexts();
        const free = dates.find((words) => /\d places left\)$/.test(words));
        assert.ok(free, "a date with places left");
        await page.getByLabel("Course and date").selectOption({ label: free });
        await page.getByRole("radio", { name: "They phoned" }).check();
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
        await see(admin, "The place is booked", "booked by the desk");
        await page.getByText("no confirmation is sent").waitFor();
        await follow(page, "Open the page of Zebedee Quill");
        await see(admin, "Zebedee Quill", "one person");
        await page.getByRole("radio", { name: "By phone" }).check();
        await page.getByLabel("What was said").fill("Comes by bus.");
        await press(page, "Add to the log");
        await page.getByText("It is in the contact log.").waitFor();
        await page.getByText("Comes by bus.").waitFor();
        await ringsAgain(admin);
        await page.goto("/desk/people");
        await page.getByLabel("Find somebody").fill("4960321");
        await press(page, "Find");
        await see(admin, "People", "people, found");
        await follow(page, "Zebedee Quill");
        await arrive(page, "Zebedee Quill");
        await page.locator("#to-come ~ .wb-table").getByRole("link", { name: /^cancel/ }).click();
        await see(admin, "Cancel the place of Zebedee Quill?", "cancel for somebody");
        await page.getByRole("radio", { name: "They asked us to" }).check();
        await press(page, "Cancel the booking");
        await page.getByText("The booking is cancelled.").waitFor();
      });
    } finally {
      await site.stop();
    }
  });
}
