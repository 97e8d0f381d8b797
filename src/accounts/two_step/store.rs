//! SQL of the second step.

mod by_text;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::code::{self, RECOVERY_CODES, Secret};
use super::{STEP, TEXT};
use crate::accounts::devices::{NewDevice, insert_device};
use crate::accounts::emails::{self, To};
use crate::accounts::model::Who;
use crate::messages;
use crate::messages::letters::TwoStepNews;
use crate::server::random;
use crate::server::vault::RecordClass;
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};
use by_text::{TextCode, send_code, was_sent};

pub use by_text::send_text;

/// The second step of an account.
pub struct SecondStep {
    account_id: Uuid,
    pub secret: Secret,
    /// When the secret was made.
    pub created_at: DateTime<Utc>,
    /// Since when a code is asked for; not yet, while it is being set up.
    pub in_use_since: Option<DateTime<Utc>>,
    /// When the recovery codes were made.
    pub codes_made_at: Option<DateTime<Utc>>,
    /// The last half-minute whose code was used.
    last_step: i64,
    /// How many recovery codes are left.
    pub codes_left: i64,
    /// The mobile number that codes go to; none when an app makes them.
    pub phone: Option<String>,
    /// Until when the code works that was sent last; none when there is none to type.
    pub text_until: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    sealed: Vec<u8>,
    created_at: DateTime<Utc>,
    in_use_since: Option<DateTime<Utc>>,
    codes_made_at: Option<DateTime<Utc>>,
    last_step: i64,
    used: i64,
    phone: Option<Vec<u8>>,
    text_until: Option<DateTime<Utc>>,
}

/// That of an account, in use or being set up.
pub async fn of(app: &App, account_id: Uuid) -> Result<Option<SecondStep>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT sealed, created_at, in_use_since, codes_made_at, last_step, phone, \
                    (SELECT expires_at FROM text_code WHERE text_code.account_id = second_step.account_id \
                        AND expires_at > $2) AS text_until, \
                    (SELECT COUNT(*) FROM recovery_code_use WHERE recovery_code_use.account_id = second_step.account_id) AS used \
             FROM second_step WHERE account_id = $1",
        )
        .bind(account_id)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some(row) = row else {
        return Ok(None);
    };
    let plain = open(app, account_id, &row.sealed).await?;
    let phone = match &row.phone {
        Some(sealed) => {
            let plain = open(app, account_id, sealed).await?;
            Some(String::from_utf8_lossy(&plain).into_owned())
        }
        None => None,
    };
    Ok(Some(SecondStep {
        account_id,
        secret: Secret::from_bytes(&plain)?,
        created_at: row.created_at,
        in_use_since: row.in_use_since,
        codes_made_at: row.codes_made_at,
        last_step: row.last_step,
        codes_left: RECOVERY_CODES - row.used,
        phone,
        text_until: row.text_until,
    }))
}

async fn seal(app: &App, account_id: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
    let now = app.clock.now();
    let class = RecordClass::SignIn;
    app.vault
        .seal(now, account_id, class, account_id, plain)
        .await
}

async fn open(app: &App, account_id: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let class = RecordClass::SignIn;
    app.vault.open(account_id, class, account_id, sealed).await
}

