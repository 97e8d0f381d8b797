//! What can be changed about a run, and what is different then, without I/O: the time is an argument.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::bookings::store::{Offer, Session};
use crate::ui::dates;

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A session takes place at another time.
    Move {
        /// Which.
        session: Uuid,
        /// When it begins now.
        starts_at: DateTime<Utc>,
        /// When it ends now.
        ends_at: DateTime<Utc>,
    },
    /// There is one more session.
    Add {
        /// When it begins.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
    },
    /// A session does not take place.
    Drop {
        /// Which.
        session: Uuid,
    },
    /// All sessions to come are there; none is online.
    Place(Option<Place>),
    /// Somebody else leads them; none is not known yet.
    Tutor(Option<Uuid>),
    /// One session is somewhere else; none puts it back where its run is.
    SessionPlace {
        /// Which.
        session: Uuid,
        /// Where it is.
        place: Option<Elsewhere>,
    },
    /// Somebody else leads one session; none gives it back to the run's tutor.
    SessionTutor {
        /// Which.
        session: Uuid,
        /// Who leads it.
        tutor: Option<Uuid>,
    },
}

/// Where one session is that is not where its run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// A video call.
    Online,
    /// There.
    There(Place),
}

impl Elsewhere {
    /// The place, if it is not online.
    pub const fn place(self) -> Option<Place> {
        match self {
            Self::Online => None,
            Self::There(place) => Some(place),
        }
    }
}

/// A venue, or a room of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The venue.
    pub venue: Uuid,
    /// The room, if it is known.
    pub room: Option<Uuid>,
}

/// Why a run cannot be changed like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// It does not go ahead at all.
    NotGoingAhead,
    /// It has no such session.
    NoSuchSession,
    /// That session has begun.
    Begun,
    /// The new time is over.
    Past,
    /// It would end before it begins.
    EndsTooSoon,
    /// Two of its sessions would be at the same time.
    Overlap,
    /// It would have no session left: it is called off instead.
    NoneLeft,
    /// There is no such venue, or no such tutor.
    NoSuchPlaceOrTutor,
}

/// The session that is still to begin on the day of `now`, if there is one.
pub fn later_today(sessions: &[Session], now: DateTime<Utc>) -> Option<&Session> {
    let today = dates::day_of(now);
    sessions
        .iter()
        .find(|session| session.starts_at > now && dates::day_of(session.starts_at) == today)
}

/// The sessions after `changes`, in order. `new_id` gives a session that is added its id.
///
/// # Errors
/// What `new_id` fails with; the inner error is why it cannot be.
pub fn replanned<E>(
    sessions: &[Session],
    changes: &[Change],
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> Result<Uuid, E>,
) -> Result<Result<Vec<Session>, Impossible>, E> {
    let mut all = sessions.to_vec();
    for change in changes {
        let added = match change {
            Change::Add { .. } => new_id()?,
            _ => Uuid::nil(),
        };
        if let Err(why) = one(&mut all, change, added, now) {
            return Ok(Err(why));
        }
    }
    all.sort_by_key(|session| session.starts_at);
    if all.is_empty() {
        return Ok(Err(Impossible::NoneLeft));
    }
    if all.windows(2).any(|two| two[1].starts_at < two[0].ends_at) {
        return Ok(Err(Impossible::Overlap));
    }
    Ok(Ok(all))
}

fn one(
    all: &mut Vec<Session>,
    change: &Change,
    added: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Impossible> {
    let to_come = |all: &[Session], id: Uuid| {
        let at = all.iter().position(|session| session.id == id);
        let at = at.ok_or(Impossible::NoSuchSession)?;
        if all[at].starts_at <= now {
            return Err(Impossible::Begun);
        }
        Ok(at)
    };
    let possible = |starts_at: DateTime<Utc>, ends_at: DateTime<Utc>| {
        if starts_at <= now {
            Err(Impossible::Past)
        } else if ends_at <= starts_at {
            Err(Impossible::EndsTooSoon)
        } else {
            Ok(())
        }
    };
    match *change {
        Change::Move {
            session,
            starts_at,
            ends_at,
        } => {
            let at = to_come(all, session)?;
            possible(starts_at, ends_at)?;
            (all[at].starts_at, all[at].ends_at) = (starts_at, ends_at);
        }
        Change::Add { starts_at, ends_at } => {
            possible(starts_at, ends_at)?;
            all.push(Session {
                id: added,
                starts_at,
                ends_at,
            });
        }
        Change::Drop { session } => {
            let at = to_come(all, session)?;
            all.remove(at);
        }
        Change::SessionPlace { session, .. } | Change::SessionTutor { session, .. } => {
            to_come(all, session)?;
        }
        Change::Place(_) | Change::Tutor(_) => {}
    }
    Ok(())
}

/// One thing that is different, as people are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A session is at another time.
    Moved {
        /// When it was.
        from: Session,
        /// When it is.
        to: Session,
    },
    /// There is one more session.
    Added(Session),
    /// A session does not take place.
    Dropped(Session),
    /// It is somewhere else: the venue with its address, or "Online".
    Place(String),
    /// Somebody else leads it.
    Tutor(Option<String>),
    /// One session is somewhere else than people thought.
    SessionPlace(Session, String),
    /// Somebody else leads one session than people thought.
    SessionTutor(Session, Option<String>),
}

