// That a control nobody can see in forced colours is found (end2end/support/forced.mjs looks at one page per template).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asVisitor, launch } from "../support/browser.mjs";
import { vanished } from "../support/forced.mjs";
import { startSite } from "../support/site.mjs";

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([startSite(), launch()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

test("a button that has the colour of its page in forced colours is found, and no other", async () => {
  await asVisitor(browser, site, { looks: false }, async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto("/courses");
    assert.deepEqual(await vanished(page), []);
    await page.evaluate(() => {
      const button = document.createElement("button");
      button.textContent = "Nobody sees this";
      const ground = { background: "Canvas", color: "Canvas", borderColor: "Canvas", outline: "none", boxShadow: "none" };
      Object.assign(button.style, ground, { forcedColorAdjust: "none", display: "block", margin: "20px" });
      document.querySelector("main").prepend(button);
    });
    assert.deepEqual(await vanished(page), ["button “Nobody sees this”"]);
  });
});
