// What every page must be: readable by a machine for people who cannot see, wide enough, big enough, valid.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { allSeen } from "./forced.mjs";
import { firstToSee, keepHtml } from "./html.mjs";

/** Sizes of everything that can be pressed, and what sticks out of the window. Runs in the page. */
function measure() {
  const shown = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== "hidden" && style.display !== "none" && element.getClientRects().length > 0;
  };
  const clipped = (element) => {
    // Words for screen readers only, and boxes that scroll by themselves.
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.position === "absolute" && up.offsetWidth <= 1) return true;
      if (["auto", "scroll", "hidden", "clip"].includes(style.overflowX) && up !== document.documentElement) return true;
    }
    return false;
  };
  const width = document.documentElement.clientWidth;
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
  const out = [...document.body.querySelectorAll("*")]
    .filter((element) => !element.closest("svg") || element.tagName === "svg")
    .filter((element) => shown(element) && element.getBoundingClientRect().right > width + 1 && !clipped(element))
    .map(name);
  const small = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(element)) continue;
    // Where the link's own ::after covers its card, the card is the target.
    const spread = getComputedStyle(element, "::after").position === "absolute" ? element.offsetParent : null;
    // The field that people do not see is no target.
    if (element.closest(".govuk-visually-hidden")) continue;
    const box = (spread ?? element).getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.bottom <= 0) continue;
    // A link in a line of text is as high as its line (WCAG 2.5.8 leaves it out); a label makes a small box bigger.
    const inline = element.tagName === "A" && getComputedStyle(element).display === "inline";
    const label = element.labels?.[0]?.getBoundingClientRect();
    const height = Math.max(box.height, label?.height ?? 0);
    const wide = Math.max(box.width, label?.width ?? 0);
    if (!inline && (height < 24 || wide < 24)) small.push(`${name(element)} ${Math.round(wide)}×${Math.round(height)}`);
    const primary = element.matches(".govuk-button, input:not([type=checkbox]):not([type=radio]), select, textarea");
    if (primary && height < 44) small.push(`${name(element)} is ${Math.round(height)} px high, not 44`);
  }
  return { scroll: document.documentElement.scrollWidth, width, out, small };
}

const spacing = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }`;

async function audit(page, name, { without = [], only } = {}) {
  // Our pages have no frames: in this mode axe does not open a second page for what it found in them.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (only ? axe.withRules(only) : axe.disableRules(without)).analyze();
  const words = violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => `${n.target} ${n.any.concat(n.all, n.none).map((c) => c.message).join("; ")}`).slice(0, 4).join(" | ")}`);
  assert.deepEqual(words, [], `axe on ${name}`);
}

async function fits(page, name) {
  const { scroll, width, out, small } = await page.evaluate(measure);
  assert.deepEqual({ out: scroll > width ? [`the page is ${scroll} px wide`, ...out] : out, small }, { out: [], small: [] }, `${name} at ${width} px`);
}

/**
 * Looks at the page as it is: keeps its HTML for the validator, and with scripts on runs axe, sizes and text
 * spacing at 320 px (which is also what a window of 1280 px shows at 400%). The same `name` is looked at once in a run.
 */
export async function look(who, name) {
  const { page } = who;
  if (!who.looks) return;
  keepHtml(name, await who.html());
  if (!who.scripts || !firstToSee(name)) return;
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await audit(page, name);
  await fits(page, name);
  const style = await page.evaluateHandle((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, spacing);
  await style.dispose();
  const wide = await page.evaluate(measure);
  await page.evaluate(() => (document.adoptedStyleSheets = []));
  assert.deepEqual({ out: wide.out, scroll: wide.scroll > wide.width }, { out: [], scroll: false }, `${name} with text spacing`);
  await page.setViewportSize(before);
}

/** One page per template: wider windows, the dark scheme and forced colours. */
export async function lookEverywhere(who, name) {
  const { page } = who;
  if (!firstToSee(`${name}, everywhere`)) return;
  const before = page.viewportSize();
  for (const width of [768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await audit(page, `${name} at ${width} px`);
    await fits(page, name);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  // Colours are all that the dark scheme changes (style/_tokens.scss).
  await audit(page, `${name}, dark`, { only: ["color-contrast", "link-in-text-block"] });
  await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
  await audit(page, `${name}, forced colours`, { without: ["color-contrast"] });
  await allSeen(page, name);
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  await page.setViewportSize(before);
}