/// What is different, in the order of the dates.
pub fn differences(before: &Offer, after: &Offer) -> Vec<Difference> {
    let mut all = Vec::new();
    let found = |sessions: &[Session], id: Uuid| sessions.iter().copied().find(|s| s.id == id);
    for from in &before.sessions {
        match found(&after.sessions, from.id) {
            None => all.push(Difference::Dropped(*from)),
            Some(to) if to != *from => all.push(Difference::Moved { from: *from, to }),
            Some(_) => {}
        }
    }
    for session in &after.sessions {
        if found(&before.sessions, session.id).is_none() {
            all.push(Difference::Added(*session));
        }
    }
    let (place, tutor) = (
        before.run.at != after.run.at,
        before.run.leads.full_name != after.run.leads.full_name,
    );
    if place {
        all.push(Difference::Place(after.run.at.full()));
    }
    if tutor {
        all.push(Difference::Tutor(after.run.leads.known_as.clone()));
    }
    for session in &after.sessions {
        if found(&before.sessions, session.id).is_none() {
            continue;
        }
        // What is said of the whole run need not be said of each session.
        let (was, is) = (before.at(session.id), after.at(session.id));
        if was != is && !(place && is == &after.run.at) {
            all.push(Difference::SessionPlace(*session, is.full()));
        }
        let (was, is) = (before.leads(session.id), after.leads(session.id));
        if was != is && !(tutor && is == &after.run.leads) {
            all.push(Difference::SessionTutor(*session, is.known_as.clone()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn session(n: u128, starts_at: &str) -> Session {
        let starts_at = at(starts_at);
        Session {
            id: Uuid::from_u128(n),
            starts_at,
            ends_at: starts_at + TimeDelta::hours(2),
        }
    }

    fn three() -> Vec<Session> {
        vec![
            session(1, "2027-01-05T10:30:00Z"),
            session(2, "2027-01-12T10:30:00Z"),
            session(3, "2027-01-19T10:30:00Z"),
        ]
    }

    fn moved(n: u128, to: &str) -> Change {
        Change::Move {
            session: Uuid::from_u128(n),
            starts_at: at(to),
            ends_at: at(to) + TimeDelta::hours(2),
        }
    }

    fn added(starts: &str, ends: &str) -> Change {
        Change::Add {
            starts_at: at(starts),
            ends_at: at(ends),
        }
    }

    fn dropped(n: u128) -> Change {
        Change::Drop {
            session: Uuid::from_u128(n),
        }
    }

    fn plan(changes: &[Change]) -> Result<Vec<u128>, Impossible> {
        // After the first session has begun.
        let now = at("2027-01-05T11:00:00Z");
        let new_id = || Ok::<_, ()>(Uuid::from_u128(9));
        let sessions = replanned(&three(), changes, now, new_id).expect("an id")?;
        Ok(sessions.iter().map(|s| s.id.as_u128()).collect())
    }

    #[test]
    fn sessions_stay_in_the_order_of_their_dates() {
        assert_eq!(plan(&[]), Ok(vec![1, 2, 3]));
        assert_eq!(plan(&[moved(2, "2027-01-26T10:30:00Z")]), Ok(vec![1, 3, 2]));
        assert_eq!(
            plan(&[added("2027-01-13T10:30:00Z", "2027-01-13T11:00:00Z")]),
            Ok(vec![1, 2, 9, 3])
        );
        assert_eq!(plan(&[dropped(2)]), Ok(vec![1, 3]));
        // Two sessions change places: only how it is in the end counts.
        assert_eq!(
            plan(&[
                moved(2, "2027-01-19T10:30:00Z"),
                moved(3, "2027-01-12T10:30:00Z")
            ]),
            Ok(vec![1, 3, 2])
        );
    }

    #[test]
    fn what_cannot_be_has_its_own_name() {
        for (change, why) in [
            (moved(7, "2027-01-26T10:30:00Z"), Impossible::NoSuchSession),
            (dropped(7), Impossible::NoSuchSession),
            (moved(1, "2027-01-26T10:30:00Z"), Impossible::Begun),
            (dropped(1), Impossible::Begun),
            (moved(2, "2027-01-05T11:00:00Z"), Impossible::Past),
            (
                added("2027-01-04T10:00:00Z", "2027-01-04T11:00:00Z"),
                Impossible::Past,
            ),
            (
                added("2027-01-13T10:00:00Z", "2027-01-13T10:00:00Z"),
                Impossible::EndsTooSoon,
            ),
            (moved(2, "2027-01-19T09:00:00Z"), Impossible::Overlap),
        ] {
            assert_eq!(plan(std::slice::from_ref(&change)), Err(why), "{change:?}");
        }
        let now = at("2027-01-01T10:00:00Z");
        let new_id = || Ok::<_, ()>(Uuid::nil());
        let none = replanned(&three(), &[dropped(1), dropped(2), dropped(3)], now, new_id);
        assert_eq!(none, Ok(Err(Impossible::NoneLeft)));
    }
}
