//! Reports: places and what became of them, exact, for the team; and what is published for the council and funders, frozen
//! as it was sent, where people are only counted in groups (`breakdown`).

mod breakdown;
mod figures;
mod handlers;
mod member;
mod model;
mod pages;
mod people;
mod period;
mod publishing;
mod store;

pub use breakdown::{Breakdown, Shown, Suppressed};

use uuid::Uuid;

use self::member::COUNTED;
use crate::privacy::consents::{Channel, Consent};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry};

/// The team's report; the `href` of its desk.
const HERE: &str = "/desk/reports";

/// What was published; the `href` of its desk.
const PUBLISHED: &str = "/desk/published-reports";

/// The pages of reports.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, handlers::show)
        .get(member::HERE, member::show)
        .post(member::HERE, member::send)
        .get("/desk/reports/places.csv", handlers::file)
        .get("/desk/reports/places.xlsx", handlers::file)
        .get("/desk/reports/{period}/write", publishing::show_write)
        .post("/desk/reports/{period}/write", publishing::send_write)
        .get("/desk/reports/{period}/publish", publishing::show_publish)
        .post("/desk/reports/{period}/publish", publishing::send_publish)
        .get(PUBLISHED, handlers::published)
        .get("/desk/published-reports/list.csv", handlers::published_file)
        .get(
            "/desk/published-reports/list.xlsx",
            handlers::published_file,
        )
        .get("/desk/published-reports/{id}", handlers::one)
        .get(
            "/desk/published-reports/{id}/figures.csv",
            handlers::one_file,
        )
        .get(
            "/desk/published-reports/{id}/figures.xlsx",
            handlers::one_file,
        )
}

/// Somebody objected to being counted in statistics about people (UK GDPR, Article 21), or does not any more. `false` when it
/// was so. Their place counts as a place all the same. The choice is kept with its words, in the same transaction.
///
/// # Errors
/// When the database or the vault does not answer; nothing is changed then.
pub async fn keep_from_statistics(
    app: &App,
    by: &By,
    person_id: Uuid,
    kept: bool,
    channel: Channel,
) -> Result<bool> {
    let words = |kept| {
        if kept {
            "out of statistics"
        } else {
            "counted in statistics"
        }
    };
    let entry = Entry::by(app, by, Action::StatisticsChanged)?
        .changed(app, person_id, words(!kept), words(kept))
        .await?;
    let consent = Consent::new(app, person_id, COUNTED, !kept, channel)?;
    store::keep_out(app, person_id, kept, &entry, &consent).await
}
