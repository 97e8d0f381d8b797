//! Writing to everybody on a run: the words, what becomes of them, and what was written before.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::handlers::open;
use super::model::{Run, Session};
use super::pages::message as pages;
use super::rules::{self, MOST_WORDS};
use crate::accounts::said::{Said, said};
use crate::bookings::changes::Group;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::rights::Registers;
use crate::ui::dates;
use crate::ui::form::{Check, FormState, Submitted};

mod store;

pub use store::Sent;

use store::{A_DAY, Outcome};

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
fn enough(app: &App) -> String {
    format!(
        "You have sent {A_DAY} messages to this group today, and that is the most for one day. Please ring the office on {}, \
         and we tell everybody",
        app.config.phone()
    )
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
    let mut check = Check::new(&submitted);
    let words = words(&mut check);
    let Some(group) = Group::of(&app, run.id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let counts = group.counts();
    if words.is_some() && counts.people == 0 {
        let sentence = "Nobody has booked yet, so there is nobody to write to";
        check.error(pages::WORDS, sentence);
    }
    let step = submitted.line(pages::STEP);
    // The last press is judged where it is kept: one that came through already is no new message.
    if words.is_some()
        && step != pages::SEND
        && store::is_enough(&app, desk.by().account_id, run.id).await?
    {
        check.error(pages::WORDS, enough(&app));
    }
    let form = check.finish();
    let words = match words {
        Some(words) if !form.has_errors() && step != pages::CHANGE => words,
        _ => {
            let status = if form.has_errors() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::OK
            };
            let sent = store::sent(&app, desk.by().account_id, run.id).await?;
            let html = pages::write(&app, desk.who(), &run, Some(form), sent, None);
            return Ok(page(status, Keep::Nothing, html));
        }
    };
    let from = store::from(&app, desk.who(), run.id).await?;
    let id = Uuid::try_parse(&submitted.line(pages::MESSAGE)).ok();
    let (Some(id), pages::SEND) = (id, step.as_str()) else {
        let message = pages::Preview {
            id: app.id()?,
            from,
            words,
            counts,
        };
        let html = pages::preview(&app, desk.who(), &run, message);
        return Ok(page(StatusCode::OK, Keep::Nothing, html));
    };
    let new = store::New {
        id,
        from,
        words,
        session_id,
    };
    Ok(
        match store::send(&app, desk.by(), &run, new, group).await? {
            Outcome::Sent => Said::GroupWritten.and_see(&app, &path),
            Outcome::Gone => Refusal::NotFound.into_response(),
            Outcome::Enough => {
                let form = form.with_error(pages::WORDS, enough(&app));
                let sent = store::sent(&app, desk.by().account_id, run.id).await?;
                let html = pages::write(&app, desk.who(), &run, Some(form), sent, None);
                page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html)
            }
        },
    )
}
