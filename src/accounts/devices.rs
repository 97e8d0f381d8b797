//! Devices: browsers that are signed in.

use axum::http::{HeaderMap, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rules;
use crate::server::http::cookies::Cookie;
use crate::server::random::{self, Secret};
use crate::server::{App, Result};

pub(super) mod handlers;
pub mod label;
pub(super) mod store;

/// A device that is about to be signed in: always with a new token, whatever the browser brought along.
pub struct NewDevice {
    /// Its id.
    pub id: Uuid,
    /// What the browser will hold.
    pub token: Secret,
    /// What people recognise it by: "Firefox on Windows".
    pub label: String,
    /// "Keep me signed in on this device".
    pub kept: bool,
    /// When it was signed in.
    pub now: DateTime<Utc>,
    /// When it is signed out, however much it is used.
    pub expires_at: DateTime<Utc>,
    /// The token that the browser held before; that device ends.
    pub before: Option<Vec<u8>>,
    /// The second step has just been taken.
    pub second_step: bool,
    /// What shows that this browser need not take it.
    pub known: Option<Vec<u8>>,
    /// The number of its entry in the audit.
    pub entry_id: Uuid,
}

impl NewDevice {
    /// Prepares one for the browser that sent `headers`.
    pub fn prepare(app: &App, headers: &HeaderMap, kept: bool) -> Result<Self> {
        let now = app.clock.now();
        let agent = headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            id: app.id()?,
            token: Secret::new()?,
            label: label::of(agent),
            kept,
            now,
            expires_at: now + if kept { rules::KEPT } else { rules::LONGEST },
            before: cookie_hash(app, headers, Cookie::Device),
            second_step: false,
            known: cookie_hash(app, headers, Cookie::Known),
            entry_id: app.id()?,
        })
    }

    /// The second step was taken before this device is signed in.
    #[must_use]
    pub fn after_second_step(mut self) -> Self {
        self.second_step = true;
        self
    }

    /// Gives the token to the browser.
    pub fn hand_over(&self, app: &App, mut response: Response) -> Response {
        let age = self.kept.then_some(rules::KEPT.num_seconds());
        response.headers_mut().append(
            header::SET_COOKIE,
            Cookie::Device.set(&app.config, self.token.text(), age),
        );
        response
    }
}

fn cookie_hash(app: &App, headers: &HeaderMap, cookie: Cookie) -> Option<Vec<u8>> {
    cookie
        .read(headers, &app.config)
        .map(|token| random::hash(&token).to_vec())
}

/// Writes a [`NewDevice`] for an account, inside a transaction, and ends the one this browser had before. Whoever signs in is
/// in the audit.
macro_rules! insert_device {
    ($c:ident, $device:expr, $account_id:expr) => {{
        if let Some(before) = &$device.before {
            sqlx::query("UPDATE device SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL")
                .bind(before)
                .bind($device.now)
                .execute(&mut *$c)
                .await?;
        }
        sqlx::query(
            "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at, \
                                 second_step_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7, \
                     CASE WHEN $8 OR EXISTS (SELECT 1 FROM known_device WHERE account_id = $2 AND token_hash = $9 \
                                             AND expires_at > $6) THEN $6 END)",
        )
        .bind($device.id)
        .bind($account_id)
        .bind($device.token.hash().to_vec())
        .bind(&$device.label)
        .bind($device.kept)
        .bind($device.now)
        .bind($device.expires_at)
        .bind($device.second_step)
        .bind(&$device.known)
        .execute(&mut *$c)
        .await?;
        if !$device.second_step {
            sqlx::query(
                "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page) \
                 VALUES ($1, $2, $3, $4, '', (SELECT person_id FROM representation WHERE account_id = $4 \
                         AND kind = 'self' AND ends_at IS NULL), '/sign-in')",
            )
            .bind($device.entry_id)
            .bind($device.now)
            .bind($crate::staff::audit::Action::SignedIn.name())
            .bind($account_id)
            .execute(&mut *$c)
            .await?;
        }
    }};
}
pub(crate) use insert_device;
