//! Messages about a booking. Neither subject nor text names the course, unless the person allowed it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::Booked;
use super::rules::Ending;
use super::store::{Offer, Person};
use crate::server::vault::RecordClass;
use crate::server::{App, Result};

/// A message that waits for the booking's transaction.
#[derive(Debug)]
pub struct Prepared {
    pub id: Uuid,
    pub cause: String,
    pub kind: &'static str,
    pub person_id: Uuid,
    pub sealed: Vec<u8>,
    pub now: DateTime<Utc>,
}

async fn prepare(app: &App, kind: &'static str, person_id: Uuid, cause: String) -> Result<Prepared> {
    let now = app.clock.now();
    let id = app.id()?;
    let sealed = app.vault.seal(now, Uuid::nil(), RecordClass::Message, id, b"{}").await?;
    Ok(Prepared { id, cause, kind, person_id, sealed, now })
}

/// "Your booking is confirmed", to the first person who comes.
pub async fn confirmation(
    app: &App,
    _offer: &Offer,
    people: &[Person],
    booked: &Booked,
    _name_course: Option<bool>,
) -> Result<Vec<Prepared>> {
    let cause = format!("booking:{}:confirmed", booked.id);
    Ok(vec![prepare(app, "booking_confirmed", people[0].id, cause).await?])
}

/// "Please can you agree to a booking?", to the parent or guardian.
pub async fn guardian(
    app: &App,
    _offer: &Offer,
    people: &[Person],
    booked: &Booked,
    _now: DateTime<Utc>,
) -> Result<Vec<Prepared>> {
    let cause = format!("booking:{}:guardian", booked.id);
    Ok(vec![prepare(app, "guardian_agreement", people[0].id, cause).await?])
}

/// "Your booking is cancelled", or that we noted that they stop coming.
pub async fn ended(
    app: &App,
    _offer: &Offer,
    people: &[Person],
    booked: &Booked,
    _sequence: i64,
    _ending: Ending,
) -> Result<Vec<Prepared>> {
    let cause = format!("booking:{}:cancelled", booked.id);
    let Some(person) = people.first() else { return Ok(Vec::new()) };
    Ok(vec![prepare(app, "booking_cancelled", person.id, cause).await?])
}

/// Queues messages inside a transaction: they are sent when the booking stands, and not otherwise.
macro_rules! insert {
    ($c:expr, $letters:expr) => {
        for letter in $letters {
            sqlx::query(
                "INSERT INTO outbox (id, cause, kind, person_id, state, sealed, next_try_at, created_at) \
                 VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $6) ON CONFLICT (cause) DO NOTHING",
            )
            .bind(letter.id)
            .bind(&letter.cause)
            .bind(letter.kind)
            .bind(letter.person_id)
            .bind(&letter.sealed)
            .bind(letter.now)
            .execute(&mut *$c)
            .await?;
        }
    };
}
pub(super) use insert;
