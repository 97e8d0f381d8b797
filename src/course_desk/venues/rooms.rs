//! One room of a venue: a new one, its name and how many it holds, and taking it away.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::{Room, RoomOutcome, Venue};
use super::{Chosen, HERE, back, path, store};
use crate::accounts::said::Said;
use crate::course_desk::{number_up_to, up_to};
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

/// The word in the address of a room that is to be added.
const NEW: &str = "add";
/// No hall of ours holds more.
pub const MOST: i64 = 500;

/// The room in the address, or none for a new one; the outer `None` is no room of this venue.
async fn room(app: &App, venue: &Venue, word: &str) -> Result<Option<Option<Room>>> {
    if word == NEW {
        return Ok(Some(None));
    }
    let rooms = store::rooms(app, venue.id).await?;
    let found = rooms.into_iter().find(|room| room.id.to_string() == word);
    Ok(found.map(Some))
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(venue): Chosen,
    Path((_, word)): Path<(String, String)>,
) -> Result<Response> {
    let Some(room) = room(&app, &venue, &word).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let form = if let Some(room) = &room {
        let holds = room.capacity.map(|n| n.to_string()).unwrap_or_default();
        FormState::filled([("name", room.name.clone()), ("holds", holds)])
    } else {
        FormState::filled([(FORM_KEY, form_key::new()?)])
    };
    Ok(ask(&app, &desk, &venue, room.as_ref(), form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(venue): Chosen,
    Path((_, word)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    // A room that is not there any more was taken away by the first of two presses.
    let removes = submitted.line("do") == "remove";
    let Some(room) = room(&app, &venue, &word).await? else {
        return Ok(if removes {
            Said::VenueSaved.and_see(&app, &path(venue.id))
        } else {
            Refusal::NotFound.into_response()
        });
    };
    let mut check = Check::new(&submitted);
    check.carry(FORM_KEY);
    let name = check.text("name", "Enter its name", up_to(60));
    let holds = check.optional("holds", number_up_to(MOST));
    let form = check.finish();
    let id = if let Some(room) = &room {
        room.id
    } else {
        let key = submitted.line(FORM_KEY);
        if !form_key::is_one(&key) {
            return Ok(Refusal::BadRequest.into_response());
        }
        let answers = format!("{} {name:?}", venue.id);
        form_key::id(&app, "room-by-desk", desk.by().account_id, &key, &answers)
    };
    let outcome = if removes {
        store::remove_room(&app, desk.by(), (venue.id, id)).await?
    } else if let (Some(name), false) = (name, form.has_errors()) {
        store::put_room(&app, desk.by(), (venue.id, id), &name, holds).await?
    } else {
        return Ok(ask(&app, &desk, &venue, room.as_ref(), form));
    };
    let (field, sentence) = match outcome {
        RoomOutcome::Done => return Ok(Said::VenueSaved.and_see(&app, &path(venue.id))),
        RoomOutcome::NameTaken => (
            "name",
            "Another room here has this name. Choose another".to_owned(),
        ),
        RoomOutcome::RunsAreBigger(places) => (
            "holds",
            format!(
                "A run to come in this room has {places} places. Enter {places} or more, or change that run first"
            ),
        ),
        RoomOutcome::InUse(1) => (
            "name",
            "1 run is or was in this room, so it stays. You can give it another name".to_owned(),
        ),
        RoomOutcome::InUse(runs) => (
            "name",
            format!(
                "{runs} runs are or were in this room, so it stays. You can give it another name"
            ),
        ),
    };
    let form = form.with_error(field, sentence);
    Ok(ask(&app, &desk, &venue, room.as_ref(), form))
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    venue: &Venue,
    room: Option<&Room>,
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let title = if room.is_some() {
        "Change a room"
    } else {
        "Add a room"
    };
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        let remove = room.is_some().then(|| {
            view! { <Button name="do" value="remove" kind=ButtonKind::Outlined>"Take this room away"</Button> }
        });
        view! {
            <div class="wb-measure">
                {back(venue.id)}
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>{venue.name.clone()}</p>
                <Form key=key clone:form>
                    <TextField form=&form name="name" label=Label::bold("Name of the room") class="govuk-input--width-20" />
                    <TextField form=&form name="holds" label=Label::bold("How many people does it hold? (optional)")
                        inputmode="numeric" class="govuk-input--width-4" hint="No run in it can have more places" />
                    <div class="wb-buttons">
                        <Button>"Save"</Button>
                        {remove}
                    </div>
                </Form>
            </div>
        }
    })
}
