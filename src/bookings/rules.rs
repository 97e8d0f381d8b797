//! Rules of booking, without I/O: the time is an argument.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::model::BookOutcome;
use crate::ui::dates;

/// How long a place is kept for somebody who is signing up.
pub const HELD_FOR: TimeDelta = TimeDelta::minutes(30);

/// How long somebody is told that the time of a kept place is over.
pub const LAPSE_TOLD: TimeDelta = TimeDelta::hours(24);

/// Somebody younger needs a parent or guardian to agree.
pub const GROWN_UP: i32 = 16;

/// So long before the first session everybody who waits is told of a place, and the first to take it has it.
pub const LAST_CALL: TimeDelta = TimeDelta::hours(6);

/// How long a parent or guardian has to agree, if nobody new may begin before.
const GUARDIAN_HAS: TimeDelta = TimeDelta::days(14);

/// Until when a parent or guardian can agree to a booking made `now`.
pub fn agree_by(now: DateTime<Utc>, joins_until: DateTime<Utc>) -> DateTime<Utc> {
    (now + GUARDIAN_HAS).min(joins_until)
}

/// Letters and figures that cannot be taken for one another, on paper or read aloud, and that make no words.
const ALPHABET: &[u8; 20] = b"2346789CDFHJKMQRTWXY";

/// How many places of a run may be kept at one time for people who are signing up: a quarter, or 3.
pub fn held_at_most(capacity: i64) -> i64 {
    (capacity / 4).max(3).min(capacity)
}

/// A booking reference from random bytes ("WB-7K4-2MQ"); `None` when too few of them can be used.
pub fn reference(random: &[u8]) -> Option<String> {
    number("WB", random)
}

/// A number to be read out, from random bytes, with two letters that say what it is of.
pub fn number(of: &str, random: &[u8]) -> Option<String> {
    // 240 is the largest multiple of 20 in a byte: what lies above would favour the first letters.
    let mut letters = random
        .iter()
        .filter(|b| **b < 240)
        .map(|b| char::from(ALPHABET[usize::from(*b % 20)]));
    let mut words = format!("{of}-");
    for place in 0..6 {
        if place == 3 {
            words.push('-');
        }
        words.push(letters.next()?);
    }
    Some(words)
}

/// A reference as somebody typed it: small letters, spaces and missing dashes are forgiven.
pub fn read_reference(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let body = plain.strip_prefix("WB").unwrap_or(&plain);
    if body.len() != 6 || !body.bytes().all(|b| ALPHABET.contains(&b)) {
        return None;
    }
    Some(format!("WB-{}-{}", &body[..3], &body[3..]))
}

/// A run as the rules see it.
#[derive(Clone, Debug)]
pub struct RunState<'a> {
    /// `draft`, `open`, `closed` or `cancelled`.
    pub status: &'a str,
    /// When its first session begins.
    pub starts_at: DateTime<Utc>,
    /// When the last session begins that somebody new may begin with.
    pub joins_until: DateTime<Utc>,
    /// Whether it is for our volunteers.
    pub volunteers_only: bool,
    /// Who the course is for.
    pub audience: &'a str,
}

/// Who asks, as the rules see them.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Whether the account's address is confirmed.
    pub verified: bool,
    /// Whether they volunteer with us.
    pub volunteer: bool,
    /// The birthdays we know, of everybody who would come.
    pub born: Vec<NaiveDate>,
}

/// Why a place cannot be asked for at all, if so. Whether one is free is for the database to say.
pub fn refusal(run: &RunState<'_>, asking: &Asking, now: DateTime<Utc>) -> Option<BookOutcome> {
    let first_day = dates::day_of(run.starts_at);
    let under_16 = |born: &NaiveDate| dates::age_on(*born, first_day) < GROWN_UP;
    match run.status {
        "open" | "closed" | "cancelled" => {}
        _ => return Some(BookOutcome::NoSuchRun),
    }
    if run.status == "cancelled" {
        Some(BookOutcome::Cancelled)
    } else if run.joins_until <= now {
        Some(BookOutcome::Started)
    } else if run.status == "closed" {
        Some(BookOutcome::Closed)
    } else if (run.volunteers_only || run.audience == "volunteers") && !asking.volunteer {
        Some(BookOutcome::VolunteersOnly)
    } else if run.audience == "adults" && asking.born.iter().any(under_16) {
        Some(BookOutcome::AdultsOnly)
    } else if run.audience == "under-16s"
        && !asking.born.is_empty()
        && !asking.born.iter().all(under_16)
    {
        Some(BookOutcome::Under16sOnly)
    } else if !asking.verified {
        Some(BookOutcome::NotVerified)
    } else {
        None
    }
}

/// Whether somebody born then is under 16 on the run's first day.
pub fn is_under_16(born: Option<NaiveDate>, starts_at: DateTime<Utc>) -> bool {
    born.is_some_and(|born| dates::age_on(born, dates::day_of(starts_at)) < GROWN_UP)
}

