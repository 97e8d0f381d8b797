//! Many people, few places, one moment.

use std::sync::Arc;

use tokio::sync::Barrier;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, book, recount};
use wellbeing_courses::server::App;
use wellbeing_courses::server::db::Db;

use super::world::{self, Member, RunSpec};
use crate::support::{Site, new_database};

pub const PEOPLE: usize = 64;
const PLACES: i64 = 10;

/// Everybody asks at the same moment, each through one of `apps`.
async fn rush(apps: &[App], people: &[Member], run_id: Uuid) -> Vec<BookOutcome> {
    let barrier = Arc::new(Barrier::new(people.len()));
    let tasks: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(n, member)| {
            let (app, barrier) = (apps[n % apps.len()].clone(), barrier.clone());
            let request = member.request(run_id);
            tokio::spawn(async move {
                barrier.wait().await;
                book(&app, &request).await.unwrap()
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

pub async fn exactly_ten(site: &Site, apps: &[App]) {
    let run = world::run(
        site,
        RunSpec {
            capacity: PLACES,
            ..RunSpec::default()
        },
    )
    .await;
    let people = world::members(site, PEOPLE).await;
    let outcomes = rush(apps, &people, run.id).await;
    let booked = outcomes
        .iter()
        .filter(|o| matches!(o, BookOutcome::Booked(_)))
        .count();
    let full = outcomes.iter().filter(|o| **o == BookOutcome::Full).count();
    assert_eq!((booked, full), (10, 54));
    let counted = world::count(site, run.id).await;
    assert_eq!(
        (
            counted.bookings,
            counted.places,
            counted.messages,
            counted.taken
        ),
        (10, 10, 10, 10)
    );
    assert_eq!(recount(&site.app.db).await.unwrap(), []);
}

on_both! {
    async fn sixty_four_people_get_ten_places(site: Site) {
        exactly_ten(&site, std::slice::from_ref(&site.app)).await;
    }

    async fn a_form_sent_fifty_times_is_one_booking(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let request = Arc::new(member.request(run.id));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (app, request) = (site.app.clone(), request.clone());
                tokio::spawn(async move { book(&app, &request).await.unwrap() })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        assert!(matches!(answers[0], BookOutcome::Booked(_)));
        // The times are cut by the database alike, so the answers are the same to the microsecond.
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.places, counted.messages, counted.taken), (1, 1, 1, 1));
    }

    async fn one_person_has_one_place_however_many_forms(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let same: Vec<Member> = vec![member; 20];
        let outcomes = rush(std::slice::from_ref(&site.app), &same, run.id).await;
        let booked = outcomes.iter().filter(|o| matches!(o, BookOutcome::Booked(_))).count();
        let already = outcomes.iter().filter(|o| matches!(o, BookOutcome::AlreadyBooked(_))).count();
        assert_eq!((booked, already), (1, 19));
        assert_eq!(world::count(&site, run.id).await.places, 1);
    }

    async fn two_places_are_taken_together_or_not_at_all(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 3, ..RunSpec::default() }).await;
        let people = world::members(&site, 4).await;
        for (pair, places) in [(&people[0..2], 2), (&people[2..4], 2)] {
            let mut request = pair[0].request(run.id);
            request.people.push(pair[1].person);
            book(&site.app, &request).await.unwrap();
            assert_eq!(world::count(&site, run.id).await.places, places);
        }
        assert!(matches!(people[3].book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_postgres_sell_ten_places() {
    let one = Site::start(Some(new_database().await), &[]).await;
    let two = Site::start_at(one.database_url.clone(), &[], one.clock.clone()).await;
    exactly_ten(&one, &[one.app.clone(), two.app.clone()]).await;
}

/// The negative control: the proofs above would notice if the guard were gone.
#[cfg(feature = "rehearsal")]
pub mod without_the_guard {
    use super::*;

    pub async fn oversells(site: &Site, apps: &[App]) {
        for app in apps {
            app.switches.set_oversell(true);
        }
        let run = world::run(
            site,
            RunSpec {
                capacity: PLACES,
                ..RunSpec::default()
            },
        )
        .await;
        let people = world::members(site, PEOPLE).await;
        rush(apps, &people, run.id).await;
        let counted = world::count(site, run.id).await;
        assert!(
            counted.places > PLACES,
            "read, wait, write must oversell: {counted:?}"
        );
        assert!(
            !recount(&site.app.db).await.unwrap().is_empty(),
            "and `check` must see it"
        );
    }

    on_both! {
        async fn places_are_oversold(site: Site) {
            oversells(&site, std::slice::from_ref(&site.app)).await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_nodes_on_postgres_oversell() {
        let one = Site::start(Some(new_database().await), &[]).await;
        let two = Site::start_at(one.database_url.clone(), &[], one.clock.clone()).await;
        oversells(&one, &[one.app.clone(), two.app.clone()]).await;
    }
}

/// A full disk in the middle of a booking leaves nothing of it, and the site mends itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_leaves_no_half_booking() {
    let site = Site::on_sqlite().await;
    let run = world::run(
        &site,
        RunSpec {
            capacity: 400,
            ..RunSpec::default()
        },
    )
    .await;
    let people = world::members(&site, 200).await;
    let Db::Sqlite { writer, .. } = &site.app.db else {
        panic!("SQLite")
    };
    // As small as the file is now: the next page that is needed is one too many.
    sqlx::query("PRAGMA max_page_count = 1")
        .execute(writer)
        .await
        .unwrap();
    let mut booked = 0;
    let mut failed = None;
    for (n, member) in people.iter().enumerate() {
        match book(&site.app, &member.request(run.id)).await {
            Ok(outcome) => {
                assert!(matches!(outcome, BookOutcome::Booked(_)));
                booked += 1;
            }
            Err(error) => {
                failed = Some((n, error));
                break;
            }
        }
    }
    let (n, error) = failed.expect("the disk is never full");
    assert!(error.is_passing(), "a full disk is 503, not 500: {error}");
    let counted = world::count(&site, run.id).await;
    assert_eq!(
        (
            counted.bookings,
            counted.places,
            counted.messages,
            counted.taken
        ),
        (booked, booked, booked, booked),
        "what was acknowledged is there, and nothing else"
    );
    assert!(
        matches!(people[n].book(&site, run.id).await, BookOutcome::Booked(_)),
        "the site heals by itself"
    );
    assert_eq!(recount(&site.app.db).await.unwrap(), []);
}
