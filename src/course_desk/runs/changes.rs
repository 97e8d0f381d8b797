//! Moving a session, adding one, changing the place or the tutor, of all or of one: a form, then what people will be told, then it is done.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::add::{self, Spot};
use super::choose::{self, of_run, of_session, why_not};
use super::model::{Named, Run, when};
use super::{Chosen, HERE, back, clashes, elsewhere, path, store};
use crate::accounts::said::Said;
use crate::bookings::changes::{self, Change, ChangeOutcome};
use crate::bookings::store::{Session, sessions};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

/// The field that says that somebody has read what people will be told.
const SURE: &str = "sure";

/// What is asked on a page.
enum Asked {
    Run {
        spots: Vec<Spot>,
        tutors: Vec<Named>,
    },
    Move(Session),
    Place(elsewhere::Known),
    Add,
}

impl Asked {
    const fn title(&self) -> &'static str {
        match self {
            Self::Run { .. } => "Change the place or the tutor",
            Self::Move(_) => "Move a session",
            Self::Place(_) => "Another place or tutor for one session",
            Self::Add => "Add a session",
        }
    }

    /// What was typed, as changes.
    fn changes(&self, check: &mut Check, run: &Run) -> Option<Vec<Change>> {
        match self {
            Self::Run { spots, tutors } => choose::place_and_tutor(check, run, spots, tutors),
            Self::Move(session) => choose::times(check).map(|(starts_at, ends_at)| {
                vec![Change::Move {
                    session: session.id,
                    starts_at,
                    ends_at,
                }]
            }),
            Self::Place(known) => known.changes(check, run),
            Self::Add => choose::times(check)
                .map(|(starts_at, ends_at)| vec![Change::Add { starts_at, ends_at }]),
        }
    }

    fn fields(&self, form: &FormState, run: &Run) -> AnyView {
        match self {
            Self::Place(known) => known.fields(form, run),
            Self::Run { spots, tutors } => {
                let places = choose::places(spots);
                let tutors = choose::choices(tutors, "Not known yet");
                view! {
                    <Select form=form name="place" label=Label::bold("Where") choices=places
                        hint="All sessions to come are there. The sentence on how to find it goes with the old place: write a new one under “Hire, numbers and how to find it”" />
                    <Select form=form name="tutor" label=Label::bold("Tutor") choices=tutors />
                }
                .into_any()
            }
            Self::Move(_) | Self::Add => view! {
                <DateField form=form name="day" label=Label::bold("Day") hint="For example, 12 1 2027" />
                <TextField form=form name="starts" label=Label::bold("Begins") hint="For example, 10:30am"
                    class="govuk-input--width-10" />
                <TextField form=form name="ends" label=Label::bold("Ends") class="govuk-input--width-10" />
            }
            .into_any(),
        }
    }
}

async fn of_the_run(app: &App) -> Result<Asked> {
    Ok(Asked::Run {
        spots: add::spots(app).await?,
        tutors: store::tutors(app).await?,
    })
}

pub async fn show_run(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let asked = of_the_run(&app).await?;
    let form = of_run(&run);
    if !run.can_change(app.clock.now()) {
        return Ok(see(&path(&run)));
    }
    Ok(ask(&app, &desk, &run, &asked, form))
}

pub async fn send_run(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let asked = of_the_run(&app).await?;
    answer(&app, &desk, &run, &asked, &submitted).await
}

pub async fn show_add(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    Ok(ask(&app, &desk, &run, &Asked::Add, FormState::empty()))
}

pub async fn send_add(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    answer(&app, &desk, &run, &Asked::Add, &submitted).await
}

/// The session of a run that stands in the address.
pub async fn session_of(app: &App, run: &Run, id: &str) -> Result<Option<Session>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    let sessions = sessions(&app.db, run.id).await?;
    Ok(sessions.into_iter().find(|session| session.id == id))
}

pub async fn show_session(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let form = of_session(&session);
    Ok(ask(&app, &desk, &run, &Asked::Move(session), form))
}

pub async fn send_session(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    answer(&app, &desk, &run, &Asked::Move(session), &submitted).await
}

pub async fn show_place(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let form = elsewhere::as_it_is(&app, &session).await?;
    let asked = Asked::Place(elsewhere::known(&app, session).await?);
    Ok(ask(&app, &desk, &run, &asked, form))
}

pub async fn send_place(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let asked = Asked::Place(elsewhere::known(&app, session).await?);
    answer(&app, &desk, &run, &asked, &submitted).await
}

