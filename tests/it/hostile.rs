//! What nobody means well: into every field of every form, through the real pages, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use reqwest::StatusCode;
use scraper::{ElementRef, Html, Selector};
use wellbeing_courses::accounts::roles::Role;

use crate::authorisation::table;
use crate::bookings::world::{self, RunSpec};
use crate::support::{Answer, Browser, Site};
use crate::vault::book_path;

/// Ends a text box, closes an attribute, opens a script.
const SCRIPT: &str = "</textarea><script>alert(1)</script>\"'><script>alert(1)</script>";
/// What must be on no page.
const RAN: &str = "<script>alert(1)";

/// What is sent in place of an answer: its name, and the words.
fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("script", SCRIPT.to_owned()),
        ("NUL", "Jo\0Bloggs".to_owned()),
        ("over 64 KiB", "x".repeat(70_000)),
        ("bidi", "\u{202e}oJ\u{2066} \u{200f}x\u{2069}\u{202c}".to_owned()),
        ("emoji", "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f3f4}\u{e0067}\u{e007f} a\u{301}\u{300}\u{302}".to_owned()),
        ("lines", "Jo\r\nBcc: everybody@example.org\r\n\r\nx".to_owned()),
    ]
}

/// What a person would answer, so that one bad answer comes among good ones.
fn usual(name: &str) -> &'static str {
    match name {
        "full-name" | "guardian-name" => "Joyce Penhallow",
        "relation" => "carer",
        "where" => "",
        "preferred-name" | "known-as" => "Joy",
        "email" | "new-email" => "joyce@example.org",
        "guardian-email" => "alex@example.org",
        "phone" => "07700 900 982",
        "guardian-phone" => "01632 960 001",
        "postcode" => "BA1 5AL",
        "date-of-birth-day" | "date-of-birth-month" => "3",
        "date-of-birth-year" => "2015",
        "newsletter" | "safe-message" => "yes",
        "remind" | "reach" => "email",
        "format" => "standard",
        "how" => "password",
        // At the desk.
        "name" => "Moving gently",
        "art" => "moving",
        "way" => "phone",
        name if name.contains("password") => "teapot ladder moss",
        _ => "",
    }
}

/// A form on a page: where it goes, its fields, and what a person would send in each; `None` is a box that stays empty.
struct Form {
    action: String,
    fields: Vec<(String, Option<String>)>,
}

impl Form {
    /// What a person would send, but for the words in the field called `bad`.
    fn filled<'a>(&'a self, bad: &'a str, words: &'a str) -> Vec<(&'a str, &'a str)> {
        self.fields
            .iter()
            .filter_map(|(name, usual)| {
                let value = if name == bad {
                    Some(words)
                } else {
                    usual.as_deref()
                };
                value.map(|value| (name.as_str(), value))
            })
            .collect()
    }
}

fn forms(page: &Answer, path: &str) -> Vec<Form> {
    let html: Html = page.html();
    let form = Selector::parse("main form").unwrap();
    let field = Selector::parse("input, textarea, select, button").unwrap();
    html.select(&form)
        .filter(|form| form.attr("method") == Some("post"))
        .map(|form| {
            let mut fields: Vec<(String, Option<String>)> = Vec::new();
            for field in form.select(&field) {
                let Some(name) = field.attr("name") else {
                    continue;
                };
                if fields.iter().all(|(known, _)| known != name) {
                    fields.push((name.to_owned(), value(field, name)));
                }
            }
            Form {
                action: form.attr("action").unwrap_or(path).to_owned(),
                fields,
            }
        })
        .collect()
}

fn value(field: ElementRef<'_>, name: &str) -> Option<String> {
    let own = field.attr("value").unwrap_or_default();
    let is_box = matches!(field.attr("type"), Some("checkbox" | "radio" | "submit"));
    match usual(name) {
        "" if is_box && field.attr("checked").is_none() => None,
        // The trap stays empty; what the page itself put in is sent back.
        "" => Some(own.to_owned()),
        usual => Some(usual.to_owned()),
    }
}

