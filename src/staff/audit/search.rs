//! SQL of searching the audit. Every question is answered from an index, whatever the number of rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Entry, insert_entry};
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many rows a page shows.
pub const A_PAGE: i64 = 50;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What this account did.
    pub account_id: Option<Uuid>,
    /// What was done with this person's data.
    pub person_id: Option<Uuid>,
    /// From this moment.
    pub from: DateTime<Utc>,
    /// Before this moment.
    pub to: DateTime<Utc>,
    /// Older than this row: the next page.
    pub older_than: Option<(DateTime<Utc>, Uuid)>,
}

/// A row, with the names that are known now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub action: String,
    pub role: String,
    pub page: String,
    pub account_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub who: Option<String>,
    pub whose: Option<String>,
}

/// The statement of a question.
fn sql(question: &Question) -> String {
    // Each of the four has an index of its own; "or none asked for" would have none.
    let narrowed = match (question.account_id, question.person_id) {
        (None, None) => "",
        (Some(_), None) => "AND e.account_id = $5 ",
        (None, Some(_)) => "AND e.person_id = $5 ",
        (Some(_), Some(_)) => "AND e.person_id = $5 AND e.account_id = $6 ",
    };
    format!(
        "SELECT e.id, e.at, e.action, e.role, e.page, e.account_id, e.person_id, \
                (SELECT p.full_name FROM representation r JOIN person p ON p.id = r.person_id \
                 WHERE r.account_id = e.account_id AND r.kind = 'self' AND r.ends_at IS NULL) AS who, \
                (SELECT p.full_name FROM person p WHERE p.id = e.person_id) AS whose \
         FROM audit_entry e \
         WHERE e.at >= $1 AND e.at <= $2 AND (e.at < $2 OR e.id < $3) {narrowed}\
         ORDER BY e.at DESC, e.id DESC LIMIT $4"
    )
}

macro_rules! found {
    ($c:ident, $sql:expr, $times:expr, $before_id:expr, $at_most:expr, $ids:expr) => {{
        let (from, first): (DateTime<Utc>, DateTime<Utc>) = $times;
        let mut query = sqlx::query_as::<_, Found>(sqlx::AssertSqlSafe($sql.as_str()))
            .bind(from)
            .bind(first)
            .bind($before_id)
            .bind($at_most);
        for id in $ids.into_iter().flatten() {
            query = query.bind(id);
        }
        query.fetch_all(&mut *$c).await?
    }};
}

/// Up to `at_most` rows, newest first; `entry` says who sees them, and is written in the same transaction.
pub async fn find(
    app: &App,
    question: &Question,
    at_most: i64,
    entry: Option<&Entry>,
) -> Result<Vec<Found>> {
    let sql = sql(question);
    let (before, before_id) = question.older_than.unwrap_or((question.to, Uuid::max()));
    let first = before.min(question.to);
    let times = (question.from, first);
    let ids = [question.person_id, question.account_id];
    let Some(entry) = entry else {
        return read!(app.db, |c| Ok(found!(
            c, sql, times, before_id, at_most, ids
        )));
    };
    write_tx!(app.db, |c| {
        let found = found!(c, sql, times, before_id, at_most, ids);
        insert_entry!(c, entry);
        Ok(found)
    })
}

/// The account that signs in with this address, and the person it stands for.
pub async fn by_email(app: &App, email: &str) -> Result<Option<(Uuid, Uuid)>> {
    let email = email.to_ascii_lowercase();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id, representation.person_id FROM account \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             WHERE lower(account.email) = $1",
        )
        .bind(&email)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// What somebody is called.
pub async fn name(app: &App, person_id: Uuid) -> Result<Option<String>> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT full_name FROM person WHERE id = $1")
                .bind(person_id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// Somebody whose record was seen or changed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Seen {
    pub person_id: Uuid,
    pub name: Option<String>,
    pub times: i64,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
}

/// The orders of the people whom an account saw.
pub const PEOPLE_ORDERS: [Order; 4] = [
    Order::falling("last", "Whoever was seen last", "seen.last"),
    Order::falling(
        "first",
        "Whoever was seen first, the last first",
        "seen.first",
    ),
    Order::falling("times", "Most entries first", "seen.times"),
    Order::rising("name", "Name", "lower(person.full_name)"),
];

macro_rules! people {
    ($c:ident, $sql:expr, $account:expr, $times:expr, $part:expr) => {{
        let (from, to): (DateTime<Utc>, DateTime<Utc>) = $times;
        let rows: Vec<Seen> = sqlx::query_as(sqlx::AssertSqlSafe($sql.as_str()))
            .bind($account)
            .bind(from)
            .bind(to)
            .bind($part.take)
            .bind($part.skip)
            .fetch_all(&mut *$c)
            .await?;
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(DISTINCT person_id) FROM audit_entry WHERE account_id = $1 AND at >= $2 AND at < $3",
        )
        .bind($account)
        .bind(from)
        .bind(to)
        .fetch_one(&mut *$c)
        .await?;
        (rows, count)
    }};
}

/// A part of the people with whose data an account did anything from `from` to before `to`, with how many there are; `entry` says who
/// sees them, and is written in the same transaction.
pub async fn people_seen(
    app: &App,
    account_id: Uuid,
    times: (DateTime<Utc>, DateTime<Utc>),
    (sort, part): (Sort, Part),
    entry: Option<&Entry>,
) -> Result<(Vec<Seen>, i64)> {
    let sql = [
        "SELECT seen.person_id, person.full_name AS name, seen.times, seen.first, seen.last FROM ( \
                SELECT person_id, COUNT(*) AS times, MIN(at) AS first, MAX(at) AS last FROM audit_entry \
                WHERE account_id = $1 AND at >= $2 AND at < $3 AND person_id IS NOT NULL GROUP BY person_id \
             ) seen LEFT JOIN person ON person.id = seen.person_id ORDER BY ",
        &sort.sql(),
        ", seen.person_id LIMIT $4 OFFSET $5",
    ]
    .concat();
    let Some(entry) = entry else {
        return read!(app.db, |c| Ok(people!(c, sql, account_id, times, part)));
    };
    write_tx!(app.db, |c| {
        let people = people!(c, sql, account_id, times, part);
        insert_entry!(c, entry);
        Ok(people)
    })
}
