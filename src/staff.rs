//! Staff: who may do what, the desks' guards, invitations, and the record of what was done and looked at.

use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;

pub mod audit;
mod desk;
pub mod guards;
pub mod invitations;
mod letters;
pub mod papers;
pub mod rights;
mod team;

pub use desk::in_desk;
pub use guards::{By, Desk};

/// Everything that staff serve.
pub fn routes() -> Routes {
    Routes::default()
        .and(desk::routes())
        .and(team::routes())
        .and(invitations::routes())
        .and(audit::routes())
}

/// Tells people whose training or papers end within 30 days: once of each last day.
///
/// # Errors
/// When the database does not answer.
pub async fn tell_of_papers(app: &App) -> Result<()> {
    let today = dates::day_of(app.clock.now());
    for due in team::store::due(app, today).await? {
        let mut told = Vec::new();
        for (paper, until) in due.papers.ending(today) {
            let ids = (due.account_id, due.person_id);
            let to = (due.name.as_str(), due.email.as_str());
            let letter = letters::papers_ending(app, ids, to, paper, until).await?;
            told.push(letter.by_day());
        }
        team::store::told(app, due.account_id, today, &told).await?;
        app.messages.wake();
    }
    Ok(())
}
