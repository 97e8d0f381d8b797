// The check "I am a person", hosted by ourselves: the widget, our words, and the worker that does its sums.
import "./altcha/altcha.js";

const worker = new URL("./altcha/pbkdf2.js", import.meta.url);
const { algorithms, i18n } = globalThis.$altcha;
algorithms.set("PBKDF2/SHA-256", () => new Worker(worker));
i18n.set("en", {
  ...i18n.get("en"),
  label: "I am a person",
  verifying: "Checking. This takes a few seconds.",
  waitAlert: "Checking. This takes a few seconds.",
  verified: "Thank you. That is done.",
  verificationRequired: "Tick this box first",
  error: "The check did not work. Please try again.",
  expired: "The check ran out of time. Please tick it once more.",
});
