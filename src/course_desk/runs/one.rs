//! One run: who has a place, who waits, its dates, and what can be done with it.

mod about;
pub mod booked;
mod people;
mod store;
pub mod waiting;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::model::{BOOKED_ORDERS, Run};
use super::store::A_PAGE;
use super::{Chosen, HERE, walk_ins};
use crate::accounts::said::{Said, said};
use crate::bookings::store::sessions_and_own;
use crate::server::http::{Keep, page, see};
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::audit::{self, Action};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::list::Asked;
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (sort, number) = (asked.sort(&BOOKED_ORDERS), asked.page());
    let now = app.clock.now();
    let list = people::listed(&run, sort);
    if let Some(last) = list.instead_of(number, run.places_taken, A_PAGE) {
        return Ok(see(&last));
    }
    let part = Part::page(number, A_PAGE);
    let on_it = store::on_it(&app, run.id, (sort, part)).await?;
    let (sessions, own) = sessions_and_own(&app.db, run.id).await?;
    let told = store::told(&app, run.id).await?;
    // Each look at somebody's details is written down before they are shown.
    let people = on_it.people();
    audit::looked(&app, desk.by(), Action::Looked, Some(run.id), people).await?;
    let walk_ins = (on_it.walked_in, on_it.places);
    let walked_in = walk_ins::opened(&app, &desk, &run, walk_ins).await?;
    let heard = Said::heard(&app, &headers);
    let title = run.title.clone();
    let html = in_desk(&app, desk.who(), &title, HERE, false, || {
        let back = view! { <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav> };
        view! {
            {back}
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            {head(&run, now)}
            <div class="wb-split">
                <div>
                    {people::bookings(&run, on_it.booked, (&list, number), now)}
                    {people::waiting(&run, on_it.waiting, now)}
                    {walk_ins::part(&run, walked_in, now)}
                    {about::dates_of(&run, &sessions, &own, now)}
                </div>
                <aside class="wb-split__aside" aria-label="About this run">
                    {about::places(&run)}
                    {about::to_do(&run, &sessions, now)}
                    {about::happened(&run, told.changes, now)}
                    {about::written(&run, told.messages, now)}
                </aside>
            </div>
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn head(run: &Run, now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let (first, last) = (dates::day_of(run.starts_at), dates::day_of(run.ends_at));
    let when = if first == last {
        dates::day_and_times(run.starts_at, run.ends_at, today)
    } else {
        format!(
            "{} from {}, until {}",
            run.length(),
            dates::day_and_time(run.starts_at, today),
            dates::day(last, today)
        )
    };
    let tutor = match &run.tutor {
        Some(tutor) => format!("Tutor: {tutor}"),
        None => "No tutor yet".to_owned(),
    };
    let missing: Vec<_> = run
        .missing(now)
        .into_iter()
        .map(|words| view! { <span class="wb-missing">{words}</span> })
        .collect();
    let window: Vec<_> = run
        .window(now)
        .into_iter()
        .map(|words| view! { <p>{words}</p> })
        .collect();
    let public = (run.status == "open").then(|| {
        let href = format!("/courses/{}", run.slug);
        view! { <p><a href=href>"The course’s page on the website"</a></p> }
    });
    view! {
        <div class="wb-desk-head">
            <h1>{run.title.clone()}</h1>
            <p><Tag state=run.tag(now) /> {missing}</p>
        </div>
        <p>{when} <br /> {run.place()} <br /> {tutor}</p>
        {window}
        {public}
    }
}
