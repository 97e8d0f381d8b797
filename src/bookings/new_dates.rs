//! "Tell me when this runs again": one message when a course has a new date, and then it is forgotten that somebody asked.
//!
//! A date is new when its run opened after they asked (`run.opened_at`): what they could see then does not count, and a
//! draft that is opened later does.

mod handlers;
mod pages;
pub(super) mod store;
mod sweep;

pub use handlers::routes;
pub(super) use pages::card;
pub use store::{Askers, askers};
pub use sweep::sweep;
