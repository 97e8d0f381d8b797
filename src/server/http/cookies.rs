//! Cookies. All of ours are strictly necessary, for one browser and out of reach of scripts.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::server::config::Settings;

/// A cookie of ours, by its short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in.
    Device,
    /// Which sign-up the answers belong to.
    Draft,
    /// Which form waits until somebody has signed in again.
    Kept,
    /// That this browser need not take the second step.
    Known,
    /// A short word for the next page ("Saved").
    Flash,
}

impl Cookie {
    /// `__Host-…` on https; a plain name on this machine's own address, where browsers refuse `Secure`.
    pub fn name(self, config: &Settings) -> &'static str {
        match (self, config.is_https()) {
            (Self::Device, true) => "__Host-sid",
            (Self::Device, false) => "sid",
            (Self::Draft, true) => "__Host-draft",
            (Self::Draft, false) => "draft",
            (Self::Kept, true) => "__Host-kept",
            (Self::Kept, false) => "kept",
            (Self::Known, true) => "__Host-known",
            (Self::Known, false) => "known",
            (Self::Flash, true) => "__Host-said",
            (Self::Flash, false) => "said",
        }
    }

    /// What the browser sent, if anything. Of two with one name the first counts.
    pub fn read(self, headers: &HeaderMap, config: &Settings) -> Option<String> {
        let name = self.name(config);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.to_owned())
    }

    /// A `Set-Cookie` value. Without `max_age` (seconds) it goes when the browser closes.
    pub fn set(self, config: &Settings, value: &str, max_age: Option<i64>) -> HeaderValue {
        let secure = if config.is_https() { "; Secure" } else { "" };
        let age = max_age.map_or_else(String::new, |s| format!("; Max-Age={s}"));
        let text = format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}",
            self.name(config)
        );
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// A `Set-Cookie` value that takes the cookie away.
    pub fn clear(self, config: &Settings) -> HeaderValue {
        self.set(config, "", Some(0))
    }
}
