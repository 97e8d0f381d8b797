//! Stylesheet, font, drawings and scripts, inside the binary and kept by browsers for ever: their address
//! holds a hash of them all, so a new release has new addresses.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::config::Settings;
use super::guard::Anyone;
use super::http::Refusal;
use super::routes::Routes;
use crate::ui::page::{Site, SiteFacts};

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Files;

/// A short hash over the names and contents of all assets.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.as_bytes());
        if let Some(file) = Files::get(&name) {
            hash.update(file.metadata.sha256_hash());
        }
    }
    let mut text = URL_SAFE_NO_PAD.encode(hash.finalize());
    text.truncate(10);
    text
});

/// The address of the asset `name` ("main.css").
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The words of the asset `name`, for whoever serves it in another way.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(Files::get(name)?.data.into_owned()).ok()
}

/// What every page needs to know of this site.
pub fn site(config: &Settings) -> Site {
    Site::new(SiteFacts {
        name: config.site_name.clone(),
        place: config.area.clone(),
        phone: config.phone().to_owned(),
        phone_hours: config.phone_hours.clone(),
        email: config.email.clone(),
        url: config.origin(),
        stylesheet: href("main.css"),
        desk_stylesheet: href("desk.css"),
        desk_script: href("desk.js"),
        font: href("fonts/atkinson.woff2"),
        icon: href("icon.svg"),
        share: href("share.png"),
        https: config.is_https(),
        practice: config.practice,
    })
}

/// The assets' route.
pub fn routes() -> Routes {
    Routes::default().get("/assets/{version}/{*name}", serve)
}

async fn serve(_: Anyone, Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(file) = Files::get(&name) else {
        return Refusal::NotFound.into_response();
    };
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .find_map(|(encoding, suffix)| {
            accepts
                .split(',')
                .any(|a| a.trim().split(';').next() == Some(encoding))
                .then(|| Files::get(&format!("{name}.{suffix}")))
                .flatten()
                .map(|file| (encoding, file))
        });
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let mut response = match packed {
        Some((encoding, file)) => (
            StatusCode::OK,
            [(header::CONTENT_ENCODING, encoding)],
            file.data.into_owned(),
        )
            .into_response(),
        None => (StatusCode::OK, file.data.into_owned()).into_response(),
    };
    let given = response.headers_mut();
    if let Ok(kind) = kind.as_ref().parse() {
        given.insert(header::CONTENT_TYPE, kind);
    }
    given.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    given.insert(
        header::VARY,
        header::HeaderValue::from_static("accept-encoding"),
    );
    response
}
