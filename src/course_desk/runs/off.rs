//! What does not take place: one session, today's session, or the whole run. Each asks first, and says whom it concerns.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::changes::session_of;
use super::choose::why_not;
use super::model::{Run, when};
use super::{Chosen, HERE, back, path, store};
use crate::accounts::said::Said;
use crate::bookings::changes::rules::later_today;
use crate::bookings::changes::{self, Change, ChangeOutcome, Impossible};
use crate::bookings::store::{Session, sessions};
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The field with the session that is off.
const SESSION: &str = "session";

/// What is off.
enum Off {
    Session(Session),
    Today(Session),
    Run,
    /// A run that nobody could book yet: there is nobody to tell.
    Draft,
}

impl Off {
    fn of(run: &Run) -> Self {
        if run.status == "draft" {
            Self::Draft
        } else {
            Self::Run
        }
    }

    const fn title(&self) -> &'static str {
        match self {
            Self::Session(_) => "Drop this session?",
            Self::Today(_) => "Is today’s session off?",
            Self::Run => "Call this run off?",
            Self::Draft => "Throw this draft away?",
        }
    }

    const fn button(&self) -> &'static str {
        match self {
            Self::Session(_) => "Drop it and tell them",
            Self::Today(_) => "It is off: tell them now",
            Self::Run => "Call it off and tell them",
            Self::Draft => "Throw it away",
        }
    }
}

pub async fn show_drop(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    Ok(ask(&app, &desk, &run, &Off::Session(session), None))
}

pub async fn send_drop(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let Some(session) = session_of(&app, &run, &id).await? else {
        // Dropped already, by this form or by somebody else.
        return Ok(Said::NothingChanged.and_see(&app, &path(&run)));
    };
    let drop = [Change::Drop {
        session: session.id,
    }];
    let outcome = changes::change(&app, run.id, &drop, Some(desk.by())).await?;
    Ok(answer(&app, &desk, &run, &Off::Session(session), outcome))
}

pub async fn show_today(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    Ok(match today(&app, &run).await? {
        Some(session) => ask(&app, &desk, &run, &Off::Today(session), None),
        None => see(&path(&run)),
    })
}

pub async fn send_today(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    // The session that was on the page, and no other: a second press, or a page from yesterday, drops no more.
    let Some(session) = session_of(&app, &run, &submitted.line(SESSION)).await? else {
        return Ok(Said::NothingChanged.and_see(&app, &path(&run)));
    };
    let outcome = changes::off_today(&app, run.id, session.id, Some(desk.by())).await?;
    Ok(match outcome {
        // It has begun, or is on another day.
        ChangeOutcome::Impossible(Impossible::Past) => {
            Said::NothingChanged.and_see(&app, &path(&run))
        }
        outcome => answer(&app, &desk, &run, &Off::Today(session), outcome),
    })
}

pub async fn show_run(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    if !run.can_change(app.clock.now()) {
        return Ok(see(&path(&run)));
    }
    Ok(ask(&app, &desk, &run, &Off::of(&run), None))
}

pub async fn send_run(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    if run.status == "draft" && store::discard(&app, desk.by(), run.id).await? {
        return Ok(Said::RunDiscarded.and_see(&app, &format!("{HERE}?group=draft")));
    }
    let outcome = changes::call_off(&app, run.id, Some(desk.by())).await?;
    Ok(answer(&app, &desk, &run, &Off::Run, outcome))
}

fn told(run: &Run) -> String {
    format!("{}/told", path(run))
}

/// The session that is still to begin today.
async fn today(app: &App, run: &Run) -> Result<Option<Session>> {
    let now = app.clock.now();
    if !run.can_change(now) {
        return Ok(None);
    }
    let sessions = sessions(&app.db, run.id).await?;
    Ok(later_today(&sessions, now).copied())
}

fn answer(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    off: &Off,
    outcome: ChangeOutcome,
) -> Response {
    match outcome {
        // Who has been told, and who has to be rung now.
        ChangeOutcome::Changed { .. } => Said::RunChanged.and_see(app, &told(run)),
        ChangeOutcome::Nothing => see(&told(run)),
        ChangeOutcome::NoSuchRun => see(HERE),
        ChangeOutcome::Impossible(why) => ask(app, desk, run, off, Some(why_not(why).1)),
    }
}

/// Asks, and says what will happen to whom; with why it cannot be, if it cannot.
fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    off: &Off,
    trouble: Option<&'static str>,
) -> Response {
    let now = app.clock.now();
    let failed = trouble.is_some();
    form_in_desk(app, desk.who(), off.title(), HERE, failed, || {
        let trouble = trouble.map(|words| {
            view! { <Notice title="That cannot be done" kind=NoticeKind::Bad><p>{words} "."</p></Notice> }
        });
        let what = match off {
            Off::Session(session) | Off::Today(session) => {
                format!("{}: {}.", run.title, when(session, now))
            }
            Off::Run | Off::Draft => {
                format!("{}, {} at {}.", run.title, run.length(), run.place())
            }
        };
        let more = match off {
            Off::Session(_) => "The other sessions stay as they are. Calendars take this one out.",
            Off::Today(_) if run.sessions == 1 => {
                "It is the only session, so the run is called off. Texts go at once, whatever the hour. Whoever gets no text is put on the list of calls, and the next page shows who has been told."
            }
            Off::Today(_) => {
                "The other sessions stay as they are. Texts go at once, whatever the hour. Whoever gets no text is put on the list of calls, and the next page shows who has been told."
            }
            Off::Run => {
                "Nobody can book it any more, and its waiting list ends. People keep the booking in their account, where it says that it does not go ahead. This cannot be undone."
            }
            Off::Draft => "Nobody can see it yet, so nobody is told. Nothing of it is left.",
        };
        let (back_to, button) = (path(run), off.button());
        let which = match off {
            Off::Today(session) => {
                let id = session.id.to_string();
                Some(view! { <HiddenField name=SESSION value=id /> })
            }
            Off::Session(_) | Off::Run | Off::Draft => None,
        };
        view! {
            <div class="wb-measure">
                {back(run)}
                {trouble}
                <h1>{off.title()}</h1>
                <p>{what}</p>
                <p>{run.whom()}</p>
                <p>{more}</p>
                <Form>
                    {which}
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>{button}</Button>
                        <a href=back_to>"No, leave it as it is"</a>
                    </div>
                </Form>
            </div>
        }
    })
}
