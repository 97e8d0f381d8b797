// The tutor desk: who comes, who came, and that each of them can see who looked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { atTheTutorDesk, setUpCodes, textedCode } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, openLetter, press, refused, see, signedIn } from "../support/steps.mjs";

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

/** The runs on the first page of the team's list that the demo's tutor does not give. */
async function runsOfOthers(site) {
  let found = [];
  await asVisitor(browser, site, { width: 1280 }, async (team) => {
    await signedIn(team, site.signIns.owner);
    await team.page.goto("/desk");
    await setUpCodes(team);
    await team.page.goto("/desk/runs");
    await arrive(team.page, "Runs");
    const rows = team.page.locator("tbody tr").filter({ hasNotText: "Priya" });
    const links = await rows.locator('a[href^="/desk/runs/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    found = [...new Set(links.map((link) => link.split("/")[3]))];
  });
  return found;
}

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`a tutor opens the list, marks who came, prints it, and whoever is on it reads that (${how})`, async () => {
    const site = await startSite();
    try {
      const others = await runsOfOthers(site);
      let emails = [];
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
        emails = (await page.getByRole("main").locator('a[href^="mailto:"]').allInnerTexts()).slice(0, 4);
        assert.ok(emails.length, "somebody's email address");
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
        await page.emulateMedia({ media: "print" });
        for (const hidden of await page.locator(".wb-nav, .wb-no-print, .wb-foot").all()) assert.equal(await hidden.isVisible(), false, "no navigation on paper");
        const sheets = await page.locator(".wb-sheet").evaluateAll((all) => all.map((sheet) => getComputedStyle(sheet).breakAfter));
        assert.ok(sheets.length > 0);
        assert.ok(sheets.slice(0, -1).every((after) => after === "page"), `a page for each session: ${sheets}`);
        await page.emulateMedia({ media: null });
        // Runs that others give: theirs are not there, but for the one where this tutor stands in.
        assert.ok(others.length > 2, "other tutors have runs");
        const answers = await Promise.all(others.map((run) => tutor.context.request.get(`/tutor/runs/${run}/sheet`)));
        const open = answers.filter((answer) => answer.status() !== 404);
        assert.ok(open.length <= 1, `${open.length} of ${answers.length} runs of others`);
      });

      // One of those on the list signs in by a link, and reads who has looked.
      await asVisitor(browser, site, { scripts, width: 390 }, async (attendee) => {
        const { page } = attendee;
        for (const email of emails) {
          await page.goto("/sign-in/link");
          await page.getByLabel("Email address").fill(email);
          await press(page, "Send me a link");
          await arrive(page, "Look for our email");
        }
        // Whoever was booked by phone has no account to sign in to.
        const letter = await Promise.any(emails.map((email) => site.mail.take(email, /link to sign in/i)));
        await openLetter(attendee, site, letter, "/sign-in/link/");
        await press(page, "Yes, sign me in");
        await arrive(page, "My bookings");
        await page.goto("/account/who-has-seen");
        await see(attendee, /Who has seen/, "who has seen my details");
        assert.ok(await page.locator("tbody tr").filter({ hasText: "Priya Nair, tutor" }).count(), "the tutor's name");
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
