//! Writing to everybody on a run.

use reqwest::StatusCode;
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::read;
use wellbeing_courses::registers::planning;

use super::scene::{self, PersonSpec, at, audited, path};
use super::sharing::{admin, other_tutor, session};
use crate::bookings::world;
use crate::support::{Answer, Browser, Site};

const WORDS: &str = "We meet in the small room.\nPlease bring a cushion.";

/// The first step: what the preview says.
async fn preview(browser: &Browser, page: &str) -> Answer {
    let answer = browser.post(page, &[("words", WORDS)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer
}

/// The second step.
async fn send(browser: &Browser, page: &str, preview: &Answer) -> Answer {
    let id = preview.field("message").unwrap();
    browser
        .post_and_follow(page, &[("words", WORDS), ("message", &id), ("do", "send")])
        .await
}

async fn mails(site: &Site) -> Vec<Mail> {
    let mut all = world::told(site, MessageKind::RunChanged).await;
    all.sort_by(|a, b| a.to.email().cmp(b.to.email()));
    all
}

/// Whom the team rings, and what they read out.
async fn calls(site: &Site) -> Vec<(String, String)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT person.full_name, run_message.words FROM phone_call JOIN person ON person.id = phone_call.person_id \
             JOIN run_message ON run_message.id = phone_call.message_id ORDER BY person.full_name",
        )
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

const fn somebody(
    name: &'static str,
    phone: Option<&'static str>,
    email: Option<&'static str>,
) -> PersonSpec {
    PersonSpec {
        name,
        born: Some("1960-01-02"),
        phone,
        email,
    }
}

with_mail! {
    async fn everybody_gets_it_once_by_the_way_they_chose(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/message", path(run.id));
        // By email and text; by email; by neither, so by a call; a child's parent; somebody who objected to sharing.
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1", mary.person_id).await;
        let ben = scene::person(&site, somebody("Ben Bell", Some("+447700900201"), Some("ben@example.org"))).await;
        let cleo = scene::person(&site, somebody("Cleo Cole", Some("+447700900202"), None)).await;
        let dan = scene::person(&site, somebody("Dan Drew", None, Some("dan@example.org"))).await;
        let child = scene::person(&site, PersonSpec {
            name: "Rowan Brook", born: Some("2014-03-08"), phone: Some("+447700900333"), email: Some("rowan@example.org"),
        }).await;
        scene::parent(&site, child, "Alex Brook", ["+447700900444", "alex@example.org"]).await;
        for person in [ben, cleo, dan, child] {
            scene::booked(&site, run.id, &[person], None).await;
        }
        let by = admin(&site).await;
        planning::keep_from_tutors(&site.app, &by, dan, true).await.unwrap();

        let seen = preview(&tutor.browser, &page).await;
        assert!(seen.body.contains("5 people will get it"), "{}", seen.body);
        assert!(seen.body.contains("4 by email. 1 by text. The course team rings 1."));
        assert!(seen.body.contains("Priya, who leads the sessions, writes:") && seen.body.contains("Please bring a cushion."));
        for name in ["Mary", "Ben", "Cleo", "Dan", "Rowan", "Alex"] {
            assert!(!seen.body.contains(name), "the tutor sees counts alone: {name}");
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM outbox").await, 0, "nothing is sent yet");
        let changed = tutor.browser.post(&page, &[("words", WORDS), ("do", "change")]).await;
        assert!(changed.words("textarea")[0].contains("Please bring a cushion."));

        for _ in 0..2 {
            let said = send(&tutor.browser, &page, &seen).await;
            assert!(said.body.contains("Your message is on its way to 5 people."), "{}", said.body);
            assert_eq!(said.words(".wb-messages h3"), ["Monday 4 January, 9am"]);
            assert!(said.body.contains("Priya Nair, to 5 people. 4 by email. 1 by text. The course team rings 1."));
        }
        let mails = mails(&site).await;
        let mut to = vec!["alex@example.org", "ben@example.org", "dan@example.org", mary.email.as_str()];
        to.sort_unstable();
        assert_eq!(mails.iter().map(|mail| mail.to.email()).collect::<Vec<_>>(), to);
        for mail in &mails {
            assert_eq!(mail.subject, "A message about your booking");
            for words in ["Priya, who leads the sessions, writes:", "We meet in the small room.", "Please bring a cushion."] {
                assert!(mail.text.contains(words) && mail.html.contains(words), "{}", mail.text);
            }
            assert!(!mail.text.contains("pain"), "the course is not named: {}", mail.text);
        }
        let parent = mails.iter().find(|mail| mail.to.email() == "alex@example.org").unwrap();
        assert!(parent.text.contains("For Rowan Brook") && parent.text.contains("Hello Alex"), "{}", parent.text);
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.iter().map(|text| text.to.as_str()).collect::<Vec<_>>(), ["+447700900100"], "only who agreed");
        assert!(texts[0].words.contains("Priya, who leads the sessions, writes: We meet in the small room."));
        assert!(!texts[0].words.contains("pain"));
        assert_eq!(calls(&site).await, [("Cleo Cole".to_owned(), WORDS.to_owned())]);
        assert_eq!(audited(&site, run.id, "group-written").await, 1);
        let desk = site.staff("Ann Gale", &[wellbeing_courses::accounts::roles::Role::CourseAdmin]).await;
        assert!(desk.browser.get("/desk/calls").await.body.contains("Please bring a cushion."), "whoever rings reads it out");
        // The same words anew are another message.
        let anew = preview(&tutor.browser, &page).await;
        send(&tutor.browser, &page, &anew).await;
        assert_eq!(audited(&site, run.id, "group-written").await, 2);
    }

    async fn the_course_is_named_to_those_alone_who_allowed_it(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/message", path(run.id));
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        world::change(&site, "UPDATE person SET name_course_in_messages = TRUE WHERE id = $1", mary.person_id).await;
        let seen = preview(&tutor.browser, &page).await;
        assert!(seen.body.contains("1 person will get it"));
        assert!(send(&tutor.browser, &page, &seen).await.body.contains("Your message is on its way to 1 person."));
        let mail = mails(&site).await.remove(0);
        assert!(mail.text.contains("Course: Living well with long-term pain") && !mail.subject.contains("pain"), "{}", mail.text);
    }

    async fn words_that_cannot_be_sent_stay_in_the_form(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/message", path(run.id));
        let long = "x".repeat(501);
        for (words, error) in [
            ("", "Write your message"),
            (long.as_str(), "Your message has 501 letters. Use 500 or fewer"),
            ("Hello", "Nobody has booked yet, so there is nobody to write to"),
        ] {
            for step in ["", "send"] {
                let message = site.app.id().unwrap().to_string();
                let answer = tutor.browser.post(&page, &[("words", words), ("do", step), ("message", &message)]).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
                assert!(answer.body.contains(error), "{}", answer.body);
                assert_eq!(answer.words("textarea"), [words]);
            }
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 0);
    }

    async fn nobody_writes_to_a_run_that_is_not_theirs_or_whose_list_is_closed(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/message", path(run.id));
        let ben = scene::person(&site, somebody("Ben Bell", None, Some("ben@example.org"))).await;
        scene::booked(&site, run.id, &[ben], None).await;
        let by = admin(&site).await;
        let (kit, kits) = other_tutor(&site, "Kit Lowe").await;
        let wanted = kit.browser.get("/tutor/runs/nothing-here").await.body;
        let id = site.app.id().unwrap().to_string();
        let form = [("words", WORDS), ("message", id.as_str()), ("do", "send")];
        for answer in [kit.browser.get(&page).await, kit.browser.post(&page, &form).await] {
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted));
        }
        // Whoever stands in may, up to their own day.
        planning::add_stand_in(&site.app, &by, session(&site, run.id, 2).await, kits).await.unwrap();
        at(&site, "2027-01-19T20:00:00Z");
        let browser = site.desk_browser(&kit).await;
        let seen = preview(&browser, &page).await;
        assert!(seen.body.contains("who leads one of the sessions, writes:"), "{}", seen.body);
        assert!(send(&browser, &page, &seen).await.body.contains("on its way to 1 person"));
        at(&site, "2027-01-20T00:00:00Z");
        let browser = site.desk_browser(&kit).await;
        let over = browser.get(&page).await;
        assert!(over.body.contains("The sessions that you lead are over") && over.words("textarea").is_empty());
        assert_eq!(browser.post(&page, &form).await.location(), page);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 1);
        // Once the list is closed, nobody may.
        at(&site, "2027-03-03T00:00:00Z");
        let late = site.desk_browser(&tutor).await;
        assert!(late.get(&page).await.body.contains("This list is closed"));
        assert!(late.post(&page, &form).await.body.contains("This list is closed"));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 1);
    }
}

