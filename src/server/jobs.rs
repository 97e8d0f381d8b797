//! Sweeps: what has run out is cleared away, three times a minute, by every process. A sweep that fails is tried again
//! the next time; it never stops the site.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use uuid::Uuid;

use super::vault::RecordClass;
use super::{App, Result};
use crate::{read, write_tx};

/// How often everything is swept: at last call everybody who waits is told within a minute.
const EVERY: Duration = Duration::from_secs(20);
/// How many drafts one sweep clears.
const AT_ONCE: i64 = 200;
/// How long a link that ran out is kept, so that its page can say so.
const LINKS: TimeDelta = TimeDelta::days(30);
/// How long tries are counted: those for a code by text over a day, the others for less.
const TRIES: TimeDelta = TimeDelta::days(1);
/// How long a device that was signed out is still listed.
const DEVICES: TimeDelta = TimeDelta::days(30);

/// How long a worker that panicked stays away.
const PAUSE: Duration = Duration::from_secs(1);
/// Keys without a row are looked for, and places counted anew, once in so many sweeps: every hour.
const HOURLY: u32 = 180;
/// How old a key must be before it can be an orphan: a key is made a moment before the row that needs it.
const ORPHAN_AGE: TimeDelta = TimeDelta::days(1);

/// How many times everything was swept since the start.
#[derive(Debug)]
pub struct Turns(watch::Sender<u32>);

impl Default for Turns {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Turns {
    fn one_more(&self) {
        self.0.send_modify(|turns| *turns = turns.wrapping_add(1));
    }

    /// Waits until everything was swept once: from then on nothing happens by itself for a while.
    pub async fn first(&self) {
        let mut turns = self.0.subscribe();
        // It can only fail when the sender is gone, and that is in `self`.
        drop(turns.wait_for(|turns| *turns > 0).await);
    }
}

/// Sweeps until `stop` turns true.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    kept_going("sweeps", stop.clone(), || work(app.clone(), stop.clone())).await;
}

