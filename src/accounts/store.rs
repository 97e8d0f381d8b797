//! SQL of accounts.

use chrono::{DateTime, Utc};

use super::model::Who;
use super::rules::Sitting;
use crate::server::db::Db;
use crate::server::{Result, random};
use crate::{read, write_tx};

#[derive(sqlx::FromRow)]
struct DeviceRow {
    #[sqlx(flatten)]
    who: Who,
    keep_signed_in: bool,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    second_step_at: Option<DateTime<Utc>>,
}

/// A device that was not signed out; whether its time is over, the rules say.
pub struct Device {
    /// Who signed in with it.
    pub who: Who,
    /// For how long.
    pub sitting: Sitting,
    /// The password was right, and the second step is still to come.
    pub half: bool,
}

/// The device that holds `token`, unless it was signed out. One query on an index.
pub async fn device(db: &Db, token: &str, now: DateTime<Utc>) -> Result<Option<Device>> {
    let hash = random::hash(token).to_vec();
    let row: Option<DeviceRow> = read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT device.id AS device_id, account.id AS account_id, person.id AS person_id, \
                    COALESCE(person.preferred_name, person.full_name) AS name, account.email AS email, \
                    account.email_verified_at IS NOT NULL AS verified, \
                    COALESCE((SELECT string_agg(role, ' ') FROM role_grant WHERE role_grant.account_id = account.id \
                              AND (ends_at IS NULL OR ends_at > $2)), '') \
                    || CASE WHEN EXISTS (SELECT 1 FROM volunteer WHERE volunteer.person_id = person.id \
                              AND volunteer.ended_at IS NULL AND volunteer.from_at <= $2 AND volunteer.until_at > $2) \
                            THEN ' volunteer' ELSE '' END AS roles, \
                    EXISTS (SELECT 1 FROM second_step WHERE second_step.account_id = account.id \
                            AND in_use_since IS NOT NULL) AS two_step, \
                    EXISTS (SELECT 1 FROM second_step WHERE second_step.account_id = account.id \
                            AND in_use_since IS NOT NULL AND phone IS NOT NULL) AS by_text, \
                    staff.data_training_until, staff.confidentiality_until, staff.dbs_until, \
                    device.keep_signed_in, device.created_at, device.seen_at, device.expires_at, \
                    device.second_step_at \
             FROM device \
             JOIN account ON account.id = device.account_id \
             JOIN representation ON representation.account_id = account.id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             JOIN person ON person.id = representation.person_id \
             LEFT JOIN staff ON staff.account_id = account.id \
             WHERE device.token_hash = $1 AND device.ended_at IS NULL",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(row.map(|row| Device {
        sitting: Sitting {
            since: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
            kept: row.keep_signed_in,
            roles: row.who.roles,
        },
        half: row.who.two_step && row.second_step_at.is_none(),
        who: row.who,
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
