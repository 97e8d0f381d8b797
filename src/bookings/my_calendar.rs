//! "My calendar": an address at which a phone's calendar reads the dates of an account's bookings, and follows them.
//!
//! The address is a row's id with our signature: it can be shown again, and it works for as long as the row is there. A
//! calendar follows what it finds, so a place that was given up is simply not there any more.

mod feed;
mod handlers;
mod pages;
mod store;

pub use handlers::routes;
pub use pages::PATH;
