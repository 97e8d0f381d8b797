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

/// Each who comes: how they are called (`None` is the reader), where their note is kept, and what it says.
type Note = (Option<String>, Sealed, Option<String>);

async fn notes_of(app: &App, member: &Member, opened: &Opened) -> Result<Vec<Note>> {
    let booking_id = opened.mine.booked.id;
    let mut all = Vec::new();
    for person in &opened.people {
        let place = Sealed::AccessNote {
            person_id: person.id,
            booking_id,
        };
        let own = person.id == member.who().person_id;
        let name = (!own).then(|| person.known_as().to_owned());
        all.push((name, place, place.read(app).await?));
    }
    Ok(all)
}

/// The name of each note's field.
fn fields(notes: &[Note]) -> &'static [&'static str] {
    let people: Vec<_> = notes.iter().map(|(name, ..)| name.clone()).collect();
    pages::names(&people)
}

fn form_page(app: &App, opened: &Opened, notes: &[Note], form: FormState) -> String {
    let people: Vec<_> = notes.iter().map(|(name, ..)| name.clone()).collect();
    let kept = notes.iter().any(|(.., words)| words.is_some());
    pages::note(app, &opened.mine, &opened.offer, &people, form, kept)
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
    let notes = notes_of(&app, &member, &opened).await?;
    let written = notes
        .iter()
        .map(|(.., words)| words.clone().unwrap_or_default());
    let form = FormState::filled(fields(&notes).iter().copied().zip(written));
    let html = form_page(&app, &opened, &notes, form);
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
    let notes = notes_of(&app, &member, &opened).await?;
    let mut check = Check::new(&submitted);
    let typed: Vec<Option<String>> = fields(&notes)
        .iter()
        .take(notes.len())
        .map(|field| note_of(&app, &mut check, field))
        .collect();
    let form = check.finish();
    if form.has_errors() {
        let html = form_page(&app, &opened, &notes, form);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let mut said = Said::NoteRemoved;
    for ((_, place, before), note) in notes.iter().zip(typed) {
        match note.filter(|_| submitted.line("do") != "remove") {
            // Each record of a choice is one that was made.
            Some(note) if before.as_ref() != Some(&note) => {
                place.keep(&app, &note, true, Channel::Account).await?;
                said = Said::NoteSaved;
            }
            Some(_) => said = Said::NoteSaved,
            None => {
                place.forget(&app, Channel::Account, None).await?;
            }
        }
    }
    let own = format!("/account/bookings/{}", opened.mine.booked.reference);
    Ok(said.and_see(&app, &own))
}
