//! SQL of the waiting list.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{OWN, Own};
use crate::bookings::store::venue_of;
use crate::bookings::store::{Person, select_person};
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

/// One or two people who wait, with their open offer if they have one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub id: Uuid,
    pub account_id: Option<Uuid>,
    pub places: i64,
    pub status: String,
    pub called_at: Option<DateTime<Utc>>,
    pub offered_place_id: Option<Uuid>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// Whether a place is, or was, kept for them; at last call none is.
    pub fn is_offered(&self) -> bool {
        self.status == "offered"
    }
}

/// Who waits on `$1`, in order.
pub const QUEUE: &str = "SELECT waiting_entry.id, waiting_entry.account_id, waiting_entry.places, waiting_entry.status, \
            waiting_entry.called_at, place_offer.offered_place_id, place_offer.expires_at \
     FROM waiting_entry LEFT JOIN place_offer ON place_offer.entry_id = waiting_entry.id AND place_offer.state = 'open' \
     WHERE waiting_entry.run_id = $1 AND waiting_entry.ended_at IS NULL ORDER BY waiting_entry.turn";

/// Who waits on a run, in order.
pub async fn queue(db: &Db, run_id: Uuid) -> Result<Vec<Entry>> {
    read!(db, |c| {
        Ok(sqlx::query_as(QUEUE)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?)
    })
}

/// Whether an offer on a run was not answered in time, and nobody has noted it yet.
pub async fn has_lapsed(db: &Db, run_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM place_offer WHERE run_id = $1 AND state = 'open' AND expires_at <= $2)",
        )
        .bind(run_id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// The runs that somebody waits on.
pub async fn runs(db: &Db) -> Result<Vec<Uuid>> {
    read!(db, |c| {
        Ok(
            sqlx::query_scalar("SELECT DISTINCT run_id FROM waiting_entry WHERE ended_at IS NULL")
                .fetch_all(&mut *c)
                .await?,
        )
    })
}

/// The people of an entry, the one the account belongs to first.
pub async fn people(db: &Db, entry_id: Uuid) -> Result<Vec<Person>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_person!(),
            "JOIN waiting_person ON waiting_person.person_id = person.id \
             JOIN waiting_entry ON waiting_entry.id = waiting_person.entry_id \
             WHERE waiting_entry.id = $1 ORDER BY CASE WHEN EXISTS (SELECT 1 FROM representation \
                   WHERE representation.account_id = waiting_entry.account_id \
                   AND representation.person_id = person.id AND representation.kind = 'self') THEN 0 ELSE 1 END, \
                   person.full_name, person.id"
        ))
        .bind(entry_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// What these people (one or two) have on the list of a run.
pub(in crate::bookings) async fn own(
    db: &Db,
    run_id: Uuid,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<Own>> {
    let first = people.first().copied().unwrap_or_default();
    let second = people.get(1).copied().unwrap_or(first);
    read!(db, |c| {
        Ok(sqlx::query_as(OWN)
            .bind(run_id)
            .bind(first)
            .bind(second)
            .bind(now)
            .fetch_all(&mut *c)
            .await?)
    })
}

/// The entry by which this account waits for somebody on a run.
pub async fn of_person(
    db: &Db,
    run_id: Uuid,
    person_id: Uuid,
    account_id: Uuid,
) -> Result<Option<Uuid>> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT waiting_entry.id FROM waiting_person \
             JOIN waiting_entry ON waiting_entry.id = waiting_person.entry_id \
             WHERE waiting_person.run_id = $1 AND waiting_person.person_id = $2 AND waiting_person.active \
                   AND waiting_entry.account_id = $3",
        )
        .bind(run_id)
        .bind(person_id)
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// An entry as whoever it belongs to sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Seen {
    pub id: Uuid,
    pub run_id: Uuid,
    pub account_id: Option<Uuid>,
    pub places: i64,
    pub status: String,
    pub ended_at: Option<DateTime<Utc>>,
    /// Until when their open offer can be answered.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether a place is kept for them; at last call none is.
    pub keeps: bool,
    /// Whether it is kept for others as well: the first to take it has it.
    pub shared: bool,
    /// How many people are before them.
    pub before: i64,
}

macro_rules! select_seen {
    () => {
        select_seen!("")
    };
    ($more:literal) => {
        concat!(
            "SELECT entry.id, entry.run_id, entry.account_id, entry.places, entry.status, entry.ended_at, \
                    offer.expires_at, \
                    offer.offered_place_id IS NOT NULL AS keeps, \
                    EXISTS (SELECT 1 FROM place_offer other WHERE other.offered_place_id = offer.offered_place_id \
                            AND other.id <> offer.id AND other.state = 'open') AS shared, \
                    (SELECT CAST(COALESCE(SUM(ahead.places), 0) AS BIGINT) FROM waiting_entry ahead \
                            WHERE ahead.run_id = entry.run_id AND ahead.ended_at IS NULL \
                            AND ahead.turn < entry.turn) AS before",
            $more,
            " FROM waiting_entry entry \
             LEFT JOIN place_offer offer ON offer.entry_id = entry.id AND offer.state = 'open' "
        )
    };
}