async fn work(app: App, mut stop: watch::Receiver<bool>) {
    for turn in (0..HOURLY).cycle() {
        if *stop.borrow() {
            // So that the record is whole while the site is down.
            if let Err(error) = crate::staff::audit::seal(&app).await {
                tracing::error!(%error, "the audit's chain");
            }
            return;
        }
        sweep(&app).await;
        app.sweeps.one_more();
        if turn == 0 {
            if let Err(error) = orphans(&app).await {
                tracing::error!(%error, "sweep of keys");
            }
            if let Err(error) = crate::staff::audit::seal_all(&app).await {
                tracing::error!(%error, "the audit's chain");
            }
            if let Err(error) = crate::bookings::self_check(&app).await {
                tracing::error!(%error, "self-check of places");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Does `work` in a task until it ends by itself. After a panic it is begun anew, a moment later: a fault in one piece
/// of work must not end the work.
pub async fn kept_going<F>(
    what: &'static str,
    mut stop: watch::Receiver<bool>,
    work: impl Fn() -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    while let Err(error) = tokio::spawn(work()).await {
        tracing::error!(what, %error, "a worker panicked; it starts anew");
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Sweeps everything once.
pub async fn sweep(app: &App) {
    let now = app.clock.now();
    let mut failed = Vec::new();
    if let Err(error) = crate::bookings::holds::sweep(app).await {
        failed.push(("held places", error));
    }
    if let Err(error) = crate::bookings::count_agreed(app).await {
        failed.push(("bookings that a guardian agreed to", error));
    }
    if let Err(error) = crate::bookings::let_go_lapsed(app, None).await {
        failed.push(("bookings that waited for a guardian", error));
    }
    if let Err(error) = crate::bookings::waiting::settle_all(app).await {
        failed.push(("waiting lists", error));
    }
    if let Err(error) = crate::bookings::reminders::sweep(app).await {
        failed.push(("reminders", error));
    }
    if let Err(error) = crate::bookings::new_dates::sweep(app).await {
        failed.push(("new dates", error));
    }
    if let Err(error) = crate::bookings::calls::sweep(app).await {
        failed.push(("calls about what was not delivered", error));
    }
    if let Err(error) = crate::bookings::post::sweep(app).await {
        failed.push(("letters that are posted", error));
    }
    if let Err(error) = crate::feedback::sweep(app).await {
        failed.push(("asking how it was", error));
    }
    if let Err(error) = crate::course_desk::sweep(app).await {
        failed.push(("runs that open or close by themselves", error));
    }
    if let Err(error) = crate::people_desk::sweep(app).await {
        failed.push(("the search of people", error));
    }
    if let Err(error) = crate::staff::audit::seal(app).await {
        failed.push(("the audit's chain", error));
    }
    if let Err(error) = crate::staff::tell_of_papers(app).await {
        failed.push(("training and papers that end soon", error));
    }
    if let Err(error) = drafts(app, now).await {
        failed.push(("drafts", error));
    }
    for (what, sql, before) in SWEPT {
        if let Err(error) = delete(app, sql, now - *before).await {
            failed.push((what, error));
        }
    }
    for (what, error) in failed {
        tracing::error!(what, %error, "sweep");
    }
}

/// What goes, by which statement, and how long after it ran out.
const SWEPT: &[(&str, &str, TimeDelta)] = &[
    (
        "addresses of links that are over",
        "UPDATE email_link SET email = '' WHERE email <> '' AND (expires_at < $1 OR used_at < $1)",
        TimeDelta::hours(1),
    ),
    (
        "email links",
        "DELETE FROM email_link WHERE expires_at < $1",
        LINKS,
    ),
    (
        "devices",
        "DELETE FROM device WHERE expires_at < $1 OR ended_at < $1",
        DEVICES,
    ),
    (
        "codes sent by text",
        "DELETE FROM text_code WHERE expires_at < $1",
        TimeDelta::zero(),
    ),
    (
        "devices that took no second step",
        "DELETE FROM known_device WHERE expires_at < $1",
        TimeDelta::zero(),
    ),
    (
        "invitations to the team",
        "DELETE FROM staff_invitation WHERE expires_at < $1",
        TimeDelta::days(90),
    ),
    (
        "used captchas",
        "DELETE FROM captcha_used WHERE expires_at < $1",
        TimeDelta::zero(),
    ),
    (
        "places that were kept",
        "DELETE FROM held_place WHERE released_at IS NOT NULL AND expires_at < $1",
        crate::bookings::rules::LAPSE_TOLD,
    ),
    (
        "tries to sign in",
        "DELETE FROM sign_in_try WHERE tried_at < $1",
        TRIES,
    ),
    (
        "who did what on the page Today",
        "DELETE FROM today_task WHERE taken_at < $1",
        TimeDelta::days(30),
    ),
    (
        "newsletters never confirmed",
        "DELETE FROM subscription WHERE status = 'asked' AND updated_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM consent WHERE consent.subscription_id = subscription.id)",
        TimeDelta::days(7),
    ),
];

async fn delete(app: &App, sql: &'static str, before: DateTime<Utc>) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query(sql).bind(before).execute(&mut *c).await?;
        Ok(())
    })
}

/// Drafts of sign-ups that were not finished: the key goes first, so that what is left cannot be read.
async fn drafts(app: &App, now: DateTime<Utc>) -> Result<()> {
    let due: Vec<Uuid> = read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM sign_up_draft WHERE expires_at < $1 LIMIT $2")
                .bind(now)
                .bind(AT_ONCE)
                .fetch_all(&mut *c)
                .await?,
        )
    })?;
    for id in due {
        app.vault.destroy(id, RecordClass::Draft).await?;
        write_tx!(app.db, |c| {
            sqlx::query("DELETE FROM sign_up_draft WHERE id = $1")
                .bind(id)
                .execute(&mut *c)
                .await?;
            Ok(())
        })?;
    }
    Ok(())
}

/// Destroys keys whose subject has no row: a crash between sealing and inserting leaves one behind. Only keys older than
/// a day, and only the very key that was looked at.
///
/// # Errors
/// When a database does not answer.
pub async fn orphans(app: &App) -> Result<()> {
    let before = app.clock.now() - ORPHAN_AGE;
    for class in [
        RecordClass::Health,
        RecordClass::Contact,
        RecordClass::Draft,
        RecordClass::Audit,
        RecordClass::SignIn,
        RecordClass::Request,
    ] {
        let mut after = Uuid::nil();
        loop {
            let keys = app.vault.subjects(class, before, after, AT_ONCE).await?;
            let Some((last, _)) = keys.last() else {
                break;
            };
            after = *last;
            for (subject, made_at) in keys {
                if !has_row(app, class, subject).await? {
                    app.vault.destroy_made(subject, class, made_at).await?;
                    tracing::info!(class = class.name(), "a key without a row was destroyed");
                }
            }
        }
    }
    Ok(())
}

/// Whether the one that a key belongs to is there.
async fn has_row(app: &App, class: RecordClass, subject: Uuid) -> Result<bool> {
    let sql = match class {
        // What the record says of the reminders' words belongs to the site.
        RecordClass::Audit if subject == crate::bookings::reminders::WORDING => return Ok(true),
        RecordClass::Health | RecordClass::Contact => {
            "SELECT EXISTS (SELECT 1 FROM person WHERE id = $1)"
        }
        RecordClass::Audit => {
            "SELECT EXISTS (SELECT 1 FROM person WHERE id = $1) OR EXISTS (SELECT 1 FROM organisation WHERE id = $1) \
             OR EXISTS (SELECT 1 FROM tutor WHERE id = $1) OR EXISTS (SELECT 1 FROM rights_request WHERE id = $1)"
        }
        RecordClass::SignIn => "SELECT EXISTS (SELECT 1 FROM second_step WHERE account_id = $1)",
        RecordClass::Draft => "SELECT EXISTS (SELECT 1 FROM sign_up_draft WHERE id = $1)",
        RecordClass::Request => "SELECT EXISTS (SELECT 1 FROM rights_request WHERE id = $1)",
        // These belong to nobody.
        RecordClass::Message | RecordClass::Proof => return Ok(true),
    };
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(sql)
            .bind(subject)
            .fetch_one(&mut *c)
            .await?)
    })
}
