//! What would help the people of a run on the day, opened once to write how the room is set up. The words for the room name
//! nobody: tutors read them, and never the notes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::accounts::said::{Said, said};
use crate::bookings::{Need, count_needs, open_needs};
use crate::registers::planning;
use crate::registers::rules::room_setup;
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The field with the words for the room.
const ROOM: &str = "room";
/// The field that says the notes are open on the page.
const OPEN: &str = "open";

/// What the page has of the notes.
enum Notes {
    /// They are closed, and there are so many.
    Closed(i64),
    /// These.
    Open(Vec<Need>),
}

fn here(run: &Run) -> String {
    format!("{}/needs", path(run))
}

fn as_it_is(run: &Run) -> FormState {
    FormState::filled([(ROOM, run.room_setup.clone().unwrap_or_default())])
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let notes = Notes::Closed(count_needs(&app, run.id).await?);
    let heard = Said::heard(&app, &headers);
    let answer = ask(&app, &desk, &run, notes, as_it_is(&run), heard);
    Ok(said(&app, heard, answer))
}

/// Opens the notes, or keeps the words for the room.
pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    match submitted.line("do").as_str() {
        "open" => {
            let notes = Notes::Open(open_needs(&app, desk.by(), run.id).await?);
            let form = match submitted.raw(ROOM) {
                Some(typed) => FormState::filled([(ROOM, typed)]),
                None => as_it_is(&run),
            };
            Ok(ask(&app, &desk, &run, notes, form, None))
        }
        "save" => {
            let mut check = Check::new(&submitted);
            let room = check.optional(ROOM, room_setup).flatten();
            if let Some(room) = &room
                && planning::names_somebody(&app, run.id, room).await?
            {
                let sentence = "Tutors read this. Leave out the names of people who come";
                check.error(ROOM, sentence);
            }
            let form = check.finish();
            if form.has_errors() {
                // Whoever had them open has them open still, and that is written down again.
                let notes = if submitted.has(OPEN) {
                    Notes::Open(open_needs(&app, desk.by(), run.id).await?)
                } else {
                    Notes::Closed(count_needs(&app, run.id).await?)
                };
                return Ok(ask(&app, &desk, &run, notes, form, None));
            }
            planning::set_room(&app, desk.by(), run.id, room.as_deref()).await?;
            Ok(Said::ListsSaved.and_see(&app, &here(&run)))
        }
        _ => Ok(Refusal::BadRequest.into_response()),
    }
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    notes: Notes,
    form: FormState,
    heard: Option<Said>,
) -> Response {
    let failed = form.has_errors();
    form_in_desk(
        app,
        desk.who(),
        "What would help people",
        HERE,
        failed,
        || {
            view! {
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <ErrorSummary form=&form />
                <div class="wb-measure">
                    {back(run)}
                    <p class="wb-register__course">{run.title.clone()}</p>
                    <h1>"What would help people"</h1>
                    <Form>{parts(notes, &form)}</Form>
                </div>
            }
        },
    )
}

/// What stands in the one form. Enter presses its first button, and that never opens notes: closed ones come after the room.
fn parts(notes: Notes, form: &FormState) -> AnyView {
    let room = room(form);
    match notes {
        Notes::Closed(_) => view! { {room} {shown(notes)} }.into_any(),
        Notes::Open(_) => {
            view! { <HiddenField name=OPEN value="yes" /> {shown(notes)} {room} }.into_any()
        }
    }
}

fn room(form: &FormState) -> impl IntoView + use<> {
    view! {
        <section class="wb-block" aria-labelledby="the-room">
            <h2 id="the-room">"How the room is set up"</h2>
            <TextField
                form=form
                name=ROOM
                label="What the tutor has to know about the room"
                hint="For example: one hearing loop, two chairs with arms, a clear way to the door. No names, and nothing about \
                      why. Tutors read this beside the list."
            />
            <Button name="do" value="save">"Save this"</Button>
        </section>
    }
}

fn shown(notes: Notes) -> AnyView {
    match notes {
        Notes::Closed(0) => view! {
            <p>"Nobody who comes has written what would help them."</p>
        }
        .into_any(),
        Notes::Closed(n) => {
            let (lead, button) = match n {
                1 => (
                    "1 person who comes has written what would help them.".to_owned(),
                    "Open the note".to_owned(),
                ),
                n => (
                    format!("{n} people who come have written what would help them."),
                    format!("Open all {n} notes"),
                ),
            };
            view! {
                <p class="wb-lead">{lead}</p>
                <Notice title="Open them once, to set up the room">
                    <p>"The notes are locked away. That you open them is written down for each person. Only the course team can do this."</p>
                </Notice>
                <Button kind=ButtonKind::Outlined name="do" value="open">{button}</Button>
            }
            .into_any()
        }
        Notes::Open(all) => {
            let all: Vec<_> = all
                .into_iter()
                .map(|need| {
                    let href = format!("/desk/people/{}", need.person_id);
                    let lines: Vec<_> = need
                        .words
                        .lines()
                        .map(|line| view! { {line.to_owned()} <br /> })
                        .collect();
                    view! {
                        <li class="wb-card">
                            <h3><a href=href>{need.name}</a></h3>
                            <p>{lines}</p>
                        </li>
                    }
                })
                .collect();
            view! {
                <section aria-labelledby="notes">
                    <h2 id="notes">"The notes"</h2>
                    <p>"That you read these is written down. They close when you leave this page."</p>
                    <ul class="wb-messages">{all}</ul>
                </section>
            }
            .into_any()
        }
    }
}
