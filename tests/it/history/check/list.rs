//! The waiting list: nobody falls off it, nobody is on it from nowhere, and it is served in its order.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Broken, EntryRow, Known, Promise, RunMade, Story, say};
use crate::history::record::{Asked, Event, Tick, Told};

pub(super) fn check(story: &Story<'_>, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    let turns = Turns::of(story);
    for (entry, turn) in &turns.0 {
        if turn.joined < Tick::MAX {
            kept(story, *entry, turn, all);
        }
    }
    for row in &story.found.entries {
        explained(story, &turns, row, all);
    }
    for run in story.runs {
        joined_in_order(story, &turns, run, all);
        if !run.last_call {
            served_in_order(story, &turns, known, run, all);
            nobody_forgotten(story, run, all);
        }
    }
}

/// What people know of one entry.
#[derive(Clone, Debug)]
struct Turn {
    who: Uuid,
    run: Uuid,
    /// The earliest that they can have joined by what they were told, …
    asked: Tick,
    /// … and from when on it is certain.
    joined: Tick,
    /// From when on they may have left or said no, …
    end_asked: Tick,
    /// … and when they were told that they left.
    left: Option<Tick>,
    declined: bool,
    /// When they were told that what they were offered is theirs.
    took: Tick,
}

struct Turns(BTreeMap<Uuid, Turn>);

impl Turns {
    fn of(story: &Story<'_>) -> Self {
        let mut all: BTreeMap<Uuid, Turn> = BTreeMap::new();
        let fresh = |event: &Event| Turn {
            who: event.who,
            run: event.run,
            asked: Tick::MAX,
            joined: Tick::MAX,
            end_asked: Tick::MAX,
            left: None,
            declined: false,
            took: Tick::MAX,
        };
        for event in story.events {
            match (&event.asked, &event.told) {
                (Asked::Join, Told::OnList(entry)) => {
                    let turn = all.entry(*entry).or_insert_with(|| fresh(event));
                    turn.asked = turn.asked.min(event.from);
                    turn.joined = turn.joined.min(event.to);
                }
                (Asked::Leave { .. } | Asked::Decline { .. }, Told::NotSent) => {}
                (Asked::Leave { entry }, told) => {
                    let turn = all.entry(*entry).or_insert_with(|| fresh(event));
                    turn.end_asked = turn.end_asked.min(event.from);
                    if *told == Told::Done {
                        turn.left = Some(turn.left.unwrap_or(Tick::MAX).min(event.to));
                    }
                }
                (Asked::Decline { entry }, _) => {
                    let turn = all.entry(*entry).or_insert_with(|| fresh(event));
                    turn.end_asked = turn.end_asked.min(event.from);
                    turn.declined = true;
                }
                (Asked::Take { entry }, Told::Booked(_)) => {
                    let turn = all.entry(*entry).or_insert_with(|| fresh(event));
                    turn.took = turn.took.min(event.to);
                }
                _ => {}
            }
        }
        // Somebody who asked before and was not told may have joined then.
        for turn in all.values_mut() {
            let before = story.events.iter().filter(|event| {
                event.who == turn.who
                    && event.run == turn.run
                    && event.asked == Asked::Join
                    && event.told.is_unknown()
            });
            turn.asked = before.map(|event| event.from).fold(turn.asked, Tick::min);
        }
        Self(all)
    }
}

/// Whoever was told that they are on the list is on it, and whoever was told that they left is not.
fn kept(story: &Story<'_>, entry: Uuid, turn: &Turn, all: &mut Vec<Broken>) {
    let Some(row) = story.found.entries.iter().find(|row| row.id == entry) else {
        return say(all, Promise::Lost, format!("a turn on the list: {turn:?}"));
    };
    if row.person != turn.who || row.run != turn.run {
        say(
            all,
            Promise::Phantom,
            format!("{row:?} was told to somebody else: {turn:?}"),
        );
    }
    let live = matches!(row.status.as_str(), "waiting" | "offered");
    if turn.left.is_some() && live {
        say(
            all,
            Promise::Lost,
            format!("they left, and still wait: {row:?}"),
        );
    }
}

/// Every entry was asked for, and ended as somebody asked.
fn explained(story: &Story<'_>, turns: &Turns, row: &EntryRow, all: &mut Vec<Broken>) {
    let turn = turns.0.get(&row.id);
    if turn.is_none_or(|turn| turn.joined == Tick::MAX) {
        let asked = story.events.iter().filter(|event| {
            event.who == row.person
                && event.run == row.run
                && event.asked == Asked::Join
                && event.told.is_unknown()
        });
        if asked.count() == 0 {
            say(
                all,
                Promise::Phantom,
                format!("nobody asked to wait: {row:?}"),
            );
        }
    }
    let asked_to_end = turn.is_some_and(|turn| turn.end_asked < Tick::MAX);
    let declined = turn.is_some_and(|turn| turn.declined);
    let has_booked = story
        .found
        .bookings
        .iter()
        .any(|booking| booking.person == row.person && booking.run == row.run);
    let right = match row.status.as_str() {
        "waiting" | "offered" | "lapsed" => true,
        "left" => asked_to_end,
        "declined" => declined,
        "booked" => has_booked,
        _ => false,
    };
    if !right {
        say(
            all,
            Promise::Phantom,
            format!("{row:?} did not end so: {turn:?}"),
        );
    }
}

