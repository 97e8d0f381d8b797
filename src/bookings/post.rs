//! The post queue: letters to whoever asked for them, has no email and has an address with us. The course team prints and posts
//! them.

mod desk;
mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules;
use super::store::{Offer, Person};
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::ui::dates;

pub use desk::routes;
pub use store::{LATE, is_written, sweep};

/// Until a letter is there. What is sooner is told by a call.
pub const TAKES: TimeDelta = TimeDelta::days(4);

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A place is booked.
    Booked,
    /// Dates, place or tutor have changed.
    Changed,
    /// A booking is cancelled, or the run does not go ahead.
    Cancelled,
    /// Somebody who leads or organises the sessions writes.
    Message,
}

impl About {
    const ALL: [Self; 4] = [Self::Booked, Self::Changed, Self::Cancelled, Self::Message];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Message => "message",
        }
    }

    /// The heading of the letter, and what the list says.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Booked => "Your booking is confirmed",
            Self::Changed => "Your course has changed",
            Self::Cancelled => "Your booking is cancelled",
            Self::Message => "A message about your booking",
        }
    }

    /// The one with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.name() == name)
    }
}

/// What a letter says besides its heading, the greeting and our address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What to call them.
    pub hello: String,
    /// What has happened, a paragraph each.
    pub news: Vec<String>,
    /// The sessions to come, a line each.
    pub dates: Vec<String>,
    /// What they can do.
    pub then: String,
}

/// A letter, ready to be written with what causes it.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Its id.
    pub id: Uuid,
    /// What brought it about; a second letter with the same cause is not written.
    pub cause: String,
    /// What about.
    pub about: About,
    /// To whom.
    pub person_id: Uuid,
    /// Which run it is about.
    pub run_id: Uuid,
    /// The words.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// Whether a letter about a run as it is now reaches `person`: they asked for letters (and not, with `rather_rung`, for calls, too),
/// have an address with us, are 16 or more, and it comes early enough before the next session.
///
/// # Errors
/// When the database does not answer.
pub async fn reaches(app: &App, person: &Person, offer: &Offer, rather_rung: bool) -> Result<bool> {
    let now = app.clock.now();
    let soon = offer
        .sessions
        .iter()
        .any(|s| s.ends_at > now && s.starts_at - now < TAKES);
    let is_child = rules::is_under_16(person.born(), offer.run.starts_at);
    Ok(!soon && !is_child && store::gets_letters(app, person.id, rather_rung).await?)
}

/// The letter for `person` about their booking `reference` on a run as it is now (`offer`); none where it does
/// not reach them ([`reaches`]).
///
/// # Errors
/// When the database or the vault fails.
pub async fn letter(
    app: &App,
    person: &Person,
    about: About,
    (offer, reference): (&Offer, &str),
    mut news: Vec<String>,
    cause: &str,
    rather_rung: bool,
) -> Result<Option<Posted>> {
    let now = app.clock.now();
    let to_come: Vec<_> = offer
        .sessions
        .iter()
        .filter(|session| session.ends_at > now)
        .collect();
    if !reaches(app, person, offer, rather_rung).await? {
        return Ok(None);
    }
    let today = dates::day_of(now);
    let goes_on = about != About::Cancelled;
    if person.name_course_in_messages == Some(true) {
        news.push(format!("The course is {}.", offer.run.title));
    }
    // What is somewhere else says so beside its own date.
    let usual = &offer.run.at;
    if goes_on && to_come.iter().any(|session| offer.at(session.id) == usual) {
        news.push(format!("Where: {}.", usual.full()));
    }
    let dates = to_come
        .iter()
        .filter(|_| goes_on)
        .map(|session| offer.line(session, today))
        .collect();
    let then = if goes_on {
        format!(
            "Your booking number is {reference}. If you cannot come, please call us. It is fine to miss a week."
        )
    } else {
        format!(
            "Your booking number was {reference}. Would you like another course? Please call us, and we will book it for you."
        )
    };
    let words = Words {
        hello: person.known_as().to_owned(),
        news,
        dates,
        then,
    };
    let id = app.id()?;
    let plain = serde_json::to_vec(&words).map_err(|e| Error::Other(format!("a letter: {e}")))?;
    let sealed = app
        .vault
        .seal(now, Uuid::nil(), RecordClass::Message, id, &plain)
        .await?;
    Ok(Some(Posted {
        id,
        cause: cause.to_owned(),
        about,
        person_id: person.id,
        run_id: offer.run.id,
        sealed,
        created_at: now,
    }))
}

/// Writes a letter in the transaction of its cause.
macro_rules! insert {
    ($c:expr, $letter:expr) => {{
        let letter: &$crate::bookings::post::Posted = $letter;
        sqlx::query(
            "INSERT INTO post_letter (id, cause, about, person_id, run_id, sealed, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (cause) DO NOTHING",
        )
        .bind(letter.id)
        .bind(&letter.cause)
        .bind(letter.about.name())
        .bind(letter.person_id)
        .bind(letter.run_id)
        .bind(&letter.sealed)
        .bind(letter.created_at)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use insert;
