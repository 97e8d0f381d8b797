//! What every answer goes through: who may send forms, limits, headers, pages for what went wrong.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{
    ConnectInfo, DefaultBodyLimit, FromRequest, FromRequestParts, MatchedPath, Request, State,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use futures::StreamExt as _;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tracing::Instrument as _;

use self::kept_first::KeptFirst;
use super::{App, Error, Result};
use crate::ui::form::Submitted;

pub mod cookies;
mod in_address;
mod kept_first;
pub mod refusals;

pub use in_address::in_address;
pub use refusals::Refusal;

/// The most that a form may hold, in bytes.
pub const FORM_LIMIT: usize = 64 * 1024;

/// How much of a form that is too long is read before we hang up, in bytes.
const DRAIN_LIMIT: usize = 4 * 1024 * 1024;

/// Puts the common layers round the routes. A client that has not sent its whole form after `body_time` is sent away.
///
/// # Errors
/// When the site URL cannot be an origin.
pub fn layers(router: Router<App>, app: &App, body_time: Duration) -> Result<Router> {
    let csrf = CsrfLayer::new()
        .add_trusted_origin(app.config.origin())
        .map_err(|e| Error::Setting(format!("WELLBEING_SITE_URL: {e}")))?
        // A mail program's own "unsubscribe" (RFC 8058) comes from anywhere; the link's signature is its right.
        // Notify, too, is no browser: its token is its right.
        .with_insecure_bypass(|_, uri| {
            uri.path().starts_with(crate::newsletters::TOKEN_PATH)
                || uri.path() == crate::messages::returned::PATH
        });
    let routes = router
        .fallback(not_here)
        .method_not_allowed_fallback(async || Refusal::WrongMethod)
        .layer(middleware::map_request(arrive))
        .with_state(app.clone());
    // Round all routes together, not round each: a request copies them, and a router is copied for next to nothing.
    let site = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), trace))
        .layer(middleware::map_response_with_state(app.clone(), headers))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .layer(middleware::from_fn_with_state(app.clone(), refusals::pages))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                tracing::error!("a handler panicked");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            },
        ))
        .layer(middleware::from_fn_with_state(body_time, whole_body))
        .layer(csrf)
        .layer(middleware::from_fn_with_state(
            app.clone(),
            crate::accounts::kept_form::keep,
        ))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .service(routes);
    let app = app.clone();
    Ok(Router::new().fallback_service(KeptFirst { app, site }))
}

/// There is no such page; but an address with a slash too many at its end leads to the page without it.
async fn not_here(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    // "/%5Cevil.example/": some readers take a backslash for a slash.
    let backslash = path.to_ascii_lowercase().contains("%5c");
    if backslash || path.len() == uri.path().len() || !matches!(method, Method::GET | Method::HEAD)
    {
        return Refusal::NotFound.into_response();
    }
    let to = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    own_path(&to).map_or_else(
        || Refusal::NotFound.into_response(),
        |to| Redirect::permanent(to).into_response(),
    )
}

/// The id of a request: in the log, and on the page when something went wrong.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Logs the route (never the path: it may hold a secret), the status and the time taken.
async fn trace(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app
        .id()
        .map(|id| id.simple().to_string().split_off(20))
        .unwrap_or_default();
    let route = tracing::field::Empty;
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    request.extensions_mut().insert(RequestId(id));
    let response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| tracing::debug!(status = response.status().as_u16(), "answered"));
    response
}

/// Tells the log the route. No page has a NUL in its address, and PostgreSQL takes none in a text.
async fn arrive(
    route: Option<MatchedPath>,
    request: Request,
) -> std::result::Result<Request, Refusal> {
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    tracing::Span::current().record("route", route);
    if request.uri().path().contains("%00") {
        return Err(Refusal::NotFound);
    }
    Ok(request)
}

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Security headers on every answer.
async fn headers<B>(State(app): State<App>, mut response: Response<B>) -> Response<B> {
    secure(&app, response.headers_mut());
    response
}

