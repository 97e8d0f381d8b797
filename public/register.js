// The tutor's register where the connection comes and goes. Each mark is kept on this phone as soon as it is made, sent at once,
// and forgotten when the server has it. What is kept: numbers of places and sessions, the mark and when it was made; no names.
// It is kept under a word for the account that made it, also when somebody signs out: nobody else can send or count it.
const note = document.querySelector("[data-account]");
const page = document.querySelector("[data-kept-marks]");
if (note) desk();
else if (page) offline();

/** All that is kept under `start`, as [key, { to, session, marks: { place: [mark, when] } }]. */
function kept(start) {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(start))
    .map((key) => [key, JSON.parse(localStorage.getItem(key))]);
}

function number(queues) {
  return queues.reduce((sum, [, queue]) => sum + Object.keys(queue.marks).length, 0);
}

function are(n) {
  return n === 1 ? "1 mark is" : `${n} marks are`;
}

function were(n) {
  return n === 1 ? "1 mark was" : `${n} marks were`;
}

/** The page for a reload without a connection: how many marks the account that was here last has on this phone. */
function offline() {
  const n = number(kept(`marks ${localStorage.getItem("marks-of")} `));
  if (n > 0) page.textContent = `${are(n)} kept on this phone and will be sent when you open a register with a connection.`;
  // A phone says that it is online before anything gets through.
  let wait = 3000;
  let again;
  const look = async () => {
    clearTimeout(again);
    const answers = navigator.onLine && (await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false));
    if (answers) return location.reload();
    again = setTimeout(look, wait);
    wait = Math.min(wait * 2, 60_000);
  };
  addEventListener("online", look);
  again = setTimeout(look, wait);
}

