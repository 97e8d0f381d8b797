// A person who uses the keyboard alone: Tab, Enter and Space. The focus must be seen at every step, and never be lost.
import assert from "node:assert/strict";

/** What has the focus, and what of it can be seen. Runs in the page. */
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const label = element.labels?.[0];
  const parts = [[element], [element, "::before"], [element, "::after"], [element.parentElement], ...(label ? [[label], [label, "::before"], [label, "::after"]] : [])];
  // Our one sign of focus is yellow, in both schemes.
  const yellow = parts.some(([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ? style.outlineColor : "";
    return [outline, style.boxShadow, style.backgroundColor].some((paint) => paint.includes("rgb(255, 221, 0)"));
  });
  const box = element.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0 && box.height > 0;
  // Nothing lies over it (WCAG 2.4.11): its middle, or a corner of what is in the window, is its own.
  const [left, right, top, bottom] = [Math.max(box.left, 0), Math.min(box.right, innerWidth), Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const own = (x, y) => {
    const there = document.elementFromPoint(x, y);
    return there && (element.contains(there) || there.contains(element) || label?.contains(there));
  };
  const open = own((left + right) / 2, (top + bottom) / 2) || own(left + 2, top + 2) || own(right - 2, bottom - 2);
  const name = `${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? label?.innerText ?? element.innerText ?? "").trim().slice(0, 50)}”`;
  return { name, yellow, inside, open };
}

/** The page's keyboard. */
export function keyboard(page) {
  const check = async () => {
    const at = await page.evaluate(focused);
    assert.ok(at, `the focus is lost on ${page.url()}`);
    assert.deepEqual({ seen: at.yellow, "in the window": at.inside, uncovered: at.open }, { seen: true, "in the window": true, uncovered: true }, `the focus on ${at.name}, ${page.url()}`);
    return at.name;
  };
  /** Presses Tab until `target` has the focus. */
  const tabTo = async (target, most = 120) => {
    await target.first().waitFor();
    const passed = [];
    for (let presses = 0; presses < most; presses += 1) {
      await page.keyboard.press("Tab");
      passed.push(await check());
      if (await target.first().evaluate((element) => element === document.activeElement)) return passed;
    }
    throw new Error(`Tab does not get to ${target}; it passed ${passed.join(", ")}`);
  };
  return {
    check,
    tabTo,
    type: (text) => page.keyboard.type(text),
    /** Goes to a link, a button or a box by Tab and presses a key on it. */
    async press(target, key = "Enter") {
      const passed = await tabTo(target);
      await page.keyboard.press(key);
      return passed;
    },
  };
}
