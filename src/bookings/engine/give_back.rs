//! Giving a place back, or saying that one stops coming.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Locked, lock_run};
use crate::bookings::model::{Booked, CancelOutcome};
use crate::bookings::{emails, guardians, rules, store, waiting};
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};

/// Ends a booking as `$status` at `$at`; its places become free if somebody else could have them (`$frees`). The run's
/// row must be locked, and the booking must still stand.
macro_rules! end {
    ($c:expr, $booking:expr, $run:expr, $status:expr, $frees:expr, $at:expr) => {{
        let (status, frees): (&'static str, bool) = ($status, $frees);
        sqlx::query(
            "UPDATE booking SET status = $2, ended_at = $3, sequence = sequence + 1 WHERE id = $1",
        )
        .bind($booking)
        .bind(status)
        .bind($at)
        .execute(&mut *$c)
        .await?;
        let places =
            sqlx::query("UPDATE place SET status = $2 WHERE booking_id = $1 AND status = 'active'")
                .bind($booking)
                .bind(if frees { "cancelled" } else { "stopped" })
                .execute(&mut *$c)
                .await?
                .rows_affected();
        if frees {
            sqlx::query(
                "UPDATE run SET places_taken = places_taken - $2, updated_at = $3 WHERE id = $1",
            )
            .bind($run)
            .bind(i64::try_from(places).unwrap_or(2))
            .bind($at)
            .execute(&mut *$c)
            .await?;
        }
    }};
}
pub(crate) use end;

/// A booking to be ended.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Standing {
    id: Uuid,
    reference: String,
    account_id: Option<Uuid>,
    run_id: Uuid,
    sequence: i64,
    created_at: DateTime<Utc>,
}

/// Cancels a booking of `account_id`, or notes that they stop coming. The same twice is one effect.
///
/// # Errors
/// When the database or the vault fails; the booking stands then.
pub async fn cancel(app: &App, account_id: Uuid, reference: &str) -> Result<CancelOutcome> {
    let found: Option<Standing> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, reference, account_id, run_id, sequence, created_at FROM booking \
             WHERE reference = $1 AND account_id = $2",
        )
        .bind(reference)
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    match found {
        Some(found) => give_back(app, found, None).await,
        None => Ok(CancelOutcome::NoSuchBooking),
    }
}

/// [`cancel`] for whoever has a link about the booking `id`, or for the team; `noted` is what the record then says.
///
/// # Errors
/// As [`cancel`].
pub async fn cancel_booking(app: &App, id: Uuid, noted: Option<&[Entry]>) -> Result<CancelOutcome> {
    let found: Option<Standing> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, reference, account_id, run_id, sequence, created_at FROM booking WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    match found {
        Some(found) => give_back(app, found, noted).await,
        None => Ok(CancelOutcome::NoSuchBooking),
    }
}

async fn give_back(app: &App, mine: Standing, noted: Option<&[Entry]>) -> Result<CancelOutcome> {
    let now = app.clock.now();
    let Some(offer) = store::offer(&app.db, mine.run_id, now).await? else {
        return Ok(CancelOutcome::NoSuchBooking);
    };
    if offer.run.lapsed > 0 {
        guardians::let_go_lapsed(app, Some(mine.run_id)).await?;
    }
    if offer.run.has_list {
        waiting::settle_now(app, mine.run_id).await;
    }
    let people = store::people_of(&app.db, mine.id).await?;
    let ending = rules::ending(now, offer.first_ends(), offer.run.ends_at);
    let (status, how, outcome) = match ending {
        rules::Ending::Cancel => (
            "cancelled",
            emails::Ended::Cancelled,
            CancelOutcome::Cancelled,
        ),
        rules::Ending::Stop => ("stopped", emails::Ended::Stopped, CancelOutcome::Stopped),
        rules::Ending::Over => ("", emails::Ended::Stopped, CancelOutcome::Over),
    };
    let booked = Booked {
        id: mine.id,
        reference: mine.reference.clone(),
        created_at: mine.created_at,
    };
    let about = emails::About {
        offer: &offer,
        people: &people,
        booked: &booked,
        account_id: mine.account_id,
    };
    let letters = emails::ended(app, about, mine.sequence + 1, how).await?;
    let lock = lock_run(app);
    let outcome = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(mine.run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(Some(CancelOutcome::NoSuchBooking));
        };
        // Its dates have changed meanwhile: a calendar would take the old number for older than the change.
        if locked.sequence != offer.run.sequence {
            return Ok(None);
        }
        let ended: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT ended_at FROM booking WHERE id = $1")
                .bind(mine.id)
                .fetch_one(&mut *c)
                .await?;
        if let Some(ended) = ended {
            return Ok(Some(CancelOutcome::Already(ended)));
        }
        if status.is_empty() {
            return Ok(Some(CancelOutcome::Over));
        }
        let frees = ending == rules::Ending::Cancel || now < locked.joins_until();
        end!(c, mine.id, mine.run_id, status, frees, now);
        emails::insert!(c, letters);
        for entry in noted.unwrap_or_default() {
            insert_entry!(c, entry);
        }
        Ok(Some(outcome.clone()))
    })?;
    let Some(outcome) = outcome else {
        return Box::pin(give_back(app, mine, noted)).await;
    };
    waiting::settle_now(app, mine.run_id).await;
    Ok(outcome)
}
