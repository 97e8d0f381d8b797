//! Marking while the connection is away. `public/register.js` keeps what is marked on the phone and sends it to the register's
//! own form; `public/worker.js` answers a reload without a connection with a page that knows nobody.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use uuid::Uuid;

use super::model::{Mark, Marked, Marks};
use super::pages::{self, HERE, NOT_MARKED};
use crate::server::guard::Anyone;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, assets};
use crate::ui::page::Page;

/// The page for a reload without a connection.
const PAGE: &str = "/tutor/offline";
/// What that page is made of.
const PARTS: [&str; 4] = [
    "main.css",
    "fonts/atkinson.woff2",
    "icon.svg",
    "register.js",
];

/// The worker and its page. Both are the same for everybody.
pub(super) fn routes() -> Routes {
    Routes::default()
        .get("/tutor/worker.js", worker)
        .get("/tutor/offline", offline)
}

/// What marks on a phone are kept under: the account's own, the same each time they sign in, and nothing to be read from it.
pub(super) fn tag(app: &App, account_id: Uuid) -> String {
    let mac = app.vault.mac("marks on a phone", &[account_id.as_bytes()]);
    let mut text = URL_SAFE_NO_PAD.encode(mac);
    text.truncate(16);
    text
}

/// What the script is told.
pub(super) enum Told<'a> {
    /// How these places are marked now at this session.
    Marks(&'a [Marked], &'a Marks, Uuid),
    /// They cannot be marked, now or ever: the list is closed, or not theirs.
    Refused,
    /// Somebody else is signed in than made the marks.
    SignInFirst,
}

impl Told<'_> {
    /// As an answer.
    pub(super) fn answer(self) -> Response {
        let words = match self {
            Self::Refused => json!({ "refused": true }),
            Self::SignInFirst => json!({ "signIn": true }),
            Self::Marks(sent, marks, session_id) => {
                let known = |place| marks.get(&(place, session_id)).and_then(|known| known.mark);
                let now = sent.iter().map(|sent| {
                    let mark = known(sent.place_id).map_or(NOT_MARKED, Mark::name);
                    (sent.place_id.simple().to_string(), mark.into())
                });
                json!({ "marks": now.collect::<serde_json::Map<_, _>>() })
            }
        };
        Json(words).into_response()
    }
}

/// The worker: what it is given here and `public/worker.js`. Its page's parts have another address with each release, so that
/// browsers find that it has changed.
async fn worker(_: Anyone) -> Response {
    let parts = PARTS.map(assets::href);
    let script = format!(
        "const SCOPE = {};\nconst PAGE = {};\nconst PARTS = {};\n{}",
        json!(HERE),
        json!(PAGE),
        json!(parts),
        assets::text("worker.js").unwrap_or_default()
    );
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; connect-src 'self'",
        ),
    ];
    let mut response = (headers, script).into_response();
    response
        .headers_mut()
        .insert("service-worker-allowed", HeaderValue::from_static(HERE));
    response
}

/// What stands there when a page of the desk is opened without a connection.
async fn offline(_: Anyone, app: axum::extract::State<App>) -> Response {
    let html = Page::new("No connection")
        .unlisted()
        .journey()
        .script(assets::href("register.js"))
        .render(&app.site, pages::offline);
    page(StatusCode::OK, Keep::Nothing, html)
}