/// One bad answer after another; says what should not have happened.
struct Walk {
    site: Site,
    /// The fields that were filled in.
    asked: BTreeSet<String>,
    /// The pages whose forms were sent.
    walked: BTreeSet<String>,
    /// Where forms were taken in, and how often.
    taken: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Walk {
    fn new(site: Site) -> Self {
        Self {
            site,
            asked: BTreeSet::new(),
            walked: BTreeSet::new(),
            taken: BTreeMap::new(),
            wrong: Vec::new(),
        }
    }

    /// Every form of the page at `path`, in a browser that somebody goes on using.
    async fn page(&mut self, browser: &Browser, path: &str) {
        self.walked.insert(path.to_owned());
        for form in self.forms(browser, path).await {
            for (name, _) in &form.fields {
                for (what, words) in hostile() {
                    self.send(browser, &form, name, what, &words).await;
                }
            }
        }
    }

    /// The same by members, somebody new each time: a booking or a new password changes what the next one would meet.
    async fn page_of_members(&mut self, path: &str) {
        self.walked.insert(path.to_owned());
        let mary = self.site.member("Mary").await.browser;
        for (at, form) in self.forms(&mary, path).await.into_iter().enumerate() {
            for (name, _) in &form.fields {
                for (what, words) in hostile() {
                    let mary = self.site.member("Mary").await.browser;
                    let form = self.forms(&mary, path).await.remove(at);
                    self.send(&mary, &form, name, what, &words).await;
                    // The pages that show what was kept.
                    for shown in ["/account", "/account/bookings", "/account/people"] {
                        let page = mary.get(shown).await;
                        assert!(!page.status.is_server_error(), "{shown} after {path}");
                        self.look(&page, shown);
                    }
                }
            }
        }
    }

    /// The forms as they stand, a while after the page was made.
    async fn forms(&self, browser: &Browser, path: &str) -> Vec<Form> {
        let page = browser.get(path).await;
        let found = forms(&page, path);
        assert!(
            page.status == StatusCode::OK && found.iter().any(|form| !form.fields.is_empty()),
            "{path}: {} {}",
            page.status,
            page.body
        );
        self.site.clock.forward(TimeDelta::seconds(10));
        found
    }

    async fn send(&mut self, browser: &Browser, form: &Form, name: &str, what: &str, words: &str) {
        self.asked.insert(name.to_owned());
        let answer = browser.post(&form.action, &form.filled(name, words)).await;
        let right: &[u16] = match (what, name) {
            ("NUL", _) => &[400],
            ("over 64 KiB", _) => &[413],
            // No browser changes this one.
            (_, "form-key") => &[303, 400, 422],
            (_, "who") => &[303, 404],
            // A desk may also show first what would happen, or not find what a hidden field names.
            _ if form.action.starts_with("/desk/") => &[200, 303, 400, 404, 422, 429],
            // 429: over a limit.
            _ => &[303, 422, 429],
        };
        let place = format!("{what} in {name} of {}", form.action);
        if !right.contains(&answer.status.as_u16()) {
            self.wrong.push(format!("{place}: {}", answer.status));
        }
        self.look(&answer, &place);
        if answer.status == StatusCode::SEE_OTHER {
            *self.taken.entry(form.action.clone()).or_default() += 1;
            let next = browser.get(&answer.location()).await;
            if next.status.is_server_error() {
                self.wrong.push(format!("{place}, then {}", next.status));
            }
            self.look(&next, &place);
        }
    }

    fn look(&mut self, answer: &Answer, place: &str) {
        if answer.body.contains(RAN) {
            self.wrong
                .push(format!("{place}: the script is on the page"));
        }
        if answer
            .headers
            .iter()
            .any(|(name, value)| name == "bcc" || value.as_bytes().contains(&b'<'))
        {
            self.wrong.push(format!("{place}: it is in a header"));
        }
    }
}

/// The forms that are walked here.
const WALKED: [&str; 13] = [
    "/newsletter",
    "/sign-in",
    "/sign-in/link",
    "/forgotten-password",
    "/sign-up/{question}",
    "/sign-up/captcha",
    "/courses/{slug}/{run}/book",
    "/account/people/add",
    "/account/details/{question}",
    "/account/email",
    "/account/about-you",
    "/account/security/password",
    "/account/bookings/{reference}/note",
];
/// The desks' forms that are walked here: those with the most words.
const WALKED_AT_THE_DESK: [&str; 10] = [
    "/desk/topics",
    "/desk/tutors/add",
    "/desk/courses/add",
    "/desk/venues/add",
    "/desk/holidays",
    "/desk/notices",
    "/desk/organisations/add",
    "/desk/staff/invite",
    "/desk/people/{id}",
    "/desk/people/{id}/details",
];
/// The forms that are not, and why.
const NOT_WALKED: [(&str, &[&str]); 8] = [
    (
        "buttons, boxes and lists to choose from: nobody types words",
        &[
            "/sign-up",
            "/sign-up/open-email",
            "/account/bookings/{reference}/cancel",
            "/account/calendar",
            "/account/messages",
            "/account/people/{id}/remove",
            "/account/statistics",
            "/account/verify",
            "/account/waiting/{id}",
            "/account/waiting/{id}/leave",
            "/courses/{slug}/tell-me",
            "/tutor/runs/{id}/sessions/{n}",
        ],
    ),
    (
        "a link from a letter, with buttons and no words",
        &[
            "/cannot-come/{token}",
            "/change-email/{token}",
            "/guardian/{token}",
            "/newsletter/confirm/{token}",
            "/offers/{token}",
            "/sign-in/link/{token}",
            "/unsubscribe/{token}",
            "/verify/{token}",
        ],
    ),
    (
        "a new password, as at /account/security/password",
        &["/forgotten-password/{token}", "/staff-invitation/{token}"],
    ),
    (
        "a code or a number: tests/it/staff/second_step.rs, accounts/text_code.rs and people_desk/claiming.rs",
        &[
            "/account/claim",
            "/account/two-step",
            "/account/two-step/codes",
            "/account/two-step/off",
            "/account/two-step/set-up",
            "/account/two-step/text",
            "/sign-in/second-step",
        ],
    ),
    (
        "the fields of a form that is walked",
        &[
            "/account/people/{id}",
            "/account/people/{id}/guardian",
            "/courses/{slug}/{run}/wait",
            "/desk/courses/{id}/change",
            "/desk/organisations/{id}/invite",
            "/desk/organisations/{id}/name",
            "/desk/people/book",
            "/desk/topics/{id}",
            "/desk/tutors/{id}/words",
            "/desk/venues/{id}/change",
        ],
    ),
    (
        "words that have a test of their own: tests/it/feedback.rs and registers/messages.rs",
        &["/feedback/{token}", "/tutor/runs/{id}/message"],
    ),
    (
        "a desk's choices, dates and numbers",
        &[
            "/desk/calls",
            "/desk/courses/{id}",
            "/desk/feedback/{id}",
            "/desk/letters",
            "/desk/messages/reminders",
            "/desk/organisations/{id}/close",
            "/desk/organisations/{id}/coordinators/{account}",
            "/desk/people/{id}/code",
            "/desk/people/{id}/merged/{merge}",
            "/desk/people/{id}/sharing",
            "/desk/reports/{period}/publish",
            "/desk/runs/open",
            "/desk/runs/roll",
            "/desk/runs/{id}/attendance",
            "/desk/runs/{id}/booking",
            "/desk/runs/{id}/call-off",
            "/desk/runs/{id}/off-today",
            "/desk/runs/{id}/sessions/{session}/drop",
            "/desk/staff",
            "/desk/staff/{id}/papers",
            "/desk/staff/{id}/remove",
            "/desk/staff/{id}/roles",
            "/desk/staff/{id}/second-step",
            "/desk/today",
            "/desk/tutors/{id}/account",
            "/desk/undelivered",
        ],
    ),
    (
        "a desk's words about something that has to be made first: to be walked, too",
        &[
            "/desk/people/{id}/account",
            "/desk/people/{id}/merge/{other}",
            "/desk/people/{id}/cancel/{reference}",
            "/desk/people/{id}/deceased",
            "/desk/people/{id}/move/{reference}",
            "/desk/people/{id}/volunteer",
            "/desk/people/{id}/wait/{run}",
            "/desk/people/{id}/wait/{run}/off",
            "/desk/reports/{period}/write",
            "/desk/requests/new",
            "/desk/requests/{id}",
            "/desk/requests/{id}/finish",
            "/desk/requests/{id}/longer",
            "/desk/runs/add",
            "/desk/runs/{id}/change",
            "/desk/runs/{id}/lists",
            "/desk/runs/{id}/needs",
            "/desk/runs/{id}/places",
            "/desk/runs/{id}/window",
            "/desk/runs/{id}/message",
            "/desk/runs/{id}/plans",
            "/desk/runs/{id}/sessions/add",
            "/desk/runs/{id}/sessions/{session}",
            "/desk/runs/{id}/sessions/{session}/place",
            "/desk/venues/{id}/rooms/{room}",
        ],
    ),
];

/// Whether a page that is walked stands for this pattern: one that has a name of its own among them stands for that one alone.
fn is_of(path: &str, pattern: &str) -> bool {
    if path == pattern || WALKED.contains(&path) {
        return path == pattern;
    }
    let (own, parts): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), pattern.split('/').collect());
    own.len() == parts.len()
        && own
            .iter()
            .zip(&parts)
            .all(|(own, part)| own == part || part.starts_with('{'))
}

