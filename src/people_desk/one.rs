//! The page of one person: how to reach them, what they have booked, and what was said.

mod about;
mod lists;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use self::about::{alike, details, died, merged, more, relations, volunteering};
use self::lists::{bookings, called, logged, waits};
use super::claim::Given;
use super::log::{self, Note};
use super::merge::store::Past;
use super::model::{Beside, Called, Found, Line, Person};
use super::volunteer::{self, Volunteering};
use super::{HERE, chosen, claim, merge, path, store};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result, form_key};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// Everything that the page shows.
struct Whole {
    person: Person,
    beside: Vec<Beside>,
    lines: Vec<Line>,
    calls: Vec<Called>,
    notes: Vec<Note>,
    same: Vec<Found>,
    merges: Vec<Past>,
    code: Option<Given>,
    volunteers: Option<Volunteering>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if person.id.to_string() != id.to_lowercase() {
        // Their record has gone into another one.
        return Ok(see(&path(person.id)));
    }
    let heard = Said::heard(&app, &headers);
    let key = form_key::new()?;
    let html = opened(&app, &desk, person, FormState::empty(), key, heard).await?;
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Adds a note to the contact log.
pub async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    match log::read(Check::new(&submitted)) {
        Ok(new) => {
            let entry = Entry::by(&app, desk.by(), Action::ContactNoted)?.of(person.id);
            log::keep(&app, &person, desk.by().account_id, &key, &new, &entry).await?;
            Ok(Said::ContactNoted.and_see(&app, &path(person.id)))
        }
        Err(form) => {
            let html = opened(&app, &desk, person, form, key, None).await?;
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html))
        }
    }
}

/// Writes the look down, and only then shows anything.
async fn opened(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    form: FormState,
    key: String,
    heard: Option<Said>,
) -> Result<String> {
    let beside = store::beside(&app.db, &person).await?;
    let same = merge::same(app, &person).await?;
    let others = beside.iter().map(|one| one.id);
    let seen = std::iter::once(person.id)
        .chain(others)
        .chain(same.iter().map(|one| one.id));
    audit::looked(app, desk.by(), Action::Looked, None, seen).await?;
    let whole = Whole {
        lines: store::lines(&app.db, person.id).await?,
        calls: store::calls(&app.db, person.id).await?,
        notes: log::notes(app, person.id).await?,
        merges: merge::store::past(&app.db, person.id).await?,
        code: claim::last(&app.db, person.id).await?,
        volunteers: volunteer::latest(&app.db, person.id).await?,
        same,
        beside,
        person,
    };
    let now = app.clock.now();
    let (title, failed) = (whole.person.full_name.clone(), form.has_errors());
    Ok(in_desk(app, desk.who(), &title, HERE, failed, move || {
        render(whole, form, key, heard, now)
    }))
}

fn render(
    whole: Whole,
    form: FormState,
    key: String,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let Whole {
        person,
        beside,
        lines,
        calls,
        notes,
        same,
        merges,
        code,
        volunteers,
    } = whole;
    let volunteers = volunteers.map(|status| volunteering(&person, &status, now));
    let code = code.filter(Given::wants_help).map(|code| {
        view! { <Notice title="Their code" kind=NoticeKind::Bad><p>{code.words(now)}</p></Notice> }
    });
    let same = alike(&person, same);
    let merges = merged(&person, merges, now);
    let book = format!("/desk/people/book?person={}", person.id);
    let book = person
        .deceased_at
        .is_none()
        .then(|| view! { <ButtonLink href=book>"Book for them"</ButtonLink> });
    let died = died(&person, now);
    let more = more(&person);
    let (name, id) = (person.full_name.clone(), person.id);
    let (to_come, others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.is_to_come(now));
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
        {relations(beside)}
        {bookings("Bookings to come", "to-come", "Nothing is booked.", to_come, Some(id), now)}
        {waiting}
        {bookings("Past and cancelled bookings", "past", "There are none.", past, None, now)}
        {called(calls, now)}
        {logged(notes, form, key, now)}
        {volunteers}
        {merges}
        {more}
    }
}
