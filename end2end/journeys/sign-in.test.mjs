// Signing in and out: by password, by an emailed link, with a forgotten password.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, openLetter, press, refused, see, signIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const scripts of [true, false]) {
  const how = scripts ? "scripts on" : "scripts off";

  test(`by password, and out again (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page, context } = who;
      const { member } = site.signIns;
      await page.goto("/sign-in");
      await see(who, "Sign in");
      await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
      await refused(who, "Enter your email address", "sign in, empty");
      await signIn(who, { email: member.email, password: "not the one at all" });
      await refused(who, "That email and password do not go together", "sign in");
      assert.equal(await page.getByLabel("Email address").inputValue(), member.email, "the address is still there");
      assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "", "the password is not");
      assert.equal(await page.getByRole("checkbox", { name: /Keep me signed in/ }).isChecked(), false, "never ticked for them");
      await signIn(who, member);
      await see(who, "My bookings");
      await page.goto("/account");
      await see(who, "My details");
      await page.goto("/account/security");
      await see(who, "Password and sign-in");
      await press(page, "Sign out");
      await page.getByText("You are signed out").first().waitFor();
      assert.equal((await context.cookies()).some((c) => c.name === "sid"), false);
      await page.goto("/account/bookings");
      await arrive(page, "Sign in");
    });
  });

  test(`by an emailed link, once (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390, allow: [422, 410] }, async (who) => {
      const { page, context } = who;
      const { email } = site.signIns.member;
      await page.goto("/sign-in");
      await follow(page, "Email me a link to sign in");
      await see(who, "Email me a link to sign in");
      await press(page, "Send me a link");
      await refused(who, "Enter your email address", "sign-in link");
      await page.getByLabel("Email address").fill(email);
      await press(page, "Send me a link");
      await see(who, "Look for our email");
      const letter = await site.mail.take(email, /link to sign in/i);
      await openLetter(who, site, letter, "/sign-in/link/");
      await see(who, /Sign in as/, "sign in by link");
      assert.equal((await context.cookies()).some((c) => c.name === "sid"), false, "opening the link signs nobody in");
      const link = page.url();
      await press(page, "Yes, sign me in");
      await arrive(page, "My bookings");
      await context.clearCookies();
      await page.goto(link);
      await see(who, "This link has run out");
    });
  });

  test(`with a forgotten password (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page, context } = who;
      const { volunteer } = site.signIns;
      const fresh = `kettle ladder ${scripts ? "moss" : "fern"} orbit`;
      await page.goto("/sign-in");
      await follow(page, "I have forgotten my password");
      await see(who, "Forgotten your password?");
      await page.getByLabel("Email address").fill(volunteer.email);
      await press(page, "Send me a link");
      await see(who, "Look for our email", "forgotten password, sent");
      await openLetter(who, site, await site.mail.take(volunteer.email, /new password/i), "/forgotten-password/");
      await see(who, "Choose a new password");
      await page.getByLabel("New password").fill("password123");
      await press(page, "Save my new password");
      await refused(who, /Lots of people use this one|guess/, "new password");
      await page.getByLabel("New password").fill(fresh);
      await press(page, "Save my new password");
      await page.getByText("Your new password is saved").first().waitFor();
      await site.mail.take(volunteer.email, /password was changed/i);
      await context.clearCookies();
      await signIn(who, { email: volunteer.email, password: fresh });
      await arrive(page, "My bookings");
    });
  });

  test(`an unknown address is answered as a known one (${how})`, async () => {
    await asVisitor(browser, site, { scripts, width: 390 }, async (who) => {
      const { page } = who;
      await signIn(who, { email: "nobody@example.org", password: "not the one at all" });
      await refused(who, "That email and password do not go together", "sign in, unknown");
      await page.goto("/sign-in/link");
      await page.getByLabel("Email address").fill("nobody@example.org");
      await press(page, "Send me a link");
      await arrive(page, "Look for our email");
    });
  });
}