#[test]
fn every_form_is_walked_or_it_is_said_why_not() {
    let rows = table();
    let sent = |path: &str| {
        rows.iter()
            .any(|(method, to, _)| *method == "POST" && *to == path)
    };
    let forms: BTreeSet<&str> = rows
        .iter()
        .filter(|(method, path, _)| *method == "GET" && sent(path))
        .map(|(_, path, _)| *path)
        .collect();
    let mut named: Vec<&str> = [WALKED.as_slice(), WALKED_AT_THE_DESK.as_slice()].concat();
    for (_, paths) in NOT_WALKED {
        named.extend(paths);
    }
    let known: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(known.len(), named.len(), "each once: {named:?}");
    let missing: Vec<_> = forms.difference(&known).collect();
    let stale: Vec<_> = known.difference(&forms).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "forms that nobody walks: {missing:#?}\nnamed, but no forms: {stale:#?}"
    );
}

on_both! {
    async fn hostile_words_in_any_field_get_an_answer_and_run_nowhere(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1000, ..RunSpec::default() }).await;
        let mut walk = Walk::new(site);

        let visitor = walk.site.browser();
        for path in ["/newsletter", "/sign-in", "/sign-in/link", "/forgotten-password"] {
            walk.page(&visitor, path).await;
        }
        visitor.post("/sign-up", &[]).await;
        for question in ["name", "date-of-birth", "guardian", "email", "phone", "postcode", "reach", "newsletter"] {
            let path = format!("/sign-up/{question}");
            walk.page(&visitor, &path).await;
            // The right answers at last, so that the next question is asked.
            let page = visitor.get(&path).await;
            let form = forms(&page, &path).remove(0);
            let answer = visitor.post(&form.action, &form.filled("", "")).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert_ne!(answer.location(), path, "the right answers to {question}");
        }
        walk.page(&visitor, "/sign-up/captcha").await;

        for path in [
            &book_path(&run),
            "/account/people/add",
            "/account/details/name",
            "/account/details/phone",
            "/account/details/postcode",
            "/account/details/reach",
            "/account/details/newsletter",
            "/account/email",
            "/account/about-you",
            "/account/security/password",
        ] {
            walk.page_of_members(path).await;
        }
        let other = walk.site.member("Eve").await.browser;
        let booked = other.post(&book_path(&run), &[("form-key", "a-form-key-of-ours"), ("remind", "email")]).await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "others can still book");
        let own = booked.location().trim_end_matches("/booked").to_owned();
        walk.page(&other, &format!("{own}/note")).await;

        assert_eq!(walk.wrong, Vec::<String>::new());
        for name in [
            "email", "password", "started", "full-name", "date-of-birth-year", "guardian-email", "postcode", "format",
            "access-note", "form-key", "ethnic-group", "relation", "where",
        ] {
            assert!(walk.asked.contains(name), "no form had {name}: {:?}", walk.asked);
        }
        for pattern in WALKED {
            assert!(walk.walked.iter().any(|path| is_of(path, pattern)), "{pattern} is not walked: {:?}", walk.walked);
        }
        for path in &walk.walked {
            assert!(WALKED.iter().any(|pattern| is_of(path, pattern)), "{path} is walked, and not named");
        }
    }

    async fn hostile_words_in_the_desks_forms_run_nowhere(site: Site) {
        let owner = site.staff("Sandra", &[Role::Owner, Role::CourseAdmin]).await;
        let mary = site.member("Mary Ashdown").await.person_id.to_string();
        let mut walk = Walk::new(site);
        for pattern in WALKED_AT_THE_DESK {
            let path = pattern.replace("{id}", &mary);
            let browser = walk.site.desk_browser(&owner).await;
            walk.page(&browser, &path).await;
            // What was taken in is listed.
            let shown = walk.site.desk_browser(&owner).await.get(path.trim_end_matches("/add")).await;
            assert!(!shown.status.is_server_error(), "after {path}");
            walk.look(&shown, &path);
        }
        assert_eq!(walk.wrong, Vec::<String>::new());
        for name in ["name", "full-name", "known-as", "note", "email"] {
            assert!(walk.asked.contains(name), "no form had {name}: {:?}", walk.asked);
        }
        for path in [format!("/desk/people/{mary}").as_str(), "/desk/topics", "/desk/tutors/add"] {
            assert!(walk.taken.contains_key(path), "{path} took nothing in: {:?}", walk.taken);
        }
    }
}
