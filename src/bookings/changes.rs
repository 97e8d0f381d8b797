//! Changing a run that people have booked or wait for: its dates, its place, its tutor, or that it does not go ahead.
//!
//! Everybody who has a place, waits for one or is being offered one is told once, in the channels they chose, by
//! messages that are written with the change or not at all. Whoever is booking at that moment reads the run anew.

mod group;
pub mod rules;
mod store;
mod tell;

use uuid::Uuid;

pub use group::{Audience, Counts, Group};
pub use rules::{Change, Elsewhere, Impossible, Place};
pub use tell::{cause, text_cause};

use super::engine::{Locked, lock_run};
use super::store::Offer;
use super::{store as bookings_store, waiting};
use crate::server::{App, Error, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
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

/// A run as it is, as it would be, and what is different then.
struct Plan {
    before: Offer,
    after: Offer,
    differences: Vec<rules::Difference>,
}

impl Plan {
    fn news(&self) -> tell::News<'_> {
        tell::News::Changed {
            before: &self.before,
            after: &self.after,
            differences: &self.differences,
        }
    }
}

/// What `changes` would do to a run; or why nothing can come of them.
async fn planned(
    app: &App,
    run_id: Uuid,
    changes: &[Change],
) -> Result<std::result::Result<Plan, ChangeOutcome>> {
    let now = app.clock.now();
    let Some(before) = bookings_store::offer(&app.db, run_id, now).await? else {
        return Ok(Err(ChangeOutcome::NoSuchRun));
    };
    if before.run.status == "cancelled" {
        let why = Impossible::NotGoingAhead;
        return Ok(Err(ChangeOutcome::Impossible(why)));
    }
    if before.run.ends_at <= now {
        return Ok(Err(ChangeOutcome::Impossible(Impossible::Past)));
    }
    let sessions = match rules::replanned(&before.sessions, changes, now, || app.id())? {
        Ok(sessions) => sessions,
        Err(why) => return Ok(Err(ChangeOutcome::Impossible(why))),
    };
    let Some(after) = store::after(app, &before, sessions, changes).await? else {
        let why = Impossible::NoSuchPlaceOrTutor;
        return Ok(Err(ChangeOutcome::Impossible(why)));
    };
    let differences = rules::differences(&before, &after);
    if differences.is_empty() {
        return Ok(Err(ChangeOutcome::Nothing));
    }
    Ok(Ok(Plan {
        before,
        after,
        differences,
    }))
}

/// What people would be told of `changes`, a sentence each; or why nothing can come of them. Nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    app: &App,
    run_id: Uuid,
    changes: &[Change],
) -> Result<std::result::Result<Vec<String>, ChangeOutcome>> {
    let planned = planned(app, run_id, changes).await?;
    Ok(planned.map(|plan| tell::sentences(&plan.news(), app.clock.now())))
}

/// Changes the dates, place or tutor of a run, all of it or nothing, and tells everybody whom it concerns. `by` is who does
/// it, for the record; none where the program does.
///
/// # Errors
/// When the database or the vault fails, or others change the run too often meanwhile; nothing is changed then.
pub async fn change(
    app: &App,
    run_id: Uuid,
    changes: &[Change],
    by: Option<&By>,
) -> Result<ChangeOutcome> {
    waiting::settle_now(app, run_id).await;
    for _ in 0..TRIES {
        let plan = match planned(app, run_id, changes).await? {
            Ok(plan) => plan,
            Err(outcome) => return Ok(outcome),
        };
        if let Some(outcome) = write(app, plan.news(), changes, by).await? {
            return Ok(outcome);
        }
    }
    Err(Error::Other("a run changed again and again".into()))
}

