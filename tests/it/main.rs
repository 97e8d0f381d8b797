//! Every test that needs the real site: one binary, so that it is linked once.
//!
//! A test written with `on_both!` runs on SQLite and on PostgreSQL. `scripts/with-postgres` starts a server
//! and says where it is in `TEST_POSTGRES_URL`; without it the PostgreSQL half fails rather than pretends.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

#[macro_use]
mod support;

mod accounts;
mod authorisation;
mod bookings;
mod captcha;
mod catalogue;
mod certificates;
mod course_desk;
mod demo;
mod feedback;
mod history;
mod hostile;
mod lists;
mod messages;
mod newsletters;
mod people_desk;
mod practice;
mod privacy;
mod proofs;
mod queries;
mod registers;
mod reports;
mod roles;
mod schema;
mod server;
mod settings;
mod site;
mod slow;
mod staff;
mod stopping;
mod texts;
mod ui;
mod vault;
