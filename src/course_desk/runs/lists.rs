//! Who sees a run's list besides its tutor, and how its room is set up.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Named, Run, when};
use super::store;
use super::{Chosen, HERE, add, back, choose, clashes, path};
use crate::accounts::said::{Said, said};
use crate::bookings::store::{Session, sessions};
use crate::registers::planning::{self, Provided, StandIn};
use crate::registers::rules::room_setup;
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// What there is to choose from, and what was chosen.
struct Known {
    sessions: Vec<Session>,
    tutors: Vec<Named>,
    providers: Vec<Named>,
    stand_ins: Vec<StandIn>,
    /// Who of them leads something else at the same time, and what.
    busy: Vec<(String, Vec<add::Clash>)>,
}

async fn known(app: &App, run: &Run) -> Result<Known> {
    let providers = planning::providers(app).await?;
    let sessions = sessions(&app.db, run.id).await?;
    let stand_ins = planning::stand_ins(app, run.id).await?;
    Ok(Known {
        busy: clashes::of_stand_ins(app, run, &sessions, &stand_ins).await?,
        sessions,
        tutors: store::tutors(app).await?,
        providers: providers
            .into_iter()
            .map(|provider| Named {
                id: provider.id,
                name: provider.name,
            })
            .collect(),
        stand_ins,
    })
}

