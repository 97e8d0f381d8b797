//! What somebody agreed to, or took back: each choice is a row of its own with the words that were shown, their
//! version, where and when.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::server::{App, Result};

/// Words that somebody says yes or no to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The word in the database.
    pub about: &'static str,
    /// What stands beside the box or the button.
    pub words: &'static str,
    /// Goes up when the words change.
    pub version: &'static str,
}

/// Where somebody said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// On the way to an account.
    SignUp,
    /// In their account.
    Account,
    /// While booking, or right after.
    Booking,
    /// By the button of the page that a link in a message opens.
    EmailLink,
    /// By a mail program's own button (RFC 8058).
    OneClick,
    /// To the team, by telephone.
    Phone,
    /// To the team, by letter.
    Letter,
    /// To the team, in person.
    InPerson,
    /// To the team, which did not note how.
    Staff,
}

impl Channel {
    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::Account => "account",
            Self::Booking => "booking",
            Self::EmailLink => "email-link",
            Self::OneClick => "one-click",
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::InPerson => "in-person",
            Self::Staff => "staff",
        }
    }
}

/// A choice, ready to be written.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Whose it is; nobody we know, for the newsletter alone.
    pub person_id: Option<Uuid>,
    /// The newsletter's address that it is about.
    pub subscription_id: Option<Uuid>,
    /// The word in the database.
    pub about: &'static str,
    /// The words that were shown; some name a person.
    pub words: Cow<'static, str>,
    /// Their version.
    pub version: &'static str,
    /// Yes or no.
    pub given: bool,
    /// Where they said it.
    pub channel: Channel,
    /// When.
    pub now: DateTime<Utc>,
}

impl Consent {
    /// A person's choice, made now.
    ///
    /// # Errors
    /// When there is no randomness for its id.
    pub fn new(
        app: &App,
        person_id: Uuid,
        wording: Wording,
        given: bool,
        channel: Channel,
    ) -> Result<Self> {
        Ok(Self {
            id: app.id()?,
            person_id: Some(person_id),
            subscription_id: None,
            about: wording.about,
            words: Cow::Borrowed(wording.words),
            version: wording.version,
            given,
            channel,
            now: app.clock.now(),
        })
    }

    /// A choice for an address, made now; whose it is will be said when it is written.
    ///
    /// # Errors
    /// When there is no randomness for its id.
    pub fn of_address(app: &App, wording: Wording, given: bool, channel: Channel) -> Result<Self> {
        Ok(Self {
            person_id: None,
            ..Self::new(app, Uuid::nil(), wording, given, channel)?
        })
    }
}

/// Writes a [`Consent`] inside a transaction.
macro_rules! record {
    ($c:expr, $consent:expr) => {{
        let consent: &$crate::privacy::consents::Consent = $consent;
        sqlx::query(
            "INSERT INTO consent (id, person_id, subscription_id, about, given, wording, wording_version, channel, \
                                  recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(consent.id)
        .bind(consent.person_id)
        .bind(consent.subscription_id)
        .bind(consent.about)
        .bind(consent.given)
        .bind(&*consent.words)
        .bind(consent.version)
        .bind(consent.channel.name())
        .bind(consent.now)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use record;
