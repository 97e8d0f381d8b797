//! One of two who wait books alone: the other waits on in the same turn.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{BookOutcome, Request, book, cancel, recount};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use super::world::{self, Made, Member, RunSpec};
use crate::support::Site;

const FAR: TimeDelta = TimeDelta::days(30);

/// Entries of a run in order: how each stands, for how many, and of which turn.
async fn entries(site: &Site, run: &Made) -> Vec<(String, i64, i64)> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT status, places, turn FROM waiting_entry WHERE run_id = $1 ORDER BY turn",
        )
        .bind(run.id)
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

async fn joins(site: &Site, request: &Request) -> Uuid {
    match join(&site.app, request).await.unwrap() {
        JoinOutcome::Joined(id) => id,
        other => panic!("{other:?}"),
    }
}

/// A run with two places, who has them, and a pair on its list.
async fn paired(site: &Site, starts_in: TimeDelta) -> (Made, Vec<(Member, String)>, Member, Uuid) {
    let spec = RunSpec {
        capacity: 2,
        starts_in,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let mut holders = Vec::new();
    for member in world::members(site, 2).await {
        let BookOutcome::Booked(booked) = member.book(site, run.id).await else {
            panic!("a place");
        };
        holders.push((member, booked.reference));
    }
    let mary = world::members(site, 1).await.remove(0);
    let tom = world::cared_for(site, mary.account, "Tom Ashdown").await;
    joins(
        site,
        &Request {
            people: vec![mary.person, tom],
            ..mary.request(run.id)
        },
    )
    .await;
    (run, holders, mary, tom)
}

fn stands(status: &str, places: i64, turn: i64) -> (String, i64, i64) {
    (status.to_owned(), places, turn)
}

with_mail! {
    async fn who_was_offered_two_places_and_takes_one_leaves_the_other_to_the_other(site: Site) {
        let (run, holders, mary, tom) = paired(&site, FAR).await;
        let last = world::members(&site, 1).await.remove(0);
        joins(&site, &last.request(run.id)).await;
        for (member, reference) in &holders {
            // The second one goes last: one place alone is offered to who waits for one.
            cancel(&site.app, member.account, reference).await.unwrap();
        }
        assert_eq!(entries(&site, &run).await, [stands("waiting", 2, 1), stands("offered", 1, 2)]);
        wellbeing_courses::bookings::set_capacity(&site.app, run.id, 3, None).await.unwrap();
        assert_eq!(entries(&site, &run).await, [stands("offered", 2, 1), stands("offered", 1, 2)]);
        assert!(matches!(mary.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(entries(&site, &run).await, [stands("offered", 1, 1), stands("offered", 1, 2)], "offered anew, first in turn");
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (1, 1, 2));
        let offers = world::told(&site, MessageKind::PlaceOffered).await;
        let mine: Vec<_> = offers.iter().filter(|mail| mail.to.email() == mary.email).collect();
        assert_eq!(mine.len(), 2, "for two, and then for one");
        assert!(mine.iter().any(|mail| mail.text.contains("For Tom Ashdown")));
        let only = Request { people: vec![tom], ..mary.request(run.id) };
        assert!(matches!(book(&site.app, &only).await.unwrap(), BookOutcome::Booked(_)));
        assert_eq!(entries(&site, &run).await, [stands("booked", 1, 1), stands("offered", 1, 2)]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn whoever_shared_the_offer_comes_in_their_turn(site: Site) {
        // Ten days before, two places are offered to the pair and to the next as well.
        let (run, holders, mary, _) = paired(&site, TimeDelta::days(9)).await;
        cancel(&site.app, holders[0].0.account, &holders[0].1).await.unwrap();
        cancel(&site.app, holders[1].0.account, &holders[1].1).await.unwrap();
        assert_eq!(entries(&site, &run).await, [stands("offered", 2, 1)]);
        let next = world::members(&site, 1).await.remove(0);
        joins(&site, &next.request(run.id)).await;
        assert!(matches!(mary.book(&site, run.id).await, BookOutcome::Booked(_)));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (1, 1, 1));
        let stand = entries(&site, &run).await;
        assert_eq!(stand[0], stands("offered", 1, 1), "the other of the pair is before the next");
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn at_last_call_the_other_is_still_called_for_what_is_free(site: Site) {
        let (run, holders, mary, tom) = paired(&site, FAR).await;
        site.clock.forward(FAR - TimeDelta::hours(6));
        for (member, reference) in &holders {
            cancel(&site.app, member.account, reference).await.unwrap();
        }
        assert_eq!(world::told(&site, MessageKind::PlaceOffered).await.len(), 1, "two places for two");
        assert!(matches!(mary.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(entries(&site, &run).await, [stands("waiting", 1, 1)]);
        let stranger = world::members(&site, 1).await.remove(0);
        let BookOutcome::Booked(theirs) = stranger.book(&site, run.id).await else { panic!("the first has it") };
        cancel(&site.app, stranger.account, &theirs.reference).await.unwrap();
        let told = world::told(&site, MessageKind::PlaceOffered).await;
        assert_eq!(told.len(), 2, "called again, now for one");
        assert!(told[1].text.contains("For Tom Ashdown"));
        let only = Request { people: vec![tom], ..mary.request(run.id) };
        assert!(matches!(book(&site.app, &only).await.unwrap(), BookOutcome::Booked(_)));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn both_may_still_be_booked_when_one_of_them_waits_by_themselves(site: Site) {
        let (run, holders, mary, tom) = paired(&site, FAR).await;
        cancel(&site.app, holders[0].0.account, &holders[0].1).await.unwrap();
        let BookOutcome::Booked(alone) = mary.book(&site, run.id).await else { panic!("one place") };
        assert_eq!(entries(&site, &run).await, [stands("waiting", 1, 1)]);
        cancel(&site.app, mary.account, &alone.reference).await.unwrap();
        assert_eq!(entries(&site, &run).await, [stands("offered", 1, 1)], "Tom is asked first");
        let pair = Request { people: vec![mary.person, tom], ..mary.request(run.id) };
        assert_eq!(book(&site.app, &pair).await.unwrap(), BookOutcome::Full, "one place is too few");
        cancel(&site.app, holders[1].0.account, &holders[1].1).await.unwrap();
        assert!(matches!(book(&site.app, &pair).await.unwrap(), BookOutcome::Booked(_)));
        assert_eq!(entries(&site, &run).await, [stands("booked", 1, 1)]);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }
}
