//! SQL of changing a run.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rules::Change;
use crate::bookings::store::{Offer, Session};
use crate::read;
use crate::server::db::Db;
use crate::server::{App, Result};

/// A booking or an entry on the waiting list, whose people are told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Concerned {
    pub id: Uuid,
    /// `booked`, `awaiting-guardian`, `waiting` or `offered`.
    pub status: String,
    /// The booking's; empty for an entry.
    pub reference: String,
    pub account_id: Option<Uuid>,
    /// How often the booking has changed.
    pub sequence: i64,
    /// When they booked, or joined the list.
    pub created_at: DateTime<Utc>,
}

impl Concerned {
    /// Whether it is an entry on the waiting list.
    pub fn waits(&self) -> bool {
        self.reference.is_empty()
    }
}

/// Who has a place on `$1`, or waits for one.
pub const CONCERNED: &str = "SELECT id, status, reference, account_id, sequence, created_at FROM booking \
     WHERE run_id = $1 AND status IN ('booked', 'awaiting-guardian') \
     UNION ALL SELECT id, status, '' AS reference, account_id, 0 AS sequence, joined_at AS created_at FROM waiting_entry \
     WHERE run_id = $1 AND ended_at IS NULL ORDER BY id";

/// Who has a place on a run, or waits for one.
pub async fn concerned(db: &Db, run_id: Uuid) -> Result<Vec<Concerned>> {
    read!(db, |c| {
        Ok(sqlx::query_as(CONCERNED)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?)
    })
}

#[derive(sqlx::FromRow)]
struct Venue {
    room: Option<String>,
    name: String,
    address_1: String,
    town: String,
    postcode: String,
}

/// The run as it will be; none when the new venue or tutor is not there.
pub async fn after(
    app: &App,
    before: &Offer,
    sessions: Vec<Session>,
    changes: &[Change],
) -> Result<Option<Offer>> {
    let mut after = before.clone();
    after.run.sequence += 1;
    if let (Some(first), Some(last)) = (sessions.first(), sessions.last()) {
        (after.run.starts_at, after.run.ends_at) = (first.starts_at, last.ends_at);
        let late = usize::try_from(after.run.join_by_session - 1).unwrap_or_default();
        let until = sessions.get(late).unwrap_or(last).starts_at;
        after.run.join_until = (late > 0).then_some(until);
    }
    after.sessions = sessions;
    let run = &mut after.run;
    for change in changes {
        match change {
            Change::Place(None) => {
                (run.room, run.venue, run.address) = (None, None, None);
                (run.town, run.postcode) = (None, None);
            }
            Change::Place(Some(place)) => {
                let found: Option<Venue> = read!(app.db, |c| {
                    Ok(sqlx::query_as(
                        "SELECT room.name AS room, venue.name, venue.address_1, venue.town, venue.postcode \
                         FROM venue LEFT JOIN room ON room.venue_id = venue.id AND room.id = $2 \
                         WHERE venue.id = $1 AND ($2 IS NULL OR room.id IS NOT NULL)",
                    )
                    .bind(place.venue)
                    .bind(place.room)
                    .fetch_optional(&mut *c)
                    .await?)
                })?;
                let Some(venue) = found else { return Ok(None) };
                run.room = venue.room;
                (run.venue, run.address) = (Some(venue.name), Some(venue.address_1));
                (run.town, run.postcode) = (Some(venue.town), Some(venue.postcode));
            }
            Change::Tutor(None) => (run.tutor, run.tutor_known_as) = (None, None),
            Change::Tutor(Some(id)) => {
                let found: Option<(String, String)> = read!(app.db, |c| {
                    Ok(
                        sqlx::query_as("SELECT full_name, known_as FROM tutor WHERE id = $1")
                            .bind(id)
                            .fetch_optional(&mut *c)
                            .await?,
                    )
                })?;
                let Some((full_name, known_as)) = found else {
                    return Ok(None);
                };
                (run.tutor, run.tutor_known_as) = (Some(full_name), Some(known_as));
            }
            Change::Move { .. } | Change::Add { .. } | Change::Drop { .. } => {}
        }
    }
    Ok(Some(after))
}

