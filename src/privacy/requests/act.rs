//! The buttons of a request's page: who it is, what we wait for, who looks after it.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::model::Request;
use super::one::{Chosen, answer, entry, first_form, opened};
use super::rules::{Identity, Step};
use super::{store, words};
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
        "not-asked" => (Step::IdentityNotAsked, Action::RequestIdentityNotAsked),
        "shown" => (Step::IdentityShown, Action::RequestIdentityShown),
        "wait" => (Step::Wait, Action::RequestWaits),
        "heard" => (Step::Heard, Action::RequestHeard),
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let day = match first_day(&request, step, today) {
        Some(first) => {
            let mut check = Check::new(&submitted);
            let Some(day) = read_day(&mut check, first, today) else {
                let form = check.finish();
                let owner = first_form(&app, &request).value("owner").to_owned();
                return opened(&app, &desk, request, form.with("owner", owner), None).await;
            };
            day
        }
        None => today,
    };
    let entry = entry(&app, &desk, &request, action)?;
    let done = store::step(&app, request.id, (step, day), None, &entry).await?;
    Ok(answer(&app, &request, done))
}

/// The first day on which a step can have been, and why; none where no day is asked for. Pressed a second time the step does not
/// fit, and there is no day to be right or wrong.
fn first_day(request: &Request, step: Step, today: NaiveDate) -> Option<First> {
    let timing = &request.timing;
    if request.finished.is_some() {
        return None;
    }
    match (step, timing.identity) {
        (Step::AskIdentity, _) => {
            timing.after(step, today)?;
            Some((timing.received_on, "when it came"))
        }
        (Step::IdentityShown, Identity::Asked(since)) => Some((since, "when we asked")),
        (Step::Heard, _) => Some((timing.waiting_since?, "when we asked")),
        _ => None,
    }
}

/// A day, and what was on it.
type First = (NaiveDate, &'static str);

fn read_day(check: &mut Check<'_>, (first, what): First, today: NaiveDate) -> Option<NaiveDate> {
    let words = DateWords {
        missing: "Enter the day",
        subject: "The day",
    };
    let day = check.date("day", words)?;
    if day < first || day > today {
        let first = dates::full_day(first);
        check.error(
            "day",
            format!("The day must be from {first}, {what}, to today"),
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
    let colleagues = store::colleagues(app).await?;
    let named = to.and_then(|id| colleagues.into_iter().find(|one| one.account_id == id));
    let before = words::with_whom(request);
    let after = named.map_or_else(|| words::NOBODY.to_owned(), |one| one.name);
    let entry = entry(app, desk, request, Action::RequestHandedOn)?;
    let entry = match request.person_id {
        Some(person) => entry.changed(app, person, &before, &after).await?,
        None => {
            entry
                .changed_there(app, request.id, &before, &after)
                .await?
        }
    };
    let done = store::hand_on(app, request.id, to, &entry).await?;
    Ok(answer(app, request, done))
}