/// Adds the headers that every answer has; a page that names its own `Cache-Control` keeps it, the others are kept by
/// nobody.
fn secure(app: &App, headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let csp = super::captcha_policy(&app.config)
        .and_then(|policy| HeaderValue::from_str(&policy).ok())
        .unwrap_or(HeaderValue::from_static(CSP));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(csp);
    if app.config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// Whether a script of ours asks, which is told what became of it and shown no page.
pub fn asked_by_script(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept == "application/json")
}

/// How long a page may be kept, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The same for everybody: kept, but asked for again each time (ETag).
    Shared,
    /// Inside a journey: kept by this browser alone, so that Back works.
    Journey,
    /// Personal: kept by nobody.
    Nothing,
}

/// A page as an answer.
pub fn page(status: StatusCode, keep: Keep, html: String) -> Response {
    let keep = match keep {
        Keep::Shared => "public, no-cache",
        Keep::Journey => "private, no-cache",
        Keep::Nothing => "no-store",
    };
    (status, [(header::CACHE_CONTROL, keep)], Html(html)).into_response()
}

/// After a form was done: go and look at `path` (303, RFC 9110 §15.4.4).
pub fn see(path: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(path)).into_response()
}

/// A path of our own to go on to, from `?next=`. Anything that could lead elsewhere is `None`.
pub fn own_path(next: &str) -> Option<&str> {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 500
        && next
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>'))
        && !next.contains("/../");
    safe.then_some(next)
}

/// The address of the peer, believing forwarded headers only from configured proxies.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let direct = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::from([0, 0, 0, 0]), |c| c.0.ip());
        let proxies = app.config.proxies().unwrap_or_default();
        Ok(Self(forwarded(&parts.headers, direct, &proxies)))
    }
}

/// How much of an address is one household: an IPv4 address, an IPv6 /64.
pub const HOUSEHOLD: (u8, u8) = (32, 64);
/// How much of an address is one network, of a provider or an organisation: an IPv4 /24, an IPv6 /48.
pub const NETWORK: (u8, u8) = (24, 48);

/// The address with only its first bits, of which `bits` says how many for IPv4 and for IPv6. An IPv4 address that
/// comes through an IPv6 socket (`::ffff:192.0.2.7`) is an IPv4 address.
pub fn network(peer: IpAddr, bits: (u8, u8)) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.0)).unwrap_or(0);
            IpAddr::V4((u32::from(ip) & mask).into())
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.1)).unwrap_or(0);
            IpAddr::V6((u128::from(ip) & mask).into())
        }
    }
}

/// The nearest address that is not one of our proxies, walking `X-Forwarded-For` from its end. It stops at a hop that
/// is no address: what stands before it may have been written by anybody.
fn forwarded(headers: &HeaderMap, direct: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let is_proxy = |ip: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *ip);
    let mut nearest = direct.to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in hops.into_iter().rev().map(hop) {
        match hop {
            Some(hop) if is_proxy(&nearest) => nearest = hop,
            _ => break,
        }
    }
    nearest
}

/// The address of one hop, with or without a port: `192.0.2.7:4711`, `[2001:db8::1]:4711`.
fn hop(written: &str) -> Option<IpAddr> {
    let written = written.trim();
    let bare = written
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(written);
    bare.parse::<IpAddr>()
        .or_else(|_| bare.parse::<SocketAddr>().map(|with_port| with_port.ip()))
        .ok()
        .map(|ip| ip.to_canonical())
}

impl FromRequest<App> for Submitted {
    type Rejection = Response;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Response> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(Refusal::BadRequest.into_response());
        }
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| Refusal::BadRequest.into_response())?;
        Self::parse(&bytes).map_err(|_| Refusal::BadRequest.into_response())
    }
}

