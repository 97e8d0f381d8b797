//! Booking for somebody who phones, writes or comes in: one page, the same engine and the same limits as on the website.

pub mod done;
mod form;
pub(super) mod pages;
pub(super) mod store;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use self::form::{Read, Sent, Whom};
use self::pages::Shown;
use self::store::RunChoice;
use super::model::Person;
use super::{chosen, index, path, wait};
use crate::bookings::{BookOutcome, Booked, Request, equality, said_by, save_choices};
use crate::privacy::consents::Wording;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result, form_key};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::ui::form::{Check, FORM_KEY, Submitted};

/// What staff read aloud before anything is kept; the record of the yes has these words.
pub const SCRIPT: Wording = Wording {
    about: "privacy-notice",
    words: "I am going to write down your name, your date of birth and how we can reach you, so that I can book your \
            place. Your tutor, and whoever organises the course with us, sees your name, phone number and email, and \
            nothing else. We keep this for 6 years after \
            your last session. You can ask us at any time to see it, to change it or to delete it. Is that all right \
            with you?",
    version: "desk-1",
};

const UNDER_16: &str = "Under 16s are booked with their parent or guardian: ask them to sign up on the website, add the \
                        child under “People I book for” and book there";

#[derive(Debug, Default, Deserialize)]
pub struct For {
    #[serde(default)]
    run: String,
    #[serde(default)]
    person: String,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(at): Query<For>,
) -> Result<Response> {
    let Some(known) = known(&app, &desk, &at.person).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if let Some(died) = died(known.as_ref()) {
        return Ok(died);
    }
    let runs = store::open_runs(&app.db, app.clock.now()).await?;
    let form = form::filled(&at.run, known.as_ref());
    let shown = Shown {
        form,
        key: form_key::new()?,
        known,
        alike: Vec::new(),
        runs,
    };
    let html = pages::book(&app, desk.who(), shown);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The person who was chosen before, if one was; `None` when there is nobody with that number. The look is written down.
async fn known(app: &App, desk: &Desk<Courses>, id: &str) -> Result<Option<Option<Person>>> {
    if id.is_empty() {
        return Ok(Some(None));
    }
    let Some(person) = chosen(app, id).await? else {
        return Ok(None);
    };
    audit::looked(app, desk.by(), Action::Looked, None, [person.id]).await?;
    Ok(Some(Some(person)))
}

/// Nobody books for somebody who has died: their page says so.
fn died(known: Option<&Person>) -> Option<Response> {
    let person = known.filter(|person| person.deceased_at.is_some())?;
    Some(see(&path(person.id)))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let Some(known) = known(&app, &desk, &submitted.line("person")).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if let Some(died) = died(known.as_ref()) {
        return Ok(died);
    }
    let runs = store::open_runs(&app.db, app.clock.now()).await?;
    let shown = |form, known, alike, runs| {
        let shown = Shown {
            form,
            key: key.clone(),
            known,
            alike,
            runs,
        };
        let html = pages::book(&app, desk.who(), shown);
        page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html)
    };
    let own_id = form_key::id(&app, "person-by-desk", desk.by().account_id, &key, "");
    let (mut sent, form) = match form::read(Check::new(&submitted), &app, known.as_ref(), &runs) {
        Read::Right(sent, form) => (sent, form),
        Read::Wrong(form) => return Ok(shown(form, known, Vec::new(), runs)),
    };
    if let Whom::New(new) = &sent.whom {
        // Perhaps we know them: whoever is like them is asked about, and the form's own person is not.
        index::catch_up(&app).await?;
        let alike = store::alike(&app.db, &store::Like::new(new), own_id, true).await?;
        let answer = submitted.line("who");
        let meant = alike.iter().find(|one| one.id.to_string() == answer);
        if let Some(meant) = meant {
            let person = super::store::person(&app.db, meant.id, app.clock.now()).await?;
            audit::looked(&app, desk.by(), Action::Looked, None, [meant.id]).await?;
            match form::read(Check::new(&submitted), &app, person.as_ref(), &runs) {
                Read::Right(again, _) => sent = again,
                Read::Wrong(form) => return Ok(shown(form, person, Vec::new(), runs)),
            }
        } else if !alike.is_empty() && answer != "new" {
            let ids: Vec<Uuid> = alike.iter().map(|one| one.id).collect();
            audit::looked(&app, desk.by(), Action::Looked, None, ids).await?;
            let form = form.with_error("who", "Choose one of these people, or “No, somebody new”");
            return Ok(shown(form, None, alike, runs));
        }
    }
    let (person_id, outcome, form_key) = take(&app, &desk, &sent, own_id, &key).await?;
    let problem = match outcome {
        BookOutcome::Booked(booked) => {
            return finished(&app, &sent, person_id, &booked).await;
        }
        // Nobody is told that they are booked before their parent or guardian has agreed.
        BookOutcome::AwaitingGuardian(booked) => {
            return Ok(see(&booked_path(person_id, &booked)));
        }
        BookOutcome::AlreadyBooked(booked) => {
            let theirs = super::store::booking(&app.db, person_id, &booked.reference).await?;
            // The same form again, sent without an account: its own booking is the answer.
            if theirs.is_some_and(|own| own.form_key.as_deref() == Some(form_key.as_slice())) {
                return finished(&app, &sent, person_id, &booked).await;
            }
            format!(
                "They have a place on this date already, booking number {}",
                booked.reference
            )
        }
        BookOutcome::Full => {
            return Ok(see(&wait::wait_path(person_id, sent.run_id, sent.channel)));
        }
        other => refusal(&other).to_owned(),
    };
    let known = match &sent.whom {
        Whom::Known(person) => Some(person.as_ref().clone()),
        // Their details are kept by now: the next try is for them.
        Whom::New(_) => super::store::person(&app.db, person_id, app.clock.now()).await?,
    };
    Ok(shown(
        form.with_error("run", problem),
        known,
        Vec::new(),
        runs,
    ))
}

