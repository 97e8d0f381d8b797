//! Places kept for people who are signing up, and bookings that end.

use chrono::TimeDelta;
use wellbeing_courses::bookings::holds::{self, HoldOutcome, Kept};
use wellbeing_courses::bookings::{BookOutcome, CancelOutcome, cancel, recount};
use wellbeing_courses::server::jobs;

use super::world::{self, RunSpec};

on_both! {
    async fn a_held_place_is_nobody_elses_for_half_an_hour(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let member = world::members(&site, 1).await.remove(0);
        let draft = world::draft(&site).await;
        let held = holds::hold(&site.app, run.id, draft, "Ann@Example.org ").await.unwrap();
        let until = site.app.clock.now() + TimeDelta::minutes(30);
        assert_eq!(held, HoldOutcome::Held { until });
        assert_eq!(member.book(&site, run.id).await, BookOutcome::Full);
        assert_eq!(world::count(&site, run.id).await.held, 1);
        // No sweeper runs: the clock alone frees it.
        site.clock.forward(TimeDelta::minutes(30) - TimeDelta::microseconds(1));
        assert_eq!(member.book(&site, run.id).await, BookOutcome::Full);
        site.clock.forward(TimeDelta::microseconds(1));
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(world::count(&site, run.id).await.held, 0);
        let kept = holds::kept(&site.app, draft, run.id).await.unwrap();
        assert_eq!(kept, Some(Kept::Lapsed(until)), "so that the page can say so");
        site.clock.forward(TimeDelta::hours(24));
        assert_eq!(holds::kept(&site.app, draft, run.id).await.unwrap(), None, "but not for ever");
        assert_eq!(holds::sweep(&site.app).await.unwrap(), 0, "a late sweeper changes nothing");
        let rows = "SELECT COUNT(*) FROM held_place";
        jobs::sweep(&site.app).await;
        assert_eq!(world::number(&site, rows).await, 1, "it can still be told");
        site.clock.forward(TimeDelta::seconds(1));
        jobs::sweep(&site.app).await;
        assert_eq!(world::number(&site, rows).await, 0, "and then nobody can");
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_held_place_becomes_the_new_accounts_booking(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let member = world::members(&site, 1).await.remove(0);
        let draft = world::draft(&site).await;
        holds::hold(&site.app, run.id, draft, &member.email).await.unwrap();
        holds::claim(&site.app, draft, member.account).await.unwrap();
        let other = world::members(&site, 1).await.remove(0);
        assert_eq!(other.book(&site, run.id).await, BookOutcome::Full);
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (1, 1, 0));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn one_address_keeps_one_place_and_a_run_keeps_few(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 12, ..RunSpec::default() }).await;
        let other = world::run(&site, RunSpec::default()).await;
        let draft = world::draft(&site).await;
        let again = world::draft(&site).await;
        let first = holds::hold(&site.app, run.id, draft, "a@example.org").await.unwrap();
        assert_eq!(holds::hold(&site.app, run.id, draft, "a@example.org").await.unwrap(), first);
        assert_eq!(holds::hold(&site.app, run.id, again, "a@example.org").await.unwrap(), HoldOutcome::AlreadyHolding);
        for n in 1..3 {
            let draft = world::draft(&site).await;
            let held = holds::hold(&site.app, run.id, draft, &format!("{n}@example.org")).await.unwrap();
            assert!(matches!(held, HoldOutcome::Held { .. }));
        }
        let more = world::draft(&site).await;
        assert_eq!(holds::hold(&site.app, run.id, more, "z@example.org").await.unwrap(), HoldOutcome::AlreadyHolding);
        // Choosing another course in the same sign-up moves the place.
        assert!(matches!(holds::hold(&site.app, other.id, draft, "a@example.org").await.unwrap(), HoldOutcome::Held { .. }));
        assert_eq!(world::count(&site, run.id).await.held, 2);
        assert_eq!(world::count(&site, other.id).await.held, 1);
        site.clock.forward(TimeDelta::hours(1));
        assert_eq!(holds::sweep(&site.app).await.unwrap(), 3);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_place_given_back_is_free_until_the_first_session_ends(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let people = world::members(&site, 3).await;
        let mut references = Vec::new();
        for member in &people[..2] {
            let BookOutcome::Booked(booked) = member.book(&site, run.id).await else { panic!("not booked") };
            references.push(booked.reference);
        }
        assert_eq!(people[2].book(&site, run.id).await, BookOutcome::Full);
        assert_eq!(cancel(&site.app, people[2].account, &references[0]).await.unwrap(), CancelOutcome::NoSuchBooking);
        let first = cancel(&site.app, people[0].account, &references[0]).await.unwrap();
        assert_eq!(first, CancelOutcome::Cancelled);
        let again = cancel(&site.app, people[0].account, &references[0]).await.unwrap();
        assert_eq!(again, CancelOutcome::Already(site.app.clock.now()));
        assert!(matches!(people[2].book(&site, run.id).await, BookOutcome::Booked(_)));
        // After the first session the place stays theirs: nobody can start in the middle.
        site.clock.set(run.starts_at + TimeDelta::hours(2));
        assert_eq!(cancel(&site.app, people[1].account, &references[1]).await.unwrap(), CancelOutcome::Stopped);
        assert_eq!(world::count(&site, run.id).await.taken, 2);
        site.clock.set(run.ends_at);
        let BookOutcome::AlreadyBooked(last) = people[2].book(&site, run.id).await else { panic!("booked before") };
        assert_eq!(cancel(&site.app, people[2].account, &last.reference).await.unwrap(), CancelOutcome::Over);
        let told = world::number(&site, "SELECT COUNT(*) FROM outbox WHERE cause LIKE 'booking:%:cancelled'").await;
        assert_eq!(told, 2, "one message for each that ended, however often it was asked");
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }
}
