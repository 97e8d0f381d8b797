//! The checker: from what people were told, the rows that are there in the end and the letters that came, it says which
//! promises were broken. It is pure, and uses nothing of the site's code.

mod answers;
mod letters;
mod list;
mod places;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use uuid::Uuid;

use super::record::{Asked, Event, Tick, Told};

/// A promise, by what breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Somebody was told that it is done, and it is not so.
    Lost,
    /// More people than places.
    Oversold,
    /// There is something that nobody asked for.
    Phantom,
    /// One person has two places, or a place and a turn.
    TwoPlaces,
    /// The list is not served in its order.
    OutOfOrder,
    /// "Full", though there was room.
    RefusedThoughFree,
    /// The counters are not what the rows say.
    Miscounted,
    /// One cause, two letters.
    LetterTwice,
    /// A cause without its letter.
    LetterMissing,
    /// A letter without a cause, or to somebody else.
    LetterForNothing,
    /// An answer that nobody should get.
    OddAnswer,
}

impl Promise {
    const ALL: [Self; 11] = [
        Self::Lost,
        Self::Oversold,
        Self::Phantom,
        Self::TwoPlaces,
        Self::OutOfOrder,
        Self::RefusedThoughFree,
        Self::Miscounted,
        Self::LetterTwice,
        Self::LetterMissing,
        Self::LetterForNothing,
        Self::OddAnswer,
    ];

    const fn words(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Oversold => "oversold",
            Self::Phantom => "phantom",
            Self::TwoPlaces => "two places",
            Self::OutOfOrder => "out of order",
            Self::RefusedThoughFree => "refused though free",
            Self::Miscounted => "miscounted",
            Self::LetterTwice => "letters twice",
            Self::LetterMissing => "letters missing",
            Self::LetterForNothing => "letters for nothing",
            Self::OddAnswer => "odd answers",
        }
    }
}

/// How often each promise was broken: "lost 0, oversold 0, …".
pub fn counted(broken: &[Broken]) -> String {
    let each = Promise::ALL.map(|promise| {
        let n = broken.iter().filter(|one| one.promise == promise);
        format!("{} {}", promise.words(), n.count())
    });
    each.join(", ")
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub promise: Promise,
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.promise, self.what)
    }
}

/// A run as it was made for the round.
#[derive(Clone, Debug)]
pub struct RunMade {
    pub id: Uuid,
    pub capacity: usize,
    /// It starts so soon that places go to whoever is first.
    pub last_call: bool,
}

/// A run's row.
#[derive(Clone, Debug)]
pub struct RunRow {
    pub id: Uuid,
    pub capacity: i64,
    pub taken: i64,
    pub held: i64,
    pub waiting: i64,
    /// What its rows of offered places that are not let go keep.
    pub kept: i64,
}

/// A booking with the place it has, or had.
#[derive(Clone, Debug)]
pub struct BookingRow {
    pub reference: String,
    pub run: Uuid,
    pub person: Uuid,
    /// `booked` or `cancelled`.
    pub status: String,
    /// Whether its place is taken.
    pub takes: bool,
}

/// An entry on a waiting list.
#[derive(Clone, Debug)]
pub struct EntryRow {
    pub id: Uuid,
    pub run: Uuid,
    pub person: Uuid,
    pub turn: i64,
    pub status: String,
}

/// What an entry was offered.
#[derive(Clone, Debug)]
pub struct OfferRow {
    pub entry: Uuid,
    /// The hash of its link.
    pub link: Vec<u8>,
    pub state: String,
}

/// A letter that no mail server would take: the outbox shows it to the course team.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    pub person: Uuid,
    pub kind: String,
}

/// What the database says in the end.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub runs: Vec<RunRow>,
    pub bookings: Vec<BookingRow>,
    pub entries: Vec<EntryRow>,
    pub offers: Vec<OfferRow>,
    pub dead: Vec<DeadLetter>,
}

/// What a letter is about, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    Confirmed(String),
    Cancelled(String),
    Joined(Uuid),
    /// The hash of the link in it.
    Offered(Vec<u8>),
    /// Somebody else was quicker.
    TooSlow(Uuid),
    /// They did not answer.
    Lapsed(Uuid),
    /// Nothing that this test knows.
    Else(String),
}

/// A letter that came.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its `Message-ID`.
    pub id: String,
    pub to: String,
    pub about: About,
    /// Whether the site was told that it is taken.
    pub acknowledged: bool,
}

/// What trouble excuses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Excused {
    /// A letter may come again once for each worker that was killed.
    pub again: usize,
    /// Letters that the mail server refused for good.
    pub refused: usize,
}

/// All there is to judge.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    pub events: &'a [Event],
    pub runs: &'a [RunMade],
    /// Everybody's address.
    pub people: &'a BTreeMap<Uuid, String>,
    pub found: &'a Found,
    pub letters: &'a [Letter],
    pub excused: Excused,
}

/// Which promises were broken; none is as it should be.
pub fn broken(story: &Story<'_>) -> Vec<Broken> {
    let known = Known::all(story.events);
    let mut all = Vec::new();
    answers::check(story, &known, &mut all);
    places::check(story, &known, &mut all);
    list::check(story, &known, &mut all);
    letters::check(story, &mut all);
    all
}

fn say(all: &mut Vec<Broken>, promise: Promise, what: impl Into<String>) {
    all.push(Broken {
        promise,
        what: what.into(),
    });
}

/// What people know of one booking.
#[derive(Clone, Debug)]
struct Known {
    person: Uuid,
    run: Uuid,
    /// The earliest that it can have been made.
    asked: Tick,
    /// From here on it is certain.
    told: Tick,
    /// From here on it may be cancelled.
    cancel_asked: Option<Tick>,
    /// From here on it is certainly cancelled.
    cancel_told: Option<Tick>,
}

impl Known {
    fn all(events: &[Event]) -> BTreeMap<String, Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for event in events {
            if let Told::Booked(reference) | Told::Already(reference) = &event.told {
                let known = all.entry(reference.clone()).or_insert(Self {
                    person: event.who,
                    run: event.run,
                    asked: event.from,
                    told: event.to,
                    cancel_asked: None,
                    cancel_told: None,
                });
                known.asked = known.asked.min(event.from);
                known.told = known.told.min(event.to);
            }
        }
        for event in events {
            let Asked::Cancel { reference } = &event.asked else {
                continue;
            };
            let Some(known) = all.get_mut(reference) else {
                continue;
            };
            if event.told != Told::NotSent {
                let first = known.cancel_asked.unwrap_or(Tick::MAX);
                known.cancel_asked = Some(first.min(event.from));
            }
            if matches!(event.told, Told::Cancelled | Told::Ended) {
                let first = known.cancel_told.unwrap_or(Tick::MAX);
                known.cancel_told = Some(first.min(event.to));
            }
        }
        all
    }

    /// From when until when they certainly had the place.
    fn certain(&self) -> (Tick, Tick) {
        (self.told, self.cancel_asked.unwrap_or(Tick::MAX))
    }
}

/// What asking for a place, by a form or an offer, may have made although nobody was told.
fn unknown_bookings(events: &[Event], who: Uuid, run: Uuid) -> impl Iterator<Item = &Event> {
    events.iter().filter(move |event| {
        event.who == who
            && event.run == run
            && event.told.is_unknown()
            && matches!(event.asked, Asked::Book { .. } | Asked::Take { .. })
    })
}
