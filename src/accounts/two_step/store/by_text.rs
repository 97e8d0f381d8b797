//! SQL of codes by text.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::SecondStep;
use crate::accounts::emails;
use crate::accounts::model::Who;
use crate::accounts::two_step::SEND;
use crate::accounts::two_step::code::{self, Secret};
use crate::messages::{self, Prepared};
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{read, write_tx};

/// How long a code by text works.
const TEXT_WORKS: TimeDelta = TimeDelta::minutes(10);
/// Whoever asks again so soon has pressed twice: the code on its way is the one they want.
const PRESSED_TWICE: TimeDelta = TimeDelta::seconds(30);

/// A code by text, ready to be sent.
pub(super) struct TextCode {
    pub(super) mac: Vec<u8>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) text: Prepared,
    pub(super) entry: Entry,
}

impl TextCode {
    pub(super) async fn prepare(
        app: &App,
        who: &Who,
        secret: &Secret,
        phone: &str,
        page: &str,
    ) -> Result<Self> {
        let code = code::for_text()?;
        let expires_at = app.clock.now() + TEXT_WORKS;
        let minutes = TEXT_WORKS.num_minutes();
        let text = emails::sign_in_code(app, phone, &code, minutes, who.person_id).await?;
        let by = By::themselves(who, page);
        Ok(Self {
            mac: secret.text_mac(&app.vault, who.account_id, &code).to_vec(),
            expires_at,
            text: text.only_until(expires_at),
            entry: Entry::by(app, &by, Action::CodeAsked)?.of(who.person_id),
        })
    }

    /// Only a code that works until then, and no longer, makes room for this one: a later one was sent just now.
    pub(super) fn not_since(&self) -> DateTime<Utc> {
        self.expires_at - PRESSED_TWICE
    }
}

/// Sends a code inside a transaction, which takes the place of the one before; not when that one was sent just now.
macro_rules! send_code {
    ($c:ident, $account_id:expr, $code:expr) => {
        let sent = sqlx::query(
            "INSERT INTO text_code (account_id, code_mac, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO UPDATE SET code_mac = excluded.code_mac, expires_at = excluded.expires_at \
             WHERE text_code.expires_at <= $4",
        )
        .bind($account_id)
        .bind(&$code.mac)
        .bind($code.expires_at)
        .bind($code.not_since())
        .execute(&mut *$c)
        .await?;
        if sent.rows_affected() == 1 {
            messages::insert!($c, &$code.text);
            insert_entry!($c, &$code.entry);
        }
    };
}
pub(super) use send_code;

/// Sends another code to the number of `step`, if that still stands.
pub async fn send_text(app: &App, who: &Who, step: &SecondStep) -> Result<()> {
    let Some(phone) = &step.phone else {
        return Ok(());
    };
    let code = TextCode::prepare(app, who, &step.secret, phone, SEND).await?;
    write_tx!(app.db, |c| {
        let stands = sqlx::query(
            "UPDATE second_step SET last_step = last_step WHERE account_id = $1 AND created_at = $2",
        )
        .bind(who.account_id)
        .bind(step.created_at)
        .execute(&mut *c)
        .await?;
        if stands.rows_affected() == 1 {
            send_code!(c, who.account_id, code);
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// Whether this code was sent, and still works.
pub(super) async fn was_sent(app: &App, account_id: Uuid, mac: &[u8]) -> Result<bool> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM text_code WHERE account_id = $1 AND code_mac = $2 AND expires_at > $3)",
        )
        .bind(account_id)
        .bind(mac.to_vec())
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
}

impl SecondStep {
    /// Whether a code was sent so short a time ago that whoever asks again has pressed twice.
    pub fn was_just_sent(&self, now: DateTime<Utc>) -> bool {
        self.text_until
            .is_some_and(|until| until > now + TEXT_WORKS - PRESSED_TWICE)
    }

    /// The last figures of the number that codes go to.
    pub fn phone_end(&self) -> Option<&str> {
        let phone = self.phone.as_deref()?;
        phone.get(phone.len().saturating_sub(3)..)
    }
}
