//! The key in a form: what is made from it has the same id each time, so that a form sent twice is one effect.

use uuid::Uuid;

use super::random::Secret;
use super::{App, Result};

/// A new key, for a form that is shown for the first time.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn new() -> Result<String> {
    Ok(Secret::new()?.text().to_owned())
}

/// Whether a form's key is one of ours.
pub fn is_one(key: &str) -> bool {
    (16..=100).contains(&key.len())
}

/// The id of what a form makes for `purpose`, bound to the account that sends it and to its `answers`: the same form with other
/// answers makes something else. (Empty, where a form that is put right and sent again means the same thing.)
pub fn id(app: &App, purpose: &str, account_id: Uuid, key: &str, answers: &str) -> Uuid {
    let mut parts = vec![account_id.as_bytes().as_slice(), key.as_bytes()];
    if !answers.is_empty() {
        parts.push(answers.as_bytes());
    }
    let mac = app.vault.mac(purpose, &parts);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
