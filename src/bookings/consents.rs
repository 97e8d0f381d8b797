//! What somebody agreed to about their bookings, or took back, with the words they were shown.

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

/// Beside "Email and text message".
pub const TEXTS: Wording = Wording {
    about: "texts",
    words: "Yes, you may text me about my bookings. Texts do not say what the course is. I can stop at any time.",
    version: "1",
};

/// Beside the box about naming the course.
pub const NAME_COURSE: Wording = Wording {
    about: "course-name",
    words: "You may name the course in emails and texts to me. Someone who shares my phone or email may see it.",
    version: "1",
};

/// Beside "What would help you on the day?".
pub const ACCESS_NOTE: Wording = Wording {
    about: "access-note",
    words: "What you tell us under “What would help you” is locked away. Only the course team can open it, and we \
            record each time they do. You can change or remove it at any time.",
    version: "1",
};

/// Beside the question about somebody's ethnic group.
pub const ETHNICITY: Wording = Wording {
    about: "ethnicity",
    words: "If you answer, we lock your answer away and only count it together with other people’s. You can change \
            or remove it at any time.",
    version: "1",
};

/// Where somebody said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// While booking, or right after.
    Booking,
    /// In their account.
    Account,
}

impl Said {
    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Account => "account",
        }
    }
}

/// A choice, ready to be written.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// The words that were shown.
    pub wording: Wording,
    /// Yes or no.
    pub given: bool,
    /// Where they said it.
    pub said: Said,
    /// When.
    pub now: DateTime<Utc>,
}

impl Consent {
    /// Prepares one.
    ///
    /// # Errors
    /// When there is no randomness for its id.
    pub fn new(
        app: &App,
        person_id: Uuid,
        wording: Wording,
        given: bool,
        said: Said,
    ) -> Result<Self> {
        Ok(Self {
            id: app.id()?,
            person_id,
            wording,
            given,
            said,
            now: app.clock.now(),
        })
    }
}

/// Writes a [`Consent`] inside a transaction.
macro_rules! insert {
    ($c:expr, $consent:expr) => {{
        let consent: &$crate::bookings::consents::Consent = $consent;
        sqlx::query(
            "INSERT INTO consent (id, person_id, about, given, wording, wording_version, channel, recorded_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(consent.id)
        .bind(consent.person_id)
        .bind(consent.wording.about)
        .bind(consent.given)
        .bind(consent.wording.words)
        .bind(consent.wording.version)
        .bind(consent.said.name())
        .bind(consent.now)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(super) use insert;
