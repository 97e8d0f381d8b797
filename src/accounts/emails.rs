//! What accounts write to people: sealed before the transaction that sends it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::links::NewLink;
use crate::messages::letters::TwoStepNews;
use crate::messages::{self, Address, Prepared, letters};
use crate::server::{App, Result};

/// Who it is for.
#[derive(Clone, Copy, Debug)]
pub struct To<'a> {
    /// The address.
    pub email: &'a str,
    /// What to call them; empty when we do not know.
    pub known_as: &'a str,
    /// The person, when we know them.
    pub person_id: Option<Uuid>,
}

impl To<'_> {
    fn address(&self) -> Address {
        Address::new(Some(self.known_as), self.email)
    }
}

/// "Please check your email address", with the link that finishes the sign-up.
pub async fn verify(
    app: &App,
    to: To<'_>,
    link: &NewLink,
    kept_until: Option<DateTime<Utc>>,
) -> Result<Prepared> {
    let mail = letters::verify_address(
        &app.config,
        to.address(),
        &link.url(app),
        kept_until,
        link.now,
    )?;
    messages::prepare(app, mail, to.person_id, &cause("verify", link.id)).await
}

/// The same subject for an address that has an account: sign in instead.
pub async fn has_account(app: &App, to: To<'_>, about: Uuid) -> Result<Prepared> {
    let mail = letters::address_has_account(&app.config, to.address())?;
    messages::prepare(app, mail, to.person_id, &cause("has-account", about)).await
}

/// Which link was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// "Your link to sign in".
    SignIn,
    /// "Choose a new password".
    Password,
}

/// A link that somebody asked for.
pub async fn asked(app: &App, to: To<'_>, link: &NewLink, asked: Asked) -> Result<Prepared> {
    let url = link.url(app);
    let mail = match asked {
        Asked::SignIn => letters::sign_in_link(&app.config, to.address(), &url)?,
        Asked::Password => letters::password_reset(&app.config, to.address(), &url)?,
    };
    messages::prepare(app, mail, to.person_id, &cause("link", link.id)).await
}

/// Somebody asked for a link whose account needs a password and a second step: no link, but what to do instead.
pub async fn password_needed(app: &App, to: To<'_>, about: Uuid) -> Result<Prepared> {
    let mail = letters::sign_in_by_password(&app.config, to.address())?;
    messages::prepare(app, mail, to.person_id, &cause("password-needed", about)).await
}

/// What happened to their two-step sign-in.
pub async fn two_step(app: &App, to: To<'_>, news: TwoStepNews, about: Uuid) -> Result<Prepared> {
    let mail = letters::two_step(&app.config, to.address(), news, app.clock.now())?;
    messages::prepare(app, mail, to.person_id, &cause("two-step", about)).await
}

/// The code of the second step, by text.
pub async fn sign_in_code(
    app: &App,
    phone: &str,
    code: &str,
    minutes: i64,
    person_id: Uuid,
) -> Result<Prepared> {
    let text = letters::texts::sign_in_code(&app.config, phone, code, minutes);
    let cause = cause("sign-in-code", app.id()?);
    messages::prepare(app, text, Some(person_id), &cause).await
}

/// "Your password was changed".
pub async fn password_changed(app: &App, to: To<'_>, about: Uuid) -> Result<Prepared> {
    let mail = letters::password_changed(&app.config, to.address(), app.clock.now())?;
    messages::prepare(app, mail, to.person_id, &cause("password-changed", about)).await
}

/// "Please check your new email address", to the new one.
pub async fn confirm_email(app: &App, to: To<'_>, link: &NewLink) -> Result<Prepared> {
    let mail = letters::email_change_confirm(&app.config, to.address(), &link.url(app))?;
    messages::prepare(app, mail, to.person_id, &cause("email-confirm", link.id)).await
}

/// "Your email address is being changed" or "was changed", to the old one.
pub async fn email_changed(
    app: &App,
    to: To<'_>,
    new: &str,
    done: bool,
    about: Uuid,
) -> Result<Prepared> {
    let mail = letters::email_change_told(&app.config, to.address(), new, done)?;
    let what = if done { "email-changed" } else { "email-asked" };
    messages::prepare(app, mail, to.person_id, &cause(what, about)).await
}

fn cause(what: &str, id: Uuid) -> String {
    format!("account:{id}:{what}")
}
