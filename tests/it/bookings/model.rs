//! Random histories of one run against a model of it in plain vectors (goal R7). The model knows nothing of rows, locks
//! or transactions; after each step both must tell the same.

mod plain;
mod real;

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wellbeing_courses::bookings::recount;
use wellbeing_courses::bookings::waiting::{Windows, settle};

use self::plain::Plain;
use self::real::{Cast, Real, revive};
use super::world::{self, RunSpec};
use crate::support::{Site, TestClock};

/// So many people, each of whom may bring whoever they care for.
const PEOPLE: usize = 7;
/// How many steps a history has at most; in the long proof each has as many.
pub const STEPS: usize = 50;
/// How many histories each database gets in `make test`: 500 in all.
const HISTORIES: u32 = 250;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A sweep comes.
    Sweep,
    Book {
        who: usize,
        pair: bool,
    },
    /// The course team books for somebody who phones.
    BookByTeam {
        who: usize,
    },
    Cancel {
        who: usize,
    },
    Join {
        who: usize,
        pair: bool,
    },
    Leave {
        who: usize,
    },
    Capacity {
        places: i64,
    },
    Later {
        minutes: i64,
    },
    /// They have died.
    Gone {
        who: usize,
    },
    /// The run does not go ahead.
    CallOff,
}

/// What does not matter for a difference is told as the first of these.
fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    let pair = proptest::bool::weighted(0.3);
    prop_oneof![
        4 => Just(Step::Sweep),
        16 => (who.clone(), pair).prop_map(|(who, pair)| Step::Book { who, pair }),
        4 => who.clone().prop_map(|who| Step::BookByTeam { who }),
        12 => who.clone().prop_map(|who| Step::Cancel { who }),
        16 => (who.clone(), pair).prop_map(|(who, pair)| Step::Join { who, pair }),
        4 => who.clone().prop_map(|who| Step::Leave { who }),
        4 => (1_i64..6).prop_map(|places| Step::Capacity { places }),
        8 => prop_oneof![1_i64..90, 60_i64..3000, Just(24 * 60)].prop_map(|minutes| Step::Later { minutes }),
        1 => who.prop_map(|who| Step::Gone { who }),
        1 => Just(Step::CallOff),
    ]
}

/// When it starts after the history begins, how many places it has, and what happens.
fn history(steps: RangeInclusive<usize>) -> impl Strategy<Value = (i64, i64, Vec<Step>)> {
    let starts = prop_oneof![2_i64..10, 20_i64..60, 100_i64..400];
    (starts, 1_i64..4, proptest::collection::vec(step(), steps))
}

/// One history on both; the first difference, if there is one.
async fn play(
    site: &Site,
    cast: &Cast,
    (hours, capacity, steps): (i64, i64, Vec<Step>),
    careless: bool,
) -> Result<(), String> {
    site.clock.set(TestClock::start());
    revive(site).await;
    let spec = RunSpec {
        capacity,
        starts_in: TimeDelta::hours(hours),
        sessions: 1,
        ..RunSpec::default()
    };
    let made = world::another_run(site, cast.course.course_id, &cast.course.slug, &spec).await;
    let mut real = Real::new(site, cast, made.id);
    let mut plain = Plain::new(
        Windows::new(&site.app.config).unwrap(),
        site.app.clock.now(),
        made.starts_at,
        capacity,
        careless,
    );
    let outcome = follow(site, &mut real, &mut plain, steps).await;
    // The clock goes back for the next history: whoever has a place here would have it then, too.
    let sql = "UPDATE run SET status = 'cancelled' WHERE id = $1";
    world::change(site, sql, made.id).await;
    outcome
}

/// Takes the same steps on both.
async fn follow(
    site: &Site,
    real: &mut Real<'_>,
    plain: &mut Plain,
    steps: Vec<Step>,
) -> Result<(), String> {
    for (n, step) in steps.into_iter().enumerate() {
        if !matches!(step, Step::Later { .. }) {
            plain.settle();
        }
        let (expected, found) = match step {
            Step::Book { who, pair } => (plain.book(who, pair), real.book(who, pair).await),
            Step::BookByTeam { who } => (plain.book(who, false), real.book_by_team(who).await),
            Step::Cancel { who } => (plain.cancel(who), real.cancel(who).await),
            Step::Join { who, pair } => (plain.join(who, pair), real.join(who, pair).await),
            Step::Leave { who } => (plain.leave(who), real.leave(who).await),
            Step::Capacity { places } => (plain.capacity(places), real.capacity(places).await),
            Step::CallOff => (plain.call_off(), real.call_off().await),
            Step::Gone { who } => {
                plain.die(who);
                real.die(who).await;
                ("", "")
            }
            Step::Later { minutes } => {
                site.clock.forward(TimeDelta::minutes(minutes));
                plain.now = site.app.clock.now();
                // Perhaps a sweep comes, perhaps none: what follows must be right by the clock alone.
                continue;
            }
            Step::Sweep => ("", ""),
        };
        if expected != found {
            return Err(format!(
                "step {n}, {step:?}: the model says {expected}, the site {found}"
            ));
        }
        plain.settle();
        settle(&site.app, real.run).await.unwrap();
        let expected = (plain.statuses(), plain.taken(), plain.held());
        let found = real.state(plain.now).await;
        if expected != found {
            return Err(format!(
                "after step {n}, {step:?}: the model has {expected:?}, the site {found:?}"
            ));
        }
    }
    let expected = plain.told();
    let found = real.told(|who| plain.gone(who)).await;
    if expected != found {
        return Err(format!("the model told {expected:?}, the site {found:?}"));
    }
    Ok(())
}

/// Plays so many histories of so many steps; the shortest that differs is told.
async fn compare(
    site: &Site,
    how_many: u32,
    steps: RangeInclusive<usize>,
    careless: bool,
) -> Result<(), String> {
    let cast = Cast::new(site).await;
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let config = Config {
            cases: how_many,
            failure_persistence: None,
            max_shrink_iters: if careless { 0 } else { 2_000 },
            ..Config::default()
        };
        TestRunner::new(config)
            .run(&history(steps), |history| {
                handle
                    .block_on(play(site, &cast, history, careless))
                    .map_err(TestCaseError::fail)
            })
            .map_err(|error| error.to_string())
    })
}

/// So many histories of so many steps end as the model says, and every counter is what the rows say.
pub async fn histories(site: &Site, how_many: u32, steps: RangeInclusive<usize>) {
    if let Err(difference) = compare(site, how_many, steps, false).await {
        panic!("{difference}");
    }
    assert_eq!(recount(&site.app.db).await.unwrap(), []);
}

on_both! {
    async fn random_histories_end_as_the_plain_model_says(site: Site) {
        histories(&site, HISTORIES, 1..=STEPS).await;
    }

    async fn a_model_in_which_others_slip_in_is_found_out(site: Site) {
        let difference = compare(&site, HISTORIES, 1..=STEPS, true).await;
        assert!(difference.is_err_and(|words| words.contains("the model")));
    }
}
