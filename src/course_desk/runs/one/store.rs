//! What the page of one run reads of its people: who is on it, and what they were told.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::course_desk::runs::model::{Booked, News, Place, Waits, Written};
use crate::course_desk::runs::store::select_news;
use crate::registers::message::{Whom, select_sent};
use crate::registers::walk_ins::WalkIn;
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, insert_entries};
use crate::ui::list::Sort;
use crate::{read, write_tx};

/// How many changes the page shows.
const CHANGES: i64 = 10;
/// How many messages it shows.
const MESSAGES: i64 = 3;

/// Who is on a run. Whoever shows them notes that look.
#[derive(Clone, Debug, Default)]
pub struct OnIt {
    /// One page of those who have a place, in the order asked for.
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
    /// Whose turn it is; of a booking, where it stands.
    turn: i64,
}

/// Reads the [`Waits`] of the run `$1`, up to the words of their order; `$2` is now.
macro_rules! select_waits {
    () => {
        "SELECT DENSE_RANK() OVER (ORDER BY entry.turn) AS turn, person.id AS person_id, entry.id AS entry_id, \
                person.full_name AS name, entry.joined_at, offer.expires_at AS offered_until, \
                entry.put_first_at IS NOT NULL AS put_first \
         FROM waiting_entry entry JOIN waiting_person ON waiting_person.entry_id = entry.id \
         JOIN person ON person.id = waiting_person.person_id \
         LEFT JOIN place_offer offer ON offer.entry_id = entry.id AND offer.state = 'open' AND offer.expires_at > $2 \
         WHERE entry.run_id = $1 AND entry.ended_at IS NULL ORDER BY "
    };
}

/// What a [`Booked`] is read from.
macro_rules! booked_columns {
    () => {
        "booking.id, person.id AS person_id, person.full_name AS name, person.phone, person.email, \
         booking.reference, booking.channel, booking.status, booking.created_at"
    };
}

/// Those who have a place on the run `$1`.
macro_rules! from_booked {
    () => {
        " FROM place JOIN booking ON booking.id = place.booking_id JOIN person ON person.id = place.person_id \
         WHERE place.run_id = $1 AND place.status = 'active'"
    };
}

/// What makes an order of bookings whole: no two places are alike.
const BOOKED_LAST: &str = ", booking.id, person.full_name, place.id";

/// Reads [`OnItRow`]s of the run `$1`, up to the words of the order of the bookings; `$2` is now, `$3` how many of a kind, `$4` how
/// many bookings stand on pages before.
const ON_IT: &str = concat!(
    "SELECT 'walk-in' AS what, walk_in.id AS id, walk_in.session_id AS session_id, NULL AS person_id, walk_in.full_name AS name, \
            walk_in.phone AS phone, NULL AS email, NULL AS reference, NULL AS channel, NULL AS status, \
            walk_in.noted_at AS since, NULL AS offered_until, FALSE AS put_first, 0 AS turn \
     FROM walk_in JOIN session ON session.id = walk_in.session_id \
     WHERE session.run_id = $1 AND walk_in.done_at IS NULL \
     UNION ALL \
     SELECT 'waits', waits.entry_id, NULL, waits.person_id, waits.name, NULL, NULL, NULL, NULL, NULL, waits.joined_at, \
            waits.offered_until, waits.put_first, waits.turn \
     FROM (",
    select_waits!(),
    "entry.turn, person.full_name, person.id LIMIT $3) waits \
     UNION ALL \
     SELECT 'place', place.id, NULL, person.id, person.full_name, NULL, NULL, NULL, NULL, NULL, place.created_at, NULL, FALSE, 0 \
     FROM place JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
     JOIN person ON person.id = place.person_id \
     WHERE place.run_id = $1 AND place.status = 'active' \
           AND EXISTS (SELECT 1 FROM walk_in JOIN session ON session.id = walk_in.session_id \
                       WHERE session.run_id = $1 AND walk_in.done_at IS NULL) \
     UNION ALL \
     SELECT 'booked', booked.id, NULL, booked.person_id, booked.name, booked.phone, booked.email, booked.reference, booked.channel, \
            booked.status, booked.created_at, NULL, FALSE, booked.turn \
     FROM (SELECT ",
    booked_columns!(),
    ", ROW_NUMBER() OVER (ORDER BY "
);

/// What stands after the order of the bookings in [`ON_IT`].
const ON_IT_LAST: &str = concat!(
    ") AS turn",
    from_booked!(),
    " ORDER BY turn LIMIT $3 OFFSET $4) booked ORDER BY turn, since, id, name"
);

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
                turn: row.turn,
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

/// Who is on a run, with this part of the bookings in the order asked for.
pub async fn on_it(app: &App, run_id: Uuid, (sort, part): (Sort, Part)) -> Result<OnIt> {
    let now = app.clock.now();
    let sql = [ON_IT, &sort.sql(), BOOKED_LAST, ON_IT_LAST].concat();
    let rows: Vec<OnItRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(run_id)
            .bind(now)
            .bind(part.take)
            .bind(part.skip)
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

/// A part of those who have a place, and how many they are; that `by` takes it away is written down in the same transaction.
pub async fn booked(
    app: &App,
    by: &By,
    run_id: Uuid,
    (sort, part): (Sort, Part),
) -> Result<(Vec<Booked>, i64)> {
    let sql = [
        concat!("SELECT ", booked_columns!(), from_booked!(), " ORDER BY "),
        &sort.sql(),
        BOOKED_LAST,
        " LIMIT $2 OFFSET $3",
    ]
    .concat();
    write_tx!(app.db, |c| {
        let booked: Vec<Booked> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(run_id)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(concat!("SELECT COUNT(*)", from_booked!()))
            .bind(run_id)
            .fetch_one(&mut *c)
            .await?;
        let people = booked.iter().map(|one| one.person_id);
        insert_entries!(
            c,
            &audit::looks(app, by, Action::Downloaded, Some(run_id), people)?
        );
        Ok((booked, count))
    })
}

/// A part of those who wait, and how many they are; that `by` sees who they are is written down in the same transaction.
pub async fn waiting(
    app: &App,
    by: &By,
    action: Action,
    run_id: Uuid,
    (sort, part): (Sort, Part),
) -> Result<(Vec<Waits>, i64)> {
    let now = app.clock.now();
    let sql = [
        select_waits!(),
        &sort.sql(),
        ", person.full_name, person.id LIMIT $3 OFFSET $4",
    ]
    .concat();
    write_tx!(app.db, |c| {
        let waiting: Vec<Waits> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(run_id)
            .bind(now)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM waiting_entry entry JOIN waiting_person ON waiting_person.entry_id = entry.id \
             JOIN person ON person.id = waiting_person.person_id WHERE entry.run_id = $1 AND entry.ended_at IS NULL",
        )
        .bind(run_id)
        .fetch_one(&mut *c)
        .await?;
        let people = waiting.iter().map(|one| one.person_id);
        insert_entries!(c, &audit::looks(app, by, action, Some(run_id), people)?);
        Ok((waiting, count))
    })
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
