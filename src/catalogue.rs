//! What can be booked: courses, their runs and sessions, venues and topics; the public pages that show them,
//! the search, and the calendar feed.
//!
//! The whole published catalogue is small, so it is kept in memory ([`shelf::Shelf`]) and read again when its
//! version goes up. How many places are left is never older than a second.

mod calendars;
pub mod days_off;
mod drawn;
mod feeds;
mod filters;
mod find;
mod handlers;
mod json_ld;
mod keep;
pub mod model;
mod pages;
pub mod prose;
pub mod rules;
mod search;
pub mod series;
pub mod shelf;
mod store;

pub use handlers::routes;
pub use keep::{Kept, Stamp};
pub use shelf::Shelf;
pub use store::TOUCH;
