//! The list of venues, on the screen and as a file.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::model::Listed;
use super::{HERE, path, store};
use crate::course_desk::A_PAGE;
use crate::server::http::{Keep, page};
use crate::server::paging::Part;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, table_file};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::list::{Asked, List};
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let number = asked.page();
    let (venues, count) = store::list(&app, &words, sort, Part::page(number, A_PAGE)).await?;
    let html = in_desk(&app, desk.who(), "Venues", HERE, false, || {
        let form = FormState::empty().with("words", words.clone());
        let list = List::new(HERE, sort).with("words", words);
        view! {
            <h1>"Venues"</h1>
            <p class="wb-buttons"><ButtonLink href="/desk/venues/add">"Add a venue"</ButtonLink></p>
            <form method="get" action=HERE class="wb-desk-search" novalidate>
                <TextField form=&form name="words" label=Label::bold("Venue or town") class="govuk-input--width-20" />
                {list.sort_field()}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {table(venues, &list, count)}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

const TITLES: [&str; 6] = [
    "Venue",
    "Town",
    "Postcode",
    "Access",
    "Rooms",
    "Runs to come",
];

/// The same list as a file, with all its venues.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let name = table_file::dated(&app, "venues");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, words) = (app.clone(), words.clone());
        async move {
            let (venues, count) = store::list(&app, &words, sort, part).await?;
            Ok((venues.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(venue: Listed) -> Vec<Cell> {
    vec![
        venue.name.into(),
        venue.town.into(),
        venue.postcode.into(),
        venue.short_access.into(),
        venue.rooms.into(),
        venue.coming.into(),
    ]
}

fn table(venues: Vec<Listed>, list: &List, count: i64) -> AnyView {
    if venues.is_empty() {
        return view! {
            <EmptyState title="No venues here" level=2>
                <p>"Try fewer words, or add a venue."</p>
            </EmptyState>
        }
        .into_any();
    }
    let caption = if count == 1 {
        "1 venue".to_owned()
    } else {
        format!("{count} venues")
    };
    let rows = venues
        .into_iter()
        .map(|venue| {
            vec![
                view! { <a href=path(venue.id)>{venue.name}</a> }.into_any(),
                view! { {venue.town} " " {venue.postcode} }.into_any(),
                venue.short_access.into_any(),
                venue.rooms.into_any(),
                venue.coming.into_any(),
            ]
        })
        .collect();
    view! {
        <Table caption=caption stacks=true columns=vec![
            list.sorts("name", Column::new("Venue")), list.sorts("town", Column::new("Town")),
            list.sorts("access", Column::new("Access")), list.sorts("rooms", Column::numbers("Rooms")),
            list.sorts("runs", Column::numbers("Runs to come")),
        ] rows=rows />
    }
    .into_any()
}
