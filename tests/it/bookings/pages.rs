//! The pages of booking, as a browser without scripts sees them.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, guardian_agreed};
use wellbeing_courses::catalogue::rules::run_code;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use super::world::{self, Made, RunSpec};
use crate::support::Site;
use crate::support::people::Sort;

const TITLE: &str = "Living well with long-term pain";

pub fn book_path(run: &Made) -> String {
    format!("/courses/{}/{}/book", run.slug, run_code(run.id))
}

/// The check page's form as it stands, with its own key.
pub fn fields(key: &str) -> Vec<(&'static str, &str)> {
    vec![("form-key", key), ("remind", "email")]
}

/// What every waiting message says: subject, text and the calendar file.
async fn messages(site: &Site, kind: &'static str) -> Vec<serde_json::Value> {
    let sealed: Vec<(Uuid, Vec<u8>)> = read!(site.app.db, |c| {
        Ok(sqlx::query_as("SELECT id, sealed FROM outbox WHERE kind = $1 AND sealed IS NOT NULL ORDER BY created_at")
            .bind(kind)
            .fetch_all(&mut *c)
            .await?)
    })
    .unwrap();
    let mut opened = Vec::new();
    for (id, sealed) in sealed {
        let words = site
            .app
            .vault
            .open(Uuid::nil(), RecordClass::Message, id, &sealed)
            .await
            .unwrap();
        opened.push(serde_json::from_slice(&words).unwrap());
    }
    opened
}

