//! Saying no to an offer, and leaving the list.

use uuid::Uuid;

use super::{end_entry, settle_now};
use crate::bookings::engine::{Locked, lock_run};
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::write_tx;

/// Says no to what the entry was offered: it leaves the list, and the place goes to the next. Whether there was
/// something to say no to. The same twice is one effect.
///
/// # Errors
/// When the database fails.
pub async fn decline(app: &App, run_id: Uuid, entry_id: Uuid) -> Result<bool> {
    end(app, run_id, entry_id, "declined", None).await
}

/// Takes the entry off the list; what was kept for it goes to the next. Whether it was on it.
///
/// # Errors
/// When the database fails.
pub async fn leave(app: &App, run_id: Uuid, entry_id: Uuid) -> Result<bool> {
    end(app, run_id, entry_id, "left", None).await
}

/// [`leave`], by the team: `noted` is what the record then says.
///
/// # Errors
/// When the database fails.
pub async fn take_off(app: &App, run_id: Uuid, entry_id: Uuid, noted: &Entry) -> Result<bool> {
    end(app, run_id, entry_id, "left", Some(noted)).await
}

async fn end(
    app: &App,
    run_id: Uuid,
    entry_id: Uuid,
    status: &'static str,
    noted: Option<&Entry>,
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
        let before = end_entry!(c, entry_id, run_id, status, "declined", now);
        if let Some(noted) = noted.filter(|_| before.is_some()) {
            insert_entry!(c, noted);
        }
        Ok(before.is_some())
    })?;
    settle_now(app, run_id).await;
    Ok(ended)
}
