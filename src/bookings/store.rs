//! What the engine reads before it writes.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::Booked;
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

/// A run with all that a booking of it needs to know.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// The course's id.
    pub course_id: Uuid,
    /// The course's address part.
    pub slug: String,
    /// The course's title. Never in a message, unless the person allowed it.
    pub title: String,
    /// Who the course is for.
    pub audience: String,
    /// `draft`, `open`, `closed` or `cancelled`.
    pub status: String,
    /// Whether it is for our volunteers.
    pub volunteers_only: bool,
    /// How many places there are.
    pub capacity: i64,
    /// How many of them are booked.
    pub places_taken: i64,
    /// How many of them are kept for people who are signing up, now.
    pub live_held: i64,
    /// When the first session begins.
    pub starts_at: DateTime<Utc>,
    /// When the last session ends.
    pub ends_at: DateTime<Utc>,
    /// Goes up when dates change.
    pub sequence: i64,
    /// The venue's name; none online.
    pub venue: Option<String>,
    /// The venue's street.
    pub address: Option<String>,
    /// The venue's town.
    pub town: Option<String>,
    /// The venue's postcode.
    pub postcode: Option<String>,
    /// The tutor's full name, shown once a place is booked.
    pub tutor: Option<String>,
    /// The tutor's first name.
    pub tutor_known_as: Option<String>,
    /// The address of the video call.
    pub join_link: Option<String>,
    /// Which door, which bell.
    pub place_note: Option<String>,
}

/// One dated meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// A run and its sessions.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The run.
    pub run: Run,
    /// Its sessions in order.
    pub sessions: Vec<Session>,
}

impl Offer {
    /// How many places nobody has and nobody keeps.
    pub fn free(&self) -> i64 {
        (self.run.capacity - self.run.places_taken - self.run.live_held).max(0)
    }

    /// When the first session ends.
    pub fn first_ends(&self) -> DateTime<Utc> {
        self.sessions.first().map_or(self.run.ends_at, |s| s.ends_at)
    }

    /// When each session begins.
    pub fn starts(&self) -> Vec<DateTime<Utc>> {
        self.sessions.iter().map(|s| s.starts_at).collect()
    }
}

/// The run `id` with its sessions, whatever its status. Two queries.
pub async fn offer(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<Option<Offer>> {
    read!(db, |c| {
        let run: Option<Run> = sqlx::query_as(
            "SELECT run.id, run.course_id, course.slug, course.title, course.audience, run.status, \
                    run.volunteers_only, run.capacity, run.places_taken, \
                    (SELECT COUNT(*) FROM held_place WHERE held_place.run_id = run.id \
                            AND released_at IS NULL AND expires_at > $2) AS live_held, \
                    run.starts_at, run.ends_at, run.sequence, venue.name AS venue, \
                    venue.address_1 AS address, venue.town, venue.postcode, tutor.full_name AS tutor, \
                    tutor.known_as AS tutor_known_as, run.join_link, run.place_note \
             FROM run JOIN course ON course.id = run.course_id AND course.status = 'published' \
             LEFT JOIN venue ON venue.id = run.venue_id LEFT JOIN tutor ON tutor.id = run.tutor_id \
             WHERE run.id = $1",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?;
        let Some(run) = run else { return Ok(None) };
        let sessions: Vec<Session> =
            sqlx::query_as("SELECT starts_at, ends_at FROM session WHERE run_id = $1 ORDER BY position")
                .bind(id)
                .fetch_all(&mut *c)
                .await?;
        Ok(Some(Offer { run, sessions }))
    })
}

/// A person who would come, with what a booking and its messages need.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their full name.
    pub full_name: String,
    /// What to call them, if they said so.
    pub preferred_name: Option<String>,
    /// Their birthday, as `1952-03-31`.
    pub date_of_birth: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// Their phone number, as `+447700900214`.
    pub phone: Option<String>,
    /// Their postcode.
    pub postcode: Option<String>,
    /// Whether messages may name the course; `None` when never asked.
    pub name_course_in_messages: Option<bool>,
    /// How they are reminded.
    pub remind_by: String,
    /// Their parent or guardian.
    pub guardian_id: Option<Uuid>,
    /// The guardian's name.
    pub guardian_name: Option<String>,
    /// The guardian's address.
    pub guardian_email: Option<String>,
    /// When the guardian agreed.
    pub guardian_agreed_at: Option<DateTime<Utc>>,
}

impl Person {
    /// "Maggie", or else the first word of "Margaret Ashdown".
    pub fn known_as(&self) -> &str {
        self.preferred_name
            .as_deref()
            .unwrap_or_else(|| self.full_name.split(' ').next().unwrap_or_default())
    }

    /// Their birthday, if we know it.
    pub fn born(&self) -> Option<NaiveDate> {
        self.date_of_birth.as_deref()?.parse().ok()
    }
}

/// The people of one booking, in the order of `ids` (one or two).
pub async fn people(db: &Db, ids: &[Uuid]) -> Result<Vec<Person>> {
    let first = ids.first().copied().unwrap_or_default();
    let second = ids.get(1).copied().unwrap_or(first);
    let mut people: Vec<Person> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT person.id, person.full_name, person.preferred_name, person.date_of_birth, person.email, \
                    person.phone, person.postcode, person.name_course_in_messages, person.remind_by, \
                    guardian.id AS guardian_id, guardian.full_name AS guardian_name, \
                    guardian.email AS guardian_email, guardian.agreed_at AS guardian_agreed_at \
             FROM person LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g \
                  WHERE g.person_id = person.id ORDER BY g.created_at DESC LIMIT 1) \
             WHERE person.id IN ($1, $2)",
        )
        .bind(first)
        .bind(second)
        .fetch_all(&mut *c)
        .await?)
    })?;
    people.sort_by_key(|person| person.id != first);
    Ok(people)
}

/// A booking that answers a request: made from the same form, or holding the same person's place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Existing {
    #[sqlx(flatten)]
    pub booked: Booked,
    pub status: String,
    pub same_form: bool,
}

/// Finds [`Existing`] bookings. `$1` account, `$2` form key, `$3` run, `$4` and `$5` the people.
pub const EXISTING: &str = "SELECT id, reference, created_at, status, TRUE AS same_form FROM booking \
     WHERE account_id = $1 AND form_key = $2 \
     UNION ALL \
     SELECT booking.id, booking.reference, booking.created_at, booking.status, FALSE AS same_form \
     FROM place JOIN booking ON booking.id = place.booking_id \
     WHERE place.run_id = $3 AND place.person_id IN ($4, $5) AND place.status = 'active'";
