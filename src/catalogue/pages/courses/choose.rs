//! The filters beside the list.

use leptos::prelude::*;

use super::super::super::filters::{DAYS, Filters, Time};
use super::super::super::handlers::Scene;
use super::super::super::model::Audience;
use crate::ui::dates;
use crate::ui::form::{Button, ButtonKind, Checkboxes, Choice, FormState, Label, TextField};
use crate::ui::pieces;

/// The filters: closed on a phone, a column on wide screens. All of them work without a script: the button sends
/// the form that holds the search box.
pub fn filters(scene: &Scene, filters: &Filters) -> impl IntoView + use<> {
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
    let form = state(filters);
    let groups = vec![
        group(
            &form,
            "free",
            "Places",
            vec![Choice::new("yes", "Places free now")],
        ),
        group(&form, "topic", "Topic", topics),
        group(&form, "for", "Who it is for", audiences),
        group(&form, "where", "Where", places),
        group(&form, "day", "Day", days),
        group(&form, "time", "Time", times),
    ];
    view! {
        <pieces::Filters chosen clear=clear>
            {groups}
            <TextField form=&form name="from" label=Label::bold("Starts on or after") kind="date" of="find" />
            <TextField form=&form name="to" label=Label::bold("Starts on or before") kind="date" of="find" />
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

/// What is chosen, as the form's fields know it.
fn state(filters: &Filters) -> FormState {
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
    values.extend(filters.from.map(|day| ("from", dates::iso_day(day))));
    values.extend(filters.to.map(|day| ("to", dates::iso_day(day))));
    if filters.free {
        values.push(("free", "yes".to_owned()));
    }
    FormState::filled(values)
}
