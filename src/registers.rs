//! Registers: who comes to a run, for its tutor. Name, phone, email and nothing else; whoever is on a list can see that it
//! was opened.

use crate::server::routes::Routes;

mod access;
pub mod attendance;
mod file;
mod handlers;
pub mod message;
pub mod model;
mod offline;
mod pages;
pub mod planning;
pub mod rules;
mod seen;
mod sheet;
mod store;
pub mod walk_ins;

/// The tutor desk, and "Who has seen my details".
pub fn routes() -> Routes {
    Routes::default()
        .and(handlers::routes())
        .and(message::routes())
        .and(offline::routes())
        .and(walk_ins::routes())
        .and(seen::routes())
}
