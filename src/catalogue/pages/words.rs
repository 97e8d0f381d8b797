//! What several pages say about a course or a run.

use url::form_urlencoded;

use super::super::find::Found;
use super::super::handlers::Scene;
use super::super::model::{Catalogue, Course, Run, Venue};
use super::super::rules::Availability;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::pieces::{CourseFacts, Leaf};

/// "1 course", "2 courses".
pub fn count(n: usize, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}

/// The icon that the course team named; a name it does not know is the letter i.
pub fn icon(name: &str) -> Icon {
    match name {
        "bus" => Icon::Bus,
        "cal" => Icon::Calendar,
        "car" => Icon::Car,
        "chair" => Icon::Chair,
        "clock" => Icon::Clock,
        "cup" => Icon::Cup,
        "door" => Icon::Door,
        "ear" => Icon::Ear,
        "eye" => Icon::Eye,
        "heart" => Icon::Heart,
        "lock" => Icon::Lock,
        "loo" => Icon::Loo,
        "mail" => Icon::Mail,
        "people" => Icon::People,
        "phone" => Icon::Phone,
        "pin" => Icon::Pin,
        "print" => Icon::Print,
        "repeat" => Icon::Repeat,
        "screen" => Icon::Screen,
        "search" => Icon::Search,
        "step" => Icon::StepFree,
        "tick" => Icon::Tick,
        "warn" => Icon::Warning,
        _ => Icon::Info,
    }
}

/// Where the session with this number, from 0, of a run is; none means online.
pub fn venue_at<'a>(catalogue: &'a Catalogue, run: &Run, number: usize) -> Option<&'a Venue> {
    run.venue_at(number).and_then(|at| catalogue.venues.get(at))
}

/// A venue in a list: "Radstock Library, Radstock", without saying the town twice.
pub fn venue_and_town(venue: &Venue) -> String {
    if venue.name.contains(&venue.town) {
        venue.name.clone()
    } else {
        format!("{}, {}", venue.name, venue.town)
    }
}

/// The place on a card: "Bath Central Library. Step-free".
fn card_place(catalogue: &Catalogue, run: &Run, next: usize) -> String {
    venue_at(catalogue, run, next).map_or_else(
        || "Online. The link is in My bookings".to_owned(),
        |venue| format!("{}. {}", venue_and_town(venue), venue.short_access),
    )
}

/// Where a course is found.
pub fn path(course: &Course) -> String {
    format!("/courses/{}", course.slug)
}

/// Where a course is found, with this run as the one that "Your place" speaks of.
pub fn path_of(course: &Course, run: &Run) -> String {
    run_path(&course.slug, Some(&run.code))
}

/// The address of a course's page, for one of its runs if one is chosen.
pub fn run_path(slug: &str, run: Option<&str>) -> String {
    run.map_or_else(
        || format!("/courses/{slug}"),
        |code| format!("/courses/{slug}?run={code}"),
    )
}

/// The run that the part of an address after the question mark names.
pub fn chosen_run(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "run")
        .map(|(_, code)| code.into_owned())
}

/// Where a run is booked.
pub fn book_path(course: &Course, run: &Run) -> String {
    format!("/courses/{}/{}/book", course.slug, run.code)
}

/// Where somebody joins its waiting list.
pub fn wait_path(course: &Course, run: &Run) -> String {
    format!("/courses/{}/{}/wait", course.slug, run.code)
}

/// Where somebody asks to hear of its new dates.
pub fn tell_me_path(course: &Course) -> String {
    format!("/courses/{}/tell-me", course.slug)
}

/// What the card of a course says.
pub fn card(scene: &Scene, found: &Found) -> Option<CourseFacts> {
    let catalogue = &scene.view.catalogue;
    let course = catalogue.courses.get(found.course)?;
    let topic = catalogue.topics.get(course.topic);
    let run = found.run.and_then(|at| course.runs.get(at));
    let when = run.map_or_else(
        || "We will add new dates when we have them".to_owned(),
        |run| {
            let (at, session) = (found.next, run.sessions.get(found.next));
            let (starts_at, ends_at) = session.map_or((run.starts_at, run.first_ends_at()), |s| {
                (s.starts_at, s.ends_at)
            });
            let when = dates::day_and_times(starts_at, ends_at, scene.today);
            if at == 0 {
                format!("Starts {when}. {}", dates::run_length(&run.starts()))
            } else {
                format!("You can still join: {when}. {}", session_of(run, at))
            }
        },
    );
    Some(CourseFacts {
        leaf: run.map(|run| Leaf::of(dates::day_of(run.begins(found.next)))),
        drawing: topic
            .map(|topic| topic.art.clone())
            .unwrap_or_default()
            .into(),
        topic: topic
            .map(|topic| topic.name.clone())
            .unwrap_or_default()
            .into(),
        title: course.title.clone().into(),
        href: run
            .map_or_else(|| path(course), |run| path_of(course, run))
            .into(),
        summary: course.summary.clone().into(),
        when: when.into(),
        place: run
            .map(|run| card_place(catalogue, run, found.next))
            .unwrap_or_default()
            .into(),
        online: run.is_some_and(|run| run.venue_at(found.next).is_none()),
        tag: found.availability.map(Availability::tag),
        more: more(found).into(),
    })
}

/// "Session 2 of 6", for the session number 1 from 0.
pub fn session_of(run: &Run, at: usize) -> String {
    format!("Session {} of {}", at + 1, run.sessions.len())
}

/// The other dates that fit: after a date with places they are just more, after a full one what counts is whether
/// they have places.
fn more(found: &Found) -> String {
    let dates = count(found.more, "more date");
    let has_places = found.availability.is_some_and(Availability::has_places);
    match (found.more, found.more_free) {
        (0, _) => String::new(),
        _ if has_places => format!("and {dates}"),
        (1, 0) => format!("{dates}, without places"),
        (1, _) => format!("{dates}, with places"),
        (_, 0) => format!("{dates}, none with places"),
        (n, free) if n == free => format!("{dates}, all with places"),
        (_, free) => format!("{dates}, {free} with places"),
    }
}

/// The venue's place on a map that needs no account.
pub fn map_link(venue: &Venue) -> String {
    let (north, east) = (venue.latitude, venue.longitude);
    format!("https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=18/{north}/{east}")
}

/// Paragraphs, as the course team wrote them with empty lines between.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}
