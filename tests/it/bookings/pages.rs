//! The pages of booking, as a browser without scripts sees them.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::catalogue::rules::run_code;
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;
use wellbeing_courses::server::vault::RecordClass;

use super::world::{self, Made, RunSpec};
use crate::support::Site;

const TITLE: &str = "Living well with long-term pain";

pub fn book_path(run: &Made) -> String {
    format!("/courses/{}/{}/book", run.slug, run_code(run.id))
}

/// The check page's form as it stands, with its own key.
pub fn fields(key: &str) -> Vec<(&'static str, &str)> {
    vec![("form-key", key), ("remind", "email")]
}

with_mail! {
    async fn a_place_is_booked_seen_and_given_back(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let check = mary.browser.get(&book_path(&run)).await;
        assert_eq!(check.words("h1"), ["Check your answers, then book"]);
        for words in ["Mary Ashdown", "07700 900100", "BA1 5AL", TITLE, "Nothing is booked until you press the button"] {
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

        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(told.len(), 1);
        let text = format!("{:?}", told[0]);
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
        let told = world::told(&site, MessageKind::BookingCancelled).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].ics.as_ref().unwrap().text.contains("METHOD:CANCEL"));
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
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert!(told[0].text.contains(TITLE), "now the course may be named");
        assert!(!told[0].subject.contains("pain"), "but never in the subject");
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

    async fn the_same_form_with_other_answers_is_not_the_first_booking_again(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let (mary, eve) = (site.member("Mary").await, site.member("Eve").await);
        let form = fields("a-form-key-of-ours");
        let first = mary.browser.post(&book_path(&run), &form).await;
        let mut other = form.clone();
        other.push(("access-note", "A chair with arms"));
        let second = mary.browser.post(&book_path(&run), &other).await;
        assert_eq!((second.status, second.words("h1")), (StatusCode::CONFLICT, vec!["You already have this place".to_owned()]));
        assert_eq!(mary.browser.post(&book_path(&run), &form).await.location(), first.location());
        // Somebody else's form with the same key is theirs.
        let theirs = eve.browser.post(&book_path(&run), &form).await;
        assert_eq!(theirs.status, StatusCode::SEE_OTHER);
        assert_ne!(theirs.location(), first.location());
        // So is the same key on another run.
        let later = world::run(&site, RunSpec { starts_in: TimeDelta::days(60), ..RunSpec::default() }).await;
        let again = mary.browser.post(&book_path(&later), &form).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_ne!(again.location(), first.location());
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM vault_entry").await, 0);
    }

    async fn each_answer_is_changed_at_its_question_and_leads_back(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let check = mary.browser.get(&book_path(&run)).await;
        let links: Vec<String> = check
            .html()
            .select(&scraper::Selector::parse(".govuk-summary-list__actions a").unwrap())
            .map(|a| a.value().attr("href").unwrap().to_owned())
            .collect();
        let paths: Vec<&str> = links.iter().map(|link| link.split('?').next().unwrap()).collect();
        assert_eq!(paths, ["/account/details/name", "/account/details/phone", "/account/email", "/account/details/postcode"]);
        for link in &links {
            assert_eq!(mary.browser.get(link).await.status, StatusCode::OK, "{link}");
        }
        let back = mary.browser.post(&links[1], &[("phone", "01632 960 002")]).await;
        assert_eq!(back.location(), book_path(&run));
        assert!(mary.browser.get(&back.location()).await.body.contains("01632 960002"));
        let outside = mary.browser.post("/account/details/phone?next=//example.org", &[("phone", "01632 960 002")]).await;
        assert_eq!(outside.location(), "/account");
    }

    async fn what_would_help_is_kept_changed_and_removed_each_with_its_record(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary").await;
        let eve = site.member("Eve").await;
        let mut form = fields("a-form-key-of-ours");
        form.push(("access-note", "A chair with arms"));
        let sent = mary.browser.post(&book_path(&run), &form).await;
        let own = sent.location().trim_end_matches("/booked").to_owned();
        let note = format!("{own}/note");
        assert!(mary.browser.get(&own).await.body.contains(&format!("href=\"{note}\"")));
        assert_eq!(mary.browser.get(&note).await.words("textarea"), ["A chair with arms"]);
        for answer in [eve.browser.get(&note).await, eve.browser.post(&note, &[("access-note", "x")]).await] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "somebody else's is not there");
        }
        let long = "x".repeat(1001);
        let refused = mary.browser.post(&note, &[("do", "save"), ("access-note", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        site.clock.forward(TimeDelta::seconds(1));
        let saved = mary.browser.post_and_follow(&note, &[("do", "save"), ("access-note", "A seat near the door")]).await;
        assert!(saved.body.contains("We have saved what would help you."));
        assert_eq!(mary.browser.get(&note).await.words("textarea"), ["A seat near the door"]);
        site.clock.forward(TimeDelta::seconds(1));
        let gone = mary.browser.post_and_follow(&note, &[("do", "remove"), ("access-note", "A seat near the door")]).await;
        assert!(gone.body.contains("We have removed what you wrote."));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM vault_entry").await, 0);
        let again = mary.browser.post_and_follow(&note, &[("do", "remove")]).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(
            consents(&site, "access-note").await,
            [("booking", true), ("account", true), ("account", false)].map(|(how, given)| (how.to_owned(), given))
        );
    }

    async fn reminders_and_the_courses_name_are_taken_back_in_the_account(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary").await;
        let form = [("form-key", "a-form-key-of-ours"), ("remind", "email-and-text"), ("name-course", "yes")];
        mary.browser.post(&book_path(&run), &form).await;
        let path = "/account/messages";
        assert!(mary.browser.get("/account").await.body.contains(&format!("href=\"{path}\"")));
        let shown = mary.browser.get(path).await.html();
        let ticked: Vec<_> = shown
            .select(&scraper::Selector::parse("input[checked]").unwrap())
            .filter_map(|input| input.value().attr("value"))
            .collect();
        assert_eq!(ticked, ["email-and-text", "yes"]);
        let refused = mary.browser.post(path, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        site.clock.forward(TimeDelta::seconds(1));
        for _ in 0..2 {
            let saved = mary.browser.post_and_follow(path, &[("remind", "call")]).await;
            assert!(saved.body.contains("We have saved your changes."));
        }
        for about in ["texts", "course-name"] {
            let expected = [("booking", true), ("account", false)].map(|(how, given)| (how.to_owned(), given));
            assert_eq!(consents(&site, about).await, expected, "{about}: once each");
        }
        let texted = "SELECT COUNT(*) FROM person WHERE reach_by_text";
        assert_eq!(world::number(&site, texted).await, 0, "no texts of any sort");
    }

    async fn whether_messages_may_name_the_course_is_asked_at_the_first_booking_alone(site: Site) {
        const FIELD: &str = "name=\"name-course\"";
        let first = world::run(&site, RunSpec::default()).await;
        let second = world::run(&site, RunSpec { starts_in: TimeDelta::days(60), ..RunSpec::default() }).await;
        let third = world::run(&site, RunSpec { starts_in: TimeDelta::days(120), ..RunSpec::default() }).await;
        let (mary, eve) = (site.member("Mary").await, site.member("Eve").await);
        let mut form = fields("a-form-key-of-ours");
        form.push(("name-course", "yes"));
        assert!(mary.browser.get(&book_path(&first)).await.body.contains(FIELD));
        let sent = mary.browser.post(&book_path(&first), &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let again = mary.browser.post(&book_path(&first), &form).await;
        assert_eq!(again.location(), sent.location(), "the same form gets the same answer, though it is not asked any more");
        let check = mary.browser.get(&book_path(&second)).await;
        assert_eq!(check.words("h1"), ["Check your answers, then book"]);
        assert!(!check.body.contains(FIELD));
        // The form without the box; and one that was open since before, not ticked.
        for (run, key) in [(&second, "another-form-key-of-ours"), (&third, "one-more-form-key-of-ours")] {
            let sent = mary.browser.post(&book_path(run), &fields(key)).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
        }
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|mail| mail.text.contains(TITLE)), "as they said at the first one");
        let may = "SELECT COUNT(*) FROM person WHERE name_course_in_messages";
        assert_eq!(world::number(&site, may).await, 1);
        assert_eq!(consents(&site, "course-name").await, [("booking".to_owned(), true)]);
        // A no is an answer, too, and a tick in an old form does not undo it.
        let no = eve.browser.post(&book_path(&first), &fields("a-form-key-of-ours")).await;
        assert_eq!(no.status, StatusCode::SEE_OTHER);
        assert!(!eve.browser.get(&book_path(&second)).await.body.contains(FIELD));
        form[0].1 = "another-form-key-of-ours";
        let sent = eve.browser.post(&book_path(&second), &form).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(world::number(&site, may).await, 1);
        site.clock.forward(TimeDelta::seconds(1));
        eve.browser.post("/account/messages", &[("remind", "email"), ("name-course", "yes")]).await;
        assert_eq!(world::number(&site, may).await, 2, "it is changed in the account");
    }

    async fn the_equality_question_leaves_a_record_of_each_answer(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary").await;
        let done = mary.browser.post_and_follow(&book_path(&run), &fields("a-form-key-of-ours")).await;
        let html = done.html();
        let asked = html
            .select(&scraper::Selector::parse("#reach ~ .wb-links a").unwrap())
            .next()
            .and_then(|a| a.value().attr("href"))
            .unwrap();
        assert!(asked.starts_with("/account/about-you?booking=WB-"), "{asked}");
        for (path, answer) in [(asked, "asian-indian"), ("/account/about-you", "not-said"), ("/account/about-you", "arab")] {
            let said = mary.browser.post_and_follow(path, &[("do", "save"), ("ethnic-group", answer)]).await;
            assert!(said.body.contains("We have saved your answer."));
            site.clock.forward(TimeDelta::seconds(1));
        }
        for _ in 0..2 {
            mary.browser.post("/account/about-you", &[("do", "remove")]).await;
        }
        assert_eq!(
            consents(&site, "ethnicity").await,
            [("booking", true), ("account", false), ("account", true), ("account", false)]
                .map(|(how, given)| (how.to_owned(), given)),
            "an answer, rather not say, another answer, and one removal"
        );
        let shown = mary.browser.get("/account/about-you").await;
        let words: String = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar("SELECT wording FROM consent WHERE about = 'ethnicity' AND wording_version = '1' LIMIT 1")
                .fetch_one(&mut *c)
                .await?)
        })
        .unwrap();
        assert!(shown.body.contains(&words), "what is kept is what was shown");
        assert!(mary.browser.get("/account").await.body.contains("href=\"/account/about-you\""), "and it is in the account");
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

/// By which channel somebody said yes or no, in order.
async fn consents(site: &Site, about: &'static str) -> Vec<(String, bool)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT channel, given FROM consent WHERE about = $1 ORDER BY recorded_at, id",
        )
        .bind(about)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}
