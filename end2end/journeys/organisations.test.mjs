// Organisations that give courses: added, a coordinator invited and taken off, closed. And a colleague who leaves hands over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, openLetter, press, refused, see, signedIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a coordinator is invited to an organisation, and leaves the team (${how})`, async () => {
    site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 1280, allow: [422, 403, 404] }, async (owner) => {
        const { page } = owner;
        await signedIn(owner, site.signIns.owner);
        await page.goto("/desk");
        await setUpCodes(owner);
        await follow(page, "I have kept them");
        await see(owner, /Hello Sandra/);

        await page.goto("/desk/organisations");
        await see(owner, "Organisations", "organisations, none");
        await follow(page, "Add an organisation");
        await see(owner, "Add an organisation");
        await press(page, "Save");
        await refused(owner, "Enter the name of the organisation", "organisation, name");
        await page.getByLabel("Name of the organisation").fill("Bath Mind");
        await press(page, "Save");
        await see(owner, "Bath Mind", "one organisation");

        await page.goto("/desk/runs");
        await page.locator("tbody th a").first().click();
        await follow(page, "Room, stand-ins, who sees the list");
        await page.getByLabel("Who gives this run?").selectOption({ label: "Bath Mind" });
        await press(page, "Save");
        await page.goto("/desk/organisations");
        await see(owner, "Organisations", "organisations, one");
        await follow(page, "Bath Mind");
        await follow(page, "Invite a coordinator");
        await see(owner, "Invite a coordinator for Bath Mind");
        await press(page, "Send the invitation");
        await refused(owner, "Enter their full name", "invite a coordinator");
        await page.getByLabel("Full name").fill("Cora Lane");
        await page.getByLabel("Email address").fill("cora@example.org");
        await press(page, "Send the invitation");
        await see(owner, "Bath Mind", "one organisation, somebody invited");

        await asVisitor(browser, site, { scripts, width: 390, allow: [422, 403, 404] }, async (cora) => {
          const letter = await site.mail.take("cora@example.org", /invited to the team/);
          await openLetter(cora, site, letter, "/staff-invitation/");
          await see(cora, "You are invited to the team");
          await cora.page.getByText("coordinator for Bath Mind").waitFor();
          await cora.page.getByLabel("Choose a password").fill("copper lantern field");
          await press(cora.page, "Say yes and go on");
          await arrive(cora.page, "Two-step sign-in");
          await setUpCodes(cora);
          await follow(cora.page, "I have kept them");
          await see(cora, /Hello Cora/);
          assert.equal((await cora.page.goto("/desk/organisations")).status(), 404);

          await page.reload();
          await follow(page, "Cora Lane");
          await see(owner, "Cora Lane", "a coordinator of the staff");
          await page.getByRole("link", { name: /Change data training/i }).click();
          const next = new Date().getFullYear() + 2;
          await page.getByLabel("Data training, until").fill(`31 3 ${next}`);
          await page.getByLabel("Confidentiality agreement, until").fill(`31 3 ${next}`);
          await press(page, "Save the dates");
          await cora.page.goto("/tutor");
          await see(cora, "My runs", "my runs, a coordinator");
          await cora.page.locator("main a[href^='/tutor/runs/']").first().waitFor();

          await follow(page, "Remove from the team");
          await see(owner, /Remove Cora Lane from the team/, "remove, the only coordinator");
          await page.getByText("Nobody else coordinates").waitFor();
          await press(page, "Remove from the team");
          await refused(owner, "Tick the box", "remove, the only coordinator");
          await page.getByText("Nobody else coordinates").waitFor();
          await page.getByRole("checkbox", { name: /destroyed/ }).check();
          await press(page, "Remove from the team");
          await page.getByText("They do not work here any more").waitFor();
          await cora.page.reload();
          await arrive(cora.page, "Sign in");
        });

        await page.goto("/desk/organisations");
        await follow(page, "Bath Mind");
        await follow(page, "Close this organisation");
        await see(owner, "Close Bath Mind?", "close an organisation");
        await press(page, "Close this organisation");
        await see(owner, "Bath Mind", "an organisation, closed");

        await page.goto("/desk/tutors");
        await see(owner, "Tutors", "tutors");
        await follow(page, "Priya Nair");
        await see(owner, "Priya Nair", "one tutor");
        await page.getByRole("link", { name: /Change signs in as/i }).click();
        await see(owner, "Which account does Priya Nair sign in with?");
        await page.getByLabel("Account").selectOption("none");
        await press(page, "Save");
        await page.getByText("They cannot see who is coming.").waitFor();
        await page.getByRole("link", { name: /Change name on the site/i }).click();
        await see(owner, "Change what the site says");
        await page.getByLabel("Name on the site").fill("");
        await press(page, "Save");
        await refused(owner, "Enter what the site calls them", "tutor, words");
      });
    } finally {
      await site.stop();
    }
  });
}
