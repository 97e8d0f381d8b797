//! SQL of marking somebody as deceased, and of taking it back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::bookings::engine::{LEAVES, leave_all, lock_run};
use crate::bookings::waiting::settle_now;
use crate::newsletters;
use crate::people_desk::model::Person;
use crate::people_desk::store::{park_address, unpark_address};
use crate::server::db::Db;
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};

/// What stops, before anybody has said yes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Stops {
    /// Places on runs that are not over.
    pub places: i64,
    /// Waiting lists they are on.
    pub waiting: i64,
    /// Emails, texts, letters and calls that wait.
    pub messages: i64,
    /// Whether they get the newsletter.
    #[sqlx(default)]
    pub newsletter: bool,
    /// Whether an account stands for them alone.
    pub account: bool,
    /// How many accounts book for them.
    pub representatives: i64,
}

/// Accounts that stand for the person `$1` and nobody else.
macro_rules! own_account {
    () => {
        "representation.person_id = $1 AND representation.kind = 'self' AND NOT EXISTS \
            (SELECT 1 FROM representation other WHERE other.account_id = representation.account_id \
             AND other.kind <> 'self' AND other.ends_at IS NULL)"
    };
}

/// How much stops.
pub async fn stops(db: &Db, person: &Person, now: DateTime<Utc>) -> Result<Stops> {
    let runs: Vec<Uuid> = read!(db, |c| {
        Ok(sqlx::query_scalar(LEAVES)
            .bind(person.id)
            .bind(now)
            .fetch_all(&mut *c)
            .await?)
    })?;
    let mut stops: Stops = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT CAST(0 AS BIGINT) AS places, CAST(0 AS BIGINT) AS waiting, \
                    (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND person_id = $1) \
                    + (SELECT COUNT(*) FROM phone_call WHERE person_id = $1 AND done_at IS NULL) \
                    + (SELECT COUNT(*) FROM post_letter WHERE person_id = $1 AND posted_at IS NULL) AS messages, \
                    EXISTS (SELECT 1 FROM representation WHERE ends_at IS NULL AND ",
            own_account!(),
            ") AS account, \
                    (SELECT COUNT(*) FROM representation WHERE person_id = $1 AND kind <> 'self' AND ends_at IS NULL) \
                    AS representatives"
        ))
        .bind(person.id)
        .fetch_one(&mut *c)
        .await?)
    })?;
    let lists: Vec<Uuid> = read!(db, |c| {
        Ok(sqlx::query_scalar(newsletters::LIVE_OF)
            .bind(person.id)
            .fetch_all(&mut *c)
            .await?)
    })?;
    stops.newsletter = !lists.is_empty();
    for run in runs {
        let (places, waiting): (i64, i64) = read!(db, |c| {
            Ok(sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM place WHERE run_id = $1 AND person_id = $2 AND status = 'active'), \
                        (SELECT COUNT(*) FROM waiting_person WHERE run_id = $1 AND person_id = $2 AND active)",
            )
            .bind(run)
            .bind(person.id)
            .fetch_one(&mut *c)
            .await?)
        })?;
        stops.places += places;
        stops.waiting += waiting;
    }
    Ok(stops)
}

/// Why somebody cannot be marked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// They work here: runs and roles are handed over first.
    WorksHere,
}

impl Blocked {
    /// The sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::WorksHere => {
                "They work here. Ask an owner to take them off the team first, so that their runs and roles are handed over."
            }
        }
    }
}

/// Whether something has to be done first.
pub async fn blocked(db: &Db, person: &Person) -> Result<Option<Blocked>> {
    let works_here: bool = read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM staff WHERE account_id = $1 AND left_at IS NULL)",
        )
        .bind(person.account_id)
        .fetch_one(&mut *c)
        .await?)
    })?;
    Ok(works_here.then_some(Blocked::WorksHere))
}

/// Takes what waits to be sent to them, or to others about what they had, away.
macro_rules! stop_messages {
    ($c:expr, $person:expr, $about:expr) => {{
        sqlx::query("DELETE FROM outbox WHERE state = 'waiting' AND person_id = $1")
            .bind($person)
            .execute(&mut *$c)
            .await?;
        sqlx::query("DELETE FROM phone_call WHERE done_at IS NULL AND person_id = $1")
            .bind($person)
            .execute(&mut *$c)
            .await?;
        sqlx::query("DELETE FROM post_letter WHERE posted_at IS NULL AND person_id = $1")
            .bind($person)
            .execute(&mut *$c)
            .await?;
        for id in $about {
            let about = format!("%{id}%");
            sqlx::query("DELETE FROM outbox WHERE state = 'waiting' AND cause LIKE $1")
                .bind(&about)
                .execute(&mut *$c)
                .await?;
            sqlx::query("DELETE FROM phone_call WHERE done_at IS NULL AND cause LIKE $1")
                .bind(&about)
                .execute(&mut *$c)
                .await?;
        }
    }};
}

