//! Reminders: a week and a day before the first session, and the day before each later one for whoever wants that.
//!
//! Which reminders are due is worked out from the clock and the dates as they stand; what was done about each is one
//! row, so that a late sweep sends what still helps, and none sends anything twice.

mod desk;
mod handlers;
mod pages;
pub mod rules;
mod store;
mod sweep;
mod words;

pub use sweep::sweep;
pub use words::WORDING;

use crate::server::routes::Routes;

/// The link in a reminder, and the desk's page of what reminders say.
pub fn routes() -> Routes {
    handlers::routes().and(desk::routes())
}
