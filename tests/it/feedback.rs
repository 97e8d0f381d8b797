//! How a course was: asked once, answered by link, counted for whoever leads it, read by the team.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::feedback;
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::server::jobs;
use wellbeing_courses::write_tx;

use crate::bookings::world::{self, Made, Member, MemberSpec};
use crate::registers::scene::{self, at};
use crate::support::Site;
use crate::support::people::Somebody;

const ASKED: &str = "SELECT COUNT(*) FROM feedback";
const ANSWERED: &str = "SELECT COUNT(*) FROM feedback WHERE answered_at IS NOT NULL";
/// The day after the last session, at ten.
const NEXT_DAY: &str = "2027-02-17T10:00:00Z";
/// When nobody can answer any more.
const CLOSED: &str = "2027-03-09T12:30:00Z";

/// A run that is over, with this many people who had a place, and their tutor.
async fn over(site: &Site, people: usize) -> (Made, Somebody, Vec<Member>) {
    let (run, tutor) = scene::run_with_tutor(site).await;
    let members = world::members(site, people).await;
    for member in &members {
        member.book(site, run.id).await;
    }
    at(site, NEXT_DAY);
    (run, tutor, members)
}

/// Sweeps twice, as two nodes would; gives the messages.
async fn swept(site: &Site) -> Vec<Mail> {
    for _ in 0..2 {
        feedback::sweep(&site.app).await.unwrap();
    }
    world::told(site, MessageKind::Feedback).await
}

fn link(mail: &Mail) -> String {
    let start = mail.text.find("/feedback/").expect("a link");
    mail.text[start..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

/// Answers as everybody does who found it good.
async fn good(site: &Site, link: &str) {
    let fields = [
        ("overall", "good"),
        ("helped", "a-lot"),
        ("welcome", "yes"),
        ("do", "answer"),
    ];
    let answer = site.browser().post(link, &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, link.to_owned())
    );
}

async fn mark(site: &Site, member: &Member, run: &Made, by: Uuid, mark: &'static str) {
    let now = site.app.clock.now();
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) \
             SELECT place.id, session.id, $3, $4, $5 FROM place JOIN session ON session.run_id = place.run_id \
             WHERE place.person_id = $1 AND place.run_id = $2",
        )
        .bind(member.person)
        .bind(run.id)
        .bind(mark)
        .bind(by)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

