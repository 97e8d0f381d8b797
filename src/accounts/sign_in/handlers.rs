//! Signing in with a password, signing out.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use super::pages::{self, Above};
use super::{HOME, store};
use crate::accounts::devices::{self, NewDevice};
use crate::accounts::guards::Visitor;
use crate::accounts::kept_form;
use crate::accounts::limits::{self, Allowed, Try};
use crate::accounts::said::{Said, said};
use crate::accounts::{rules, two_step};
use crate::server::http::cookies::Cookie;
use crate::server::http::{Keep, Peer, own_path, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::{Check, FormState, Submitted};

pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", show)
        .post("/sign-in", send)
        .post("/sign-out", sign_out)
}

/// `?next=`: where to go on to.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    next: Option<String>,
}

impl Next {
    /// A path of our own, or none.
    pub fn path(&self) -> Option<&str> {
        self.next.as_deref().and_then(own_path)
    }

    /// `path` with this one to go on to.
    pub fn kept(&self, path: &str) -> String {
        match self.path() {
            Some(next) => format!(
                "{path}?{}",
                serde_urlencoded::to_string([("next", next)]).unwrap_or_default()
            ),
            None => path.to_owned(),
        }
    }
}

async fn show(
    visitor: Visitor,
    State(app): State<App>,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Response> {
    if visitor.who().is_some() {
        return Ok(see(next.path().unwrap_or(HOME)));
    }
    if visitor.is_half() {
        return Ok(see(&next.kept(two_step::STEP)));
    }
    let heard = Said::heard(&app, &headers);
    let above = Above {
        said: heard,
        kept_form: next.path() == Some(kept_form::PATH),
    };
    let html = pages::sign_in(&app, FormState::empty(), above, &next);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const NO_MATCH: &str =
    "That email and password do not go together. Check both, or ask for a link by email";

async fn send(
    _: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let email = check.text("email", "Enter your email address", rules::email);
    let password = check.password(
        "password",
        "Enter your password, or ask for a link by email",
        |typed| Ok(typed.chars().take(1000).collect::<String>()),
    );
    let kept = check.ticked("keep");
    let form = check.finish();
    let (Some(email), Some(password)) = (email, password) else {
        return Ok(again(&app, form, &next));
    };
    if let Some(wait) = too_many(&app, peer, Try::Password, &email).await? {
        return Ok(wait);
    }
    let account = store::by_email(&app, &email).await?;
    let hash = account.as_ref().and_then(|a| a.password_hash.as_deref());
    let fits = app.accounts.passwords.fits(&password, hash).await?;
    let id = account.as_ref().map(|account| account.id);
    let Some(account) = account.filter(|_| fits) else {
        store::failed(&app, id).await?;
        return Ok(again(&app, form.with_error("email", NO_MATCH), &next));
    };
    let device = NewDevice::prepare(&app, &headers, kept)?;
    store::sign_in(&app, &account, &device).await?;
    let on = two_step::after_password(&app, account.id, next.path().unwrap_or(HOME)).await?;
    Ok(device.hand_over(&app, see(&on)))
}

fn again(app: &App, form: FormState, next: &Next) -> Response {
    let above = Above {
        said: None,
        kept_form: next.path() == Some(kept_form::PATH),
    };
    let html = pages::sign_in(app, form, above, next);
    page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html)
}

/// The page that says how long to wait, when there were too many tries from this peer or for this address.
pub async fn too_many(
    app: &App,
    peer: std::net::IpAddr,
    kind: Try,
    email: &str,
) -> Result<Option<Response>> {
    let minutes = must_wait(app, peer, kind, email).await?;
    Ok(minutes.map(|minutes| waiting(pages::wait(app, minutes), minutes)))
}

/// For how many minutes nothing more may be tried, when there was too much from this peer or for this address.
pub async fn must_wait(
    app: &App,
    peer: std::net::IpAddr,
    kind: Try,
    email: &str,
) -> Result<Option<i64>> {
    if !app.accounts.peers.allow(peer) {
        return Ok(Some(15));
    }
    Ok(match limits::count(app, kind, email).await? {
        Allowed::Yes => None,
        Allowed::After { minutes } => Some(minutes),
    })
}

/// A page that says to wait so many minutes.
pub fn waiting(html: String, minutes: i64) -> Response {
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, Keep::Nothing, html);
    if let Ok(seconds) = HeaderValue::try_from((minutes * 60).to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

async fn sign_out(_: Visitor, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    // By what the browser holds: whoever stops before the second step is signed out, too.
    if let Some(token) = Cookie::Device.read(&headers, &app.config) {
        devices::store::end_this(&app.db, &token, app.clock.now()).await?;
    }
    Ok(forget(&app, Said::SignedOut.and_see(&app, "/sign-in")))
}

/// Takes the token from the browser.
pub fn forget(app: &App, mut response: Response) -> Response {
    response
        .headers_mut()
        .append(header::SET_COOKIE, Cookie::Device.clear(&app.config));
    response
}
