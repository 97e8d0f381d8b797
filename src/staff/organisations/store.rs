//! SQL of organisations.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Coordinator, Given, Named, Organisation};
use crate::accounts::roles::Role;
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::audit::{Entry, insert_entry};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// How many a page shows.
pub const A_PAGE: i64 = 25;
/// More runs than one organisation gives at a time.
const RUNS: i64 = 100;

/// Reads [`Organisation`]s: `$1` is now. What follows narrows it.
macro_rules! organisations {
    ($rest:literal) => {
        concat!(
            "SELECT organisation.id, organisation.name, organisation.ended_at, \
                    (SELECT COUNT(*) FROM run WHERE run.provider_id = organisation.id AND run.ends_at > $1 \
                            AND run.status <> 'cancelled') AS runs, \
                    (SELECT COUNT(*) FROM role_grant WHERE role_grant.organisation_id = organisation.id \
                            AND role = 'coordinator' AND (ends_at IS NULL OR ends_at > $1)) AS coordinators \
             FROM organisation WHERE organisation.kind = 'provider' ",
            $rest
        )
    };
}

/// The orders of the list.
pub const ORDERS: [Order; 3] = [
    Order::rising("name", "Name", "lower(organisation.name)"),
    Order::falling("runs", "Most runs first", "runs"),
    Order::falling("coordinators", "Most coordinators first", "coordinators"),
];

/// A part of those whose name has these words, the closed ones last; and how many there are.
pub async fn list(
    app: &App,
    words: &str,
    sort: Sort,
    part: Part,
) -> Result<(Vec<Organisation>, i64)> {
    let now = app.clock.now();
    let words = like::anywhere(words);
    let sql = [
        organisations!(
            "AND lower(organisation.name) LIKE lower($2) ESCAPE '!' ORDER BY organisation.ended_at IS NOT NULL, "
        ),
        &sort.sql(),
        ", organisation.id LIMIT $3 OFFSET $4",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(&words)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM organisation WHERE kind = 'provider' AND lower(name) LIKE lower($1) ESCAPE '!'",
        )
        .bind(&words)
        .fetch_one(&mut *c)
        .await?;
        Ok((rows, count))
    })
}

/// One of them.
pub async fn one(app: &App, id: Uuid) -> Result<Option<Organisation>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(organisations!("AND organisation.id = $2"))
            .bind(now)
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// Who coordinates it, by name.
pub async fn coordinators(app: &App, id: Uuid) -> Result<Vec<Coordinator>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT account.id AS account_id, person.id AS person_id, person.full_name AS name, account.email \
             FROM role_grant JOIN account ON account.id = role_grant.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE role_grant.organisation_id = $1 AND role_grant.role = 'coordinator' \
               AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $2) \
             ORDER BY lower(person.full_name), account.id",
        )
        .bind(id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// What it gives now and soon, the next first.
pub async fn runs(app: &App, id: Uuid) -> Result<Vec<Given>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id, course.title, tutor.full_name AS tutor, run.starts_at, run.ends_at FROM run \
             JOIN course ON course.id = run.course_id LEFT JOIN tutor ON tutor.id = run.tutor_id \
             WHERE run.provider_id = $1 AND run.ends_at > $2 AND run.status <> 'cancelled' \
             ORDER BY run.starts_at, run.id LIMIT $3",
        )
        .bind(id)
        .bind(now)
        .bind(RUNS)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Adds one.
pub async fn add(app: &App, id: Uuid, name: &str, entry: &Entry) -> Result<Named> {
    write_tx!(app.db, |c| {
        let added = sqlx::query(
            "INSERT INTO organisation (id, name, kind, created_at) VALUES ($1, $2, 'provider', $3) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(name)
        .bind(entry.at)
        .execute(&mut *c)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(Named::Taken);
        }
        insert_entry!(c, entry);
        Ok(Named::Yes)
    })
}

/// Gives it another name.
pub async fn rename(app: &App, id: Uuid, name: &str, entry: &Entry) -> Result<Named> {
    write_tx!(app.db, |c| {
        let taken: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM organisation WHERE id <> $1 AND ended_at IS NULL AND lower(name) = lower($2))",
        )
        .bind(id)
        .bind(name)
        .fetch_one(&mut *c)
        .await?;
        if taken {
            return Ok(Named::Taken);
        }
        let done =
            sqlx::query("UPDATE organisation SET name = $2 WHERE id = $1 AND ended_at IS NULL")
                .bind(id)
                .bind(name)
                .execute(&mut *c)
                .await?;
        if done.rows_affected() == 0 {
            return Ok(Named::Closed);
        }
        insert_entry!(c, entry);
        Ok(Named::Yes)
    })
}

/// Closes it: nobody coordinates it any more, and what people were invited to is over, in one moment. `false` when it was
/// closed already.
pub async fn close(app: &App, id: Uuid, entry: &Entry) -> Result<bool> {
    let now = entry.at;
    write_tx!(app.db, |c| {
        let done =
            sqlx::query("UPDATE organisation SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
                .bind(id)
                .bind(now)
                .execute(&mut *c)
                .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for sql in [
            "UPDATE role_grant SET ends_at = $2 WHERE organisation_id = $1 AND ends_at IS NULL",
            "UPDATE staff_invitation SET withdrawn_at = $2 \
             WHERE organisation_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL",
        ] {
            sqlx::query(sql).bind(id).bind(now).execute(&mut *c).await?;
        }
        insert_entry!(c, entry);
        Ok(true)
    })
}

/// Whether the account with this address coordinates it.
pub async fn coordinates(app: &App, id: Uuid, email: &str) -> Result<bool> {
    let email = email.to_ascii_lowercase();
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM role_grant JOIN account ON account.id = role_grant.account_id \
             WHERE role_grant.organisation_id = $1 AND role_grant.role = 'coordinator' AND role_grant.ends_at IS NULL \
               AND lower(account.email) = $2)",
        )
        .bind(id)
        .bind(&email)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// Somebody coordinates it no more, from their next click on. `false` when it was so.
pub async fn take_off(app: &App, id: Uuid, account_id: Uuid, entry: &Entry) -> Result<bool> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE role_grant SET ends_at = $4 WHERE organisation_id = $1 AND account_id = $2 AND role = $3 \
             AND (ends_at IS NULL OR ends_at > $4)",
        )
        .bind(id)
        .bind(account_id)
        .bind(Role::Coordinator.name())
        .bind(entry.at)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        insert_entry!(c, entry);
        Ok(true)
    })
}
