//! Opening a run for booking, and closing it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::{Chosen, HERE, back, path, told_of_opening};
use crate::accounts::said::Said;
use crate::bookings::{changes, new_dates};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let now = app.clock.now();
    if !run.can_change(now) {
        return Ok(see(&path(&run)));
    }
    let is_open = run.status == "open";
    let (title, value, button) = if is_open {
        ("Close to new bookings?", "close", "Close it")
    } else {
        ("Open for booking?", "open", "Open it")
    };
    let told = match run.status.as_str() {
        "draft" if run.starts_at > now => {
            let askers = new_dates::askers(&app.db, now).await?;
            told_of_opening(askers.of(run.course_id, run.volunteers_only))
        }
        // Opened once, whoever asked before has heard of it.
        _ => "Whoever asked for new dates hears nothing more of this one. Whoever is on its waiting list is offered what is free"
            .to_owned(),
    };
    let html = in_desk(&app, desk.who(), title, HERE, false, || {
        let what = if is_open {
            "Whoever has a place keeps it. Whoever waits keeps their turn, but is offered nothing until it is open again."
                .to_owned()
        } else {
            format!("It can be found on the website and booked at once. {told}.")
        };
        let draft = (!is_open && !run.published).then(|| {
            let href = format!("{}/{}", crate::course_desk::courses::HERE, run.course_id);
            view! { <p><strong>"The course is not on the website yet. "</strong> <a href=href>"Put it on the website first"</a></p> }
        });
        let buttons = draft.is_none();
        let missing: Vec<_> = run
            .missing(now)
            .into_iter()
            .filter(|_| !is_open)
            .map(|words| view! { <p><strong>{words} "."</strong></p> })
            .collect();
        let back_to = path(&run);
        view! {
            <div class="wb-measure">
                {back(&run)}
                <h1>{title}</h1>
                <p>{run.title.clone()}</p>
                {missing}
                {draft}
                {buttons.then(|| view! {
                    <p>{what}</p>
                    <Form>
                        <div class="wb-buttons">
                            <Button name="do" value=value>{button}</Button>
                            <a href=back_to>"No, leave it as it is"</a>
                        </div>
                    </Form>
                })}
            </div>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let (done, word) = match submitted.line("do").as_str() {
        "open" => (
            changes::open(&app, run.id, Some(desk.by())).await?,
            Said::RunOpen,
        ),
        "close" => (
            changes::close(&app, run.id, Some(desk.by())).await?,
            Said::RunClosed,
        ),
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    // A second press; or the run is over, or called off, and is neither opened nor closed.
    let word = if done { word } else { Said::NothingChanged };
    Ok(word.and_see(&app, &path(&run)))
}