/// Whoever was on the list before another asked to be has the earlier turn.
fn joined_in_order(story: &Story<'_>, turns: &Turns, run: &RunMade, all: &mut Vec<Broken>) {
    let mut rows: Vec<&EntryRow> = story
        .found
        .entries
        .iter()
        .filter(|row| row.run == run.id)
        .collect();
    rows.sort_by_key(|row| row.turn);
    // Going back from the last turn: nobody after them may have been certain before they asked.
    let mut earliest: Option<(Tick, &EntryRow)> = None;
    for row in rows.iter().rev() {
        let Some(turn) = turns.0.get(&row.id).filter(|turn| turn.joined < Tick::MAX) else {
            continue;
        };
        if let Some((joined, later)) = earliest
            && joined < turn.asked
        {
            let what = format!("{later:?} was there before {row:?} asked");
            say(all, Promise::OutOfOrder, what);
        }
        if earliest.is_none_or(|(joined, _)| turn.joined < joined) {
            earliest = Some((turn.joined, row));
        }
    }
}

/// From when until when an entry that was never offered anything certainly waited.
fn waited_in_vain(row: &EntryRow, turn: &Turn) -> Option<(Tick, Tick)> {
    match row.status.as_str() {
        "waiting" => Some((turn.joined, Tick::MAX)),
        "left" => Some((turn.joined, turn.end_asked)),
        _ => None,
    }
}

/// Nobody is offered a place before somebody with an earlier turn, and nobody books past the list.
fn served_in_order(
    story: &Story<'_>,
    turns: &Turns,
    known: &BTreeMap<String, Known>,
    run: &RunMade,
    all: &mut Vec<Broken>,
) {
    let offered: BTreeSet<Uuid> = story.found.offers.iter().map(|offer| offer.entry).collect();
    let rows = || story.found.entries.iter().filter(|row| row.run == run.id);
    for row in rows().filter(|row| !offered.contains(&row.id)) {
        let Some(turn) = turns.0.get(&row.id).filter(|turn| turn.joined < Tick::MAX) else {
            continue;
        };
        let Some((from, until)) = waited_in_vain(row, turn) else {
            continue;
        };
        for other in rows().filter(|other| other.turn > row.turn && offered.contains(&other.id)) {
            let took = turns.0.get(&other.id).map_or(Tick::MAX, |turn| turn.took);
            if until == Tick::MAX || took < until {
                let what = format!("{other:?} was offered a place before {row:?}");
                say(all, Promise::OutOfOrder, what);
            }
        }
        for event in story.events {
            let Told::Booked(reference) = &event.told else {
                continue;
            };
            // The first time that this booking was heard of, and whoever made it was not on the list.
            let new = known
                .get(reference)
                .is_some_and(|known| known.asked == event.from);
            let past = event.run == run.id && from < event.from && event.to < until;
            let listed = rows().any(|other| other.person == event.who);
            let form = matches!(event.asked, Asked::Book { .. });
            if new && past && form && !listed && !retried(story, event) {
                say(
                    all,
                    Promise::OutOfOrder,
                    format!("{event:?} went past {row:?}"),
                );
            }
        }
    }
}

/// Whether they had asked before without being told: then the booking may be older than this answer.
fn retried(story: &Story<'_>, event: &Event) -> bool {
    super::unknown_bookings(story.events, event.who, event.run).any(|other| other.from < event.from)
}

/// In the end, when everything has come to rest, no place is free while somebody waits for one.
fn nobody_forgotten(story: &Story<'_>, run: &RunMade, all: &mut Vec<Broken>) {
    let waits = |row: &&EntryRow| row.run == run.id && row.status == "waiting";
    let Some(row) = story.found.runs.iter().find(|row| row.id == run.id) else {
        return;
    };
    let taken = story
        .found
        .bookings
        .iter()
        .filter(|one| one.run == run.id && one.takes);
    let taken = i64::try_from(taken.count()).unwrap_or(i64::MAX);
    if let Some(first) = story.found.entries.iter().find(waits)
        && taken + row.kept < row.capacity
    {
        let what = format!("a place is free and nobody is asked: {row:?}, {first:?}");
        say(all, Promise::OutOfOrder, what);
    }
}
