//! SQL of devices.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::roles::Roles;
use crate::accounts::rules::Sitting;
use crate::server::db::Db;
use crate::server::{App, Result, random};
use crate::{read, write_tx};

/// A device in the list on the account's page.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeviceRow {
    pub id: Uuid,
    pub label: String,
    pub keep_signed_in: bool,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl DeviceRow {
    /// How long it stays signed in, for an account with these roles.
    pub fn sitting(&self, roles: Roles) -> Sitting {
        Sitting {
            since: self.created_at,
            seen_at: self.seen_at,
            expires_at: self.expires_at,
            kept: self.keep_signed_in,
            roles,
        }
    }
}

/// An account's devices that were not signed out, last used first.
pub async fn of_account(db: &Db, account_id: Uuid, now: DateTime<Utc>) -> Result<Vec<DeviceRow>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, label, keep_signed_in, created_at, seen_at, expires_at FROM device \
             WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Whether a device was asked to stay signed in.
pub async fn is_kept(app: &App, id: Uuid) -> Result<bool> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT keep_signed_in FROM device WHERE id = $1")
                .bind(id)
                .fetch_one(&mut *c)
                .await?,
        )
    })
}

/// Signs out one device of an account; another account's is left alone.
pub async fn end(db: &Db, account_id: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    write_tx!(db, |c| {
        let done = sqlx::query(
            "UPDATE device SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
        )
        .bind(id)
        .bind(account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Signs out the device that holds `token`.
pub async fn end_this(db: &Db, token: &str, now: DateTime<Utc>) -> Result<()> {
    let hash = random::hash(token).to_vec();
    write_tx!(db, |c| {
        sqlx::query("UPDATE device SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL")
            .bind(&hash)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// Signs out every device of an account.
pub async fn end_all(db: &Db, account_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    write_tx!(db, |c| {
        sqlx::query("UPDATE device SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL")
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("DELETE FROM known_device WHERE account_id = $1")
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}