/// Writes the run as it will be. Its row must be locked, and as `before` was read.
macro_rules! write {
    ($c:expr, $before:expr, $after:expr, $changes:expr, $now:expr) => {{
        let (before, after): (&Offer, &Offer) = ($before, $after);
        let run_id = after.run.id;
        for old in &before.sessions {
            let new = after.sessions.iter().find(|session| session.id == old.id);
            let other_day = new.is_none_or(|new| {
                crate::ui::dates::day_of(new.starts_at) != crate::ui::dates::day_of(old.starts_at)
            });
            // On another day they are reminded anew, and may be able to come.
            if other_day {
                for sql in [
                    "DELETE FROM reminder WHERE session_id = $1",
                    "DELETE FROM apology WHERE session_id = $1",
                    "DELETE FROM attendance WHERE session_id = $1",
                ] {
                    sqlx::query(sql).bind(old.id).execute(&mut *$c).await?;
                }
            }
            if new.is_none() {
                sqlx::query("DELETE FROM session WHERE id = $1")
                    .bind(old.id)
                    .execute(&mut *$c)
                    .await?;
            }
        }
        // Two sessions of one run never have the same number, not even for a moment.
        sqlx::query("UPDATE session SET position = position + 1000 WHERE run_id = $1")
            .bind(run_id)
            .execute(&mut *$c)
            .await?;
        for (session, position) in after.sessions.iter().zip(1_i64..) {
            sqlx::query(
                "INSERT INTO session (id, run_id, position, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (id) DO UPDATE SET position = $3, starts_at = $4, ends_at = $5",
            )
            .bind(session.id)
            .bind(run_id)
            .bind(position)
            .bind(session.starts_at)
            .bind(session.ends_at)
            .execute(&mut *$c)
            .await?;
        }
        for change in $changes {
            match change {
                Change::Place(place) => {
                    // The way to find it belongs to the old place, and the new room is not hired yet.
                    sqlx::query(
                        "UPDATE run SET venue_id = $2, room_id = $3, place_note = NULL, \
                                        hire = CASE WHEN hire IS NOT NULL AND $2 IS NOT NULL THEN 'pencilled' END \
                         WHERE id = $1",
                    )
                    .bind(run_id)
                    .bind(place.map(|place| place.venue))
                    .bind(place.and_then(|place| place.room))
                    .execute(&mut *$c)
                    .await?;
                }
                Change::Tutor(tutor) => {
                    sqlx::query("UPDATE run SET tutor_id = $2 WHERE id = $1")
                        .bind(run_id)
                        .bind(tutor)
                        .execute(&mut *$c)
                        .await?;
                }
                Change::Move { .. } | Change::Add { .. } | Change::Drop { .. } => {}
            }
        }
        sqlx::query(
            "UPDATE run SET starts_at = $2, ends_at = $3, sequence = $4, updated_at = $5, join_until = $6 WHERE id = $1",
        )
        .bind(run_id)
        .bind(after.run.starts_at)
        .bind(after.run.ends_at)
        .bind(after.run.sequence)
        .bind($now)
        .bind(after.run.join_until)
        .execute(&mut *$c)
        .await?;
        $crate::bookings::changes::store::clocks!($c, before, after, $now);
    }};
}
pub(super) use write;

/// When the first session is at another time, what runs out by it does, too. The run's row must be locked.
macro_rules! clocks {
    ($c:expr, $before:expr, $after:expr, $now:expr) => {{
        let (run_id, starts_at) = ($after.run.id, $after.run.starts_at);
        if starts_at < $before.run.starts_at {
            let last_call = $crate::bookings::waiting::rules::last_call(starts_at);
            for sql in [
                "UPDATE offered_place SET expires_at = $2 WHERE run_id = $1 AND released_at IS NULL AND expires_at > $2",
                "UPDATE place_offer SET expires_at = $2 WHERE run_id = $1 AND state = 'open' \
                 AND offered_place_id IS NOT NULL AND expires_at > $2",
            ] {
                sqlx::query(sql)
                    .bind(run_id)
                    .bind(last_call)
                    .execute(&mut *$c)
                    .await?;
            }
            sqlx::query(
                "UPDATE place_offer SET expires_at = $2 WHERE run_id = $1 AND state = 'open' \
                 AND offered_place_id IS NULL AND expires_at > $2",
            )
            .bind(run_id)
            .bind(starts_at)
            .execute(&mut *$c)
            .await?;
        }
        let joins_until = $after.run.joins_until();
        if joins_until < $before.run.joins_until() {
            for sql in [
                "UPDATE booking SET agree_by = $2 WHERE run_id = $1 AND status = 'awaiting-guardian' \
                 AND agree_by > $2",
                "UPDATE held_place SET expires_at = $2 WHERE run_id = $1 AND released_at IS NULL AND expires_at > $2",
            ] {
                sqlx::query(sql)
                    .bind(run_id)
                    .bind(joins_until)
                    .execute(&mut *$c)
                    .await?;
            }
        }
        if starts_at > $before.run.starts_at {
            // The last call comes later: who was called waits on.
            sqlx::query(
                "UPDATE place_offer SET state = 'lapsed', ended_at = $2 \
                 WHERE run_id = $1 AND state = 'open' AND offered_place_id IS NULL",
            )
            .bind(run_id)
            .bind($now)
            .execute(&mut *$c)
            .await?;
            sqlx::query(
                "UPDATE waiting_entry SET called_at = NULL WHERE run_id = $1 AND ended_at IS NULL",
            )
            .bind(run_id)
            .execute(&mut *$c)
            .await?;
        }
    }};
}
pub(super) use clocks;
