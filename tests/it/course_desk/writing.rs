//! The course team writes to the people of a run: to everybody, by how often they came, or to whoever waits.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use super::attendance::{comes, marked};
use super::{admin, full, path};
use crate::bookings::world::{self, RunSpec};
use crate::registers::scene::{self, PersonSpec, at, audited};
use crate::support::people::Somebody;
use crate::support::{Answer, Browser, Site};

const WORDS: &str = "We meet in the small room.\nPlease bring a cushion.";

/// The form, with what else it sends.
async fn write(
    browser: &Browser,
    page: &str,
    whom: &[(&str, &str)],
    more: &[(&str, &str)],
) -> Answer {
    let mut fields = vec![("words", WORDS)];
    fields.extend(whom);
    fields.extend(more);
    browser.post_and_follow(page, &fields).await
}

/// Looks, and then sends; gives what the preview said.
async fn send(browser: &Browser, page: &str, whom: &[(&str, &str)]) -> (Answer, Answer) {
    let seen = write(browser, page, whom, &[]).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    let id = seen.field("message").unwrap();
    for (name, value) in whom {
        assert_eq!(seen.field(name).as_deref(), Some(*value), "it is sent on");
    }
    let said = write(browser, page, whom, &[("message", &id), ("do", "send")]).await;
    // The same twice is one message.
    write(browser, page, whom, &[("message", &id), ("do", "send")]).await;
    (seen, said)
}

async fn to(site: &Site) -> Vec<String> {
    let mut all: Vec<_> = world::told(site, MessageKind::RunChanged)
        .await
        .into_iter()
        .map(|mail| mail.to.email().to_owned())
        .collect();
    all.sort_unstable();
    all
}

/// Somebody without an account, with an email address and a place: the place.
async fn by_email(site: &Site, run: Uuid, name: &'static str, email: &'static str) -> Uuid {
    let spec = PersonSpec {
        name,
        born: Some("1960-01-02"),
        phone: None,
        email: Some(email),
    };
    let person = scene::person(site, spec).await;
    scene::booked(site, run, &[person], None).await.remove(0)
}

async fn team(site: &Site) -> Somebody {
    admin(site).await
}

