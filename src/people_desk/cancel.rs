//! Cancelling a booking for somebody. It asks first and why, and says what happens.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Person;
use super::store::{self, Booking};
use super::{HERE, chosen, path, why};
use crate::accounts::said::Said;
use crate::bookings::engine::cancel_booking;
use crate::bookings::rules::{Ending, ending};
use crate::bookings::store as bookings_store;
use crate::bookings::{CancelOutcome, written_to};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The person and their booking, as the address names them.
async fn found(app: &App, id: &str, reference: &str) -> Result<Option<(Person, Booking)>> {
    let Some(person) = chosen(app, id).await? else {
        return Ok(None);
    };
    let booking = store::booking(&app.db, person.id, reference).await?;
    Ok(booking.map(|booking| (person, booking)))
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
) -> Result<Response> {
    let Some((person, booking)) = found(&app, &id, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    shown(&app, &desk, person, booking, FormState::empty()).await
}

/// The question; the look at who it is about is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    booking: Booking,
    form: FormState,
) -> Result<Response> {
    let now = app.clock.now();
    let offer = bookings_store::offer(&app.db, booking.run_id, now).await?;
    let Some(offer) = offer.filter(|_| booking.ended_at.is_none()) else {
        return Ok(see(&path(person.id)));
    };
    let people = bookings_store::people_of(&app.db, booking.id).await?;
    let seen = people.iter().map(|one| one.id);
    audit::looked(app, desk.by(), Action::Looked, Some(booking.run_id), seen).await?;
    let to = written_to(app, &people, booking.account_id).await?;
    let end = ending(now, offer.first_ends(), offer.run.ends_at);
    let title = format!("Cancel the place of {}?", person.full_name);
    let names: Vec<String> = people.into_iter().map(|one| one.full_name).collect();
    let when = dates::day_and_time(offer.run.starts_at, dates::day_of(now));
    let course = format!("{}, from {when}", offer.run.title);
    let failed = form.has_errors();
    let html = form_in_desk(app, desk.who(), &title.clone(), HERE, failed, move || {
        let back = path(person.id);
        if end == Ending::Over {
            return view! {
                <h1>"This course is over"</h1>
                <p>"There is nothing left to cancel."</p>
                <p><a href=back>"Back to " {person.full_name}</a></p>
            }
            .into_any();
        }
        let both = (names.len() > 1).then(|| {
            let words = format!(
                "This booking is for two: {}. Both places are cancelled.",
                names.join(" and ")
            );
            view! { <WarningText>{words}</WarningText> }
        });
        let free = match end {
            Ending::Cancel => {
                "The place is free again at once, and whoever is next on the waiting list is offered it."
            }
            _ => {
                "The course has begun: we note that they stop coming. What they went to stays as it is."
            }
        };
        let told = match to {
            Some(email) => format!("We send an email to {email} that says so."),
            None => "They have no email, so nothing is sent. Please tell them yourself.".to_owned(),
        };
        view! {
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <p class="wb-lead">{course} ". Booking number " {booking.reference} "."</p>
            {both}
            <ul>
                <li>{free}</li>
                <li>{told}</li>
            </ul>
            <Form clone:form>
                {why::fields(&form)}
                <div class="wb-buttons">
                    <Button kind=ButtonKind::Warning>"Cancel the booking"</Button>
                    <a href=back>"Keep it"</a>
                </div>
            </Form>
        }
        .into_any()
    });
    Ok(html)
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let Some((person, booking)) = found(&app, &id, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let back = path(person.id);
    let mut check = Check::new(&submitted);
    let reason = why::read(&mut check);
    let Some(reason) = reason else {
        return shown(&app, &desk, person, booking, check.finish()).await;
    };
    let mut entries = Vec::new();
    for one in bookings_store::people_of(&app.db, booking.id).await? {
        let entry = Entry::by(&app, desk.by(), Action::CancelledFor)?.about(booking.id);
        entries.push(entry.changed(&app, one.id, "", &reason).await?);
    }
    Ok(
        match cancel_booking(&app, booking.id, Some(&entries)).await? {
            CancelOutcome::Cancelled | CancelOutcome::Stopped | CancelOutcome::Already(_) => {
                app.messages.wake();
                app.catalogue.places_changed();
                Said::CancelledForThem.and_see(&app, &back)
            }
            CancelOutcome::Over | CancelOutcome::NoSuchBooking => see(&back),
        },
    )
}
