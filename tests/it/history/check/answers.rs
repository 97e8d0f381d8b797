//! Answers that nobody should get, and answers that contradict an earlier one.

use std::collections::BTreeMap;

use super::{Broken, Known, Promise, Story, say};
use crate::history::record::{Asked, Event, Tick, Told};

pub(super) fn check(story: &Story<'_>, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    for event in story.events {
        if let Told::Odd(what) = &event.told {
            let asked = &event.asked;
            say(all, Promise::OddAnswer, format!("{asked:?}: {what}"));
        }
        match &event.asked {
            Asked::Look { reference } => looked(event, known.get(reference), all),
            Asked::Cancel { reference } => cancelled(story, event, reference, known, all),
            asked if event.told == Told::NotThere => {
                let turn = !matches!(asked, Asked::Book { .. } | Asked::Join);
                let promise = if turn {
                    Promise::Lost
                } else {
                    Promise::OddAnswer
                };
                say(all, promise, format!("{event:?}"));
            }
            _ => {}
        }
        if event.told == Told::Full {
            full(story, event, known, all);
        }
    }
}

/// Whoever looks sees what is so.
fn looked(event: &Event, known: Option<&Known>, all: &mut Vec<Broken>) {
    let Some(known) = known else { return };
    let certain = known.told < event.from;
    let what = format!("{event:?}, though {known:?}");
    match event.told {
        Told::NotThere if certain => say(all, Promise::Lost, what),
        Told::Ended if known.cancel_asked.is_none_or(|asked| asked > event.to) => {
            say(all, Promise::Lost, what);
        }
        Told::Stands if known.cancel_told.is_some_and(|told| told < event.from) => {
            say(all, Promise::Lost, what);
        }
        _ => {}
    }
}

fn cancelled(
    story: &Story<'_>,
    event: &Event,
    reference: &str,
    known: &BTreeMap<String, Known>,
    all: &mut Vec<Broken>,
) {
    match event.told {
        Told::NotThere if known.contains_key(reference) => {
            say(all, Promise::Lost, format!("{event:?}"));
        }
        Told::Ended => {
            let before = story.events.iter().any(|other| {
                other.from != event.from
                    && other.from < event.to
                    && other.told != Told::NotSent
                    && matches!(&other.asked, Asked::Cancel { reference: r } if r == reference)
            });
            if !before {
                let what = format!("{reference} was cancelled, and nobody had asked");
                say(all, Promise::Phantom, what);
            }
        }
        _ => {}
    }
}

/// "Full" must be possible: as many as there are places may have had one, or somebody may have waited.
fn full(story: &Story<'_>, event: &Event, known: &BTreeMap<String, Known>, all: &mut Vec<Broken>) {
    let Some(run) = story.runs.iter().find(|run| run.id == event.run) else {
        return;
    };
    let may_wait = story.events.iter().any(|other| {
        other.run == event.run
            && other.asked == Asked::Join
            && other.told != Told::NotSent
            && other.from < event.to
    });
    if may_wait {
        return;
    }
    // Rows of bookings stay, so these are all that ever were.
    let rows = story
        .found
        .bookings
        .iter()
        .filter(|row| row.run == event.run);
    let taken = rows
        .filter(|row| {
            let (asked, ended) = possible(story, known, &row.reference, row.person, row.run);
            asked < event.to && ended > event.from
        })
        .count();
    if taken < run.capacity {
        let what = format!(
            "{event:?}, though at most {taken} of {} places were taken",
            run.capacity
        );
        say(all, Promise::RefusedThoughFree, what);
    }
}

/// From when until when a booking can have taken its place.
fn possible(
    story: &Story<'_>,
    known: &BTreeMap<String, Known>,
    reference: &str,
    person: uuid::Uuid,
    run: uuid::Uuid,
) -> (Tick, Tick) {
    let unknown = super::unknown_bookings(story.events, person, run).map(|event| event.from);
    match known.get(reference) {
        Some(known) => {
            let asked = unknown.fold(known.asked, Tick::min);
            (asked, known.cancel_told.unwrap_or(Tick::MAX))
        }
        None => (unknown.min().unwrap_or(0), Tick::MAX),
    }
}
