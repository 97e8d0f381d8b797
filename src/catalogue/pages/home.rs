//! The home page: the find box first, then what starts soon, the topics, and how it works.

use chrono::Days;
use leptos::prelude::*;

use super::super::filters::Filters;
use super::super::find::{self, Found};
use super::super::handlers::Scene;
use super::super::rules::Availability;
use super::courses::towns;
use super::words;
use crate::newsletters::STRIP_WORDS;
use crate::ui::art;
use crate::ui::dates;
use crate::ui::form::{
    Button, ButtonKind, ButtonSize, Choice, FormState, Label, Select, TextField,
};
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::{DateLeaf, Leaf, PhoneLink, Tag, TopicArch};

/// As many courses as fit beside the quiet words.
const SOON: usize = 5;

/// The page.
pub fn page(scene: &Scene) -> String {
    let place = scene.site.place.clone();
    let to_come = find::find(
        scene,
        &Filters {
            page: 1,
            ..Filters::default()
        },
    )
    .found;
    Page::new("Free courses to help you feel better")
        .nav(Nav::None)
        .signed_in(scene.viewer.signed_in)
        .description(format!(
            "Free wellbeing courses in small, friendly groups in {place} and online. Come as you are. Book in 5 minutes."
        ))
        .canonical("/")
        .meta("og:type", "website")
        .wide()
        .render(scene.site, || {
            view! {
                {hero(scene)} {soon(scene, &to_come)} {topics(scene, &to_come)} {steps()} {newsletter()}
            }
        })
}

fn hero(scene: &Scene) -> impl IntoView + use<> {
    let form = FormState::empty();
    let mut choices = vec![Choice::new("", "Anywhere")];
    choices.extend(
        towns(&scene.view.catalogue)
            .into_iter()
            .map(|(slug, name)| Choice::new(slug, name)),
    );
    view! {
        <div class="wb-hero">
            <div class="govuk-width-container wb-hero__grid">
                <div class="wb-hero__words">
                    <h1>"Free courses to help you feel better"</h1>
                    <p class="wb-lead">
                        "Small, friendly groups near you or online. Come as you are. You can just listen."
                    </p>
                    <form class="wb-card wb-find wb-find--two" action="/courses" method="get" role="search">
                        <TextField form=&form name="q" label="What would help?" kind="search" />
                        <Select form=&form name="where" label="Where?" choices />
                        <Button size=ButtonSize::Big>"Find a course"</Button>
                    </form>
                    <p class="wb-hero__phone">"Rather talk? Call " <PhoneLink /> ". We can book for you."</p>
                </div>
                <div class="wb-hero__art">{art::raw(art::HERO)}</div>
            </div>
        </div>
    }
}

