// The register in a village hall: the connection goes, marks stay on the phone without a name, and arrive when it is back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { atTheTutorDesk, setUpCodes } from "../support/code.mjs";
import { startSite } from "../support/site.mjs";
import { arrive, follow, press, see, signIn } from "../support/steps.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

async function signOut(page) {
  await press(page, "Sign out");
  await page.getByText("You are signed out").first().waitFor();
}

/** Opens the register of a session that can be marked, with at least four people on it that nobody has marked. */
async function openRegister(tutor, key) {
  const { page, site } = tutor;
  for (let weeks = 0; weeks < 20; weeks += 1) {
    const runs = await page.locator("section", { has: page.getByRole("heading", { name: "On now" }) }).getByRole("link").all();
    const addresses = await Promise.all(runs.map((run) => run.getAttribute("href")));
    for (const address of addresses) {
      await page.goto(`${address}/sessions/1`);
      if ((await page.getByRole("group").filter({ hasNot: page.getByRole("radio", { checked: true }) }).count()) >= 4) return;
    }
    await site.forward(7 * 24 * 3600);
    await atTheTutorDesk(tutor, key);
    await arrive(page, "My runs");
  }
  throw new Error("no run of the tutor's has four people to mark");
}

/** Everything that the browser keeps for this site, as one text: storage, caches, databases. */
async function everythingKept(page) {
  return page.evaluate(async () => {
    const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) kept.push(name, request.url, await (await cache.match(request)).text());
    }
    for (const { name, version } of await indexedDB.databases()) {
      const open = indexedDB.open(name, version);
      const base = await new Promise((done, failed) => Object.assign(open, { onsuccess: () => done(open.result), onerror: failed }));
      for (const store of base.objectStoreNames) {
        const all = base.transaction(store).objectStore(store).getAll();
        kept.push(JSON.stringify(await new Promise((done, failed) => Object.assign(all, { onsuccess: () => done(all.result), onerror: failed }))));
      }
      base.close();
    }
    return kept.join("\n");
  });
}

/** Nothing that the list shows of anybody is kept in this browser. */
async function nobodyIsKept(page, people) {
  const kept = (await everythingKept(page)).toLowerCase();
  return people.filter((words) => kept.includes(words.toLowerCase()));
}

const said = (page, words) => page.getByRole("status").filter({ hasText: words }).waitFor();
const mark = (page, at, name) => page.getByRole("group").nth(at).getByRole("radio", { name, exact: true }).check({ force: true });
const chosen = (page) => page.locator(".wb-marks").evaluateAll((all) => all.map((marks) => marks.querySelector(":checked")?.value ?? ""));

