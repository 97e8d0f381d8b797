//! Rules of signing in, without I/O.

use chrono::{DateTime, TimeDelta, Utc};

/// A signed-in device that nobody uses is signed out after this long.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// However much it is used, it is signed out after this long.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// "Keep me signed in on this device": from the last time it was used, and at the longest.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// How often "last used" is written: a page view need not be a write.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Whether a device is still signed in at `now`.
pub fn is_signed_in(
    now: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    kept: bool,
) -> bool {
    let idle = if kept { KEPT } else { IDLE };
    now < expires_at && now < seen_at + idle
}

/// What to call somebody: as they like to be called, or else by the first word of their name.
pub fn known_as<'a>(preferred: Option<&'a str>, full_name: &'a str) -> &'a str {
    preferred.unwrap_or_else(|| full_name.split(' ').next().unwrap_or_default())
}

/// An email address as people type it, tidied. The domain is written small, and the rest as it came.
///
/// # Errors
/// The sentence to show.
pub fn email(typed: &str) -> Result<String, String> {
    if typed.contains(char::is_whitespace) {
        return Err("Take out the spaces in the email address".into());
    }
    if typed.len() > 254 {
        return Err("Use a shorter email address".into());
    }
    let form = "Enter an email address with an @ and a dot, like jo@example.org";
    let Some((local, domain)) = typed.rsplit_once('@') else {
        return Err(form.into());
    };
    let domain = domain.to_ascii_lowercase();
    let has_end = domain.rsplit_once('.').is_some_and(|(_, end)| {
        end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let plain = typed.is_ascii() && !typed.contains(['"', '<', '>', ',', ';', '(', ')', '[', ']']);
    let address = format!("{local}@{domain}");
    // What the mail library cannot write to is no use to anybody.
    let writable = address.parse::<lettre::Address>().is_ok();
    if plain && has_end && writable && email_address::EmailAddress::is_valid(&address) {
        Ok(address)
    } else {
        Err(form.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(59, false, true)]
    #[case(60, false, false)]
    #[case(60, true, true)]
    #[case(60 * 24 * 29, true, true)]
    #[case(60 * 24 * 30, true, false)]
    fn idle_for_minutes(#[case] minutes: i64, #[case] kept: bool, #[case] still: bool) {
        let seen = DateTime::UNIX_EPOCH;
        let now = seen + TimeDelta::minutes(minutes);
        assert_eq!(is_signed_in(now, seen, seen + KEPT + KEPT, kept), still);
    }

    #[test]
    fn the_longest_counts_however_much_it_is_used() {
        let start = DateTime::UNIX_EPOCH;
        let end = start + LONGEST;
        assert!(is_signed_in(
            end - TimeDelta::seconds(1),
            end - TimeDelta::minutes(1),
            end,
            false
        ));
        assert!(!is_signed_in(end, end - TimeDelta::minutes(1), end, false));
    }

    #[rstest]
    #[case("jo@example.org", Some("jo@example.org"))]
    #[case("Jo.O'Neil+books@Example.ORG", Some("Jo.O'Neil+books@example.org"))]
    #[case("jo@sub.example.co.uk", Some("jo@sub.example.co.uk"))]
    #[case("jo", None)]
    #[case("jo@example", None)]
    #[case("jo @example.org", None)]
    #[case("@example.org", None)]
    #[case("jo@.org", None)]
    #[case("jo@example.org>", None)]
    #[case("\"jo\"@example.org", None)]
    #[case("jo@example.org,al@example.org", None)]
    fn addresses(#[case] typed: &str, #[case] tidy: Option<&str>) {
        assert_eq!(email(typed).ok().as_deref(), tidy);
    }

    #[test]
    fn an_address_longer_than_the_column_is_refused() {
        let long = format!("{}@example.org", "a".repeat(250));
        assert_eq!(email(&long), Err("Use a shorter email address".into()));
    }
}
