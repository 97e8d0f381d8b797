// What people do on the site, in words the tests share.
import assert from "node:assert/strict";
import { look } from "./looks.mjs";
import { links } from "./mail.mjs";

/** Waits for the page with this title. */
export async function arrive(page, title) {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return page;
}

/** Waits for the page with this title and looks at it as every page is looked at. */
export async function see(who, title, name) {
  await arrive(who.page, title);
  await look(who, name ?? `${title}`);
}

export const press = (page, name) => page.getByRole("button", { name }).first().click();
/** Follows a link. */
export const follow = (page, name) => page.getByRole("link", { name }).first().click();

/** The page says what is wrong, and where: summary first, in focus, with links to the fields. */
export async function refused(who, words, name) {
  const { page } = who;
  const summary = page.getByRole("alert").or(page.locator(".govuk-error-summary")).first();
  await summary.getByText(words).first().waitFor();
  assert.match(await page.title(), /^Error: /);
  await page.locator(".govuk-error-summary:focus").waitFor();
  for (const link of await summary.getByRole("link").all()) {
    const target = await link.getAttribute("href");
    assert.match(target, /^#./);
    assert.equal(await page.locator(target.replace(/:/g, "\\:")).count(), 1, `${target} is on the page`);
  }
  await look(who, `${name}, refused`);
}

/**
 * Opens a course that has places left from the list, and answers its title. Its first date is to come: who joins a course
 * that has begun stops coming instead of cancelling, and has fewer sessions than the course.
 */
export async function findCourse(who, filter = "?free=yes&for=everyone&for=adults") {
  const { page } = who;
  await page.goto("/");
  await arrive(page, "Free courses to help you feel better");
  await page.goto(`/courses${filter}`);
  await see(who, "Find a course");
  for (let at = 0; ; at += 1) {
    const link = page.locator(".wb-course__title a").nth(at);
    const title = (await link.innerText()).trim();
    await link.click();
    await see(who, title, "course");
    if ((await page.getByText("You can still join").count()) === 0) return title;
    await page.goBack();
    await arrive(page, "Find a course");
  }
}

export const jane = (email) => ({
  name: "Margaret Ashdown",
  known: "Maggie",
  born: ["31", "3", "1952"],
  email,
  phone: "07700 900214",
  postcode: "BA2 3QT",
  password: "teapot ladder moss orbit",
});

/**
 * Answers every question of the sign-up, each wrongly first; every wrong answer must still be there.
 * Ends on "Check your answers".
 */
export async function answerQuestions(who, person, { wrongFirst = true } = {}) {
  const { page } = who;
  const next = () => press(page, "Continue");
  const wrong = async (fill, words, name, still) => {
    if (!wrongFirst) return;
    await fill();
    await next();
    await refused(who, words, name);
    await still?.();
  };
  const value = async (label, expected) => assert.equal(await page.getByLabel(label).first().inputValue(), expected, `${label} keeps what was typed`);

  await see(who, "What is your name?");
  await wrong(() => page.getByLabel("What should we call you?").fill(person.known), "Enter your name", "name", () => value("What should we call you?", person.known));
  await page.getByLabel("Full name").fill(person.name);
  await page.getByLabel("What should we call you?").fill(person.known);
  await next();

  await see(who, "What is your date of birth?");
  const [day, month, year] = person.born;
  const born = async (d, m, y) => {
    await page.getByLabel("Day").fill(d);
    await page.getByLabel("Month").fill(m);
    await page.getByLabel("Year").fill(y);
  };
  await wrong(() => born(day, month, "52"), /The year must have 4 numbers/, "date of birth", () => value("Year", "52"));
  await born(day, month, year);
  await next();

  await see(who, "What is your email address?");
  await wrong(() => page.getByLabel("What is your email address?").fill("maggie at home"), /spaces|@/, "email", () => value("What is your email address?", "maggie at home"));
  await page.getByLabel("What is your email address?").fill(person.email);
  await next();

  await see(who, "What is your phone number?");
  await wrong(() => page.getByLabel("What is your phone number?").fill("900214"), /Enter a full phone number/, "phone", () => value("What is your phone number?", "900214"));
  await page.getByLabel("What is your phone number?").fill(person.phone);
  await next();

  if (person.guardian) {
    const { name, email, phone } = person.guardian;
    await see(who, "Who is your parent or guardian?");
    await wrong(() => page.getByLabel("Their full name").fill(name), /email address/, "guardian", () => value("Their full name", name));
    await page.getByLabel("Their full name").fill(name);
    await page.getByLabel("Their email address").fill(email);
    await page.getByLabel("Their phone number").fill(phone);
    await next();
  }

  await see(who, "What is your postcode?");
  await wrong(() => page.getByLabel("What is your postcode?").fill("BA2"), /Enter a full postcode/, "postcode", () => value("What is your postcode?", "BA2"));
  await page.getByLabel("What is your postcode?").fill(person.postcode);
  await next();

  await see(who, "How should we reach you?");
  await wrong(() => page.getByRole("radio", { name: "Yes", exact: true }).check(), "Tick at least one way to reach you", "reach", async () =>
    assert.equal(await page.getByRole("radio", { name: "Yes", exact: true }).isChecked(), true),
  );
  await page.getByRole("checkbox", { name: "Email" }).check();
  await page.getByRole("radio", { name: "Yes", exact: true }).check();
  await next();

  await see(who, "Would you like to hear about new courses?");
  await wrong(() => {}, "Choose yes or no", "newsletter");
  assert.equal(await page.getByRole("radio", { checked: true }).count(), 0, "nothing is ticked for people");
  await page.getByRole("radio", { name: "No, thank you" }).check();
  await next();

  await see(who, "Check your answers");
}

/** Goes back through the questions by the Back link and by the browser, and finds every answer. */
export async function goBackAndForth(who, person) {
  const { page } = who;
  await follow(page, "Back");
  await arrive(page, "Would you like to hear about new courses?");
  assert.equal(await page.getByRole("radio", { name: "No, thank you" }).isChecked(), true);
  await follow(page, "Back");
  await arrive(page, "How should we reach you?");
  assert.equal(await page.getByRole("checkbox", { name: "Email" }).isChecked(), true);
  await page.goto("/sign-up/date-of-birth");
  assert.equal(await page.getByLabel("Year").inputValue(), person.born[2]);
  await page.goto("/sign-up/name");
  assert.equal(await page.getByLabel("Full name").inputValue(), person.name);
  await page.goBack();
  await arrive(page, "What is your date of birth?");
  assert.equal(await page.getByLabel("Day").inputValue(), person.born[0]);
}

/** Signs in with a password, on the page that is open. */
export async function signInHere({ page }, { email, password }) {
  await arrive(page, "Sign in");
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

/** Signs in with a password. */
export async function signIn(who, access) {
  await who.page.goto("/sign-in");
  await signInHere(who, access);
}

/** Signs in and waits for "My bookings". */
export async function signedIn(who, access) {
  await signIn(who, access);
  await arrive(who.page, "My bookings");
}

/** Every address where a run of these courses can be booked, soonest course first. */
export async function bookable(site, query = "free=yes") {
  const found = [];
  for (let at = 1; at < 20; at += 1) {
    const list = await (await fetch(`${site.url}/courses?${query}&page=${at}`)).text();
    const courses = [...list.matchAll(/wb-course__title"><a href="(\/courses\/[a-z0-9-]+)/g)].map(([, path]) => path);
    const fresh = courses.filter((path) => !found.some((run) => run.startsWith(`${path}/`)));
    if (fresh.length === 0) break;
    for (const path of fresh) {
      const course = await (await fetch(site.url + path)).text();
      found.push(...new Set([...course.matchAll(/href="(?:\/sign-in\?next=)?(\/courses\/[a-z0-9-]+\/[a-z0-9]+\/book)"/g)].map(([, run]) => run)));
    }
  }
  return found;
}

/** Opens the first of these addresses whose page is the one to book from and fits. */
export async function openToBook(who, runs, fits = () => true) {
  for (const run of runs) {
    const html = await (await who.context.request.get(run)).text();
    if (!/<h1>Check your answers, then book<\/h1>/.test(html) || !fits(html)) continue;
    await who.page.goto(run);
    await arrive(who.page, "Check your answers, then book");
    return run;
  }
  throw new Error(`none of ${runs.length} runs can be booked here`);
}

/** Opens the one link of a letter that has a token in it. Opening it twice changes nothing. */
export async function openLetter(who, site, letter, path) {
  const link = links(letter, site.url).find((l) => new URL(l).pathname.startsWith(path));
  assert.ok(link, `a link to ${path} in “${letter.subject}”:\n${letter.text}`);
  // Programs that check mail open every link first.
  for (let times = 0; times < 2; times += 1) assert.equal((await fetch(link)).status, 200);
  await who.page.goto(link);
}

/** Nobody reads a page and presses its button within three seconds; the site counts, by its own clock. */
export const readIt = (who) => who.site.forward(5);

/** From "Check your answers" through the last check. With scripts it solves itself; without, the email is the check. */
export async function passCaptcha(who) {
  const { page } = who;
  await follow(page, "Go on");
  await see(who, "One last check");
  await readIt(who);
  if (who.scripts) {
    // It is ticked only when the sums are done.
    await page.getByRole("checkbox", { name: "I am a person" }).click({ timeout: 30_000 });
    await page.locator("altcha-widget [data-state=verified]").waitFor({ timeout: 60_000 });
    await look(who, "One last check, done");
  }
  await press(page, "Send me the email");
}

/** Presses "Book my place", with a note on what would help. Only what somebody chose before (`known`) may be ticked. */
export async function bookFromCheck(who, { known = false } = {}) {
  const { page } = who;
  if (!known) assert.equal(await page.getByRole("checkbox", { checked: true }).count(), 0, "nothing is ticked for people");
  await page.getByLabel(/What would help you on the day/).fill("A chair with arms. I may need to stand up.");
  await page.getByRole("radio", { name: "Email", exact: true }).check();
  await press(page, "Book my place");
}
