// The tutor desk: who comes, who came, and that each of them can see who looked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { atTheTutorDesk, setUpCodes, textedCode } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, refused, see, signedIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** The tutor's own runs that have begun; not those where they stand in for one session. */
function ownRunsOn(page) {
  const section = page.locator("section", { has: page.getByRole("heading", { name: "On now" }) });
  return section.getByRole("listitem").filter({ hasNotText: "You lead" }).getByRole("link");
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a tutor opens the list, marks who came, prints it, and whoever is on it reads that (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390, allow: [422, 404] }, async (tutor) => {
        const { page } = tutor;
        await atTheTutorDesk(tutor);
        const key = await setUpCodes(tutor);
        await follow(page, "I have kept them");
        await arrive(page, "My runs");
        // On to a day on which one of their lists can be marked: its first session is over or on.
        for (let weeks = 0; ; weeks += 1) {
          assert.ok(weeks < 16, "one of the tutor's runs begins within four months");
          if (await ownRunsOn(page).count()) break;
          await site.forward(7 * 24 * 3600);
          await atTheTutorDesk(tutor, key);
          await arrive(page, "My runs");
        }
        await see(tutor, "My runs");
        await ownRunsOn(page).first().click();
        await page.getByRole("heading", { level: 1, name: /^Session \d/ }).waitFor();
        const back = page.getByRole("link", { name: /Session 1/ });
        if (await back.count()) await back.first().click();
        await see(tutor, /^Session \d/, "register");
        assert.ok(await page.getByRole("link", { name: /@/ }).count(), "somebody's email address");
        const came = page.getByRole("radio", { name: "Came", exact: true });
        assert.ok(await came.count(), "somebody to mark");
        await came.first().check({ force: true });
        await press(page, "Save the register");
        await page.getByText("The register is saved.").waitFor();
        assert.equal(await came.first().isChecked(), true);
        await see(tutor, /^Session \d/, "register, saved");
        const register = page.url();
        if (scripts) await page.clock.install();
        await follow(page, "Write to everybody");
        await see(tutor, "Write to everybody");
        await press(page, "Go on");
        await page.getByText("Write your message").first().waitFor();
        const words = "We meet in the small room next week.\nPlease bring a cushion.";
        await page.getByLabel("Your message").fill(words);
        if (scripts) {
          // The page that waits for a connection looks again by itself; this one is left alone, however long somebody writes.
          const asked = [];
          page.on("request", (request) => asked.push(new URL(request.url()).pathname));
          await page.clock.fastForward(60_000);
          assert.equal(await page.evaluate(async () => (await fetch("/readyz")).ok), true);
          assert.deepEqual(asked, ["/readyz"]);
          assert.equal(await page.getByLabel("Your message").inputValue(), words);
        }
        await press(page, "Go on");
        await see(tutor, "Check your message");
        await page.getByText(/will get it$/).waitFor();
        await page.getByRole("button", { name: /^Send it to/ }).click();
        await page.getByText(/Your message is on its way to \d+ (people|person)\./).waitFor();
        await page.getByText("Please bring a cushion.").waitFor();
        await see(tutor, "Write to everybody", "message, sent");
        await page.goto(register);
        const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /Download/ }).click()]);
        assert.match(file.suggestedFilename(), /^register-\d{4}-\d{2}-\d{2}\.csv$/);
        await page.getByRole("link", { name: /Print/ }).click();
        await page.locator("h1").first().waitFor();
        await see(tutor, /.*/, "register, to print");
        const other = page.url().replace(/runs\/[^/]+/, "runs/0190a0a0-0000-7000-8000-000000000000");
        assert.equal((await page.goto(other)).status(), 404);
      });

      await asVisitor(browser, site, { scripts, width: 390 }, async (member) => {
        await signedIn(member, site.signIns.member);
        await member.page.goto("/account/who-has-seen");
        await see(member, /Who has seen/, "who has seen my details");
      });
    } finally {
      await site.stop();
    }
  });
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a tutor without an app has the codes sent by text (${how})`, async () => {
    const site = await startSite();
    try {
      await asVisitor(browser, site, { scripts, width: 390, allow: [422] }, async (tutor) => {
        const { page } = tutor;
        const number = page.getByLabel("Mobile number");
        const code = page.getByLabel("Code", { exact: true });
        await atTheTutorDesk(tutor);
        await arrive(page, "Two-step sign-in");
        await follow(page, "get the codes by text");
        await see(tutor, "Get codes by text");
        await number.fill("01632 960 001");
        await press(page, "Text me a code");
        await refused(tutor, "begins with 07", "codes by text");
        await number.fill("07700 900 214");
        await press(page, "Text me a code");
        await see(tutor, "Type the code we sent");
        await code.fill(await textedCode(site, "+447700900214"));
        await press(page, "Switch it on");
        await arrive(page, "Your recovery codes");
        await follow(page, "I have kept them");
        await arrive(page, "My runs");
        // A register that lies unused for two hours is closed.
        await site.forward(3 * 3600);
        await atTheTutorDesk(tutor);
        await see(tutor, "Enter your code", "second step by text");
        await press(page, "Text me a code");
        await page.getByText("We have sent a code").waitFor();
        await see(tutor, "Enter your code", "second step by text, sent");
        await textedCode(site, "+447700900214");
        // It did not come: another one, and what was ticked stays.
        const known = page.getByRole("checkbox", { name: /^Do not ask for a code/ });
        await known.check({ force: true });
        await site.forward(31);
        await press(page, "Text me another code");
        await page.waitForURL(/known=yes/);
        await arrive(page, "Enter your code");
        assert.equal(await known.isChecked(), true);
        await code.fill(await textedCode(site, "+447700900214"));
        await press(page, "Go on");
        await arrive(page, "My runs");
        await page.goto("/account/two-step");
        await see(tutor, "Two-step sign-in", "two-step, by text");
        await follow(page, "Use another phone");
        await see(tutor, "Use another phone", "another phone, by text");
      });
    } finally {
      await site.stop();
    }
  });
}
