//! What the engine reads before it writes.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{Booked, RemindBy};
use super::rules;
use crate::accounts::sign_up::rules::is_mobile;
use crate::catalogue::rules::run_code;
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

mod mine;
mod whereabouts;

pub use mine::{Line, Mine, MyBookings, mine, my_bookings};
pub use whereabouts::{At, Leads, Own, sessions_and_own};
pub(crate) use whereabouts::{at, room_of, tutor_of, venue_of};

/// Reads a [`Run`]: `$2` is now.
macro_rules! select_run {
    () => {
        concat!(
            "SELECT run.id, course.slug, course.title, course.audience, run.status, \
                run.volunteers_only, run.capacity, run.places_taken, \
                run.waiting, EXISTS (SELECT 1 FROM waiting_entry WHERE waiting_entry.run_id = run.id \
                        AND waiting_entry.ended_at IS NULL) AS has_list, \
                (SELECT COUNT(*) FROM held_place WHERE held_place.run_id = run.id \
                        AND released_at IS NULL AND expires_at > $2) AS live_held, \
                (SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM offered_place \
                        WHERE offered_place.run_id = run.id AND released_at IS NULL AND expires_at > $2) AS offered, \
                (SELECT COUNT(*) FROM booking waits JOIN place ON place.booking_id = waits.id \
                        AND place.status = 'active' WHERE waits.run_id = run.id \
                        AND waits.status = 'awaiting-guardian' AND waits.agree_by <= $2 \
                        AND run.status <> 'cancelled') AS lapsed, \
                run.starts_at, run.join_by_session, run.join_until, run.ends_at, run.sequence, room.name AS room, venue.name AS venue, \
                venue.address_1 AS address, venue.town, venue.postcode, tutor.full_name AS tutor, \
                tutor.known_as AS tutor_known_as, run.join_link, run.place_note, \
                (SELECT venue.name FROM session first JOIN venue ON venue.id = ",
            venue_of!("first"),
            " WHERE first.run_id = run.id AND first.position = 1) AS first_venue \
         FROM run JOIN course ON course.id = run.course_id \
         LEFT JOIN venue ON venue.id = run.venue_id LEFT JOIN room ON room.id = run.room_id \
         LEFT JOIN tutor ON tutor.id = run.tutor_id "
        )
    };
}

/// A run with all that a booking of it needs to know.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
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
    /// How many of them are kept for people on the waiting list, now.
    pub offered: i64,
    /// How many entries on the waiting list have no offer.
    pub waiting: i64,
    /// Whether anybody is on the waiting list, with an offer or without.
    pub has_list: bool,
    /// The venue of its first session; none online.
    pub first_venue: Option<String>,
    /// How many of those that count as booked waited too long for a parent or guardian: they are free.
    pub lapsed: i64,
    /// When the first session begins.
    pub starts_at: DateTime<Utc>,
    /// Somebody new may begin with any session up to this one, counted from 1.
    pub join_by_session: i64,
    /// When that session begins, if it is not the first.
    pub join_until: Option<DateTime<Utc>>,
    /// When the last session ends.
    pub ends_at: DateTime<Utc>,
    /// Goes up when dates change.
    pub sequence: i64,
    /// Where its sessions are, but for those that are elsewhere ([`Offer::at`]).
    #[sqlx(flatten)]
    pub at: At,
    /// Who leads them, but for those that somebody else leads ([`Offer::leads`]).
    #[sqlx(flatten)]
    pub leads: Leads,
    /// The address of the video call.
    pub join_link: Option<String>,
    /// Which door, which bell.
    pub place_note: Option<String>,
}

impl Run {
    /// How many places anybody can book at `now`: none that somebody keeps, and none while people wait for it.
    pub fn free(&self, now: DateTime<Utc>) -> i64 {
        if self.waiting > 0 && now < self.starts_at - rules::LAST_CALL {
            return 0;
        }
        (self.vacant() + self.lapsed).max(0)
    }

    /// Until when somebody new may begin.
    pub fn joins_until(&self) -> DateTime<Utc> {
        self.join_until.unwrap_or(self.starts_at)
    }

    /// How many places nobody has and nobody keeps, not counting those that wait in vain for a parent or guardian.
    pub fn vacant(&self) -> i64 {
        self.capacity - self.places_taken - self.live_held - self.offered
    }
}

/// One dated meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
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
    /// Those that are somewhere else, or led by somebody else.
    pub own: Vec<Own>,
}

impl Offer {
    /// When the first session ends.
    pub fn first_ends(&self) -> DateTime<Utc> {
        self.sessions
            .first()
            .map_or(self.run.ends_at, |s| s.ends_at)
    }

