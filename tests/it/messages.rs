//! Messages: each once, none lost, and nothing of what they say left behind.

mod noted;

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use tempfile::TempDir;
use uuid::Uuid;
use wellbeing_courses::messages::letters::{self, Ending, Facts, bookings};
use wellbeing_courses::messages::{
    self, Address, Channel, Ics, IcsMethod, Mail, MessageKind, Text, jobs,
};
use wellbeing_courses::server::App;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::{read, write_tx};

use crate::support::smtp::{Mood, Smtp};
use crate::support::{Site, TestClock, new_database, on_server};

/// A site whose workers are not running: the test sends.
pub struct Still {
    pub app: App,
    pub clock: TestClock,
    dir: TempDir,
    pub database: Option<String>,
}

impl Still {
    /// On the same kind of database as `site`.
    pub async fn like(site: &Site, mail: &str) -> Self {
        let database = match site.database_url {
            Some(_) => Some(new_database().await),
            None => None,
        };
        let dir = TempDir::new().unwrap();
        let clock = TestClock::default();
        clock.set(TestClock::start());
        let app = App::start(settings(&dir, database.as_deref(), mail), clock.clock())
            .await
            .unwrap();
        Self {
            app,
            clock,
            dir,
            database,
        }
    }

    /// Another process on the same database.
    async fn twin(&self, mail: &str) -> App {
        let settings = settings(&self.dir, self.database.as_deref(), mail);
        App::start(settings, self.clock.clock()).await.unwrap()
    }
}

fn settings(dir: &TempDir, database: Option<&str>, mail: &str) -> Settings {
    let mut variables = vec![
        (
            "WELLBEING_DATA_DIR".to_owned(),
            dir.path().join("data").display().to_string(),
        ),
        ("WELLBEING_MAIL".to_owned(), mail.to_owned()),
    ];
    variables.extend(database.into_iter().flat_map(on_server));
    Settings::read(variables).unwrap()
}

fn hello(app: &App, words: &str) -> Mail {
    let to = Address::new(Some(words), "maggie@example.org");
    letters::sign_in_link(&app.config, to, "http://127.0.0.1/sign-in/link/x").unwrap()
}

async fn queue(app: &App, cause: &str) -> Uuid {
    let prepared = messages::prepare(app, hello(app, "Maggie"), None, cause)
        .await
        .unwrap();
    messages::queue(app, &prepared).await.unwrap();
    prepared.id
}

/// State, attempts, last error, and whether anything sealed is left.
async fn row(app: &App, id: Uuid) -> (String, i64, Option<String>, bool) {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT state, attempts, last_error, sealed IS NOT NULL FROM outbox WHERE id = $1",
        )
        .bind(id)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

/// The `Message-ID` line.
fn message_id(eml: &str) -> String {
    eml.lines()
        .find(|l| l.to_lowercase().starts_with("message-id:"))
        .unwrap()
        .trim()
        .to_owned()
}