/// The form; with what is wrong, if something is.
fn ask(app: &App, desk: &Desk<Courses>, run: &Run, asked: &Asked, form: FormState) -> Response {
    let failed = form.has_errors();
    let now = app.clock.now();
    form_in_desk(app, desk.who(), asked.title(), HERE, failed, || {
        let what = match asked {
            Asked::Move(session) | Asked::Place(elsewhere::Known { session, .. }) => {
                format!("{}: {}", run.title, when(session, now))
            }
            Asked::Run { .. } | Asked::Add => run.title.clone(),
        };
        let fields = asked.fields(&form, run);
        view! {
            <div class="wb-measure">
                {back(run)}
                <ErrorSummary form=&form />
                <h1>{asked.title()}</h1>
                <p>{what}</p>
                <Form>
                    {fields}
                    <p>"On the next page you see what people will be told, before anything is changed."</p>
                    <Button>"Continue"</Button>
                </Form>
            </div>
        }
    })
}

/// What was typed: with mistakes the form again, then what people will be told, and when that was read, it is done.
async fn answer(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    asked: &Asked,
    submitted: &Submitted,
) -> Result<Response> {
    let mut check = Check::new(submitted);
    let changes = asked.changes(&mut check, run);
    let form = check.finish();
    let Some(changes) = changes.filter(|_| !form.has_errors()) else {
        return Ok(ask(app, desk, run, asked, form));
    };
    if submitted.line(SURE) == "no" {
        return Ok(ask(app, desk, run, asked, form));
    }
    let outcome = if submitted.line(SURE) == "yes" {
        changes::change(app, run.id, &changes, Some(desk.by())).await?
    } else {
        match changes::preview(app, run.id, &changes).await? {
            Ok(sentences) => {
                let found = clashes::of(app, run, &changes).await?;
                return Ok(read_first(app, desk, run, &form, sentences, found));
            }
            Err(outcome) => outcome,
        }
    };
    Ok(match outcome {
        ChangeOutcome::Changed { .. } => Said::RunChanged.and_see(app, &path(run)),
        // The button was pressed twice, or somebody else did the same: it is so already.
        ChangeOutcome::Nothing => Said::NothingChanged.and_see(app, &path(run)),
        ChangeOutcome::NoSuchRun => see(HERE),
        ChangeOutcome::Impossible(why) => {
            if is_there(app, run, &changes).await? {
                return Ok(Said::NothingChanged.and_see(app, &path(run)));
            }
            let (field, sentence) = why_not(why);
            let field = if matches!(asked, Asked::Run { .. } | Asked::Place(_)) {
                "place"
            } else {
                field
            };
            ask(app, desk, run, asked, form.with_error(field, sentence))
        }
    })
}

/// Whether the session that is to be added is there already: the button was pressed twice.
async fn is_there(app: &App, run: &Run, changes: &[Change]) -> Result<bool> {
    let [Change::Add { starts_at, ends_at }] = changes else {
        return Ok(false);
    };
    let sessions = sessions(&app.db, run.id).await?;
    Ok(sessions
        .iter()
        .any(|own| (own.starts_at, own.ends_at) == (*starts_at, *ends_at)))
}

/// What people will be told, before anything is changed.
fn read_first(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    form: &FormState,
    sentences: Vec<String>,
    found: clashes::Found,
) -> Response {
    let typed: Vec<(String, String)> = form
        .values()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    form_in_desk(
        app,
        desk.who(),
        "Check before people are told",
        HERE,
        false,
        || {
            let sentences: Vec<_> = sentences
                .into_iter()
                .map(|sentence| view! { <li><strong>{sentence}</strong></li> })
                .collect();
            let hidden: Vec<_> = typed
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect();
            let against = add::against(&found.clashes, found.rooms);
            view! {
                <div class="wb-measure">
                    {back(run)}
                    <h1>"Check before people are told"</h1>
                    <p>{run.title.clone()} ":"</p>
                    <div class="wb-words"><ul>{sentences}</ul></div>
                    <p>{run.whom()}</p>
                    {against}
                    <Form>
                        {hidden}
                        <div class="wb-buttons">
                            <Button name=SURE value="yes">"Change it and tell them"</Button>
                            <Button name=SURE value="no" kind=ButtonKind::Outlined>"Change what you typed"</Button>
                        </div>
                    </Form>
                </div>
            }
        },
    )
}
