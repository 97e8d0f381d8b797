//! Where courses meet: all the places, and a page for each.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::super::filters::Filters;
use super::super::find;
use super::super::handlers::Scene;
use super::words;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::{AccessFacts, CourseCard, PhoneLink};

/// All places, by town.
pub fn list(scene: &Scene) -> String {
    let venues = &scene.view.catalogue.venues;
    let towns: BTreeSet<&str> = venues.iter().map(|venue| venue.town.as_str()).collect();
    let sections: Vec<_> = towns
        .into_iter()
        .map(|town| {
            let lines: Vec<_> = venues
                .iter()
                .filter(|venue| venue.town == town)
                .map(|venue| {
                    view! {
                        <li>
                            <a href=format!("/venues/{}", venue.slug)>{venue.name.clone()}</a>
                            ", "
                            {venue.postcode.clone()}
                            ". "
                            {venue.short_access.clone()}
                        </li>
                    }
                })
                .collect();
            view! {
                <section class="wb-block">
                    <h2>{town.to_owned()}</h2>
                    <ul class="wb-words">{lines}</ul>
                </section>
            }
        })
        .collect();
    Page::new("Where we meet")
        .nav(Nav::Courses)
        .signed_in(scene.viewer.signed_in)
        .description("The places where our free courses meet, how to get there and how to get in.")
        .canonical("/venues")
        .crumb("/", "Home")
        .crumb("/courses", "Find a course")
        .render(scene.site, || {
            view! {
                <h1>"Where we meet"</h1>
                <p class="wb-lead">
                    "Each place has its own page: how to get there, how to get in, and what is on. Some courses are "
                    <a href="/courses?where=online">"online"</a> "."
                </p>
                {sections}
            }
        })
}

/// The page of one place, if there is such a place.
pub fn page(scene: &Scene, slug: &str) -> Option<String> {
    let venue = scene
        .view
        .catalogue
        .venues
        .iter()
        .find(|venue| venue.slug == slug)?;
    let here = Filters {
        places: BTreeSet::from([slug.to_owned()]),
        page: 1,
        ..Filters::default()
    };
    let cards: Vec<_> = find::find(scene, &here)
        .found
        .iter()
        .filter_map(|found| words::card(scene, found))
        .map(|course| view! { <CourseCard course /> })
        .collect();
    let courses = if cards.is_empty() {
        view! {
            <p>
                "There are no dates here just now. Look at " <a href="/courses">"all courses"</a> ", or call "
                <PhoneLink /> "."
            </p>
        }
        .into_any()
    } else {
        view! { <ul class="wb-cards">{cards}</ul> }.into_any()
    };
    let lead = venue
        .about
        .clone()
        .map(|words| view! { <p class="wb-lead">{words}</p> });
    let more = venue.address_2.clone().map(|line| view! { {line} <br /> });
    let facts: Vec<_> = venue
        .facts
        .iter()
        .map(|(icon, said)| (words::icon(icon), said.clone().into()))
        .collect();
    let inside = (!facts.is_empty()).then(|| {
        view! {
            <section class="wb-block" aria-labelledby="inside">
                <h2 id="inside">"Getting in and around"</h2>
                <AccessFacts facts />
            </section>
        }
    });
    let page = Page::new(venue.name.clone())
        .nav(Nav::Courses)
        .signed_in(scene.viewer.signed_in)
        .description(format!(
            "How to get to {} and how to get in. {}.",
            words::venue_and_town(venue),
            venue.short_access
        ))
        .canonical(format!("/venues/{slug}"))
        .crumb("/", "Home")
        .crumb("/courses", "Find a course")
        .crumb("/venues", "Where we meet");
    Some(page.render(scene.site, || {
        view! {
            <div class="wb-split">
                <div class="wb-split__head">
                    <h1>{venue.name.clone()}</h1>
                    {lead}
                </div>
                <aside class="wb-split__aside wb-card" aria-labelledby="find-us">
                    <h2 id="find-us">"Find us"</h2>
                    <address>
                        {venue.address_1.clone()} <br /> {more} {venue.town.clone()} <br /> {venue.postcode.clone()}
                    </address>
                    <p>
                        <a href=words::map_link(venue) rel="external">
                            "See it on a map (OpenStreetMap)"
                        </a>
                    </p>
                </aside>
                <div class="wb-split__main">
                    {inside} <section class="wb-block" aria-labelledby="travel">
                        <h2 id="travel">"Getting here"</h2>
                        <p>{venue.travel.clone()}</p>
                    </section> <section class="wb-block" aria-labelledby="here">
                        <h2 class="wb-section" id="here">
                            "Courses here"
                        </h2>
                        {courses}
                    </section>
                </div>
            </div>
        }
    }))
}