/// Ends what others may do for them, and their own account if it stands for nobody else.
macro_rules! close_account {
    ($c:expr, $person:expr, $now:expr) => {{
        sqlx::query(
            "UPDATE device SET ended_at = $2 WHERE ended_at IS NULL AND account_id IN (SELECT representation.account_id \
             FROM representation WHERE representation.ends_at IS NULL AND representation.person_id = $1 \
             AND representation.kind = 'self' AND NOT EXISTS (SELECT 1 FROM representation other \
                 WHERE other.account_id = representation.account_id AND other.kind <> 'self' AND other.ends_at IS NULL))",
        )
        .bind($person)
        .bind($now)
        .execute(&mut *$c)
        .await?;
        sqlx::query(concat!(
            "UPDATE representation SET ends_at = $2 WHERE ends_at IS NULL AND person_id = $1 \
             AND (kind <> 'self' OR (",
            own_account!(),
            "))"
        ))
        .bind($person)
        .bind($now)
        .execute(&mut *$c)
        .await?;
        // Links in messages that have gone open nothing any more.
        sqlx::query(
            "UPDATE email_link SET used_at = $2 WHERE used_at IS NULL AND account_id IN \
             (SELECT account_id FROM representation WHERE person_id = $1 AND kind = 'self' AND ends_at = $2)",
        )
        .bind($person)
        .bind($now)
        .execute(&mut *$c)
        .await?;
    }};
}

/// Marks somebody as deceased, once; the same twice is one effect.
///
/// # Errors
/// When the database fails; nothing has happened then.
pub async fn mark(app: &App, person_id: Uuid, entry: &Entry) -> Result<()> {
    let now = app.clock.now();
    let lock = lock_run(app);
    let runs = write_tx!(app.db, |c| {
        // Their row first: from here on nobody writes anything for them.
        let marked = sqlx::query(
            "UPDATE person SET deceased_at = $2, updated_at = $2 WHERE id = $1 AND deceased_at IS NULL",
        )
        .bind(person_id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if marked == 0 {
            return Ok(Vec::new());
        }
        let left = leave_all!(c, lock, person_id, now);
        stop_messages!(c, person_id, &left.about);
        sqlx::query("DELETE FROM date_wish WHERE person_id = $1")
            .bind(person_id)
            .execute(&mut *c)
            .await?;
        newsletters::stop_all!(c, app, person_id);
        close_account!(c, person_id, now);
        let closed: Vec<Uuid> = sqlx::query_scalar(
            "SELECT account_id FROM representation WHERE person_id = $1 AND kind = 'self' AND ends_at = $2",
        )
        .bind(person_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        for account_id in closed {
            park_address!(c, account_id);
        }
        insert_entry!(c, entry);
        Ok(left.runs)
    })?;
    for run in &runs {
        settle_now(app, *run).await;
    }
    app.catalogue.places_changed();
    Ok(())
}

/// Takes it back: the record and the account are there again. What was freed is not.
///
/// # Errors
/// When the database fails.
pub async fn undo(app: &App, person_id: Uuid, entry: &Entry) -> Result<()> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let reopened = sqlx::query(
            "UPDATE representation SET ends_at = NULL WHERE person_id = $1 \
             AND ends_at = (SELECT deceased_at FROM person WHERE id = $1) \
             AND NOT EXISTS (SELECT 1 FROM representation other WHERE other.id <> representation.id \
                 AND other.account_id = representation.account_id AND other.ends_at IS NULL \
                 AND (other.person_id = $1 OR (other.kind = 'self' AND representation.kind = 'self')))",
        )
        .bind(person_id)
        .execute(&mut *c)
        .await?
        .rows_affected();
        let open: Vec<Uuid> = sqlx::query_scalar(
            "SELECT account_id FROM representation WHERE person_id = $1 AND kind = 'self' AND ends_at IS NULL",
        )
        .bind(person_id)
        .fetch_all(&mut *c)
        .await?;
        for account_id in open {
            unpark_address!(c, account_id);
        }
        let undone = sqlx::query(
            "UPDATE person SET deceased_at = NULL, updated_at = $2 WHERE id = $1 AND deceased_at IS NOT NULL",
        )
        .bind(person_id)
        .bind(now)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if undone > 0 || reopened > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}
