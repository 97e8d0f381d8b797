//! Wellbeing Courses: the booking site of a free, publicly funded wellbeing service.
//!
//! Start with `ARCHITECTURE.md`. Each folder is a feature named by a word the course team uses.

// The type of a page holds the types of all its parts.
#![recursion_limit = "512"]

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod bookings;
#[cfg(feature = "ssr")]
pub mod catalogue;
#[cfg(feature = "ssr")]
pub mod certificates;
#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
mod course_desk;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod feedback;
#[cfg(feature = "ssr")]
pub mod messages;
#[cfg(feature = "ssr")]
pub mod newsletters;
#[cfg(feature = "ssr")]
pub mod people_desk;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod registers;
#[cfg(feature = "ssr")]
#[cfg_attr(not(feature = "rehearsal"), path = "rehearsal/off.rs")]
pub mod rehearsal;
#[cfg(feature = "ssr")]
pub mod reports;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod staff;
#[cfg(feature = "ssr")]
pub mod ui;
