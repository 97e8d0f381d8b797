//! The controls: with a guard switched off, the checker must see the promise broken.

use std::sync::Arc;

use chrono::TimeDelta;

use super::check::Promise;
use super::round::{Plan, must_break, must_hold};
use super::scene::Scene;
use crate::support::new_database;
use crate::support::smtp::Mood;

/// Few places and many people, and nothing else goes wrong.
fn plan() -> Plan {
    Plan {
        people: 24,
        asks: 4,
        runs: vec![(4, TimeDelta::days(60))],
        ..Plan::with(Vec::new())
    }
}

async fn oversold(database_url: Option<String>) {
    let scene = Arc::new(Scene::inside(database_url).await);
    scene.site.as_ref().unwrap().app.switches.set_oversell(true);
    must_break(&scene, &plan(), 1, Promise::Oversold).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overselling_is_seen_on_sqlite() {
    oversold(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overselling_is_seen_on_postgres() {
    oversold(Some(new_database().await)).await;
}

async fn sent_twice(database_url: Option<String>) {
    let scene = Arc::new(Scene::inside(database_url).await);
    let switches = &scene.site.as_ref().unwrap().app.messages.switches;
    switches.set_lease_off(true);
    // While one worker still sends a letter, the other takes it, too.
    scene.post.set(Mood::Slow);
    must_break(&scene, &plan(), 1, Promise::LetterTwice).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_sent_twice_is_seen_on_sqlite() {
    sent_twice(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_sent_twice_is_seen_on_postgres() {
    sent_twice(Some(new_database().await)).await;
}

async fn lost(database_url: Option<String>) {
    let scene = Arc::new(Scene::inside(database_url).await);
    // The key of today's letters is made with the first letter, and must not be forgotten.
    must_hold(
        &scene,
        &Plan {
            people: 1,
            ..plan()
        },
        1,
        1,
    )
    .await;
    // They are told "booked", and nothing is committed. Each asks once: whoever asked again could cancel, and then nothing would
    // be lost.
    let switches = &scene.site.as_ref().unwrap().app.switches;
    switches.set_forget_bookings(true);
    let once = Plan { asks: 1, ..plan() };
    must_break(&scene, &once, 1, Promise::Lost).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_booking_is_seen_on_sqlite() {
    lost(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_booking_is_seen_on_postgres() {
    lost(Some(new_database().await)).await;
}

async fn nothing_broken(database_url: Option<String>) {
    let scene = Arc::new(Scene::inside(database_url).await);
    must_hold(&scene, &plan(), 1, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_guard_on_nothing_is_seen_on_sqlite() {
    nothing_broken(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_guard_on_nothing_is_seen_on_postgres() {
    nothing_broken(Some(new_database().await)).await;
}
