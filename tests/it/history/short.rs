//! A short history for `make test`: one that is different each time would fail for nobody's change, so its seed is fixed.

use std::sync::Arc;

use super::round::{Plan, must_hold};
use super::scene::Scene;
use super::trouble::Trouble;

const SEED: u64 = 20_270_104;
/// As many rounds of kills: with the two rounds after them about a minute on each database, two minutes in all.
const ROUNDS: u64 = 5;
/// As many at most, where hardly anything happened in them.
const MOST: u64 = 10;

fn plan(troubles: Vec<Trouble>) -> Plan {
    Plan {
        people: 32,
        asks: 8,
        ..Plan::with(troubles)
    }
}

/// Rounds of kills, more of them until enough has happened, then a round of each of the other troubles.
async fn kept(scene: Scene, others: [Vec<Trouble>; 2]) {
    let scene = Arc::new(scene);
    kept_under_kills(&scene).await;
    for (round, troubles) in (MOST..).zip(others) {
        let tally = must_hold(&scene, &plan(troubles), SEED, round).await;
        println!("{}: {tally}", scene.database_name());
    }
}

async fn kept_under_kills(scene: &Arc<Scene>) {
    let plan = plan(vec![Trouble::Kill; 2]);
    let (mut booked, mut taken) = (0, 0);
    for round in 0..MOST {
        let tally = must_hold(scene, &plan, SEED, round).await;
        println!("{}: {tally}", scene.database_name());
        booked += tally.booked;
        taken += tally.taken;
        // How far people get before the next kill, and whether one of them is offered a place, is up to the machine:
        // enough must have happened altogether.
        if round + 1 >= ROUNDS && booked > 40 && taken > 0 {
            return;
        }
    }
    panic!("hardly anything happened: {booked} booked, {taken} offers taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_through_kills_locks_letters_clocks_and_a_full_file_on_sqlite() {
    let others = [
        vec![Trouble::Locked, Trouble::Letters],
        vec![Trouble::Clocks, Trouble::FullFile],
    ];
    kept(Scene::on_sqlite().await, others).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_through_kills_locks_letters_and_clocks_on_postgres() {
    let others = [
        vec![Trouble::Locked, Trouble::Letters],
        vec![Trouble::Clocks, Trouble::Kill],
    ];
    kept(Scene::on_postgres(1).await, others).await;
}
