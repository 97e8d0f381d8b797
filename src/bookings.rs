//! Booking: taking a place, keeping one for a sign-up, giving it back, and what people see of it.

mod choices;
mod emails;
pub mod engine;
pub mod holds;
pub mod model;
mod recount;
pub mod rules;
mod store;

pub use engine::{book, cancel};
pub use model::{BookOutcome, Booked, CancelOutcome, Channel, Choices, RemindBy, Request};
pub use recount::{Difference, recount};