on_both! {
    async fn three_messages_a_day_are_the_most_and_the_next_day_begins_anew(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/message", path(run.id));
        let ben = scene::person(&site, somebody("Ben Bell", None, Some("ben@example.org"))).await;
        scene::booked(&site, run.id, &[ben], None).await;
        at(&site, "2027-01-12T09:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let last = preview(&browser, &page).await;
        let again = preview(&browser, &page).await;
        // Four previews stand open; two of them are pressed at once.
        for _ in 0..2 {
            let shown = preview(&browser, &page).await;
            assert!(send(&browser, &page, &shown).await.body.contains("on its way"));
        }
        let (one, two) = futures::join!(send(&browser, &page, &last), send(&browser, &page, &again));
        let fine = [&one, &two].iter().filter(|answer| answer.status == StatusCode::OK).count();
        assert_eq!(fine, 1, "{} {}", one.status, two.status);
        let refused = if one.status == StatusCode::OK { two } else { one };
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sentence = refused.words(".govuk-error-message").remove(0);
        assert!(sentence.contains("You have sent 3 messages to this group today") && sentence.contains("ring the office on"));
        assert!(refused.body.contains("Please bring a cushion."), "what was typed is kept");
        let early = browser.post(&page, &[("words", WORDS)]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "said before the preview");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM run_message").await, 3);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM outbox").await, 3);
        assert_eq!(audited(&site, run.id, "group-written").await, 3);

        // Half past midnight in Bath is another day.
        at(&site, "2027-01-13T00:30:00Z");
        let browser = site.desk_browser(&tutor).await;
        let shown = preview(&browser, &page).await;
        assert!(send(&browser, &page, &shown).await.body.contains("on its way"));
    }
}
