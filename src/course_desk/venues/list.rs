//! The list of venues.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::model::Listed;
use super::{HERE, path, store};
use crate::course_desk::A_PAGE;
use crate::server::http::{Keep, page};
use crate::server::{App, Result, paging};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    words: String,
    page: Option<u32>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let words: String = asked.words.trim().chars().take(100).collect();
    let number = paging::number(asked.page);
    let (venues, count) = store::list(&app, &words, number).await?;
    let html = in_desk(&app, desk.who(), "Venues", HERE, false, || {
        let form = FormState::empty().with("words", words.clone());
        let query = serde_urlencoded::to_string([("words", &words)]).unwrap_or_default();
        view! {
            <h1>"Venues"</h1>
            <p class="wb-buttons"><ButtonLink href="/desk/venues/add">"Add a venue"</ButtonLink></p>
            <form method="get" action=HERE class="wb-desk-search" novalidate>
                <TextField form=&form name="words" label=Label::bold("Venue or town") class="govuk-input--width-20" />
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {table(venues, count)}
            <Pagination page=number pages=paging::pages(count, A_PAGE)
                base=format!("{HERE}?{query}&page=") />
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn table(venues: Vec<Listed>, count: i64) -> AnyView {
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
            Column::new("Venue"), Column::new("Town"), Column::new("Access"), Column::numbers("Rooms"),
            Column::numbers("Runs to come"),
        ] rows=rows />
    }
    .into_any()
}
