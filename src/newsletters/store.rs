//! SQL of the newsletter's choices.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::rules::MOST_A_DAY;
use super::{NO_WORDS, STOP_WORDS, STRIP_WORDS, WORDS, wording};
use crate::messages::{self, Prepared};
use crate::privacy::consents::{Channel, Consent, record};
use crate::server::{App, Result, random};
use crate::{read, write_tx};

/// A link that is about to be sent.
pub(super) struct Asked<'a> {
    pub id: Uuid,
    pub subscription_id: Uuid,
    pub hash: Vec<u8>,
    pub email: &'a str,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Notes that somebody asked, and puts the message into the outbox; nothing when the address has had enough today.
/// An address that is on the list already is treated alike.
pub(super) async fn ask(app: &App, asked: &Asked<'_>, message: &Prepared) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO subscription (id, email, status, created_at, updated_at) VALUES ($1, $2, 'asked', $3, $3) \
             ON CONFLICT (lower(email)) DO UPDATE SET updated_at = $3 WHERE subscription.status = 'asked'",
        )
        .bind(asked.subscription_id)
        .bind(asked.email)
        .bind(asked.now)
        .execute(&mut *c)
        .await?;
        let today: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM email_link WHERE purpose = 'newsletter' AND lower(email) = lower($1) \
             AND created_at > $2",
        )
        .bind(asked.email)
        .bind(asked.now - TimeDelta::days(1))
        .fetch_one(&mut *c)
        .await?;
        if today >= MOST_A_DAY {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO email_link (id, token_hash, purpose, email, created_at, expires_at) \
             VALUES ($1, $2, 'newsletter', $3, $4, $5)",
        )
        .bind(asked.id)
        .bind(&asked.hash)
        .bind(asked.email)
        .bind(asked.now)
        .bind(asked.expires_at)
        .execute(&mut *c)
        .await?;
        messages::insert!(c, message);
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// The address that a confirming link is for, while it works.
pub(super) async fn link_email(
    app: &App,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let hash = random::hash(token).to_vec();
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT email FROM email_link WHERE token_hash = $1 AND purpose = 'newsletter' \
             AND used_at IS NULL AND expires_at > $2",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Uses a confirming link: the address is on the list. False when the link is gone.
pub(super) async fn confirm(app: &App, token: &str) -> Result<bool> {
    let now = app.clock.now();
    let hash = random::hash(token).to_vec();
    let new_id = app.id()?;
    let consent = Consent::of_address(app, wording(STRIP_WORDS), true, Channel::EmailLink)?;
    write_tx!(app.db, |c| {
        let email: Option<String> = sqlx::query_scalar(
            "UPDATE email_link SET used_at = $2 WHERE token_hash = $1 AND purpose = 'newsletter' \
             AND used_at IS NULL AND expires_at > $2 RETURNING email",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?;
        let Some(email) = email else {
            return Ok(false);
        };
        let (id, person_id): (Uuid, Option<Uuid>) = sqlx::query_as(
            "INSERT INTO subscription (id, email, status, created_at, updated_at) VALUES ($1, $2, 'on', $3, $3) \
             ON CONFLICT (lower(email)) DO UPDATE SET status = 'on', updated_at = $3 RETURNING id, person_id",
        )
        .bind(new_id)
        .bind(&email)
        .bind(now)
        .fetch_one(&mut *c)
        .await?;
        let consent = Consent {
            person_id,
            subscription_id: Some(id),
            ..consent.clone()
        };
        record!(c, &consent);
        Ok(true)
    })
}

/// The address of a subscription.
pub(super) async fn email_of(app: &App, subscription: Uuid) -> Result<Option<String>> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT email FROM subscription WHERE id = $1")
                .bind(subscription)
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// Takes an address off the list and says goodbye; the second time does nothing.
pub(super) async fn stop(
    app: &App,
    subscription: Uuid,
    channel: Channel,
    goodbye: &Prepared,
) -> Result<()> {
    let now = app.clock.now();
    let consent = Consent::of_address(app, wording(STOP_WORDS), false, channel)?;
    write_tx!(app.db, |c| {
        let stopped: Option<(Uuid, Option<Uuid>)> = sqlx::query_as(
            "UPDATE subscription SET status = 'off', updated_at = $2 WHERE id = $1 AND status <> 'off' \
             RETURNING id, person_id",
        )
        .bind(subscription)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?;
        if let Some((id, person_id)) = stopped {
            let consent = Consent {
                person_id,
                subscription_id: Some(id),
                ..consent.clone()
            };
            record!(c, &consent);
            messages::insert!(c, goodbye);
        }
        Ok(())
    })?;
    app.messages.wake();
    Ok(())
}

/// A person's choice, made at sign-up or in the account, for an address that they have confirmed.
pub struct Choice<'a> {
    /// For a new subscription.
    pub subscription_id: Uuid,
    /// Who chose.
    pub person_id: Uuid,
    /// Their confirmed address.
    pub email: &'a str,
    /// Yes or no, with the words that were shown.
    pub consent: Consent,
}

impl<'a> Choice<'a> {
    /// A choice made now.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new(
        app: &App,
        person_id: Uuid,
        email: &'a str,
        on: bool,
        channel: Channel,
    ) -> Result<Self> {
        let words = wording(if on { WORDS } else { NO_WORDS });
        Ok(Self {
            subscription_id: app.id()?,
            person_id,
            email,
            consent: Consent::new(app, person_id, words, on, channel)?,
        })
    }
}

