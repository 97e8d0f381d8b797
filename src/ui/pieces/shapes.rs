//! Calendar leaf and arches. They are decoration: the date and the topic always stand in words beside them.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use crate::ui::{Words, art, dates};

/// A page of a tear-off calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// "Tue".
    pub weekday: &'static str,
    /// 12.
    pub day: u32,
    /// "Jan".
    pub month: &'static str,
    /// Stone instead of teal: somebody only waits for this one.
    pub waiting: bool,
}

impl Leaf {
    /// The leaf of a day in London.
    pub fn of(date: NaiveDate) -> Self {
        Self {
            weekday: dates::short_weekday(date),
            day: date.day(),
            month: dates::short_month(date),
            waiting: false,
        }
    }

    /// The same leaf for somebody who waits.
    #[must_use]
    pub const fn waiting(mut self) -> Self {
        self.waiting = true;
        self
    }
}

/// The calendar leaf.
#[component]
pub fn DateLeaf(
    /// The day.
    leaf: Leaf,
) -> impl IntoView {
    let Leaf {
        weekday,
        day,
        month,
        waiting,
    } = leaf;
    let class = if waiting {
        "wb-leaf wb-leaf--waiting"
    } else {
        "wb-leaf"
    };
    // Nothing in it needs escaping, and a list has many.
    InertElement::new(format!(
        "<div class=\"{class}\" aria-hidden=\"true\"><span class=\"wb-leaf__day\">{weekday}</span>\
         <span class=\"wb-leaf__date\">{day}</span><span class=\"wb-leaf__month\">{month}</span></div>"
    ))
}

/// The leaf of a course that has no date yet.
#[component]
pub fn NoDateLeaf() -> impl IntoView {
    InertElement::new(
        "<div class=\"wb-leaf wb-leaf--waiting\" aria-hidden=\"true\"><span class=\"wb-leaf__day\">Soon</span>\
         <span class=\"wb-leaf__date\">–</span><span class=\"wb-leaf__month\">&nbsp;</span></div>",
    )
}

/// The arch with a topic's drawing.
#[component]
pub fn TopicArch(
    /// The short name of the drawing: one of `art::TOPICS`; anything else is the open door.
    #[prop(into)]
    topic: Words,
) -> impl IntoView {
    let drawing = art::topic(&topic);
    // Only "door" itself has the large arch of the home page.
    let kind = art::TOPICS.iter().find(|own| **own == topic);
    let kind = kind
        .map(|own| format!(" wb-arch--{own}"))
        .unwrap_or_default();
    InertElement::new(format!("<div class=\"wb-arch{kind}\">{drawing}</div>"))
}

/// The arch with somebody's initials.
#[component]
pub fn NameArch(
    /// The person's name as it is shown.
    #[prop(into)]
    name: Words,
) -> impl IntoView {
    let initials: String = name
        .split_whitespace()
        .take(2)
        .filter_map(|word| word.chars().next())
        .collect();
    view! {
        <div class="wb-arch wb-arch--name" aria-hidden="true">
            {initials}
        </div>
    }
}
