//! The page of one course: what it is like, who it is for, every run with its sessions and its own button.

use leptos::prelude::*;

use super::super::handlers::Scene;
use super::super::json_ld;
use super::super::model::{Catalogue, Course, Elsewhere, Run, Session};
use super::super::rules::Availability;
use super::words;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::{
    AccessFacts, Details, FirstVisit, FirstVisitLine, NameArch, SessionLine, SessionsList,
    TopicArch,
};

mod place;
mod runs;

/// The page, if there is such a course.
///
/// With `chosen`, the short word of a run, "Your place" speaks of that one.
pub fn page(scene: &Scene, slug: &str, chosen: Option<&str>) -> Option<String> {
    let catalogue = &scene.view.catalogue;
    let course = catalogue
        .courses
        .iter()
        .find(|course| course.slug == slug)?;
    let topic = catalogue.topics.get(course.topic)?;
    let shown = shown(scene, course);
    let main = main(scene, &shown, chosen);
    let page = Page::new(course.title.clone())
        .nav(Nav::Courses)
        .signed_in(scene.viewer.signed_in)
        .description(course.summary.clone())
        .canonical(words::path(course))
        .meta("og:type", "website")
        .json_ld(&json_ld::course(scene, course, &shown))
        .crumb("/", "Home")
        .crumb("/courses", "Find a course")
        .crumb(format!("/courses?topic={}", topic.slug), topic.name.clone());
    Some(page.render(scene.site, || {
        view! {
            <div class="wb-split">
                <div class="wb-split__head wb-course-head">
                    <h1>{course.title.clone()}</h1>
                    <TopicArch topic=topic.art.clone() />
                    <p class="wb-lead">{course.lead.clone()}</p>
                </div>
                {place::aside(scene, course, main, &shown)}
                <div class="wb-split__main">
                    {about(course)} {first_visit(course)}
                    {main.map(|(run, _)| (sessions(scene, run), whereabouts(catalogue, run), tutor(run)))}
                    {runs::others(scene, course, &shown, main.map(|(run, _)| run.id))}
                    {can_be_had(&shown).then(|| none_suits(course))}
                    {place::again(scene, course, main)}
                </div>
            </div>
        }
    }))
}

/// The runs that the page shows, soonest first: those to come, those under way, and those cancelled before their
/// first day.
fn shown<'a>(scene: &Scene, course: &'a Course) -> Vec<(&'a Run, Availability)> {
    course
        .runs
        .iter()
        .map(|run| (run, scene.view.availability(run, scene.now)))
        .filter(|(run, availability)| match availability {
            Availability::Started => run.ends_at > scene.now,
            Availability::Cancelled => run.starts_at > scene.now,
            _ => true,
        })
        .collect()
}

