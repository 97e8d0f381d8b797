//! How many places a run has.

use uuid::Uuid;

use super::{Locked, lock_run, release_expired};
use crate::bookings::model::CapacityOutcome;
use crate::bookings::waiting;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{catalogue, write_tx};

/// Gives a run more places, or fewer, but never fewer than are taken and held, nor more than its room holds. What is free then goes to whoever waits. `by` is who
/// does it, for the record.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn set_capacity(
    app: &App,
    run_id: Uuid,
    capacity: i64,
    by: Option<&By>,
) -> Result<CapacityOutcome> {
    waiting::settle_now(app, run_id).await;
    let noted = Entry::perhaps(app, by, Action::CapacityChanged, run_id)?;
    let now = app.clock.now();
    let lock = lock_run(app);
    let outcome = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(CapacityOutcome::NoSuchRun);
        };
        // A session of its own room must hold everybody, too, while it is to come.
        let rooms: Vec<Uuid> = sqlx::query_scalar(
            "SELECT room.id FROM room \
             WHERE room.id IN (SELECT run.room_id FROM run WHERE run.id = $1 \
                               UNION SELECT session.room_id FROM session WHERE session.run_id = $1 AND session.ends_at > $2) \
             ORDER BY room.id",
        )
        .bind(run_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        // Locked in one order: whoever makes a room smaller at this moment is waited for, or waits and counts these places.
        let mut holds: Option<i64> = None;
        for room in rooms {
            sqlx::query("UPDATE room SET name = name WHERE id = $1")
                .bind(room)
                .execute(&mut *c)
                .await?;
            let one: Option<i64> = sqlx::query_scalar("SELECT capacity FROM room WHERE id = $1")
                .bind(room)
                .fetch_one(&mut *c)
                .await?;
            holds = holds.into_iter().chain(one).min();
        }
        if let Some(at_most) = holds.filter(|holds| capacity > *holds) {
            return Ok(CapacityOutcome::TooMany { at_most });
        }
        let held = locked.places_held - release_expired!(c, run_id, now);
        let at_least = (locked.places_taken + held).max(1);
        if capacity < at_least {
            return Ok(CapacityOutcome::TooFew { at_least });
        }
        if capacity == locked.capacity {
            return Ok(CapacityOutcome::Changed);
        }
        sqlx::query("UPDATE run SET capacity = $2, updated_at = $3 WHERE id = $1")
            .bind(run_id)
            .bind(capacity)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        if let Some(entry) = &noted {
            insert_entry!(c, entry);
        }
        Ok(CapacityOutcome::Changed)
    })?;
    waiting::settle_now(app, run_id).await;
    app.catalogue.places_changed();
    Ok(outcome)
}
