//! What the page answers where somebody asks to hear of new dates, and the link of the message about one.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::{pages, store};
use crate::accounts::{Member, Visitor, people};
use crate::catalogue::rules::run_code;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::Submitted;

/// Every route of new dates.
pub fn routes() -> Routes {
    Routes::default()
        .get("/courses/{slug}/tell-me", show)
        .post("/courses/{slug}/tell-me", answer)
        .get("/new-dates/{run}", lead)
}

/// What would happen, with one button. Whoever is not signed in comes back here once they are.
async fn show(
    visitor: Visitor,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response> {
    let who = visitor.who();
    let account_id = who.map(|who| who.account_id);
    let Some(seen) = store::seen(&app.db, &slug, account_id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    Ok(match who {
        None => see(&people::with_next("/sign-in", &pages::path(&seen.slug))),
        Some(who) if !who.verified => see("/account/verify"),
        Some(who) => page(
            StatusCode::OK,
            Keep::Nothing,
            pages::tell_me(&app, who, &seen),
        ),
    })
}

/// Notes that they want to hear of it, or that they no longer do.
async fn answer(
    member: Member,
    State(app): State<App>,
    Path(slug): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let Some(seen) = store::seen(&app.db, &slug, Some(who.account_id)).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    match submitted.line("do").as_str() {
        "tell" => store::ask(&app, seen.course_id, who.account_id, who.person_id).await?,
        "stop" => store::forget(&app, seen.course_id, who.account_id).await?,
        _ => return Ok(Refusal::BadRequest.into_response()),
    }
    Ok(see(&pages::path(&seen.slug)))
}

/// From a message, which does not name the course, to the course's page.
async fn lead(_: Visitor, State(app): State<App>, Path(run): Path<String>) -> Result<Response> {
    let Ok(run_id) = Uuid::try_parse(&run) else {
        return Ok(Refusal::NotFound.into_response());
    };
    Ok(match store::slug_of(&app.db, run_id).await? {
        Some(slug) => see(&format!("/courses/{slug}?run={}", run_code(run_id))),
        None => Refusal::NotFound.into_response(),
    })
}
