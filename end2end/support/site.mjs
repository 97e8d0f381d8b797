// Starts the real server (a rehearsal build) on a free port over demo data of its own, and stops it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startMail } from "./mail.mjs";

const program = process.env.WELLBEING_BIN;

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function environment(data, more = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("WELLBEING_") && name !== "DATABASE_URL");
  return { ...Object.fromEntries(own), WELLBEING_DATA_DIR: join(data, "data"), RUST_LOG: "warn", ...more };
}

/** Fills a new folder with the demo's courses and people. Every test file gets a copy of it. */
export async function makeDemo() {
  if (!program) throw new Error("WELLBEING_BIN is the server to test: run `make e2e`");
  const folder = await mkdtemp(join(tmpdir(), "wellbeing-demo-"));
  const child = spawn(program, ["demo"], { env: environment(folder), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the demo ended with ${code}:\n${said}`);
  return folder;
}

const kinds = [
  ["volunteer", /volunteer/],
  ["unverified", /not opened/],
  ["owner", /looks after staff accounts/],
  ["tutor", /a tutor/],
  ["officer", /data protection officer/],
];

/** The accounts of the demo: `{ member, volunteer, unverified, owner, tutor, officer }`, each `{ email, password }`. */
async function signIns(folder) {
  const text = await readFile(join(folder, "data", "demo-sign-in.txt"), "utf8");
  const found = {};
  for (const block of text.split(/\n\s*\n/).slice(1)) {
    const [who, email, password] = block.split("\n").map((line) => line.trim());
    const [kind] = kinds.find(([, words]) => words.test(who)) ?? ["member"];
    found[kind] = { email, password };
  }
  return found;
}

/** A running site over a copy of the demo, of another build if `bin` says so. `stop()` it at the end. */
export async function startSite({ bin = program, ...settings } = {}) {
  if (!program) throw new Error("WELLBEING_BIN is the server to test: run `make e2e`");
  const demo = process.env.WELLBEING_DEMO ?? (process.env.WELLBEING_DEMO = await makeDemo());
  const folder = await mkdtemp(join(tmpdir(), "wellbeing-e2e-"));
  await cp(demo, folder, { recursive: true });
  const mail = await startMail();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(bin, ["serve"], {
    env: environment(folder, {
      WELLBEING_LISTEN: `127.0.0.1:${port}`,
      WELLBEING_SITE_URL: url,
      WELLBEING_MAIL: `smtp://127.0.0.1:${mail.port}`,
      ...settings,
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (log += bytes));
  let ended = false;
  child.once("close", () => (ended = true));
  const stop = async () => {
    if (!ended) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
      if (!ended) await once(child, "close");
      clearTimeout(late);
    }
    await mail.stop();
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries += 1) {
    if (ended || tries > 300) {
      await stop();
      throw new Error(`the server did not start:\n${log}`);
    }
    const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    await sleep(50);
  }
  /** What a rehearsal build alone can be asked to do. */
  const rehearse = async (what, how = {}) => {
    const answer = await fetch(`${url}/rehearsal/${what}`, { method: "POST", body: new URLSearchParams(how) });
    if (!answer.ok) throw new Error(`/rehearsal/${what} answered ${answer.status}`);
    return answer.text();
  };
  const clock = (how) => rehearse("clock", how);
  /** Moves it on. */
  const forward = (seconds) => clock({ forward: `${seconds}` });
  /** Sets it to a time such as `2027-01-04T09:00:00Z`. */
  const setClock = (now) => clock({ now });
  return { url, mail, stop, forward, setClock, rehearse, folder, signIns: await signIns(folder), log: () => log };
}