/// Makes a new secret for an account. One that is in use stays; one that was shown and never used does not, for somebody
/// else may have seen it. With a mobile number, the first code is on its way there. `before` is what the account had: of two
/// that begin at once, one does.
pub async fn begin(
    app: &App,
    who: &Who,
    phone: Option<&str>,
    before: Option<&SecondStep>,
) -> Result<()> {
    let (account_id, now) = (who.account_id, app.clock.now());
    let stood = before.map(|step| step.created_at);
    let secret = Secret::new()?;
    let sealed = seal(app, account_id, secret.bytes()).await?;
    let (number, code) = match phone {
        Some(phone) => (
            Some(seal(app, account_id, phone.as_bytes()).await?),
            Some(TextCode::prepare(app, who, &secret, phone, TEXT).await?),
        ),
        None => (None, None),
    };
    write_tx!(app.db, |c| {
        let begun = sqlx::query(
            "INSERT INTO second_step (account_id, sealed, created_at, phone) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account_id) DO UPDATE \
                SET sealed = excluded.sealed, created_at = excluded.created_at, phone = excluded.phone \
             WHERE second_step.in_use_since IS NULL AND second_step.created_at = $5",
        )
        .bind(account_id)
        .bind(&sealed)
        .bind(now)
        .bind(&number)
        .bind(stood)
        .execute(&mut *c)
        .await?;
        if begun.rows_affected() == 0 {
            return Ok(());
        }
        sqlx::query("DELETE FROM text_code WHERE account_id = $1")
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        if let Some(code) = &code {
            send_code!(c, account_id, code);
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// What a code that was typed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The app's, of this half-minute.
    App(i64),
    /// The one that was sent by text, as it is kept.
    Text([u8; 32]),
    /// The recovery code with this number, of those made then.
    Recovery(i64, DateTime<Utc>),
    /// None of these.
    Wrong,
}

impl SecondStep {
    /// Which code was typed, by the clock. Whether it was used before, only the transaction says.
    pub async fn read(&self, app: &App, typed: &str) -> Result<Typed> {
        let typed = code::tidy(typed);
        // With codes by text no app has the secret.
        if self.phone.is_some() {
            let mac = self.secret.text_mac(&app.vault, self.account_id, &typed);
            if was_sent(app, self.account_id, &mac).await? {
                return Ok(Typed::Text(mac));
            }
        } else if let Some(step) = self.secret.step(&typed, app.clock.now())?
            && step > self.last_step
        {
            return Ok(Typed::App(step));
        }
        let recovery = self.codes_made_at.and_then(|made_at| {
            let number = self.secret.recovery_number(&typed, made_at)?;
            Some(Typed::Recovery(number, made_at))
        });
        Ok(recovery.unwrap_or(Typed::Wrong))
    }
}

/// Uses a code up inside a transaction: whether it had not been used before. Of two at once one is first.
macro_rules! use_code {
    ($c:ident, $account_id:expr, $typed:expr, $now:expr) => {
        match $typed {
            Typed::App(step) => sqlx::query(
                "UPDATE second_step SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
            )
            .bind($account_id)
            .bind(step)
            .execute(&mut *$c)
            .await?
            .rows_affected()
                == 1,
            Typed::Text(mac) => sqlx::query(
                "DELETE FROM text_code WHERE account_id = $1 AND code_mac = $2 AND expires_at > $3",
            )
            .bind($account_id)
            .bind(mac.to_vec())
            .bind($now)
            .execute(&mut *$c)
            .await?
            .rows_affected()
                == 1,
            Typed::Recovery(number, made_at) => {
                // The codes may have been made anew since this one was read.
                let stands = sqlx::query(
                    "UPDATE second_step SET last_step = last_step \
                     WHERE account_id = $1 AND codes_made_at = $2 AND in_use_since IS NOT NULL",
                )
                .bind($account_id)
                .bind(made_at)
                .execute(&mut *$c)
                .await?
                .rows_affected()
                    == 1;
                stands
                    && sqlx::query(
                        "INSERT INTO recovery_code_use (account_id, number, used_at) VALUES ($1, $2, $3) \
                         ON CONFLICT (account_id, number) DO NOTHING",
                    )
                    .bind($account_id)
                    .bind(number)
                    .bind($now)
                    .execute(&mut *$c)
                    .await?
                    .rows_affected()
                        == 1
            }
            Typed::Wrong => false,
        }
    };
}

/// The first code for the secret made at `made_at` was right: from now on it is asked for. Every other device is signed out.
/// `false`: it was set up, or another secret made, meanwhile.
pub async fn switch_on(
    app: &App,
    who: &Who,
    made_at: DateTime<Utc>,
    typed: Typed,
    entry: &Entry,
) -> Result<bool> {
    let now = entry.at;
    let (step, news) = match typed {
        Typed::App(step) => (step, TwoStepNews::On),
        Typed::Text(_) => (0, TwoStepNews::OnByText),
        Typed::Recovery(..) | Typed::Wrong => return Ok(false),
    };
    let letter = emails::two_step(app, to(who), news, entry.id).await?;
    write_tx!(app.db, |c| {
        if news == TwoStepNews::OnByText && !use_code!(c, who.account_id, typed, now) {
            return Ok(false);
        }
        let done = sqlx::query(
            "UPDATE second_step SET in_use_since = $2, codes_made_at = $2, last_step = $3 \
             WHERE account_id = $1 AND in_use_since IS NULL AND created_at = $4",
        )
        .bind(who.account_id)
        .bind(now)
        .bind(step)
        .bind(made_at)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE device SET second_step_at = $2 WHERE id = $1")
            .bind(who.device_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE device SET ended_at = $3 WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL")
            .bind(who.account_id)
            .bind(who.device_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, entry);
        messages::insert!(c, &letter);
        Ok(true)
    })
    .inspect(|_| app.messages.wake())
}

/// Takes everything about the second step of an account away, inside a transaction.
macro_rules! forget {
    ($c:ident, $account_id:expr) => {
        for sql in [
            "DELETE FROM recovery_code_use WHERE account_id = $1",
            "DELETE FROM known_device WHERE account_id = $1",
            "DELETE FROM text_code WHERE account_id = $1",
            "DELETE FROM second_step WHERE account_id = $1",
        ] {
            sqlx::query(sql).bind($account_id).execute(&mut *$c).await?;
        }
    };
}

/// Takes the second step of an account away without a code, because the phone and the recovery codes are lost: it is signed
/// out everywhere, and its owner is told. Whether it had one.
///
/// # Errors
/// When a database does not answer.
pub async fn take_away(app: &App, account_id: Uuid, to: To<'_>, entry: &Entry) -> Result<bool> {
    let now = entry.at;
    let letter = emails::two_step(app, to, TwoStepNews::TakenAway, entry.id).await?;
    let done = write_tx!(app.db, |c| {
        let had: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM second_step WHERE account_id = $1 AND in_use_since IS NOT NULL)",
        )
        .bind(account_id)
        .fetch_one(&mut *c)
        .await?;
        if !had {
            return Ok(false);
        }
        forget!(c, account_id);
        sqlx::query("UPDATE device SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL")
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, entry);
        messages::insert!(c, &letter);
        Ok(true)
    })?;
    app.messages.wake();
    Ok(done)
}

/// Switches it off, with a code. Devices that need not take the step any more are forgotten.
pub async fn switch_off(app: &App, who: &Who, typed: Typed, entry: &Entry) -> Result<bool> {
    let now = entry.at;
    let news = if who.roles.are_staff() {
        TwoStepNews::OffAtWork
    } else {
        TwoStepNews::Off
    };
    let letter = emails::two_step(app, to(who), news, entry.id).await?;
    let done = write_tx!(app.db, |c| {
        if !use_code!(c, who.account_id, typed, now) {
            return Ok(false);
        }
        forget!(c, who.account_id);
        insert_entry!(c, entry);
        messages::insert!(c, &letter);
        Ok(true)
    })?;
    app.messages.wake();
    // Its key goes with the sweep of keys without a row: another page may be setting it up anew just now.
    Ok(done)
}

/// Makes new recovery codes, with a code; the old ones are good for nothing.
pub async fn renew_codes(app: &App, who: &Who, typed: Typed, entry: &Entry) -> Result<bool> {
    let now = entry.at;
    write_tx!(app.db, |c| {
        if !use_code!(c, who.account_id, typed, now) {
            return Ok(false);
        }
        sqlx::query("DELETE FROM recovery_code_use WHERE account_id = $1")
            .bind(who.account_id)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE second_step SET codes_made_at = $2 WHERE account_id = $1")
            .bind(who.account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, entry);
        Ok(true)
    })
}

/// A browser that need not take the second step for a while.
pub struct KnownDevice {
    pub id: Uuid,
    pub secret: random::Secret,
    pub expires_at: DateTime<Utc>,
}

/// Takes the second step: the half-signed-in device ends, and `device` is signed in in its place, with a new token.
pub async fn pass(
    app: &App,
    who: &Who,
    typed: Typed,
    device: &NewDevice,
    known: Option<&KnownDevice>,
    entry: &Entry,
) -> Result<bool> {
    let address = crate::accounts::limits::address_hash(&app.vault, &who.email).to_vec();
    write_tx!(app.db, |c| {
        if !use_code!(c, who.account_id, typed, device.now) {
            return Ok(false);
        }
        insert_device!(c, device, who.account_id);
        if let Some(known) = known {
            sqlx::query(
                "INSERT INTO known_device (id, account_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(known.id)
            .bind(who.account_id)
            .bind(known.secret.hash().to_vec())
            .bind(device.now)
            .bind(known.expires_at)
            .execute(&mut *c)
            .await?;
        }
        sqlx::query(
            "DELETE FROM sign_in_try WHERE address_hash = $1 AND kind IN ('second-step', 'text')",
        )
        .bind(&address)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, entry);
        Ok(true)
    })
}

/// Where to go after the password: to the second step first, if the account has one.
pub async fn after_password(app: &App, account_id: Uuid, path: &str) -> Result<String> {
    let in_use: bool = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM second_step WHERE account_id = $1 AND in_use_since IS NOT NULL)",
        )
        .bind(account_id)
        .fetch_one(&mut *c)
        .await?)
    })?;
    Ok(if in_use {
        let next = serde_urlencoded::to_string([("next", path)]).unwrap_or_default();
        format!("{STEP}?{next}")
    } else {
        path.to_owned()
    })
}

/// Whether a link by email alone must not let this account in: it has a second step, or its owner works here.
pub async fn needs_password(app: &App, account_id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM second_step WHERE account_id = $1 AND in_use_since IS NOT NULL) \
                 OR EXISTS (SELECT 1 FROM role_grant WHERE account_id = $1 AND role <> 'volunteer' \
                            AND (ends_at IS NULL OR ends_at > $2))",
        )
        .bind(account_id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
}

fn to(who: &Who) -> To<'_> {
    To {
        email: &who.email,
        known_as: &who.name,
        person_id: Some(who.person_id),
    }
}