/// What somebody can begin in the next seven days; if there is nothing, what comes next.
fn soon(scene: &Scene, to_come: &[Found]) -> impl IntoView + use<> {
    let catalogue = &scene.view.catalogue;
    let end = scene
        .today
        .checked_add_days(Days::new(7))
        .unwrap_or(scene.today);
    // What cannot be booked any more is in the calendar; here it would only disappoint.
    let dated = || {
        to_come
            .iter()
            .filter(|found| found.availability != Some(Availability::Closed))
            .filter_map(|found| Some((found, &catalogue.courses[found.course], found.run?)))
    };
    let this_week = dated()
        .take_while(|(found, course, run)| {
            dates::day_of(course.runs[*run].begins(found.next)) < end
        })
        .count();
    let title = if this_week > 0 {
        "In the next 7 days"
    } else {
        "Starting soon"
    };
    let shown = if this_week > 0 {
        this_week.min(SOON)
    } else {
        SOON
    };
    let lines: Vec<_> = dated()
        .take(shown)
        .map(|(found, course, run)| {
            let run = &course.runs[run];
            let place = words::venue_at(catalogue, run, found.next)
                .map_or_else(|| "Online".to_owned(), words::venue_and_town);
            let begins = run.begins(found.next);
            let when = dates::day_and_time(begins, scene.today);
            let when = if found.next > 0 {
                format!("You can still join: {when}")
            } else {
                when
            };
            view! {
                <li>
                    <DateLeaf leaf=Leaf::of(dates::day_of(begins)) />
                    <div class="wb-week__words">
                        <h3 class="wb-week__title">
                            <a href=words::path_of(course, run)>{course.title.clone()}</a>
                        </h3>
                        <p>{when} ". " {place}</p>
                    </div>
                    {found.availability.map(|availability| view! { <Tag state=availability.tag() /> })}
                </li>
            }
        })
        .collect();
    let list = if lines.is_empty() {
        view! {
            <p>"We will add new dates when we have them. Call " <PhoneLink /> " and we can tell you what is planned."</p>
        }
        .into_any()
    } else {
        view! { <ul class="wb-list wb-week__list">{lines}</ul> }.into_any()
    };
    view! {
        <section class="wb-band" aria-labelledby="this-week">
            <div class="govuk-width-container">
                <div class="wb-heading-row">
                    <h2 class="wb-section" id="this-week">
                        {title}
                    </h2>
                    <p>
                        <a href="/calendar">"See the whole calendar"</a>
                    </p>
                </div>
                <div class="wb-week">
                    {list} <div class="wb-quote">
                        <TopicArch topic="door" />
                        <p class="wb-lead">"It is normal to feel nervous the first time."</p>
                        <p class="wb-small wb-quiet">
                            "There is always a seat by the door. You can leave when you like."
                        </p>
                    </div>
                </div>
            </div>
        </section>
    }
}

fn topics(scene: &Scene, to_come: &[Found]) -> impl IntoView + use<> {
    let catalogue = &scene.view.catalogue;
    let topics: Vec<_> = catalogue
        .topics
        .iter()
        .enumerate()
        .map(|(at, topic)| {
            let n = to_come
                .iter()
                .filter(|found| catalogue.courses[found.course].topic == at)
                .count();
            view! {
                <li>
                    <TopicArch topic=topic.art.clone() />
                    <a href=format!("/courses?topic={}", topic.slug)>{topic.name.clone()}</a>
                    <p class="wb-small wb-quiet">{words::count(n, "course")}</p>
                </li>
            }
        })
        .collect();
    (!topics.is_empty()).then(|| {
        view! {
            <section class="wb-band wb-band--close" aria-labelledby="topics">
                <div class="govuk-width-container">
                    <h2 class="wb-section" id="topics">
                        "What would you like help with?"
                    </h2>
                    <ul class="wb-topics">{topics}</ul>
                </div>
            </section>
        }
    })
}

fn steps() -> impl IntoView {
    view! {
        <section class="wb-band wb-band--sand" aria-labelledby="how">
            <div class="govuk-width-container">
                <h2 class="wb-section" id="how">
                    "How it works"
                </h2>
                <ol class="wb-steps">
                    <li>
                        <h3>"Pick a course"</h3>
                        <p>"Every course is free. Most last 4 to 8 weeks, for an hour or two a week."</p>
                    </li>
                    <li>
                        <h3>"Book your place"</h3>
                        <p>"It takes about 5 minutes. You do not need a letter from a doctor."</p>
                    </li>
                    <li>
                        <h3>"Come along"</h3>
                        <p>"Someone will meet you at the door. Bring a friend if you like. They book a place too."</p>
                    </li>
                </ol>
            </div>
        </section>
    }
}

fn newsletter() -> impl IntoView {
    let form = FormState::empty();
    view! {
        <section class="wb-band" aria-labelledby="newsletter">
            <div class="govuk-width-container">
                <div class="wb-strip">
                    <div>
                        <h2 id="newsletter">"New courses, once a month"</h2>
                        <p>{STRIP_WORDS}</p>
                    </div>
                    <form class="wb-inline" action="/newsletter" method="post" novalidate>
                        <TextField
                            form=&form
                            name="email"
                            label=Label::bold("Your email address")
                            kind="email"
                            autocomplete="email"
                            spellcheck=false
                        />
                        <Button kind=ButtonKind::Outlined>"Send it to me"</Button>
                    </form>
                </div>
            </div>
        </section>
    }
}