with_mail! {
    async fn everybody_who_was_there_is_asked_once_on_the_day_after(site: Site) {
        let (run, tutor, all) = over(&site, 4).await;
        at(&site, "2027-02-17T09:59:00Z");
        assert!(swept(&site).await.is_empty(), "not before ten");
        let [came, absent, stopped, quiet] = [0, 1, 2, 3].map(|at: usize| all[at].clone());
        mark(&site, &came, &run, tutor.account_id, "came").await;
        mark(&site, &absent, &run, tutor.account_id, "did-not-come").await;
        world::change(&site, "UPDATE booking SET status = 'stopped', ended_at = created_at WHERE account_id = $1", stopped.account).await;
        world::change(&site, "UPDATE person SET ask_feedback = FALSE WHERE id = $1", quiet.person).await;
        at(&site, NEXT_DAY);
        let (one, ()) = tokio::join!(feedback::sweep(&site.app), jobs::sweep(&site.app));
        one.unwrap();
        let sent = swept(&site).await;
        let to: Vec<_> = sent.iter().map(|mail| mail.to.email().to_owned()).collect();
        assert_eq!(to, [came.email]);
        assert_eq!(world::number(&site, ASKED).await, 2, "whoever does not want to be asked has the page in their account");
        let mail = &sent[0];
        assert_eq!(mail.subject, "How was it?");
        for part in [&mail.subject, &mail.text, &mail.html] {
            assert!(!part.contains("pain"), "the course is not named: {part}");
        }
        at(&site, "2027-02-18T12:00:00Z");
        assert_eq!(swept(&site).await.len(), 1, "once");
    }

    async fn looking_changes_nothing_and_answers_can_be_put_right_for_three_weeks(site: Site) {
        let (_, _, all) = over(&site, 1).await;
        let link = link(&swept(&site).await[0]);
        let page = site.browser().get(&link).await;
        assert_eq!(page.words("h1"), ["How was your course?"]);
        assert!(!page.body.contains("pain"), "whoever shares the mailbox does not read what the course was");
        assert_eq!(world::number(&site, ANSWERED).await, 0);
        let nothing = site.browser().post(&link, &[("do", "answer"), ("words", " ")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(nothing.words(".govuk-error-summary li"), ["Answer at least one question"]);
        let long = "x".repeat(1001);
        let kept = site.browser().post(&link, &[("do", "answer"), ("helped", "a-little"), ("words", &long)]).await;
        assert_eq!(kept.words(".govuk-error-summary li"), ["Use 1000 letters or fewer"]);
        assert!(kept.body.contains(&long), "what was typed is kept");
        assert_eq!(world::number(&site, ANSWERED).await, 0);
        let words = "The </textarea><script>alert(1)</script> room was cold.";
        let sent = site.browser().post_and_follow(&link, &[("do", "answer"), ("overall", "good"), ("words", words)]).await;
        assert_eq!(sent.words("h1"), ["Thank you for your answers"]);
        assert!(!sent.body.contains("cold"), "what was written is not shown to whoever has the link");
        let again = site.browser().get(&format!("{link}?again=yes")).await;
        assert!(again.body.contains("value=\"good\" checked"), "{}", again.body);
        good(&site, &link).await;
        assert_eq!(world::number(&site, ANSWERED).await, 1);
        // The account leads to the same page.
        let booking = world::number(&site, "SELECT COUNT(*) FROM booking").await;
        assert_eq!(booking, 1);
        let somebody = Somebody { person_id: all[0].person, account_id: all[0].account, email: all[0].email.clone(), browser: site.browser() };
        let mine = site.browser_of(&somebody).await;
        let list = mine.get("/account/bookings").await;
        let own = list.body.split("href=\"/account/bookings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(mine.get(&format!("/account/bookings/{own}")).await.body.contains(&link));
        for token in ["AAAA", &link["/feedback/".len() + 2..]] {
            let broken = site.browser().get(&format!("/feedback/{token}")).await;
            assert!(matches!(broken.status, StatusCode::GONE | StatusCode::NOT_FOUND), "{token}: {}", broken.status);
        }
        at(&site, CLOSED);
        let late = site.browser().post(&link, &[("do", "answer"), ("overall", "bad")]).await;
        assert_eq!(late.status, StatusCode::GONE);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM feedback WHERE overall = 'bad'").await, 0);
        assert!(!mine.get(&format!("/account/bookings/{own}")).await.body.contains(&link));
    }

    async fn whoever_does_not_want_to_be_asked_again_is_not(site: Site) {
        let (_, _, all) = over(&site, 1).await;
        let link = link(&swept(&site).await[0]);
        let said = site.browser().post_and_follow(&link, &[("do", "never")]).await;
        assert!(said.body.contains("We will not ask you again."));
        let off = "SELECT COUNT(*) FROM person WHERE NOT ask_feedback";
        assert_eq!(world::number(&site, off).await, 1);
        // In the account it is a box.
        let somebody = Somebody { person_id: all[0].person, account_id: all[0].account, email: all[0].email.clone(), browser: site.browser() };
        let mine = site.browser_of(&somebody).await;
        mine.post("/account/messages", &[("remind", "email")]).await;
        assert_eq!(world::number(&site, off).await, 0);
        mine.post("/account/messages", &[("remind", "email"), ("no-feedback", "yes")]).await;
        assert_eq!(world::number(&site, off).await, 1);
    }

    async fn whoever_leads_the_run_sees_totals_of_five_when_it_is_closed_and_no_words(site: Site) {
        let (run, tutor, _) = over(&site, 5).await;
        let sent = swept(&site).await;
        let secret = "My knee hurt all the time";
        for mail in &sent[1..] {
            good(&site, &link(mail)).await;
        }
        site.browser().post(&link(&sent[0]), &[("do", "answer"), ("words", secret)]).await;
        let path = format!("/tutor/runs/{}/feedback", run.id);
        let words = async |moment: &str| {
            at(&site, moment);
            let page = site.desk_browser(&tutor).await.get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("knee"));
            (page.words(".wb-lead").remove(0), page.words("tbody tr").len())
        };
        let (early, rows) = words("2027-03-09T12:29:00Z").await;
        assert!(early.contains("They can answer until 8 March 2027"), "{early}");
        assert_eq!(rows, 0);
        let (few, rows) = words(CLOSED).await;
        assert!(few.contains("Here it was fewer"), "four answered each question: {few}");
        assert_eq!(rows, 0);
        at(&site, NEXT_DAY);
        good(&site, &link(&sent[0])).await;
        let (all, rows) = words(CLOSED).await;
        assert_eq!(all, "5 of 5 bookings answered.");
        assert_eq!(rows, 11);
        let shown = site.desk_browser(&tutor).await.get(&path).await.words("tbody td");
        assert_eq!(shown[..2], ["Fewer than 5", "5"], "no small number, and no share");
        // Another tutor's run, and one of which somebody leads a part, are not there.
        let other = site.staff("Oscar Other", &[Role::Tutor]).await;
        let theirs = site.desk_browser(&other).await.get(&path).await;
        let none = site.desk_browser(&other).await.get(&format!("/tutor/runs/{}/feedback", Uuid::nil())).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND);
        assert_eq!(theirs.body.replace(&run.id.to_string(), ""), none.body.replace(&Uuid::nil().to_string(), ""));
    }

    async fn the_team_opens_what_people_wrote_and_each_look_is_written_down(site: Site) {
        let (run, _, all) = over(&site, 2).await;
        let sent = swept(&site).await;
        let words = "The </li><script>room</script> was cold.";
        site.browser().post(&link(&sent[0]), &[("do", "answer"), ("overall", "not-good"), ("words", words)]).await;
        good(&site, &link(&sent[1])).await;
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let path = format!("/desk/feedback/{}", run.id);
        let list = admin.browser.get("/desk/feedback").await;
        let row = list.words("tbody td");
        assert_eq!(row, ["16 February 2027", "2", "2", "50%"], "{}", list.body);
        let closed = admin.browser.get(&path).await;
        assert!(!closed.body.contains("cold") && closed.body.contains("2 of 2 bookings answered"));
        let looked = "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked'";
        assert_eq!(world::number(&site, looked).await, 0);
        let opened = admin.browser.post(&path, &[]).await;
        assert_eq!(opened.words(".wb-said"), [words], "escaped, whole, and without a name");
        assert!(!opened.body.contains(&all[0].email) && !opened.body.contains("Ashdown"));
        assert_eq!(world::number(&site, looked).await, 1);
        let communications = site.staff("Cora", &[Role::Communications]).await;
        let totals = communications.browser.get(&path).await;
        assert_eq!(totals.status, StatusCode::OK);
        assert!(!totals.body.contains("Show what people wrote"));
        assert_eq!(communications.browser.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        let owner = site.staff("Olive", &[Role::Owner]).await;
        assert_eq!(owner.browser.get(&path).await.status, StatusCode::NOT_FOUND);
        assert!(admin.browser.get("/desk/feedback?words=%25").await.body.contains("No course has these words"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_course_that_ended_long_ago_is_not_asked_about() {
    let site = Site::start(None, &[("mail", "memory:")]).await;
    let (run, _, _) = over(&site, 1).await;
    site.clock.set(run.ends_at + TimeDelta::days(15));
    assert!(swept(&site).await.is_empty());
    let spare = world::member(&site, MemberSpec::default()).await;
    assert!(spare.email.contains('@'));
}