    /// What somebody gets who begins now: the sessions that have not begun.
    pub fn to_come(&self, now: DateTime<Utc>) -> Cow<'_, Self> {
        if self.run.starts_at > now {
            return Cow::Borrowed(self);
        }
        let mut rest = self.clone();
        rest.sessions.retain(|session| session.starts_at > now);
        if let Some(first) = rest.sessions.first() {
            rest.run.starts_at = first.starts_at;
        }
        Cow::Owned(rest)
    }

    /// When each session begins.
    pub fn starts(&self) -> Vec<DateTime<Utc>> {
        self.sessions.iter().map(|s| s.starts_at).collect()
    }
}

/// The sessions of a run, in order.
pub async fn sessions(db: &Db, run_id: Uuid) -> Result<Vec<Session>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, starts_at, ends_at FROM session WHERE run_id = $1 ORDER BY position",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// The run called `code` of the course `slug` (drafts are not there), and the other dates of that course with
/// a free place, soonest first. Two queries.
pub async fn offer_at(
    db: &Db,
    slug: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Offer, Vec<Run>)>> {
    let mut runs: Vec<Run> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_run!(),
            "WHERE course.slug = $1 AND run.status <> 'draft' ORDER BY run.starts_at"
        ))
        .bind(slug)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let wanted = Uuid::try_parse(code).ok();
    let found = runs
        .iter()
        .position(|run| Some(run.id) == wanted || run_code(run.id) == code);
    let Some(found) = found else { return Ok(None) };
    let run = runs.remove(found);
    runs.retain(|other| instead(&run, other, now));
    let (sessions, own) = sessions_and_own(db, run.id).await?;
    Ok(Some((Offer { run, sessions, own }, runs)))
}

/// The other dates of a run's course with a free place, soonest first.
pub async fn others(db: &Db, run: &Run, now: DateTime<Utc>) -> Result<Vec<Run>> {
    let mut runs: Vec<Run> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_run!(),
            "WHERE course.slug = $1 AND run.status = 'open' AND run.starts_at > $2 ORDER BY run.starts_at"
        ))
        .bind(&run.slug)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    runs.retain(|other| instead(run, other, now));
    Ok(runs)
}

/// Whether whoever looks at `run` can book `other` instead.
fn instead(run: &Run, other: &Run, now: DateTime<Utc>) -> bool {
    other.id != run.id
        && other.status == "open"
        && other.starts_at > now
        && other.free(now) > 0
        && other.volunteers_only == run.volunteers_only
}

/// The run `id` with its sessions, whatever its status. Two queries.
pub async fn offer(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<Option<Offer>> {
    let run: Option<Run> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(select_run!(), "WHERE run.id = $1"))
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *c)
            .await?)
    })?;
    let Some(run) = run else { return Ok(None) };
    let (sessions, own) = sessions_and_own(db, run.id).await?;
    Ok(Some(Offer { run, sessions, own }))
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
    /// Whether they are reminded before each session, not before the first one alone.
    pub remind_each_session: bool,
    /// Whether they may be asked how a course was.
    pub ask_feedback: bool,
    /// Whether they sign in by themselves.
    pub has_account: bool,
    /// Whether we know that they have died.
    pub has_died: bool,
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
        crate::accounts::rules::known_as(self.preferred_name.as_deref(), &self.full_name)
    }

    /// Whether a parent or guardian still has to agree before they come to what starts then.
    pub fn waits_for_guardian(&self, starts_at: DateTime<Utc>) -> bool {
        self.guardian_agreed_at.is_none() && rules::is_under_16(self.born(), starts_at)
    }

    /// Whether somebody has to agree whom we do not know, or cannot write to.
    pub fn lacks_guardian(&self, starts_at: DateTime<Utc>) -> bool {
        self.waits_for_guardian(starts_at) && self.guardian_email.is_none()
    }

    /// Whether they would rather be rung.
    pub fn wants_calls(&self) -> bool {
        RemindBy::named(&self.remind_by) == RemindBy::Call
    }

    /// The mobile number to which they agreed to get texts about their bookings.
    pub fn text_to(&self) -> Option<&str> {
        let number = self.phone.as_deref()?;
        let agreed = RemindBy::named(&self.remind_by) == RemindBy::EmailAndText;
        (agreed && is_mobile(number)).then_some(number)
    }

    /// Their birthday, if we know it.
    pub fn born(&self) -> Option<NaiveDate> {
        self.date_of_birth.as_deref()?.parse().ok()
    }
}

/// Reads a [`Person`] with the parent or guardian they named last, and whatever else is asked for.
macro_rules! select_person {
    () => {
        select_person!("")
    };
    ($more:literal) => {
        concat!(
            "SELECT person.id, person.full_name, person.preferred_name, person.date_of_birth, person.email, \
                    person.phone, person.postcode, person.name_course_in_messages, person.remind_by, person.remind_each_session, \
                    person.ask_feedback, \
                    EXISTS (SELECT 1 FROM representation WHERE representation.person_id = person.id \
                            AND representation.kind = 'self' AND representation.ends_at IS NULL) AS has_account, \
                    person.deceased_at IS NOT NULL AS has_died, guardian.id AS guardian_id, guardian.full_name AS guardian_name, \
                    guardian.email AS guardian_email, guardian.agreed_at AS guardian_agreed_at",
            $more,
            " FROM person LEFT JOIN guardian ON guardian.id = (SELECT g.id FROM guardian g \
                   WHERE g.person_id = person.id ORDER BY g.created_at DESC LIMIT 1) "
        )
    };
}
pub(super) use select_person;

