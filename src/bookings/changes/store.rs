//! SQL of changing a run.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rules::{Change, Place};
use crate::bookings::store::{At, Leads, Offer, Own, Session};
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

/// A place in words; none when there is no such venue or room.
async fn at(app: &App, place: Option<Place>) -> Result<Option<At>> {
    let Some(place) = place else {
        return Ok(Some(At::default()));
    };
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT room.name AS room, venue.name AS venue, venue.address_1 AS address, venue.town, venue.postcode \
             FROM venue LEFT JOIN room ON room.venue_id = venue.id AND room.id = $2 \
             WHERE venue.id = $1 AND ($2 IS NULL OR room.id IS NOT NULL)",
        )
        .bind(place.venue)
        .bind(place.room)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// A tutor's names; none when there is no such tutor.
async fn leads(app: &App, tutor: Option<Uuid>) -> Result<Option<Leads>> {
    let Some(id) = tutor else {
        return Ok(Some(Leads::default()));
    };
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT full_name AS tutor, known_as AS tutor_known_as FROM tutor WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// What a session has of its own, to be changed.
fn own(all: &mut Vec<Own>, session_id: Uuid) -> &mut Own {
    let at = all.iter().position(|own| own.session_id == session_id);
    let at = at.unwrap_or_else(|| {
        all.push(Own {
            session_id,
            at: None,
            leads: None,
        });
        all.len() - 1
    });
    &mut all[at]
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
    let now = app.clock.now();
    for change in changes {
        match change {
            Change::Place(place) => {
                let Some(at) = at(app, *place).await? else {
                    return Ok(None);
                };
                after.run.at = at;
                // All sessions to come are there, those too that were somewhere else.
                for session in after.sessions.iter().filter(|s| s.starts_at > now) {
                    own(&mut after.own, session.id).at = None;
                }
            }
            Change::Tutor(tutor) => {
                let Some(leads) = leads(app, *tutor).await? else {
                    return Ok(None);
                };
                // Whoever stood in leads the run now: of these sessions nothing is left to say.
                for session in after.sessions.iter().filter(|s| s.starts_at > now) {
                    let instead = &mut own(&mut after.own, session.id).leads;
                    if instead.as_ref() == Some(&leads) {
                        *instead = None;
                    }
                }
                after.run.leads = leads;
            }
            Change::SessionPlace { session, place } => {
                let found = match place {
                    None => None,
                    Some(elsewhere) => match at(app, elsewhere.place()).await? {
                        None => return Ok(None),
                        found => found,
                    },
                };
                own(&mut after.own, *session).at = found;
            }
            Change::SessionTutor { session, tutor } => {
                let found = match tutor {
                    None => None,
                    Some(_) => match leads(app, *tutor).await? {
                        None => return Ok(None),
                        found => found,
                    },
                };
                own(&mut after.own, *session).leads = found;
            }
            Change::Move { .. } | Change::Add { .. } | Change::Drop { .. } => {}
        }
    }
    after
        .own
        .retain(|own| own.at.is_some() || own.leads.is_some());
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
                    sqlx::query(
                        "UPDATE session SET elsewhere = FALSE, venue_id = NULL, room_id = NULL \
                         WHERE run_id = $1 AND elsewhere AND starts_at > $2",
                    )
                    .bind(run_id)
                    .bind($now)
                    .execute(&mut *$c)
                    .await?;
                }
                Change::Tutor(tutor) => {
                    sqlx::query("UPDATE run SET tutor_id = $2 WHERE id = $1")
                        .bind(run_id)
                        .bind(tutor)
                        .execute(&mut *$c)
                        .await?;
                    sqlx::query(
                        "DELETE FROM session_tutor WHERE tutor_id = $2 AND instead \
                         AND session_id IN (SELECT id FROM session WHERE run_id = $1 AND starts_at > $3)",
                    )
                    .bind(run_id)
                    .bind(tutor)
                    .bind($now)
                    .execute(&mut *$c)
                    .await?;
                }
                Change::SessionPlace { session, place } => {
                    let there = place.and_then(|elsewhere| elsewhere.place());
                    sqlx::query(
                        "UPDATE session SET elsewhere = $2, venue_id = $3, room_id = $4 WHERE id = $1",
                    )
                    .bind(session)
                    .bind(place.is_some())
                    .bind(there.map(|place| place.venue))
                    .bind(there.and_then(|place| place.room))
                    .execute(&mut *$c)
                    .await?;
                }
                Change::SessionTutor { session, tutor } => {
                    sqlx::query("DELETE FROM session_tutor WHERE session_id = $1 AND instead")
                        .bind(session)
                        .execute(&mut *$c)
                        .await?;
                    if let Some(tutor) = tutor {
                        // Whoever led it beside the tutor leads it alone now.
                        sqlx::query(
                            "INSERT INTO session_tutor (session_id, tutor_id, created_at, instead) VALUES ($1, $2, $3, TRUE) \
                             ON CONFLICT (session_id, tutor_id) DO UPDATE SET instead = TRUE",
                        )
                        .bind(session)
                        .bind(tutor)
                        .bind($now)
                        .execute(&mut *$c)
                        .await?;
                    }
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
