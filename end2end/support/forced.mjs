// Forced colours (goal X1): of the contrast of colours that people chose themselves no rule can tell, a picture can.
import assert from "node:assert/strict";
import UPNG from "upng-js";

/** Around a control its border and its focus ring count too. */
const AROUND = 3;
/** WCAG 2.2, 1.4.11: what has to be seen of a control has this contrast with what is beside it. */
const CONTRAST = 3;
/** Fewer pixels are a speck. */
const LEAST = 8;

/** Everything that can be pressed or typed into and every drawing with a meaning, with its box. Runs in the page. */
function toBeSeen() {
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, svg[role=img]")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".govuk-visually-hidden"))
    .map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const words = (element.textContent || element.getAttribute("aria-label") || element.name || "").trim().slice(0, 40);
      return { name: `${element.tagName.toLowerCase()} “${words}”`, x: left + window.scrollX, y: top + window.scrollY, width, height };
    })
    .filter((box) => box.width > 2 && box.height > 2 && box.x >= 0 && box.y >= 0);
}

/** WCAG's relative luminance of a colour. */
function luminance(rgb) {
  const [r, g, b] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Whether enough of what is in the box stands out from the colour that most of it has. */
function standsOut({ pixels, width, height }, box) {
  const count = new Map();
  const [right, bottom] = [Math.min(width, Math.ceil(box.x + box.width) + AROUND), Math.min(height, Math.ceil(box.y + box.height) + AROUND)];
  for (let y = Math.max(0, Math.floor(box.y) - AROUND); y < bottom; y += 1) {
    for (let x = Math.max(0, Math.floor(box.x) - AROUND); x < right; x += 1) {
      const at = (y * width + x) * 4;
      const rgb = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
      count.set(rgb, (count.get(rgb) ?? 0) + 1);
    }
  }
  const [ground] = [...count].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  return [...count].reduce((sum, [rgb, n]) => sum + (contrast(rgb, ground) >= CONTRAST ? n : 0), 0) >= LEAST;
}

/** What of the page, as it is shown now, cannot be told from what it stands on. */
export async function vanished(page) {
  const boxes = await page.evaluate(toBeSeen);
  const picture = UPNG.decode(await page.screenshot({ fullPage: true, animations: "disabled", caret: "hide" }));
  const { width, height } = picture;
  const pixels = new Uint8Array(UPNG.toRGBA8(picture)[0]);
  return boxes.filter((box) => !standsOut({ pixels, width, height }, box)).map((box) => box.name);
}

/** Everything on the page can be seen in forced colours; it must be open in them. */
export async function allSeen(page, name) {
  assert.deepEqual(await vanished(page), [], `${name}, forced colours: nothing of it can be seen`);
}
