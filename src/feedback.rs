//! Feedback: a short survey when a course is over. Whoever leads it sees totals and no more; the course team also reads what
//! people wrote.
//!
//! Everybody with a booking is asked once. The link in the message is the signed number of the row: it opens the questions,
//! and the same page from the account.

use crate::server::routes::Routes;

mod desk;
mod handlers;
mod model;
mod pages;
mod results;
mod rules;
mod store;
mod sweep;
mod tutor;

pub use store::path_for;
pub use sweep::sweep;

/// The survey, its results for the team, and the totals for whoever leads a run.
pub fn routes() -> Routes {
    Routes::default()
        .and(handlers::routes())
        .and(desk::routes())
        .and(tutor::routes())
}
