//! Invitations to work here. The link is the invitation's number with our signature; it opens a page, and only its form says
//! yes.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::accounts::roles::{Role, Roles};
use crate::accounts::rules::email as email_rule;
use crate::accounts::sign_up::rules::name as name_rule;
use crate::server::signed;
use crate::server::{App, Error, Result};

mod accept;
mod handlers;
mod store;

pub use handlers::routes;
pub use store::{Invited, open, open_at};

use super::audit::{Action, Entry};
use super::letters;
use super::team::OFFERED;

/// What its signature is for.
const PURPOSE: &str = "staff invitation";
/// How long it works.
const LASTS: TimeDelta = TimeDelta::days(7);

/// An invitation about to be written.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Its number.
    pub id: Uuid,
    /// Whom it is for.
    pub full_name: String,
    /// Their address.
    pub email: String,
    /// What they will be able to do.
    pub roles: Roles,
    /// The tutor they are.
    pub tutor_id: Option<Uuid>,
    /// The organisation that they will coordinate, and its name.
    pub organisation: Option<(Uuid, String)>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl NewInvitation {
    /// Prepares one.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn prepare(app: &App, full_name: String, email: String, roles: Roles) -> Result<Self> {
        Ok(Self {
            id: app.id()?,
            full_name,
            email,
            roles,
            tutor_id: None,
            organisation: None,
            expires_at: app.clock.now() + LASTS,
        })
    }

    /// The address of its page.
    pub fn url(&self, app: &App) -> String {
        let token = signed::token(&app.vault, PURPOSE, self.id);
        format!("{}/staff-invitation/{token}", app.config.origin())
    }
}

/// Invites somebody: an invitation that they had before stops working. They are written to.
///
/// # Errors
/// When a database does not answer.
pub async fn invite(app: &App, invitation: &NewInvitation, entry: &Entry) -> Result<()> {
    let letter = letters::invitation(
        app,
        invitation.id,
        (&invitation.full_name, &invitation.email),
        &letters::invited_as(
            invitation.roles,
            invitation
                .organisation
                .as_ref()
                .map(|(_, name)| name.as_str()),
        ),
        (&invitation.url(app), invitation.expires_at),
    )
    .await?;
    store::insert(app, invitation, entry, &letter).await?;
    app.messages.wake();
    Ok(())
}

/// Invites somebody from the command line; gives what to print.
///
/// # Errors
/// When the name, the address or a role is not right (the sentence says which), or a database does not answer.
pub async fn from_terminal(app: &App, name: &str, email: &str, roles: &[String]) -> Result<String> {
    let name = name_rule(name, 200, "their name")
        .map_err(|sentence| Error::Setting(format!("--name: {sentence}")))?;
    let email =
        email_rule(email).map_err(|sentence| Error::Setting(format!("--email: {sentence}")))?;
    let roles = roles
        .iter()
        .map(|name| {
            Role::of(name)
                .filter(|role| OFFERED.contains(role))
                .ok_or_else(|| {
                    let known = OFFERED.map(Role::name).join(", ");
                    Error::Setting(format!("--role {name}: there are only {known}"))
                })
        })
        .collect::<Result<Roles>>()?;
    let invitation = NewInvitation::prepare(app, name, email, roles)?;
    let entry = Entry::on(app, "command line", Action::Invited)?.about(invitation.id);
    invite(app, &invitation, &entry).await?;
    Ok(format!(
        "{} is invited as {}. This link works for 7 days, once; it goes to {} by email, too:\n{}",
        invitation.full_name,
        letters::role_words(roles),
        invitation.email,
        invitation.url(app)
    ))
}
