//! The answers of a sign-up that is not finished: sealed, found by a cookie, gone after a day.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chosen::Chosen;
use super::questions::{Answers, Question};
use crate::accounts::sign_in::HOME;
use crate::server::http::cookies::Cookie;
use crate::server::http::own_path;
use crate::server::random::{self, Secret};
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::ui::form::FormState;
use crate::{read, write_tx};

/// How long answers are kept.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// What a draft holds. It never holds a password.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Content {
    /// What was answered so far.
    pub answers: Answers,
    /// Answers that were sent back, as they were typed, by question.
    pub rejected: BTreeMap<String, FormState>,
    /// The run that was chosen on the way.
    pub run: Option<Uuid>,
    /// The page of ours to go on to where no run was chosen.
    #[serde(default)]
    pub next: Option<String>,
    /// The address that the email was sent to, if it was.
    pub sent_to: Option<String>,
}

impl Content {
    /// Where they go on to with their account: to book what they chose, or back to where they came from.
    pub fn goes_on_to(&self, chosen: Option<&Chosen>) -> String {
        let next = self.next.as_deref().and_then(own_path).unwrap_or(HOME);
        chosen.map_or_else(|| next.to_owned(), Chosen::book_path)
    }

    /// The form of a question: what was sent back, or else what was answered.
    pub fn form(&self, question: Question) -> FormState {
        self.rejected
            .get(question.slug())
            .cloned()
            .unwrap_or_else(|| question.filled(&self.answers))
    }
}

/// A draft that was opened.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Goes up with every change: two tabs never overwrite each other unseen.
    pub version: i64,
    /// When it is gone.
    pub expires_at: DateTime<Utc>,
    /// When the captcha (or what stands for it) was passed.
    pub passed_at: Option<DateTime<Utc>>,
    /// The answers.
    pub content: Content,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    sealed: Vec<u8>,
    version: i64,
    captcha_passed_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

/// The draft of this browser, if it has one that is not over.
pub async fn of_browser(app: &App, headers: &HeaderMap) -> Result<Option<Draft>> {
    let Some(token) = Cookie::Draft.read(headers, &app.config) else {
        return Ok(None);
    };
    let hash = random::hash(&token).to_vec();
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, sealed, version, captcha_passed_at, expires_at FROM sign_up_draft \
             WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    opened(app, row).await
}

/// The draft with this id (a link from an email names it).
pub async fn by_id(app: &App, id: Uuid) -> Result<Option<Draft>> {
    let now = app.clock.now();
    let row: Option<Row> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, sealed, version, captcha_passed_at, expires_at FROM sign_up_draft \
             WHERE id = $1 AND expires_at > $2",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    opened(app, row).await
}

async fn opened(app: &App, row: Option<Row>) -> Result<Option<Draft>> {
    let Some(row) = row else { return Ok(None) };
    let plain = app
        .vault
        .open(row.id, RecordClass::Draft, row.id, &row.sealed)
        .await?;
    let content =
        serde_json::from_slice(&plain).map_err(|_| Error::Vault("a draft cannot be read"))?;
    Ok(Some(Draft {
        id: row.id,
        version: row.version,
        expires_at: row.expires_at,
        passed_at: row.captcha_passed_at,
        content,
    }))
}

async fn sealed(app: &App, id: Uuid, content: &Content) -> Result<Vec<u8>> {
    let plain = zeroize::Zeroizing::new(
        serde_json::to_vec(content).map_err(|_| Error::Vault("a draft cannot be written"))?,
    );
    app.vault
        .seal(app.clock.now(), id, RecordClass::Draft, id, &plain)
        .await
}

/// Starts a draft; the cookie is for the browser.
pub async fn start(app: &App, content: &Content) -> Result<HeaderValue> {
    let now = app.clock.now();
    let id = app.id()?;
    let token = Secret::new()?;
    let sealed = sealed(app, id, content).await?;
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO sign_up_draft (id, token_hash, sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(token.hash().to_vec())
        .bind(&sealed)
        .bind(now)
        .bind(now + KEPT_FOR)
        .execute(&mut *c)
        .await?;
        Ok(())
    })?;
    Ok(Cookie::Draft.set(&app.config, token.text(), Some(KEPT_FOR.num_seconds())))
}

/// Changes the draft of this browser. When another tab was first, the change is made to what that one left.
/// `None`: there is no draft.
pub async fn change<T>(
    app: &App,
    headers: &HeaderMap,
    change: impl Fn(&mut Content) -> T,
) -> Result<Option<T>> {
    for _ in 0..5 {
        let Some(mut draft) = of_browser(app, headers).await? else {
            return Ok(None);
        };
        let outcome = change(&mut draft.content);
        if save(app, &draft).await? {
            return Ok(Some(outcome));
        }
    }
    Err(Error::Busy("a sign-up in several tabs"))
}

/// Deletes the draft of this browser, its key first.
pub async fn forget(app: &App, headers: &HeaderMap) -> Result<()> {
    let Some(draft) = of_browser(app, headers).await? else {
        return Ok(());
    };
    app.vault.destroy(draft.id, RecordClass::Draft).await?;
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM sign_up_draft WHERE id = $1")
            .bind(draft.id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// Writes a draft, unless somebody else did since it was opened.
pub async fn save(app: &App, draft: &Draft) -> Result<bool> {
    let sealed = sealed(app, draft.id, &draft.content).await?;
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE sign_up_draft SET sealed = $3, version = version + 1 WHERE id = $1 AND version = $2",
        )
        .bind(draft.id)
        .bind(draft.version)
        .bind(&sealed)
        .execute(&mut *c)
        .await?;
        Ok(done.rows_affected() > 0)
    })
}