/// Keeps what was said, and asks the engine for the place.
async fn take(
    app: &App,
    desk: &Desk<Courses>,
    sent: &Sent,
    own_id: Uuid,
    key: &str,
) -> Result<(Uuid, BookOutcome, [u8; 32])> {
    let by = desk.by();
    let person_id = match &sent.whom {
        Whom::Known(person) => person.id,
        Whom::New(_) => own_id,
    };
    let (account_id, volunteer) = match &sent.whom {
        Whom::Known(person) => (person.account_id, person.volunteer),
        Whom::New(_) => (None, false),
    };
    let parts: [&[u8]; 4] = [
        by.account_id.as_bytes(),
        sent.run_id.as_bytes(),
        person_id.as_bytes(),
        key.as_bytes(),
    ];
    let form_key = app.vault.mac("booking-by-desk", &parts);
    store::keep(app, by, sent, person_id, (key, &form_key)).await?;
    let entry = Entry::by(app, by, Action::BookedFor)?;
    let request = Request {
        run_id: sent.run_id,
        account_id,
        people: vec![person_id],
        channel: sent.channel,
        form_key: Some(form_key),
        volunteer,
        verified: true,
        choices: sent.choices(),
        noted: Some(entry.of(person_id).about(sent.run_id)),
    };
    let outcome = crate::bookings::book(app, &request).await?;
    if !matches!(
        outcome,
        BookOutcome::Booked(_) | BookOutcome::AwaitingGuardian(_) | BookOutcome::AlreadyBooked(_)
    ) {
        // The engine keeps their choices with a booking. There is none, but they have said what they want.
        let people = crate::bookings::store::people(&app.db, &[person_id]).await?;
        for person in people {
            save_choices(app, &person, &request.choices, said_by(sent.channel)).await?;
        }
        // The waiting list comes next, which does not ask. Any other refusal shows the form again, with the question.
        if let (BookOutcome::Full, Some(answer)) = (&outcome, sent.ethnicity) {
            let key = format!("{key}:{}", sent.run_id);
            let id = form_key::id(app, "ethnicity-at-desk", by.account_id, &key, answer);
            equality::keep_once(app, person_id, answer, said_by(sent.channel), id).await?;
        }
    }
    app.messages.wake();
    app.catalogue.places_changed();
    Ok((person_id, outcome, form_key))
}

/// They are booked: whoever cannot be told by email, and is not here to be told, is on the list of calls.
async fn finished(app: &App, sent: &Sent, person_id: Uuid, booked: &Booked) -> Result<Response> {
    store::note_telling(app, sent, person_id, booked).await?;
    Ok(see(&booked_path(person_id, booked)))
}

fn booked_path(person_id: Uuid, booked: &Booked) -> String {
    format!("{}/booked/{}", path(person_id), booked.reference)
}

/// Why there is no booking, as the one who asked is told.
pub(super) fn refusal(outcome: &BookOutcome) -> &'static str {
    match outcome {
        BookOutcome::Closed => "Booking has closed for this date. Choose another one",
        BookOutcome::Started => "This date has begun. Choose another one",
        BookOutcome::Cancelled => "This date does not go ahead. Choose another one",
        BookOutcome::VolunteersOnly => "This date is for our volunteers only. Choose another one",
        BookOutcome::AdultsOnly => "This course is for people of 16 and over",
        BookOutcome::Under16sOnly => "This course is for people under 16",
        BookOutcome::NeedsGuardian => UNDER_16,
        _ => "This date cannot be booked. Choose another one",
    }
}

/// The choices of the list of dates.
pub(super) fn is_open(runs: &[RunChoice], id: Uuid) -> Option<&RunChoice> {
    runs.iter().find(|run| run.id == id)
}
