//! SQL of the post queue.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Words;
use crate::server::paging::Part;
use crate::server::vault::RecordClass;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many letters a page shows, and are printed together.
pub const A_PAGE: i64 = 25;
/// For so long after it was posted a letter can be put back; then its words are emptied.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

/// A letter with where it goes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub person_id: Uuid,
    pub about: String,
    pub created_at: DateTime<Utc>,
    pub name: String,
    pub address: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub format: String,
    pub sealed: Option<Vec<u8>>,
}

macro_rules! letters {
    ($rest:expr) => {
        concat!(
            "SELECT post_letter.id, post_letter.person_id, post_letter.about, post_letter.created_at, \
                    person.full_name AS name, person.address, person.town, person.postcode, person.format, \
                    post_letter.sealed \
             FROM post_letter JOIN person ON person.id = post_letter.person_id ",
            $rest
        )
    };
}

/// Whether a letter that is not posted would be wrong by `$2` now: its run is over, it speaks of a place that they do not have any
/// more, or of a run that does not go ahead.
macro_rules! too_late {
    () => {
        "(run.ends_at <= $2 OR (run.status = 'cancelled' AND post_letter.about <> 'cancelled') \
          OR (post_letter.about <> 'cancelled' \
              AND NOT EXISTS (SELECT 1 FROM place WHERE place.run_id = post_letter.run_id \
                  AND place.person_id = post_letter.person_id AND place.status = 'active') \
              AND NOT EXISTS (SELECT 1 FROM waiting_person WHERE waiting_person.run_id = post_letter.run_id \
                  AND waiting_person.person_id = post_letter.person_id AND waiting_person.active)))"
    };
}

/// Whether somebody asked for letters, and we know where they live. With `rather_rung` whoever asked for calls, too, is rung.
pub async fn gets_letters(app: &App, person_id: Uuid, rather_rung: bool) -> Result<bool> {
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM person WHERE id = $1 AND reach_by_letter AND address IS NOT NULL \
             AND NOT ($2 AND reach_by_call))",
        )
        .bind(person_id)
        .bind(rather_rung)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// Whether there is a letter with this cause.
///
/// # Errors
/// When the database does not answer.
pub async fn is_written(app: &App, cause: &str) -> Result<bool> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM post_letter WHERE cause = $1)")
                .bind(cause)
                .fetch_one(&mut *c)
                .await?,
        )
    })
}

/// The orders of the list.
pub const ORDERS: [Order; 3] = [
    Order::rising("since", "Since when", "post_letter.created_at"),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("letter", "Letter", "post_letter.about"),
];

/// Letters that are shown to somebody.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// A part of those to print.
    pub waiting: Vec<Row>,
    /// How many are to be printed in all.
    pub count: i64,
    /// Those that can still be put back, the last first.
    pub posted: Vec<Row>,
}

/// A part of the letters to print, and `at_most` of those that can be put back; that `by` sees who lives where is written down in
/// the same transaction. Beyond the last page there is nobody to see, and nothing to write down.
pub async fn shown(
    app: &App,
    by: &By,
    action: Action,
    (sort, part): (Sort, Part),
    at_most: i64,
) -> Result<Shown> {
    let now = app.clock.now();
    let sql = [
        letters!(concat!(
            "JOIN run ON run.id = post_letter.run_id WHERE post_letter.posted_at IS NULL AND NOT ",
            too_late!(),
            " ORDER BY "
        )),
        &sort.sql(),
        ", post_letter.id LIMIT $1 OFFSET $3",
    ]
    .concat();
    write_tx!(app.db, |c| {
        // All of them: none is written later than now.
        let count: i64 = sqlx::query_scalar(LATE)
            .bind(now + TimeDelta::seconds(1))
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
        if part.is_beyond(count) {
            return Ok(Shown {
                count,
                ..Shown::default()
            });
        }
        let waiting: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(part.take)
            .bind(now)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let posted: Vec<Row> = sqlx::query_as(letters!(
            "WHERE post_letter.posted_at > $1 AND post_letter.sealed IS NOT NULL \
             ORDER BY post_letter.posted_at DESC, post_letter.id LIMIT $2"
        ))
        .bind(now - KEPT_FOR)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?;
        let people = waiting.iter().chain(&posted).map(|row| row.person_id);
        insert_entries!(c, &audit::looks(app, by, action, None, people)?);
        Ok(Shown {
            waiting,
            count,
            posted,
        })
    })
}

/// What a letter says.
pub async fn words(app: &App, row: &Row) -> Result<Option<Words>> {
    let Some(sealed) = &row.sealed else {
        return Ok(None);
    };
    let plain = app
        .vault
        .open(Uuid::nil(), RecordClass::Message, row.id, sealed)
        .await?;
    Ok(serde_json::from_slice(&plain).ok())
}

/// These letters are in the post. One that was so already stays as it is.
pub async fn post(app: &App, ids: &[Uuid], entry: impl Fn(Uuid) -> Result<Entry>) -> Result<()> {
    let entries: Vec<(Uuid, Entry)> = ids
        .iter()
        .map(|id| Ok((*id, entry(*id)?)))
        .collect::<Result<_>>()?;
    write_tx!(app.db, |c| {
        for (id, entry) in &entries {
            let done = sqlx::query(
                "UPDATE post_letter SET posted_at = $2, posted_by = $3 WHERE id = $1 AND posted_at IS NULL",
            )
            .bind(id)
            .bind(entry.at)
            .bind(entry.account_id)
            .execute(&mut *c)
            .await?;
            if done.rows_affected() > 0 {
                insert_entry!(c, entry);
            }
        }
        Ok(())
    })
}

/// A letter is to be printed again, as long as its words are there.
pub async fn put_back(app: &App, id: Uuid, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE post_letter SET posted_at = NULL, posted_by = NULL \
             WHERE id = $1 AND posted_at IS NOT NULL AND sealed IS NOT NULL",
        )
        .bind(id)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// Empties the words of letters that were posted a day ago, and throws those away that would be wrong by now.
///
/// # Errors
/// When the database does not answer; the next sweep goes on.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let before = now - KEPT_FOR;
    write_tx!(app.db, |c| {
        sqlx::query(concat!(
            "DELETE FROM post_letter WHERE posted_at IS NULL AND created_at <= $1 AND EXISTS (SELECT 1 FROM run \
             WHERE run.id = post_letter.run_id AND ",
            too_late!(),
            ")"
        ))
        .bind(now)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "UPDATE post_letter SET sealed = NULL WHERE sealed IS NOT NULL AND posted_at <= $1",
        )
        .bind(before)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// Counts the letters that have waited since before `$1`; `$2` is now.
pub const LATE: &str = concat!(
    "SELECT COUNT(*) FROM post_letter JOIN run ON run.id = post_letter.run_id \
     WHERE post_letter.posted_at IS NULL AND post_letter.created_at < $1 AND NOT ",
    too_late!()
);