/// Writes a [`Choice`] inside a transaction: the subscription, and the record with the words that were shown. A
/// "no" makes no subscription.
macro_rules! choose {
    ($c:ident, $choice:expr) => {{
        let choice = &$choice;
        // Any other address that they had before stays out of it, and so does this one after a "no".
        sqlx::query(
            "UPDATE subscription SET status = 'off', updated_at = $3 \
             WHERE (person_id = $1 OR lower(email) = lower($2)) AND status <> 'off'",
        )
        .bind(choice.person_id)
        .bind(choice.email)
        .bind(choice.consent.now)
        .execute(&mut *$c)
        .await?;
        let subscription_id: Option<uuid::Uuid> = if choice.consent.given {
            sqlx::query_scalar(
                "INSERT INTO subscription (id, email, person_id, status, created_at, updated_at) \
                 VALUES ($1, $2, $3, 'on', $4, $4) \
                 ON CONFLICT (lower(email)) DO UPDATE SET status = 'on', person_id = $3, updated_at = $4 \
                 RETURNING id",
            )
            .bind(choice.subscription_id)
            .bind(choice.email)
            .bind(choice.person_id)
            .bind(choice.consent.now)
            .fetch_optional(&mut *$c)
            .await?
        } else {
            sqlx::query_scalar("SELECT id FROM subscription WHERE lower(email) = lower($1)")
                .bind(choice.email)
                .fetch_optional(&mut *$c)
                .await?
        };
        let consent = $crate::privacy::consents::Consent { subscription_id, ..choice.consent.clone() };
        $crate::privacy::consents::record!($c, &consent);
    }};
}
pub(crate) use choose;

/// The subscriptions of the person `$1` that are not off: theirs, and those known by an address alone that is theirs and that of
/// nobody else who lives.
pub(crate) const LIVE_OF: &str = "SELECT subscription.id FROM subscription WHERE subscription.status <> 'off' \
     AND (subscription.person_id = $1 OR (subscription.person_id IS NULL AND lower(subscription.email) IN \
         (SELECT lower(person.email) FROM person WHERE person.id = $1 UNION \
          SELECT lower(account.email) FROM account JOIN representation own ON own.account_id = account.id \
          WHERE own.person_id = $1 AND own.kind = 'self' AND own.ends_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM person other WHERE other.id <> $1 AND other.deceased_at IS NULL \
             AND other.merged_into IS NULL AND lower(other.email) = lower(subscription.email)) \
         AND NOT EXISTS (SELECT 1 FROM account JOIN representation theirs ON theirs.account_id = account.id \
             AND theirs.kind = 'self' AND theirs.ends_at IS NULL \
             WHERE theirs.person_id <> $1 AND lower(account.email) = lower(subscription.email))))";

/// The record that a subscription of somebody was stopped by the team.
pub(crate) fn no_more(app: &App, person_id: Uuid, subscription_id: Uuid) -> Result<Consent> {
    Ok(Consent {
        subscription_id: Some(subscription_id),
        ..Consent::new(app, person_id, wording(STOP_WORDS), false, Channel::Phone)?
    })
}

/// Takes everything of somebody off the list inside a transaction, each with its record. Their account must still be open.
macro_rules! stop_all {
    ($c:ident, $app:expr, $person:expr) => {{
        let person: uuid::Uuid = $person;
        let live: Vec<uuid::Uuid> = sqlx::query_scalar($crate::newsletters::LIVE_OF)
            .bind(person)
            .fetch_all(&mut *$c)
            .await?;
        for subscription in live {
            let consent = $crate::newsletters::no_more($app, person, subscription)?;
            sqlx::query("UPDATE subscription SET status = 'off', updated_at = $2 WHERE id = $1")
                .bind(subscription)
                .bind(consent.now)
                .execute(&mut *$c)
                .await?;
            $crate::privacy::consents::record!($c, &consent);
        }
    }};
}
pub(crate) use stop_all;

/// Whether the newsletter may be sent to this address: it is on, and the last word about it was yes. Asked before
/// anything is sent.
///
/// # Errors
/// When the database does not answer.
pub async fn is_live(app: &App, email: &str) -> Result<bool> {
    let given: Option<bool> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT consent.given FROM subscription \
             JOIN consent ON consent.about = 'newsletter' AND (consent.subscription_id = subscription.id \
                  OR (consent.subscription_id IS NULL AND consent.person_id = subscription.person_id)) \
             WHERE lower(subscription.email) = lower($1) AND subscription.status = 'on' \
             ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1",
        )
        .bind(email)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(given == Some(true))
}
