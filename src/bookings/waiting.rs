//! The waiting list of a full run: joining it, what is offered to whom, answering, leaving.
//!
//! An offer keeps a place, which counts in `run.places_held` like one that is kept for a sign-up. While anybody waits
//! without an offer (`run.waiting`), nobody else can book before last call. Whether an offer still stands is worked out
//! from the clock each time, and whoever does anything on a run with a list brings the list up to date first: a late
//! sweeper changes nothing but when people are told.

mod answer;
mod emails;
mod handlers;
mod join;
mod pages;
pub(crate) mod rules;
mod settle;
mod standing;
pub(crate) mod store;

use chrono::{DateTime, Utc};

use super::store::Run;

pub use answer::{decline, has_left, leave, take_off};
pub(crate) use emails::sent_back;
pub use handlers::routes;
pub use join::{JoinOutcome, Turn, join, join_at};
pub(crate) use pages::{card, entry_path};
pub use rules::{Windows, answer_by};
pub use settle::{settle, settle_all, settle_now};
pub(crate) use store::Line;

/// Ends an entry's open offer as `$offer` at `$at`, and lets go what only this offer kept. Gives how many places that were; the
/// run's row must be locked, and the places taken off its counter.
macro_rules! end_offer {
    ($c:expr, $entry:expr, $run:expr, $offer:expr, $at:expr) => {{
        sqlx::query(
            "UPDATE place_offer SET state = $2, ended_at = $3 WHERE entry_id = $1 AND state = 'open'",
        )
        .bind($entry)
        .bind($offer)
        .bind($at)
        .execute(&mut *$c)
        .await?;
        let let_go: Vec<i64> = sqlx::query_scalar(
            "UPDATE offered_place SET released_at = $2 WHERE run_id = $1 AND released_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM place_offer WHERE place_offer.offered_place_id = offered_place.id \
                             AND place_offer.state = 'open') RETURNING places",
        )
        .bind($run)
        .bind($at)
        .fetch_all(&mut *$c)
        .await?;
        let_go.iter().sum::<i64>()
    }};
}
pub(crate) use end_offer;

/// Ends an entry as `$status` at `$at`: its open offer as `$offer`, and what only this offer kept is let go. Gives
/// nothing when the entry had ended before. The run's row must be locked.
macro_rules! end_entry {
    ($c:expr, $entry:expr, $run:expr, $status:expr, $offer:expr, $at:expr) => {{
        let before: Option<String> = sqlx::query_scalar(
            "SELECT status FROM waiting_entry WHERE id = $1 AND ended_at IS NULL",
        )
        .bind($entry)
        .fetch_optional(&mut *$c)
        .await?;
        if let Some(before) = &before {
            sqlx::query("UPDATE waiting_entry SET status = $2, ended_at = $3 WHERE id = $1")
                .bind($entry)
                .bind($status)
                .bind($at)
                .execute(&mut *$c)
                .await?;
            sqlx::query("UPDATE waiting_person SET active = $2 WHERE entry_id = $1")
                .bind($entry)
                .bind(false)
                .execute(&mut *$c)
                .await?;
            let let_go = $crate::bookings::waiting::end_offer!($c, $entry, $run, $offer, $at);
            sqlx::query(
                "UPDATE run SET waiting = waiting - $2, places_held = places_held - $3 WHERE id = $1",
            )
            .bind($run)
            .bind(i64::from(before == "waiting"))
            .bind(let_go)
            .execute(&mut *$c)
            .await?;
        }
        before
    }};
}
pub(crate) use end_entry;

/// What people who take places have on the waiting list of a run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Own {
    pub entry_id: uuid::Uuid,
    pub status: String,
    pub offered_place_id: Option<uuid::Uuid>,
    pub places: Option<i64>,
    /// How many of the entry's people do not come along: they wait on.
    pub staying: i64,
}

impl Own {
    /// How many places are kept for them; an offered place that two of them share counts once.
    pub fn kept(all: &[Self]) -> i64 {
        let mut seen = Vec::new();
        all.iter()
            .filter(|own| {
                let place = own.offered_place_id;
                let new = place.is_some() && !seen.contains(&place);
                seen.push(place);
                new
            })
            .filter_map(|own| own.places)
            .sum()
    }

    /// How many of their entries wait without an offer.
    pub fn waiting(all: &[Self]) -> i64 {
        let waiting = all.iter().filter(|own| own.status == "waiting").count();
        i64::try_from(waiting).unwrap_or(0)
    }

    /// How many places they can book at `now`: what is kept for them, and what is free while nobody else waits.
    pub fn room(all: &[Self], run: &Run, now: DateTime<Utc>) -> i64 {
        let others_wait = run.waiting > Self::waiting(all) && now < rules::last_call(run.starts_at);
        let free = if others_wait {
            0
        } else {
            (run.vacant() + run.lapsed).max(0)
        };
        free + Self::kept(all)
    }