test("marks made without a connection stay on the phone, without names, and arrive when it is back", async () => {
  const site = await startSite();
  try {
    await asVisitor(browser, site, { width: 390, allow: [422, 404, 503], offline: true }, async (tutor) => {
      const { page, context } = tutor;
      await page.goto("/sign-in?next=%2Ftutor");
      await signIn(tutor, site.signIns.tutor);
      await page.goto("/tutor");
      const key = await setUpCodes(tutor);
      await follow(page, "I have kept them");
      await arrive(page, "My runs");
      await openRegister(tutor, key);
      await page.evaluate(() => navigator.serviceWorker.ready);
      const register = page.url();
      const people = await page.locator(".wb-register__person").evaluateAll((all) =>
        all.flatMap((one) => [one.querySelector("h3").textContent, ...[...one.querySelectorAll(".wb-register__reach a")].flatMap((a) => [a.textContent, a.href])]).map((words) => words.trim().replace(/^(tel|mailto):/, "")),
      );
      assert.ok(people.length >= 8, "names, phones and emails");
      const marks = (await chosen(page)).length;
      const firstFour = async () => (await chosen(page)).slice(0, 4);
      // What is marked is sent without a press on the button.
      await mark(page, 0, "Came");
      await said(page, "The register is saved.");
      await see(tutor, /^Session \d/, "register, saved by itself");

      // The connection goes half-way.
      await context.setOffline(true);
      await said(page, "No connection. You can go on marking.");
      await mark(page, 1, "Came");
      await said(page, "No connection. 1 mark is kept on this phone and will be sent when it is back.");
      await mark(page, 2, "Came");
      await mark(page, 2, "Did not come");
      await mark(page, 0, "Not marked");
      await said(page, "3 marks are kept on this phone");
      await press(page, "Save the register");
      await said(page, "3 marks are kept on this phone");
      await see(tutor, /^Session \d/, "register, no connection");
      assert.deepEqual(await nobodyIsKept(page, people), []);

      // Opened again it shows nobody, and says so.
      await page.reload();
      await see(tutor, "No connection", "desk, no connection");
      await said(page, "3 marks are kept on this phone and will be sent when you open a register with a connection.");
      const shown = (await page.content()).toLowerCase();
      assert.deepEqual(people.filter((words) => shown.includes(words.toLowerCase())), []);
      assert.deepEqual(await nobodyIsKept(page, people), []);
      const looked = await everythingKept(page);
      assert.match(looked, /No names, phone numbers or email addresses are kept/, "the page for this is what is kept");
      assert.match(looked, /did-not-come/, "and the marks are");
      // The check finds a name wherever it is put.
      for (const put of [
        (name) => localStorage.setItem("x", name),
        (name) => sessionStorage.setItem("x", name),
        async (name) => (await caches.open("x")).put("/tutor/x", new Response(name)),
        (name) =>
          new Promise((done, failed) => {
            const open = indexedDB.open("x", 1);
            open.onupgradeneeded = () => open.result.createObjectStore("x").put(name, 1);
            open.onsuccess = () => done(open.result.close());
            open.onerror = failed;
          }),
      ]) {
        await page.evaluate(put, people[0]);
        assert.deepEqual(await nobodyIsKept(page, people), [people[0]]);
        await page.evaluate(async () => {
          localStorage.removeItem("x");
          sessionStorage.removeItem("x");
          await caches.delete("x");
          await new Promise((done) => Object.assign(indexedDB.deleteDatabase("x"), { onsuccess: done, onerror: done }));
        });
        assert.deepEqual(await nobodyIsKept(page, people), []);
      }

      // It is back: the page looks again by itself, and the marks arrive.
      await context.setOffline(false);
      await page.getByRole("heading", { level: 1, name: /^Session \d/ }).waitFor();
      await said(page, "The register is saved.");
      assert.deepEqual(await firstFour(), ["none", "came", "did-not-come", ""]);
      assert.equal(await page.evaluate(() => Object.keys(localStorage).join()), "marks-of");
      await page.reload();
      assert.deepEqual((await firstFour()).map((value) => value.replace("none", "")), ["", "came", "did-not-come", ""], "the server has them");

      // Away again, and signed out before it is back.
      const signedIn = await context.cookies();
      await context.setOffline(true);
      await mark(page, 3, "Sent apologies");
      await said(page, "1 mark is kept on this phone");
      await context.clearCookies();
      await context.setOffline(false);
      await said(page, "You are signed out. 1 mark is kept on this phone. Sign in again to send them.");
      await see(tutor, /^Session \d/, "register, signed out");
      assert.ok(signedIn.length > 0);

      // Somebody else at the same phone neither sends nor counts it.
      const owner = { ...tutor };
      await page.goto("/sign-in?next=%2Fdesk");
      await signIn(owner, site.signIns.owner);
      await page.goto("/desk");
      const ownersKey = await setUpCodes(owner);
      await page.goto("/desk/staff");
      await follow(page, "Sandra Okoro");
      await page.getByRole("link", { name: /Change roles/i }).click();
      await page.getByRole("checkbox", { name: "Tutor", exact: true }).check();
      await press(page, "Save the roles");
      await page.getByText("The roles are saved.").waitFor();
      await page.goto("/tutor");
      await arrive(page, "My runs");
      await page.waitForLoadState("networkidle");
      assert.equal(await page.getByRole("status").innerText(), "");
      assert.match(await everythingKept(page), /apologies/, "it is still there");
      await page.evaluate(() => navigator.serviceWorker.ready);
      await context.setOffline(true);
      await page.reload();
      await arrive(page, "No connection");
      assert.equal(await page.locator("[data-kept-marks]").innerText(), "");
      await context.setOffline(false);
      await arrive(page, "My runs");
      await signOut(page);
      assert.ok(ownersKey);

      // Whoever made it is here again.
      await atTheTutorDesk(tutor, key);
      await arrive(page, "My runs");
      await said(page, "The register is saved.");
      await page.goto(register);
      assert.deepEqual((await firstFour())[3], "apologies");
      assert.equal((await chosen(page)).length, marks);

      // Our side can fail, too: it is tried again by itself.
      await page.route(register, (route) => (route.request().method() === "POST" ? route.fulfill({ status: 503, body: "" }) : route.fallback()));
      await mark(page, 3, "Did not come");
      await said(page, "We cannot save that just now. 1 mark is kept on this phone and will be sent when we can.");
      await page.unroute(register);
      await said(page, "The register is saved.");
      assert.deepEqual((await firstFour())[3], "did-not-come");

      // A list that is not theirs any more takes nothing, and the tutor is told.
      await context.setOffline(true);
      await mark(page, 3, "Came");
      await said(page, "1 mark is kept on this phone");
      await page.evaluate(() => {
        const key = Object.keys(localStorage).find((name) => name.startsWith("marks "));
        const elsewhere = localStorage.getItem(key).replace(/runs\/[^/]+/, "runs/0190a0a0-0000-7000-8000-000000000000");
        localStorage.setItem(key, elsewhere);
      });
      await context.setOffline(false);
      await said(page, "1 mark was not taken. That list is closed, or not yours any more.");
      await see(tutor, /^Session \d/, "register, a mark not taken");
      assert.deepEqual((await firstFour())[3], "did-not-come", "the page shows what counts");
      assert.equal(await page.evaluate(() => Object.keys(localStorage).join()), "marks-of");
    });
  } finally {
    await site.stop();
  }
});
