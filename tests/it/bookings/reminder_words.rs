//! The team writes what a reminder says that a missed place costs others.

use reqwest::StatusCode;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::{BookOutcome, reminders};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::server::jobs;

use super::world::{self, RunSpec};
use crate::registers::scene::at;

const PAGE: &str = "/desk/messages/reminders";
const OURS: &str = "A place that stays empty is one that somebody else could not have.";
const WEEK: &str = "2027-01-05T10:00:00Z";
const CHANGES: &str = "SELECT COUNT(*) FROM audit_entry WHERE action = 'reminder-worded'";
const DAY: &str = "2027-01-11T10:00:00Z";

with_mail! {
    async fn the_next_reminders_have_the_teams_words_and_later_ours_again(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        world::change(&site, "UPDATE person SET remind_by = 'email-and-text', phone = '+447700900100' WHERE id = $1", member.person).await;
        let team = site.staff("Sandra Okoro", &[Role::CourseAdmin]).await;
        let shown = team.browser.get(PAGE).await;
        assert!(shown.words("textarea")[0].contains(OURS));
        assert!(shown.body.contains("These are the words that came with the site."));

        let words = [
            ("email-words", "Somebody waits for {day}. Ring {phone} if you cannot come."),
            ("text-words", "Others wait."),
        ];
        let look = [words[0], words[1], ("do", "look")];
        let seen = team.browser.post(PAGE, &look).await;
        assert!(seen.body.contains("Somebody waits for Tuesday 5 January. Ring "), "{}", seen.body);
        assert!(seen.body.contains("Others wait. Cannot come?") && seen.body.contains("it goes as 2 texts"), "{}", seen.body);
        assert!(team.browser.get(PAGE).await.words("textarea")[0].contains(OURS), "nothing is kept by looking");
        let save = [words[0], words[1], ("do", "save")];
        for _ in 0..2 {
            let said = team.browser.post_and_follow(PAGE, &save).await;
            assert!(said.body.contains("The words are saved."), "{}", said.body);
            assert!(said.body.contains("The team changed them:") && said.body.contains("Sandra Okoro"), "{}", said.body);
        }
        assert_eq!(world::number(&site, CHANGES).await, 1);

        at(&site, WEEK);
        reminders::sweep(&site.app).await.unwrap();
        let sent = world::told(&site, MessageKind::Reminder).await;
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.contains("Somebody waits for Tuesday 12 January. Ring ") && !sent[0].text.contains(OURS), "{}", sent[0].text);
        assert!(sent[0].html.contains("Somebody waits for Tuesday 12 January."));
        let texts = site.app.messages.texts.sent();
        assert!(texts[0].words.contains("Others wait. Cannot come?"), "{}", texts[0].words);

        let browser = site.desk_browser(&team).await;
        let said = browser.post_and_follow(PAGE, &[("do", "ours")]).await;
        assert!(said.words("textarea")[0].contains(OURS));
        assert_eq!(world::number(&site, CHANGES).await, 2);
        at(&site, DAY);
        reminders::sweep(&site.app).await.unwrap();
        let sent = world::told(&site, MessageKind::Reminder).await;
        assert!(sent[1].text.contains(OURS) && !sent[1].text.contains("Somebody waits"), "{}", sent[1].text);
        assert!(!site.app.messages.texts.sent()[1].words.contains("Others wait"));
    }

    async fn words_that_could_name_the_course_or_are_too_long_are_not_kept(site: Site) {
        let team = site.staff("Sandra Okoro", &[Role::CourseAdmin]).await;
        let (long, longer) = ("x".repeat(121), "x".repeat(301));
        for (email, text, error) in [
            ("", "", "Write what an email says"),
            ("You miss {course}.", "", "In curly brackets there can be only {day}, {time} or {phone}"),
            ("Good words.", "Dear {name}", "In curly brackets there can be only {day}, {time} or {phone}"),
            ("Good words.", long.as_str(), "This has 121 letters. Use 120 or fewer"),
            (longer.as_str(), "", "This has 301 letters. Use 300 or fewer"),
        ] {
            for step in ["look", "save"] {
                let fields = [("email-words", email), ("text-words", text), ("do", step)];
                let answer = team.browser.post(PAGE, &fields).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{error}");
                assert!(answer.body.contains(error), "{error}: {}", answer.body);
                assert_eq!(answer.words("textarea"), [email, text]);
            }
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM reminder_words").await, 0);
        let other = team.browser.post(PAGE, &[("do", "")]).await;
        assert_eq!(other.status, StatusCode::BAD_REQUEST);
    }

    async fn what_the_words_were_before_can_still_be_read_when_keys_were_swept(site: Site) {
        let team = site.staff("Sandra Okoro", &[Role::CourseAdmin]).await;
        for words in ["Old words.", "New words."] {
            site.clock.forward(chrono::TimeDelta::minutes(1));
            team.browser.post(PAGE, &[("email-words", words), ("text-words", ""), ("do", "save")]).await;
        }
        site.clock.forward(chrono::TimeDelta::days(3));
        jobs::sweep(&site.app).await;
        let browser = site.desk_browser(&team).await;
        let shown = browser.get(PAGE).await;
        let before = shown.words("#before ~ ul li");
        assert_eq!(before.len(), 2, "{}", shown.body);
        assert!(before[0].contains("Old words.") && before[1].contains(OURS), "{before:?}");
    }
}
