//! Totals for whoever leads a run: no words, and no total of few. They are shown once nobody can answer any more.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::results::AT_LEAST;
use super::{pages, rules, store};
use crate::registers;
use crate::server::http::{Keep, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::rights::Registers;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;

/// The page.
pub fn routes() -> Routes {
    Routes::default().get("/tutor/runs/{id}/feedback", show)
}

async fn show(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(run) = registers::led(&app, desk.by(), &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let now = app.clock.now();
    let over = run.ends_at + rules::OPEN_FOR <= now;
    let totals = if over {
        store::totals(&app, run.id).await?.for_tutors()
    } else {
        None
    };
    let until = dates::full_day(rules::last_day(run.ends_at));
    let html = in_desk(
        &app,
        desk.who(),
        "Feedback",
        registers::HERE,
        false,
        move || {
            let content = match totals {
                Some(shown) => {
                    let (asked, answered) = shown.answered();
                    let sentence = format!("{}.", pages::answered(asked, answered));
                    view! {
                    <p class="wb-lead">{sentence}</p>
                    <p>"Numbers are rounded to 5, and small ones are hidden, so that nobody can be found out."</p>
                    {pages::rounded(&shown)}
                }
                .into_any()
                }
                None if over => {
                    let sentence = format!(
                        "We show how a course was found when at least {AT_LEAST} people answered each question. Here it was fewer."
                    );
                    view! { <p class="wb-lead">{sentence}</p> }.into_any()
                }
                None => {
                    let sentence = format!(
                        "People are asked when the course is over. They can answer until {until}. Then it is here."
                    );
                    view! { <p class="wb-lead">{sentence}</p> }.into_any()
                }
            };
            view! {
                <nav aria-label="Back"><a href=registers::HERE class="govuk-back-link">"All my runs"</a></nav>
                <p class="wb-register__course">{run.title}</p>
                <h1>"Feedback"</h1>
                {content}
                <p class="wb-quiet">"You see how many people gave which answer. What they wrote goes to the course team."</p>
            }
        },
    );
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}
