// A real SMTP server that keeps what it is given, and reads it as a mail program would.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import ICAL from "ical.js";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { keepHtml } from "./html.mjs";

export async function startMail() {
  const letters = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    async onData(stream, session, done) {
      const parts = [];
      for await (const part of stream) parts.push(part);
      const letter = await PostalMime.parse(Buffer.concat(parts));
      letters.push({ ...letter, to: session.envelope.rcptTo.map((to) => to.address), taken: false });
      if (letter.html) keepHtml(`mail ${letter.subject}`, letter.html);
      done();
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");

  return {
    port: server.server.address().port,
    letters,
    /** Waits for a letter to this address that nobody has taken yet. */
    async take(to, subject = /./) {
      for (let tries = 0; tries < 300; tries += 1) {
        const found = letters.find((l) => !l.taken && l.to.includes(to.toLowerCase()) && subject.test(l.subject));
        if (found) {
          found.taken = true;
          return found;
        }
        await sleep(50);
      }
      const there = letters.map((l) => `${l.to}: ${l.subject}`).join("; ");
      throw new Error(`no letter to ${to} with subject ${subject} came in 15 s (there are: ${there || "none"})`);
    },
    stop: () => new Promise((done) => server.close(done)),
  };
}

/** The links in a letter's text, those to `site` only. */
export function links(letter, site) {
  return [...letter.text.matchAll(/https?:\/\/[^\s<>"]+/g)].map(([link]) => link.replace(/[.,)]+$/, "")).filter((link) => link.startsWith(site));
}

/** The events of a calendar file, with real times. */
export function events(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((part) => {
    const event = new ICAL.Event(part);
    return {
      uid: event.uid,
      summary: event.summary,
      sequence: event.sequence,
      status: part.getFirstPropertyValue("status"),
      location: event.location,
      zone: part.getFirstProperty("dtstart").getParameter("tzid"),
      start: event.startDate.toJSDate(),
      end: event.endDate.toJSDate(),
      method: calendar.getFirstPropertyValue("method"),
      text: part.toString(),
    };
  });
}

/** The calendar file that came with a letter. */
export function attachedCalendar(letter) {
  const file = letter.attachments.find((a) => /calendar/i.test(a.mimeType));
  if (!file) throw new Error(`no calendar file in “${letter.subject}”`);
  return typeof file.content === "string" ? file.content : new TextDecoder().decode(file.content);
}