/// The form for room and provider as they are.
fn as_it_is(run: &Run) -> FormState {
    FormState::filled([
        ("room", run.room_setup.clone().unwrap_or_default()),
        ("provider", choose::chosen(run.provider_id)),
    ])
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let known = known(&app, &run).await?;
    let heard = Said::heard(&app, &headers);
    let form = as_it_is(&run);
    let answer = ask(&app, &desk, &run, known, form, heard);
    Ok(said(&app, heard, answer))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let known = known(&app, &run).await?;
    let done = match submitted.line("do").as_str() {
        "save" => save(&app, &desk, &run, &known, &submitted).await?,
        "add" => add(&app, &desk, &run, &known, &submitted).await?,
        "remove" => remove(&app, &desk, &known, &submitted).await?,
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    Ok(match done {
        Ok(()) => Said::ListsSaved.and_see(&app, &here(&run)),
        Err(form) => ask(&app, &desk, &run, known, form, None),
    })
}

fn here(run: &Run) -> String {
    format!("{}/lists", path(run))
}

const NOT_SAVED: &str = "This changed while you were choosing, and nothing was saved. Choose again";

/// What is wrong with a form, if something is.
type Done = std::result::Result<(), FormState>;

async fn save(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    known: &Known,
    submitted: &Submitted,
) -> Result<Done> {
    let mut check = Check::new(submitted);
    let room = check.optional("room", room_setup);
    let provider = choose::one_of(
        &mut check,
        "provider",
        "Choose who gives it",
        &known.providers,
    );
    let form = check.finish();
    let (Some(provider), false) = (provider, form.has_errors()) else {
        return Ok(Err(form));
    };
    let provided = planning::set_provider(app, desk.by(), run.id, provider.id()).await?;
    if provided == Provided::NotSaved {
        return Ok(Err(form.with_error("provider", NOT_SAVED)));
    }
    planning::set_room(app, desk.by(), run.id, room.flatten().as_deref()).await?;
    Ok(Ok(()))
}

async fn add(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    known: &Known,
    submitted: &Submitted,
) -> Result<Done> {
    let mut check = Check::new(submitted);
    let sessions: Vec<String> = known
        .sessions
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    let sessions: Vec<&str> = sessions.iter().map(String::as_str).collect();
    let session = check
        .choice("session", "Choose a session", &sessions)
        .and_then(|id| Uuid::try_parse(id).ok());
    let tutor = choose::one_of(&mut check, "stand-in", "Choose who leads it", &known.tutors);
    let tutor = tutor.and_then(|picked| {
        let id = picked.id();
        if id.is_none() {
            check.error("stand-in", "Choose who leads it");
        }
        id
    });
    if tutor.is_some() && tutor == run.tutor_id {
        check.error("stand-in", "They are the tutor of all sessions already");
    }
    let mut form = check.finish();
    if let (Some(session), Some(tutor), false) = (session, tutor, form.has_errors()) {
        planning::add_stand_in(app, desk.by(), session, tutor).await?;
        return Ok(Ok(()));
    }
    // The other form on the page stays as it is.
    for (name, value) in as_it_is(run).values() {
        form = form.with(name, value);
    }
    Ok(Err(form))
}

async fn remove(
    app: &App,
    desk: &Desk<Courses>,
    known: &Known,
    submitted: &Submitted,
) -> Result<Done> {
    let (session, tutor) = (submitted.line("session"), submitted.line("stand-in"));
    let found = known
        .stand_ins
        .iter()
        .find(|one| one.session_id.to_string() == session && one.tutor_id.to_string() == tutor);
    // Whoever is not there any more was taken off already.
    if let Some(one) = found {
        planning::remove_stand_in(app, desk.by(), one.session_id, one.tutor_id).await?;
    }
    Ok(Ok(()))
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    known: Known,
    form: FormState,
    heard: Option<Said>,
) -> Response {
    let failed = form.has_errors();
    let now = app.clock.now();
    form_in_desk(app, desk.who(), "Room and lists", HERE, failed, || {
        let providers = choose::choices(&known.providers, "Our own team");
        let others = stand_ins(&known, path(run), form.clone(), now);
        view! {
            <div class="wb-measure">
                {back(run)}
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <ErrorSummary form=&form />
                <h1>"Room and lists"</h1>
                <p>{run.title.clone()}</p>
                <Form clone:form>
                    <TextField form=&form name="room" label=Label::bold("How is the room set up?")
                        hint="For the tutor, like “one hearing loop, two step-free”. Never a name" />
                    <Select form=&form name="provider" label=Label::bold("Who gives this run?") choices=providers
                        hint="The coordinators of an organisation see the name, phone and email of who comes" />
                    <Button name="do" value="save">"Save"</Button>
                </Form>
                {others}
            </div>
        }
    })
}

/// Who leads something else at the same time. It stops nobody.
fn busy(known: &Known) -> Option<AnyView> {
    if known.busy.is_empty() {
        return None;
    }
    let each: Vec<_> = known
        .busy
        .iter()
        .map(|(name, clashes)| {
            let lines = add::clash_lines(clashes);
            view! {
                <p>{name.clone()} ":"</p>
                <ul>{lines}</ul>
            }
        })
        .collect();
    Some(
        view! {
            <Notice title="Something else is on at the same time" kind=NoticeKind::Bad level=3>{each}</Notice>
        }
        .into_any(),
    )
}

fn stand_ins(
    known: &Known,
    base: String,
    form: FormState,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let day_of = |id: Uuid| {
        let session = known.sessions.iter().find(|session| session.id == id);
        session
            .map(|session| when(session, now))
            .unwrap_or_default()
    };
    let rows: Vec<Vec<AnyView>> = known
        .stand_ins
        .iter()
        .map(|one| {
            let no_account =
                (!one.has_account).then_some(". Has no account yet, and cannot see the list");
            let (name, session, tutor) = (
                one.name.clone(),
                one.session_id.to_string(),
                one.tutor_id.to_string(),
            );
            vec![
                day_of(one.session_id).into_any(),
                view! { {one.name.clone()} {one.instead.then_some(", instead of the tutor")} {no_account} }.into_any(),
                if one.instead {
                    // People were told who leads it: that is changed where they are told again.
                    let href = format!("{base}/sessions/{}/place", one.session_id);
                    view! {
                        <a href=href>"Change" <span class="govuk-visually-hidden">" who leads instead of the tutor: " {name}</span></a>
                    }
                    .into_any()
                } else {
                view! {
                    <Form>
                        <HiddenField name="session" value=session />
                        <HiddenField name="stand-in" value=tutor />
                        <input type="hidden" name="do" value="remove" />
                        <button type="submit" class="wb-link-button">
                            "Take off" <span class="govuk-visually-hidden">" " {name}</span>
                        </button>
                    </Form>
                }
                .into_any()
                },
            ]
        })
        .collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <Table caption="Who leads a session besides the tutor" stacks=true columns=vec![
                Column::new("Session"), Column::new("Who"), Column::new("Take off"),
            ] rows=rows />
        }
    });
    let mut sessions = vec![Choice::new("", "Choose a session")];
    sessions.extend(
        known
            .sessions
            .iter()
            .filter(|session| session.ends_at > now)
            .map(|session| Choice::new(session.id.to_string(), when(session, now))),
    );
    let tutors = choose::choices(&known.tutors, "Choose a tutor");
    view! {
        <section class="wb-block" aria-labelledby="stand-ins">
            <h2 id="stand-ins">"Stand-ins and second tutors"</h2>
            {busy(known)}
            <p>"They lead one session beside the tutor, and see the list of that session alone. Nobody is told. Does somebody lead it instead of the tutor? Choose “Place or tutor” beside the session on the run’s page, and everybody is told."</p>
            {table}
            <Form clone:form>
                <Select form=&form name="session" label=Label::bold("Session") choices=sessions />
                <Select form=&form name="stand-in" label=Label::bold("Who leads it") choices=tutors />
                <Button name="do" value="add" kind=ButtonKind::Outlined>"Add them"</Button>
            </Form>
        </section>
    }
}
