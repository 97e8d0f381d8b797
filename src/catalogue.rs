//! What can be booked: courses, their runs and sessions, venues and topics; the public pages that show them,
//! the search, and the calendar feed.
//!
//! The whole published catalogue is small, so it is kept in memory and read again when its
//! version goes up. How many places are left is never older than a second.

pub mod model;
pub mod rules;
mod store;

pub use model::RunForBooking;
pub use store::booking::run_for_booking;
pub use store::touch;
