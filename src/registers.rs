//! Registers: who comes to a run, for its tutor. Name, phone, email and nothing else; whoever is on a list can see that it
//! was opened.

use crate::server::routes::Routes;

mod access;
pub mod attendance;
mod file;
mod handlers;
mod marking;
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

pub use pages::HERE;

use uuid::Uuid;

use crate::server::{App, Result};
use crate::staff::By;

/// A run all of whose sessions the account leads or coordinates, by its number; another's is not there, nor one of which they lead
/// a part, and that they asked is written down. It says nothing about anybody who comes.
///
/// # Errors
/// When the database fails.
pub async fn led(app: &App, by: &By, id: &str) -> Result<Option<model::Run>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    let found = store::run(app, by.account_id, id).await?;
    let led = found.map(|(run, _)| run).filter(model::Run::is_whole);
    if led.is_none() {
        store::refused(app, by, id).await?;
    }
    Ok(led)
}

/// The tutor desk, and "Who has seen my details".
pub fn routes() -> Routes {
    Routes::default()
        .and(handlers::routes())
        .and(message::routes())
        .and(offline::routes())
        .and(walk_ins::routes())
        .and(seen::routes())
}
