//! Which courses fit what somebody chose, and in which order.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Utc};

use super::filters::{Filters, Sort, Time};
use super::handlers::Scene;
use super::model::{Course, Run};
use super::rules::Availability;
use super::search::Match;
use super::shelf::View;
use crate::ui::dates;

/// A course that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Found {
    /// Its place in the catalogue.
    pub course: usize,
    /// The soonest run that fits: its place among the course's runs. None when the course has no dates yet.
    pub run: Option<usize>,
    /// The number, from 0, of the session that somebody begins with who books it now.
    pub next: usize,
    /// How that run stands.
    pub availability: Option<Availability>,
    /// How many more of its runs fit.
    pub more: usize,
    /// How many of those have a place for whoever looks.
    pub more_free: usize,
}

/// The courses that fit.
#[derive(Debug, Default)]
pub struct Answer {
    /// All of them, in order.
    pub found: Vec<Found>,
    /// How the search words were understood, when they were not found as typed.
    pub search: Match,
}

/// Every course that fits `filters` now: one entry a course, with its soonest fitting run. Places for volunteers only
/// are free for volunteers.
pub fn find(scene: &Scene, filters: &Filters) -> Answer {
    let (view, now, volunteer) = (scene.view, scene.now, scene.viewer.volunteer);
    let catalogue = &view.catalogue;
    let mut answer = Answer::default();
    let mut scores: HashMap<usize, f32> = HashMap::new();
    if !filters.q.is_empty() {
        let (hits, how) = view.index.search(&filters.q);
        scores.extend(hits);
        answer.search = how;
    }
    for (at, course) in catalogue.courses.iter().enumerate() {
        if !filters.q.is_empty() && !scores.contains_key(&at) {
            continue;
        }
        let topic = catalogue
            .topics
            .get(course.topic)
            .map_or("", |topic| &topic.slug);
        if !(filters.topics.is_empty() || filters.topics.contains(topic))
            || !(filters.audiences.is_empty() || filters.audiences.contains(&course.audience))
        {
            continue;
        }
        answer
            .found
            .extend(found(view, filters, volunteer, now, at, course));
    }
    let soonest = |found: &Found| {
        let course = &catalogue.courses[found.course];
        let starts_at = found
            .run
            .and_then(|run| course.runs[run].sessions.get(found.next))
            .map_or(DateTime::<Utc>::MAX_UTC, |session| session.starts_at);
        (starts_at, course.title.to_lowercase())
    };
    match filters.sort {
        Sort::Usual if !filters.q.is_empty() => answer.found.sort_by_cached_key(|found| {
            let score = scores.get(&found.course).copied().unwrap_or_default();
            (
                found.run.is_none(),
                Reverse(thousandths(score)),
                soonest(found),
            )
        }),
        Sort::Usual | Sort::Soonest => answer.found.sort_by_cached_key(soonest),
        Sort::Title => answer.found.sort_by_cached_key(|found| {
            let (starts_at, title) = soonest(found);
            (title, starts_at)
        }),
        Sort::Places => answer.found.sort_by_cached_key(|found| {
            let left = found.availability.map_or(0, Availability::left);
            (Reverse(left), soonest(found))
        }),
    }
    answer
}

/// A score as a number that can be sorted.
#[expect(clippy::cast_possible_truncation, reason = "scores are small")]
fn thousandths(score: f32) -> i64 {
    (score * 1000.0).round() as i64
}

fn found(
    view: &View,
    filters: &Filters,
    volunteer: bool,
    now: DateTime<Utc>,
    at: usize,
    course: &Course,
) -> Option<Found> {
    let mut first: Option<Found> = None;
    for (number, run) in course.runs.iter().enumerate() {
        let availability = view.availability(run, now);
        if !availability.is_to_come()
            || (filters.free && !availability.is_free_for(volunteer))
            || !fits(view, filters, run, now)
        {
            continue;
        }
        match &mut first {
            Some(found) => {
                found.more += 1;
                found.more_free += usize::from(availability.is_free_for(volunteer));
            }
            None => {
                first = Some(Found {
                    course: at,
                    run: Some(number),
                    next: run.next(now),
                    availability: Some(availability),
                    more: 0,
                    more_free: 0,
                });
            }
        }
    }
    // Somebody who looks for a course by name finds it, even between its dates.
    let between = !filters.q.is_empty() && !filters.asks_for_dates();
    first.or_else(|| {
        between.then_some(Found {
            course: at,
            run: None,
            next: 0,
            availability: None,
            more: 0,
            more_free: 0,
        })
    })
}

/// Whether a run fits the place, the days, the time of day and the dates. It fits a place that it usually has, and one of a session
/// to come.
fn fits(view: &View, filters: &Filters, run: &Run, now: DateTime<Utc>) -> bool {
    let first = run.first_day();
    if filters.from.known().is_some_and(|from| first < from)
        || filters.to.known().is_some_and(|to| first > to)
    {
        return false;
    }
    if !filters.places.is_empty() {
        let chosen = |at: Option<usize>| match at.and_then(|at| view.catalogue.venues.get(at)) {
            Some(venue) => {
                filters.places.contains(&venue.town_slug) || filters.places.contains(&venue.slug)
            }
            None => filters.places.contains("online"),
        };
        let to_come = run.sessions.iter().filter(|s| s.ends_at > now);
        let mut own = to_come.filter_map(|session| session.at.as_ref());
        if !chosen(run.venue) && !own.any(|at| chosen(at.venue)) {
            return false;
        }
    }
    // "Mondays in the evening" is one session that is both.
    (filters.days.is_empty() && filters.times.is_empty())
        || run.sessions.iter().any(|session| {
            let start = dates::local(session.starts_at);
            let day = u8::try_from(start.weekday().num_days_from_monday()).unwrap_or_default();
            (filters.days.is_empty() || filters.days.contains(&day))
                && (filters.times.is_empty() || filters.times.contains(&Time::of(start.time())))
        })
}
