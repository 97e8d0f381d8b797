//! Saying no to an offer, and leaving the list.

use uuid::Uuid;

use super::{end_entry, settle_now};
use crate::bookings::engine::{Locked, lock_run};
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};

/// Says no to what the entry was offered: it leaves the list, and the place goes to the next. Whether there was
/// something to say no to. The same twice is one effect.
///
/// # Errors
/// When the database fails.
pub async fn decline(app: &App, run_id: Uuid, entry_id: Uuid) -> Result<bool> {
    end(app, run_id, entry_id, "declined", &[]).await
}

/// Takes the entry off the list; what was kept for it goes to the next. Whether it was on it.
///
/// # Errors
/// When the database fails.
pub async fn leave(app: &App, run_id: Uuid, entry_id: Uuid) -> Result<bool> {
    end(app, run_id, entry_id, "left", &[]).await
}

/// [`leave`], by the team: `noted` is what the record then says, one entry for each of its people and first of whoever was
/// asked about. If they are not on it any more, nobody is taken off.
///
/// # Errors
/// When the database fails.
pub async fn take_off(app: &App, run_id: Uuid, entry_id: Uuid, noted: &[Entry]) -> Result<bool> {
    end(app, run_id, entry_id, "left", noted).await
}

/// Whether they left the list of this run, or were taken off it, the last time that they were on it.
///
/// # Errors
/// When the database fails.
pub async fn has_left(app: &App, person_id: Uuid, run_id: Uuid) -> Result<bool> {
    let status: Option<String> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT entry.status FROM waiting_person own JOIN waiting_entry entry ON entry.id = own.entry_id \
             WHERE own.person_id = $1 AND own.run_id = $2 ORDER BY entry.joined_at DESC, entry.id DESC LIMIT 1",
        )
        .bind(person_id)
        .bind(run_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(status.as_deref() == Some("left"))
}

async fn end(
    app: &App,
    run_id: Uuid,
    entry_id: Uuid,
    status: &'static str,
    noted: &[Entry],
) -> Result<bool> {
    settle_now(app, run_id).await;
    let now = app.clock.now();
    let lock = lock_run(app);
    let ended = write_tx!(app.db, |c| {
        let _locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let offered: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM place_offer WHERE entry_id = $1 AND state = 'open')",
        )
        .bind(entry_id)
        .fetch_one(&mut *c)
        .await?;
        if status == "declined" && !offered {
            return Ok(false);
        }
        let people: Vec<Uuid> = sqlx::query_scalar(
            "SELECT person_id FROM waiting_person WHERE entry_id = $1 AND active",
        )
        .bind(entry_id)
        .fetch_all(&mut *c)
        .await?;
        let waits = |entry: &Entry| entry.person_id.is_some_and(|id| people.contains(&id));
        // Booked alone meanwhile: the other one waits on.
        if noted.first().is_some_and(|first| !waits(first)) {
            return Ok(false);
        }
        let each: Vec<&Entry> = noted.iter().filter(|entry| waits(entry)).collect();
        let before = end_entry!(c, entry_id, run_id, status, "declined", now);
        if before.is_some() {
            for entry in each {
                insert_entry!(c, entry);
            }
        }
        Ok(before.is_some())
    })?;
    settle_now(app, run_id).await;
    Ok(ended)
}
