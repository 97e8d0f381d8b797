//! Writing to the people of a run: the words, what becomes of them, and what was written before. Whoever leads the sessions writes
//! to everybody; the course team also to some of them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::handlers::open;
use super::model::{Run, Session};
pub(crate) use super::pages::message as pages;
use super::rules::{self, MOST_WORDS};
use crate::accounts::said::{Said, said};
use crate::bookings::changes::{Audience, Group};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::rights::Registers;
use crate::staff::{By, Desk};
use crate::ui::dates;
use crate::ui::form::{Check, FormState, Submitted};

mod store;
mod whom;

pub use store::{Sent, Writer};
pub(crate) use store::{of_run, select_sent};
pub use whom::Whom;

use store::Outcome;

/// The page.
pub fn routes() -> Routes {
    Routes::default()
        .get("/tutor/runs/{id}/message", show)
        .post("/tutor/runs/{id}/message", write)
}

/// The session by which they may write now: of the run, any; of a stand-in, one that is today or to come.
fn by_session(app: &App, run: &Run, sessions: &[Session]) -> Option<Uuid> {
    let today = dates::day_of(app.clock.now());
    let may = |session: &&Session| rules::may_write(run.is_whole(), &[session.day()], today);
    sessions.iter().find(may).map(|session| session.id)
}

async fn show(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let heard = Said::heard(&app, &headers);
    let form = by_session(&app, &run, &sessions).map(|_| FormState::empty());
    let sent = store::sent(&app, desk.by().account_id, run.id).await?;
    let html = pages::write(&app, desk.who(), &run, form, sent, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// The words of the form, if they are right.
fn words(check: &mut Check<'_>) -> Option<String> {
    let words = check.long_text(pages::WORDS, "Write your message")?;
    let letters = words.chars().count();
    if letters > MOST_WORDS {
        let sentence = format!("Your message has {letters} letters. Use {MOST_WORDS} or fewer");
        check.error(pages::WORDS, sentence);
        return None;
    }
    Some(words)
}

/// What is said to whoever has sent as many messages as they may in a day.
fn enough(app: &App, writer: Writer) -> String {
    let most = writer.a_day();
    match writer {
        Writer::Leads { .. } => format!(
            "You have sent {most} messages to this group today, and that is the most for one day. Please ring the office on {}, \
             and we tell everybody",
            app.config.phone()
        ),
        Writer::CourseTeam => format!(
            "You have sent {most} messages to the people of this run today, and that is the most for one day. Send it tomorrow, \
             or ring people"
        ),
    }
}

/// A message that somebody is about to write.
pub(crate) struct Writing<'a> {
    /// Who, for the record.
    pub by: &'a By,
    /// To the people of which run.
    pub run_id: Uuid,
    /// As what they write.
    pub writer: Writer,
    /// As those who read it are told: "Priya, who leads the sessions".
    pub from: String,
    /// To whom.
    pub whom: Whom,
    /// The same people.
    pub group: Group,
}

/// What becomes of the form.
pub(crate) enum Step {
    /// It is shown again, with what is wrong if something is.
    Again(FormState),
    /// The words are shown, with how many get them.
    Look(FormState, pages::Preview),
    /// It is on its way.
    Sent,
    /// The run is not there for them any more.
    Gone,
}

impl Step {
    /// The status of a page that shows the form again.
    pub(crate) fn status(form: &FormState) -> StatusCode {
        if form.has_errors() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// Reads the words, shows them, and sends them with the second press. The number that the preview was given makes it one message,
/// however often it is sent.
pub(crate) async fn step(
    app: &App,
    writing: Writing<'_>,
    submitted: &Submitted,
    mut check: Check<'_>,
) -> Result<Step> {
    let words = words(&mut check);
    let counts = writing.group.counts();
    if words.is_some() && counts.people == 0 {
        check.error(pages::WORDS, writing.whom.nobody());
    }
    let (step, account_id) = (submitted.line(pages::STEP), writing.by.account_id);
    // The last press is judged where it is kept: one that came through already is no new message.
    if words.is_some()
        && step != pages::SEND
        && store::is_enough(app, account_id, writing.run_id, writing.writer).await?
    {
        check.error(pages::WORDS, enough(app, writing.writer));
    }
    let form = check.finish();
    let words = match words {
        Some(words) if !form.has_errors() && step != pages::CHANGE => words,
        _ => return Ok(Step::Again(form)),
    };
    let id = Uuid::try_parse(&submitted.line(pages::MESSAGE)).ok();
    let (Some(id), pages::SEND) = (id, step.as_str()) else {
        let message = pages::Preview {
            id: app.id()?,
            from: writing.from,
            words,
            counts,
        };
        return Ok(Step::Look(form, message));
    };
    let writer = writing.writer;
    Ok(match store::send(app, id, words, writing).await? {
        Outcome::Sent => Step::Sent,
        Outcome::Gone => Step::Gone,
        Outcome::Enough => Step::Again(form.with_error(pages::WORDS, enough(app, writer))),
    })
}

async fn write(
    desk: Desk<Registers>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let (run, sessions) = match open(&app, &desk, &id).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let path = pages::path(&run);
    // Without a session to come the page has no form, and says so.
    let Some(session_id) = by_session(&app, &run, &sessions) else {
        return Ok(see(&path));
    };
    let Some(group) = Group::of(&app, run.id, &Audience::Coming).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let writing = Writing {
        by: desk.by(),
        run_id: run.id,
        writer: Writer::Leads { session_id },
        from: store::from(&app, desk.who(), run.id).await?,
        whom: Whom::Everybody,
        group,
    };
    let check = Check::new(&submitted);
    Ok(
        match Box::pin(step(&app, writing, &submitted, check)).await? {
            Step::Again(form) => {
                let sent = store::sent(&app, desk.by().account_id, run.id).await?;
                let status = Step::status(&form);
                let html = pages::write(&app, desk.who(), &run, Some(form), sent, None);
                page(status, Keep::Nothing, html)
            }
            Step::Look(_, message) => {
                let html = pages::preview(&app, desk.who(), pages::Frame::of_tutor(&run), message);
                page(StatusCode::OK, Keep::Nothing, html)
            }
            Step::Sent => Said::GroupWritten.and_see(&app, &path),
            Step::Gone => Refusal::NotFound.into_response(),
        },
    )
}
