//! What nobody means well: into every field of every form, through the real pages, on both databases.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::StatusCode;
use scraper::{ElementRef, Html, Selector};

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
        "preferred-name" => "Joy",
        "email" | "new-email" => "joyce@example.org",
        "guardian-email" => "alex@example.org",
        "phone" => "07700 900 982",
        "guardian-phone" => "01632 960 001",
        "postcode" => "BA1 5AL",
        "date-of-birth-day" | "date-of-birth-month" => "3",
        "date-of-birth-year" => "2015",
        "newsletter" => "yes",
        "remind" | "reach" => "email",
        "format" => "standard",
        "how" => "password",
        name if name.contains("password") => "teapot ladder moss",
        _ => "",
    }
}

/// A form on a page: where it goes, and its fields as they stand.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

fn forms(page: &Answer, path: &str) -> Vec<Form> {
    let html: Html = page.html();
    let form = Selector::parse("main form").unwrap();
    let field = Selector::parse("input, textarea, select, button").unwrap();
    html.select(&form)
        .filter(|form| form.attr("method") == Some("post"))
        .map(|form| {
            let mut fields: Vec<(String, String)> = Vec::new();
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

fn value(field: ElementRef<'_>, name: &str) -> String {
    let own = field.attr("value").unwrap_or_default();
    match usual(name) {
        // The trap stays empty; what the page itself put in is sent back.
        "" => own.to_owned(),
        usual => usual.to_owned(),
    }
}

/// One bad answer after another; says what should not have happened.
struct Walk {
    site: Site,
    asked: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Walk {
    /// Every form of the page at `path`.
    async fn page(&mut self, browser: &Browser, path: &str) {
        let page = browser.get(path).await;
        let found = forms(&page, path);
        assert!(
            page.status == StatusCode::OK && found.iter().any(|form| !form.fields.is_empty()),
            "{path}: {} {}",
            page.status,
            page.body
        );
        self.site.clock.forward(TimeDelta::seconds(10));
        for form in found {
            for (name, _) in &form.fields {
                self.field(browser, &form, name).await;
            }
        }
    }

    async fn field(&mut self, browser: &Browser, form: &Form, name: &str) {
        self.asked.insert(name.to_owned());
        for (what, words) in hostile() {
            let sent: Vec<(&str, &str)> = form
                .fields
                .iter()
                .map(|(own, value)| {
                    (
                        own.as_str(),
                        if own == name { &words } else { value.as_str() },
                    )
                })
                .collect();
            let answer = browser.post(&form.action, &sent).await;
            let right: &[u16] = match what {
                "NUL" => &[400],
                "over 64 KiB" => &[413],
                // 410: a link that has done its work. 429: over a limit.
                _ => &[200, 204, 303, 410, 422, 429],
            };
            let place = format!("{what} in {name} of {}", form.action);
            if !right.contains(&answer.status.as_u16()) {
                self.wrong.push(format!("{place}: {}", answer.status));
            }
            self.look(&answer, &place);
            if answer.status == StatusCode::SEE_OTHER {
                let next = browser.get(&answer.location()).await;
                if next.status.is_server_error() {
                    self.wrong.push(format!(
                        "{place}, then {}: {}",
                        answer.location(),
                        next.status
                    ));
                }
                self.look(&next, &place);
            }
        }
    }

    fn look(&mut self, answer: &Answer, place: &str) {
        if answer.body.contains(RAN) {
            self.wrong
                .push(format!("{place}: the script is on the page"));
        }
        // Characters that turn the line round must not be taken into somebody's name.
        if answer
            .headers
            .iter()
            .any(|(name, value)| name == "bcc" || value.as_bytes().contains(&b'<'))
        {
            self.wrong.push(format!("{place}: it is in a header"));
        }
    }
}

on_both! {
    async fn hostile_words_in_any_field_get_an_answer_and_run_nowhere(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mut walk = Walk { site, asked: BTreeSet::new(), wrong: Vec::new() };

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
            let fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let answer = visitor.post(&form.action, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        }
        walk.page(&visitor, "/sign-up/captcha").await;

        let mary = walk.site.member("Mary").await.browser;
        walk.page(&mary, &book_path(&run)).await;
        for path in [
            "/account/details/name",
            "/account/details/phone",
            "/account/details/postcode",
            "/account/details/reach",
            "/account/details/newsletter",
            "/account/email",
            "/account/security/password",
            "/account/about-you",
        ] {
            walk.page(&mary, path).await;
        }
        // Pages that show what was kept.
        for path in ["/account", "/account/bookings", "/account/security"] {
            let page = mary.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            walk.look(&page, path);
        }
        let other = walk.site.member("Eve").await.browser;
        let booked = other.post(&book_path(&run), &[("form-key", "a-form-key-of-ours"), ("remind", "email")]).await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "others can still book");

        assert_eq!(walk.wrong, Vec::<String>::new());
        for name in [
            "email", "password", "started", "full-name", "date-of-birth-year", "guardian-email", "postcode", "format",
            "access-note", "form-key", "ethnicity",
        ] {
            assert!(walk.asked.contains(name), "no form had {name}: {:?}", walk.asked);
        }
    }
}
