//! SQL of passwords.

use uuid::Uuid;

use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::emails::{self, To};
use crate::accounts::links::use_link;
use crate::accounts::sign_in::store::AccountRow;
use crate::messages;
use crate::server::{App, Result};
use crate::write_tx;

/// Saves a new password: every device is signed out, this one signed in anew, every link that was sent to the account
/// stops working (one to another sign-in address above all), and the address is told. `false`: the link was used meanwhile.
pub async fn change(
    app: &App,
    account: &AccountRow,
    hash: &str,
    device: &NewDevice,
    link_id: Option<Uuid>,
) -> Result<bool> {
    let now = device.now;
    let to = To {
        email: &account.email,
        known_as: &account.name,
        person_id: Some(account.person_id),
    };
    let letter = emails::password_changed(app, to, device.id).await?;
    write_tx!(app.db, |c| {
        if let Some(link_id) = link_id {
            if !use_link!(c, link_id, now) {
                return Ok(false);
            }
            // Who opened the email has shown that the address is theirs.
            sqlx::query("UPDATE account SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL")
                .bind(account.id)
                .bind(now)
                .execute(&mut *c)
                .await?;
        }
        sqlx::query("UPDATE account SET password_hash = $2, updated_at = $3 WHERE id = $1")
            .bind(account.id)
            .bind(hash)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE device SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL")
            .bind(account.id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query(
            "UPDATE email_link SET used_at = $2 \
             WHERE account_id = $1 AND used_at IS NULL",
        )
        .bind(account.id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        // A secret that was shown and not used goes, too: whoever knew the old password may have seen it.
        for sql in [
            "DELETE FROM known_device WHERE account_id = $1",
            "DELETE FROM second_step WHERE account_id = $1 AND in_use_since IS NULL",
        ] {
            sqlx::query(sql).bind(account.id).execute(&mut *c).await?;
        }
        insert_device!(c, device, account.id);
        messages::insert!(c, &letter);
        Ok(true)
    })
    .inspect(|_| app.messages.wake())
}
