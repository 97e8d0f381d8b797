//! Booking: taking a place, keeping one for a sign-up, giving it back, and what people see of it.

mod agreed;
mod calendar;
mod choices;
mod emails;
pub mod engine;
mod equality;
mod handlers;
pub mod holds;
pub mod model;
mod pages;
mod recount;
pub mod rules;
mod store;

pub use agreed::guardian_agreed;
pub use engine::{book, cancel};
pub use handlers::routes;
pub use model::{BookOutcome, Booked, CancelOutcome, Channel, Choices, RemindBy, Request};
pub use recount::{Difference, recount};
