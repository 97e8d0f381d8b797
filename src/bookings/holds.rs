//! A place kept for half an hour while somebody signs up.
//!
//! A held place counts in `run.places_held` until it is let go. Whether it still holds is worked out from the
//! clock each time: a late sweeper changes nothing.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::engine::{Locked, lock_run, release_expired};
use super::waiting::{self, call_again};
use super::{guardians, rules};
use crate::server::{App, Result};
use crate::{read, write_tx};

/// What came of asking to keep a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldOutcome {
    /// It is kept until then.
    Held {
        /// When it is let go.
        until: DateTime<Utc>,
    },
    /// No place is free, or the run cannot be booked.
    Gone,
    /// Not kept, though a place may be free: this address keeps one already, or the run keeps as many as it may.
    AlreadyHolding,
}

/// A held place that nobody let go.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Held {
    id: Uuid,
    run_id: Uuid,
    draft_id: Option<Uuid>,
    expires_at: DateTime<Utc>,
}

/// What became of a held place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept until then.
    Until(DateTime<Utc>),
    /// It was kept until then, and is no longer.
    Lapsed(DateTime<Utc>),
}

impl Kept {
    /// What became of a place that was to be kept until then.
    pub fn at(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        if until > now {
            Self::Until(until)
        } else {
            Self::Lapsed(until)
        }
    }

    /// Until when it is kept, if it still is.
    pub fn until(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Until(until) => Some(until),
            Self::Lapsed(_) => None,
        }
    }
}

/// Keeps a place on `run_id` for the sign-up `draft_id` of the address `email`, for 30 minutes. One address
/// keeps one place; another run chosen in the same sign-up takes the place of the first.
///
/// # Errors
/// When the database fails.
pub async fn hold(app: &App, run_id: Uuid, draft_id: Uuid, email: &str) -> Result<HoldOutcome> {
    let now = app.clock.now();
    let address = app
        .vault
        .mac("held", &[email.trim().to_lowercase().as_bytes()])
        .to_vec();
    if let Some(held) = of_address(app, &address).await? {
        if held.expires_at > now && held.run_id == run_id && held.draft_id == Some(draft_id) {
            return Ok(HoldOutcome::Held {
                until: held.expires_at,
            });
        }
        if held.expires_at > now && held.draft_id != Some(draft_id) {
            return Ok(HoldOutcome::AlreadyHolding);
        }
        // Its time is over, or another run was chosen.
        release(app, &held, now).await?;
    }
    guardians::let_go_lapsed(app, Some(run_id)).await?;
    waiting::settle_now(app, run_id).await;
    let id = app.id()?;
    let until = now + rules::HELD_FOR;
    let lock = lock_run(app);
    write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(HoldOutcome::Gone);
        };
        if locked.status != "open" || locked.joins_until() <= now {
            return Ok(HoldOutcome::Gone);
        }
        let held = locked.places_held - release_expired!(c, run_id, now);
        let others_wait = locked.waiting > 0 && now < locked.starts_at - rules::LAST_CALL;
        if others_wait || locked.places_taken + held >= locked.capacity {
            return Ok(HoldOutcome::Gone);
        }
        let keeps: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM held_place WHERE run_id = $1 AND released_at IS NULL",
        )
        .bind(run_id)
        .fetch_one(&mut *c)
        .await?;
        if keeps >= rules::held_at_most(locked.capacity) {
            return Ok(HoldOutcome::AlreadyHolding);
        }
        let kept = sqlx::query(
            "INSERT INTO held_place (id, run_id, draft_id, address_hash, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (address_hash) WHERE released_at IS NULL DO NOTHING",
        )
        .bind(id)
        .bind(run_id)
        .bind(draft_id)
        .bind(&address)
        .bind(now)
        .bind(until)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if kept == 0 {
            return Ok(HoldOutcome::AlreadyHolding);
        }
        sqlx::query("UPDATE run SET places_held = places_held + 1 WHERE id = $1")
            .bind(run_id)
            .execute(&mut *c)
            .await?;
        if locked.waiting > 0 {
            call_again!(c, run_id);
        }
        Ok(HoldOutcome::Held { until })
    })
}

async fn of_address(app: &App, address: &[u8]) -> Result<Option<Held>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, run_id, draft_id, expires_at FROM held_place \
             WHERE address_hash = $1 AND released_at IS NULL",
        )
        .bind(address)
        .fetch_optional(&mut *c)
        .await?)
    })
}

async fn release(app: &App, held: &Held, now: DateTime<Utc>) -> Result<()> {
    let lock = lock_run(app);
    write_tx!(app.db, |c| {
        let _locked: Option<Locked> = sqlx::query_as(lock)
            .bind(held.run_id)
            .fetch_optional(&mut *c)
            .await?;
        let released = sqlx::query(
            "UPDATE held_place SET released_at = $2 WHERE id = $1 AND released_at IS NULL",
        )
        .bind(held.id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if released > 0 {
            sqlx::query("UPDATE run SET places_held = places_held - 1 WHERE id = $1")
                .bind(held.run_id)
                .execute(&mut *c)
                .await?;
        }
        Ok(())
    })?;
    waiting::settle_now(app, held.run_id).await;
    Ok(())
}

/// Gives what a sign-up keeps, or kept, to the account that came of it. Call it before the draft is deleted.
///
/// # Errors
/// When the database fails.
pub async fn claim(app: &App, draft_id: Uuid, account_id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query(CLAIM)
            .bind(draft_id)
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// [`claim`] as a statement, for a transaction that does more: `$1` draft, `$2` account. A place whose time is over
/// goes along, so that its account is told.
pub const CLAIM: &str = "UPDATE held_place SET account_id = $2 WHERE draft_id = $1";

/// The place that a sign-up keeps on a run, or whose time has been over for less than a day.
///
/// # Errors
/// When the database fails.
pub async fn kept(app: &App, draft_id: Uuid, run_id: Uuid) -> Result<Option<Kept>> {
    let now = app.clock.now();
    // What was booked or moved to another run was let go before its time.
    let until: Option<DateTime<Utc>> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT expires_at FROM held_place WHERE draft_id = $1 AND run_id = $2 AND expires_at > $3 \
             AND (released_at IS NULL OR released_at >= expires_at) ORDER BY expires_at DESC LIMIT 1",
        )
        .bind(draft_id)
        .bind(run_id)
        .bind(now - rules::LAPSE_TOLD)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(until.map(|until| Kept::at(until, now)))
}

/// Lets go of every held place whose time is over; says how many. Nothing depends on when it runs.
///
/// # Errors
/// When the database fails.
pub async fn sweep(app: &App) -> Result<i64> {
    let now = app.clock.now();
    let runs: Vec<Uuid> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT run_id FROM held_place WHERE released_at IS NULL AND expires_at <= $1",
        )
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let lock = lock_run(app);
    let mut released = 0;
    for run_id in runs {
        released += write_tx!(app.db, |c| {
            let _locked: Option<Locked> = sqlx::query_as(lock)
                .bind(run_id)
                .fetch_optional(&mut *c)
                .await?;
            Ok(release_expired!(c, run_id, now))
        })?;
    }
    Ok(released)
}
