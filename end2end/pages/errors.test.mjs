// The pages that people see when something is wrong: in plain words, with the phone number.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { look, lookEverywhere } from "../support/looks.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, press, signIn } from "../support/steps.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const phone = (page) => page.getByRole("main").getByRole("link", { name: /^0\d/ }).first().waitFor();

test("a page that is not there", async () => {
  await asVisitor(browser, site, { allow: [404] }, async (who) => {
    const answer = await who.page.goto("/courses/no-such-course");
    assert.equal(answer.status(), 404);
    await phone(who.page);
    await look(who, "not found");
    await lookEverywhere(who, "not found");
  });
});

test("a form that is too long", async () => {
  await asVisitor(browser, site, { allow: [413] }, async (who) => {
    const { page } = who;
    await page.goto("/newsletter");
    await page.getByLabel("Your email address").evaluate((field) => (field.value = "a".repeat(70_000)));
    const [answer] = await Promise.all([page.waitForResponse((a) => a.request().method() === "POST"), press(page, "Send it to me")]);
    assert.equal(answer.status(), 413);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await phone(page);
    await look(who, "too long");
  });
});

test("a form that another site sent", async () => {
  await asVisitor(browser, site, { allow: [403], elsewhere: "http://127.0.0.2:1" }, async (who) => {
    const { page } = who;
    const foreign = "http://127.0.0.2:1";
    await page.route(`${foreign}/**`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><html lang="en"><title>Elsewhere</title><form method="post" action="${site.url}/sign-out"><button>Win a prize</button></form>` }),
    );
    await page.goto(`${foreign}/`);
    const [answer] = await Promise.all([page.waitForResponse((a) => a.url().startsWith(site.url)), press(page, "Win a prize")]);
    assert.equal(answer.status(), 403);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await phone(page);
    await look(who, "sent from another site");
  });
});

test("too many tries to sign in: wait, or ring; never locked out", async () => {
  await asVisitor(browser, site, { allow: [422, 429] }, async (who) => {
    const { page, context } = who;
    const { unverified } = site.signIns;
    for (let tries = 0; tries < 10; tries += 1) {
      await context.request.post("/sign-in", { headers: { origin: site.url }, form: { email: unverified.email, password: "not the one at all" } });
    }
    await signIn(who, unverified);
    await arrive(page, "Please wait a little");
    await phone(page);
    await look(who, "please wait");
    await site.forward(16 * 60);
    await signIn(who, unverified);
    await arrive(page, "Please open our email first");
  });
});

test("a month and a list page that are not there", async () => {
  await asVisitor(browser, site, { allow: [404] }, async (who) => {
    await who.page.goto("/calendar/2026-13");
    await look(who, "not found, month");
    await who.page.goto("/courses?page=999");
    await who.page.getByRole("heading", { level: 1 }).first().waitFor();
    await look(who, "courses, page 999");
  });
});
