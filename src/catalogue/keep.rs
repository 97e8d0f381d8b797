//! Pages that are the same for all visitors, kept for as long as nothing they show has changed.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::sync::Cache;
use xxhash_rust::xxh3::xxh3_128;

/// At most this much memory for kept pages, in bytes.
const ROOM: u64 = 32 * 1024 * 1024;

/// Kept pages, by path and query in one order.
pub struct Pages(Cache<String, Arc<Kept>>);

impl Default for Pages {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(ROOM)
                .weigher(|key: &String, page: &Arc<Kept>| {
                    // With room for its packed copy.
                    u32::try_from(key.len() + page.body.len() * 3 / 2 + 500).unwrap_or(u32::MAX)
                })
                .time_to_idle(Duration::from_mins(15))
                .build(),
        )
    }
}

impl Pages {
    /// The page kept under `key`, if it was made from what `stamp` stands for.
    pub fn get(&self, key: &str, stamp: Stamp) -> Option<Arc<Kept>> {
        self.0.get(key).filter(|page| page.stamp == stamp)
    }

    /// Keeps a page.
    pub fn put(&self, key: String, page: Arc<Kept>) {
        self.0.insert(key, page);
    }
}

/// What a page was made from: the state of the catalogue, the minute (a run begins, a day ends) and what stands above every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Of the catalogue and the places.
    pub state: u64,
    /// Since 1970.
    pub minute: i64,
    /// Of the notice ([`Site::notice_revision`](crate::ui::page::Site::notice_revision)).
    pub notice: u64,
}

/// One page or file, ready to be sent.
pub struct Kept {
    stamp: Stamp,
    kind: &'static str,
    etag: HeaderValue,
    body: Bytes,
    packed: [OnceLock<Option<Bytes>>; 2],
}

impl Kept {
    /// A page made from what `stamp` stands for. Its ETag is of its bytes, so that two processes agree; nobody
    /// gains by two pages with one tag, so a fast hash will do.
    pub fn new(stamp: Stamp, kind: &'static str, text: String) -> Self {
        let mut tag = URL_SAFE_NO_PAD.encode(xxh3_128(text.as_bytes()).to_be_bytes());
        tag.truncate(16);
        Self {
            stamp,
            kind,
            etag: HeaderValue::try_from(format!("W/\"{tag}\""))
                .unwrap_or(HeaderValue::from_static("W/\"\"")),
            body: text.into(),
            packed: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// The answer to a request with these headers: 304 if they have it, packed if they can unpack it.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let common = [
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, no-cache"),
            ),
            (
                header::VARY,
                HeaderValue::from_static("accept-encoding, cookie"),
            ),
            (header::ETAG, self.etag.clone()),
        ];
        if has(asked, &self.etag) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        for (packed, packing) in self.packed.iter().zip(Packing::ALL) {
            if !accepts(asked, packing.name()) {
                continue;
            }
            if let Some(bytes) = packed.get_or_init(|| packing.pack(&self.body)) {
                let encoding = (
                    header::CONTENT_ENCODING,
                    HeaderValue::from_static(packing.name()),
                );
                return (common, [kind, encoding], Body::from(bytes.clone())).into_response();
            }
        }
        (common, [kind], Body::from(self.body.clone())).into_response()
    }
}

/// Whether `If-None-Match` names this tag. Comparison is weak (RFC 9110 §13.1.2).
fn has(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let own = etag.to_str().map(strong).unwrap_or_default();
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|tag| tag.trim() == "*" || strong(tag) == own)
}

fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            parts.next() == Some(encoding)
                && !parts.any(|p| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

#[derive(Clone, Copy)]
enum Packing {
    Brotli,
    Gzip,
}

impl Packing {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The page in fewer bytes: a millisecond once, and then for every visitor who has the same page.
    fn pack(self, body: &[u8]) -> Option<Bytes> {
        use std::io::Write as _;
        let room = Vec::with_capacity(body.len() / 4);
        let packed = match self {
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(room, 4096, 5, 20);
                writer.write_all(body).ok()?;
                writer.into_inner()
            }
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(room, flate2::Compression::new(6));
                writer.write_all(body).ok()?;
                writer.finish().ok()?
            }
        };
        Some(packed.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_page_that_they_have_is_not_sent_again() {
        let page = Kept::new(
            Stamp {
                state: 1,
                minute: 1,
                notice: 0,
            },
            "text/html",
            "hello".into(),
        );
        let tag = page.etag.to_str().unwrap().to_owned();
        for named in [
            tag.clone(),
            tag.trim_start_matches("W/").to_owned(),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            let asked = HeaderMap::from_iter([(
                header::IF_NONE_MATCH,
                HeaderValue::try_from(named).unwrap(),
            )]);
            let answer = page.answer(&asked);
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(answer.headers()[header::ETAG], page.etag);
        }
        assert_eq!(
            page.answer(&asked(header::IF_NONE_MATCH, "\"x\"")).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn a_page_is_packed_as_they_can_unpack_it() {
        let page = Kept::new(
            Stamp {
                state: 1,
                minute: 1,
                notice: 0,
            },
            "text/html",
            "hello ".repeat(100),
        );
        for (value, encoding) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("identity", None),
        ] {
            let answer = page.answer(&asked(header::ACCEPT_ENCODING, value));
            let found = answer
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|v| v.to_str().unwrap());
            assert_eq!(found, encoding, "{value}");
        }
    }

    #[test]
    fn another_stamp_is_another_page() {
        let pages = Pages::default();
        let stamp = Stamp {
            state: 1,
            minute: 1,
            notice: 0,
        };
        pages.put(
            "/".into(),
            Arc::new(Kept::new(stamp, "text/html", "hello".into())),
        );
        assert!(pages.get("/", stamp).is_some());
        assert!(
            pages
                .get(
                    "/",
                    Stamp {
                        state: 2,
                        minute: 1,
                        notice: 0,
                    }
                )
                .is_none()
        );
        assert!(
            pages
                .get(
                    "/",
                    Stamp {
                        state: 1,
                        minute: 2,
                        notice: 0,
                    }
                )
                .is_none()
        );
    }
}
