//! How an entry stands now, and what the link of an offer still has to answer.

use chrono::{DateTime, Utc};

use super::store::Seen;
use crate::bookings::store::Offer;

/// How an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// So many entries are before it.
    Waiting { before: i64 },
    /// A place is kept for it until then; with `shared`, for others as well.
    Offered { until: DateTime<Utc>, shared: bool },
    /// A place is free, and the first to take it has it.
    LastCall,
    /// It came to a booking.
    Booked,
    /// They left.
    Left,
    /// They said no.
    Declined,
    /// They did not answer in time.
    Lapsed,
    /// There was no place before it began, or it was called off.
    Over { called_off: bool },
}

impl Standing {
    /// How an entry stands at `now`.
    pub fn of(seen: &Seen, offer: &Offer, now: DateTime<Utc>) -> Self {
        match seen.status.as_str() {
            "booked" => Self::Booked,
            "left" => Self::Left,
            "declined" => Self::Declined,
            "lapsed" => Self::Lapsed,
            "over" => Self::Over {
                called_off: offer.run.status == "cancelled",
            },
            _ => match seen.expires_at.filter(|until| *until > now) {
                Some(until) if seen.keeps => Self::Offered {
                    until,
                    shared: seen.shared,
                },
                Some(_) if offer.run.free(now) >= seen.places => Self::LastCall,
                _ => Self::Waiting {
                    before: seen.before,
                },
            },
        }
    }
}

/// Why the link of an offer has nothing to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// They said yes before.
    SaidYes,
    /// They said no.
    SaidNo,
    /// They did not answer in time.
    Late,
    /// Somebody else took it, just now.
    Taken,
    /// That offer is over, and they still wait.
    Waits,
    /// The list is over: it has begun.
    Over,
    /// It does not go ahead, and what was offered with it.
    CalledOff,
    /// They said yes, and it cannot be booked any more.
    Refused,
    /// There is no such offer.
    Nothing,
}

impl Gone {
    /// Why an offer that stands as `state` says has nothing to answer; none when it has.
    pub fn of(state: &str, standing: &Standing) -> Option<Self> {
        match (state, standing) {
            ("taken", _) | (_, Standing::Booked) => Some(Self::SaidYes),
            ("declined", _) | (_, Standing::Left | Standing::Declined) => Some(Self::SaidNo),
            (_, Standing::Lapsed) => Some(Self::Late),
            (_, Standing::Over { called_off: true }) => Some(Self::CalledOff),
            (_, Standing::Over { called_off: false }) => Some(Self::Over),
            (_, Standing::Waiting { .. }) => Some(Self::Waits),
            // An earlier link of somebody who is offered a place now opens what they are offered now.
            (_, Standing::Offered { .. } | Standing::LastCall) => None,
        }
    }
}
