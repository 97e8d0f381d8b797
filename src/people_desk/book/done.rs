//! They are booked: what to read back, and how they are told.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use crate::bookings::emails::is_texted;
use crate::bookings::post::is_written;
use crate::bookings::store as bookings_store;
use crate::bookings::written_to;
use crate::people_desk::model::Person;
use crate::people_desk::{HERE, chosen, path, store};
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let now = app.clock.now();
    let Some(booking) = store::booking(&app.db, person.id, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(offer) = bookings_store::offer(&app.db, booking.run_id, now).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let run_id = Some(booking.run_id);
    audit::looked(&app, desk.by(), Action::Looked, run_id, [person.id]).await?;
    let people = bookings_store::people_of(&app.db, booking.id).await?;
    let to = written_to(&app, &people, booking.account_id).await?;
    let offer = offer.to_come(now).into_owned();
    let waits = booking.status == "awaiting-guardian";
    // Whoever has email has the confirmation there, and nowhere else.
    let went = match to {
        Some(_) => Went::default(),
        None => Went {
            by_post: is_written(&app, &format!("booking:{}:confirmed", booking.id)).await?,
            by_text: is_texted(&app, booking.id).await?,
        },
    };
    let came = booking.channel.as_str();
    let told = told(&app, &person, to.as_deref(), (came, went), waits);
    let today = dates::day_of(now);
    let title = if waits {
        "The place is kept"
    } else {
        "The place is booked"
    };
    let html = in_desk(&app, desk.who(), title, HERE, false, move || {
        let starts = offer.starts();
        let when = dates::day_and_times(offer.run.starts_at, offer.first_ends(), today);
        let place = offer.first_at().full();
        let elsewhere = offer
            .elsewhere()
            .iter()
            .fold(String::new(), |all, line| all + " " + line + ".");
        let sessions = match starts.len() {
            1 => "It is one session.".to_owned(),
            n => format!("There are {n} sessions. {}.", dates::rhythm_words(&starts)),
        };
        let script = format!(
            "You are booked on {}. It starts on {when}. It is here: {place}.{elsewhere} {sessions} Your booking number is {}. \
             If you cannot come, please ring us.",
            offer.run.title,
            spelled(&booking.reference),
        );
        let told: Vec<_> = told
            .into_iter()
            .map(|words| view! { <li>{words}</li> })
            .collect();
        let own = path(person.id);
        view! {
            <Panel title=title label="Booking number" number=booking.reference.clone() />
            <Notice title="Read this back to them">
                <p class="wb-lead">{script}</p>
            </Notice>
            <h2>"How they are told"</h2>
            <ul>{told}</ul>
            <div class="wb-buttons">
                <ButtonLink href=own>"Open the page of " {person.full_name}</ButtonLink>
                <ButtonLink href="/desk/people/book" kind=ButtonKind::Outlined>"Book for somebody else"</ButtonLink>
            </div>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// "W B, 7 K 4, 2 M Q": as one reads it out.
fn spelled(reference: &str) -> String {
    let parts = reference.split('-').map(|part| {
        let letters: Vec<String> = part.chars().map(String::from).collect();
        letters.join(" ")
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// How the confirmation goes to whoever has no email.
#[derive(Clone, Copy, Default)]
struct Went {
    by_post: bool,
    by_text: bool,
}

/// What really happens, and nothing else.
fn told(
    app: &App,
    person: &Person,
    to: Option<&str>,
    (came, went): (&str, Went),
    waits: bool,
) -> Vec<String> {
    if waits {
        return vec![
            "They are under 16: we have emailed their parent or guardian, who has to agree first."
                .to_owned(),
        ];
    }
    let number = person.phone_words().unwrap_or_default();
    let confirmation = match (to, went.by_post, went.by_text) {
        (Some(email), ..) => format!("We have sent the confirmation and the dates to {email}."),
        (None, true, false) => {
            "They have no email. The confirmation is on the list of letters to post.".to_owned()
        }
        (None, false, true) => {
            format!("They have no email. A text goes to {number}, with the first date and the booking number.")
        }
        (None, true, true) => format!(
            "They have no email. A text goes to {number}, with the first date and the booking number, and the confirmation is \
             on the list of letters to post."
        ),
        (None, false, false) if came == "letter" => {
            "They have no email. They are on the list of calls, so that somebody rings or writes to them.".to_owned()
        }
        (None, false, false) => {
            "They have no email, so no confirmation is sent: what you read out now is what they have.".to_owned()
        }
    };
    let texts = person.gets_texts() && app.messages.texts.are_sent();
    let reminder = match (person.remind_by.as_str(), texts, to) {
        ("call", ..) | (_, false, None) => {
            "The day before it starts they are on the list of calls, to be reminded."
        }
        (_, true, None) => "Before it starts we send them a text.",
        (_, true, Some(_)) => "Before it starts we send them an email and a text.",
        (_, false, Some(_)) => "Before it starts we send them an email.",
    };
    vec![confirmation, reminder.to_owned()]
}
