//! Somebody under 16 has a place that waits: for a yes, for a no, or until the time to answer is over.

use chrono::TimeDelta;
use reqwest::StatusCode;
use wellbeing_courses::bookings::{
    BookOutcome, Request, book, count_agreed, guardian_agreed, guardian_declined, let_go_lapsed,
    recount,
};
use wellbeing_courses::messages::{Mail, MessageKind};

use super::pages::{book_path, fields};
use super::world::{self, Made, MemberSpec, RunSpec};
use crate::support::Site;
use crate::support::people::{Somebody, Sort};

/// A run with one place, and somebody under 16 who has asked for it.
async fn waiting(site: &Site) -> (Made, Somebody, String) {
    let run = world::run(
        site,
        RunSpec {
            capacity: 1,
            starts_in: TimeDelta::days(30),
            ..RunSpec::default()
        },
    )
    .await;
    let young = site.somebody("Yusuf", Sort::Member, "2014-06-02").await;
    world::guardian(site, young.person_id, "amina@example.org").await;
    let sent = young
        .browser
        .post(&book_path(&run), &fields("a-form-key-of-ours"))
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let own = sent.location().trim_end_matches("/booked").to_owned();
    (run, young, own)
}

/// The path of the link to agree by.
fn link(mail: &Mail) -> String {
    let at = mail.text.find("/guardian/").unwrap();
    mail.text[at..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

with_mail! {
    async fn a_yes_makes_the_booking_count(site: Site) {
        let (run, young, own) = waiting(&site).await;
        let done = young.browser.get(&format!("{own}/booked")).await;
        assert_eq!(done.words("h1"), ["We are waiting for your parent or guardian"]);
        assert!(done.body.contains("You have not booked yet") && done.body.contains("9am on Monday 18 January"));
        assert!(!done.body.contains("calendar.ics"), "it is in nobody's calendar yet");
        assert!(world::told(&site, MessageKind::BookingConfirmed).await.is_empty());
        let asked = world::told(&site, MessageKind::GuardianRequest).await;
        assert_eq!((asked.len(), asked[0].to.email()), (1, "amina@example.org"));
        // The place is kept meanwhile.
        let other = world::members(&site, 1).await.remove(0);
        assert_eq!(other.book(&site, run.id).await, BookOutcome::Full);
        let parent = site.browser();
        let page = parent.get(&link(&asked[0])).await;
        assert!(page.body.contains("Living well with long-term pain"), "the page says what they agree to");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking WHERE status = 'booked'").await, 0);
        let thanks = parent.post(&link(&asked[0]), &[("answer", "yes"), ("agree", "yes")]).await;
        assert_eq!(thanks.words("h1"), ["Thank you. The place is booked."]);
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        assert_eq!(guardian_agreed(&site.app, young.person_id).await.unwrap(), 0, "once is enough");
        assert_eq!(parent.get(&link(&asked[0])).await.status, StatusCode::GONE);
        // Long after the time to answer it still stands, and the next booking need not wait.
        site.clock.forward(TimeDelta::days(20));
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 0);
        assert_eq!(world::count(&site, run.id).await.places, 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_no_frees_the_place_and_the_family_is_told(site: Site) {
        let (run, young, own) = waiting(&site).await;
        let asked = world::told(&site, MessageKind::GuardianRequest).await;
        let answer = site.browser().post(&link(&asked[0]), &[("answer", "no")]).await;
        assert_eq!(answer.words("h1"), ["Thank you for telling us."]);
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken), (0, 0));
        let told = world::told(&site, MessageKind::BookingCancelled).await;
        assert_eq!((told.len(), told[0].to.email()), (1, young.email.as_str()));
        assert_eq!(told[0].subject, "About your booking");
        assert!(told[0].text.contains("You have done nothing wrong.") && !told[0].text.contains("pain"));
        let detail = young.browser.get(&own).await;
        assert!(detail.body.contains("Your parent or guardian did not agree"));
        assert!(!detail.body.contains("/cancel"), "there is nothing left to cancel");
        assert!(young.browser.get("/account/bookings").await.body.contains("Your parent or guardian did not agree"));
        assert_eq!(guardian_declined(&site.app, young.person_id).await.unwrap(), 0);
        let other = world::members(&site, 1).await.remove(0);
        assert!(matches!(other.book(&site, run.id).await, BookOutcome::Booked(_)), "somebody else has it now");
        let refused = world::number(&site, "SELECT COUNT(*) FROM consent WHERE about = 'guardian' AND NOT given").await;
        assert_eq!(refused, 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn no_answer_in_time_frees_the_place_by_the_clock_alone(site: Site) {
        let (run, young, own) = waiting(&site).await;
        let asked = world::told(&site, MessageKind::GuardianRequest).await;
        let other = world::members(&site, 1).await.remove(0);
        site.clock.forward(TimeDelta::days(14) - TimeDelta::microseconds(1));
        assert_eq!(other.book(&site, run.id).await, BookOutcome::Full);
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 0, "a moment is left");
        site.clock.forward(TimeDelta::microseconds(1));
        // Nothing has swept, and every page knows already.
        let browser = site.browser_of(&young).await;
        assert!(browser.get(&own).await.body.contains("We have let this place go"));
        assert!(browser.get("/account/bookings").await.body.contains("We did not hear from your parent or guardian in time"));
        assert_eq!(browser.get(&book_path(&run)).await.words("h1"), ["Check your answers, then book"]);
        assert_eq!(site.browser().get(&link(&asked[0])).await.status, StatusCode::GONE);
        assert_eq!(guardian_agreed(&site.app, young.person_id).await.unwrap(), 0, "too late");
        assert!(matches!(other.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 0, "a late sweeper changes nothing");
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken), (1, 1));
        let told = world::told(&site, MessageKind::BookingCancelled).await;
        assert_eq!((told.len(), told[0].to.email()), (1, young.email.as_str()));
        assert!(told[0].text.contains("we have let the place go"));
        let parent = world::told(&site, MessageKind::GuardianRequest).await;
        assert_eq!((parent.len(), parent[1].subject.as_str()), (2, "The time to answer is over"));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_sweep_alone_lets_go_and_tells(site: Site) {
        let (run, _, _) = waiting(&site).await;
        site.clock.forward(TimeDelta::days(15));
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 1);
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 0);
        assert_eq!(world::count(&site, run.id).await.taken, 0);
        assert_eq!(world::told(&site, MessageKind::BookingCancelled).await.len(), 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_place_that_waits_can_be_cancelled_and_asked_for_again(site: Site) {
        let (run, young, own) = waiting(&site).await;
        let gone = young.browser.post_and_follow(&format!("{own}/cancel"), &[]).await;
        assert!(gone.body.contains("Your place is cancelled"));
        let again = young.browser.post_and_follow(&book_path(&run), &fields("another-form-key-of-ours")).await;
        assert_eq!(again.words("h1"), ["We are waiting for your parent or guardian"]);
        // Too late to cancel what has lapsed: it says so.
        site.clock.forward(TimeDelta::days(14));
        let browser = site.browser_of(&young).await;
        let lines = browser.get("/account/bookings").await;
        assert!(lines.body.contains("Nothing coming up"));
        assert_eq!(let_go_lapsed(&site.app, None).await.unwrap(), 1);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking WHERE status = 'lapsed'").await, 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn two_under_16_wait_for_both_guardians(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let young = || MemberSpec { name: "Yusuf Khan", born: "2014-06-02", ..MemberSpec::default() };
        let (one, two) = (world::member(&site, young()).await, world::member(&site, young()).await);
        let first = world::guardian(&site, one.person, "amina@example.org").await;
        let second = world::guardian(&site, two.person, "omar@example.org").await;
        let request = Request { people: vec![one.person, two.person], ..one.request(run.id) };
        assert!(matches!(book(&site.app, &request).await.unwrap(), BookOutcome::AwaitingGuardian(_)));
        assert_eq!(world::told(&site, MessageKind::GuardianRequest).await.len(), 2, "each is asked");
        for (guardian, person, counts) in [(first, one.person, 0), (second, two.person, 1)] {
            world::change(&site, "UPDATE guardian SET agreed_at = created_at WHERE id = $1", guardian).await;
            // The site's own sweep may count it just before this does: what counts is how the booking stands.
            guardian_agreed(&site.app, person).await.unwrap();
            let booked = "SELECT COUNT(*) FROM booking WHERE status = 'booked'";
            assert_eq!(world::number(&site, booked).await, counts);
        }
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
        assert_eq!(world::count(&site, run.id).await.taken, 2);
    }

    async fn nobody_under_16_waits_for_a_guardian_we_do_not_know(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let young = site.somebody("Yusuf", Sort::Member, "2014-06-02").await;
        let path = book_path(&run);
        let asked = young.browser.get(&path).await;
        assert_eq!(asked.words("h1"), ["A parent or guardian has to agree"]);
        let sent = young.browser.post(&path, &fields("a-form-key-of-ours")).await;
        assert_eq!(sent.status, StatusCode::CONFLICT);
        assert_eq!(world::count(&site, run.id).await.taken, 0);
        let question = format!("/account/details/guardian?next={path}");
        assert!(asked.body.contains(&question), "{}", asked.body);
        let guardian = [
            ("guardian-name", "Amina Khan"),
            ("guardian-email", "amina@example.org"),
            ("guardian-phone", "01632 960 001"),
        ];
        assert_eq!(young.browser.post(&question, &guardian).await.location(), path);
        let sent = young.browser.post_and_follow(&path, &fields("a-form-key-of-ours")).await;
        assert_eq!(sent.words("h1"), ["We are waiting for your parent or guardian"]);
        assert_eq!(world::told(&site, MessageKind::GuardianRequest).await[0].to.email(), "amina@example.org");
        // Grown-ups are not asked.
        let mary = site.member("Mary").await;
        assert_eq!(mary.browser.get("/account/details/guardian").await.status, StatusCode::NOT_FOUND);
    }

    async fn somebody_new_is_asked_and_the_other_link_opens_nothing(site: Site) {
        let (run, young, _) = waiting(&site).await;
        let first = link(&world::told(&site, MessageKind::GuardianRequest).await[0]);
        let guardian = [
            ("guardian-name", "Omar Khan"),
            ("guardian-email", "omar@example.org"),
            ("guardian-phone", "01632 960 002"),
        ];
        site.clock.forward(TimeDelta::seconds(1));
        young.browser.post("/account/details/guardian", &guardian).await;
        let asked = world::told(&site, MessageKind::GuardianRequest).await;
        assert_eq!((asked.len(), asked[1].to.email()), (2, "omar@example.org"));
        assert_eq!(site.browser().post(&first, &[("answer", "yes"), ("agree", "yes")]).await.status, StatusCode::GONE);
        site.browser().post(&link(&asked[1]), &[("answer", "yes"), ("agree", "yes")]).await;
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking WHERE status = 'booked'").await, 1);
        assert_eq!(world::count(&site, run.id).await.taken, 1);
    }

    async fn a_yes_counts_though_the_process_stopped_right_behind_it(site: Site) {
        let (_, young, _) = waiting(&site).await;
        assert_eq!(count_agreed(&site.app).await.unwrap(), 0);
        world::change(&site, "UPDATE guardian SET agreed_at = created_at WHERE person_id = $1", young.person_id).await;
        assert_eq!(count_agreed(&site.app).await.unwrap(), 1);
        assert_eq!(count_agreed(&site.app).await.unwrap(), 0);
        assert_eq!(world::told(&site, MessageKind::BookingConfirmed).await.len(), 1);
    }
}
