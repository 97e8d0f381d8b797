//! SQL of tutors.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Candidate, Led, Tutor, Words};
use crate::catalogue;
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::audit::{Entry, insert_entry};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many a page shows.
pub const A_PAGE: i64 = 25;
/// More than a tutor leads at a time, and more accounts than there are to choose from.
const AT_MOST: i64 = 200;

/// Reads [`Tutor`]s: `$1` is now. What follows narrows it.
macro_rules! tutors {
    ($rest:literal) => {
        concat!(
            "SELECT tutor.id, tutor.full_name, tutor.known_as, tutor.about, tutor.account_id, \
                    person.full_name AS account_name, person.id AS account_person, \
                    (SELECT COUNT(*) FROM run WHERE run.tutor_id = tutor.id AND run.ends_at > $1 \
                            AND run.status <> 'cancelled') AS runs \
             FROM tutor LEFT JOIN representation ON representation.account_id = tutor.account_id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id ",
            $rest
        )
    };
}

/// The orders of the list.
pub const ORDERS: [Order; 3] = [
    Order::rising("name", "Name", "lower(tutor.full_name)"),
    Order::falling("runs", "Most runs first", "runs"),
    Order::rising("account", "Who they sign in as", "lower(person.full_name)"),
];

macro_rules! page_of_tutors {
    ($c:ident, $app:ident, $sql:expr, $words:expr, $part:expr) => {{
        let rows: Vec<Tutor> = sqlx::query_as(AssertSqlSafe($sql.as_str()))
            .bind($app.clock.now())
            .bind(&$words)
            .bind($part.take)
            .bind($part.skip)
            .fetch_all(&mut *$c)
            .await?;
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM tutor WHERE lower(full_name) LIKE lower($1) ESCAPE '!'",
        )
        .bind(&$words)
        .fetch_one(&mut *$c)
        .await?;
        (rows, count)
    }};
}

/// A part of those whose name has these words, and how many there are; `entry` says who downloads them, and is written in the
/// same transaction.
pub async fn list(
    app: &App,
    words: &str,
    sort: Sort,
    part: Part,
    entry: Option<&Entry>,
) -> Result<(Vec<Tutor>, i64)> {
    let words = like::anywhere(words);
    let sql = [
        tutors!("WHERE lower(tutor.full_name) LIKE lower($2) ESCAPE '!' ORDER BY "),
        &sort.sql(),
        ", tutor.id LIMIT $3 OFFSET $4",
    ]
    .concat();
    let Some(entry) = entry else {
        return read!(app.db, |c| Ok(page_of_tutors!(c, app, sql, words, part)));
    };
    write_tx!(app.db, |c| {
        let page = page_of_tutors!(c, app, sql, words, part);
        insert_entry!(c, entry);
        Ok(page)
    })
}

/// One of them.
pub async fn one(app: &App, id: Uuid) -> Result<Option<Tutor>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(tutors!("WHERE tutor.id = $2"))
            .bind(now)
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// What they lead now and soon, the next first.
pub async fn runs(app: &App, id: Uuid) -> Result<Vec<Led>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id, course.title, run.starts_at, run.ends_at, \
                    (run.tutor_id IS NULL OR run.tutor_id <> $1) AS stands_in \
             FROM run JOIN course ON course.id = run.course_id \
             WHERE run.ends_at > $2 AND run.status <> 'cancelled' AND run.id IN ( \
                SELECT own.id FROM run own WHERE own.tutor_id = $1 \
                UNION SELECT session.run_id FROM session_tutor JOIN session ON session.id = session_tutor.session_id \
                WHERE session_tutor.tutor_id = $1 AND session.ends_at > $2) \
             ORDER BY run.starts_at, run.id LIMIT $3",
        )
        .bind(id)
        .bind(now)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// The accounts that work here as a tutor, and that no other tutor signs in with.
pub async fn candidates(app: &App, id: Uuid) -> Result<Vec<Candidate>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id AS account_id, person.id AS person_id, person.full_name AS name, account.email \
             FROM role_grant JOIN account ON account.id = role_grant.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE role_grant.role = 'tutor' AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $2) \
               AND NOT EXISTS (SELECT 1 FROM tutor other WHERE other.account_id = account.id AND other.id <> $1) \
             ORDER BY lower(person.full_name), account.id LIMIT $3",
        )
        .bind(id)
        .bind(now)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Adds one. `slug` is unique: it ends with the tutor's number.
pub async fn add(app: &App, id: Uuid, slug: &str, words: &Words, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let added = sqlx::query(
            "INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id)
        .bind(slug)
        .bind(&words.full_name)
        .bind(&words.known_as)
        .bind(&words.about)
        .execute(&mut *c)
        .await?;
        if added.rows_affected() > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// Changes what the site says of them: the pages of the catalogue are drawn anew.
pub async fn change(app: &App, id: Uuid, words: &Words, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE tutor SET full_name = $2, known_as = $3, about = $4 \
             WHERE id = $1 AND (full_name <> $2 OR known_as <> $3 OR about <> $4)",
        )
        .bind(id)
        .bind(&words.full_name)
        .bind(&words.known_as)
        .bind(&words.about)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() > 0 {
            sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
            insert_entry!(c, entry);
        }
        Ok(())
    })?;
    app.catalogue.places_changed();
    Ok(())
}

/// They sign in with this account from now on, or with none. `false` when the tutor has another account by now than when it
/// was looked, or the account works here no more, is no tutor's, or is another tutor's.
pub async fn link(
    app: &App,
    tutor: &Tutor,
    account: Option<Uuid>,
    entries: &[Entry],
) -> Result<bool> {
    let now = app.clock.now();
    let nobody = Uuid::nil();
    write_tx!(app.db, |c| {
        if let Some(account) = account {
            // It waits for whoever is taking the role away.
            sqlx::query(
                "UPDATE role_grant SET granted_at = granted_at \
                 WHERE account_id = $1 AND role = 'tutor' AND ends_at IS NULL",
            )
            .bind(account)
            .execute(&mut *c)
            .await?;
        }
        let done = sqlx::query(
            "UPDATE tutor SET account_id = $2 WHERE id = $1 AND COALESCE(account_id, $4) = $5 \
             AND ($2 IS NULL OR (EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = $2 AND role = 'tutor' \
                                         AND (ends_at IS NULL OR ends_at > $3)) \
                                 AND NOT EXISTS (SELECT 1 FROM tutor other WHERE other.account_id = $2)))",
        )
        .bind(tutor.id)
        .bind(account)
        .bind(now)
        .bind(nobody)
        .bind(tutor.account_id.unwrap_or(nobody))
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for entry in entries {
            insert_entry!(c, entry);
        }
        Ok(true)
    })
}