/// What cancelling means now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The place becomes free.
    Cancel,
    /// They stop coming; the place is free only while somebody new may begin.
    Stop,
    /// There is nothing left to cancel.
    Over,
}

/// What cancelling means at `now`: until the first session ends the place becomes free, until the last one
/// ends it is "stopped coming".
pub fn ending(now: DateTime<Utc>, first_ends: DateTime<Utc>, last_ends: DateTime<Utc>) -> Ending {
    if now < first_ends {
        Ending::Cancel
    } else if now < last_ends {
        Ending::Stop
    } else {
        Ending::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn references_can_be_read_aloud_and_back() {
        let reference = reference(&[0, 255, 1, 2, 250, 3, 4, 239]).expect("six letters");
        assert_eq!(reference, "WB-234-67Y");
        assert_eq!(read_reference("wb 234 67y").as_deref(), Some("WB-234-67Y"));
        assert_eq!(read_reference("23467Y").as_deref(), Some("WB-234-67Y"));
        for wrong in [
            "",
            "WB-234-67",
            "WB-234-670",
            "WB-O34-67Y",
            "WB-234-67Y2",
            "../../etc",
        ] {
            assert_eq!(read_reference(wrong), None, "{wrong}");
        }
        assert_eq!(super::reference(&[255; 64]), None);
    }

    #[test]
    fn each_refusal_has_its_own_name() {
        let now = at("2027-01-01T10:00:00Z");
        let adult = Asking {
            verified: true,
            volunteer: false,
            born: vec![NaiveDate::from_ymd_opt(1952, 3, 31).expect("a day")],
        };
        // 16 on the first day.
        let just = Asking {
            born: vec![NaiveDate::from_ymd_opt(2011, 1, 12).expect("a day")],
            ..adult.clone()
        };
        let child = Asking {
            born: vec![NaiveDate::from_ymd_opt(2011, 1, 13).expect("a day")],
            ..adult.clone()
        };
        let open = RunState {
            status: "open",
            starts_at: at("2027-01-12T10:30:00Z"),
            joins_until: at("2027-01-12T10:30:00Z"),
            volunteers_only: false,
            audience: "adults",
        };
        assert_eq!(refusal(&open, &adult, now), None);
        assert_eq!(refusal(&open, &just, now), None);
        assert_eq!(refusal(&open, &child, now), Some(BookOutcome::AdultsOnly));
        let young = RunState {
            audience: "under-16s",
            ..open.clone()
        };
        assert_eq!(refusal(&young, &child, now), None);
        assert_eq!(refusal(&young, &just, now), Some(BookOutcome::Under16sOnly));
        let ours = RunState {
            volunteers_only: true,
            ..open.clone()
        };
        assert_eq!(
            refusal(&ours, &adult, now),
            Some(BookOutcome::VolunteersOnly)
        );
        assert_eq!(
            refusal(
                &ours,
                &Asking {
                    volunteer: true,
                    ..adult.clone()
                },
                now
            ),
            None
        );
        assert_eq!(
            refusal(&open, &adult, open.starts_at),
            Some(BookOutcome::Started)
        );
        assert_eq!(
            refusal(
                &RunState {
                    status: "closed",
                    ..open.clone()
                },
                &adult,
                now
            ),
            Some(BookOutcome::Closed)
        );
        assert_eq!(
            refusal(
                &RunState {
                    status: "cancelled",
                    ..open.clone()
                },
                &adult,
                now
            ),
            Some(BookOutcome::Cancelled)
        );
        assert_eq!(
            refusal(
                &RunState {
                    status: "draft",
                    ..open.clone()
                },
                &adult,
                now
            ),
            Some(BookOutcome::NoSuchRun)
        );
        assert_eq!(
            refusal(
                &open,
                &Asking {
                    verified: false,
                    ..adult
                },
                now
            ),
            Some(BookOutcome::NotVerified)
        );
    }

    #[test]
    fn a_place_is_free_again_until_the_first_session_ends() {
        let (first, last) = (at("2027-01-12T12:30:00Z"), at("2027-02-16T12:30:00Z"));
        assert_eq!(
            ending(at("2027-01-12T12:29:59Z"), first, last),
            Ending::Cancel
        );
        assert_eq!(ending(first, first, last), Ending::Stop);
        assert_eq!(ending(last, first, last), Ending::Over);
        assert_eq!(ending(first, first, first), Ending::Over);
    }

    #[test]
    fn a_guardian_has_two_weeks_or_until_it_starts() {
        let now = at("2027-01-01T10:00:00Z");
        let (soon, late) = (at("2027-01-12T10:30:00Z"), at("2027-03-01T10:30:00Z"));
        assert_eq!(agree_by(now, soon), soon);
        assert_eq!(agree_by(now, late), at("2027-01-15T10:00:00Z"));
    }

    #[test]
    fn few_places_are_held() {
        assert_eq!([1, 4, 12, 20].map(held_at_most), [1, 3, 3, 5]);
    }
}
