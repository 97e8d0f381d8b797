//! The bookings of the account that is signed in. Somebody else's booking looks as if it were not there.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::booking::{changed, note_of};
use crate::accounts::Member;
use crate::bookings::model::CancelOutcome;
use crate::bookings::pages::{
    about_you as question, detail, done, mine as pages, note as note_page,
};
use crate::bookings::rules::{self, Ending};
use crate::bookings::sealed::Sealed;
use crate::bookings::store::{self, Mine, Offer, Person};
use crate::bookings::{calendar as dates_file, consents, engine, equality};
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
    let now = app.clock.now();
    let all = store::my_bookings(&app.db, who.account_id, who.person_id, now).await?;
    let html = pages::mine(&app, &who.name, all);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// One booking of the account, with its run and who comes.
struct Opened {
    mine: Mine,
    offer: Offer,
    people: Vec<Person>,
}

async fn load(app: &App, member: &Member, typed: &str) -> Result<Option<Opened>> {
    let Some(reference) = rules::read_reference(typed) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let account_id = member.who().account_id;
    let Some(mine) = store::mine(&app.db, account_id, &reference, now).await? else {
        return Ok(None);
    };
    let people = store::people_of(&app.db, mine.booked.id).await?;
    let offer = store::offer(&app.db, mine.run_id, now).await?;
    Ok(offer.map(|offer| Opened {
        mine,
        offer,
        people,
    }))
}

/// Who comes, when it is not the account's own person alone.
fn names(member: &Member, people: &[Person]) -> Vec<String> {
    let own = member.who().person_id;
    if people.iter().all(|person| person.id == own) {
        return Vec::new();
    }
    people.iter().map(|p| p.full_name.clone()).collect()
}

fn ending(app: &App, offer: &Offer) -> Ending {
    rules::ending(app.clock.now(), offer.first_ends(), offer.run.ends_at)
}

/// One booking.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    let names = names(&member, &people);
    let html = detail::detail(
        &app,
        &mine,
        &offer,
        &names,
        ending(&app, &offer),
        match asked.said.as_deref() {
            Some("note-saved") => "We have saved what would help you.",
            Some("note-removed") => "We have removed what you wrote.",
            _ => "",
        },
    );
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// "Your place is booked".
pub async fn booked(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    if mine.ended_at.is_some() {
        return Ok(see(&format!("/account/bookings/{}", mine.booked.reference)));
    }
    let names = names(&member, &people);
    let html = done::booked(&app, &mine, &offer, &people, &names, &member.who().email);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The dates of one booking for a calendar.
pub async fn calendar(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(Opened { mine, offer, .. }) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let gone = mine.ended_at.is_some() && mine.status != "stopped";
    let method = if gone || offer.run.status == "cancelled" {
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
    let Some(Opened {
        mine,
        offer,
        people,
    }) = load(&app, &member, &reference).await?
    else {
        return Ok(not_there());
    };
    let names = names(&member, &people);
    let html = match (mine.ended_at, ending(&app, &offer)) {
        (Some(at), _) => already(&app, &mine.status, at),
        (None, Ending::Over) => over(&app),
        (None, ending) => detail::cancel(&app, &mine, &offer, &names, ending == Ending::Stop),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn already(app: &App, status: &str, at: chrono::DateTime<chrono::Utc>) -> String {
    let day = dates::day(dates::day_of(at), dates::day_of(app.clock.now()));
    let (title, words) = match status {
        "cancelled" => (
            "This place is cancelled",
            format!("This place was cancelled on {day}. You do not need to do anything."),
        ),
        _ => (
            "This booking has ended",
            format!("It ended on {day}. You do not need to do anything."),
        ),
    };
    detail::ended(app, title, words)
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
    let Some(Opened { mine, .. }) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let reference = &mine.booked.reference;
    let html = match engine::cancel(&app, member.who().account_id, reference).await? {
        CancelOutcome::NoSuchBooking => return Ok(not_there()),
        CancelOutcome::Cancelled | CancelOutcome::Stopped => {
            changed(&app);
            return Ok(see(&format!("/account/bookings/{reference}")));
        }
        CancelOutcome::Already(at) => already(&app, &mine.status, at),
        CancelOutcome::Over => over(&app),
    };
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Where the note of a booking is kept: with whoever wrote one, or else with the first who comes.
async fn note_place(app: &App, opened: &Opened) -> Result<Option<(Sealed, Option<String>)>> {
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
pub async fn note(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let Some((_, words)) = note_place(&app, &opened).await? else {
        return Ok(not_there());
    };
    let kept = words.is_some();
    let form = words.map_or_else(FormState::empty, |words| {
        FormState::filled([(note_page::FIELD, words)])
    });
    let html = note_page::note(&app, &opened.mine, &opened.offer, form, kept);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Keeps what would help them, or takes it away.
pub async fn keep_note(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(opened) = load(&app, &member, &reference).await? else {
        return Ok(not_there());
    };
    let Some((place, words)) = note_place(&app, &opened).await? else {
        return Ok(not_there());
    };
    let mut check = Check::new(&submitted);
    let note = note_of(&app, &mut check);
    let form = check.finish();
    if form.has_errors() {
        let html = note_page::note(&app, &opened.mine, &opened.offer, form, words.is_some());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let note = note.filter(|_| submitted.line("do") != "remove");
    let said = if let Some(note) = note {
        place
            .keep(&app, &note, true, consents::Said::Account)
            .await?;
        "note-saved"
    } else {
        place.forget(&app, consents::Said::Account).await?;
        "note-removed"
    };
    Ok(see(&format!(
        "/account/bookings/{}?said={said}",
        opened.mine.booked.reference
    )))
}

/// `?said=`: what the last form did. `?booking=`: the booking they come from.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    said: Option<String>,
    booking: Option<String>,
}

impl Asked {
    fn booking(&self) -> Option<String> {
        self.booking.as_deref().and_then(rules::read_reference)
    }

    fn channel(&self) -> consents::Said {
        match self.booking() {
            Some(_) => consents::Said::Booking,
            None => consents::Said::Account,
        }
    }

    /// The question's own page again, once a form has done something.
    fn again(&self, said: &str) -> Response {
        see(&match self.booking() {
            Some(reference) => format!("/account/about-you?booking={reference}&said={said}"),
            None => format!("/account/about-you?said={said}"),
        })
    }
}

/// The equality question.
pub async fn about_you(
    member: Member,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let answer = equality::answer(&app, member.who().person_id).await?;
    let said = match asked.said.as_deref() {
        Some("saved") => "We have saved your answer.",
        Some("removed") => "We have removed your answer.",
        _ => "",
    };
    let answered = answer.is_some();
    let form = answer.map_or_else(FormState::empty, |own| {
        FormState::filled([(question::FIELD, own)])
    });
    let html = question::about_you(&app, form, answered, said, asked.booking().as_deref());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Keeps the answer, or takes it away.
pub async fn answer(
    member: Member,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let person_id = member.who().person_id;
    if submitted.line("do") == "remove" {
        equality::forget(&app, person_id, asked.channel()).await?;
        return Ok(asked.again("removed"));
    }
    let mut check = Check::new(&submitted);
    let chosen = check.choice(
        question::FIELD,
        "Choose an answer, or press “Skip this”",
        &equality::answers(),
    );
    let Some(chosen) = chosen else {
        let booking = asked.booking();
        let html = question::about_you(&app, check.finish(), false, "", booking.as_deref());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    };
    equality::keep(&app, person_id, chosen, asked.channel()).await?;
    Ok(asked.again("saved"))
}