function desk() {
  const { account, session } = note.dataset;
  const start = `marks ${account} `;
  const here = start + session;
  const form = document.querySelector("form.wb-register");
  const month = 30 * 24 * 3600 * 1000;
  try {
    localStorage.setItem("marks-of", account);
    // A list is closed two weeks after the last session: what nobody came back to send for a month is of no use.
    for (const [key, { marks }] of kept("marks ")) {
      if (Object.values(marks).every(([, when]) => Date.now() - when > month)) localStorage.removeItem(key);
    }
  } catch {
    // A phone that keeps nothing: the form is sent as it is without scripts.
    return;
  }
  navigator.serviceWorker?.register("/tutor/worker.js", { scope: "/tutor" }).catch(() => {});

  const say = (words, link) => {
    note.textContent = words;
    if (!link) return;
    const a = document.createElement("a");
    a.href = link;
    a.textContent = "Sign in again";
    note.append(" ", a, " to send them.");
  };

  // What the server has, by place. A mark that it has can be taken away, so its group has one more radio.
  const saved = new Map();
  const group = (place) => form?.querySelector(`#mark-${place}-came`)?.closest("fieldset");
  const chosen = (marks) => marks?.querySelector(":checked");
  const placeOf = (radio) => radio.name.replace("mark-", "");

  const known = (place) => JSON.parse(localStorage.getItem(here))?.marks[place]?.[0] ?? saved.get(place) ?? "none";

  /** Shows a mark. The page then counts as unchanged: what is kept is not lost when the desk closes. */
  function show(place, mark) {
    const marks = group(place);
    if (!marks) return;
    if (!marks.querySelector("[value=none]")) {
      const item = marks.lastElementChild.cloneNode(true);
      const [input, label] = item.children;
      input.id = label.htmlFor = `mark-${place}-none`;
      input.value = "none";
      input.checked = input.defaultChecked = false;
      label.textContent = "Not marked";
      marks.append(item);
    }
    for (const radio of marks.querySelectorAll("input")) radio.checked = radio.defaultChecked = radio.value === mark;
  }

  function count() {
    const all = [...form.querySelectorAll("fieldset")];
    const marked = all.filter((marks) => marks.querySelector("[value=none]") && chosen(marks)?.value !== "none");
    document.querySelector(".wb-register__count").textContent = `${marked.length} of ${all.length} marked`;
  }

  function keep(radio) {
    const queue = JSON.parse(localStorage.getItem(here)) ?? { to: form.getAttribute("action"), session, marks: {} };
    queue.marks[placeOf(radio)] = [radio.value, Date.now()];
    localStorage.setItem(here, JSON.stringify(queue));
    show(placeOf(radio), radio.value);
    count();
  }

  if (form) {
    for (const marks of form.querySelectorAll("fieldset")) {
      if (marks.querySelector("[value=none]") && chosen(marks)) saved.set(placeOf(chosen(marks)), chosen(marks).value);
    }
    for (const [key, queue] of kept(start)) {
      if (key === here) for (const [place, [mark]] of Object.entries(queue.marks)) show(place, mark);
    }
    count();
    let soon;
    form.addEventListener("change", ({ target }) => {
      try {
        keep(target);
      } catch {
        return;
      }
      clearTimeout(soon);
      soon = setTimeout(send, 700);
    });
    form.addEventListener("submit", (event) => {
      try {
        // Whoever told us that they cannot come is chosen already, and not marked yet.
        for (const marks of form.querySelectorAll("fieldset")) {
          const radio = chosen(marks);
          if (radio && radio.value !== known(placeOf(radio))) keep(radio);
        }
      } catch {
        return;
      }
      event.preventDefault();
      clearTimeout(soon);
      send({ pressed: true });
    });
  }

  let sending = false;
  let again;
  const first = 5000;
  let wait = first;

  /** Sends all that is kept for this account, and says how it went. */
  async function send({ pressed = false } = {}) {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    let how = "";
    let sent = 0;
    const not = { open: 0, last: 0 };
    // What our side fails to take of one register does not keep back the others.
    const tried = new Set();
    for (let next; how !== "away" && how !== "sign in" && (next = kept(start).find(([key]) => !tried.has(key))); ) {
      const one = navigator.onLine ? await sendOne(next, not) : "away";
      if (one) tried.add(next[0]);
      else sent += number([next]);
      how = one || how;
    }
    sending = false;
    const n = number(kept(start));
    if (how === "sign in") {
      say(`You are signed out. ${are(n)} kept on this phone.`, `/sign-in?next=${encodeURIComponent(location.pathname)}`);
    } else if (how === "shut") {
      // No role or no training in date: the names go, the marks stay for whoever opens the desk again.
      document.querySelector("main").hidden = true;
      say(`You cannot open this list now. ${are(n)} kept on this phone. Ring the office.`);
      document.body.append(note);
    } else if (how) {
      const why = how === "away" ? "No connection." : "We cannot save that just now.";
      say(`${why} ${are(n)} kept on this phone and will be sent when ${how === "away" ? "it is back" : "we can"}.`);
      again = setTimeout(send, wait);
      wait = Math.min(wait * 2, 120_000);
    } else {
      wait = first;
      const words = [];
      if (not.open) words.push(`${were(not.open)} not taken. That list is closed, or not yours any more.`);
      if (not.last) words.push(`${were(not.last)} not taken. Somebody marked it later, or the place is not on the list any more.`);
      if (words.length) say(words.join(" "));
      else say(sent || pressed ? "The register is saved." : "");
    }
  }

  /** Sends what is kept of one register. Gives what stands in the way, if anything does. */
  async function sendOne([key, queue], not) {
    const body = new URLSearchParams({ account, session: queue.session });
    for (const [place, [mark, when]] of Object.entries(queue.marks)) {
      body.append(`mark-${place}`, mark);
      body.append(`ago-${place}`, Math.max(0, Math.round((Date.now() - when) / 1000)));
    }
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 20_000);
    let told;
    try {
      const answer = await fetch(queue.to, { method: "POST", body, redirect: "manual", headers: { accept: "application/json" }, signal: stop.signal });
      if (answer.type === "opaqueredirect") return "sign in";
      if (answer.status === 403 || answer.status === 404) return "shut";
      if (!answer.ok) return "failed";
      told = await answer.json();
    } catch {
      return "away";
    } finally {
      clearTimeout(late);
    }
    if (told.signIn) return "sign in";
    dispatchEvent(new Event("still-here"));
    if (!told.refused && !told.marks) return "failed";
    // What was marked meanwhile stays.
    const now = JSON.parse(localStorage.getItem(key)) ?? { ...queue, marks: {} };
    for (const [place, [mark, when]] of Object.entries(queue.marks)) {
      const taken = (told.refused ? saved.get(place) : told.marks[place]) ?? "none";
      if (told.refused) not.open += 1;
      else if (taken !== mark) not.last += 1;
      if (now.marks[place] && now.marks[place][1] !== when) continue;
      delete now.marks[place];
      if (key !== here || !form) continue;
      saved.set(place, taken);
      if (taken !== mark) show(place, taken);
      count();
    }
    if (Object.keys(now.marks).length > 0) localStorage.setItem(key, JSON.stringify(now));
    else localStorage.removeItem(key);
    return "";
  }

  addEventListener("online", () => {
    wait = first;
    send();
  });
  addEventListener("offline", () => {
    const n = number(kept(start));
    if (n > 0) say(`No connection. ${are(n)} kept on this phone and will be sent when it is back.`);
    else if (form) say("No connection. You can go on marking.");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send();
  });
  send();
}
