//! SQL of accounts.

use chrono::{DateTime, Utc};

use super::model::Who;
use crate::server::db::Db;
use crate::server::{Result, random};
use crate::{read, write_tx};

#[derive(sqlx::FromRow)]
struct DeviceRow {
    #[sqlx(flatten)]
    who: Who,
    keep_signed_in: bool,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// A device's times, for the rules.
pub struct DeviceTimes {
    pub kept: bool,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The device that holds `token`, unless it was signed out. One query on an index.
pub async fn device(
    db: &Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Who, DeviceTimes)>> {
    let hash = random::hash(token).to_vec();
    let row: Option<DeviceRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT device.id AS device_id, account.id AS account_id, person.id AS person_id, \
                    COALESCE(person.preferred_name, person.full_name) AS name, account.email AS email, \
                    account.email_verified_at IS NOT NULL AS verified, \
                    EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = account.id \
                            AND role = 'volunteer' AND (ends_at IS NULL OR ends_at > $2)) AS volunteer, \
                    device.keep_signed_in, device.seen_at, device.expires_at \
             FROM device \
             JOIN account ON account.id = device.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             WHERE device.token_hash = $1 AND device.ended_at IS NULL",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(row.map(|row| {
        let times = DeviceTimes {
            kept: row.keep_signed_in,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        };
        (row.who, times)
    }))
}

/// Notes that a device was used.
pub async fn device_seen(db: &Db, id: uuid::Uuid, now: DateTime<Utc>) -> Result<()> {
    write_tx!(db, |c| {
        sqlx::query("UPDATE device SET seen_at = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}
