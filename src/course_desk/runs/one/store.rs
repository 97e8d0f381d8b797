//! What the page of one run reads of its people: who is on it, and what they were told.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::course_desk::runs::model::{Booked, News, Place, Waits, Written};
use crate::course_desk::runs::store::{A_PAGE, select_news};
use crate::read;
use crate::registers::message::{Whom, select_sent};
use crate::registers::walk_ins::WalkIn;
use crate::server::{App, Result, paging};

/// How many changes the page shows.
const CHANGES: i64 = 10;
/// How many messages it shows.
const MESSAGES: i64 = 3;

/// Who is on a run. Whoever shows them notes that look.
#[derive(Clone, Debug, Default)]
pub struct OnIt {
    /// One page of those who have a place, in the order in which they booked.
    pub booked: Vec<Booked>,
    /// The first of those who wait, in order; two who wait together stand together.
    pub waiting: Vec<Waits>,
    /// Those who came without a place, and with whom the team has not dealt.
    pub walked_in: Vec<WalkIn>,
    /// Every place that may be theirs by now; none where nobody came without one.
    pub places: Vec<Place>,
}

/// Somebody who has a place, waits for one or came without one.
#[derive(sqlx::FromRow)]
struct OnItRow {
    /// `walk-in`, `waits`, `booked` or `place`.
    what: String,
    /// The number of the note, the entry, the booking or the place.
    id: Uuid,
    /// Of a walk-in, the session they came to.
    session_id: Option<Uuid>,
    /// Of everybody else.
    person_id: Option<Uuid>,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    /// Of a booking, as what follows.
    reference: Option<String>,
    channel: Option<String>,
    status: Option<String>,
    /// When they booked, joined the list or were noted.
    since: DateTime<Utc>,
    offered_until: Option<DateTime<Utc>>,
    put_first: bool,
}

/// Reads [`OnItRow`]s of the run `$1`; `$2` is now, `$3` how many of a kind, `$4` how many bookings stand on pages before.
const ON_IT: &str = "SELECT 'walk-in' AS what, walk_in.id AS id, walk_in.session_id AS session_id, NULL AS person_id, walk_in.full_name AS name, \
            walk_in.phone AS phone, NULL AS email, NULL AS reference, NULL AS channel, NULL AS status, \
            walk_in.noted_at AS since, NULL AS offered_until, FALSE AS put_first, 0 AS turn \
     FROM walk_in JOIN session ON session.id = walk_in.session_id \
     WHERE session.run_id = $1 AND walk_in.done_at IS NULL \
     UNION ALL \
     SELECT 'waits', waits.id, NULL, waits.person_id, waits.name, NULL, NULL, NULL, NULL, NULL, waits.joined_at, waits.offered_until, \
            waits.put_first, waits.turn \
     FROM (SELECT entry.id, person.id AS person_id, person.full_name AS name, entry.joined_at, \
                  offer.expires_at AS offered_until, entry.put_first_at IS NOT NULL AS put_first, entry.turn \
           FROM waiting_entry entry JOIN waiting_person ON waiting_person.entry_id = entry.id \
           JOIN person ON person.id = waiting_person.person_id \
           LEFT JOIN place_offer offer ON offer.entry_id = entry.id AND offer.state = 'open' AND offer.expires_at > $2 \
           WHERE entry.run_id = $1 AND entry.ended_at IS NULL \
           ORDER BY entry.turn, person.full_name LIMIT $3) waits \
     UNION ALL \
     SELECT 'booked', booked.id, NULL, booked.person_id, booked.name, booked.phone, booked.email, booked.reference, booked.channel, \
            booked.status, booked.created_at, NULL, FALSE, 0 \
     FROM (SELECT booking.id, person.id AS person_id, person.full_name AS name, person.phone, person.email, \
                  booking.reference, booking.channel, booking.status, booking.created_at \
           FROM place JOIN booking ON booking.id = place.booking_id JOIN person ON person.id = place.person_id \
           WHERE place.run_id = $1 AND place.status = 'active' \
           ORDER BY booking.created_at, booking.id, person.full_name LIMIT $3 OFFSET $4) booked \
     UNION ALL \
     SELECT 'place', place.id, NULL, person.id, person.full_name, NULL, NULL, NULL, NULL, NULL, place.created_at, NULL, FALSE, 0 \
     FROM place JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
     JOIN person ON person.id = place.person_id \
     WHERE place.run_id = $1 AND place.status = 'active' \
           AND EXISTS (SELECT 1 FROM walk_in JOIN session ON session.id = walk_in.session_id \
                       WHERE session.run_id = $1 AND walk_in.done_at IS NULL) \
     ORDER BY turn, since, id, name";

