//! Rules of the catalogue, without I/O.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::RunStatus;
use crate::ui::pieces::TagState;

/// As many places or fewer are called few.
pub const FEW: u32 = 3;

/// What the availability of a run depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// As the course team set it.
    pub status: RunStatus,
    /// Only volunteers may book.
    pub volunteers_only: bool,
    /// The first session's start.
    pub starts_at: DateTime<Utc>,
    /// When the last session starts that somebody new may begin with.
    pub joins_until: DateTime<Utc>,
    /// Places that are neither booked nor kept for somebody.
    pub left: u32,
}

/// How a run stands for somebody who looks at it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Availability {
    /// This many places are left.
    Places(u32),
    /// Only this many are left.
    Few(u32),
    /// No place is left.
    Full,
    /// For volunteers only, and this many places are left.
    Volunteers(u32),
    /// Booking has been closed.
    Closed,
    /// It has begun, and nobody new can join it.
    Started,
    /// It will not take place.
    Cancelled,
}

/// How a run stands at `now`. What cannot change any more is said first: a cancelled run is cancelled even after
/// its first day, a run that has begun is neither full nor closed.
pub fn availability(run: &Standing, now: DateTime<Utc>) -> Availability {
    match run.status {
        RunStatus::Cancelled => Availability::Cancelled,
        _ if run.joins_until <= now => Availability::Started,
        // Nobody waits for a place once it has begun, and we do not say any more that one could ask.
        RunStatus::Closed | RunStatus::Draft if run.starts_at <= now => Availability::Started,
        RunStatus::Open if run.left == 0 && run.starts_at <= now => Availability::Started,
        RunStatus::Closed | RunStatus::Draft => Availability::Closed,
        RunStatus::Open => match run.left {
            0 => Availability::Full,
            left if run.volunteers_only => Availability::Volunteers(left),
            left @ 1..=FEW => Availability::Few(left),
            left => Availability::Places(left),
        },
    }
}

impl Availability {
    /// Whether somebody can book it: a volunteer, if it is for volunteers.
    pub const fn has_places(self) -> bool {
        matches!(self, Self::Places(_) | Self::Few(_) | Self::Volunteers(_))
    }

    /// Whether somebody can book it who is a volunteer, or is not.
    pub const fn is_free_for(self, volunteer: bool) -> bool {
        match self {
            Self::Volunteers(_) => volunteer,
            _ => self.has_places(),
        }
    }

    /// Whether it is still to come, full or not.
    pub const fn is_to_come(self) -> bool {
        !matches!(self, Self::Started | Self::Cancelled)
    }

    /// The places left that can be booked.
    pub const fn left(self) -> u32 {
        match self {
            Self::Places(left) | Self::Few(left) | Self::Volunteers(left) => left,
            _ => 0,
        }
    }

    /// Its tag.
    pub const fn tag(self) -> TagState {
        match self {
            Self::Places(left) => TagState::Places(left),
            Self::Few(left) => TagState::Few(left),
            Self::Full => TagState::Full,
            Self::Volunteers(_) => TagState::Volunteers,
            Self::Closed => TagState::Closed,
            Self::Started => TagState::Started,
            Self::Cancelled => TagState::Cancelled,
        }
    }
}

/// The short word of a run in addresses: eight letters and figures from the random end of its id, without those
/// that are easily mixed up (Crockford's base 32). Two runs of one course share one in a million million times.
pub fn run_code(id: Uuid) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let tail = id.as_u128() & 0xff_ffff_ffff;
    (0..8)
        .rev()
        .map(|place| char::from(LETTERS[((tail >> (place * 5)) & 31) as usize]))
        .collect()
}

/// Words as a part of an address: "Midsomer Norton" is "midsomer-norton".
pub fn slug(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') && c != '\'' && c != '’' {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2027-01-12T{hour:02}:00:00Z").parse().unwrap()
    }

    #[rstest]
    #[case::many(RunStatus::Open, false, 4, 9, Availability::Places(4))]
    #[case::few(RunStatus::Open, false, 3, 9, Availability::Few(3))]
    #[case::one(RunStatus::Open, false, 1, 9, Availability::Few(1))]
    #[case::full(RunStatus::Open, false, 0, 9, Availability::Full)]
    #[case::volunteers(RunStatus::Open, true, 2, 9, Availability::Volunteers(2))]
    #[case::volunteers_full(RunStatus::Open, true, 0, 9, Availability::Full)]
    #[case::closed(RunStatus::Closed, false, 5, 9, Availability::Closed)]
    #[case::a_draft_is_never_open(RunStatus::Draft, false, 5, 9, Availability::Closed)]
    #[case::begins_now(RunStatus::Open, false, 5, 10, Availability::Started)]
    #[case::full_and_begun(RunStatus::Open, false, 0, 11, Availability::Started)]
    #[case::closed_and_begun(RunStatus::Closed, true, 0, 11, Availability::Started)]
    #[case::cancelled(RunStatus::Cancelled, false, 5, 9, Availability::Cancelled)]
    #[case::cancelled_after_its_day(RunStatus::Cancelled, true, 0, 11, Availability::Cancelled)]
    fn how_a_run_stands(
        #[case] status: RunStatus,
        #[case] volunteers_only: bool,
        #[case] left: u32,
        #[case] now: u32,
        #[case] expected: Availability,
    ) {
        let run = Standing {
            status,
            volunteers_only,
            starts_at: at(10),
            joins_until: at(10),
            left,
        };
        let found = availability(&run, at(now));
        assert_eq!(found, expected);
        assert_eq!(found.has_places(), found.left() > 0);
        assert_eq!(found.is_free_for(true), found.has_places());
        let for_all = found.has_places() && !volunteers_only;
        assert_eq!(found.is_free_for(false), for_all);
    }

    #[rstest]
    #[case::before(RunStatus::Open, 4, 9, Availability::Places(4))]
    #[case::full_before(RunStatus::Open, 0, 9, Availability::Full)]
    #[case::has_begun(RunStatus::Open, 4, 11, Availability::Places(4))]
    #[case::has_begun_and_is_full(RunStatus::Open, 0, 11, Availability::Started)]
    #[case::has_begun_and_is_closed(RunStatus::Closed, 4, 11, Availability::Started)]
    #[case::too_late(RunStatus::Open, 4, 12, Availability::Started)]
    fn how_a_run_stands_that_people_may_join_late(
        #[case] status: RunStatus,
        #[case] left: u32,
        #[case] now: u32,
        #[case] expected: Availability,
    ) {
        let run = Standing {
            status,
            volunteers_only: false,
            starts_at: at(10),
            joins_until: at(12),
            left,
        };
        assert_eq!(availability(&run, at(now)), expected);
    }

    #[test]
    fn codes_are_short_and_safe_in_an_address() {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_00ab_cdef_0123);
        assert_eq!(run_code(id), "nf6yy093");
        assert_eq!(run_code(Uuid::from_u128(1)), "00000001");
    }

    #[test]
    fn slugs() {
        assert_eq!(slug("Midsomer Norton"), "midsomer-norton");
        assert_eq!(slug(" St John’s, Keynsham! "), "st-johns-keynsham");
        assert_eq!(slug("…"), "");
    }
}
