//! Nothing lost, nothing oversold, nothing from nowhere, one place each.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{BookingRow, Broken, Known, Promise, RunMade, Story, say, unknown_bookings};
use crate::history::record::{Asked, Tick, Told};

/// From when until when somebody certainly had the place with this number.
type Span<'a> = (Tick, Tick, &'a str);

pub(super) fn check(story: &Story<'_>, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    for (reference, known) in known {
        lost(story, reference, known, all);
    }
    phantoms(story, known, all);
    forms(story, all);
    for run in story.runs {
        oversold(run, known, all);
        counted(story, run, all);
    }
    one_each(story, known, all);
}

/// What somebody was told is so.
fn lost(story: &Story<'_>, reference: &str, known: &Known, all: &mut Vec<Broken>) {
    let found = &story.found.bookings;
    let Some(row) = found.iter().find(|row| row.reference == reference) else {
        return say(all, Promise::Lost, format!("{reference}: {known:?}"));
    };
    if row.person != known.person || row.run != known.run {
        say(
            all,
            Promise::Phantom,
            format!("{row:?} was told to somebody else: {known:?}"),
        );
    }
    let stands = row.status == "booked";
    if stands != row.takes {
        say(
            all,
            Promise::Lost,
            format!("booking and place disagree: {row:?}"),
        );
    }
    let right = match (known.cancel_asked, known.cancel_told) {
        (None, _) => stands,
        (Some(_), None) => stands || row.status == "cancelled",
        (Some(_), Some(_)) => row.status == "cancelled",
    };
    if !right {
        say(all, Promise::Lost, format!("{row:?}, though {known:?}"));
    }
}

/// Every booking was asked for.
fn phantoms(story: &Story<'_>, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    let mut unexplained: BTreeMap<(Uuid, Uuid), Vec<&BookingRow>> = BTreeMap::new();
    for row in &story.found.bookings {
        if !known.contains_key(&row.reference) {
            let of = (row.person, row.run);
            unexplained.entry(of).or_default().push(row);
        }
    }
    for ((person, run), rows) in unexplained {
        let asked = unknown_bookings(story.events, person, run).count();
        if rows.len() > asked {
            say(
                all,
                Promise::Phantom,
                format!("{rows:?}: asked for {asked} times"),
            );
        }
        for row in rows.iter().filter(|row| row.status != "booked") {
            say(
                all,
                Promise::Phantom,
                format!("{row:?}, and nobody asked to end it"),
            );
        }
    }
}

/// The same form is the same booking.
fn forms(story: &Story<'_>, all: &mut Vec<Broken>) {
    let mut first: BTreeMap<(Uuid, Uuid, u64), &str> = BTreeMap::new();
    for event in story.events {
        if let (Asked::Book { form }, Told::Booked(reference)) = (&event.asked, &event.told) {
            let before = first
                .entry((event.who, event.run, *form))
                .or_insert(reference);
            if before != reference {
                let what = format!("one form is {before} and {reference}");
                say(all, Promise::TwoPlaces, what);
            }
        }
    }
}

/// At no moment did more people certainly have a place than there are.
fn oversold(run: &RunMade, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    let mut steps: Vec<(Tick, i64)> = Vec::new();
    for known in known.values().filter(|known| known.run == run.id) {
        let (from, until) = known.certain();
        if from < until {
            steps.extend([(from, 1), (until, -1)]);
        }
    }
    steps.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, step) in steps {
        now += step;
        most = most.max(now);
    }
    if usize::try_from(most).unwrap_or(0) > run.capacity {
        let what = format!("{most} people had one of {} places at once", run.capacity);
        say(all, Promise::Oversold, what);
    }
}

/// In the end no more places are taken and kept than there are, and the counters say so.
fn counted(story: &Story<'_>, run: &RunMade, all: &mut Vec<Broken>) {
    let Some(row) = story.found.runs.iter().find(|row| row.id == run.id) else {
        return say(all, Promise::Lost, format!("{run:?} is not there"));
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let bookings = &story.found.bookings;
    let taken = bookings.iter().filter(|one| one.run == run.id && one.takes);
    let taken = count(taken.count());
    let entries = &story.found.entries;
    let waiting = entries
        .iter()
        .filter(|one| one.run == run.id && one.status == "waiting");
    let waiting = count(waiting.count());
    if taken + row.kept > row.capacity {
        say(
            all,
            Promise::Oversold,
            format!("{taken} places are taken: {row:?}"),
        );
    }
    if (row.taken, row.held, row.waiting) != (taken, row.kept, waiting) {
        let what = format!("{taken} places taken and {waiting} waiting, but {row:?}");
        say(all, Promise::Miscounted, what);
    }
}

/// Nobody has two places on one run, neither in the end nor at any moment.
fn one_each(story: &Story<'_>, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    let mut has = BTreeSet::new();
    for row in story.found.bookings.iter().filter(|row| row.takes) {
        if !has.insert((row.run, row.person)) {
            say(all, Promise::TwoPlaces, format!("one of them is {row:?}"));
        }
    }
    let mut spans: BTreeMap<(Uuid, Uuid), Vec<Span<'_>>> = BTreeMap::new();
    for (reference, known) in known {
        let (from, until) = known.certain();
        if from < until {
            let of = (known.run, known.person);
            spans.entry(of).or_default().push((from, until, reference));
        }
    }
    for spans in spans.values_mut() {
        spans.sort_unstable();
        for pair in spans.windows(2) {
            if pair[1].0 < pair[0].1 {
                let what = format!("{} and {} at once", pair[0].2, pair[1].2);
                say(all, Promise::TwoPlaces, what);
            }
        }
    }
    let live = |status: &str| matches!(status, "waiting" | "offered");
    let mut waits = BTreeSet::new();
    for row in story.found.entries.iter().filter(|row| live(&row.status)) {
        if !waits.insert((row.run, row.person)) || has.contains(&(row.run, row.person)) {
            let what = format!("has a place or another turn: {row:?}");
            say(all, Promise::TwoPlaces, what);
        }
    }
}
