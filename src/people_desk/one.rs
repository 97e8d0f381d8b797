//! The page of one person: how to reach them, what they have booked, and what was said.

mod about;
mod lists;
mod store;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;

use self::about::{alike, details, died, merged, more, relations, volunteering};
use self::lists::{bookings, called, logged, waits};
use self::store::{History, Known, Near};
use super::claim::Given;
use super::{HERE, log, path};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result, form_key};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::{Courses, Requests, Right as _};
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// Everything that the page shows.
struct Whole {
    known: Known,
    near: Near,
    history: History,
}

#[derive(Debug, Default, Deserialize)]
pub struct At {
    /// Anything, to see all that they ever booked, and everything that was said.
    #[serde(default)]
    all: String,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(known) = store::known(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if known.person.id.to_string() != id.to_lowercase() {
        // Their record has gone into another one.
        return Ok(see(&path(known.person.id)));
    }
    let heard = Said::heard(&app, &headers);
    let key = form_key::new()?;
    let (form, everything) = (FormState::empty(), !at.all.is_empty());
    let html = opened(&app, &desk, known, (form, key), heard, everything).await?;
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Adds a note to the contact log.
pub async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(known) = store::known(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    match log::read(Check::new(&submitted)) {
        Ok(new) => {
            let person = &known.person;
            let entry = Entry::by(&app, desk.by(), Action::ContactNoted)?.of(person.id);
            log::keep(&app, person, desk.by().account_id, &key, &new, &entry).await?;
            Ok(Said::ContactNoted.and_see(&app, &path(person.id)))
        }
        Err(form) => {
            let html = opened(&app, &desk, known, (form, key), None, false).await?;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
        }
    }
}

/// Writes the look down, and only then shows anything.
async fn opened(
    app: &App,
    desk: &Desk<Courses>,
    known: Known,
    (form, key): (FormState, String),
    heard: Option<Said>,
    everything: bool,
) -> Result<String> {
    let id = known.person.id;
    let near = store::near(app, &known).await?;
    let seen = std::iter::once(id).chain(near.ids());
    audit::looked(app, desk.by(), Action::Looked, None, seen).await?;
    let whole = Whole {
        history: store::history(app, id, everything).await?,
        near,
        known,
    };
    let now = app.clock.now();
    let of_requests = desk.who().roles.first_of(Requests::ROLES).is_some();
    let (title, failed) = (whole.known.person.full_name.clone(), form.has_errors());
    Ok(in_desk(app, desk.who(), &title, HERE, failed, move || {
        render(whole, form, key, heard, (of_requests, now))
    }))
}

fn render(
    whole: Whole,
    form: FormState,
    key: String,
    heard: Option<Said>,
    (of_requests, now): (bool, DateTime<Utc>),
) -> impl IntoView {
    let Whole {
        known,
        near,
        history,
    } = whole;
    let Known {
        person,
        code,
        volunteers,
        ..
    } = known;
    let volunteers = volunteers.of(person.id);
    let volunteers = volunteers.map(|status| volunteering(&person, &status, now));
    let code = code.given().filter(Given::wants_help).map(|code| {
        view! { <Notice title="Their code" kind=NoticeKind::Bad><p>{code.words(now)}</p></Notice> }
    });
    let same = alike(&person, near.alike);
    let merges = merged(&person, history.merges, now);
    let book = format!("/desk/people/book?person={}", person.id);
    let book = person
        .deceased_at
        .is_none()
        .then(|| view! { <ButtonLink href=book>"Book for them"</ButtonLink> });
    let died = died(&person, now);
    let more = more(&person, of_requests);
    let (name, id) = (person.full_name.clone(), person.id);
    let older = history.cut.then(|| {
        let href = format!("{}?all=yes", path(id));
        view! { <p>"There are more bookings, calls or notes, which are older. " <a href=href>"Show all of them"</a></p> }
    });
    let (to_come, others): (Vec<_>, Vec<_>) = history
        .lines
        .into_iter()
        .partition(|line| line.is_to_come(now));
    let (waiting, past): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|line| line.reference.is_none());
    let waiting = (!waiting.is_empty()).then(|| {
        let rows = waiting
            .into_iter()
            .map(|line| waits(id, line, now))
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="waiting">
                <h2 id="waiting">"Waiting for a place"</h2>
                <Table caption="Waiting lists they are on" stacks=true columns=vec![
                    Column::new("Course"), Column::new("Starts"), Column::new("How it stands"), Column::new("How it came"),
                    Column::new("Take off"),
                ] rows=rows />
            </section>
        }
    });
    view! {
        <ErrorSummary form=&form />
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <div class="wb-desk-head">
            <h1>{name}</h1>
            {book}
        </div>
        {died}
        {code}
        {same}
        {details(&person)}
        {relations(near.beside)}
        {bookings("Bookings to come", "to-come", "Nothing is booked.", to_come, Some(id), now)}
        {waiting}
        {bookings("Past and cancelled bookings", "past", "There are none.", past, None, now)}
        {called(history.calls, now)}
        {logged(history.notes, form, key, now)}
        {older}
        {volunteers}
        {merges}
        {more}
    }
}