/// Takes in everything that is sent, for every route: whoever asks for the body behind this has all of it. What is too
/// long is read on and thrown away, up to [`DRAIN_LIMIT`]: a browser that is still sending when the connection closes
/// shows its own error instead of our page.
async fn whole_body(State(time): State<Duration>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(time, read_whole(body)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, bytes.into())).await,
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => ([(header::CONNECTION, "close")], Refusal::TooSlow).into_response(),
    }
}

async fn read_whole(body: Body) -> Result<Vec<u8>, Refusal> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::BadRequest)?;
        total += chunk.len();
        if total > DRAIN_LIMIT {
            break;
        }
        if total <= FORM_LIMIT {
            bytes.extend_from_slice(&chunk);
        }
    }
    if total > FORM_LIMIT {
        return Err(Refusal::TooLarge);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(written: &str) -> IpAddr {
        written.parse().unwrap()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_our_proxies_alone() {
        let proxies = [ip("127.0.0.1"), ip("2001:db8::5"), ip("::ffff:10.0.0.9")];
        for (what, direct, header, is) in [
            ("no proxy", "192.0.2.7", "203.0.113.1", "192.0.2.7"),
            ("a proxy", "127.0.0.1", "203.0.113.1", "203.0.113.1"),
            ("a proxy that says nothing", "127.0.0.1", "", "127.0.0.1"),
            (
                "through an IPv6 socket",
                "::ffff:127.0.0.1",
                "203.0.113.1",
                "203.0.113.1",
            ),
            (
                "a visitor through an IPv6 socket",
                "::ffff:192.0.2.7",
                "203.0.113.1",
                "192.0.2.7",
            ),
            (
                "a proxy set as IPv6",
                "10.0.0.9",
                "203.0.113.1",
                "203.0.113.1",
            ),
            (
                "two proxies",
                "127.0.0.1",
                "203.0.113.1, 2001:db8::5",
                "203.0.113.1",
            ),
            (
                "what the visitor wrote is left of it",
                "127.0.0.1",
                "198.51.100.9, 203.0.113.1",
                "203.0.113.1",
            ),
            (
                "with a port",
                "127.0.0.1",
                "198.51.100.9, 203.0.113.1:4711",
                "203.0.113.1",
            ),
            (
                "IPv6 with a port",
                "127.0.0.1",
                "198.51.100.9, [2001:db8::1]:4711",
                "2001:db8::1",
            ),
            (
                "IPv6 in brackets",
                "127.0.0.1",
                "198.51.100.9,[2001:db8::1]",
                "2001:db8::1",
            ),
            (
                "IPv4 as IPv6",
                "127.0.0.1",
                "::ffff:203.0.113.1",
                "203.0.113.1",
            ),
            (
                "not an address",
                "127.0.0.1",
                "198.51.100.9, unknown",
                "127.0.0.1",
            ),
            (
                "not an address behind the second proxy",
                "127.0.0.1",
                "198.51.100.9, _hidden, 2001:db8::5",
                "2001:db8::5",
            ),
            ("nothing but proxies", "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            if !header.is_empty() {
                headers.insert("x-forwarded-for", header.parse().unwrap());
            }
            assert_eq!(forwarded(&headers, ip(direct), &proxies), ip(is), "{what}");
        }
        let mut twice = HeaderMap::new();
        twice.append("x-forwarded-for", "198.51.100.9".parse().unwrap());
        twice.append("x-forwarded-for", "203.0.113.1".parse().unwrap());
        assert_eq!(
            forwarded(&twice, ip("127.0.0.1"), &proxies),
            ip("203.0.113.1"),
            "two headers"
        );
    }

    #[test]
    fn a_household_and_a_network_are_the_start_of_an_address() {
        for (peer, household, of) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.0"),
            ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::", "2001:db8:1::"),
        ] {
            assert_eq!(network(ip(peer), HOUSEHOLD), ip(household), "{peer}");
            assert_eq!(network(ip(peer), NETWORK), ip(of), "{peer}");
        }
    }
}
