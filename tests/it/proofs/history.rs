//! The long history: rounds of trouble for as long as `make prove SECONDS=… DB=…` says, ending at the first broken
//! promise. `SEED=…` makes the same choices again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wellbeing_courses::server::random;

use super::proved;
use crate::history::check::{Broken, counted};
use crate::history::dice::dice;
use crate::history::round::{Plan, Tally, none_broken, play};
use crate::history::scene::Scene;
use crate::history::trouble::{SmallDisk, Trouble};

/// How long each goes on when nobody says.
const SECONDS: u64 = 60;
/// A server that was killed answers again within so long.
const BACK: Duration = Duration::from_secs(2);

#[expect(clippy::disallowed_methods, reason = "what `make prove` was told")]
fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seed() -> u64 {
    told("PROVE_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 4];
        random::fill(&mut bytes).unwrap();
        u64::from(u32::from_be_bytes(bytes))
    })
}

/// Plays rounds, each with some of these troubles, until the time is over or a promise is broken.
async fn goes_on(scene: Scene, troubles: &[Trouble]) {
    let (scene, seed) = (Arc::new(scene), seed());
    let until = Instant::now() + Duration::from_secs(told("PROVE_SECONDS").unwrap_or(SECONDS));
    println!("history: seed {seed}, {}", scene.database_name());
    let mut all = Tally::default();
    for round in 0.. {
        let mut dice = dice(seed, round, u64::MAX);
        let mut today = Vec::new();
        for _ in 0..dice.usize(1..=4) {
            today.push(troubles[dice.usize(0..troubles.len())]);
        }
        let plan = Plan::with(today);
        let (tally, broken) = play(&scene, &plan, seed, round).await;
        all += tally;
        if !broken.is_empty() || Instant::now() >= until {
            say(&scene, troubles, seed, &all, &broken);
            none_broken(&scene, &plan, seed, round, &broken);
            break;
        }
    }
    let away = scene.away();
    if let Some(slowest) = away.iter().max() {
        assert!(*slowest < BACK, "a killed server was away {slowest:?}");
    }
}

/// The lines of the table.
fn say(scene: &Scene, troubles: &[Trouble], seed: u64, all: &Tally, broken: &[Broken]) {
    proved(
        "R1 R3 R5 R6 R10",
        &format!(
            "histories with {troubles:?}, {}, seed {seed}",
            scene.database_name()
        ),
        &all.to_string(),
        &counted(broken),
        "0 of each",
    );
    let away = scene.away();
    if let Some(slowest) = away.iter().max() {
        proved(
            "R8",
            &format!("kill -9 to the first 200, {}", scene.database_name()),
            &format!("{} kills", away.len()),
            &format!("{} ms at most", slowest.as_millis()),
            "under 2 s",
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: a history"]
async fn every_promise_is_kept_on_sqlite() {
    let troubles = [
        Trouble::Kill,
        Trouble::Locked,
        Trouble::Letters,
        Trouble::Clocks,
        Trouble::FullFile,
    ];
    goes_on(Scene::on_sqlite().await, &troubles).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: a history"]
async fn every_promise_is_kept_on_a_full_disk_on_sqlite() {
    let Some(disk) = SmallDisk::new() else {
        return proved(
            "R10",
            "histories on a full disk",
            "0",
            "not done: only root can make a small disk",
            "0 broken",
        );
    };
    let scene = Scene::sqlite_in(TempDir::new().unwrap(), disk.path(), Vec::new()).await;
    goes_on(scene, &[Trouble::FullDisk, Trouble::Kill]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: a history"]
async fn every_promise_is_kept_on_postgres() {
    let troubles = [
        Trouble::Kill,
        Trouble::Locked,
        Trouble::Letters,
        Trouble::Clocks,
        Trouble::Restart,
    ];
    goes_on(Scene::on_postgres(1).await, &troubles).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: a history"]
async fn every_promise_is_kept_by_two_nodes_on_postgres() {
    let troubles = [
        Trouble::Kill,
        Trouble::Locked,
        Trouble::Letters,
        Trouble::Clocks,
    ];
    goes_on(Scene::on_postgres(2).await, &troubles).await;
}
