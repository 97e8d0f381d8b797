//! Bookings never lie: nobody is told "booked" without a place, no place is given twice.

mod changes;
mod guardians;
mod history;
mod holds;
mod kept;
pub mod model;
mod pages;
pub mod races;
mod refusals;
mod reminders;
mod together;
mod waiting;
pub mod world;
