//! Bookings never lie: nobody is told "booked" without a place, no place is given twice.

mod history;
mod holds;
mod pages;
pub mod races;
mod refusals;
pub mod world;
