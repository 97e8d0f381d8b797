//! Moving a booking to another date: the place there is taken and the one here given up at once, or neither.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::book::pages::run_choice;
use super::book::store::{RunChoice, open_runs};
use super::book::{is_open, refusal};
use super::model::{self, CAME, Person};
use super::store::{self, Booking};
use super::{HERE, chosen, path, wait};
use crate::accounts::said::Said;
use crate::bookings::engine::{MoveOutcome, Moving, move_booking};
use crate::bookings::store::{self as bookings_store, Offer, Person as Comes};
use crate::bookings::{BookOutcome, written_to};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result, form_key};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;

/// What is to be moved.
struct Scene {
    person: Person,
    booking: Booking,
    offer: Offer,
    people: Vec<Comes>,
    runs: Vec<RunChoice>,
}

async fn scene(app: &App, id: &str, reference: &str) -> Result<Option<Scene>> {
    let Some(person) = chosen(app, id).await? else {
        return Ok(None);
    };
    let Some(booking) = store::booking(&app.db, person.id, reference).await? else {
        return Ok(None);
    };
    let now = app.clock.now();
    let Some(offer) = bookings_store::offer(&app.db, booking.run_id, now).await? else {
        return Ok(None);
    };
    let mut runs = open_runs(&app.db, now).await?;
    runs.retain(|run| run.id != booking.run_id);
    let people = bookings_store::people_of(&app.db, booking.id).await?;
    Ok(Some(Scene {
        person,
        booking,
        offer,
        people,
        runs,
    }))
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
) -> Result<Response> {
    let Some(scene) = scene(&app, &id, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if scene.booking.status != "booked" {
        return Ok(see(&path(scene.person.id)));
    }
    shown(&app, &desk, scene, FormState::empty(), form_key::new()?).await
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let Some(scene) = scene(&app, &id, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let mut check = Check::new(&submitted);
    let to = check.text("run", "Choose the new date", |typed| {
        let id = Uuid::try_parse(typed).ok();
        id.filter(|id| is_open(&scene.runs, *id).is_some())
            .ok_or_else(|| "This date cannot be booked any more. Choose another one".to_owned())
    });
    let words = CAME.map(|(word, _)| word);
    let channel = check
        .choice("channel", "Choose how they came to us", &words)
        .and_then(model::channel);
    let reason = wait::reason(&mut check, "Say why the booking is moved");
    let (Some(to), Some(channel), Some(reason), false) = (to, channel, reason, check.failed())
    else {
        return shown(&app, &desk, scene, check.finish(), key).await;
    };
    let form = check.finish();
    let parts: [&[u8]; 4] = [
        desk.by().account_id.as_bytes(),
        scene.booking.id.as_bytes(),
        to.as_bytes(),
        key.as_bytes(),
    ];
    let noted = Entry::by(&app, desk.by(), Action::MovedFor)?
        .about(to)
        .changed(&app, scene.person.id, &scene.booking.reference, &reason)
        .await?;
    let moving = Moving {
        booking_id: scene.booking.id,
        to,
        channel,
        form_key: app.vault.mac("move-by-desk", &parts),
        volunteer: scene.person.volunteer && scene.people.len() == 1,
        noted,
    };
    let problem = match move_booking(&app, &moving).await? {
        MoveOutcome::Moved(_) => {
            app.messages.wake();
            app.catalogue.places_changed();
            return Ok(Said::MovedForThem.and_see(&app, &path(scene.person.id)));
        }
        MoveOutcome::Ended => {
            "This booking cannot be moved any more: it is not as it was. Nothing has changed. Look at their page"
        }
        MoveOutcome::Refused(BookOutcome::Full) => {
            "This date is full. The booking stays as it is: choose another date, or put them on the waiting list"
        }
        MoveOutcome::Refused(BookOutcome::AlreadyBooked(_)) => {
            "One of them has a place on this date already. The booking stays as it is"
        }
        MoveOutcome::Refused(BookOutcome::NeedsGuardian) => {
            "A parent or guardian has to agree to the new date first. The booking stays as it is"
        }
        MoveOutcome::Refused(other) => refusal(&other),
    };
    shown(&app, &desk, scene, form.with_error("run", problem), key).await
}

/// The form; whose booking it is, is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    scene: Scene,
    form: FormState,
    key: String,
) -> Result<Response> {
    let Scene {
        person,
        booking,
        offer,
        people,
        runs,
    } = scene;
    let seen = people.iter().map(|one| one.id);
    audit::looked(app, desk.by(), Action::Looked, Some(booking.run_id), seen).await?;
    let told = match written_to(app, &people, booking.account_id).await? {
        Some(email) => format!("We send one email to {email}. It changes their calendar, too."),
        None => "They have no email. A letter goes if they asked for letters. Otherwise please tell them yourself.".to_owned(),
    };
    let today = dates::day_of(app.clock.now());
    let names: Vec<String> = people.into_iter().map(|one| one.full_name).collect();
    let title = format!("Move the booking of {}", names.join(" and "));
    let failed = form.has_errors();
    Ok(form_in_desk(
        app,
        desk.who(),
        &title.clone(),
        HERE,
        failed,
        move || {
            let when = dates::day_and_time(offer.run.starts_at, today);
            let course = format!("{}, from {when}", offer.run.title);
            let mut dates = vec![Choice::new("", "Choose one")];
            dates.extend(runs.iter().map(|run| run_choice(run, today)));
            let came = CAME
                .into_iter()
                .map(|(word, words)| Choice::new(word, words))
                .collect();
            let back = path(person.id);
            view! {
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p class="wb-lead">{course} ". Booking number " {booking.reference} "."</p>
                <ul>
                    <li>"They get a place on the new date, with a new booking number, or nothing changes."</li>
                    <li>"The place on the old date is given up in the same moment, and whoever waits for it is offered it."</li>
                    <li>{told}</li>
                </ul>
                <Form key=key>
                    <Select form=&form name="run" label=Label::bold("New course and date") choices=dates />
                    <Radios form=&form name="channel" label=Label::bold("How did they come to us?") choices=came />
                    <TextArea form=&form name="reason" label=Label::bold("Why") rows=3
                        hint="It is written in the record. Leave out what is about their health." />
                    <div class="wb-buttons">
                        <Button>"Move the booking"</Button>
                        <a href=back>"Leave it as it is"</a>
                    </div>
                </Form>
            }
        },
    ))
}
