//! The bookings of the account that is signed in. Somebody else's booking looks as if it were not there.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::accounts::Member;
use crate::bookings::model::CancelOutcome;
use crate::bookings::pages::{about_you as question, detail, done, mine as pages};
use crate::bookings::rules::{self, Ending};
use crate::bookings::store::{self, Mine, Offer};
use crate::bookings::{calendar as dates_file, engine, equality};
use crate::messages::IcsMethod;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::ui::form::{Check, FormState, Submitted};
use crate::ui::{calendar_file, dates};

fn not_there() -> Response {
    Refusal::NotFound.into_response()
}

/// "My bookings".
pub async fn list(member: Member, State(app): State<App>) -> Result<Response> {
    let who = member.who();
    let (lines, sessions) = store::lines(&app.db, who.account_id, app.clock.now()).await?;
    let html = pages::mine(&app, &who.name, lines, sessions);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// One booking of the account, with its run.
async fn load(app: &App, member: &Member, typed: &str) -> Result<Option<(Mine, Offer)>> {
    let Some(reference) = rules::read_reference(typed) else {
        return Ok(None);
    };
    let Some(mine) = store::mine(&app.db, member.who().account_id, &reference).await? else {
        return Ok(None);
    };
    let offer = store::offer(&app.db, mine.run_id, app.clock.now()).await?;
    Ok(offer.map(|offer| (mine, offer)))
}

fn ending(app: &App, offer: &Offer) -> Ending {
    rules::ending(app.clock.now(), offer.first_ends(), offer.run.ends_at)
}

/// One booking.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((mine, offer)) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let html = detail::detail(&app, &mine, &offer, ending(&app, &offer));
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// "Your place is booked".
pub async fn booked(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((mine, offer)) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    if mine.ended_at.is_some() {
        return Ok(see(&format!("/account/bookings/{}", mine.booked.reference)));
    }
    let people = store::people(&app.db, &[mine.person_id]).await?;
    let Some(person) = people.first() else {
        return Ok(not_there());
    };
    let html = done::booked(&app, &mine, &offer, person);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The dates of one booking for a calendar.
pub async fn calendar(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((mine, offer)) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let method = if mine.status == "cancelled" || offer.run.status == "cancelled" {
        IcsMethod::Cancel
    } else {
        IcsMethod::Publish
    };
    let entry = dates_file::Entry {
        booking_id: mine.booked.id,
        reference: &mine.booked.reference,
        sequence: offer.run.sequence + mine.sequence,
        offer: &offer,
        sessions: &offer.sessions,
    };
    let file = dates_file::file(&app, &entry, method);
    let headers = [
        (header::CONTENT_TYPE, calendar_file::KIND),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"my-booking.ics\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file.text).into_response())
}

/// Asks whether they really want to cancel.
pub async fn ask_cancel(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((mine, offer)) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let html = match (mine.ended_at, ending(&app, &offer)) {
        (Some(at), _) => already(&app, at),
        (None, Ending::Over) => over(&app),
        (None, ending) => detail::cancel(&app, &mine, &offer, ending == Ending::Stop),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn already(app: &App, at: chrono::DateTime<chrono::Utc>) -> String {
    let today = dates::day_of(app.clock.now());
    let words = format!(
        "This place was cancelled on {}. You do not need to do anything.",
        dates::day(dates::day_of(at), today)
    );
    detail::ended(app, "This place is cancelled", words)
}

fn over(app: &App) -> String {
    let words = "This course has finished, so there is nothing to cancel.".to_owned();
    detail::ended(app, "This course has finished", words)
}

/// Cancels, or notes that they stop coming.
pub async fn cancel(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    _submitted: Submitted,
) -> Result<Response> {
    let Some(reference) = rules::read_reference(&reference) else {
        return Ok(not_there());
    };
    let html = match engine::cancel(&app, member.who().account_id, &reference).await? {
        CancelOutcome::NoSuchBooking => return Ok(not_there()),
        CancelOutcome::Cancelled | CancelOutcome::Stopped => {
            return Ok(see(&format!("/account/bookings/{reference}")));
        }
        CancelOutcome::Already(at) => already(&app, at),
        CancelOutcome::Over => over(&app),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// `?said=`: what the last form did.
#[derive(Debug, Default, Deserialize)]
pub struct Said {
    said: Option<String>,
}

/// The equality question.
pub async fn about_you(
    member: Member,
    State(app): State<App>,
    Query(said): Query<Said>,
) -> Result<Response> {
    let answer = equality::answer(&app, member.who().person_id).await?;
    let said = match said.said.as_deref() {
        Some("saved") => "We have saved your answer.",
        Some("removed") => "We have removed your answer.",
        _ => "",
    };
    let answered = answer.is_some();
    let form = answer.map_or_else(FormState::empty, |own| {
        FormState::filled([(question::FIELD, own)])
    });
    let html = question::about_you(&app, form, answered, said);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Keeps the answer, or takes it away.
pub async fn answer(
    member: Member,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let person_id = member.who().person_id;
    if submitted.line("do") == "remove" {
        equality::forget(&app, person_id).await?;
        return Ok(see("/account/about-you?said=removed"));
    }
    let mut check = Check::new(&submitted);
    let chosen = check.choice(
        question::FIELD,
        "Choose an answer, or press “Skip this”",
        &equality::answers(),
    );
    let Some(chosen) = chosen else {
        let html = question::about_you(&app, check.finish(), false, "");
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    };
    equality::keep(&app, person_id, chosen).await?;
    Ok(see("/account/about-you?said=saved"))
}