/// Calls a run off: it keeps its bookings, which say that it does not go ahead, and its waiting list ends.
///
/// # Errors
/// As [`change`].
pub async fn call_off(app: &App, run_id: Uuid, by: Option<&By>) -> Result<ChangeOutcome> {
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
        if let Some(outcome) = write(app, news, &[], by).await? {
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
pub async fn open(app: &App, run_id: Uuid, by: Option<&By>) -> Result<bool> {
    let opened = open_all(app, &[run_id], by).await?;
    Ok(!opened.is_empty())
}

/// Opens several runs as [`open`] does, in one transaction: a term is published together. A run whose course is not on the
/// website, or that is over, stays as it is. Gives those that were opened just now.
///
/// # Errors
/// When the database fails; none is opened then.
pub async fn open_all(app: &App, runs: &[Uuid], by: Option<&By>) -> Result<Vec<Uuid>> {
    let now = app.clock.now();
    let mut noted = Vec::with_capacity(runs.len());
    for run_id in runs {
        noted.push((
            *run_id,
            Entry::perhaps(app, by, Action::RunOpened, *run_id)?,
        ));
    }
    let opened = write_tx!(app.db, |c| {
        let mut opened = Vec::new();
        for (run_id, entry) in &noted {
            // People find a run by its course. The course's row is locked: it is not taken off the website at this moment.
            let published = sqlx::query(
                "UPDATE course SET status = status \
                 WHERE id = (SELECT course_id FROM run WHERE run.id = $1) AND status = 'published'",
            )
            .bind(run_id)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if published == 0 {
                continue;
            }
            let rows = sqlx::query(
                "UPDATE run SET status = 'open', opened_at = COALESCE(opened_at, $2), opens_at = NULL, \
                        closes_at = CASE WHEN closes_at > $2 THEN closes_at END, updated_at = $2 \
                 WHERE id = $1 AND status IN ('draft', 'closed') AND ends_at > $2",
            )
            .bind(run_id)
            .bind(now)
            .execute(&mut *c)
            .await?
            .rows_affected();
            if rows == 1 {
                opened.push(*run_id);
                if let Some(entry) = entry {
                    insert_entry!(c, entry);
                }
            }
        }
        if !opened.is_empty() {
            sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        }
        Ok(opened)
    })?;
    app.catalogue.places_changed();
    for run_id in runs {
        waiting::settle_now(app, *run_id).await;
    }
    Ok(opened)
}

/// Closes a run to new bookings. Whoever has a place keeps it, and whoever waits keeps their turn, but nothing is offered.
/// Says whether it was closed just now.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn close(app: &App, run_id: Uuid, by: Option<&By>) -> Result<bool> {
    let now = app.clock.now();
    let noted = Entry::perhaps(app, by, Action::RunClosed, run_id)?;
    let closed = write_tx!(app.db, |c| {
        let rows = sqlx::query(
            "UPDATE run SET status = 'closed', opens_at = NULL, closes_at = NULL, updated_at = $2 \
             WHERE id = $1 AND status = 'open' AND ends_at > $2",
        )
        .bind(run_id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if rows == 1 {
            sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
            if let Some(entry) = &noted {
                insert_entry!(c, entry);
            }
        }
        Ok(rows == 1)
    })?;
    app.catalogue.places_changed();
    Ok(closed)
}

/// A tutor is ill, a hall is locked: `session`, which was to begin later today, does not take place. A run that has no other
/// session is called off. Texts go at once, whatever the hour, and whoever gets none is rung.
///
/// # Errors
/// As [`change`].
pub async fn off_today(
    app: &App,
    run_id: Uuid,
    session: Uuid,
    by: Option<&By>,
) -> Result<ChangeOutcome> {
    let now = app.clock.now();
    let Some(offer) = bookings_store::offer(&app.db, run_id, now).await? else {
        return Ok(ChangeOutcome::NoSuchRun);
    };
    match rules::later_today(&offer.sessions, now).filter(|own| own.id == session) {
        None => Ok(ChangeOutcome::Impossible(Impossible::Past)),
        Some(_) if offer.sessions.len() == 1 => call_off(app, run_id, by).await,
        Some(session) => {
            change(
                app,
                run_id,
                &[Change::Drop {
                    session: session.id,
                }],
                by,
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
    by: Option<&By>,
) -> Result<Option<ChangeOutcome>> {
    let now = app.clock.now();
    let before: &Offer = news.before();
    let run_id = before.run.id;
    let concerned = store::concerned(&app.db, run_id).await?;
    let told = tell::everybody(app, &news, &concerned).await?;
    let words = tell::sentences(&news, now).join("\n");
    let noted = Entry::perhaps(app, by, Action::RunChanged, run_id)?;
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
        sqlx::query(
            "INSERT INTO run_news (run_id, sequence, words, at, by_account) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(run_id)
        .bind(before.run.sequence + 1)
        .bind(&words)
        .bind(now)
        .bind(by.map(|by| by.account_id))
        .execute(&mut *c)
        .await?;
        if let Some(entry) = &noted {
            insert_entry!(c, entry);
        }
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        for letter in &told.letters {
            crate::messages::insert!(c, letter);
        }
        for call in &told.calls {
            crate::bookings::calls::insert!(c, call);
        }
        for letter in &told.posted {
            crate::bookings::post::insert!(c, letter);
        }
        Ok(Some(ChangeOutcome::Changed {
            written: told.letters.len() + told.posted.len(),
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
