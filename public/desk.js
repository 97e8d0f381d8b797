// A desk closes when nothing happens, because people's details are open there. Two minutes before, it asks; one press and it
// stays open. Without scripts it closes all the same, and keeps a form that is sent too late.
const idle = Number(document.querySelector("[data-idle-seconds]").dataset.idleSeconds) * 1000;
const warning = 2 * 60 * 1000;
let since = Date.now();

const element = (name, words, className) => {
  const made = document.createElement(name);
  made.textContent = words;
  if (className) made.className = className;
  return made;
};
const dialog = element("dialog", "", "wb-dialog");
const title = element("h2", "Are you still there?");
title.id = "still-there";
const text = element("p", "You will be signed out in 2 minutes, because people’s details are open here.");
const stay = element("button", "Keep me signed in", "govuk-button");
stay.type = "button";
dialog.setAttribute("aria-labelledby", title.id);
dialog.append(title, text, stay);
document.body.append(dialog);

let over = false;
stay.addEventListener("click", async () => {
  if (!over) {
    try {
      const answer = await fetch("/desk/stay", { method: "POST", redirect: "manual" });
      if (!answer.ok) return end();
      since = Date.now();
    } catch {
      // The connection is away: the next look asks again.
    }
  }
  dialog.close();
});

// What a page sends by itself when something was pressed counts, too.
addEventListener("still-here", () => {
  if (!over) since = Date.now();
});

function end() {
  over = true;
  title.textContent = "You are signed out";
  text.textContent = "Open any page to sign in again. If you were filling in a form, send it: we keep what you typed.";
  stay.textContent = "Close";
  // Nobody reads the page any more, unless something was typed into it that can still be sent.
  const main = document.querySelector("main");
  const changed = (field) => (field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  main.hidden = ![...main.querySelectorAll("form[method=post] :is(input, textarea)")].some(changed);
  if (!dialog.open) dialog.showModal();
}

setInterval(() => {
  const left = since + idle - Date.now();
  if (over || left > warning) return;
  if (left <= 0) end();
  else if (!dialog.open) dialog.showModal();
}, 5000);

// "Who was told" moves by itself: it asks for the counts alone, and for the list, which shows people's names, only when they are
// others. After five minutes it stops: nobody stands before it any more, and a press on "Look again" starts it anew.
const live = () => document.querySelector("[data-live]");
let looks = 30;
// Nobody need be there for it: it does not keep the desk open.
const byItself = { redirect: "error", headers: { "x-by-itself": "1" } };
const watch = live() && setInterval(async () => {
  if (over || looks-- === 0) return clearInterval(watch);
  if (document.hidden) return;
  try {
    const counts = await fetch(live().dataset.live, byItself);
    if (!counts.ok || (await counts.text()) === live().textContent) return;
    const list = await fetch(location.href, byItself);
    if (!list.ok) return;
    const now = new DOMParser().parseFromString(await list.text(), "text/html");
    for (const part of ["[data-live]", "[data-live-list]"]) {
      const [old, fresh] = [document, now].map((page) => page.querySelector(part));
      if (old && fresh) old.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The connection is away: the next look asks again.
  }
}, 10_000);

// Where a page asks who it is, the people who are likely meant are shown.
if (document.querySelector("[data-ahead]")) import("./ahead.js");
