// The browser, and a watch on everything it does: a page that complains in the console fails the test.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-GB"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

/** What the browser says when there is no connection. */
const gone = /net::ERR_(INTERNET_DISCONNECTED|FAILED)$/;

/**
 * A visitor: a browser context of their own. `scripts: false` is a browser without JavaScript.
 * `allow` lists statuses that the test means to meet (a page not found, an answer refused), `elsewhere` the one other
 * site that it plays, and `offline` is a test that takes the connection away. Without `looks` the pages are not judged on the way.
 */
export async function visitor(browser, site, { scripts = true, width = 1280, height = 900, allow = [422], elsewhere, offline = false, looks = true, ...more } = {}) {
  const context = await browser.newContext({
    baseURL: site.url,
    javaScriptEnabled: scripts,
    viewport: { width, height },
    locale: "en-GB",
    timezoneId: "Europe/London",
    ...more,
  });
  // Only a page that hangs takes this long; a busy machine does not.
  context.setDefaultTimeout(30_000);
  const troubles = [];
  const requests = [];
  let shown;
  context.on("request", (request) => {
    requests.push(request);
    const { origin, protocol } = new URL(request.url());
    if (origin !== site.url && origin !== elsewhere && !["data:", "blob:"].includes(protocol)) troubles.push(`asked a third party: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A file that is saved instead of shown counts as aborted.
    if (why === "net::ERR_ABORTED") return;
    if (offline && gone.test(why)) return;
    troubles.push(`request failed: ${request.method()} ${request.url()} ${why}`);
  });
  context.on("response", (response) => {
    if (response.request().isNavigationRequest() && !(response.status() >= 300 && response.status() < 400)) shown = response;
    if (response.status() >= 400 && !allow.includes(response.status())) troubles.push(`${response.status()} for ${response.request().method()} ${response.url()}`);
  });
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // Chromium repeats a refused answer in its console; statuses are judged above.
    if (/^Failed to load resource: the server responded with a status of/.test(message.text())) return;
    if (offline && gone.test(message.text())) return;
    troubles.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => troubles.push(`page error: ${error.error()}`));
  const page = await context.newPage();
  return {
    page,
    context,
    site,
    requests,
    scripts,
    looks,
    /** The HTML of the page as the server sent it. */
    html: () => shown.text(),
    /** Closes the browser; whatever went wrong on the way fails the test now. */
    async leave() {
      const ours = ["sid", "draft", "said", "kept", "known"];
      const cookies = (await context.cookies()).map((cookie) => cookie.name).filter((name) => !ours.includes(name));
      await context.close();
      assert.deepEqual(troubles, [], "what the browser complained about");
      assert.deepEqual(cookies, [], "cookies that are not strictly necessary");
      const wasm = requests.filter((r) => new URL(r.url()).pathname.endsWith(".wasm")).map((r) => r.url());
      assert.deepEqual(wasm, [], "WebAssembly on the public journey");
    },
  };
}

/** Runs `act` as a visitor and judges at the end what their browser saw. */
export async function asVisitor(browser, site, options, act) {
  const who = await visitor(browser, site, options);
  let done = false;
  try {
    await act(who);
    done = true;
  } catch (error) {
    const where = who.page.url();
    const title = await who.page.title().catch(() => "");
    const text = await who.page.locator("main").innerText().catch(() => "");
    error.message = `${error.message}\nat ${where} “${title}”\n${text.slice(0, 800)}`;
    throw error;
  } finally {
    if (done) await who.leave();
    else await who.context.close();
  }
}
