//! A form that was sent after somebody was signed out by time: kept sealed for an hour, and finished by one button
//! once the same person has signed in again in the same browser.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::guards::{SignInFirst, SignedIn};
use super::pages::in_account;
use super::sign_in::HOME;
use super::store;
use crate::server::http::cookies::Cookie;
use crate::server::http::{FORM_LIMIT, Keep, Refusal, asked_by_script, own_path, page, see};
use crate::server::random::{self, Secret};
use crate::server::routes::Routes;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::ui::form::{Button, FormState, Submitted};
use crate::{read, write_tx};

/// How long it is kept.
const KEPT_FOR: TimeDelta = TimeDelta::hours(1);
/// The page with the button.
pub const PATH: &str = "/sign-in/carry-on";

pub(super) fn routes() -> Routes {
    Routes::default().get("/sign-in/carry-on", show)
}

/// What is kept. Never a password or a code.
#[derive(Serialize, Deserialize)]
struct Kept {
    account_id: Uuid,
    path: String,
    fields: Vec<(String, String)>,
}

/// Keeps the form of somebody whom a guard sent to sign in again. What a script sends it keeps itself.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_form = request.method() == Method::POST
        && Cookie::Device
            .read(request.headers(), &app.config)
            .is_some()
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
    if !is_form || asked_by_script(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, FORM_LIMIT).await else {
        return Refusal::TooLarge.into_response();
    };
    let headers = parts.headers.clone();
    let path = parts.uri.path_and_query().map(ToString::to_string);
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes.clone())))
        .await;
    let first = response.extensions().get::<SignInFirst>().copied();
    let (Some(SignInFirst(first)), Some(path)) = (first, path) else {
        return response;
    };
    match put_away(&app, &headers, first, path, &bytes).await {
        Ok(Some(kept)) => kept,
        Ok(None) => response,
        Err(error) => error.into_response(),
    }
}

async fn put_away(
    app: &App,
    headers: &HeaderMap,
    first: &str,
    path: String,
    bytes: &Bytes,
) -> Result<Option<Response>> {
    let now = app.clock.now();
    let Some(token) = Cookie::Device.read(headers, &app.config) else {
        return Ok(None);
    };
    let (Some(device), Ok(sent)) = (
        store::device(&app.db, &token, now).await?,
        Submitted::parse(bytes),
    ) else {
        return Ok(None);
    };
    let cookie = put_by(app, device.who.account_id, path, &sent).await?;
    let mut response = see(&format!("{first}?next={PATH}"));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(Some(response))
}

/// Keeps what somebody typed in the form at `path`; gives the cookie that finds it again.
///
/// # Errors
/// When the database or the vault fails.
pub async fn put_by(
    app: &App,
    account_id: Uuid,
    path: String,
    sent: &Submitted,
) -> Result<HeaderValue> {
    let now = app.clock.now();
    let kept = Kept {
        account_id,
        path,
        fields: sent
            .pairs()
            .filter(|(name, _)| !name.contains("password") && *name != "code")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    };
    let plain = zeroize::Zeroizing::new(
        serde_json::to_vec(&kept).map_err(|_| Error::Vault("a form cannot be kept"))?,
    );
    let (id, secret) = (app.id()?, Secret::new()?);
    let sealed = app
        .vault
        .seal(now, id, RecordClass::Draft, id, &plain)
        .await?;
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO sign_up_draft (id, token_hash, sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(secret.hash().to_vec())
        .bind(&sealed)
        .bind(now)
        .bind(now + KEPT_FOR)
        .execute(&mut *c)
        .await?;
        Ok(())
    })?;
    Ok(Cookie::Kept.set(&app.config, secret.text(), Some(KEPT_FOR.num_seconds())))
}

/// What `account_id` typed in the form at `path`, if [`put_by`] kept it for this browser.
///
/// # Errors
/// When the database or the vault fails.
pub async fn typed_before(
    app: &App,
    headers: &HeaderMap,
    account_id: Uuid,
    path: &str,
) -> Result<Option<FormState>> {
    let kept = kept(app, headers).await?;
    let kept = kept.filter(|kept| kept.account_id == account_id && kept.path == path);
    Ok(kept.map(|kept| FormState::filled(kept.fields)))
}

async fn kept(app: &App, headers: &HeaderMap) -> Result<Option<Kept>> {
    let Some(token) = Cookie::Kept.read(headers, &app.config) else {
        return Ok(None);
    };
    let hash = random::hash(&token).to_vec();
    let now = app.clock.now();
    let row: Option<(Uuid, Vec<u8>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, sealed FROM sign_up_draft WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(&hash)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let Some((id, sealed)) = row else {
        return Ok(None);
    };
    let plain = app.vault.open(id, RecordClass::Draft, id, &sealed).await?;
    Ok(serde_json::from_slice(&plain).ok())
}

async fn show(signed_in: SignedIn, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = signed_in.who();
    let kept = kept(&app, &headers).await?;
    let Some(kept) =
        kept.filter(|kept| kept.account_id == who.account_id && own_path(&kept.path).is_some())
    else {
        return Ok(see(HOME));
    };
    let html = in_account(&app, who, "Carry on where you were", "", false, move || {
        let fields = kept
            .fields
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view();
        view! {
            <h1>"Carry on where you were"</h1>
            <p class="wb-lead">
                "You were signed out because nothing happened for a while. We have kept what you typed. \
                Press the button to send it."
            </p>
            <form method="post" action=kept.path>
                {fields} <Button>"Carry on"</Button>
            </form>
            <p><a href=HOME>"No, leave it"</a></p>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}
