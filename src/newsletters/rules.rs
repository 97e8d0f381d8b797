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

/// Reads an address as people type it.
///
/// # Errors
/// With a sentence that says what to do.
pub fn email(typed: &str) -> Result<String, String> {
    let words = "Enter your email address with an @ and a dot, like jo@example.org";
    if typed.chars().any(char::is_whitespace) {
        return Err("Take out the spaces in your email address".to_owned());
    }
    if typed.len() > 254 {
        return Err("Use a shorter email address".to_owned());
    }
    let options = email_address::Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    match email_address::EmailAddress::parse_with_options(typed, options) {
        // What the mail library cannot write to is no use to anybody.
        Ok(_) if typed.parse::<lettre::Address>().is_ok() => Ok(typed.to_owned()),
        _ => Err(words.to_owned()),
    }
}

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
    bytes.extend_from_slice(&mac(vault, subscription));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Which subscription a signed name is of; `None` when we did not sign it.
pub fn subscription(vault: &Vault, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, given) = bytes.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    let right = mac(vault, id);
    if given.len() != right.len() {
        return None;
    }
    let differs = given
        .iter()
        .zip(right)
        .fold(0, |differs, (a, b)| differs | (a ^ b));
    (differs == 0).then_some(id)
}

fn mac(vault: &Vault, subscription: Uuid) -> [u8; 32] {
    vault.mac("stop the newsletter", &[subscription.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::email;

    #[test]
    fn addresses() {
        for good in ["jo@example.org", "jo.o'brien+news@mail.example.co.uk"] {
            assert_eq!(email(good), Ok(good.to_owned()));
        }
        for bad in [
            "jo",
            "jo@example",
            "jo @example.org",
            "Jo <jo@example.org>",
            "jo@[127.0.0.1]",
            "jo@example.org\r\nBcc: x@example.org",
            "@example.org",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }
}
