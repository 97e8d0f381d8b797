//! SQL of the outbox.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::Channel;
use super::rules::LEASE;
use crate::server::Result;
use crate::server::db::Db;
use crate::{read, write_tx};

/// A message that one worker has to itself for a while.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Leased {
    pub id: Uuid,
    pub sealed: Vec<u8>,
    pub attempts: i64,
    pub created_at: DateTime<Utc>,
    pub useless_after: Option<DateTime<Utc>>,
}

impl Leased {
    /// Whether it would be of no use to anybody any more.
    pub fn is_too_late(&self, now: DateTime<Utc>) -> bool {
        self.useless_after.is_some_and(|after| after <= now)
    }
}

/// Whether anything is due.
pub(super) async fn is_due(
    db: &Db,
    channel: Channel,
    now: DateTime<Utc>,
    guarded: bool,
) -> Result<bool> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'waiting' AND channel = $3 AND next_try_at <= $1 \
                            AND (NOT $2 OR leased_until IS NULL OR leased_until <= $1))",
        )
        .bind(now)
        .bind(guarded)
        .bind(channel.name())
        .fetch_one(&mut *c)
        .await?)
    })
}

/// Takes the next message that is due. Two workers never get the same one while the lease lasts: SQLite has one
/// writer, and PostgreSQL passes over rows that another is taking.
pub(super) async fn lease(
    db: &Db,
    channel: Channel,
    owner: Uuid,
    now: DateTime<Utc>,
    guarded: bool,
) -> Result<Option<Leased>> {
    let sql = match (db, guarded) {
        (Db::Sqlite { .. }, true) => {
            "UPDATE outbox SET lease_owner = $1, leased_until = $3, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND channel = $4 AND next_try_at <= $2 \
                         AND (leased_until IS NULL OR leased_until <= $2) \
                         ORDER BY next_try_at, id LIMIT 1) \
             RETURNING id, sealed, attempts, created_at, useless_after"
        }
        (Db::Postgres(_), true) => {
            "UPDATE outbox SET lease_owner = $1, leased_until = $3, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND channel = $4 AND next_try_at <= $2 \
                         AND (leased_until IS NULL OR leased_until <= $2) \
                         ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
             RETURNING id, sealed, attempts, created_at, useless_after"
        }
        // The negative control: another's lease is not respected.
        (_, false) => {
            "UPDATE outbox SET lease_owner = $1, leased_until = $3, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND channel = $4 AND next_try_at <= $2 \
                         ORDER BY next_try_at, id LIMIT 1) \
             RETURNING id, sealed, attempts, created_at, useless_after"
        }
    };
    write_tx!(db, |c| {
        Ok(sqlx::query_as(sql)
            .bind(owner)
            .bind(now)
            .bind(now + LEASE)
            .bind(channel.name())
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// It was sent: what it said is forgotten.
pub(super) async fn sent(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    write_tx!(db, |c| {
        sqlx::query(
            "UPDATE outbox SET state = 'sent', sealed = NULL, finished_at = $2, lease_owner = NULL, \
             leased_until = NULL, last_error = NULL WHERE id = $1 AND state <> 'sent'",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// It is too late to send it: it is taken out, with what it said. Nobody has to look into that.
pub(super) async fn too_late(db: &Db, id: Uuid, owner: Uuid) -> Result<()> {
    write_tx!(db, |c| {
        sqlx::query("DELETE FROM outbox WHERE id = $1 AND lease_owner = $2 AND state = 'waiting'")
            .bind(id)
            .bind(owner)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// It was not sent: it waits until `next`, or is dead.
pub(super) async fn failed(
    db: &Db,
    id: Uuid,
    owner: Uuid,
    now: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
    why: &str,
) -> Result<()> {
    let finished_at = next.is_none().then_some(now);
    let state = if next.is_some() { "waiting" } else { "dead" };
    let next = next.unwrap_or(now);
    write_tx!(db, |c| {
        sqlx::query(
            "UPDATE outbox SET state = $3, next_try_at = $4, finished_at = $5, last_error = $6, \
             lease_owner = NULL, leased_until = NULL WHERE id = $1 AND lease_owner = $2 AND state = 'waiting'",
        )
        .bind(id)
        .bind(owner)
        .bind(state)
        .bind(next)
        .bind(finished_at)
        .bind(why)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}
