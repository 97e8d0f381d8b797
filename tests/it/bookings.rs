//! Bookings never lie: nobody is told "booked" without a place, no place is given twice.

mod history;
mod holds;
mod races;
mod world;
