//! Letters: one for each cause, to the right person, and none for nothing.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{About, Broken, Letter, Promise, Story, say};

/// What there must be a letter about: how many, to whom, and the kind by which the outbox knows it.
type Causes = BTreeMap<(About, Uuid), (usize, &'static str)>;

pub(super) fn check(story: &Story<'_>, all: &mut Vec<Broken>) {
    let causes = causes(story);
    let mut came: BTreeMap<&str, Vec<&Letter>> = BTreeMap::new();
    for letter in story.letters {
        came.entry(&letter.id).or_default().push(letter);
    }
    again(story, &came, all);

    let addresses: BTreeMap<&str, Uuid> = story
        .people
        .iter()
        .map(|(id, email)| (email.as_str(), *id))
        .collect();
    let mut counted: BTreeMap<(About, Uuid), usize> = BTreeMap::new();
    for copies in came.values() {
        let letter = copies[0];
        let Some(person) = addresses.get(letter.to.as_str()) else {
            say(
                all,
                Promise::LetterForNothing,
                format!("to nobody: {letter:?}"),
            );
            continue;
        };
        *counted.entry((letter.about.clone(), *person)).or_default() += 1;
    }
    for ((about, person), n) in &counted {
        let most = match about {
            About::TooSlow(entry) => too_slow(story, *entry, *person),
            about => causes.get(&(about.clone(), *person)).map_or(0, |(n, _)| *n),
        };
        if most == 0 {
            say(
                all,
                Promise::LetterForNothing,
                format!("{about:?} to {person}"),
            );
        } else if *n > most {
            say(
                all,
                Promise::LetterTwice,
                format!("{n} letters, {most} causes: {about:?}"),
            );
        }
    }
    missing(story, &causes, &counted, all);
}

/// What the rows say that there must be a letter about.
fn causes(story: &Story<'_>) -> Causes {
    let mut causes = Causes::new();
    let mut add = |about: About, person: Uuid, kind: &'static str| {
        causes.entry((about, person)).or_insert((0, kind)).0 += 1;
    };
    for row in &story.found.bookings {
        let reference = &row.reference;
        add(
            About::Confirmed(reference.clone()),
            row.person,
            "booking-confirmed",
        );
        if row.status == "cancelled" {
            add(
                About::Cancelled(reference.clone()),
                row.person,
                "booking-cancelled",
            );
        }
    }
    for row in &story.found.entries {
        add(About::Joined(row.id), row.person, "waiting-joined");
        if row.status == "lapsed" {
            add(About::Lapsed(row.id), row.person, "place-offer-over");
        }
        for offer in story
            .found
            .offers
            .iter()
            .filter(|offer| offer.entry == row.id)
        {
            add(
                About::Offered(offer.link.clone()),
                row.person,
                "place-offered",
            );
        }
    }
    causes
}

/// How often they may be told that somebody else was quicker.
fn too_slow(story: &Story<'_>, entry: Uuid, person: Uuid) -> usize {
    let theirs = story
        .found
        .entries
        .iter()
        .any(|row| row.id == entry && row.person == person);
    let gone = story
        .found
        .offers
        .iter()
        .filter(|offer| offer.entry == entry && offer.state == "gone");
    if theirs { gone.count() } else { 0 }
}

/// The same letter comes again only where a worker was killed.
fn again(story: &Story<'_>, came: &BTreeMap<&str, Vec<&Letter>>, all: &mut Vec<Broken>) {
    let mut repeated = Vec::new();
    for copies in came.values() {
        let taken = copies.iter().filter(|copy| copy.acknowledged).count();
        for _ in 1..taken {
            repeated.push(copies[0]);
        }
    }
    if repeated.len() > story.excused.again {
        let what = format!(
            "{} letters came again, at most {} can be excused: {repeated:?}",
            repeated.len(),
            story.excused.again
        );
        say(all, Promise::LetterTwice, what);
    }
}

/// Every cause has its letter, or the course team sees that it was refused.
fn missing(
    story: &Story<'_>,
    causes: &Causes,
    counted: &BTreeMap<(About, Uuid), usize>,
    all: &mut Vec<Broken>,
) {
    let mut dead: BTreeMap<(Uuid, &str), usize> = BTreeMap::new();
    for letter in &story.found.dead {
        *dead.entry((letter.person, &letter.kind)).or_default() += 1;
    }
    if story.found.dead.len() > story.excused.refused {
        let what = format!(
            "{} letters are given up, {} were refused",
            story.found.dead.len(),
            story.excused.refused
        );
        say(all, Promise::LetterMissing, what);
    }
    for ((about, person), (n, kind)) in causes {
        let came = counted.get(&(about.clone(), *person)).copied().unwrap_or(0);
        for _ in came..*n {
            match dead.get_mut(&(*person, kind)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => say(
                    all,
                    Promise::LetterMissing,
                    format!("{about:?} to {person}"),
                ),
            }
        }
    }
}