/// The entry `id` of an account; somebody else's is not there.
pub async fn seen(db: &Db, account_id: Uuid, id: Uuid) -> Result<Option<Seen>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            select_seen!(),
            "WHERE entry.id = $1 AND entry.account_id = $2"
        ))
        .bind(id)
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The entry that the offer with this token was made to, and how the offer stands: `open`, `taken`, `declined`, `lapsed`
/// or `gone`.
pub async fn by_token(db: &Db, token_hash: &[u8]) -> Result<Option<(Seen, String)>> {
    let offered: Option<(Uuid, String)> = read!(db, |c| {
        Ok(
            sqlx::query_as("SELECT entry_id, state FROM place_offer WHERE token_hash = $1")
                .bind(token_hash)
                .fetch_optional(&mut *c)
                .await?,
        )
    })?;
    let Some((entry_id, state)) = offered else {
        return Ok(None);
    };
    let seen: Option<Seen> = read!(db, |c| {
        Ok(
            sqlx::query_as(concat!(select_seen!(), "WHERE entry.id = $1"))
                .bind(entry_id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })?;
    Ok(seen.map(|seen| (seen, state)))
}

/// One line of "Waiting" in "My bookings".
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    #[sqlx(flatten)]
    pub seen: Seen,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub venue: Option<String>,
}

/// Who waits by the entries of an account, where it is not its own person `person_id` alone.
pub async fn names(db: &Db, account_id: Uuid, person_id: Uuid) -> Result<Vec<(Uuid, String)>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT entry.id, person.full_name FROM waiting_entry entry \
             JOIN waiting_person ON waiting_person.entry_id = entry.id \
             JOIN person ON person.id = waiting_person.person_id \
             WHERE entry.account_id = $1 AND entry.ended_at IS NULL AND EXISTS (SELECT 1 FROM waiting_person other \
                   WHERE other.entry_id = entry.id AND other.person_id <> $2) \
             ORDER BY CASE WHEN person.id = $2 THEN 0 ELSE 1 END, person.full_name, person.id",
        )
        .bind(account_id)
        .bind(person_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// The waiting lists that the account `$1` is on, of runs that start after `$2`.
pub const OF_ACCOUNT: &str = concat!(
    select_seen!(", course.title, run.starts_at, venue.name AS venue"),
    "JOIN run ON run.id = entry.run_id JOIN course ON course.id = run.course_id \
     LEFT JOIN session ON session.run_id = run.id AND session.position = 1 \
     LEFT JOIN venue ON venue.id = ",
    venue_of!("session"),
    " WHERE entry.account_id = $1 AND entry.ended_at IS NULL AND run.starts_at > $2 ORDER BY run.starts_at"
);

/// See [`OF_ACCOUNT`].
pub async fn of_account(db: &Db, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Line>> {
    read!(db, |c| {
        Ok(sqlx::query_as(OF_ACCOUNT)
            .bind(account_id)
            .bind(now)
            .fetch_all(&mut *c)
            .await?)
    })
}

/// Another entry that is offered the same place, whose people are told when it is gone.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "as the columns are called")]
pub struct Sibling {
    pub entry_id: Uuid,
    pub account_id: Option<Uuid>,
    pub offer_id: Uuid,
}

/// The other entries that are offered what is kept for one of the people `$2` and `$3` on the run `$1`.
pub const SIBLINGS: &str = "SELECT other.entry_id, entry.account_id, other.id AS offer_id \
     FROM waiting_person mine JOIN place_offer own ON own.entry_id = mine.entry_id AND own.state = 'open' \
     JOIN place_offer other ON other.offered_place_id = own.offered_place_id AND other.id <> own.id \
          AND other.state = 'open' \
     JOIN waiting_entry entry ON entry.id = other.entry_id \
     WHERE mine.run_id = $1 AND mine.person_id IN ($2, $3) AND mine.active";

/// See [`SIBLINGS`].
pub async fn siblings(db: &Db, run_id: Uuid, first: Uuid, second: Uuid) -> Result<Vec<Sibling>> {
    read!(db, |c| {
        Ok(sqlx::query_as(SIBLINGS)
            .bind(run_id)
            .bind(first)
            .bind(second)
            .fetch_all(&mut *c)
            .await?)
    })
}
