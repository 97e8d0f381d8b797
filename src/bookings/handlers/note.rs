//! What would help somebody on the day: shown and changed after booking.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::booking::note_of;
use super::mine::{Opened, load, not_there};
use crate::accounts::Member;
use crate::accounts::said::Said;
use crate::bookings::pages::note as pages;
use crate::bookings::sealed::Sealed;
use crate::privacy::consents::Channel;
use crate::server::http::{Keep, page};
use crate::server::{App, Result};
use crate::ui::form::{Check, FormState, Submitted};

/// Where the note of a booking is kept: with whoever wrote one, or else with the first who comes.
async fn place_of(app: &App, opened: &Opened) -> Result<Option<(Sealed, Option<String>)>> {
    let booking_id = opened.mine.booked.id;
    let mut first = None;
    for person in &opened.people {
        let place = Sealed::AccessNote {
            person_id: person.id,
            booking_id,
        };
        let words = place.read(app).await?;
        if words.is_some() {
            return Ok(Some((place, words)));
        }
        first = first.or(Some(place));
    }
    Ok(first.map(|place| (place, None)))
}

/// What would help them on the day.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let Some((_, words)) = place_of(&app, &opened).await? else {
        return Ok(not_there());
    };
    let kept = words.is_some();
    let form = words.map_or_else(FormState::empty, |words| {
        FormState::filled([(pages::FIELD, words)])
    });
    let html = pages::note(&app, &opened.mine, &opened.offer, form, kept);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Keeps what would help them, or takes it away.
pub async fn keep(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let Some((place, words)) = place_of(&app, &opened).await? else {
        return Ok(not_there());
    };
    let mut check = Check::new(&submitted);
    let note = note_of(&app, &mut check);
    let form = check.finish();
    if form.has_errors() {
        let html = pages::note(&app, &opened.mine, &opened.offer, form, words.is_some());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let note = note.filter(|_| submitted.line("do") != "remove");
    let said = if let Some(note) = note {
        place.keep(&app, &note, true, Channel::Account).await?;
        Said::NoteSaved
    } else {
        place.forget(&app, Channel::Account).await?;
        Said::NoteRemoved
    };
    let own = format!("/account/bookings/{}", opened.mine.booked.reference);
    Ok(said.and_see(&app, &own))
}
