//! Who volunteers, and whose status ends soon.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::store::{self, A_PAGE, Line, Which};
use crate::people_desk::{HERE, path};
use crate::server::http::{Keep, page};
use crate::server::paging::Part;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::audit::Action;
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// The list.
const LIST: &str = "/desk/people/volunteers";
/// Which of them, by the word in the address.
const SHOWN: [(&str, &str, Which); 3] = [
    ("now", "Everybody", Which::Now),
    ("soon", "Ends within 6 weeks", Which::Soon),
    ("over", "Has run out", Which::Over),
];

#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    show: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

impl At {
    fn shown(&self) -> (&'static str, Which) {
        let found = SHOWN.into_iter().find(|(word, ..)| *word == self.show);
        let (word, _, which) = found.unwrap_or(SHOWN[0]);
        (word, which)
    }

    fn sort(&self) -> Sort {
        Sort::usual(&store::ORDERS).asked(&self.sort)
    }
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
) -> Result<Response> {
    let now = app.clock.now();
    let (shown, which) = at.shown();
    let number = paging::number(at.page);
    let asked = (at.sort(), Part::page(number, A_PAGE));
    let (lines, count) = store::lines(&app, desk.by(), Action::Looked, which, asked).await?;
    let form = FormState::filled([("show", shown)]);
    let list = List::new(LIST, at.sort()).with("show", shown);
    let html = in_desk(&app, desk.who(), "Volunteers", HERE, false, move || {
        let rows: Vec<Vec<AnyView>> = lines.into_iter().map(|line| cells(line, now)).collect();
        let table = if rows.is_empty() {
            view! { <p>"There is nobody."</p> }.into_any()
        } else {
            view! {
                <Table caption="Volunteers" stacks=true columns=vec![
                    list.sorts("name", Column::new("Name")), list.sorts("organisation", Column::new("Organisation")),
                    list.sorts("hours", Column::numbers("Hours a week")), list.sorts("renew", Column::new("How it stands")),
                ] rows=rows />
            }
            .into_any()
        };
        let shown = SHOWN
            .into_iter()
            .map(|(word, words, _)| Choice::new(word, words))
            .collect();
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"Back to people"</a></nav>
            <h1>"Volunteers"</h1>
            <form method="get" action=LIST novalidate>
                <Select form=&form name="show" label=Label::bold("Show") choices=shown />
                {list.sort_field()}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

const TITLES: [&str; 5] = ["Name", "Organisation", "Hours a week", "From", "Last day"];

/// The same list as a file, with all of them.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<At>,
    format: Format,
) -> Result<Response> {
    let ((_, which), sort, by) = (at.shown(), at.sort(), desk.by().clone());
    let name = table_file::dated(&app, "volunteers");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let asked = (sort, part);
            let (all, count) = store::lines(&app, &by, Action::Downloaded, which, asked).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(line: Line) -> Vec<Cell> {
    let last_day = line.status.last_day();
    vec![
        line.full_name.into(),
        line.status.organisation.into(),
        line.status.hours_a_week.into(),
        dates::iso_day(dates::day_of(line.status.from_at)).into(),
        dates::iso_day(last_day).into(),
    ]
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
