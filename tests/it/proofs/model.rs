//! R7: random histories of one run end on the site as they do in a plain model, on both databases.

use super::proved;
use crate::bookings::model::{STEPS, histories};
use crate::support::Site;

const HISTORIES: u32 = 5_000;

async fn as_the_model_says(on: &str, site: &Site) {
    histories(site, HISTORIES).await;
    proved(
        "R7",
        &format!("random histories against a plain model, {on}"),
        &format!("{HISTORIES} of up to {STEPS} steps"),
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
