//! Rules of signing in, without I/O.

use chrono::{DateTime, TimeDelta, Utc};

use super::roles::Roles;

/// A signed-in device that nobody uses is signed out after this long.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// However much it is used, it is signed out after this long.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// "Keep me signed in on this device": from the last time it was used, and at the longest.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// "Last used" is written this often at most: a page view need not be a write.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How long a device has been signed in, and what decides for how long it stays so.
#[derive(Clone, Copy, Debug)]
pub struct Sitting {
    /// When it was signed in.
    pub since: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it is signed out however much it is used.
    pub expires_at: DateTime<Utc>,
    /// "Keep me signed in on this device"; nobody who works here is.
    pub kept: bool,
    /// What its account may do.
    pub roles: Roles,
}

impl Sitting {
    fn idle(&self) -> TimeDelta {
        let members = if self.kept { KEPT } else { IDLE };
        self.roles.idle().unwrap_or(members)
    }

    /// When it is over, if nothing happens until then.
    pub fn ends_at(&self) -> DateTime<Utc> {
        let idle = (self.seen_at + self.idle()).min(self.expires_at);
        if self.roles.are_staff() {
            idle.min(self.since + LONGEST)
        } else {
            idle
        }
    }

    /// Whether it is still signed in at `now`.
    pub fn lasts(&self, now: DateTime<Utc>) -> bool {
        now < self.ends_at()
    }

    /// Whether that it was used is written down again at `now`.
    pub fn is_to_be_seen(&self, now: DateTime<Utc>) -> bool {
        now - self.seen_at >= SEEN_EVERY.min(self.idle() / 15)
    }
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

    fn sitting(kept: bool, roles: &str) -> Sitting {
        Sitting {
            since: DateTime::UNIX_EPOCH,
            seen_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH + if kept { KEPT } else { LONGEST },
            kept,
            roles: Roles::from(roles.to_owned()),
        }
    }

    #[rstest]
    #[case(59, false, "", true)]
    #[case(60, false, "", false)]
    #[case(60, true, "", true)]
    #[case(60 * 24 * 30 - 1, true, "", true)]
    #[case(60 * 24 * 30, true, "", false)]
    #[case(14, false, "course-admin", true)]
    #[case(15, false, "course-admin", false)]
    #[case(15, true, "course-admin", false)]
    #[case(119, false, "tutor", true)]
    #[case(120, true, "tutor", false)]
    fn idle_for_minutes(
        #[case] minutes: i64,
        #[case] kept: bool,
        #[case] roles: &str,
        #[case] still: bool,
    ) {
        let now = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        assert_eq!(sitting(kept, roles).lasts(now), still);
    }

    #[rstest]
    #[case(false, "")]
    #[case(false, "owner")]
    // Somebody who asked to be kept signed in, and works here since: 12 hours all the same.
    #[case(true, "owner")]
    fn the_longest_counts_however_much_it_is_used(#[case] kept: bool, #[case] roles: &str) {
        let end = DateTime::UNIX_EPOCH + LONGEST;
        let used = Sitting {
            seen_at: end - TimeDelta::minutes(1),
            ..sitting(kept, roles)
        };
        assert!(used.lasts(end - TimeDelta::seconds(1)));
        assert!(!used.lasts(end));
    }

    #[test]
    fn a_desk_notes_every_minute_that_it_is_used() {
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        assert!(sitting(false, "owner").is_to_be_seen(at(1)));
        assert!(!sitting(false, "").is_to_be_seen(at(3)));
        assert!(sitting(true, "").is_to_be_seen(at(5)));
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