on_both! {
    async fn a_place_is_booked_seen_and_given_back(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let check = mary.browser.get(&book_path(&run)).await;
        assert_eq!(check.words("h1"), ["Check your answers, then book"]);
        for words in ["Mary Ashdown", "07700 900 100", "BA1 5AL", TITLE, "Nothing is booked until you press the button"] {
            assert!(check.body.contains(words), "{words}");
        }
        let key = check.field("form-key").unwrap();
        let sent = mary.browser.post(&book_path(&run), &fields(&key)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let again = mary.browser.post(&book_path(&run), &fields(&key)).await;
        assert_eq!(again.location(), sent.location(), "the same form gets the same answer");
        let done = mary.browser.get(&sent.location()).await;
        assert_eq!(done.words("h1"), ["Your place is booked"]);
        let own = sent.location().trim_end_matches("/booked").to_owned();
        let reference = own.rsplit('/').next().unwrap().to_owned();
        assert!(done.body.contains(&reference));
        assert!(done.body.contains("Priya meets you at the door from"));
        let mine = mary.browser.get("/account/bookings").await;
        assert!(mine.body.contains(TITLE) && mine.body.contains("Session 1 of 6"));
        let detail = mary.browser.get(&own).await;
        assert!(detail.body.contains("Priya Nair"));
        let already = mary.browser.get(&book_path(&run)).await;
        assert_eq!(already.words("h1"), ["You already have this place"]);

        let told = messages(&site, "booking-confirmed").await;
        assert_eq!(told.len(), 1);
        let text = told[0].to_string();
        assert!(!text.contains("pain") && text.contains(&reference), "a message does not name the course");

        let file = mary.browser.get(&format!("{own}/calendar.ics")).await;
        for line in ["BEGIN:VTIMEZONE", "METHOD:PUBLISH", "DTSTART;TZID=Europe/London:20270112T103000", "SEQUENCE:0"] {
            assert!(file.body.contains(line), "{line} in {}", file.body);
        }
        assert!(!file.body.contains("pain"), "nor does a calendar");

        let ask = mary.browser.get(&format!("{own}/cancel")).await;
        assert_eq!(ask.words("h1"), ["Do you want to cancel this place?"]);
        assert_eq!(world::count(&site, run.id).await.places, 1, "looking at a page cancels nothing");
        let gone = mary.browser.post_and_follow(&format!("{own}/cancel"), &[]).await;
        assert!(gone.body.contains("Your place is cancelled"));
        let twice = mary.browser.post(&format!("{own}/cancel"), &[]).await;
        assert_eq!((twice.status, twice.words("h1")), (StatusCode::OK, vec!["This place is cancelled".to_owned()]));
        let told = messages(&site, "booking-cancelled").await;
        assert_eq!(told.len(), 1);
        assert!(told[0]["ics"]["text"].as_str().unwrap().contains("METHOD:CANCEL"));
        assert_eq!(world::count(&site, run.id).await.taken, 0);
    }

    async fn somebody_elses_booking_is_not_there(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let (mary, eve) = (site.member("Mary").await, site.member("Eve").await);
        let sent = mary.browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        let own = sent.location().trim_end_matches("/booked").to_owned();
        for after in ["", "/booked", "/cancel", "/calendar.ics"] {
            let theirs = eve.browser.get(&format!("{own}{after}")).await;
            let nothing = eve.browser.get(&format!("/account/bookings/WB-222-222{after}")).await;
            assert_eq!((theirs.status, &theirs.body), (StatusCode::NOT_FOUND, &nothing.body), "{after}");
        }
        let theirs = eve.browser.post(&format!("{own}/cancel"), &[]).await;
        let nothing = eve.browser.post("/account/bookings/WB-222-222/cancel", &[]).await;
        assert_eq!((theirs.status, theirs.body), (StatusCode::NOT_FOUND, nothing.body));
        assert_eq!(world::count(&site, run.id).await.places, 1);
    }

    async fn hostile_words_are_kept_and_never_run(site: Site) {
        const NOTE: &str = "</textarea><script>alert(1)</script> \u{1f33b}";
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary").await;
        let form = [("form-key", "a-form-key-of-ours"), ("access-note", NOTE)];
        let shown = mary.browser.post(&book_path(&run), &form).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.title().starts_with("Error: "));
        assert!(!shown.body.contains("<script>alert"));
        assert_eq!(shown.words("textarea"), [NOTE], "what was typed is still there");
        let form = [form[0], form[1], ("remind", "email-and-text"), ("name-course", "yes")];
        let booked = mary.browser.post_and_follow(&book_path(&run), &form).await;
        assert_eq!(booked.words("h1"), ["Your place is booked"]);
        for path in ["/account/bookings", "/account/about-you", &book_path(&run)] {
            assert!(!mary.browser.get(path).await.body.contains("alert"));
        }
        let (id, sealed): (Uuid, Vec<u8>) = read!(site.app.db, |c| {
            Ok(sqlx::query_as("SELECT id, sealed FROM vault_entry WHERE kind = 'access-note'").fetch_one(&mut *c).await?)
        })
        .unwrap();
        let kept = site.app.vault.open(mary.person_id, RecordClass::Health, id, &sealed).await.unwrap();
        assert_eq!(std::str::from_utf8(&kept).unwrap(), NOTE);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM consent WHERE given AND about IN ('texts', 'course-name')").await, 2);
        let told = messages(&site, "booking-confirmed").await;
        assert!(told[0]["text"].as_str().unwrap().contains(TITLE), "now the course may be named");
        assert!(!told[0]["subject"].as_str().unwrap().contains("pain"), "but never in the subject");
    }

    async fn two_places_at_one_time_are_said_and_allowed(site: Site) {
        let mary = site.member("Mary").await;
        let first = world::run(&site, RunSpec { title: "Mindful gardening".into(), ..RunSpec::default() }).await;
        let second = world::run(&site, RunSpec::default()).await;
        mary.browser.post(&book_path(&first), &fields("a-form-key-of-ours")).await;
        let check = mary.browser.get(&book_path(&second)).await;
        assert!(check.body.contains("This is at the same time as something you have booked"));
        assert!(check.body.contains("Mindful gardening"));
        let sent = mary.browser.post(&book_path(&second), &fields("another-form-key-of-ours")).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("form-key", "another-form-key-of-ours"), ("remind", "email"), ("overlap", "yes")];
        let sent = mary.browser.post(&book_path(&second), &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }

    async fn a_booking_of_a_child_waits_for_a_guardian(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let young = site.somebody("Yusuf", Sort::Member, "2014-06-02").await;
        let (guardian, now) = (site.app.id().unwrap(), site.app.clock.now());
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO guardian (id, person_id, full_name, email, created_at) \
                 VALUES ($1, $2, 'Amina Khan', 'amina@example.org', $3)",
            )
            .bind(guardian).bind(young.person_id).bind(now).execute(&mut *c).await?;
            Ok(())
        })
        .unwrap();
        let sent = young.browser.post_and_follow(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert_eq!(sent.words("h1"), ["We are waiting for your parent or guardian"]);
        let asked = messages(&site, "guardian-request").await;
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0]["to"]["email"], "amina@example.org");
        assert!(asked[0]["text"].as_str().unwrap().contains("/guardian/"));
        assert!(messages(&site, "booking-confirmed").await.is_empty());
        // The place is kept meanwhile.
        assert_eq!(world::members(&site, 1).await.remove(0).book(&site, run.id).await, BookOutcome::Full);
        world::change(&site, "UPDATE guardian SET agreed_at = created_at WHERE id = $1", guardian).await;
        assert_eq!(guardian_agreed(&site.app, young.person_id).await.unwrap(), 1);
        assert_eq!(guardian_agreed(&site.app, young.person_id).await.unwrap(), 0);
        assert_eq!(messages(&site, "booking-confirmed").await.len(), 1);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking WHERE status = 'booked'").await, 1);
    }

    async fn the_equality_question_is_optional_and_sealed(site: Site) {
        let mary = site.member("Mary").await;
        let page = mary.browser.get("/account/about-you").await;
        assert_eq!(page.words("h1"), ["What is your ethnic group?"]);
        let none = mary.browser.post("/account/about-you", &[("do", "save")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        for answer in ["asian-indian", "not-said"] {
            let said = mary.browser.post_and_follow("/account/about-you", &[("do", "save"), ("ethnic-group", answer)]).await;
            assert!(said.body.contains("We have saved your answer."));
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM vault_entry WHERE kind = 'ethnicity'").await, 1);
        let sealed: Vec<u8> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT sealed FROM vault_entry").fetch_one(&mut *c).await?)
        })
        .unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"not-said"));
        let removed = mary.browser.post_and_follow("/account/about-you", &[("do", "remove")]).await;
        assert!(removed.body.contains("We have removed your answer."));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM vault_entry").await, 0);
    }
}
