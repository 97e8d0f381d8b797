//! Looking through the list of staff every three months: who said when that everybody on it still works here and needs what they
//! have. The audit has a line of each who was on it; whoever has worked here longest says when that was.

use chrono::{DateTime, Months, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::server::{App, Result};
use crate::staff::audit::{self, Action, insert_entries};
use crate::staff::guards::By;
use crate::ui::dates;
use crate::{read, write_tx};

/// How many months the last look may be ago.
const EVERY: Months = Months::new(3);

/// What is said when it is longer ago.
pub const WORDS: &str = "The list of staff has not been looked through for three months";

/// Reads those who work here, whoever has longest first.
macro_rules! by_time {
    ($rest:literal) => {
        concat!(
            "SELECT representation.person_id, staff.joined_at FROM staff \
             JOIN representation ON representation.account_id = staff.account_id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             WHERE staff.left_at IS NULL ORDER BY staff.joined_at, staff.account_id",
            $rest
        )
    };
}

/// Since when the list must have been looked through.
pub fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    dates::start_of(dates::day_of(now) - EVERY)
}

/// A column that is 1 when nobody has looked through the list since the parameter `since`, and somebody works here for longer.
pub fn due_column(since: &str) -> String {
    let oldest = by_time!(" LIMIT 1");
    let done = Action::StaffReviewed.name();
    format!(
        "(SELECT COUNT(*) FROM ({oldest}) oldest WHERE oldest.joined_at < {since} \
          AND NOT EXISTS (SELECT 1 FROM audit_entry WHERE audit_entry.person_id = oldest.person_id \
                          AND audit_entry.action = '{done}' AND audit_entry.at >= {since})) AS staff_review"
    )
}

/// Whether it is time again.
///
/// # Errors
/// When the database does not answer.
pub async fn is_due(app: &App) -> Result<bool> {
    let since = since(app.clock.now());
    let sql = format!("SELECT {}", due_column("$1"));
    let due: i64 = read!(app.db, |c| {
        Ok(sqlx::query_scalar(AssertSqlSafe(sql.as_str()))
            .bind(since)
            .fetch_one(&mut *c)
            .await?)
    })?;
    Ok(due > 0)
}

/// When somebody last said that they looked through it, and what they are called.
pub(super) async fn last(app: &App) -> Result<Option<(DateTime<Utc>, Option<String>)>> {
    const LAST: &str = concat!(
        "SELECT audit_entry.at, \
                (SELECT person.full_name FROM representation JOIN person ON person.id = representation.person_id \
                 WHERE representation.account_id = audit_entry.account_id AND representation.kind = 'self' \
                 AND representation.ends_at IS NULL) AS name \
         FROM (",
        by_time!(" LIMIT 1"),
        ") oldest JOIN audit_entry ON audit_entry.person_id = oldest.person_id AND audit_entry.action = $1 \
         ORDER BY audit_entry.at DESC LIMIT 1"
    );
    read!(app.db, |c| {
        Ok(sqlx::query_as(LAST)
            .bind(Action::StaffReviewed.name())
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// Somebody has looked through it; `id` is of the form, so that the same form twice is one look.
pub(super) async fn keep(app: &App, by: &By, id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        // Of one form sent twice at once the second waits here, and finds what the first wrote.
        sqlx::query("UPDATE staff SET joined_at = joined_at WHERE account_id = $1")
            .bind(by.account_id)
            .execute(&mut *c)
            .await?;
        let rows: Vec<(Uuid, DateTime<Utc>)> =
            sqlx::query_as(by_time!("")).fetch_all(&mut *c).await?;
        let people: Vec<Uuid> = rows.into_iter().map(|(person, _)| person).collect();
        let done: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND about = $2",
        )
        .bind(people.first().copied())
        .bind(id)
        .fetch_one(&mut *c)
        .await?;
        if done == 0 {
            let entries = audit::looks(app, by, Action::StaffReviewed, Some(id), people)?;
            insert_entries!(c, &entries);
        }
        Ok(())
    })
}
