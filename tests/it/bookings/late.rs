//! Joining a run that has begun, and what becomes of the place of somebody who stops coming.

use chrono::TimeDelta;
use wellbeing_courses::bookings::changes::{Change, change};
use wellbeing_courses::bookings::{
    BookOutcome, CancelOutcome, LateOutcome, cancel, recount, reminders, set_late_joining,
};
use wellbeing_courses::messages::{MessageKind, jobs};
use wellbeing_courses::ui::dates;

use super::changes::sessions;
use super::world::{self, Made, Member, RunSpec};
use crate::support::Site;

const WEEK: TimeDelta = TimeDelta::weeks(1);

/// A run of four sessions with one place, which somebody has; people may join up to the second session.
async fn taken(site: &Site) -> (Made, Member, String) {
    let spec = RunSpec {
        capacity: 1,
        starts_in: TimeDelta::days(20),
        sessions: 4,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let set = set_late_joining(&site.app, run.id, 2, None).await.unwrap();
    assert_eq!(set, LateOutcome::Changed);
    let member = world::members(site, 1).await.remove(0);
    let BookOutcome::Booked(booked) = member.book(site, run.id).await else {
        panic!("not booked");
    };
    (run, member, booked.reference)
}

with_mail! {
    async fn somebody_new_joins_up_to_the_session_that_is_set_and_not_after(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 4, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let members = world::members(&site, 4).await;
        site.clock.set(run.starts_at);
        assert_eq!(members[0].book(&site, run.id).await, BookOutcome::Started, "nobody joins late where it is not set");
        assert_eq!(set_late_joining(&site.app, run.id, 3, None).await.unwrap(), LateOutcome::Changed);
        assert!(matches!(members[0].book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set(run.starts_at + WEEK * 2 - TimeDelta::seconds(1));
        assert!(matches!(members[1].book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set(run.starts_at + WEEK * 2);
        assert_eq!(members[2].book(&site, run.id).await, BookOutcome::Started);
        assert_eq!(set_late_joining(&site.app, run.id, 5, None).await.unwrap(), LateOutcome::NoSuchSession);
        assert_eq!(set_late_joining(&site.app, uuid::Uuid::nil(), 2, None).await.unwrap(), LateOutcome::NoSuchRun);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_joins_late_is_told_of_what_is_to_come_and_reminded_of_it(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 4, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        set_late_joining(&site.app, run.id, 2, None).await.unwrap();
        let late = world::members(&site, 1).await.remove(0);
        site.clock.set(run.starts_at + TimeDelta::days(1));
        let page = site.browser().get(&format!("/courses/{}", run.slug)).await;
        assert_eq!(page.body.matches("This session is over.").count(), 1, "the page says which they have missed");
        assert!(matches!(late.book(&site, run.id).await, BookOutcome::Booked(_)));
        jobs::send_due(&site.app).await.unwrap();
        let mail = world::told(&site, MessageKind::BookingConfirmed).await.remove(0);
        let day = |at| dates::day(dates::day_of(at), dates::day_of(site.app.clock.now()));
        assert!(mail.text.contains(&day(run.starts_at + WEEK)), "{}", mail.text);
        assert!(!mail.text.contains(&day(run.starts_at)), "{}", mail.text);
        let calendar = mail.ics.unwrap().text;
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 3);
        assert!(calendar.contains("session 2 of 4"), "{calendar}");
        let moved = sessions(&site, &run).await[2];
        let later = TimeDelta::hours(1);
        let moved = Change::Move { session: moved.0, starts_at: moved.1 + later, ends_at: moved.2 + later };
        change(&site.app, run.id, &[moved], None).await.unwrap();
        let calendar = world::told(&site, MessageKind::RunChanged).await.remove(0).ics.unwrap().text;
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 3, "{calendar}");
        let eve = dates::day_of(run.starts_at + WEEK) - TimeDelta::days(1);
        site.clock.set(dates::moment(eve.and_hms_opt(10, 0, 0).unwrap()));
        reminders::sweep(&site.app).await.unwrap();
        reminders::sweep(&site.app).await.unwrap();
        let reminded = world::told(&site, MessageKind::Reminder).await;
        assert_eq!(reminded.len(), 1);
        assert!(reminded[0].text.contains("Session 2 of 4"), "{}", reminded[0].text);
        // Only before their first.
        site.clock.forward(WEEK);
        reminders::sweep(&site.app).await.unwrap();
        assert_eq!(world::told(&site, MessageKind::Reminder).await.len(), 1);
    }

    async fn whoever_stops_coming_frees_the_place_while_somebody_can_still_join(site: Site) {
        let (run, holder, reference) = taken(&site).await;
        let late = world::members(&site, 1).await.remove(0);
        site.clock.set(run.starts_at + TimeDelta::days(1));
        assert_eq!(late.book(&site, run.id).await, BookOutcome::Full);
        let outcome = cancel(&site.app, holder.account, &reference).await.unwrap();
        assert_eq!(outcome, CancelOutcome::Stopped);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        assert!(matches!(late.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_stops_coming_later_frees_no_place(site: Site) {
        let (run, holder, reference) = taken(&site).await;
        site.clock.set(run.starts_at + WEEK);
        let outcome = cancel(&site.app, holder.account, &reference).await.unwrap();
        assert_eq!(outcome, CancelOutcome::Stopped);
        assert_eq!(world::count(&site, run.id).await.taken, 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn when_dates_move_so_does_the_day_until_which_one_can_join(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 4, ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        set_late_joining(&site.app, run.id, 2, None).await.unwrap();
        let (second, starts_at, ends_at) = sessions(&site, &run).await[1];
        let later = TimeDelta::days(2);
        let moved = Change::Move { session: second, starts_at: starts_at + later, ends_at: ends_at + later };
        change(&site.app, run.id, &[moved], None).await.unwrap();
        let members = world::members(&site, 2).await;
        site.clock.set(starts_at + later / 2);
        assert!(matches!(members[0].book(&site, run.id).await, BookOutcome::Booked(_)));
        site.clock.set(starts_at + later);
        assert_eq!(members[1].book(&site, run.id).await, BookOutcome::Started);
    }
}

on_both! {
    async fn the_course_page_and_the_list_say_with_which_session_one_begins(site: Site) {
        let spec = RunSpec { capacity: 5, starts_in: TimeDelta::days(20), sessions: 4, title: "Gentle start".to_owned(), ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        set_late_joining(&site.app, run.id, 2, None).await.unwrap();
        let browser = site.browser();
        site.clock.set(run.starts_at + TimeDelta::days(1));
        site.app.catalogue.places_changed();
        let list = browser.get("/courses").await.body;
        assert!(list.contains("You can still join: ") && list.contains("Session 2 of 4"), "{list}");
        let home = browser.get("/").await;
        let today = dates::day_of(site.clock.clock().now());
        let second = format!("You can still join: {}", dates::day_and_time(run.starts_at + WEEK, today));
        let soon = home.words(".wb-week__list li");
        assert!(soon.len() == 1 && soon[0].contains(&second), "no day that is over: {soon:?}");
        assert_eq!(home.words("#this-week"), ["In the next 7 days"]);
        let path = format!("/courses/{}", run.slug);
        let page = browser.get(&path).await.body;
        assert!(page.contains("You can still join.") && page.contains("Book a place"), "{page}");
        site.clock.set(run.starts_at + WEEK);
        site.app.catalogue.places_changed();
        let page = browser.get(&path).await.body;
        assert!(!page.contains("You can still join.") && !page.contains("Book a place"), "{page}");
    }
}
