//! Bookings never lie: nobody is told "booked" without a place, no place is given twice.

mod alone;
mod calls;
mod changes;
mod guardians;
mod history;
mod holds;
mod kept;
mod late;
pub mod model;
mod my_calendar;
mod new_dates;
pub mod pages;
mod post;
pub mod races;
mod refusals;
mod reminder_words;
mod reminders;
mod together;
pub mod together_pages;
pub mod undelivered;
mod waiting;
pub mod world;
