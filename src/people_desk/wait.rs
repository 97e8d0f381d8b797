//! The date is full: putting somebody on its waiting list, by the same engine as on the website.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::book::refusal;
use super::model::{self, Person};
use super::{HERE, chosen, path};
use crate::accounts::said::Said;
use crate::bookings::store as bookings_store;
use crate::bookings::store::Offer;
use crate::bookings::waiting::{JoinOutcome, Turn, join_at};
use crate::bookings::{BookOutcome, Channel, Choices, Request, written_to};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
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
    let offer = offer.filter(|offer| offer.run.status == "open" && person.deceased_at.is_none());
    Ok(offer.map(|offer| (person, offer)))
}

/// Offers go by email. Somebody whom none reaches would lose each of them unheard.
async fn can_be_offered(app: &App, person: &Person) -> Result<bool> {
    let people = bookings_store::people(&app.db, &[person.id]).await?;
    Ok(written_to(app, &people, person.account_id).await?.is_some())
}

/// The longest reason that is kept.
pub const LONGEST_REASON: usize = 500;

/// A reason for what is done by hand; sealed in the record.
pub fn reason(check: &mut Check<'_>, missing: &str) -> Option<String> {
    let words = check.long_text("reason", missing);
    if words
        .as_ref()
        .is_some_and(|words| words.chars().count() > LONGEST_REASON)
    {
        check.error("reason", "Use 500 letters or fewer");
    }
    words
}

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
) -> Result<Response> {
    let Some((person, offer)) = found(&app, &id, &run).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    // A place has come free meanwhile: it can be booked.
    if offer.run.free(app.clock.now()) > 0 {
        looked(&app, &desk, &person, &offer).await?;
        return Ok(see(&book_path(&person, &offer)));
    }
    shown(&app, &desk, person, offer, FormState::empty()).await
}

async fn looked(app: &App, desk: &Desk<Courses>, person: &Person, offer: &Offer) -> Result<()> {
    let run = Some(offer.run.id);
    audit::looked(app, desk.by(), Action::Looked, run, [person.id]).await
}

/// The question; the look at who it is about is written down first.
async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    offer: Offer,
    form: FormState,
) -> Result<Response> {
    looked(app, desk, &person, &offer).await?;
    let can = can_be_offered(app, &person).await?;
    let today = dates::day_of(app.clock.now());
    let failed = form.has_errors();
    let title = "This date is full";
    Ok(form_in_desk(
        app,
        desk.who(),
        title,
        HERE,
        failed,
        move || {
            let when = dates::day_and_time(offer.run.starts_at, today);
            let course = format!("{}, from {when}, has no free place.", offer.run.title);
            let other = format!("/desk/people/book?person={}", person.id);
            let list = if can {
                list(&person, &offer, &form).into_any()
            } else {
                nobody_hears().into_any()
            };
            view! {
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p class="wb-lead">{course}</p>
                {list}
                <p><a href=other>"Choose another date for them"</a></p>
                <p><a href=path(person.id)>"Open their page"</a></p>
            }
        },
    ))
}

/// The question, and why: what is done by hand needs a reason, wherever on the list it puts them.
fn list(person: &Person, offer: &Offer, form: &FormState) -> impl IntoView + use<> {
    let words = format!("Put {} on the waiting list", person.full_name);
    let before = if offer.run.has_list {
        "Others wait before them."
    } else {
        "Nobody waits yet."
    };
    let turns = vec![
        Choice::new("last", "At the end, like everybody"),
        Choice::new("first", "First, before everybody who waits")
            .hint("Only where it is fair: we made a mistake, or a place was promised"),
    ];
    let form = form.clone();
    view! {
        <p>{before} " When a place comes free, an email offers it to them. They answer by its link, or ring us."</p>
        <Form>
            <Radios form=&form name="turn" label=Label::bold("Where on the list?") choices=turns />
            <TextArea form=&form name="reason" label=Label::bold("Why") rows=3
                hint="For example, that they rang and asked. It is locked away in the record. Leave out what is about their health." />
            <Button>{words}</Button>
        </Form>
    }
}

fn nobody_hears() -> impl IntoView {
    view! {
        <WarningText>
            "Places are offered by email, and they have none. So they cannot be put on the waiting list: \
            a place would be offered and nobody would hear of it."
        </WarningText>
        <p>"Choose another date, or note in the contact log that they would like to be rung."</p>
    }
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path((id, run)): Path<(String, String)>,
    Query(by): Query<By>,
    submitted: Submitted,
) -> Result<Response> {
    let Some((person, offer)) = found(&app, &id, &run).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let (Some(channel), true) = (model::channel(&by.by), can_be_offered(&app, &person).await?)
    else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let mut check = Check::new(&submitted);
    let turn = match check.optional("turn", |typed| Ok(typed == "first")) {
        Some(true) => Turn::First,
        _ => Turn::Last,
    };
    let missing = match turn {
        Turn::First => "Say why they go before everybody who waits",
        Turn::Last => "Say why you put them on the waiting list",
    };
    let reason = reason(&mut check, missing);
    let failed = check.failed();
    let form = check.finish();
    let (Some(reason), false) = (reason, failed) else {
        return shown(&app, &desk, person, offer, form).await;
    };
    let noted = Entry::by(&app, desk.by(), action(turn))?
        .of(person.id)
        .about(offer.run.id)
        .changed(&app, person.id, "", &reason)
        .await?;
    let request = Request {
        run_id: offer.run.id,
        account_id: person.account_id,
        people: vec![person.id],
        channel,
        form_key: None,
        volunteer: person.volunteer,
        verified: true,
        choices: Choices::default(),
        noted: Some(noted),
    };
    let problem = match join_at(&app, &request, turn).await? {
        JoinOutcome::Joined(_) | JoinOutcome::Already(_) => {
            app.messages.wake();
            app.catalogue.places_changed();
            return Ok(Said::WaitsByUs.and_see(&app, &path(person.id)));
        }
        // A place has come free meanwhile: it can be booked.
        JoinOutcome::PlaceFree => return Ok(see(&book_path(&person, &offer))),
        JoinOutcome::Refused(BookOutcome::AlreadyBooked(_)) => {
            "They have a place on this date already"
        }
        JoinOutcome::Refused(other) => refusal(&other),
    };
    shown(&app, &desk, person, offer, form.with_error("turn", problem)).await
}

const fn action(turn: Turn) -> Action {
    match turn {
        Turn::First => Action::PutFirst,
        Turn::Last => Action::WaitsFor,
    }
}
