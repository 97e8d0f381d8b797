//! The public pages.

pub mod calendar;
pub mod course;
pub mod courses;
pub mod home;
pub mod venues;
pub mod words;
