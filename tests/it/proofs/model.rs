//! R7: random histories of one run end on the site as they do in a plain model, on both databases: people book, wait, are
//! offered places, cancel and die, the course team books for them, changes how many places there are and calls it off, and
//! the clock jumps.

use super::proved;
use crate::bookings::model::{STEPS, histories};
use crate::support::Site;

const HISTORIES: u32 = 10_000;

async fn as_the_model_says(on: &str, site: &Site) {
    histories(site, HISTORIES, STEPS..=STEPS).await;
    proved(
        "R7",
        &format!("random histories against a plain model, {on}"),
        &format!("{HISTORIES} of {STEPS} steps"),
        "0 differ",
        "0 differ",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R7"]
async fn histories_end_as_the_model_says_on_sqlite() {
    as_the_model_says("SQLite", &Site::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: R7"]
async fn histories_end_as_the_model_says_on_postgres() {
    as_the_model_says("PostgreSQL", &Site::on_postgres().await).await;
}