/// Somebody who is about to book a run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Booker {
    /// Who it is.
    #[sqlx(flatten)]
    pub person: Person,
    /// Until when a place on it is, or was, kept for them.
    pub held_until: Option<DateTime<Utc>>,
}

/// The person an account belongs to, as they are about to book `run_id`. Kept places that lapsed before `since` are
/// forgotten.
pub async fn booker(
    db: &Db,
    person_id: Uuid,
    account_id: Uuid,
    run_id: Uuid,
    since: DateTime<Utc>,
) -> Result<Option<Booker>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_person!(
                ", (SELECT expires_at FROM held_place WHERE account_id = $2 AND run_id = $3 AND expires_at > $4 \
                    AND (released_at IS NULL OR released_at >= expires_at) \
                    ORDER BY expires_at DESC LIMIT 1) AS held_until"
            ),
            "WHERE person.id = $1"
        ))
        .bind(person_id)
        .bind(account_id)
        .bind(run_id)
        .bind(since)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The people of one booking, in the order of `ids` (one or two).
pub async fn people(db: &Db, ids: &[Uuid]) -> Result<Vec<Person>> {
    let first = ids.first().copied().unwrap_or_default();
    let second = ids.get(1).copied().unwrap_or(first);
    let mut people: Vec<Person> = read!(db, |c| {
        Ok(
            sqlx::query_as(concat!(select_person!(), "WHERE person.id IN ($1, $2)"))
                .bind(first)
                .bind(second)
                .fetch_all(&mut *c)
                .await?,
        )
    })?;
    people.sort_by_key(|person| person.id != first);
    Ok(people)
}

/// Who comes by a booking, or came by one that has ended: whoever the account belongs to first, then by name.
pub async fn people_of(db: &Db, booking_id: Uuid) -> Result<Vec<Person>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_person!(),
            "JOIN place ON place.person_id = person.id JOIN booking ON booking.id = place.booking_id \
             WHERE booking.id = $1 AND (place.status = 'active' OR booking.ended_at IS NOT NULL) \
             ORDER BY CASE WHEN EXISTS (SELECT 1 FROM representation \
                   WHERE representation.account_id = booking.account_id AND representation.person_id = person.id \
                   AND representation.kind = 'self') THEN 0 ELSE 1 END, person.full_name, person.id"
        ))
        .bind(booking_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Whom an account belongs to, with the address it signs in with; nobody, when they have died.
pub async fn account_holder(db: &Db, account_id: Uuid) -> Result<Option<(Person, String)>> {
    let found: Option<(Uuid, String)> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT representation.person_id, account.email FROM account \
             JOIN representation ON representation.account_id = account.id AND representation.kind = 'self' \
                  AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id AND person.deceased_at IS NULL \
             WHERE account.id = $1",
        )
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some((person_id, email)) = found else {
        return Ok(None);
    };
    let person = people(db, &[person_id]).await?.pop();
    Ok(person.map(|person| (person, email)))
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

/// A place that one of them has at the same time as a session of the run they look at; perhaps on that run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Clash {
    /// The booking that holds it.
    #[sqlx(flatten)]
    pub booked: Booked,
    /// The account that booked it.
    pub account_id: Option<Uuid>,
    /// Whose place it is.
    pub person_id: Uuid,
    /// The run it is on.
    pub run_id: Uuid,
    /// The course it is of.
    pub title: String,
    /// When that session begins.
    pub starts_at: DateTime<Utc>,
    /// When that session ends.
    pub ends_at: DateTime<Utc>,
}

/// Where these people (one or two) already are during the sessions of `run_id`, soonest first.
pub async fn clashes(
    db: &Db,
    people: &[Uuid],
    run_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Clash>> {
    let first = people.first().copied().unwrap_or_default();
    let second = people.get(1).copied().unwrap_or(first);
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id, booking.reference, booking.created_at, booking.account_id, place.person_id, \
                    place.run_id, course.title, \
                    there.starts_at, there.ends_at \
             FROM place JOIN booking ON booking.id = place.booking_id \
             JOIN run ON run.id = place.run_id JOIN course ON course.id = run.course_id \
             JOIN session there ON there.run_id = place.run_id \
             JOIN session here ON here.run_id = $3 AND there.starts_at < here.ends_at \
                                                   AND here.starts_at < there.ends_at \
             WHERE place.person_id IN ($1, $2) AND place.status = 'active' AND run.status <> 'cancelled' \
                   AND NOT (booking.status = 'awaiting-guardian' AND booking.agree_by <= $4) \
             ORDER BY there.starts_at",
        )
        .bind(first)
        .bind(second)
        .bind(run_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}
