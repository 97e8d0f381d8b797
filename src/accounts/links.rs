//! Links sent by email. Opening one changes nothing (mail scanners open links): the page has one button, and only
//! that form uses the link, once.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::read;
use crate::server::random::{self, Secret};
use crate::server::{App, Result};
use crate::ui::form::{FORM_KEY, Submitted};

/// What a link is for. A link for one thing opens nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To show that an address is theirs, and finish the sign-up.
    Verify,
    /// To sign in.
    SignIn,
    /// To choose a new password.
    Password,
    /// To use a new address from now on.
    ChangeEmail,
    /// A parent or guardian agrees.
    Guardian,
}

impl Purpose {
    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::SignIn => "sign-in",
            Self::Password => "password",
            Self::ChangeEmail => "change-email",
            Self::Guardian => "guardian",
        }
    }

    /// How long it works.
    pub const fn lasts(self) -> TimeDelta {
        match self {
            Self::SignIn | Self::Password => TimeDelta::minutes(30),
            Self::Verify | Self::ChangeEmail => TimeDelta::hours(24),
            Self::Guardian => TimeDelta::days(14),
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Verify => "/verify/",
            Self::SignIn => "/sign-in/link/",
            Self::Password => "/forgotten-password/",
            Self::ChangeEmail => "/change-email/",
            Self::Guardian => "/guardian/",
        }
    }
}

/// A link that is about to be sent.
pub struct NewLink {
    /// Its id.
    pub id: Uuid,
    /// Its secret; only the hash is kept.
    pub secret: Secret,
    /// What it is for.
    pub purpose: Purpose,
    /// The address it goes to.
    pub email: String,
    /// The account it is about.
    pub account_id: Option<Uuid>,
    /// The sign-up it finishes.
    pub draft_id: Option<Uuid>,
    /// The parent or guardian it goes to.
    pub guardian_id: Option<Uuid>,
    /// Where to go on to.
    pub next_path: Option<String>,
    /// When it was made.
    pub now: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

impl NewLink {
    /// Prepares one.
    pub fn prepare(app: &App, purpose: Purpose, email: &str) -> Result<Self> {
        let now = app.clock.now();
        Ok(Self {
            id: app.id()?,
            secret: Secret::new()?,
            purpose,
            email: email.to_owned(),
            account_id: None,
            draft_id: None,
            guardian_id: None,
            next_path: None,
            now,
            expires_at: now + purpose.lasts(),
        })
    }

    /// The address to put into the message; made from the site's own, never from what a browser says.
    pub fn url(&self, app: &App) -> String {
        format!(
            "{}{}{}",
            app.config.origin(),
            self.purpose.path(),
            self.secret.text()
        )
    }
}

/// Writes a [`NewLink`] inside a transaction.
macro_rules! insert_link {
    ($c:ident, $link:expr) => {
        sqlx::query(
            "INSERT INTO email_link (id, token_hash, purpose, email, account_id, draft_id, guardian_id, next_path, \
                                     created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind($link.id)
        .bind($link.secret.hash().to_vec())
        .bind($link.purpose.name())
        .bind(&$link.email)
        .bind($link.account_id)
        .bind($link.draft_id)
        .bind($link.guardian_id)
        .bind(&$link.next_path)
        .bind($link.now)
        .bind($link.expires_at)
        .execute(&mut *$c)
        .await?
    };
}
pub(crate) use insert_link;

/// Uses up a link inside a transaction: whether it still worked. Two at once: one of them is first. With the key of
/// the form that used it, [`pressed_again`] knows the same page again.
macro_rules! use_link {
    ($c:ident, $link_id:expr, $now:expr) => {
        $crate::accounts::links::use_link!($c, $link_id, $now, None::<Vec<u8>>)
    };
    ($c:ident, $link_id:expr, $now:expr, $key:expr) => {
        sqlx::query("UPDATE email_link SET used_at = $2, used_by = $3 WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
            .bind($link_id)
            .bind($now)
            .bind($key)
            .execute(&mut *$c)
            .await?
            .rows_affected()
            == 1
    };
}
pub(crate) use use_link;

/// A link that still works.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Live {
    /// Its id.
    pub id: Uuid,
    /// The address it was sent to.
    pub email: String,
    /// The account it is about.
    pub account_id: Option<Uuid>,
    /// The sign-up it finishes.
    pub draft_id: Option<Uuid>,
    /// The parent or guardian it was sent to.
    pub guardian_id: Option<Uuid>,
    /// Where to go on to.
    pub next_path: Option<String>,
}

/// How long a button may be pressed again.
const AGAIN: TimeDelta = TimeDelta::minutes(10);

/// A new key for the form on the page that a link opens.
pub fn form_key() -> Result<String> {
    Ok(Secret::new()?.text().to_owned())
}

/// What is kept of the key that was sent with a form.
pub fn key_hash(submitted: &Submitted) -> Option<Vec<u8>> {
    let key = submitted.line(FORM_KEY);
    (!key.is_empty()).then(|| random::hash(&key).to_vec())
}

/// The link that this very page has just used: its button was pressed twice, and the browser dropped the first
/// answer. Whoever comes with the link alone is refused.
pub async fn pressed_again(
    app: &App,
    token: &str,
    purpose: Purpose,
    submitted: &Submitted,
) -> Result<Option<Live>> {
    let Some(key) = key_hash(submitted) else {
        return Ok(None);
    };
    let hash = random::hash(token).to_vec();
    let since = app.clock.now() - AGAIN;
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, email, account_id, draft_id, guardian_id, next_path FROM email_link \
             WHERE token_hash = $1 AND purpose = $2 AND used_by = $3 AND used_at > $4",
        )
        .bind(&hash)
        .bind(purpose.name())
        .bind(&key)
        .bind(since)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The link with this token, if it still works. Looking does not use it.
pub async fn look(app: &App, token: &str, purpose: Purpose) -> Result<Option<Live>> {
    let hash = random::hash(token).to_vec();
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, email, account_id, draft_id, guardian_id, next_path FROM email_link \
             WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        )
        .bind(&hash)
        .bind(purpose.name())
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })
}
