//! Changing a run that people have booked or wait for: its dates, its place, its tutor, or that it does not go ahead.
//!
//! Everybody who has a place, waits for one or is being offered one is told once, in the channels they chose, by
//! messages that are written with the change or not at all. Whoever is booking at that moment reads the run anew.

mod group;
pub mod rules;
mod store;
mod tell;

use uuid::Uuid;

pub use group::{Counts, Group};
pub use rules::{Change, Impossible};

use super::engine::{Locked, lock_run};
use super::store::Offer;
use super::{store as bookings_store, waiting};
use crate::server::{App, Error, Result};
use crate::ui::dates;
use crate::{catalogue, write_tx};

/// How often it is tried anew when somebody books or cancels meanwhile.
const TRIES: u32 = 5;

/// What came of changing a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It is changed.
    Changed {
        /// So many messages were written.
        written: usize,
        /// So many people are to be rung.
        to_ring: usize,
    },
    /// It was so already.
    Nothing,
    /// It cannot be so.
    Impossible(Impossible),
    /// There is no such run.
    NoSuchRun,
}

/// Changes the dates, place or tutor of a run, all of it or nothing, and tells everybody whom it concerns.
///
/// # Errors
/// When the database or the vault fails, or others change the run too often meanwhile; nothing is changed then.
pub async fn change(app: &App, run_id: Uuid, changes: &[Change]) -> Result<ChangeOutcome> {
    waiting::settle_now(app, run_id).await;
    for _ in 0..TRIES {
        let now = app.clock.now();
        let Some(before) = bookings_store::offer(&app.db, run_id, now).await? else {
            return Ok(ChangeOutcome::NoSuchRun);
        };
        if before.run.status == "cancelled" {
            return Ok(ChangeOutcome::Impossible(Impossible::NotGoingAhead));
        }
        let sessions = match rules::replanned(&before.sessions, changes, now, || app.id())? {
            Ok(sessions) => sessions,
            Err(why) => return Ok(ChangeOutcome::Impossible(why)),
        };
        let Some(after) = store::after(app, &before, sessions, changes).await? else {
            return Ok(ChangeOutcome::Impossible(Impossible::NoSuchPlaceOrTutor));
        };
        let differences = rules::differences(&before, &after);
        if differences.is_empty() {
            return Ok(ChangeOutcome::Nothing);
        }
        let news = tell::News::Changed {
            before: &before,
            after: &after,
            differences: &differences,
        };
        if let Some(outcome) = write(app, news, changes).await? {
            return Ok(outcome);
        }
    }
    Err(Error::Other("a run changed again and again".into()))
}

/// Calls a run off: it keeps its bookings, which say that it does not go ahead, and its waiting list ends.
///
/// # Errors
/// As [`change`].
pub async fn call_off(app: &App, run_id: Uuid) -> Result<ChangeOutcome> {
    waiting::settle_now(app, run_id).await;
    for _ in 0..TRIES {
        let now = app.clock.now();
        let Some(mut before) = bookings_store::offer(&app.db, run_id, now).await? else {
            return Ok(ChangeOutcome::NoSuchRun);
        };
        if before.run.status == "cancelled" {
            return Ok(ChangeOutcome::Nothing);
        }
        // People are told of what was still to come; what was held stays in their calendars.
        before.sessions.retain(|session| session.starts_at > now);
        if before.sessions.is_empty() {
            return Ok(ChangeOutcome::Impossible(Impossible::Past));
        }
        let news = tell::News::NotGoingAhead { before: &before };
        if let Some(outcome) = write(app, news, &[]).await? {
            return Ok(outcome);
        }
    }
    Err(Error::Other("a run changed again and again".into()))
}

/// Opens a run for booking: a draft, or one that was closed. When it was opened for the first time is kept, so that whoever
/// waits for new dates hears of those alone that they have not been able to see. Says whether it was opened just now.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn open(app: &App, run_id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    let opened = write_tx!(app.db, |c| {
        let rows = sqlx::query(
            "UPDATE run SET status = 'open', opened_at = COALESCE(opened_at, $2), updated_at = $2 \
             WHERE id = $1 AND status IN ('draft', 'closed')",
        )
        .bind(run_id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if rows == 1 {
            sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        }
        Ok(rows == 1)
    })?;
    app.catalogue.places_changed();
    Ok(opened)
}

/// A tutor is ill, a hall is locked: the session of a run that was to begin later today does not take place. A run that
/// has no other session is called off. Texts go at once, whatever the hour, and whoever gets none is rung.
///
/// # Errors
/// As [`change`].
pub async fn off_today(app: &App, run_id: Uuid) -> Result<ChangeOutcome> {
    let now = app.clock.now();
    let Some(offer) = bookings_store::offer(&app.db, run_id, now).await? else {
        return Ok(ChangeOutcome::NoSuchRun);
    };
    let today = dates::day_of(now);
    let off = offer
        .sessions
        .iter()
        .find(|session| session.starts_at > now && dates::day_of(session.starts_at) == today);
    match off {
        None => Ok(ChangeOutcome::Impossible(Impossible::Past)),
        Some(_) if offer.sessions.len() == 1 => call_off(app, run_id).await,
        Some(session) => {
            change(
                app,
                run_id,
                &[Change::Drop {
                    session: session.id,
                }],
            )
            .await
        }
    }
}

/// Writes a change with its messages; none when somebody booked, cancelled or changed it meanwhile.
async fn write(
    app: &App,
    news: tell::News<'_>,
    changes: &[Change],
) -> Result<Option<ChangeOutcome>> {
    let now = app.clock.now();
    let before: &Offer = news.before();
    let run_id = before.run.id;
    let concerned = store::concerned(&app.db, run_id).await?;
    let told = tell::everybody(app, &news, &concerned).await?;
    let lock = lock_run(app);
    let done = write_tx!(app.db, |c| {
        let locked: Option<Locked> = sqlx::query_as(lock)
            .bind(run_id)
            .fetch_optional(&mut *c)
            .await?;
        let Some(locked) = locked else {
            return Ok(Some(ChangeOutcome::NoSuchRun));
        };
        let fresh: Vec<store::Concerned> = sqlx::query_as(store::CONCERNED)
            .bind(run_id)
            .fetch_all(&mut *c)
            .await?;
        if locked.sequence != before.run.sequence || fresh != concerned {
            return Ok(None);
        }
        match news {
            tell::News::Changed { after, .. } => store::write!(c, before, after, changes, now),
            tell::News::NotGoingAhead { .. } => {
                sqlx::query(
                    "UPDATE run SET status = 'cancelled', sequence = sequence + 1, updated_at = $2 WHERE id = $1",
                )
                .bind(run_id)
                .bind(now)
                .execute(&mut *c)
                .await?;
            }
        }
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        for letter in &told.letters {
            crate::messages::insert!(c, letter);
        }
        for call in &told.calls {
            crate::bookings::calls::insert!(c, call);
        }
        Ok(Some(ChangeOutcome::Changed {
            written: told.letters.len(),
            to_ring: told.calls.len(),
        }))
    })?;
    if done.is_some() {
        app.messages.wake();
        app.catalogue.places_changed();
        waiting::settle_now(app, run_id).await;
    }
    Ok(done)
}
