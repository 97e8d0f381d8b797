//! Rules of the newsletter, without I/O.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::server::App;
use crate::server::vault::Vault;

/// How long the link in the confirming message works.
pub const LINK: TimeDelta = TimeDelta::days(7);
/// How many confirming messages one address gets in a day.
pub const MOST_A_DAY: i64 = 3;
/// Where the pages of signed links are: a mail program may post there from anywhere (RFC 8058).
pub const TOKEN_PATH: &str = "/unsubscribe/";
/// What such a link is signed for.
const PURPOSE: &str = "stop the newsletter";

/// The address of the page that stops the newsletter: signed, so that it needs no row and never runs out.
pub fn unsubscribe_url(app: &App, subscription: Uuid) -> String {
    format!(
        "{}{TOKEN_PATH}{}",
        app.config.origin(),
        token(&app.vault, subscription)
    )
}

/// The signed name of a subscription.
pub fn token(vault: &Vault, subscription: Uuid) -> String {
    let mut bytes = subscription.as_bytes().to_vec();
    bytes.extend_from_slice(&vault.mac(PURPOSE, &[subscription.as_bytes()]));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Which subscription a signed name is of; `None` when we did not sign it.
pub fn subscription(vault: &Vault, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, given) = bytes.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    vault.is_mac(PURPOSE, &[id.as_bytes()], given).then_some(id)
}