on_both! {
    async fn a_cause_has_one_message(site: Site) {
        let still = Still::like(&site, "memory:").await;
        for _ in 0..3 {
            queue(&still.app, "booking:1:confirmed").await;
        }
        queue(&still.app, "booking:2:confirmed").await;
        assert_eq!(jobs::send_due(&still.app).await.unwrap(), 2);
        assert_eq!(still.app.messages.transport.sent().len(), 2);
        assert_eq!(jobs::send_due(&still.app).await.unwrap(), 0);
    }

    async fn what_is_rolled_back_is_never_sent(site: Site) {
        let still = Still::like(&site, "memory:").await;
        let app = &still.app;
        let prepared = messages::prepare(app, hello(app, "Maggie"), None, "never").await.unwrap();
        let outcome: wellbeing_courses::server::Result<()> = write_tx!(app.db, |c| {
            wellbeing_courses::insert_message!(c, &prepared);
            Err(wellbeing_courses::server::Error::Busy("a test"))
        });
        assert!(outcome.is_err());
        assert_eq!(jobs::send_due(app).await.unwrap(), 0);
    }

    async fn many_workers_send_each_message_once(site: Site) {
        let still = Still::like(&site, "memory:").await;
        let twin = still.twin("memory:").await;
        for n in 0..40 {
            queue(&still.app, &format!("cause:{n}")).await;
        }
        let mut tasks = Vec::new();
        for n in 0..8 {
            let app = if n % 2 == 0 { still.app.clone() } else { twin.clone() };
            tasks.push(tokio::spawn(async move { jobs::send_due(&app).await.unwrap() }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let mut ids: Vec<_> = [&still.app, &twin]
            .iter()
            .flat_map(|app| app.messages.transport.sent())
            .map(|sent| sent.id)
            .collect();
        assert_eq!(ids.len(), 40);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 40);
    }

    async fn without_the_lease_two_workers_send_it_twice(site: Site) {
        // The negative control: the worker that stopped in the middle still holds its lease.
        let still = Still::like(&site, "memory:").await;
        let app = &still.app;
        queue(app, "cause").await;
        app.messages.switches.crash_after_sending();
        jobs::send_next(app, Channel::Email).await.unwrap();
        assert_eq!(jobs::send_due(app).await.unwrap(), 0, "the lease holds");
        app.messages.switches.set_lease_off(true);
        assert!(jobs::send_next(app, Channel::Email).await.unwrap());
        assert_eq!(app.messages.transport.sent().len(), 2, "without it there are two");
    }

    async fn a_crash_after_sending_makes_at_most_one_more_with_the_same_id(site: Site) {
        let still = Still::like(&site, "memory:").await;
        let app = &still.app;
        let id = queue(app, "cause").await;
        app.messages.switches.crash_after_sending();
        jobs::send_next(app, Channel::Email).await.unwrap();
        assert_eq!(row(app, id).await.0, "waiting");
        still.clock.forward(TimeDelta::minutes(3));
        assert_eq!(jobs::send_due(app).await.unwrap(), 1);
        assert_eq!(jobs::send_due(app).await.unwrap(), 0);
        let sent = app.messages.transport.sent();
        assert_eq!(sent.len(), 2);
        let ids: Vec<_> = sent
            .iter()
            .map(|s| message_id(&String::from_utf8_lossy(&s.eml)))
            .collect();
        assert_eq!(ids[0], ids[1]);
        assert_eq!(row(app, id).await, ("sent".to_owned(), 2, None, false));
    }

    async fn what_it_says_is_sealed_and_then_gone(site: Site) {
        let still = Still::like(&site, "memory:").await;
        let app = &still.app;
        let canary = "Canary-Hjalmar";
        let mail = hello(app, canary);
        let prepared = messages::prepare(app, mail, None, "cause").await.unwrap();
        messages::queue(app, &prepared).await.unwrap();
        let kept: Vec<u8> = read!(app.db, |c| {
            Ok(sqlx::query_scalar("SELECT sealed FROM outbox").fetch_one(&mut *c).await?)
        })
        .unwrap();
        assert!(!contains(&kept, canary.as_bytes()));
        assert!(!any_file_contains(still.dir.path(), canary.as_bytes()), "clear text in a file");
        jobs::send_due(app).await.unwrap();
        assert!(!row(app, prepared.id).await.3, "sealed words are left after sending");
        assert!(!any_file_contains(still.dir.path(), canary.as_bytes()), "clear text in a file");
    }

    async fn a_mail_server_in_every_mood(site: Site) {
        let smtp = Smtp::start().await;
        let still = Still::like(&site, &smtp.url()).await;
        let app = &still.app;
        let good = queue(app, "good").await;
        jobs::send_due(app).await.unwrap();
        assert_eq!(row(app, good).await, ("sent".to_owned(), 1, None, false));

        smtp.set(Mood::NoSuchPerson);
        let nobody = queue(app, "nobody").await;
        jobs::send_due(app).await.unwrap();
        let (state, attempts, why, sealed) = row(app, nobody).await;
        assert_eq!((state.as_str(), attempts, why.as_deref(), sealed), ("dead", 1, Some("550"), true));

        smtp.set(Mood::Later);
        let later = queue(app, "later").await;
        jobs::send_due(app).await.unwrap();
        let (state, attempts, why, _) = row(app, later).await;
        assert_eq!((state.as_str(), attempts, why.as_deref()), ("waiting", 1, Some("451")));
        assert_eq!(jobs::send_due(app).await.unwrap(), 0, "it waits");
        smtp.set(Mood::Takes);
        still.clock.forward(TimeDelta::minutes(1));
        assert_eq!(jobs::send_due(app).await.unwrap(), 1);
        assert_eq!(row(app, later).await.0, "sent");

        smtp.set(Mood::BreaksOff);
        let broken = queue(app, "broken").await;
        jobs::send_due(app).await.unwrap();
        assert_eq!(row(app, broken).await.0, "waiting");
        smtp.set(Mood::Takes);
        still.clock.forward(TimeDelta::minutes(1));
        jobs::send_due(app).await.unwrap();
        assert_eq!(row(app, broken).await.0, "sent");
        let taken = smtp.taken();
        let ids: Vec<_> = taken.iter().map(|m| message_id(m)).collect();
        assert_eq!(ids.len(), 4);
        assert_eq!(ids[2], ids[3], "the second try is the same message");
    }

    async fn ten_minutes_without_a_mail_server_are_made_up_for_within_five(site: Site) {
        const STEP: TimeDelta = TimeDelta::seconds(30);
        let smtp = Smtp::start().await;
        smtp.set(Mood::Away);
        let still = Still::like(&site, &smtp.url()).await;
        let app = &still.app;
        let mut ids = Vec::new();
        for step in 0..20 {
            // Fifty in the first half: some have waited longer than others.
            for n in 0..5 {
                if step < 10 {
                    ids.push(queue(app, &format!("cause:{step}:{n}")).await);
                }
            }
            jobs::send_due(app).await.unwrap();
            still.clock.forward(STEP);
        }
        assert!(smtp.taken().is_empty());
        for id in &ids {
            let (state, attempts, _, _) = row(app, *id).await;
            assert_eq!((state.as_str(), attempts > 1), ("waiting", true));
        }
        smtp.set(Mood::Takes);
        let by = app.clock.now() + TimeDelta::minutes(5);
        while app.clock.now() <= by {
            jobs::send_due(app).await.unwrap();
            still.clock.forward(STEP);
        }
        for id in &ids {
            assert_eq!(row(app, *id).await.0, "sent");
        }
        let taken = smtp.taken();
        let different: HashSet<String> = taken.iter().map(|m| message_id(m)).collect();
        assert_eq!((taken.len(), different.len()), (50, 50), "each once");
    }

    async fn an_outage_of_three_days_is_the_end(site: Site) {
        let smtp = Smtp::start().await;
        smtp.set(Mood::Away);
        let still = Still::like(&site, &smtp.url()).await;
        let app = &still.app;
        let id = queue(app, "cause").await;
        for _ in 0..4 {
            jobs::send_due(app).await.unwrap();
            still.clock.forward(TimeDelta::minutes(5));
        }
        let (state, attempts, _, _) = row(app, id).await;
        assert_eq!((state.as_str(), attempts), ("waiting", 4));
        still.clock.forward(TimeDelta::hours(72));
        jobs::send_due(app).await.unwrap();
        assert_eq!(row(app, id).await.0, "dead");
    }

    async fn a_mail_server_that_hesitates_keeps_no_text_back(site: Site) {
        let smtp = Smtp::start().await;
        smtp.set(Mood::Hesitates);
        let still = Still::like(&site, &smtp.url()).await;
        let app = &still.app;
        for cause in ["one", "two", "three"] {
            queue(app, cause).await;
        }
        let text = Text {
            kind: MessageKind::Reminder,
            to: "+447700900214".to_owned(),
            words: "We look forward to seeing you.".to_owned(),
        };
        let text = messages::prepare(app, text, None, "four").await.unwrap();
        messages::queue(app, &text).await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let workers = tokio::spawn(jobs::run(app.clone(), stopped));
        while row(app, text.id).await.0 != "sent" {
            tokio::task::yield_now().await;
        }
        assert_eq!(smtp.taken().len(), 0, "the mail server hesitates still");
        smtp.set(Mood::Takes);
        stop.send(true).unwrap();
        workers.await.unwrap();
    }

    async fn workers_that_panic_come_back(site: Site) {
        let switches = &site.app.messages.switches;
        // As many as send emails, and one of them again.
        switches.panic_at_work(3);
        let id = queue(&site.app, "cause").await;
        let path = site.app.config.data_dir.join(format!("mail/{}.eml", id.simple()));
        for _ in 0..400 {
            if path.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(path.exists(), "nobody sends any more");
        assert_eq!(switches.panics_left(), 0);
        site.stop().await;
    }

    async fn a_running_site_sends_at_once_into_the_mail_directory(site: Site) {
        let id = queue(&site.app, "cause").await;
        let path = site.app.config.data_dir.join(format!("mail/{}.eml", id.simple()));
        for _ in 0..100 {
            if path.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let eml = std::fs::read_to_string(&path).unwrap();
        assert!(eml.contains("Subject: Your link to sign in"), "{eml}");
        site.stop().await;
    }
}

#[tokio::test]
async fn headers_cannot_be_typed_in_and_every_line_is_short_enough() {
    let site = Site::on_sqlite().await;
    let still = Still::like(&site, "memory:").await;
    let app = &still.app;
    let name = "Maggie 🌱\r\nBcc: everybody@example.org";
    let ics = Ics {
        method: IcsMethod::Publish,
        text: "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n".to_owned(),
    };
    let mail = hello(app, name).with_ics(ics).with_unsubscribe(format!(
        "http://127.0.0.1:3000/unsubscribe/{}",
        "a".repeat(64)
    ));
    let prepared = messages::prepare(app, mail, None, "cause").await.unwrap();
    messages::queue(app, &prepared).await.unwrap();
    jobs::send_due(app).await.unwrap();
    let eml = String::from_utf8(app.messages.transport.sent()[0].eml.clone()).unwrap();
    assert!(eml.is_ascii(), "{eml}");
    assert!(eml.lines().all(|l| l.len() <= 998), "a line is too long");
    let head = eml.split("\r\n\r\n").next().unwrap();
    assert!(
        !head.lines().any(|l| l.to_lowercase().starts_with("bcc")),
        "{head}"
    );
    assert!(
        head.contains(&format!(
            "List-Unsubscribe: <http://127.0.0.1:3000/unsubscribe/{}>",
            "a".repeat(64)
        )),
        "{head}"
    );
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    assert!(head.contains("Auto-Submitted: auto-generated"));
    assert!(eml.contains("method=PUBLISH"));
}

#[tokio::test]
async fn the_confirmation_word_for_word() {
    let site = Site::on_sqlite().await;
    let config = &site.app.config;
    let starts = (0..6)
        .map(|week| {
            "2027-01-12T10:30:00Z"
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                + TimeDelta::weeks(week)
        })
        .collect();
    let facts = Facts {
        reference: "WB-7K4-2MQ".to_owned(),
        run: bookings::Run {
            starts,
            first_ends_at: "2027-01-12T12:30:00Z".parse().unwrap(),
            place: Some("Bath Central Library, BA1 5AL".to_owned()),
            elsewhere: Vec::new(),
            course: None,
            names: Vec::new(),
            path: "/account/bookings".to_owned(),
        },
        by_staff: false,
    };
    let to = Address::new(Some("Margaret <b>"), "maggie@example.org");
    let mail = bookings::confirmed(config, to.clone(), &facts).unwrap();
    let url = config.origin();
    let words = format!(
        "Your booking is confirmed\n\nHello Margaret <b>,\n\nWe have saved a place for you.\n\n\
         Tuesday 12 January 2027\n10:30am to 12:30pm, then every week for 6 weeks\n\
         Bath Central Library, BA1 5AL\nBooking number WB-7K4-2MQ\n\n\
         See my booking:\n{url}/account/bookings\n\nThe dates are attached for your calendar.\n\n\
         Cannot come?\n\nCancel online ({url}/account/bookings) or call 01632 960 100. It is fine to miss a week.\n\n\
         Questions? Call 01632 960 100, Monday to Friday, 9am to 5pm, or reply to this email.\n\n--\n\
         You get this email because you made a booking. We do not track if you open it.\n\
         Need urgent help? Call 999, or 111 and choose 2, or Samaritans on 116 123.\n\
         Wellbeing Courses, Bath and North East Somerset. Privacy: {url}/privacy\n"
    );
    assert_eq!(tidy(&mail.text), tidy(&words));
    assert_eq!(mail.subject, "Your booking is confirmed");
    assert!(
        mail.html.contains("Hello Margaret &#60;b&#62;,"),
        "names are escaped"
    );
    for remote in ["<img", "src=", "<link", "url(", "<script"] {
        assert!(!mail.html.contains(remote), "nothing remote: {remote}");
    }
    let cancelled = bookings::cancelled(config, to, &facts, Ending::Cancelled).unwrap();
    assert!(cancelled.text.contains("You have cancelled your place on Tuesday 12 January 2027 at 10:30am, Bath Central Library, BA1 5AL."));
}

#[tokio::test]
async fn the_same_subject_whether_an_address_has_an_account_or_not() {
    let site = Site::on_sqlite().await;
    let config = &site.app.config;
    let to = Address::new(None, "jo@example.org");
    let new = letters::verify_address(
        config,
        to.clone(),
        "http://x/verify/1",
        None,
        TestClock::start(),
    )
    .unwrap();
    let old = letters::address_has_account(config, to.clone()).unwrap();
    assert_eq!(new.subject, old.subject);
    let told = letters::email_change_told(config, to, "maggie@example.org", false).unwrap();
    assert!(told.text.contains("m•••••@example.org") && !told.text.contains("maggie"));
}

/// The text with empty lines run together.
fn tidy(text: &str) -> String {
    text.lines()
        .map(str::trim_end)
        .filter(|l| !l.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle)
}

fn any_file_contains(dir: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            any_file_contains(&path, needle)
        } else {
            contains(&std::fs::read(path).unwrap(), needle)
        }
    })
}
