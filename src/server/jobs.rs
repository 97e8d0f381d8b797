//! Sweeps: what has run out is cleared away, every minute, by every process. A sweep that fails is tried again
//! the next time; it never stops the site.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use uuid::Uuid;

use super::vault::RecordClass;
use super::{App, Result};
use crate::{read, write_tx};

/// How often everything is swept.
const EVERY: Duration = Duration::from_mins(1);
/// How many drafts one sweep clears.
const AT_ONCE: i64 = 200;
/// How long a link that ran out is kept, so that its page can say so.
const LINKS: TimeDelta = TimeDelta::days(30);
/// How long tries to sign in are counted, and some more.
const TRIES: TimeDelta = TimeDelta::days(1);
/// How long a device that was signed out is still listed.
const DEVICES: TimeDelta = TimeDelta::days(30);

/// Sweeps until `stop` turns true.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        sweep(&app).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => {}
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
        "used captchas",
        "DELETE FROM captcha_used WHERE expires_at < $1",
        TimeDelta::zero(),
    ),
    (
        "tries to sign in",
        "DELETE FROM sign_in_try WHERE tried_at < $1",
        TRIES,
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
