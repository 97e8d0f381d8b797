//! R3: many people, few places, one moment, again and again; and the negative control, which must oversell each time.

use wellbeing_courses::server::App;

use super::proved;
use crate::bookings::races::without_the_guard::oversells;
use crate::bookings::races::{PEOPLE, exactly_ten};
use crate::support::{Site, new_database};

/// With 64 people on each of the three: 100,000 attempts in all.
const REPEATS: usize = 521;
const CONTROLS: usize = 10;

async fn again_and_again(on: &str, site: &Site, apps: &[App]) {
    for _ in 0..REPEATS {
        exactly_ten(site, apps).await;
    }
    proved(
        "R3",
        &format!("{PEOPLE} people at once for 10 places, {on}"),
        &format!("{REPEATS} times, {} attempts", REPEATS * PEOPLE),
        "0 oversold",
        "0 oversold",
    );
    for _ in 0..CONTROLS {
        oversells(site, apps).await;
    }
    proved(
        "R3",
        &format!("the same without the guard, {on}"),
        &format!("{CONTROLS} times"),
        &format!("{CONTROLS} oversold"),
        "every time",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R3"]
async fn nothing_is_oversold_on_sqlite() {
    let site = Site::on_sqlite().await;
    again_and_again("SQLite", &site, std::slice::from_ref(&site.app)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R3"]
async fn nothing_is_oversold_on_postgres() {
    let site = Site::on_postgres().await;
    again_and_again("PostgreSQL", &site, std::slice::from_ref(&site.app)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R3"]
async fn two_nodes_oversell_nothing() {
    let one = Site::start(Some(new_database().await), &[]).await;
    let two = Site::start_at(one.database_url.clone(), &[], one.clock.clone()).await;
    again_and_again(
        "two nodes on PostgreSQL",
        &one,
        &[one.app.clone(), two.app.clone()],
    )
    .await;
}
