//! The buttons of a request's page: who it is, what we wait for, who looks after it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::model::Request;
use super::one::{Chosen, answer, entry, first_form, opened};
use super::rules::{Identity, Step};
use super::store;
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::audit::Action;
use crate::staff::rights::Requests;
use crate::ui::dates;
use crate::ui::form::*;

/// One of the buttons of the page.
pub async fn send(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let today = dates::day_of(app.clock.now());
    let (step, action) = match submitted.line("do").as_str() {
        "give" => return give(&app, &desk, &request, &submitted).await,
        "ask" => (Step::AskIdentity, Action::RequestIdentityAsked),
        "shown" => (Step::IdentityShown, Action::RequestIdentityShown),
        "wait" => (Step::Wait, Action::RequestWaits),
        "heard" => (Step::Heard, Action::RequestHeard),
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let day = match (step, since(&request)) {
        // Pressed a second time there is nothing to wait for, and no day to be right or wrong.
        (Step::IdentityShown | Step::Heard, Some(since)) => {
            let mut check = Check::new(&submitted);
            let Some(day) = read_day(&mut check, since, today) else {
                let form = check.finish();
                let owner = first_form(&app, &request).value("owner").to_owned();
                return opened(&app, &desk, request, form.with("owner", owner), None).await;
            };
            day
        }
        _ => today,
    };
    let entry = entry(&app, &desk, &request, action)?;
    let done = store::step(&app, request.id, (step, day), None, &entry).await?;
    Ok(answer(&app, &request, done))
}

/// Since when we wait for something.
fn since(request: &Request) -> Option<NaiveDate> {
    match request.timing.identity {
        Identity::Asked(since) => Some(since),
        _ => request.timing.waiting_since,
    }
}

fn read_day(check: &mut Check<'_>, since: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let words = DateWords {
        missing: "Enter the day",
        subject: "The day",
    };
    let day = check.date("day", words)?;
    if day < since || day > today {
        let since = dates::full_day(since);
        check.error(
            "day",
            format!("The day must be from {since}, when we asked, to today"),
        );
        return None;
    }
    Some(day)
}

async fn give(
    app: &App,
    desk: &Desk<Requests>,
    request: &Request,
    submitted: &Submitted,
) -> Result<Response> {
    let typed = submitted.line("owner");
    let to = match (typed.as_str(), Uuid::try_parse(&typed)) {
        ("nobody", _) => None,
        (_, Ok(id)) => Some(id),
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let entry = entry(app, desk, request, Action::RequestHandedOn)?;
    let done = store::hand_on(app, request.id, to, &entry).await?;
    Ok(answer(app, request, done))
}
