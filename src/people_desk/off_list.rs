//! Taking somebody off a waiting list. It asks first and why, and says what happens.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::Person;
use super::store::{self, Entered};
use super::{HERE, chosen, path, why};
use crate::accounts::said::Said;
use crate::bookings::waiting;
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The page for somebody on the list of a run.
pub fn off_list_path(person_id: Uuid, run_id: Uuid) -> String {
    format!("{}/wait/{run_id}/off", path(person_id))
}

/// The person and how they wait for the run in the address, if they do.
async fn found(app: &App, id: &str, run: &str) -> Result<Option<(Person, Option<Entered>)>> {
    let (Some(person), Ok(run)) = (chosen(app, id).await?, Uuid::try_parse(run)) else {
        return Ok(None);
    };
    let entered = store::entered(&app.db, person.id, run).await?;
    Ok(Some((person, entered)))
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
) -> Result<Response> {
    match found(&app, &id, &run).await? {
        Some((person, Some(entered))) => {
            shown(&app, &desk, person, entered, FormState::empty()).await
        }
        Some((person, None)) => Ok(see(&path(person.id))),
        None => Ok(Refusal::NotFound.into_response()),
    }
}

/// The question; the look at who it is about is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    entered: Entered,
    form: FormState,
) -> Result<Response> {
    let run = Some(entered.run_id);
    let seen = [person.id].into_iter().chain(entered.beside);
    audit::looked(app, desk.by(), Action::Looked, run, seen).await?;
    let failed = form.has_errors();
    let title = format!("Take {} off the waiting list?", person.full_name);
    let when = dates::day_and_time(entered.starts_at, dates::day_of(app.clock.now()));
    let course = format!("{}, from {when}.", entered.title);
    Ok(form_in_desk(
        app,
        desk.who(),
        &title.clone(),
        HERE,
        failed,
        move || {
            let both = entered.beside_name.map(|name| {
                let words = format!("{name} waits together with them, and is taken off, too.");
                view! { <WarningText>{words}</WarningText> }
            });
            view! {
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p class="wb-lead">{course}</p>
                {both}
                <ul>
                    <li>"What is being offered to them goes to whoever is next."</li>
                    <li>"Nothing is sent. Please tell them yourself."</li>
                    <li>"If they change their mind, they begin at the end of the list."</li>
                </ul>
                <Form clone:form>
                    {why::fields(&form)}
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Take them off the list"</Button>
                        <a href=path(person.id)>"Leave them on it"</a>
                    </div>
                </Form>
            }
        },
    ))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let (person, entered) = match found(&app, &id, &run).await? {
        Some((person, Some(entered))) => (person, entered),
        // The second of two presses finds nobody to take off; nor does the first, if they have a place by now.
        Some((person, None)) => {
            let off = match Uuid::try_parse(&run) {
                Ok(run) => waiting::has_left(&app, person.id, run).await?,
                Err(_) => false,
            };
            return Ok(said_of(off).and_see(&app, &path(person.id)));
        }
        None => return Ok(Refusal::NotFound.into_response()),
    };
    let mut check = Check::new(&submitted);
    let Some(reason) = why::read(&mut check) else {
        return shown(&app, &desk, person, entered, check.finish()).await;
    };
    let run = entered.run_id;
    let mut entries = Vec::new();
    for one in [person.id].into_iter().chain(entered.beside) {
        let entry = Entry::by(&app, desk.by(), Action::TakenOffList)?.about(run);
        entries.push(entry.changed(&app, one, "", &reason).await?);
    }
    let off = waiting::take_off(&app, run, entered.entry_id, &entries).await?
        || waiting::has_left(&app, person.id, run).await?;
    app.messages.wake();
    app.catalogue.places_changed();
    Ok(said_of(off).and_see(&app, &path(person.id)))
}

/// What is said when they are off the list, and when they were not on it.
fn said_of(off: bool) -> Said {
    if off {
        Said::OffTheListByUs
    } else {
        Said::NothingChanged
    }
}
