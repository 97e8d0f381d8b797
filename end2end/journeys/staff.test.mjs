// The team: invited, two steps to sign in, what they may do, and gone in one moment.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { nextCode, setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, openLetter, press, refused, see, signIn, signedIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

test("a tutor is invited by email, is given their runs, and opens their list", async () => {
  site = await startSite();
  try {
    await asVisitor(browser, site, { width: 1280 }, async (owner) => {
      const { page } = owner;
      await signedIn(owner, site.signIns.owner);
      await page.goto("/desk");
      await setUpCodes(owner);
      await page.goto("/desk/staff/invite");
      await page.getByLabel("Full name").fill("Tilda Tutor");
      await page.getByLabel("Email address").fill("tilda@example.org");
      for (const role of ["Tutor", "Course admin"]) await page.getByRole("checkbox", { name: role, exact: true }).check();
      await press(page, "Send the invitation");
      await arrive(page, "Staff");

      await asVisitor(browser, site, { width: 390 }, async (tilda) => {
        await openLetter(tilda, site, await site.mail.take("tilda@example.org", /invited to the team/), "/staff-invitation/");
        await tilda.page.getByLabel("Choose a password").fill("copper lantern field");
        await press(tilda.page, "Say yes and go on");
        await arrive(tilda.page, "Two-step sign-in");
        await setUpCodes(tilda);

        await page.goto("/desk/staff");
        await follow(page, "Tilda Tutor");
        await page.getByRole("link", { name: /Change data training/i }).click();
        const next = new Date().getFullYear() + 2;
        for (const papers of ["Data training, until", "Confidentiality agreement, until"]) await page.getByLabel(papers).fill(`31 3 ${next}`);
        await press(page, "Save the dates");
        await arrive(page, "Tilda Tutor");
        await page.goto("/desk/tutors?words=Priya");
        await page.locator("tbody a").first().click();
        await arrive(page, "Priya Nair");
        const account = `${new URL(page.url()).pathname}/account`;
        await page.goto(account);
        await see(owner, /Which account does/, "the account of a tutor");
        const choice = page.getByLabel("Account").locator("option").filter({ hasText: "tilda@example.org" });
        await page.getByLabel("Account").selectOption(await choice.getAttribute("value"));
        await press(page, "Save");
        await page.getByText("The tutor is saved.").waitFor();

        await tilda.page.goto("/tutor");
        await see(tilda, "My runs", "my runs, of somebody new");
        assert.ok(await tilda.page.getByRole("main").getByRole("listitem").count(), "the runs of the tutor they are");
        await tilda.page.goto("/desk/runs");
        await arrive(tilda.page, "Runs");
      });
    });
  } finally {
    await site.stop();
  }
});

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`an owner invites a colleague, who sets up codes, works and leaves (${how})`, async () => {
    site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 1280, allow: [422, 403, 404] }, async (owner) => {
        const { page } = owner;
        await page.goto("/desk");
        await signIn(owner, site.signIns.owner);
        await arrive(page, "My bookings");
        await page.goto("/desk");
        await see(owner, "Two-step sign-in", "two-step, to set up");
        await press(page, "Set it up");
        await see(owner, "Set up two-step sign-in");
        await press(page, "Switch it on");
        await refused(owner, "Enter the code", "set up two-step");
        await page.goto("/desk");
        const key = await setUpCodes(owner);
        await see(owner, "Your recovery codes");
        assert.equal(await page.locator(".wb-codes li").count(), 10);
        await follow(page, "I have kept them");
        await see(owner, /Hello Sandra/, "desks, owner");

        await follow(page, "Calls");
        await see(owner, "Calls to make");
        await follow(page, "Staff");
        await see(owner, "Staff");
        await follow(page, "Invite somebody");
        await see(owner, "Invite somebody to the team");
        await press(page, "Send the invitation");
        await refused(owner, "Enter their full name", "invite");
        await page.getByLabel("Full name").fill("Ada Admin");
        await page.getByLabel("Email address").fill("ada@example.org");
        await page.getByRole("checkbox", { name: "Data protection officer" }).check();
        await press(page, "Send the invitation");
        await arrive(page, "Staff");
        await see(owner, "Staff", "staff, somebody invited");

        await asVisitor(browser, site, { scripts, width: 390, allow: [422, 403, 404] }, async (ada) => {
          const letter = await site.mail.take("ada@example.org", /invited to the team/);
          await openLetter(ada, site, letter, "/staff-invitation/");
          await see(ada, "You are invited to the team");
          await press(ada.page, "Say yes and go on");
          await refused(ada, "Enter a password", "staff invitation");
          await ada.page.getByLabel("Choose a password").fill("copper lantern field");
          await press(ada.page, "Say yes and go on");
          await arrive(ada.page, "Two-step sign-in");
          const own = await setUpCodes(ada);
          await follow(ada.page, "I have kept them");
          await see(ada, /Hello Ada/, "desks, without training");
          await follow(ada.page, "Record");
          await see(ada, "This desk is closed for you today");

          await page.reload();
          await follow(page, "Ada Admin");
          await see(owner, "Ada Admin", "one of the staff");
          await page.getByRole("link", { name: /Change data training/i }).click();
          await see(owner, /Training and papers of/, "training and papers");
          await page.getByLabel("Data training, until").fill("soon");
          await press(page, "Save the dates");
          await refused(owner, "Enter the last day", "training and papers");
          const next = new Date().getFullYear() + 2;
          await page.getByLabel("Data training, until").fill(`31 3 ${next}`);
          await page.getByLabel("Confidentiality agreement, until").fill(`31 3 ${next}`);
          await press(page, "Save the dates");
          await arrive(page, "Ada Admin");

          await ada.page.reload();
          await see(ada, "Record");
          await ada.page.getByLabel("Who did it").fill("nobody");
          await press(ada.page, "Show");
          await refused(ada, "@", "record");
          await ada.page.getByLabel("Who did it").fill(site.signIns.owner.email);
          await press(ada.page, "Show");
          await ada.page.getByText("Invited somebody").first().waitFor();
          await see(ada, "Record", "record, by one of the staff");
          assert.equal((await ada.page.goto("/desk/staff")).status(), 404, "an officer does not look after accounts");

          await ada.page.goto("/desk");
          await press(ada.page, "Sign out");
          await ada.page.getByText("You are signed out").first().waitFor();
          await ada.page.goto("/sign-in?next=%2Fdesk");
          await signIn(ada, { email: "ada@example.org", password: "copper lantern field" });
          await see(ada, "Enter your code");
          await ada.page.getByLabel("Code", { exact: true }).fill("000000");
          await press(ada.page, "Go on");
          await refused(ada, "That code is not right", "second step");
          await ada.page.getByLabel("Code", { exact: true }).fill(await nextCode(site, own));
          await press(ada.page, "Go on");
          await arrive(ada.page, "My bookings");
          await ada.page.goto("/desk/audit");
          await arrive(ada.page, "Record");

          await page.getByRole("link", { name: /Change roles/i }).click();
          await see(owner, /What may Ada Admin do/, "roles");
          await page.getByRole("checkbox", { name: "Data protection officer" }).uncheck();
          await press(page, "Save the roles");
          await refused(owner, "Choose at least one role", "roles");
          await page.goBack();
          await page.goto("/desk/staff");
          await follow(page, "Ada Admin");
          await follow(page, "Remove from the team");
          await see(owner, /Remove Ada Admin from the team/, "remove");
          await press(page, "Remove from the team");
          await refused(owner, "Tick the box", "remove");
          await page.getByRole("checkbox", { name: /destroyed/ }).check();
          await press(page, "Remove from the team");
          await page.getByText("They do not work here any more").waitFor();

          await ada.page.reload();
          await arrive(ada.page, "Sign in");
        });
        assert.ok(key);
      });
    } finally {
      await site.stop();
    }
  });
}

