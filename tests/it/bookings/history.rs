//! Random histories of one run beside a model of a few lines: the same answers and the same state.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uuid::Uuid;
use wellbeing_courses::bookings::holds::{self, HoldOutcome};
use wellbeing_courses::bookings::{BookOutcome, CancelOutcome, cancel, recount, rules};

use super::world::{self, Member, RunSpec};
use crate::support::Site;

const HISTORIES: usize = 150;
const PEOPLE: usize = 5;

#[derive(Clone, Debug)]
enum Step {
    Book(usize),
    Cancel(usize),
    Hold(usize),
    Claim(usize),
    Sweep,
    Forward(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..PEOPLE).prop_map(Step::Book),
        2 => (0..PEOPLE).prop_map(Step::Cancel),
        3 => (0..PEOPLE).prop_map(Step::Hold),
        2 => (0..PEOPLE).prop_map(Step::Claim),
        1 => Just(Step::Sweep),
        2 => (1_i64..45).prop_map(Step::Forward),
    ]
}

/// What should be true: who has a place, and for whom one is kept until when.
#[derive(Default)]
struct Model {
    capacity: i64,
    places: BTreeMap<usize, String>,
    ended: BTreeMap<usize, String>,
    held: BTreeMap<usize, (DateTime<Utc>, bool)>,
}

impl Model {
    fn held_now(&self, now: DateTime<Utc>) -> i64 {
        i64::try_from(self.held.values().filter(|(until, _)| *until > now).count()).unwrap()
    }

    fn taken(&self) -> i64 {
        i64::try_from(self.places.len()).unwrap()
    }

    fn keeps(&self, who: usize, now: DateTime<Utc>) -> Option<(DateTime<Utc>, bool)> {
        self.held
            .get(&who)
            .copied()
            .filter(|(until, _)| *until > now)
    }

    fn hold(&mut self, who: usize, now: DateTime<Utc>) -> HoldOutcome {
        if let Some((until, _)) = self.keeps(who, now) {
            return HoldOutcome::Held { until };
        }
        if self.taken() + self.held_now(now) >= self.capacity {
            HoldOutcome::Gone
        } else if self.held_now(now) >= rules::held_at_most(self.capacity) {
            HoldOutcome::AlreadyHolding
        } else {
            let until = now + rules::HELD_FOR;
            self.held.insert(who, (until, false));
            HoldOutcome::Held { until }
        }
    }

    /// Whether a booking by `who` gets a place.
    fn fits(&self, who: usize, now: DateTime<Utc>) -> bool {
        let own = i64::from(self.keeps(who, now).is_some_and(|(_, claimed)| claimed));
        self.taken() + self.held_now(now) - own < self.capacity
    }
}

async fn play(site: &Site, people: &[Member], capacity: i64, steps: &[Step]) {
    let run = world::run(
        site,
        RunSpec {
            capacity,
            ..RunSpec::default()
        },
    )
    .await;
    let mut model = Model {
        capacity,
        ..Model::default()
    };
    let mut drafts = Vec::new();
    for _ in 0..PEOPLE {
        drafts.push((
            world::draft(site).await,
            format!("{}@example.org", Uuid::new_v4()),
        ));
    }
    for (n, step) in steps.iter().enumerate() {
        let at = format!("step {n} of {steps:?}, capacity {capacity}");
        let now = site.app.clock.now();
        match step {
            Step::Forward(minutes) => site.clock.forward(TimeDelta::minutes(*minutes)),
            Step::Sweep => {
                holds::sweep(&site.app).await.unwrap();
            }
            Step::Hold(who) => {
                let outcome = holds::hold(&site.app, run.id, drafts[*who].0, &drafts[*who].1)
                    .await
                    .unwrap();
                assert_eq!(outcome, model.hold(*who, now), "{at}");
            }
            Step::Claim(who) => {
                holds::claim(&site.app, drafts[*who].0, people[*who].account)
                    .await
                    .unwrap();
                if let Some((until, _)) = model.keeps(*who, now) {
                    model.held.insert(*who, (until, true));
                }
            }
            Step::Book(who) => match people[*who].book(site, run.id).await {
                BookOutcome::Booked(booked) => {
                    assert!(
                        !model.places.contains_key(who) && model.fits(*who, now),
                        "{at}"
                    );
                    model.places.insert(*who, booked.reference);
                    if model.keeps(*who, now).is_some_and(|(_, claimed)| claimed) {
                        model.held.remove(who);
                    }
                }
                BookOutcome::AlreadyBooked(booked) => {
                    assert_eq!(model.places.get(who), Some(&booked.reference), "{at}");
                }
                BookOutcome::Full => assert!(
                    !model.places.contains_key(who) && !model.fits(*who, now),
                    "{at}"
                ),
                other => panic!("{other:?} at {at}"),
            },
            Step::Cancel(who) => {
                if let Some(reference) = model.places.remove(who) {
                    let outcome = cancel(&site.app, people[*who].account, &reference)
                        .await
                        .unwrap();
                    assert_eq!(outcome, CancelOutcome::Cancelled, "{at}");
                    model.ended.insert(*who, reference);
                } else if let Some(reference) = model.ended.get(who) {
                    let outcome = cancel(&site.app, people[*who].account, reference)
                        .await
                        .unwrap();
                    assert!(
                        matches!(outcome, CancelOutcome::Already(_)),
                        "{outcome:?} at {at}"
                    );
                }
            }
        }
        let counted = world::count(site, run.id).await;
        assert_eq!(
            (counted.places, counted.taken),
            (model.taken(), model.taken()),
            "{at}"
        );
        assert!(counted.held >= model.held_now(site.app.clock.now()), "{at}");
    }
    assert_eq!(recount(&site.app.db).await.unwrap(), [], "{steps:?}");
    // What this run still keeps must not meet the next history's addresses.
    site.clock.forward(TimeDelta::hours(1));
    holds::sweep(&site.app).await.unwrap();
    assert_eq!(world::count(site, run.id).await.held, 0);
}

on_both! {
    async fn random_histories_agree_with_the_model(site: Site) {
        let people = world::members(&site, PEOPLE).await;
        let mut runner = TestRunner::deterministic();
        let histories = (1_i64..6, proptest::collection::vec(step(), 1..16));
        for _ in 0..HISTORIES {
            let (capacity, steps) = histories.new_tree(&mut runner).unwrap().current();
            play(&site, &people, capacity, &steps).await;
        }
    }
}
