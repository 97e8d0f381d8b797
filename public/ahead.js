// While somebody of the course team types who it is, the people who are likely meant stand below the field (the combobox with a
// list of the ARIA practices). Choosing one opens the form for them. Where the list cannot be had, everything else stays as it is.
const box = document.querySelector("[data-ahead]");
const field = box.querySelector("input");
const fewest = 3;
const pause = 250;

const list = document.createElement("ul");
list.className = "wb-ahead__list";
list.id = `${field.id}-list`;
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "People we know");
const said = document.createElement("p");
said.className = "govuk-visually-hidden";
said.setAttribute("role", "status");
field.after(list, said);
for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) field.setAttribute(name, value);
box.hidden = false;

let people = [];
let at = -1;
let timer;
let asking;

function row({ name, about }, nth) {
  const made = document.createElement("li");
  made.className = "wb-ahead__one";
  made.id = `${list.id}-${nth}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  const [who, more] = [name, about].map((words) => {
    const part = document.createElement("span");
    part.textContent = words;
    return part;
  });
  more.className = "wb-ahead__about";
  made.append(who, " ", more);
  return made;
}

/** The one that Enter would choose. */
function mark(next) {
  list.children[at]?.setAttribute("aria-selected", "false");
  at = next;
  const one = list.children[at];
  if (!one) return field.removeAttribute("aria-activedescendant");
  one.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", one.id);
  one.scrollIntoView({ block: "nearest" });
}

function show(found, words = "") {
  people = found;
  list.replaceChildren(...found.map(row));
  mark(-1);
  list.hidden = found.length === 0;
  field.setAttribute("aria-expanded", String(found.length > 0));
  said.textContent = words;
}

/** What was asked before is of no interest any more. */
function forget() {
  clearTimeout(timer);
  asking?.abort();
}

function close() {
  forget();
  show([]);
}

const count = (n) => (n === 0 ? "Nobody found" : `${n === 1 ? "1 person" : `${n} people`}. Choose with the up and down arrows.`);

async function ask(q) {
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(`${box.dataset.ahead}?q=${encodeURIComponent(q)}`, { signal, redirect: "error", headers: { accept: "application/json" } });
    const found = answer.ok ? await answer.json() : undefined;
    if (!signal.aborted) show(found ?? [], found && count(found.length));
  } catch {
    // The connection is away, or nobody is signed in any more.
    if (!signal.aborted) show([]);
  }
}

/** Opens the form for this person; a date that was chosen already stays chosen. */
function choose({ href }) {
  const run = document.querySelector("select[name=run]")?.value;
  location.assign(run ? `${href}&run=${encodeURIComponent(run)}` : href);
}

field.addEventListener("input", () => {
  forget();
  const q = field.value.trim();
  if (q.replace(/\s/g, "").length < fewest) return show([]);
  mark(-1);
  said.textContent = "";
  timer = setTimeout(ask, pause, q);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing || list.hidden) return;
  const last = people.length - 1;
  if (event.key === "ArrowDown") mark(at < last ? at + 1 : 0);
  else if (event.key === "ArrowUp") mark(at > 0 ? at - 1 : last);
  else if (event.key === "Enter" && at >= 0) choose(people[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});

field.addEventListener("blur", close);
// A press on the list leaves the focus in the field, which would close it.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const one = people[[...list.children].indexOf(event.target.closest("[role=option]"))];
  if (one) choose(one);
});
