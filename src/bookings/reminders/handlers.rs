//! What the link of a reminder answers.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::pages::{self, Opened};
use super::store;
use crate::accounts::Visitor;
use crate::bookings::{engine, store as bookings_store};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::random;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::Submitted;

/// Every route of reminders.
pub fn routes() -> Routes {
    Routes::default()
        .get("/cannot-come/{token}", ask)
        .post("/cannot-come/{token}", answer)
}

/// What a reminder's link leads to.
async fn by_token(app: &App, token: &str) -> Result<Option<Opened>> {
    let Some(sent) = store::by_token(&app.db, &random::hash(token)).await? else {
        return Ok(None);
    };
    let offer = bookings_store::offer(&app.db, sent.run_id, app.clock.now()).await?;
    let people = bookings_store::people_of(&app.db, sent.booking_id).await?;
    Ok(offer.map(|offer| Opened {
        sent,
        offer,
        people,
    }))
}

/// "Just this time, or the whole course?" Nothing happens by looking.
async fn ask(_: Visitor, State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    Ok(match by_token(&app, &token).await? {
        Some(opened) => page(StatusCode::OK, Keep::Nothing, pages::link(&app, &opened)),
        None => page(StatusCode::GONE, Keep::Nothing, pages::broken(&app)),
    })
}

/// Notes what they answer. How it stands then is on the same page.
async fn answer(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = by_token(&app, &token).await? else {
        return Ok(page(StatusCode::GONE, Keep::Nothing, pages::broken(&app)));
    };
    let asks = opened.standing(app.clock.now()).is_open();
    match submitted.line("do").as_str() {
        // Sent late, or twice: the page says how it stands.
        "this" | "come" | "all" if !asks => {}
        "this" => store::apologise(&app, &opened.sent).await?,
        "come" => store::comes_after_all(&app, &opened.sent).await?,
        "all" => {
            engine::cancel_booking(&app, opened.sent.booking_id, None).await?;
            app.messages.wake();
            app.catalogue.places_changed();
        }
        _ => return Ok(Refusal::BadRequest.into_response()),
    }
    Ok(see(&format!("/cannot-come/{token}")))
}
