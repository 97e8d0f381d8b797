//! The date is full: putting somebody on its waiting list, by the same engine as on the website.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{self, Person};
use super::{HERE, chosen, path};
use crate::accounts::said::Said;
use crate::bookings::store as bookings_store;
use crate::bookings::store::Offer;
use crate::bookings::waiting::{JoinOutcome, join};
use crate::bookings::{Channel, Choices, Request, written_to};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

#[derive(Debug, Default, Deserialize)]
pub struct By {
    #[serde(default)]
    by: String,
}

/// Where somebody is put on the list of a run.
pub fn wait_path(person_id: Uuid, run_id: Uuid, channel: Channel) -> String {
    format!("{}/wait/{run_id}?by={}", path(person_id), channel.name())
}

/// The form of a booking of this date for them.
fn book_path(person: &Person, offer: &Offer) -> String {
    format!(
        "/desk/people/book?run={}&person={}",
        offer.run.id, person.id
    )
}

async fn found(app: &App, id: &str, run: &str) -> Result<Option<(Person, Offer)>> {
    let (Some(person), Ok(run)) = (chosen(app, id).await?, Uuid::try_parse(run)) else {
        return Ok(None);
    };
    let offer = bookings_store::offer(&app.db, run, app.clock.now()).await?;
    let offer = offer.filter(|offer| offer.run.status == "open");
    Ok(offer.map(|offer| (person, offer)))
}

/// Offers go by email. Somebody whom none reaches would lose each of them unheard.
async fn can_be_offered(app: &App, person: &Person) -> Result<bool> {
    let people = bookings_store::people(&app.db, &[person.id]).await?;
    Ok(written_to(app, &people, person.account_id).await?.is_some())
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
) -> Result<Response> {
    let Some((person, offer)) = found(&app, &id, &run).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    audit::looked(
        &app,
        desk.by(),
        Action::Looked,
        Some(offer.run.id),
        [person.id],
    )
    .await?;
    // A place has come free meanwhile: it can be booked.
    if offer.run.free(app.clock.now()) > 0 {
        return Ok(see(&book_path(&person, &offer)));
    }
    let can = can_be_offered(&app, &person).await?;
    let today = dates::day_of(app.clock.now());
    let html = in_desk(
        &app,
        desk.who(),
        "This date is full",
        HERE,
        false,
        move || {
            let when = dates::day_and_time(offer.run.starts_at, today);
            let course = format!("{}, from {when}, has no free place.", offer.run.title);
            let before = if offer.run.has_list {
                "Others wait before them."
            } else {
                "Nobody waits yet."
            };
            let other = format!("/desk/people/book?person={}", person.id);
            let list = if can {
                let words = format!("Put {} on the waiting list", person.full_name);
                view! {
                <p>{before} " When a place comes free, an email offers it to them. They answer by its link, or ring us."</p>
                <Form>
                    <Button>{words}</Button>
                </Form>
            }
            .into_any()
            } else {
                view! {
                <WarningText>
                    "Places are offered by email, and they have none. So they cannot be put on the waiting list: \
                    a place would be offered and nobody would hear of it."
                </WarningText>
                <p>"Choose another date, or note in the contact log that they would like to be rung."</p>
            }
            .into_any()
            };
            view! {
                <h1>"This date is full"</h1>
                <p class="wb-lead">{course}</p>
                {list}
                <p><a href=other>"Choose another date for them"</a></p>
                <p><a href=path(person.id)>"Open their page"</a></p>
            }
        },
    );
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
    Query(by): Query<By>,
    _submitted: Submitted,
) -> Result<Response> {
    let Some((person, offer)) = found(&app, &id, &run).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let (Some(channel), true) = (model::channel(&by.by), can_be_offered(&app, &person).await?)
    else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let request = Request {
        run_id: offer.run.id,
        account_id: person.account_id,
        people: vec![person.id],
        channel,
        form_key: None,
        volunteer: person.volunteer,
        verified: true,
        choices: Choices::default(),
        noted: Some(
            Entry::by(&app, desk.by(), Action::WaitsFor)?
                .of(person.id)
                .about(offer.run.id),
        ),
    };
    Ok(match join(&app, &request).await? {
        JoinOutcome::Joined(_) | JoinOutcome::Already(_) => {
            app.messages.wake();
            app.catalogue.places_changed();
            Said::WaitsByUs.and_see(&app, &path(person.id))
        }
        // A place has come free meanwhile, or they have one: the form of the booking says which.
        JoinOutcome::PlaceFree | JoinOutcome::Refused(_) => see(&book_path(&person, &offer)),
    })
}