with_mail! {
    async fn everybody_gets_it_by_email_text_call_or_letter_and_the_team_sees_how_many(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", mary.person_id).await;
        by_email(&site, run.id, "Ben Bell", "ben@example.org").await;
        comes(&site, run.id, "Cleo Cole").await;
        let (dora, _) = comes(&site, run.id, "Dora Dean").await;
        world::change(&site, "UPDATE person SET reach_by_letter = TRUE, address = '2 High Street' WHERE id = $1", dora).await;

        let (seen, said) = send(&team.browser, &page, &[("whom", "everybody")]).await;
        assert!(seen.body.contains("4 people will get it"), "{}", seen.body);
        assert!(seen.body.contains("2 by email. 1 by text. 1 by letter. The course team rings 1."), "{}", seen.body);
        assert!(seen.body.contains("from the course team, writes:"));
        assert!(said.body.contains("Your message is on its way to 4 people."), "{}", said.body);
        let mut wanted = vec!["ben@example.org".to_owned(), mary.email.clone()];
        wanted.sort_unstable();
        assert_eq!(to(&site).await, wanted);
        assert_eq!(site.app.messages.texts.sent().len(), 1);
        let rung: Vec<String> = read!(site.app.db, |c| {
            Ok(sqlx::query_scalar(
                "SELECT person.full_name FROM phone_call JOIN person ON person.id = phone_call.person_id WHERE message_id IS NOT NULL",
            )
            .fetch_all(&mut *c)
            .await?)
        })
        .unwrap();
        assert_eq!(rung, ["Cleo Cole"]);
        let letters = team.browser.get("/desk/letters/print").await;
        assert!(letters.body.contains("Please bring a cushion.") && letters.body.contains("2 High Street"), "{}", letters.body);
        assert!(!letters.body.contains("pain"), "the course is not named");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM post_letter WHERE about = 'message'").await, 1);
        assert_eq!(audited(&site, run.id, "group-written").await, 1);
        let on_run = team.browser.get(&path(&run)).await;
        assert!(on_run.body.contains(&format!("{page}\"")), "the run leads to it");
        assert!(on_run.words("#written ~ ul li")[0].starts_with("Everybody who has a place: 4 people"), "{}", on_run.body);
    }

    async fn by_how_often_they_came_and_only_they_get_it(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        let ann = by_email(&site, run.id, "Ann Gale", "ann@example.org").await;
        let ben = by_email(&site, run.id, "Ben Bell", "ben@example.org").await;
        let cleo = by_email(&site, run.id, "Cleo Cole", "cleo@example.org").await;
        marked(&site, run.id, ann, team.account_id, "cc").await;
        marked(&site, run.id, ben, team.account_id, "cn").await;
        marked(&site, run.id, cleo, team.account_id, "na").await;
        at(&site, "2027-01-20T10:00:00Z");
        let browser = site.desk_browser(&team).await;
        let (seen, _) = send(&browser, &page, &[("whom", "fewer-than"), ("fewer", "2")]).await;
        assert!(seen.body.contains("2 people will get it") && seen.body.contains("Who came to fewer than 2 sessions."), "{}", seen.body);
        assert_eq!(to(&site).await, ["ben@example.org", "cleo@example.org"]);
        let (seen, said) = send(&browser, &page, &[("whom", "missed-last"), ("fewer", "")]).await;
        assert!(seen.body.contains("1 person will get it"));
        assert!(said.body.contains("Who did not come to the last session. 1 by email."), "{}", said.body);
        assert_eq!(to(&site).await, ["ben@example.org", "ben@example.org", "cleo@example.org"]);

        // What went to some is not in the tutor's list; what went to everybody is.
        let tutors = site.desk_browser(&tutor).await;
        let theirs = format!("/tutor/runs/{}/message", run.id);
        assert!(!tutors.get(&theirs).await.body.contains("cushion"));
        send(&browser, &page, &[("whom", "everybody")]).await;
        assert!(tutors.get(&theirs).await.body.contains("cushion"));
    }

    async fn whoever_could_not_be_marked_has_not_stayed_away(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        by_email(&site, run.id, "Ann Gale", "ann@example.org").await;
        by_email(&site, run.id, "Ben Bell", "ben@example.org").await;
        let kept = by_email(&site, run.id, "Cleo Cole", "cleo@example.org").await;
        world::change(
            &site,
            "UPDATE person SET keep_from_tutors = TRUE WHERE id = (SELECT person_id FROM place WHERE place.id = $1)",
            kept,
        )
        .await;
        at(&site, "2027-01-13T10:00:00Z");
        let late = by_email(&site, run.id, "Dora Dean", "dora@example.org").await;
        marked(&site, run.id, late, team.account_id, "-c").await;
        at(&site, "2027-01-20T10:00:00Z");
        let browser = site.desk_browser(&team).await;
        send(&browser, &page, &[("whom", "fewer-than"), ("fewer", "2")]).await;
        assert_eq!(to(&site).await, ["ann@example.org", "ben@example.org"]);
    }

    async fn whoever_waits_is_written_to_as_somebody_who_waits(site: Site) {
        let (run, has, waits) = full(&site, 6).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        let (seen, _) = send(&team.browser, &page, &[("whom", "waiting")]).await;
        assert!(seen.body.contains("1 person will get it"));
        let mails = world::told(&site, MessageKind::RunChanged).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to.email(), waits.email);
        assert_ne!(mails[0].to.email(), has.email);
        assert!(mails[0].text.contains("You wait for a place.") && mails[0].text.contains("you asked to wait for a place"), "{}", mails[0].text);
        assert!(!mails[0].text.contains("Booking number") && !mails[0].text.contains("pain"), "{}", mails[0].text);
    }

    async fn what_cannot_be_sent_stays_in_the_form(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        let long = "x".repeat(501);
        for (whom, fewer, words, error) in [
            ("", "", "Hello", "Choose who gets it"),
            ("somebody", "", "Hello", "Choose who gets it"),
            ("fewer-than", "", "Hello", "Enter a number of sessions"),
            ("fewer-than", "7", "Hello", "Enter a number from 1 to 6"),
            ("everybody", "", "", "Write your message"),
            ("everybody", "", long.as_str(), "Use 500 or fewer"),
            ("everybody", "", "Hello", "Nobody has booked yet"),
            ("waiting", "", "Hello", "Nobody waits for a place"),
            ("missed-last", "", "Hello", "Nobody is marked as not there"),
        ] {
            let id = site.app.id().unwrap().to_string();
            let fields = [("whom", whom), ("fewer", fewer), ("words", words), ("message", id.as_str()), ("do", "send")];
            let answer = team.browser.post(&page, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
            assert!(answer.body.contains(error), "{error}: {}", answer.body);
            assert_eq!(answer.words("textarea"), [words], "{error}");
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 0);
        world::change(&site, "UPDATE run SET status = 'draft' WHERE id = $1", run.id).await;
        assert!(team.browser.get(&page).await.field("words").is_none());
    }

    async fn ten_messages_a_day_are_the_most(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let team = team(&site).await;
        let page = format!("{}/message", path(&run));
        by_email(&site, run.id, "Ben Bell", "ben@example.org").await;
        for _ in 0..10 {
            send(&team.browser, &page, &[("whom", "everybody")]).await;
        }
        let again = write(&team.browser, &page, &[("whom", "everybody")], &[]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("You have sent 10 messages to the people of this run today"), "{}", again.body);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 10);
    }
}
