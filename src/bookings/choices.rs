//! What somebody chose while booking: a sealed note, how to be reminded, what messages may say. Each choice
//! that is new is kept with the words that were shown.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::consents;
use super::model::{Booked, Choices, RemindBy};
use super::sealed::Sealed;
use super::store::Person;
use crate::privacy::consents::{Channel, Consent};
use crate::server::{App, Result};

/// What will be written with the booking.
#[derive(Debug)]
pub struct Prepared {
    pub person_id: Uuid,
    pub booking_id: Uuid,
    pub now: DateTime<Utc>,
    /// Id of the vault's row, and what it holds.
    pub note: Option<(Uuid, Vec<u8>)>,
    /// What is said about the person from now on: reminders, and whether the course may be named.
    pub settings: Option<(&'static str, Option<bool>)>,
    /// What they agreed to or took back.
    pub consents: Vec<Consent>,
}

/// Seals the note and works out what is new, before the transaction.
pub async fn prepare(
    app: &App,
    people: &[Person],
    booked: &Booked,
    choices: &Choices,
    now: DateTime<Utc>,
) -> Result<Option<Prepared>> {
    let Some(person) = people.first() else {
        return Ok(None);
    };
    if *choices == Choices::default() {
        return Ok(None);
    }
    let consent = |wording, given| Consent::new(app, person.id, wording, given, Channel::Booking);
    let mut consents = Vec::new();
    let note = match &choices.access_note {
        Some(words) => {
            consents.push(consent(consents::ACCESS_NOTE, true)?);
            let place = Sealed::AccessNote {
                person_id: person.id,
                booking_id: booked.id,
            };
            Some(place.seal(app, words).await?)
        }
        None => None,
    };
    let before = RemindBy::named(&person.remind_by);
    let remind = choices.remind_by.unwrap_or(before);
    let texts = |by| by == RemindBy::EmailAndText;
    if texts(remind) != texts(before) {
        consents.push(consent(consents::TEXTS, texts(remind))?);
    }
    if let Some(given) = choices.name_course
        && person.name_course_in_messages != Some(given)
    {
        consents.push(consent(consents::NAME_COURSE, given)?);
    }
    let name_course = choices.name_course.or(person.name_course_in_messages);
    let changed = remind != before || name_course != person.name_course_in_messages;
    Ok(Some(Prepared {
        person_id: person.id,
        booking_id: booked.id,
        now,
        note,
        settings: changed.then_some((remind.name(), name_course)),
        consents,
    }))
}

/// Writes what [`prepare`] made, inside the booking's transaction.
macro_rules! insert {
    ($c:expr, $prepared:expr) => {
        if let Some(prepared) = &$prepared {
            if let Some((id, sealed)) = &prepared.note {
                sqlx::query(
                    "INSERT INTO vault_entry (id, person_id, kind, booking_id, sealed, created_at) \
                     VALUES ($1, $2, 'access-note', $3, $4, $5)",
                )
                .bind(id)
                .bind(prepared.person_id)
                .bind(prepared.booking_id)
                .bind(sealed)
                .bind(prepared.now)
                .execute(&mut *$c)
                .await?;
            }
            if let Some((remind_by, name_course)) = prepared.settings {
                sqlx::query(
                    "UPDATE person SET remind_by = $2, name_course_in_messages = $3, updated_at = $4, \
                            reach_by_text = CASE WHEN $2 = 'email-and-text' THEN $5 \
                                                 WHEN remind_by = 'email-and-text' THEN NOT $5 \
                                                 ELSE reach_by_text END \
                     WHERE id = $1",
                )
                .bind(prepared.person_id)
                .bind(remind_by)
                .bind(name_course)
                .bind(prepared.now)
                .bind(true)
                .execute(&mut *$c)
                .await?;
            }
            for consent in &prepared.consents {
                $crate::privacy::consents::record!($c, consent);
            }
        }
    };
}
pub(super) use insert;