/// The run that "Your place" speaks of: the chosen one, else the soonest that whoever looks can book, else the soonest
/// with a place, else the soonest to come, else the last to start.
fn main<'a>(
    scene: &Scene,
    shown: &[(&'a Run, Availability)],
    chosen: Option<&str>,
) -> Option<(&'a Run, Availability)> {
    let first = |fits: &dyn Fn(Availability) -> bool| shown.iter().find(|(_, a)| fits(*a)).copied();
    chosen
        .and_then(|code| shown.iter().find(|(run, _)| run.code == code).copied())
        .or_else(|| first(&|a| a.is_free_for(scene.viewer.volunteer)))
        .or_else(|| first(&Availability::has_places))
        .or_else(|| first(&Availability::is_to_come))
        .or_else(|| {
            shown
                .iter()
                .rev()
                .find(|(_, a)| *a == Availability::Started)
                .copied()
        })
}

/// Whether any of the runs can be booked or waited for.
fn can_be_had(shown: &[(&Run, Availability)]) -> bool {
    shown
        .iter()
        .any(|(_, availability)| availability.has_places() || *availability == Availability::Full)
}

/// For whoever can come on none of the dates.
fn none_suits(course: &Course) -> impl IntoView + use<> {
    view! {
        <p class="wb-no-print">
            <a href=words::tell_me_path(course)>"None of these dates suit me: tell me about new ones"</a>
        </p>
    }
}

fn about(course: &Course) -> impl IntoView + use<> {
    let lines = |text: &str| {
        words::paragraphs(text)
            .into_iter()
            .map(|words| view! { <p>{words}</p> })
            .collect::<Vec<_>>()
    };
    let description = course.description.clone();
    let not_for = course.not_for.as_deref().map(lines);
    let easy_read = course.easy_read.clone().map(|words| {
        view! {
            <Details summary="Read this in easy words">
                <div class="wb-easy" inner_html=words></div>
            </Details>
        }
    });
    view! {
        {easy_read}
        <section class="wb-block" aria-labelledby="about">
            <h2 id="about">"What it is like"</h2>
            <div inner_html=description></div>
        </section>
        <section class="wb-block" aria-labelledby="who">
            <h2 id="who">"Who it is for"</h2>
            {lines(&course.who_for)}
            {not_for}
        </section>
    }
}

fn first_visit(course: &Course) -> impl IntoView + use<> {
    let lines: Vec<_> = course
        .first_visit
        .iter()
        .map(|(icon, strong, rest)| FirstVisitLine {
            icon: words::icon(icon),
            lead: strong.clone().into(),
            rest: rest.clone().into(),
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <FirstVisit lines /> })
}

/// The dates of a run in words: theme first, then what else there is to know.
fn lines(scene: &Scene, run: &Run) -> Vec<SessionLine> {
    let cancelled = scene.view.availability(run, scene.now) == Availability::Cancelled;
    run.sessions
        .iter()
        .map(|session| {
            let mut note = session.theme.clone().unwrap_or_default();
            // Of a run that people may still join, what they can no longer come to.
            let past =
                (session.starts_at <= scene.now).then_some(if session.ends_at <= scene.now {
                    "This session is over."
                } else {
                    "This session has begun."
                });
            let own = of_its_own(&scene.view.catalogue, session);
            let all = session.note.as_deref().into_iter();
            for more in all.chain(own.iter().map(String::as_str)).chain(past) {
                if !note.is_empty() {
                    note.push_str(if note.ends_with(['.', '?', '!']) {
                        " "
                    } else {
                        ". "
                    });
                }
                note.push_str(more);
            }
            SessionLine {
                day: dates::day(dates::day_of(session.starts_at), scene.today).into(),
                time: dates::times(session.starts_at, session.ends_at).into(),
                note: note.into(),
                cancelled,
            }
        })
        .collect()
}

/// Where one session is, and with whom, if not as the others: "At the Pavilion, Bath, BA2 4EU, Room 2." and "With Sam."
fn of_its_own(catalogue: &Catalogue, session: &Session) -> Vec<String> {
    let place = session.at.as_ref().map(|at| {
        let venue = at.venue.and_then(|at| catalogue.venues.get(at));
        let room = at.room.as_ref().map(|room| format!(", {room}"));
        venue.map_or_else(
            || "Online, by video call.".to_owned(),
            |venue| {
                let (name, room) = (words::venue_and_town(venue), room.unwrap_or_default());
                format!("At {name}, {}{room}.", venue.postcode)
            },
        )
    });
    let tutor = session.tutor.as_ref().map(|name| format!("With {name}."));
    [place, tutor].into_iter().flatten().collect()
}

fn sessions(scene: &Scene, run: &Run) -> impl IntoView + use<> {
    let sessions = lines(scene, run);
    view! {
        <section class="wb-block" aria-labelledby="dates">
            <h2 id="dates">"Dates and times"</h2>
            <SessionsList sessions />
        </section>
    }
}

/// Where a single session is, if not where its run usually would be.
fn single_elsewhere(run: &Run) -> Option<&Elsewhere> {
    match run.sessions.as_slice() {
        [only] => only.at.as_ref(),
        _ => None,
    }
}

fn whereabouts(catalogue: &Catalogue, run: &Run) -> impl IntoView + use<> {
    let own = single_elsewhere(run);
    let (at, room) = own.map_or((run.venue, &run.room), |own| (own.venue, &own.room));
    // The note is about the place that the run usually has.
    let note = run.place_note.clone().filter(|_| own.is_none());
    let note = note.map(|words| view! { <p>{words}</p> });
    let place = at.and_then(|at| catalogue.venues.get(at)).map(|venue| {
        let room = room.as_ref().map(|room| format!(", {room}"));
        let more = venue.address_2.clone().map(|line| view! { {line} <br /> });
        let facts: Vec<_> =
            venue.facts.iter().map(|(icon, said)| (words::icon(icon), said.clone().into())).collect();
        view! {
            <address class="wb-block--tight">
                <a href=format!("/venues/{}", venue.slug)>{venue.name.clone()}</a> {room} <br /> {venue.address_1.clone()}
                <br /> {more} {venue.town.clone()} " " {venue.postcode.clone()} <br />
                <a href=words::map_link(venue) rel="external">
                    "See it on a map (OpenStreetMap)"
                </a>
            </address>
            {venue.about.clone().map(|words| view! { <p>{words}</p> })}
            <p>{venue.travel.clone()}</p>
            <AccessFacts facts />
        }
    });
    let online = place.is_none().then(|| {
        view! {
            <p>
                <strong>"Online"</strong>
            </p>
            <p>
                "We use a video call that opens in your web browser. There is nothing to install. We show you the link in My bookings. You can keep your camera off."
            </p>
        }
    });
    view! {
        <section class="wb-block" aria-labelledby="where">
            <h2 id="where">"Where"</h2>
            {place}
            {online}
            {note}
            {elsewhere(catalogue, run)}
        </section>
    }
}

/// How to find the places of those sessions of several that are elsewhere.
fn elsewhere(catalogue: &Catalogue, run: &Run) -> Option<impl IntoView + use<>> {
    if run.sessions.len() == 1 {
        return None;
    }
    let own = run
        .sessions
        .iter()
        .filter_map(|session| session.at.as_ref());
    let mut venues: Vec<usize> = own.clone().filter_map(|at| at.venue).collect();
    venues.sort_unstable();
    venues.dedup();
    let links: Vec<_> = venues
        .into_iter()
        .filter_map(|at| catalogue.venues.get(at))
        .map(|venue| {
            let href = format!("/venues/{}", venue.slug);
            view! { <li><a href=href>{words::venue_and_town(venue)}</a> ": " {venue.short_access.clone()}</li> }
        })
        .collect();
    let list = (!links.is_empty()).then(|| view! { <ul>{links}</ul> });
    own.clone().next().map(|_| {
        view! {
            <p><strong>"Not every session is here."</strong> " Look at the dates for where each is."</p>
            {list}
        }
    })
}

fn tutor(run: &Run) -> impl IntoView + use<> {
    run.tutor.as_ref().map(|tutor| {
        view! {
            <section class="wb-block" aria-labelledby="tutor">
                <h2 id="tutor">"Your tutor"</h2>
                <div class="wb-person">
                    <NameArch name=tutor.known_as.clone() />
                    <div>
                        <h3>{tutor.known_as.clone()}</h3>
                        <p>{tutor.about.clone()}</p>
                    </div>
                </div>
            </section>
        }
    })
}

/// The pin or the screen, and the place of the session that somebody begins with, in a few words.
fn place_words(scene: &Scene, run: &Run) -> (Icon, String) {
    words::venue_at(&scene.view.catalogue, run, run.next(scene.now)).map_or_else(
        || (Icon::Screen, "Online, by video call".to_owned()),
        |venue| {
            (
                Icon::Pin,
                format!("{}, {}", words::venue_and_town(venue), venue.postcode),
            )
        },
    )
}
