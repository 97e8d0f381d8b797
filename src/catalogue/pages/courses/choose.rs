//! The filters beside the list.

use leptos::prelude::*;

use super::super::super::filters::{DAYS, Day, Filters, Time};
use super::super::super::handlers::Scene;
use super::super::super::model::Audience;
use crate::ui::form::{Button, ButtonKind, Checkboxes, Choice, FormState, Label, TextField};
use crate::ui::pieces;

/// The filters: closed on a phone, a column on wide screens. All of them work without a script: the button sends
/// the form that holds the search box.
pub fn filters(scene: &Scene, filters: &Filters, form: &FormState) -> impl IntoView + use<> {
    let catalogue = &scene.view.catalogue;
    let chosen = filters.choices().len() - usize::from(!filters.q.is_empty());
    let clear = Filters {
        q: filters.q.clone(),
        page: 1,
        ..Filters::default()
    }
    .path();
    let topics: Vec<Choice> = catalogue
        .topics
        .iter()
        .map(|topic| Choice::new(topic.slug.clone(), topic.name.clone()))
        .collect();
    let audiences: Vec<Choice> = Audience::ALL
        .into_iter()
        .filter(|audience| {
            catalogue
                .courses
                .iter()
                .any(|course| course.audience == *audience)
        })
        .map(|audience| Choice::new(audience.slug(), audience.words()))
        .collect();
    let mut places: Vec<Choice> = super::towns(catalogue)
        .into_iter()
        .map(|(slug, name)| Choice::new(slug, name))
        .collect();
    // A venue comes from its own page; it stays chosen when the form is sent again.
    places.extend(
        catalogue
            .venues
            .iter()
            .filter(|venue| filters.places.contains(&venue.slug))
            .map(|venue| Choice::new(venue.slug.clone(), venue.name.clone())),
    );
    let days: Vec<Choice> = DAYS
        .into_iter()
        .map(|(_, slug, name)| Choice::new(slug, name))
        .collect();
    let times: Vec<Choice> = Time::ALL
        .into_iter()
        .map(|time| Choice::new(time.slug(), time.long_words()))
        .collect();
    let groups = vec![
        group(
            form,
            "free",
            "Places",
            vec![Choice::new("yes", "Places free now")],
        ),
        group(form, "topic", "Topic", topics),
        group(form, "for", "Who it is for", audiences),
        group(form, "where", "Where", places),
        group(form, "day", "Day", days),
        group(form, "time", "Time", times),
    ];
    let from = date(form, "from", "Starts on or after", &filters.from);
    let to = date(form, "to", "Starts on or before", &filters.to);
    view! {
        <pieces::Filters chosen clear=clear open=form.has_errors()>
            {groups} {from} {to}
            <Button of="find" kind=ButtonKind::Outlined>
                "Show courses"
            </Button>
        </pieces::Filters>
    }
}

/// A group of small boxes that belongs to the search form. As one type for all: the compiler is grateful.
fn group(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
) -> AnyView {
    view! {
        <Checkboxes
            form=form
            name=name
            label=Label::bold(label)
            choices=choices
            class="govuk-checkboxes--small"
            of="find"
        />
    }
    .into_any()
}

/// One of the two days. A browser's own field for dates shows nothing when what was typed is none.
fn date(form: &FormState, name: &'static str, label: &'static str, day: &Day) -> AnyView {
    let kind = match day {
        Day::Unread(_) => "text",
        _ => "date",
    };
    view! { <TextField form name label=Label::bold(label) kind of="find" /> }.into_any()
}

/// What is chosen, as the form's fields know it.
pub fn state(filters: &Filters) -> FormState {
    let mut values: Vec<(&str, String)> = Vec::new();
    values.extend(filters.topics.iter().map(|slug| ("topic", slug.clone())));
    values.extend(
        filters
            .audiences
            .iter()
            .map(|audience| ("for", audience.slug().to_owned())),
    );
    values.extend(filters.places.iter().map(|slug| ("where", slug.clone())));
    values.extend(
        filters
            .days
            .iter()
            .map(|day| ("day", DAYS[usize::from(*day)].1.to_owned())),
    );
    values.extend(
        filters
            .times
            .iter()
            .map(|time| ("time", time.slug().to_owned())),
    );
    if filters.free {
        values.push(("free", "yes".to_owned()));
    }
    let mut form = FormState::filled(values);
    for (name, day) in [("from", &filters.from), ("to", &filters.to)] {
        form = form.with(name, day.words());
        if matches!(day, Day::Unread(_)) {
            form = form.with_error(
                name,
                "We could not read that date. Use numbers, like 12/1/2027",
            );
        }
    }
    form
}
