//! Guards that know who is signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::model::Who;
use super::store;
use crate::server::guard::Guard;
use crate::server::http::cookies::Cookie;
use crate::server::http::see;
use crate::server::{App, Result};

/// Everybody; knows who is signed in, if anybody is.
#[derive(Clone, Debug)]
pub struct Visitor {
    who: Option<Who>,
    half: bool,
}

/// Somebody whose password was right. The second step may still be to come.
#[derive(Clone, Debug)]
pub struct PasswordGiven {
    who: Who,
    half: bool,
}

/// Somebody signed in, whose address may not be confirmed yet.
#[derive(Clone, Debug)]
pub struct SignedIn(Who);

/// Somebody signed in whose address is confirmed.
#[derive(Clone, Debug)]
pub struct Member(Who);

impl Visitor {
    /// Who is signed in.
    pub fn who(&self) -> Option<&Who> {
        self.who.as_ref()
    }

    /// Whether somebody's password was right here, and the second step is still to come. Until then they are nobody.
    pub fn is_half(&self) -> bool {
        self.half
    }
}

impl PasswordGiven {
    /// Who it is.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Whether the second step is still to come. Until then nothing else is open to them.
    pub fn is_half(&self) -> bool {
        self.half
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
impl Guard for PasswordGiven {
    const NAME: &'static str = "password given";
}
impl Guard for SignedIn {
    const NAME: &'static str = "signed in";
}
impl Guard for Member {
    const NAME: &'static str = "member";
}

/// Who sends this request.
pub(crate) enum Here {
    /// Nobody whom we know.
    Nobody,
    /// Somebody whose second step is still to come.
    Half(Who),
    /// Somebody signed in.
    Known(Who),
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let here = here(parts, app).await?;
        let half = matches!(here, Here::Half(_));
        let who = match here {
            Here::Known(who) => Some(who),
            Here::Half(_) | Here::Nobody => None,
        };
        Ok(Self { who, half })
    }
}

impl FromRequestParts<App> for PasswordGiven {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match here(parts, app).await? {
            Here::Known(who) => Ok(Self { who, half: false }),
            Here::Half(who) => Ok(Self { who, half: true }),
            Here::Nobody => Err(sign_in_first(parts)),
        }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        signed_in(parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match signed_in(parts, app).await? {
            who if who.verified => Ok(Self(who)),
            _ => Err(see("/account/verify")),
        }
    }
}

/// Whoever is signed in; everybody else is sent to do what is missing, and back here afterwards.
pub(crate) async fn signed_in(parts: &Parts, app: &App) -> Result<Who, Response> {
    match here(parts, app).await? {
        Here::Known(who) => Ok(who),
        Here::Half(_) => Err(first(parts, "/sign-in/second-step")),
        Here::Nobody => Err(sign_in_first(parts)),
    }
}

/// The header of what a page asks for by itself (`public/desk.js`).
const BY_ITSELF: &str = "x-by-itself";

async fn here(parts: &Parts, app: &App) -> Result<Here, Response> {
    let Some(token) = Cookie::Device.read(&parts.headers, &app.config) else {
        return Ok(Here::Nobody);
    };
    let now = app.clock.now();
    let found = store::device(&app.db, &token, now)
        .await
        .map_err(IntoResponse::into_response)?;
    let Some(device) = found.filter(|device| device.sitting.lasts(now)) else {
        return Ok(Here::Nobody);
    };
    if device.half {
        return Ok(Here::Half(device.who));
    }
    // What a page asks for by itself is no sign of anybody before it.
    let by_itself = parts.headers.contains_key(BY_ITSELF);
    if !by_itself
        && device.sitting.is_to_be_seen(now)
        && let Err(error) = store::device_seen(&app.db, device.who.device_id, now).await
    {
        // A page can be read while nothing can be written. The next page tries again.
        tracing::warn!(%error, "a device's last visit was not noted");
    }
    Ok(Here::Known(device.who))
}

/// Says, on the answer, that a guard sent them to this page of the way in: to sign in, or to the second step.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignInFirst(pub &'static str);

/// Sends them to sign in, and back here afterwards.
fn sign_in_first(parts: &Parts) -> Response {
    first(parts, "/sign-in")
}

/// Sends them to `path` first, and back here afterwards.
pub(crate) fn first(parts: &Parts, path: &'static str) -> Response {
    if parts.method != Method::GET && parts.method != Method::POST {
        return StatusCode::NOT_FOUND.into_response();
    }
    let here = parts
        .uri
        .path_and_query()
        .map_or("/", axum::http::uri::PathAndQuery::as_str);
    let next = percent_encoding::utf8_percent_encode(here, percent_encoding::NON_ALPHANUMERIC);
    let mut response = see(&format!("{path}?next={next}"));
    response.extensions_mut().insert(SignInFirst(path));
    response
}
