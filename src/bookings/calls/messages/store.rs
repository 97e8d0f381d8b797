//! SQL of the messages that did not arrive and that nobody is rung about.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::ui::dates;
use crate::ui::list::{Order, Sort};
use crate::write_tx;

/// How many messages a page shows.
pub const A_PAGE: i64 = 25;

/// What did not arrive, is no call, and is not dealt with. Whom the email reached that went beside a text has been told, and
/// somebody who has died needs no message.
macro_rules! open {
    () => {
        "outbox.state = 'dead' AND outbox.dealt_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM phone_call WHERE phone_call.cause = 'undelivered:' || outbox.cause) \
         AND NOT (outbox.channel = 'text' AND EXISTS (SELECT 1 FROM outbox mail WHERE mail.state <> 'dead' \
                  AND mail.cause = SUBSTR(outbox.cause, 1, LENGTH(outbox.cause) - LENGTH(':text')))) \
         AND NOT EXISTS (SELECT 1 FROM person gone WHERE gone.id = outbox.person_id AND gone.deceased_at IS NOT NULL)"
    };
}

/// Counts those on the list.
pub const COUNT: &str = concat!("SELECT COUNT(*) FROM outbox WHERE ", open!());

/// Reads [`Row`]s.
macro_rules! messages {
    () => {
        "SELECT outbox.id, outbox.kind, outbox.channel, outbox.person_id, outbox.finished_at, outbox.dealt_at, \
                person.full_name AS name, \
                (SELECT COALESCE(own.preferred_name, own.full_name) FROM representation \
                 JOIN person own ON own.id = representation.person_id \
                 WHERE representation.account_id = outbox.dealt_by AND representation.kind = 'self' \
                 AND representation.ends_at IS NULL) AS dealt_by \
         FROM outbox LEFT JOIN person ON person.id = outbox.person_id WHERE "
    };
}

/// The orders of the list.
pub const ORDERS: [Order; 3] = [
    Order::falling("when", "Latest first", "outbox.finished_at"),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("kind", "What it was", "outbox.kind"),
];

/// A message that did not arrive. What it says is not read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub kind: String,
    pub channel: String,
    /// Whose record it is about, if they have one.
    pub person_id: Option<Uuid>,
    pub name: Option<String>,
    /// When we gave it up, or heard that it did not arrive.
    pub finished_at: DateTime<Utc>,
    pub dealt_at: Option<DateTime<Utc>>,
    /// What whoever dealt with it is called.
    pub dealt_by: Option<String>,
}

/// Messages that are shown to somebody.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// A part of those to be dealt with.
    pub open: Vec<Row>,
    /// How many are to be dealt with in all.
    pub count: i64,
    /// The last that were dealt with today, the newest first.
    pub dealt: Vec<Row>,
}

/// A part of the messages that are to be dealt with, and `at_most` of those of today; that `by` sees whose they are is written down
/// in the same transaction. Beyond the last page there is nobody to see, and nothing to write down.
pub async fn shown(
    app: &App,
    by: &By,
    action: Action,
    (sort, part): (Sort, Part),
    at_most: i64,
) -> Result<Shown> {
    let today = dates::start_of(dates::day_of(app.clock.now()));
    let sql = [
        concat!(messages!(), open!(), " ORDER BY "),
        &sort.sql(),
        ", outbox.id LIMIT $1 OFFSET $2",
    ]
    .concat();
    write_tx!(app.db, |c| {
        let count: i64 = sqlx::query_scalar(COUNT).fetch_one(&mut *c).await?;
        if part.is_beyond(count) {
            return Ok(Shown {
                count,
                ..Shown::default()
            });
        }
        let open: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let dealt: Vec<Row> = sqlx::query_as(concat!(
            messages!(),
            "outbox.dealt_at >= $1 ORDER BY outbox.dealt_at DESC LIMIT $2"
        ))
        .bind(today)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?;
        let people = open.iter().chain(&dealt).filter_map(|row| row.person_id);
        insert_entries!(c, &audit::looks(app, by, action, None, people)?);
        Ok(Shown { open, count, dealt })
    })
}

/// Somebody of the team has dealt with it; the same twice is one effect.
pub async fn deal(app: &App, id: Uuid, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE outbox SET dealt_at = $2, dealt_by = $3 WHERE id = $1 AND state = 'dead' AND dealt_at IS NULL",
        )
        .bind(id)
        .bind(entry.at)
        .bind(entry.account_id)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// Puts one that is dealt with back on the list.
pub async fn put_back(app: &App, id: Uuid, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE outbox SET dealt_at = NULL, dealt_by = NULL WHERE id = $1 AND dealt_at IS NOT NULL",
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
