// Without a mouse: find a course, sign in, book, cancel; and a question of the sign-up with its error.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { keyboard } from "../support/keyboard.mjs";
import { startSite } from "../support/site.mjs";
import { answerQuestions, arrive, jane, readIt } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const width of [1280, 390]) {
  test(`find, sign in, book, cancel (${width} px)`, async () => {
    await asVisitor(browser, site, { width }, async (who) => {
      const { page } = who;
      const keys = keyboard(page);
      const person = width === 1280 ? site.signIns.member : site.signIns.volunteer;
      const main = page.getByRole("main");
      await page.goto("/");

      // The skip link comes first and does what it says.
      await keys.press(page.getByRole("link", { name: "Skip to main content" }));
      await keys.tabTo(main.getByRole("searchbox"));
      await keys.type("gentle");
      await page.keyboard.press("Enter");
      await arrive(page, "Find a course");

      // The first course with places that is not theirs already; the whole way to the last is walked.
      await page.goto("/courses?free=yes&sort=places&for=everyone");
      const course = page.locator(".wb-course__title a").first();
      const title = (await course.innerText()).trim();
      const passed = await keys.press(course);
      assert.equal(new Set(passed).size > 3, true);
      await arrive(page, title);
      await keys.press(page.locator("a", { hasText: "Book a place" }));
      await arrive(page, "Before you book");
      await keys.press(page.getByRole("link", { name: "I have an account: sign in" }));

      await arrive(page, "Sign in");
      await keys.tabTo(page.getByLabel("Email address"));
      await keys.type(person.email);
      await keys.tabTo(page.getByLabel("Password", { exact: true }));
      await keys.type("not the one at all");
      await page.keyboard.press("Enter");
      // The error summary has the focus; its link leads to the field.
      await page.locator(".govuk-error-summary").waitFor();
      await keys.press(page.locator(".govuk-error-summary a").first());
      assert.equal(await page.getByLabel("Email address").evaluate((field) => field === document.activeElement), true, "the error's link gives its field the focus");
      await keys.tabTo(page.getByLabel("Password", { exact: true }));
      await keys.type(person.password);
      await keys.press(main.getByRole("button", { name: "Sign in" }), "Space");

      await arrive(page, "Check your answers, then book");
      await keys.tabTo(page.getByLabel(/What would help you on the day/));
      await keys.type("A seat near the door.");
      // One stop for the group of answers: the one that is chosen, or the first.
      const reminders = page.getByRole("group", { name: "How should we remind you?" }).getByRole("radio");
      const chosen = (await reminders.and(page.locator(":checked")).count()) ? reminders.and(page.locator(":checked")) : reminders;
      await keys.press(chosen, "Space");
      await page.keyboard.press("ArrowDown");
      await keys.check();
      await page.keyboard.press("ArrowUp");
      const named = page.getByRole("group", { name: "May we name the course in messages?" });
      assert.equal(await named.count(), 0, "who has answered is not asked again");
      await keys.press(page.getByRole("button", { name: "Book my place" }), "Space");

      await arrive(page, "Your place is booked");
      await site.mail.take(person.email, /booking is confirmed/i);
      await keys.press(page.getByRole("link", { name: "See my bookings" }));
      await arrive(page, "My bookings");
      const card = page.locator("li.wb-card", { hasText: title });
      await keys.press(card.getByRole("link", { name: /Cancel my place/ }));
      await arrive(page, /Do you want to cancel/);
      await keys.press(page.getByRole("button", { name: "Cancel my place" }), "Space");
      await page.getByText(/Your place is cancelled/).first().waitFor();
      await site.mail.take(person.email, /booking is cancelled/i);
      await keys.tabTo(page.getByRole("link", { name: "Skip to main content" }));
    });
  });
}

test("narrowing the list on a phone: open it, choose, see what was chosen, take it away", async () => {
  await asVisitor(browser, site, { width: 390 }, async ({ page }) => {
    const keys = keyboard(page);
    await page.goto("/courses");
    await keys.press(page.locator("summary", { hasText: "Narrow the list" }));
    await keys.press(page.getByRole("checkbox", { name: "Sleep" }), "Space");
    await keys.press(page.getByRole("button", { name: /Show/ }).last());
    await page.waitForURL(/topic=sleep/);
    await keys.press(page.getByRole("link", { name: /Sleep/ }).first());
    await page.waitForURL((url) => !url.search.includes("topic=sleep"));
  });
});

test("the check that a person is there, by the keyboard", async () => {
  await asVisitor(browser, site, { width: 390 }, async (who) => {
    const { page } = who;
    const keys = keyboard(page);
    await page.goto("/sign-up");
    await keys.press(page.getByRole("button", { name: "Start" }), "Space");
    await answerQuestions(who, jane("keys@example.org"), { wrongFirst: false });
    await keys.press(page.locator("a", { hasText: "Go on" }));
    await arrive(page, "One last check");
    await readIt(who);
    await keys.press(page.getByRole("checkbox", { name: "I am a person" }), "Space");
    await page.locator("altcha-widget [data-state=verified]").waitFor({ timeout: 60_000 });
    await keys.check();
    await keys.press(page.getByRole("button", { name: "Send me the email" }), "Space");
    await arrive(page, "You have not booked yet: open our email");
  });
});

test("a link that looks like a button is announced as a link: Space does not press it without scripts", async () => {
  await asVisitor(browser, site, {}, async ({ page }) => {
    for (const path of ["/", "/courses?free=yes"]) {
      await page.goto(path);
      assert.equal(await page.locator("a[role=button]").count(), 0, path);
    }
    await page.locator(".wb-course__title a").first().click();
    await page.getByRole("heading", { name: "Your place" }).waitFor();
    assert.ok((await page.locator("a.govuk-button").count()) > 0, "there is one to look at");
    assert.equal(await page.locator("a[role=button]").count(), 0);
  });
});
