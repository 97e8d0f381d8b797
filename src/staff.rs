//! Staff: who may do what, the desks' guards, invitations, and the record of what was done and looked at.

use crate::accounts::{rules, two_step};
use crate::server::routes::Routes;
use crate::server::{App, Error, Result};
use crate::ui::dates;

pub mod audit;
mod desk;
pub mod guards;
pub mod invitations;
mod letters;
mod organisations;
pub mod papers;
pub mod rights;
mod team;
mod tutors;

pub use desk::{form_in_desk, in_desk};
pub use guards::{By, Desk};
pub use team::review;

use audit::{Action, Entry};

/// Everything that staff serve.
pub fn routes() -> Routes {
    Routes::default()
        .and(desk::routes())
        .and(team::routes())
        .and(invitations::routes())
        .and(organisations::routes())
        .and(tutors::routes())
        .and(audit::routes())
}

/// Takes the second step of somebody away from the command line, and says so in a sentence.
///
/// # Errors
/// When nobody who works here has this address, or they have no second step.
pub async fn lost_phone(app: &App, email: &str) -> Result<String> {
    let email =
        rules::email(email).map_err(|sentence| Error::Setting(format!("--email: {sentence}")))?;
    let Some(worker) = team::store::by_email(app, &email).await? else {
        return Err(Error::Setting(format!(
            "Nobody who works here signs in as {email}"
        )));
    };
    let entry = Entry::on(app, "command line", Action::TwoStepTakenAway)?
        .about(worker.account_id)
        .of(worker.person_id);
    if two_step::take_away(app, worker.account_id, worker.to(), &entry).await? {
        Ok(format!(
            "{} is signed out everywhere, and can sign in with the password and set up two-step sign-in again.",
            worker.name
        ))
    } else {
        Err(Error::Setting(format!(
            "{} has not set up two-step sign-in",
            worker.name
        )))
    }
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
