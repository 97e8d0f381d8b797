//! A course in a list.

use leptos::either::Either;
use leptos::prelude::*;

use super::{DateLeaf, Leaf, NoDateLeaf, Tag, TagState, TopicArch};
use crate::ui::art::{Icon, icon};
use crate::ui::{Words, some};

/// What a card says, in finished words.
#[derive(Debug, Clone)]
pub struct CourseFacts {
    /// The first day of the soonest run that fits; none when there is no date yet.
    pub leaf: Option<Leaf>,
    /// The short name of the topic's drawing.
    pub drawing: Words,
    /// The topic's name; empty leaves it out.
    pub topic: Words,
    /// The course's title.
    pub title: Words,
    /// Where the title leads.
    pub href: Words,
    /// One sentence.
    pub summary: Words,
    /// "Starts Tuesday 12 January, 10:30am to 12:30pm. 6 weeks".
    pub when: Words,
    /// "Bath Central Library. Step-free"; "Online".
    pub place: Words,
    /// It takes place on a screen.
    pub online: bool,
    /// How it stands.
    pub tag: Option<TagState>,
    /// "and 2 more dates".
    pub more: Words,
}

/// A course in a list (`<ul class="wb-cards">`): the whole card is the title's link.
#[component]
pub fn CourseCard(
    /// What it says.
    course: CourseFacts,
    /// The level of the title's heading.
    #[prop(default = 3)]
    level: u8,
) -> impl IntoView {
    let CourseFacts {
        leaf,
        drawing,
        topic,
        title,
        href,
        summary,
        when,
        place,
        online,
        tag,
        more,
    } = course;
    let link = view! {
        <a class="wb-course__link" href=href>
            {title}
        </a>
    };
    let title = match level {
        2 => Either::Left(view! { <h2 class="wb-course__title">{link}</h2> }),
        _ => Either::Right(view! { <h3 class="wb-course__title">{link}</h3> }),
    };
    let leaf = match leaf {
        Some(leaf) => Either::Left(view! { <DateLeaf leaf /> }),
        None => Either::Right(view! { <NoDateLeaf /> }),
    };
    let more = some(more).map(|more| view! { " " <span class="wb-small">{more}</span> });
    let tag = tag.map(|state| view! { <Tag state /> });
    let pin = if online { Icon::Screen } else { Icon::Pin };
    view! {
        <li class="wb-card wb-course wb-course--drawn">
            {leaf}
            <div class="wb-course__head">
                {some(topic).map(|topic| view! { <p class="wb-course__topic">{topic}</p> })} {title}
            </div>
            <div class="wb-course__body">
                <p>{summary}</p>
                <ul class="wb-facts wb-facts--small">
                    {some(when).map(|when| fact(Icon::Clock, when))}
                    {some(place).map(|place| fact(pin, place))}
                </ul>
                <p>{tag} {more}</p>
            </div>
            <TopicArch topic=drawing />
        </li>
    }
}

/// A line with an icon.
fn fact(symbol: Icon, words: Words) -> impl IntoView + use<> {
    view! {
        <li>
            {icon(symbol)}
            <span>{words}</span>
        </li>
    }
}
