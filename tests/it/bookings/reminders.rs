//! Reminders: everybody who comes is told in time, once, and says in one tap that they cannot.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use wellbeing_courses::bookings::{BookOutcome, CancelOutcome, cancel, recount, reminders};
use wellbeing_courses::messages::{Mail, MessageKind};
use wellbeing_courses::server::jobs;
use wellbeing_courses::ui::dates;
use wellbeing_courses::write_tx;

use super::world::{self, Made, Member, RunSpec};
use crate::support::Site;

/// A run of three sessions in 20 days, and somebody who has a place.
async fn booked(site: &Site) -> (Made, Member, String) {
    let spec = RunSpec {
        starts_in: TimeDelta::days(20),
        sessions: 3,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let member = world::members(site, 1).await.remove(0);
    let BookOutcome::Booked(booked) = member.book(site, run.id).await else {
        panic!("a free place");
    };
    (run, member, booked.reference)
}

/// So many days before a session, at this time of the day in Bath.
fn before(starts_at: DateTime<Utc>, days: i64, hour: u32, minute: u32) -> DateTime<Utc> {
    let day = dates::day_of(starts_at) - TimeDelta::days(days);
    dates::moment(day.and_hms_opt(hour, minute, 0).unwrap())
}

/// Sweeps every 20 minutes from now until then, twice, as two nodes would.
async fn sweep_until(site: &Site, end: DateTime<Utc>) {
    while site.app.clock.now() < end {
        site.clock.forward(TimeDelta::minutes(20));
        reminders::sweep(&site.app).await.unwrap();
        reminders::sweep(&site.app).await.unwrap();
        // A worker that has a message in hand must not see the clock jump past its lease.
        reminded(site).await;
    }
}

async fn reminded(site: &Site) -> Vec<Mail> {
    world::told(site, MessageKind::Reminder).await
}

async fn wants(site: &Site, member: &Member, sql: &'static str) {
    world::change(site, sql, member.person).await;
}

fn link(mail: &Mail) -> String {
    let at = mail.text.find("/cannot-come/").expect("a link");
    mail.text[at..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

const CALLS: &str = "SELECT COUNT(*) FROM phone_call WHERE about = 'reminder'";
const APOLOGIES: &str = "SELECT COUNT(*) FROM apology";

with_mail! {
    async fn everybody_is_reminded_a_week_and_a_day_before_the_first_session(site: Site) {
        let (run, member, reference) = booked(&site).await;
        site.clock.set(before(run.starts_at, 7, 9, 59));
        reminders::sweep(&site.app).await.unwrap();
        assert!(reminded(&site).await.is_empty(), "too early");
        site.clock.set(before(run.starts_at, 7, 10, 0));
        jobs::sweep(&site.app).await;
        let sent = reminded(&site).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].to.email(), member.email);
        assert!(sent[0].subject.contains(dates::weekday(dates::day_of(run.starts_at))), "{}", sent[0].subject);
        assert!(sent[0].text.contains(&reference) && sent[0].text.contains("then every week for 3 weeks"), "{}", sent[0].text);
        assert!(!sent[0].text.contains("pain") && !sent[0].subject.contains("pain"), "the course is not named");
        site.clock.set(before(run.starts_at, 1, 10, 0));
        jobs::sweep(&site.app).await;
        let sent = reminded(&site).await;
        assert_eq!(sent.len(), 2);
        let today = dates::day_of(site.app.clock.now());
        let when = dates::day_and_time(run.starts_at, today).replace(", ", " at ");
        assert!(sent[1].subject.starts_with(&when), "{}", sent[1].subject);
        assert!(sent[1].text.contains("Session 1 of 3"), "{}", sent[1].text);
    }

    async fn however_often_it_is_swept_nobody_is_reminded_twice_or_of_later_sessions(site: Site) {
        let (run, ..) = booked(&site).await;
        sweep_until(&site, run.ends_at).await;
        assert_eq!(reminded(&site).await.len(), 2);
    }

    async fn whoever_wants_it_is_reminded_the_day_before_each_session(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_each_session = TRUE WHERE id = $1").await;
        sweep_until(&site, run.ends_at).await;
        let sent = reminded(&site).await;
        assert_eq!(sent.len(), 4);
        assert!(sent[3].text.contains("Session 3 of 3"), "{}", sent[3].text);
    }

    async fn a_late_sweep_sends_what_still_helps_and_only_by_day(site: Site) {
        let (run, ..) = booked(&site).await;
        site.clock.set(before(run.starts_at, 6, 21, 0));
        reminders::sweep(&site.app).await.unwrap();
        assert!(reminded(&site).await.is_empty(), "it is night");
        site.clock.set(before(run.starts_at, 5, 8, 0));
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(reminded(&site).await.len(), 1);
        site.clock.set(run.starts_at + TimeDelta::minutes(1));
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(reminded(&site).await.len(), 1, "it has begun");
    }

    async fn whoever_has_given_up_the_place_or_booked_just_now_is_left_alone(site: Site) {
        let (run, member, reference) = booked(&site).await;
        cancel(&site.app, member.account, &reference).await.unwrap();
        site.clock.set(before(run.starts_at, 1, 11, 0));
        let late = world::members(&site, 1).await.remove(0);
        assert!(matches!(late.book(&site, run.id).await, BookOutcome::Booked(_)));
        sweep_until(&site, run.starts_at).await;
        assert!(reminded(&site).await.is_empty());
    }

    async fn a_run_that_does_not_go_ahead_reminds_nobody(site: Site) {
        let (run, ..) = booked(&site).await;
        world::change(&site, "UPDATE run SET status = 'cancelled' WHERE id = $1", run.id).await;
        sweep_until(&site, run.starts_at).await;
        assert!(reminded(&site).await.is_empty());
    }

    async fn who_wants_a_call_or_cannot_be_written_to_is_on_the_call_list_once(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_by = 'call' WHERE id = $1").await;
        // Booked for them by the team: no account, and no address.
        let other = world::cared_for(&site, member.account, "Tom Ashdown").await;
        let mut request = member.request(run.id);
        (request.account_id, request.people) = (None, vec![other]);
        let booked = wellbeing_courses::bookings::book(&site.app, &request).await.unwrap();
        assert!(matches!(booked, BookOutcome::Booked(_)), "{booked:?}");
        sweep_until(&site, run.ends_at).await;
        assert!(reminded(&site).await.is_empty());
        assert_eq!(world::number(&site, CALLS).await, 2);
    }

    async fn whoever_agreed_to_texts_gets_one_beside_the_email(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_by = 'email-and-text' WHERE id = $1").await;
        sweep_until(&site, run.ends_at).await;
        assert_eq!(reminded(&site).await.len(), 2);
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), 2);
        let words = &texts[1].words;
        assert_eq!(texts[1].to, "+447700900214");
        assert!(words.contains(dates::weekday(dates::day_of(run.starts_at))) && words.contains("/cannot-come/"), "{words}");
        assert!(!words.contains("pain"), "the course is not named: {words}");
    }

    async fn a_text_is_enough_for_whoever_has_no_address(site: Site) {
        let (run, member, _) = booked(&site).await;
        let other = world::cared_for(&site, member.account, "Tom Ashdown").await;
        let sql = "UPDATE person SET remind_by = 'email-and-text', phone = '+447700900215' WHERE id = $1";
        world::change(&site, sql, other).await;
        let mut request = member.request(run.id);
        (request.account_id, request.people) = (None, vec![other]);
        let booked = wellbeing_courses::bookings::book(&site.app, &request).await.unwrap();
        assert!(matches!(booked, BookOutcome::Booked(_)), "{booked:?}");
        sweep_until(&site, run.starts_at).await;
        let texts = site.app.messages.texts.sent();
        assert_eq!(texts.len(), 3, "the booking, a week before and the day before");
        assert_eq!(world::number(&site, CALLS).await, 0);
    }

    async fn one_tap_keeps_the_place_and_says_that_they_cannot_come_this_time(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_each_session = TRUE WHERE id = $1").await;
        let second = run.starts_at + TimeDelta::weeks(1);
        site.clock.set(before(second, 1, 10, 0));
        reminders::sweep(&site.app).await.unwrap();
        let path = link(&reminded(&site).await[0]);
        let browser = site.browser();
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.title().starts_with("Cannot come on "), "{}", page.title());
        assert!(!page.body.contains("pain"), "whoever opens the link need not know the course");
        assert_eq!(world::number(&site, APOLOGIES).await, 0, "nothing happens by looking");
        for _ in 0..2 {
            let noted = browser.post_and_follow(&path, &[("do", "this")]).await;
            assert!(noted.body.contains("Your place is kept"), "{}", noted.body);
        }
        assert_eq!(world::number(&site, APOLOGIES).await, 1);
        assert_eq!(world::count(&site, run.id).await.places, 1);
        browser.post(&path, &[("do", "come")]).await;
        assert_eq!(world::number(&site, APOLOGIES).await, 0);
        assert_eq!(browser.post(&path, &[("do", "else")]).await.status, StatusCode::BAD_REQUEST);
    }

    async fn who_said_that_they_cannot_come_is_not_reminded_of_it(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_each_session = TRUE WHERE id = $1").await;
        apologises_for_all(&site, &run).await;
        sweep_until(&site, run.ends_at).await;
        assert!(reminded(&site).await.is_empty());
    }

    async fn one_tap_frees_the_place_before_the_first_session_and_stops_the_reminders(site: Site) {
        let (run, member, _) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_each_session = TRUE WHERE id = $1").await;
        site.clock.set(before(run.starts_at, 7, 10, 0));
        reminders::sweep(&site.app).await.unwrap();
        let path = link(&reminded(&site).await[0]);
        let browser = site.browser();
        for _ in 0..2 {
            let page = browser.post_and_follow(&path, &[("do", "all")]).await;
            assert!(page.body.contains("We do not expect you any more"), "{}", page.body);
        }
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.taken), (0, 0));
        assert_eq!(world::told(&site, MessageKind::BookingCancelled).await.len(), 1);
        sweep_until(&site, run.ends_at).await;
        assert_eq!(reminded(&site).await.len(), 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn leaving_part_way_stops_every_further_reminder(site: Site) {
        let (run, member, reference) = booked(&site).await;
        wants(&site, &member, "UPDATE person SET remind_each_session = TRUE WHERE id = $1").await;
        // The first session is over, and they have been reminded of it twice.
        sweep_until(&site, run.starts_at + TimeDelta::hours(3)).await;
        assert_eq!(reminded(&site).await.len(), 2);
        let left = cancel(&site.app, member.account, &reference).await.unwrap();
        assert_eq!(left, CancelOutcome::Stopped);
        sweep_until(&site, run.ends_at).await;
        assert_eq!(reminded(&site).await.len(), 2, "of the other two sessions they are not");
        assert_eq!(world::number(&site, CALLS).await, 0);
    }

    async fn a_made_up_link_and_one_whose_session_is_over_do_nothing(site: Site) {
        let (run, ..) = booked(&site).await;
        site.clock.set(before(run.starts_at, 1, 10, 0));
        reminders::sweep(&site.app).await.unwrap();
        let path = link(&reminded(&site).await[0]);
        site.clock.set(run.starts_at + TimeDelta::days(1));
        let browser = site.browser();
        for answer in ["this", "all"] {
            let page = browser.post_and_follow(&path, &[("do", answer)]).await;
            assert!(page.body.contains("This session is over"), "{}", page.body);
        }
        let wrong = "/cannot-come/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(browser.get(wrong).await.status, StatusCode::GONE);
        assert_eq!(browser.post(wrong, &[("do", "all")]).await.status, StatusCode::GONE);
        assert_eq!(world::count(&site, run.id).await.places, 1);
    }
}

async fn apologises_for_all(site: &Site, run: &Made) {
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO apology (booking_id, session_id, created_at) SELECT booking.id, session.id, booking.created_at \
             FROM booking JOIN session ON session.run_id = booking.run_id WHERE booking.run_id = $1",
        )
        .bind(run.id)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}
