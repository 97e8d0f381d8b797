//! Guards that know who is signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::model::Who;
use super::{rules, store};
use crate::server::guard::Guard;
use crate::server::http::cookies::Cookie;
use crate::server::http::see;
use crate::server::{App, Result};

/// Everybody; knows who is signed in, if anybody is.
#[derive(Clone, Debug)]
pub struct Visitor(Option<Who>);

/// Somebody signed in, whose address may not be confirmed yet.
#[derive(Clone, Debug)]
pub struct SignedIn(Who);

/// Somebody signed in whose address is confirmed.
#[derive(Clone, Debug)]
pub struct Member(Who);

impl Visitor {
    /// Who is signed in.
    pub fn who(&self) -> Option<&Who> {
        self.0.as_ref()
    }
}

impl SignedIn {
    /// Who it is.
    pub fn who(&self) -> &Who {
        &self.0
    }
}

impl Member {
    /// Who it is.
    pub fn who(&self) -> &Who {
        &self.0
    }
}

impl Guard for Visitor {
    const NAME: &'static str = "visitor";
}
impl Guard for SignedIn {
    const NAME: &'static str = "signed in";
}
impl Guard for Member {
    const NAME: &'static str = "member";
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        who(parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match who(parts, app).await? {
            Some(who) => Ok(Self(who)),
            None => Err(sign_in_first(parts)),
        }
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match who(parts, app).await? {
            Some(who) if who.verified => Ok(Self(who)),
            Some(_) => Err(see("/account/verify")),
            None => Err(sign_in_first(parts)),
        }
    }
}

async fn who(parts: &Parts, app: &App) -> Result<Option<Who>, Response> {
    let Some(token) = Cookie::Device.read(&parts.headers, &app.config) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let found = store::device(&app.db, &token, now)
        .await
        .map_err(IntoResponse::into_response)?;
    let Some((who, times)) = found else {
        return Ok(None);
    };
    if !rules::is_signed_in(now, times.seen_at, times.expires_at, times.kept) {
        return Ok(None);
    }
    if now - times.seen_at >= rules::SEEN_EVERY
        && let Err(error) = store::device_seen(&app.db, who.device_id, now).await
    {
        // A page can be read while nothing can be written. The next page tries again.
        tracing::warn!(%error, "a device's last visit was not noted");
    }
    Ok(Some(who))
}

/// Says, on the answer, that a guard sent them to sign in.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignInFirst;

/// Sends them to sign in, and back here afterwards.
fn sign_in_first(parts: &Parts) -> Response {
    if parts.method != Method::GET && parts.method != Method::POST {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", axum::http::uri::PathAndQuery::as_str);
    let next = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
    let mut response = see(&format!("/sign-in?next={next}"));
    response.extensions_mut().insert(SignInFirst);
    response
}
