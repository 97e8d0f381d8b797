//! A short history for `make test`: one that is different each time would fail for nobody's change, so its seed is fixed.

use std::sync::Arc;

use super::round::{Plan, must_hold};
use super::scene::Scene;
use super::trouble::Trouble;

const SEED: u64 = 20_270_104;

async fn kept_under_kills(scene: Scene) {
    let scene = Arc::new(scene);
    let plan = Plan {
        people: 32,
        asks: 8,
        ..Plan::with(vec![Trouble::Kill; 2])
    };
    for round in 0..2 {
        let tally = must_hold(&scene, &plan, SEED, round).await;
        println!("{}: {tally}", scene.database_name());
        assert!(
            tally.booked > 20 && tally.taken > 0,
            "hardly anything happened: {tally}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_while_the_server_is_killed_on_sqlite() {
    kept_under_kills(Scene::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_promise_is_kept_while_the_server_is_killed_on_postgres() {
    kept_under_kills(Scene::on_postgres(1).await).await;
}