test("a desk asks before it closes, and one press keeps it open", async () => {
  site = await startSite();
  try {
    await asVisitor(browser, site, { width: 1280 }, async (owner) => {
      const { page } = owner;
      await signedIn(owner, site.signIns.owner);
      await page.goto("/desk");
      await setUpCodes(owner);
      await page.clock.install();
      await page.goto("/desk/staff/invite");
      await arrive(page, "Invite somebody to the team");
      await page.getByLabel("Full name").fill("Half a na");
      await page.clock.runFor("12:55");
      assert.equal(await page.getByRole("dialog").count(), 0);
      await site.forward(13 * 60);
      await page.clock.runFor("00:10");
      const dialog = page.getByRole("dialog", { name: "Are you still there?" });
      await dialog.waitFor();
      await see(owner, "Invite somebody to the team", "a desk asks before it closes");
      await dialog.getByRole("button", { name: "Keep me signed in" }).click();
      await dialog.waitFor({ state: "hidden" });
      assert.equal(await page.getByLabel("Full name").inputValue(), "Half a na", "what was typed is still there");
      await site.forward(13 * 60);
      await follow(page, "Staff");
      await arrive(page, "Staff");
      await page.clock.runFor("15:10");
      await page.getByRole("dialog", { name: "You are signed out" }).waitFor();
      await site.forward(16 * 60);
      await page.getByRole("button", { name: "Close" }).click();
      await page.goto("/desk/staff");
      await arrive(page, "Sign in");
    });
  } finally {
    await site.stop();
  }
});
