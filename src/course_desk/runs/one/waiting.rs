//! The whole waiting list of a run, page by page, and the same as a file.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::{people, store};
use crate::course_desk::runs::model::{Run, WAITS_ORDERS, Waits};
use crate::course_desk::runs::store::A_PAGE;
use crate::course_desk::runs::{Chosen, HERE, back};
use crate::server::http::{Keep, page, see};
use crate::server::paging::Part;
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result};
use crate::staff::audit::Action;
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::list::{Asked, List};
use crate::ui::pieces::*;

/// The page of a run's waiting list.
pub fn path(run: &Run) -> String {
    format!("{HERE}/{}/waiting", run.id)
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (sort, number, now) = (asked.sort(&WAITS_ORDERS), asked.page(), app.clock.now());
    let part = (sort, Part::page(number, A_PAGE));
    let (waiting, count) = store::waiting(&app, desk.by(), Action::Looked, run.id, part).await?;
    let list = List::new(path(&run), sort);
    if let Some(last) = list.instead_of(number, count, A_PAGE) {
        return Ok(see(&last));
    }
    let html = in_desk(&app, desk.who(), "Waiting list", HERE, false, || {
        view! {
            {back(&run)}
            <h1>"Waiting list"</h1>
            <p>{run.title.clone()}</p>
            {list.sort_form(count)}
            {table(waiting, &list, now)}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
            <p class="wb-small">"That you see who waits is written down."</p>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn table(waiting: Vec<Waits>, list: &List, now: chrono::DateTime<chrono::Utc>) -> AnyView {
    if waiting.is_empty() {
        return view! {
            <EmptyState title="Nobody waits" level=2><p>"Who joins the list is here at once."</p></EmptyState>
        }
        .into_any();
    }
    let columns: Vec<Column> = ["turn", "name", "since", ""]
        .into_iter()
        .zip(people::WAITS_TITLES)
        .map(|(word, title)| list.sorts(word, Column::new(title)))
        .collect();
    view! { <Table caption="Who waits" stacks=true columns=columns rows=people::waits(waiting, now) /> }
        .into_any()
}

/// Everybody who waits, in the order of the page.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by, run_id) = (asked.sort(&WAITS_ORDERS), desk.by().clone(), run.id);
    let (name, now) = (table_file::dated(&app, "waiting-list"), app.clock.now());
    table_file::list(format, &name, &people::WAITS_TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let asked = (sort, part);
            let (waiting, count) =
                store::waiting(&app, &by, Action::Downloaded, run_id, asked).await?;
            let lines = waiting.into_iter().map(|one| line(one, now)).collect();
            Ok((lines, count))
        }
    })
    .await
}

fn line(one: Waits, now: chrono::DateTime<chrono::Utc>) -> Vec<Cell> {
    let state = one.state(now);
    vec![
        one.turn.into(),
        one.name.into(),
        dates::iso_day(dates::day_of(one.joined_at)).into(),
        state.into(),
    ]
}
