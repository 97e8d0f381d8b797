//! Messages about a booking. Neither subject nor text names the course, unless the person allowed it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::calendar::{self, Entry};
use super::model::Booked;
use super::rules::Ending;
use super::store::{Offer, Person};
use crate::messages::letters::{self, Facts};
use crate::messages::{self, Address, IcsMethod, Prepared};
use crate::server::random::Secret;
use crate::server::{App, Result};

/// How long a parent or guardian has to answer, if the course does not start before.
const GUARDIAN_HAS: chrono::TimeDelta = chrono::TimeDelta::days(14);

/// What a booking sends, written with it or not at all.
#[derive(Debug, Default)]
pub struct Letters {
    /// The message, unless nobody can be written to.
    pub message: Option<Prepared>,
    /// The link in it.
    pub link: Option<GuardianLink>,
}

/// A link for a parent or guardian to agree by.
#[derive(Debug)]
pub struct GuardianLink {
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub email: String,
    pub guardian_id: Uuid,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

fn facts(offer: &Offer, booked: &Booked, name_course: bool) -> Facts {
    Facts {
        reference: booked.reference.clone(),
        starts: offer.starts(),
        first_ends_at: offer.first_ends(),
        place: offer.venue_words(),
        course: name_course.then(|| offer.run.title.clone()),
        path: format!("/account/bookings/{}", booked.reference),
        by_staff: false,
    }
}

/// "Your booking is confirmed", to the first person who comes.
///
/// # Errors
/// When the message cannot be written or sealed.
pub async fn confirmation(
    app: &App,
    offer: &Offer,
    people: &[Person],
    booked: &Booked,
    name_course: Option<bool>,
) -> Result<Letters> {
    let Some((person, email)) = people.first().and_then(|p| Some((p, p.email.as_deref()?))) else {
        return Ok(Letters::default());
    };
    let name_course = name_course
        .or(person.name_course_in_messages)
        .unwrap_or(false);
    let to = Address::new(Some(person.known_as()), email);
    let entry = Entry {
        booking_id: booked.id,
        reference: &booked.reference,
        sequence: offer.run.sequence,
        offer,
        sessions: &offer.sessions,
    };
    let mail = letters::bookings::confirmed(&app.config, to, &facts(offer, booked, name_course))?
        .with_ics(calendar::file(app, &entry, IcsMethod::Publish));
    let cause = format!("booking:{}:confirmed", booked.id);
    let message = messages::prepare(app, mail, Some(person.id), &cause).await?;
    Ok(Letters {
        message: Some(message),
        link: None,
    })
}

/// "Please can you agree to a booking?", to the parent or guardian of the first person who needs one.
///
/// # Errors
/// When the message cannot be written or sealed.
pub async fn guardian(
    app: &App,
    offer: &Offer,
    people: &[Person],
    booked: &Booked,
    now: DateTime<Utc>,
) -> Result<Letters> {
    let asked = people
        .iter()
        .find_map(|p| Some((p, p.guardian_id?, p.guardian_email.as_deref()?)));
    let Some((child, guardian_id, email)) = asked else {
        return Ok(Letters::default());
    };
    let secret = Secret::new()?;
    let expires_at = (now + GUARDIAN_HAS).min(offer.run.starts_at);
    let url = format!("{}/guardian/{}", app.config.origin(), secret.text());
    let to = Address::new(child.guardian_name.as_deref(), email);
    let mail = letters::guardian_request(&app.config, to, child.known_as(), &url, expires_at, now)?;
    let cause = format!("booking:{}:guardian", booked.id);
    let message = messages::prepare(app, mail, Some(child.id), &cause).await?;
    let link = GuardianLink {
        id: app.id()?,
        hash: secret.hash().to_vec(),
        email: email.to_owned(),
        guardian_id,
        now,
        expires_at,
    };
    Ok(Letters {
        message: Some(message),
        link: Some(link),
    })
}

/// "Your booking is cancelled", or that we noted that they stop coming.
///
/// # Errors
/// When the message cannot be written or sealed.
pub async fn ended(
    app: &App,
    offer: &Offer,
    people: &[Person],
    booked: &Booked,
    sequence: i64,
    ending: Ending,
) -> Result<Letters> {
    let Some((person, email)) = people.first().and_then(|p| Some((p, p.email.as_deref()?))) else {
        return Ok(Letters::default());
    };
    let (how, method) = match ending {
        Ending::Cancel => (letters::Ending::Cancelled, IcsMethod::Cancel),
        Ending::Stop => (letters::Ending::Stopped, IcsMethod::Publish),
        Ending::Over => return Ok(Letters::default()),
    };
    let now = app.clock.now();
    let been = offer.sessions.iter().filter(|s| s.starts_at <= now).count();
    let entry = Entry {
        booking_id: booked.id,
        reference: &booked.reference,
        sequence: offer.run.sequence + sequence,
        offer,
        sessions: if ending == Ending::Stop {
            &offer.sessions[..been]
        } else {
            &offer.sessions
        },
    };
    let name_course = person.name_course_in_messages.unwrap_or(false);
    let to = Address::new(Some(person.known_as()), email);
    let mail =
        letters::bookings::cancelled(&app.config, to, &facts(offer, booked, name_course), how)?
            .with_ics(calendar::file(app, &entry, method));
    let cause = format!("booking:{}:cancelled", booked.id);
    let message = messages::prepare(app, mail, Some(person.id), &cause).await?;
    Ok(Letters {
        message: Some(message),
        link: None,
    })
}

/// Queues messages inside a transaction: they are sent when the booking stands, and not otherwise.
macro_rules! insert {
    ($c:expr, $letters:expr) => {
        if let Some(link) = &$letters.link {
            sqlx::query(
                "INSERT INTO email_link (id, token_hash, purpose, email, guardian_id, created_at, expires_at) \
                 VALUES ($1, $2, 'guardian', $3, $4, $5, $6)",
            )
            .bind(link.id)
            .bind(&link.hash)
            .bind(&link.email)
            .bind(link.guardian_id)
            .bind(link.now)
            .bind(link.expires_at)
            .execute(&mut *$c)
            .await?;
        }
        if let Some(message) = &$letters.message {
            crate::messages::insert!($c, message);
        }
    };
}
pub(super) use insert;
