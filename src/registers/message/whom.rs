//! Which of a run's people a message goes to, without I/O.

use chrono::{DateTime, Utc};

use crate::bookings::changes::Audience;
use crate::registers::attendance::{Cell, Line, Roll};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody who has a place.
    Everybody,
    /// Whoever came to fewer sessions than this.
    FewerThan(usize),
    /// Whoever did not come to the last session that is over, and had not said so.
    MissedLast,
    /// Whoever waits for a place.
    Waiting,
}

const FEWER: &str = "fewer-than-";

impl Whom {
    /// The word in the database.
    pub fn name(self) -> String {
        match self {
            Self::Everybody => "everybody".to_owned(),
            Self::FewerThan(n) => format!("{FEWER}{n}"),
            Self::MissedLast => "missed-last".to_owned(),
            Self::Waiting => "waiting".to_owned(),
        }
    }

    /// The one with this word.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "everybody" => Some(Self::Everybody),
            "missed-last" => Some(Self::MissedLast),
            "waiting" => Some(Self::Waiting),
            name => name.strip_prefix(FEWER)?.parse().ok().map(Self::FewerThan),
        }
    }

    /// The words on the screen.
    pub fn words(self) -> String {
        match self {
            Self::Everybody => "Everybody who has a place".to_owned(),
            Self::FewerThan(1) => "Who has not come to any session".to_owned(),
            Self::FewerThan(n) => format!("Who came to fewer than {n} sessions"),
            Self::MissedLast => "Who did not come to the last session".to_owned(),
            Self::Waiting => "Who waits for a place".to_owned(),
        }
    }

    /// What is said when that is nobody.
    pub const fn nobody(self) -> &'static str {
        match self {
            Self::Everybody => "Nobody has booked yet, so there is nobody to write to",
            Self::FewerThan(_) => "Nobody came to so few sessions, so there is nobody to write to",
            Self::MissedLast => {
                "Nobody is marked as not there at the last session, so there is nobody to write to"
            }
            Self::Waiting => "Nobody waits for a place, so there is nobody to write to",
        }
    }

    /// The people, from a run's attendance. A session that nobody marked is one that nobody came to, but not where they could not
    /// be marked: before they joined, or while no tutor may see them.
    pub fn audience(self, roll: &Roll, now: DateTime<Utc>) -> Audience {
        let among = |is_meant: &dyn Fn(&Line) -> bool| {
            let lines = roll.lines.iter().filter(|line| is_meant(line));
            Audience::Among(lines.map(|line| line.person.person_id).collect())
        };
        match self {
            Self::Everybody => Audience::Coming,
            Self::Waiting => Audience::Waiting,
            Self::FewerThan(n) => among(&|line| {
                let may_count = |cell: &&Cell| match cell {
                    Cell::Came | Cell::BeforeJoined => true,
                    Cell::NotMarked => line.person.kept_back,
                    Cell::DidNotCome | Cell::Apologies | Cell::ToCome => false,
                };
                line.cells.iter().filter(may_count).count() < n
            }),
            Self::MissedLast => {
                let last = roll.sessions.iter().rposition(|s| s.ends_at <= now);
                among(&|line| last.and_then(|last| line.cells.get(last)) == Some(&Cell::DidNotCome))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registers::attendance::Person;
    use crate::registers::model::Session;
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn roll(lines: &[(u128, &[Cell])]) -> Roll {
        let session = |position: i64, day: &str| Session {
            id: Uuid::from_u128(1000),
            position,
            starts_at: at(&format!("2027-01-{day}T10:00:00Z")),
            ends_at: at(&format!("2027-01-{day}T12:00:00Z")),
            venue: None,
            elsewhere: false,
        };
        let line = |(id, cells): &(u128, &[Cell])| Line {
            person: Person {
                place_id: Uuid::from_u128(id + 100),
                person_id: Uuid::from_u128(*id),
                name: String::new(),
                stopped: false,
                kept_back: false,
                joined_at: at("2027-01-01T10:00:00Z"),
            },
            cells: cells.to_vec(),
        };
        Roll {
            sessions: vec![session(1, "05"), session(2, "12"), session(3, "19")],
            lines: lines.iter().map(line).collect(),
        }
    }

    #[test]
    fn people_are_found_by_how_often_they_came() {
        use Cell::{Apologies, Came, DidNotCome, NotMarked, ToCome};
        let roll = roll(&[
            (1, &[Came, Came, ToCome]),
            (2, &[Came, DidNotCome, ToCome]),
            (3, &[Apologies, Apologies, ToCome]),
            (4, &[NotMarked, NotMarked, Apologies]),
        ]);
        let now = at("2027-01-13T09:00:00Z");
        let people = |whom: Whom, now| match whom.audience(&roll, now) {
            Audience::Among(people) => {
                let mut people: Vec<_> = people.iter().map(Uuid::as_u128).collect();
                people.sort_unstable();
                people
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(people(Whom::FewerThan(1), now), [3, 4]);
        assert_eq!(people(Whom::FewerThan(2), now), [2, 3, 4]);
        assert_eq!(people(Whom::FewerThan(3), now), [1, 2, 3, 4]);
        assert_eq!(people(Whom::MissedLast, now), [2], "the last that is over");
        let before = at("2027-01-05T11:00:00Z");
        assert_eq!(people(Whom::MissedLast, before), Vec::<u128>::new());
        assert_eq!(Whom::Everybody.audience(&roll, now), Audience::Coming);
        assert_eq!(Whom::Waiting.audience(&roll, now), Audience::Waiting);
    }

    #[test]
    fn what_nobody_could_mark_is_not_held_against_anybody() {
        use Cell::{BeforeJoined, Came, DidNotCome, NotMarked};
        let mut roll = roll(&[
            (1, &[BeforeJoined, Came, Came]),
            (2, &[BeforeJoined, Came, DidNotCome]),
            (3, &[NotMarked, NotMarked, NotMarked]),
            (4, &[NotMarked, NotMarked, DidNotCome]),
        ]);
        for line in roll.lines.iter_mut().skip(2) {
            line.person.kept_back = true;
        }
        let now = at("2027-01-20T09:00:00Z");
        let Audience::Among(people) = Whom::FewerThan(3).audience(&roll, now) else {
            panic!("not everybody");
        };
        let mut people: Vec<_> = people.iter().map(Uuid::as_u128).collect();
        people.sort_unstable();
        assert_eq!(people, [2, 4]);
    }

    #[test]
    fn each_has_a_word_of_its_own() {
        for whom in [
            Whom::Everybody,
            Whom::FewerThan(1),
            Whom::FewerThan(12),
            Whom::MissedLast,
            Whom::Waiting,
        ] {
            assert_eq!(Whom::named(&whom.name()), Some(whom));
        }
        assert_eq!(Whom::named("fewer-than-many"), None);
    }
}
