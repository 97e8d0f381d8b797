//! Until when somebody new may begin.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Locked, lock_run};
use crate::bookings::model::LateOutcome;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{catalogue, write_tx};

/// Lets people begin with any session of a run up to this one, counted from 1; with 1 nobody joins late.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn set_late_joining(
    app: &App,
    run_id: Uuid,
    by_session: u16,
    by: Option<&By>,
) -> Result<LateOutcome> {
    let noted = Entry::perhaps(app, by, Action::LateJoiningChanged, run_id)?;
    let now = app.clock.now();
    let lock = lock_run(app);
    let by_session = i64::from(by_session.max(1));
    let outcome = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        if locked.is_none() {
            return Ok(LateOutcome::NoSuchRun);
        }
        let until: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT starts_at FROM session WHERE run_id = $1 AND position = $2")
                .bind(run_id)
                .bind(by_session)
                .fetch_optional(&mut *c)
                .await?;
        let Some(until) = until else {
            return Ok(LateOutcome::NoSuchSession);
        };
        let join_until = (by_session > 1).then_some(until);
        let done = sqlx::query(
            "UPDATE run SET join_by_session = $2, join_until = $3, updated_at = $4 \
             WHERE id = $1 AND join_by_session <> $2",
        )
        .bind(run_id)
        .bind(by_session)
        .bind(join_until)
        .bind(now)
        .execute(&mut *c)
        .await?;
        // It was so already.
        if done.rows_affected() == 0 {
            return Ok(LateOutcome::Changed);
        }
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        if let Some(entry) = &noted {
            insert_entry!(c, entry);
        }
        Ok(LateOutcome::Changed)
    })?;
    app.catalogue.places_changed();
    Ok(outcome)
}
