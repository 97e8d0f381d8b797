//! Ids and secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Error, Result};

/// Fills `bytes` from the operating system.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|e| Error::Random(e.to_string()))
}

/// A new id (UUID version 7, RFC 9562 §5.7): sorted by time, never a secret.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn id(now: DateTime<Utc>) -> Result<Uuid> {
    let mut tail = [0; 10];
    fill(&mut tail)?;
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
}

/// A secret of 256 random bits: the text goes to one person, only the hash is kept.
#[derive(Clone)]
pub struct Secret {
    text: String,
}

impl Secret {
    /// A new secret.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new() -> Result<Self> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        Ok(Self {
            text: URL_SAFE_NO_PAD.encode(bytes),
        })
    }

    /// What goes into the link or the cookie: 43 characters, safe in a URL.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is kept.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.text)
    }
}

/// SHA-256 of a secret as it came back from a link or cookie.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
