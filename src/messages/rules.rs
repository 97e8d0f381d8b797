//! When a message is tried again, and when we stop. No I/O.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Timelike as _, Utc};

use crate::ui::dates;

/// How long one worker has a message to itself. Longer than any mail server is waited for.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);
/// After this long without success a message is dead: somebody from the team looks at it.
pub const PATIENCE: TimeDelta = TimeDelta::hours(72);
/// The wait after the first failure; it doubles with each.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(15);
/// The longest wait in the first hour or so: an outage that is over is noticed within minutes.
const SOON: TimeDelta = TimeDelta::minutes(4);
/// The longest wait after that.
const LATER: TimeDelta = TimeDelta::minutes(30);
/// How many tries the first hour or so holds.
const SOON_TRIES: i64 = 20;

/// What to do with a message that could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again then.
    At(DateTime<Utc>),
    /// Stop.
    Dead,
}

/// The wait after the `attempts`-th failure, before jitter.
pub fn wait(attempts: i64) -> TimeDelta {
    if attempts > SOON_TRIES {
        return LATER;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(10);
    SOON.min(FIRST_WAIT * 2_i32.pow(doublings))
}

/// After a failure: `permanent` when the mail server said that trying again cannot help. `chance` (0 to 255)
/// spreads the tries by up to a fifth either way, so that they do not all come at once.
pub fn next(
    now: DateTime<Utc>,
    created_at: DateTime<Utc>,
    attempts: i64,
    permanent: bool,
    chance: u8,
) -> Next {
    let wait = wait(attempts);
    let spread = wait * 2 / 5 * i32::from(chance) / 255;
    let at = now + wait - wait / 5 + spread;
    if permanent || at - created_at > PATIENCE {
        Next::Dead
    } else {
        Next::At(at)
    }
}

/// What can wait is not sent before this hour in Bath, or from [`EVENING`] on.
const MORNING: u32 = 8;
/// See [`MORNING`].
const EVENING: u32 = 20;

/// Whether it is day enough in Bath to send somebody what can wait.
pub fn is_day(at: DateTime<Utc>) -> bool {
    (MORNING..EVENING).contains(&dates::local(at).hour())
}

/// `at`, or the next morning when that is at night.
pub fn by_day(at: DateTime<Utc>) -> DateTime<Utc> {
    let local = dates::local(at);
    if is_day(at) {
        return at;
    }
    let late = u64::from(local.hour() >= EVENING);
    let day = local.date().checked_add_days(Days::new(late));
    let morning = NaiveTime::from_hms_opt(MORNING, 0, 0).unwrap_or_default();
    dates::moment(day.unwrap_or(local.date()).and_time(morning))
}

/// Whether an SMTP answer means that this message can never be sent. An answer about our own sign-in or about
/// encryption (RFC 4954: 530 to 538) is our mistake, not the message's: it waits until that is put right.
pub fn is_permanent(code: u16) -> bool {
    (500..600).contains(&code) && !(530..=538).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_then_stay() {
        let seconds: Vec<i64> = [1, 2, 3, 4, 5, 6, 20, 21, 100]
            .iter()
            .map(|n| wait(*n).num_seconds())
            .collect();
        assert_eq!(seconds, [15, 30, 60, 120, 240, 240, 240, 1800, 1800]);
    }

    #[test]
    fn a_fifth_either_way() {
        let now: DateTime<Utc> = "2027-01-04T09:00:00Z".parse().unwrap();
        for chance in 0..=255 {
            let Next::At(at) = next(now, now, 5, false, chance) else {
                panic!("dead")
            };
            let waited = (at - now).num_seconds();
            assert!((192..=288).contains(&waited), "{waited}");
        }
    }

    #[test]
    fn three_days_and_no_longer() {
        let now: DateTime<Utc> = "2027-01-04T09:00:00Z".parse().unwrap();
        assert_eq!(next(now, now, 1, true, 0), Next::Dead);
        let old = now - PATIENCE;
        assert_eq!(next(now, old, 100, false, 0), Next::Dead);
        assert_ne!(
            next(now, old + TimeDelta::hours(1), 100, false, 255),
            Next::Dead
        );
    }

    #[test]
    fn what_can_wait_waits_for_the_morning() {
        for (at, sent) in [
            ("2027-01-04T07:59:59Z", "2027-01-04T08:00:00Z"),
            ("2027-01-04T08:00:00Z", "2027-01-04T08:00:00Z"),
            ("2027-01-04T19:59:59Z", "2027-01-04T19:59:59Z"),
            ("2027-01-04T20:00:00Z", "2027-01-05T08:00:00Z"),
            // The clocks go forward in that night.
            ("2027-03-27T22:00:00Z", "2027-03-28T07:00:00Z"),
        ] {
            let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(by_day(time(at)), time(sent), "{at}");
        }
    }

    #[test]
    fn which_refusals_are_for_ever() {
        let cases = [
            (550, true),
            (554, true),
            (501, true),
            (535, false),
            (530, false),
            (421, false),
            (450, false),
        ];
        for (code, permanent) in cases {
            assert_eq!(is_permanent(code), permanent, "{code}");
        }
    }
}