    /// How many of their entries wait on for somebody who does not come along.
    pub fn staying(all: &[Self]) -> i64 {
        let staying = all.iter().filter(|own| own.staying > 0).count();
        i64::try_from(staying).unwrap_or(0)
    }
}

/// [`Own`] entries of the people `$2` and `$3` on the run `$1`, with what is kept for them at `$4`.
pub(super) const OWN: &str = "SELECT DISTINCT entry.id AS entry_id, entry.status, kept.id AS offered_place_id, kept.places, \
     (SELECT COUNT(*) FROM waiting_person other WHERE other.entry_id = entry.id \
             AND other.person_id NOT IN ($2, $3)) AS staying \
     FROM waiting_person mine JOIN waiting_entry entry ON entry.id = mine.entry_id \
     LEFT JOIN place_offer offer ON offer.entry_id = entry.id AND offer.state = 'open' AND offer.expires_at > $4 \
     LEFT JOIN offered_place kept ON kept.id = offer.offered_place_id AND kept.released_at IS NULL \
     WHERE mine.run_id = $1 AND mine.person_id IN ($2, $3) AND mine.active";

/// At last call: whoever a place is no longer free for is told again, should one come free again. The run's row must be
/// locked.
macro_rules! call_again {
    ($c:expr, $run:expr) => {
        sqlx::query(
            "UPDATE waiting_entry SET called_at = NULL WHERE run_id = $1 AND ended_at IS NULL \
             AND places > (SELECT capacity - places_taken - places_held FROM run WHERE run.id = $1)",
        )
        .bind($run)
        .execute(&mut *$c)
        .await?
    };
}
pub(super) use call_again;

/// Whoever of an entry's two does not come along waits on by themselves, in the same turn.
macro_rules! stay {
    ($c:expr, $own:expr, $people:expr, $at:expr) => {{
        for person in $people {
            sqlx::query("DELETE FROM waiting_person WHERE entry_id = $1 AND person_id = $2")
                .bind($own.entry_id)
                .bind(person.id)
                .execute(&mut *$c)
                .await?;
        }
        sqlx::query("UPDATE waiting_entry SET status = 'waiting', places = $2 WHERE id = $1")
            .bind($own.entry_id)
            .bind($own.staying)
            .execute(&mut *$c)
            .await?;
        // What the two were offered was for two. At last call nothing is kept, and their link still opens what is free.
        if $own.status == "offered" {
            sqlx::query(
                "UPDATE place_offer SET state = 'gone', ended_at = $2 WHERE entry_id = $1 AND state = 'open'",
            )
            .bind($own.entry_id)
            .bind($at)
            .execute(&mut *$c)
            .await?;
        }
    }};
}
pub(super) use stay;

/// Marks [`Own`] entries of `$people` as booked, or keeps them for whoever does not come along. Others who were offered
/// the same place wait on; gives their entries. The counters of the run are the caller's: what was kept is no longer, and
/// those entries wait again.
macro_rules! take_own {
    ($c:expr, $own:expr, $people:expr, $at:expr) => {{
        for own in $own {
            if own.staying > 0 {
                $crate::bookings::waiting::stay!($c, own, $people, $at);
                continue;
            }
            sqlx::query("UPDATE waiting_entry SET status = 'booked', ended_at = $2 WHERE id = $1")
                .bind(own.entry_id)
                .bind($at)
                .execute(&mut *$c)
                .await?;
            sqlx::query("UPDATE waiting_person SET active = $2 WHERE entry_id = $1")
                .bind(own.entry_id)
                .bind(false)
                .execute(&mut *$c)
                .await?;
            sqlx::query(
                "UPDATE place_offer SET state = 'taken', ended_at = $2 WHERE entry_id = $1 AND state = 'open'",
            )
            .bind(own.entry_id)
            .bind($at)
            .execute(&mut *$c)
            .await?;
        }
        // Only now: two of them may have been offered the same place.
        let mut gone: Vec<uuid::Uuid> = Vec::new();
        for offered_place_id in $own.iter().filter_map(|own| own.offered_place_id) {
            sqlx::query("UPDATE offered_place SET released_at = $2 WHERE id = $1 AND released_at IS NULL")
                .bind(offered_place_id)
                .bind($at)
                .execute(&mut *$c)
                .await?;
            let others: Vec<uuid::Uuid> = sqlx::query_scalar(
                "UPDATE place_offer SET state = 'gone', ended_at = $2 \
                 WHERE offered_place_id = $1 AND state = 'open' RETURNING entry_id",
            )
            .bind(offered_place_id)
            .bind($at)
            .fetch_all(&mut *$c)
            .await?;
            for entry_id in &others {
                sqlx::query("UPDATE waiting_entry SET status = 'waiting' WHERE id = $1")
                    .bind(entry_id)
                    .execute(&mut *$c)
                    .await?;
            }
            gone.extend(others);
        }
        gone
    }};
}
pub(super) use take_own;