impl OnIt {
    /// The records of those who have one.
    pub fn people(&self) -> Vec<Uuid> {
        let booked = self.booked.iter().map(|one| one.person_id);
        let waiting = self.waiting.iter().map(|one| one.person_id);
        let places = self.places.iter().map(|one| one.person_id);
        booked.chain(waiting).chain(places).collect()
    }

    fn add(&mut self, row: OnItRow) {
        match (row.what.as_str(), row.session_id, row.person_id) {
            ("walk-in", Some(session_id), _) => self.walked_in.push(WalkIn {
                id: row.id,
                session_id,
                full_name: row.name,
                phone: row.phone,
                noted_at: row.since,
            }),
            ("waits", _, Some(person_id)) => self.waiting.push(Waits {
                entry_id: row.id,
                person_id,
                name: row.name,
                joined_at: row.since,
                offered_until: row.offered_until,
                put_first: row.put_first,
            }),
            ("booked", _, Some(person_id)) => self.booked.push(Booked {
                person_id,
                name: row.name,
                phone: row.phone,
                email: row.email,
                reference: row.reference.unwrap_or_default(),
                channel: row.channel.unwrap_or_default(),
                status: row.status.unwrap_or_default(),
                created_at: row.since,
            }),
            ("place", _, Some(person_id)) => self.places.push(Place {
                id: row.id,
                person_id,
                name: row.name,
            }),
            // There are no others.
            _ => {}
        }
    }
}

/// Who is on a run, with this page of the bookings.
pub async fn on_it(app: &App, run_id: Uuid, page: u32) -> Result<OnIt> {
    let (now, skip) = (app.clock.now(), paging::skip(page, A_PAGE));
    let rows: Vec<OnItRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(ON_IT)
            .bind(run_id)
            .bind(now)
            .bind(A_PAGE)
            .bind(skip)
            .fetch_all(&mut *c)
            .await?)
    })?;
    let mut all = OnIt::default();
    for row in rows {
        all.add(row);
    }
    all.places
        .sort_by_cached_key(|place| (place.name.to_lowercase(), place.id));
    Ok(all)
}

/// What the people of a run were told, the latest first.
#[derive(Clone, Debug)]
pub struct Told {
    /// Of changes.
    pub changes: Vec<News>,
    /// In messages that somebody wrote.
    pub messages: Vec<Written>,
}

/// A change or a message.
#[derive(sqlx::FromRow)]
struct ToldRow {
    /// Of a change; 0 of a message.
    sequence: i64,
    words: String,
    told_at: DateTime<Utc>,
    name: Option<String>,
    people: i64,
    whom: String,
}

/// Reads [`ToldRow`]s of the run `$1`, `$2` changes and `$3` messages at most.
const TOLD: &str = concat!(
    "SELECT news.sequence AS sequence, NULL AS id, news.words AS words, news.at AS told_at, news.done_by AS name, \
            0 AS people, '' AS whom FROM (",
    select_news!("ORDER BY run_news.sequence DESC LIMIT $2"),
    ") news UNION ALL SELECT 0, sent.id, '', sent.at, sent.name, sent.people, sent.whom FROM (",
    select_sent!("$1", "", "$3"),
    ") sent ORDER BY sequence DESC, told_at DESC, id"
);

/// What its people were told.
pub async fn told(app: &App, run_id: Uuid) -> Result<Told> {
    let rows: Vec<ToldRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(TOLD)
            .bind(run_id)
            .bind(CHANGES)
            .bind(MESSAGES)
            .fetch_all(&mut *c)
            .await?)
    })?;
    let (changes, messages): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.sequence > 0);
    let changes = changes.into_iter().map(|row| News {
        sequence: row.sequence,
        words: row.words,
        at: row.told_at,
        done_by: row.name,
    });
    let messages = messages.into_iter().map(|row| Written {
        at: row.told_at,
        name: row.name.unwrap_or_default(),
        people: row.people,
        whom: Whom::named(&row.whom).unwrap_or(Whom::Everybody),
    });
    Ok(Told {
        changes: changes.collect(),
        messages: messages.collect(),
    })
}
