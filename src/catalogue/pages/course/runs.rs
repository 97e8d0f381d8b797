//! "Other dates": every other run with its sessions and its own button.

use leptos::prelude::*;
use uuid::Uuid;

use super::super::super::handlers::Scene;
use super::super::super::model::{Course, Run};
use super::super::super::rules::Availability;
use super::super::words;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::{ButtonKind, ButtonLink};
use crate::ui::pieces::{DateLeaf, Details, Fact, Leaf, PhoneLink, SessionLine, Tag};

/// The runs that "Your place" does not speak of.
pub fn others(
    scene: &Scene,
    course: &Course,
    shown: &[(&Run, Availability)],
    main: Option<Uuid>,
) -> impl IntoView + use<> {
    let cards: Vec<_> = shown
        .iter()
        .filter(|(run, _)| Some(run.id) != main)
        .map(|(run, availability)| card(scene, course, run, *availability))
        .collect();
    (!cards.is_empty()).then(|| {
        view! {
            <section class="wb-block wb-no-print" aria-labelledby="more-dates">
                <h2 id="more-dates">"Other dates"</h2>
                <ul class="wb-cards">{cards}</ul>
            </section>
        }
    })
}

fn card(
    scene: &Scene,
    course: &Course,
    run: &Run,
    availability: Availability,
) -> impl IntoView + use<> {
    let leaf = Leaf::of(run.first_day());
    let leaf = if availability.has_places() {
        leaf
    } else {
        leaf.waiting()
    };
    let day = dates::day(run.first_day(), scene.today);
    let started = (run.starts_at <= scene.now).then_some("Started ");
    let still = super::place::still_joins(scene, run, availability);
    let times = dates::times(run.starts_at, run.first_ends_at());
    let place = place(scene, run);
    let next = run.sessions.get(run.next(scene.now));
    let stands_in = next.and_then(|session| session.tutor.as_deref());
    let usual = run.tutor.as_ref().map(|tutor| tutor.known_as.as_str());
    let tutor = stands_in.or(usual).map(|name| format!("With {name}"));
    let tutor = tutor.map(|words| view! { <Fact icon=Icon::People>{words}</Fact> });
    let rhythm = super::place::rhythm(run);
    // The note is about the place that the run usually has.
    let here = next.is_none_or(|session| session.at.is_none());
    let note = run.place_note.clone().filter(|_| here);
    let note = note.map(|words| view! { <p>{words}</p> });
    view! {
        <li class="wb-card wb-course wb-run" id=format!("run-{}", run.code)>
            <DateLeaf leaf />
            <div class="wb-course__head">
                <h3 class="wb-course__title">{started} {day.clone()}</h3>
            </div>
            <div class="wb-course__body">
                <ul class="wb-facts wb-facts--small">
                    <Fact icon=Icon::Clock>{times} ". " {rhythm}</Fact>
                    {place}
                    {tutor}
                </ul>
                {note} {still}
                <p>
                    <Tag state=availability.tag() />
                </p>
                {all_dates(scene, run)}
                {next_step(scene, course, run, availability, day)}
            </div>
        </li>
    }
}

/// Where somebody begins who books it now, with the page of that place: how to get there, how to get in, the map.
fn place(scene: &Scene, run: &Run) -> AnyView {
    let next = run.next(scene.now);
    let Some(venue) = words::venue_at(&scene.view.catalogue, run, next) else {
        return view! { <Fact icon=Icon::Screen>"Online, by video call"</Fact> }.into_any();
    };
    let own = run.sessions.get(next).and_then(|s| s.at.as_ref());
    let room = own.map_or(run.room.as_ref(), |at| at.room.as_ref());
    let room = room.map(|room| format!(", {room}"));
    let (venue_path, name) = (format!("/venues/{}", venue.slug), venue.name.clone());
    let address = format!("{}, {} {}", venue.address_1, venue.town, venue.postcode);
    let access = venue.short_access.clone();
    view! {
        <Fact icon=Icon::Pin>
            <a href=venue_path>{name}</a>
            {room}
            <br />
            {address}
        </Fact>
        <Fact icon=Icon::StepFree>{access}</Fact>
    }
    .into_any()
}

fn all_dates(scene: &Scene, run: &Run) -> impl IntoView + use<> {
    let sessions = super::lines(scene, run);
    (sessions.len() > 1).then(|| {
        let summary = format!("See all {} dates", sessions.len());
        let lines: Vec<_> = sessions
            .into_iter()
            .map(
                |SessionLine {
                     day, time, note, ..
                 }| {
                    let note = (!note.is_empty()).then(|| view! { <br /> {note} });
                    view! { <li>{day} ", " {time} {note}</li> }
                },
            )
            .collect();
        view! {
            <Details summary>
                <ol>{lines}</ol>
            </Details>
        }
    })
}

fn next_step(
    scene: &Scene,
    course: &Course,
    run: &Run,
    availability: Availability,
    day: String,
) -> impl IntoView + use<> {
    match availability {
        Availability::Volunteers(_) if !scene.viewer.volunteer => view! {
            <p>"This is training for our volunteers. Call " <PhoneLink /> " if you would like to be one."</p>
        }
        .into_any(),
        Availability::Places(_) | Availability::Few(_) | Availability::Volunteers(_) => view! {
            <div class="wb-buttons">
                <ButtonLink href=words::book_path(course, run) kind=ButtonKind::Outlined>
                    "Book a place"
                    <span class="govuk-visually-hidden">" from " {day}</span>
                </ButtonLink>
            </div>
        }
        .into_any(),
        Availability::Full => view! {
            <div class="wb-buttons">
                <ButtonLink href=words::wait_path(course, run) kind=ButtonKind::Outlined>
                    "Join the waiting list"
                    <span class="govuk-visually-hidden">" for " {day}</span>
                </ButtonLink>
            </div>
        }
        .into_any(),
        Availability::Closed => view! {
            <p>"Call us on " <PhoneLink /> " if you would still like to come. We may be able to help."</p>
        }
        .into_any(),
        Availability::Started | Availability::Cancelled => ().into_any(),
    }
}
