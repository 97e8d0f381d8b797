//! Who volunteers, and whose status ends soon.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::store::{self, A_PAGE, Line, Which};
use crate::people_desk::{HERE, path};
use crate::server::http::{Keep, page};
use crate::server::{App, Result, paging};
use crate::staff::audit::{self, Action};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The list.
const LIST: &str = "/desk/people/volunteers";
/// Which of them, by the word in the address.
const SHOWN: [(&str, &str, Which); 3] = [
    ("now", "Everybody", Which::Now),
    ("soon", "Ends within 6 weeks", Which::Soon),
    ("over", "Has run out", Which::Over),
];
const SORTED: [(&str, &str); 2] = [("renew", "Who is to be renewed first"), ("name", "By name")];

#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    show: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
) -> Result<Response> {
    let now = app.clock.now();
    let (shown, _, which) = SHOWN
        .into_iter()
        .find(|(word, ..)| *word == at.show)
        .unwrap_or(SHOWN[0]);
    let (sorted, _) = SORTED
        .into_iter()
        .find(|(word, _)| *word == at.sort)
        .unwrap_or(SORTED[0]);
    let number = paging::number(at.page);
    let (lines, count) = store::lines(&app.db, which, sorted == "name", number, now).await?;
    let seen = lines.iter().map(|line| line.status.person_id);
    audit::looked(&app, desk.by(), Action::Looked, None, seen).await?;
    let form = FormState::filled([("show", shown), ("sort", sorted)]);
    let html = in_desk(&app, desk.who(), "Volunteers", HERE, false, move || {
        let base = format!("{LIST}?show={shown}&sort={sorted}&page=");
        let pages = paging::pages(count, A_PAGE);
        let rows: Vec<Vec<AnyView>> = lines.into_iter().map(|line| cells(line, now)).collect();
        let table = if rows.is_empty() {
            view! { <p>"There is nobody."</p> }.into_any()
        } else {
            view! {
                <Table caption="Volunteers" stacks=true columns=vec![
                    Column::new("Name"), Column::new("Organisation"), Column::numbers("Hours a week"), Column::new("How it stands"),
                ] rows=rows />
            }
            .into_any()
        };
        let shown = SHOWN
            .into_iter()
            .map(|(word, words, _)| Choice::new(word, words))
            .collect();
        let sorted = SORTED
            .into_iter()
            .map(|(word, words)| Choice::new(word, words))
            .collect();
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"Back to people"</a></nav>
            <h1>"Volunteers"</h1>
            <form method="get" action=LIST novalidate>
                <Select form=&form name="show" label=Label::bold("Show") choices=shown />
                <Select form=&form name="sort" label=Label::bold("In which order") choices=sorted />
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {table}
            <Pagination page=number pages=pages base=base />
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn cells(line: Line, now: chrono::DateTime<chrono::Utc>) -> Vec<AnyView> {
    let href = format!("{}/volunteer", path(line.status.person_id));
    let words = line.status.words(now);
    vec![
        view! { <a href=href>{line.full_name}</a> }.into_any(),
        line.status.organisation.into_any(),
        line.status.hours_a_week.into_any(),
        words.into_any(),
    ]
}
