//! What the link of the message opens: the questions, and thanks. Nobody need be signed in.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::model::{Answers, LONGEST, QUESTIONS, WORDS};
use super::store::{self, Asked};
use super::{pages, rules};
use crate::accounts::Visitor;
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Error, Result};
use crate::ui::form::{Check, FormState, Submitted};

/// The routes of the survey.
pub fn routes() -> Routes {
    Routes::default()
        .get("/feedback/{token}", show)
        .post("/feedback/{token}", send)
}

/// Whether the questions are wanted again, though they are answered.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    again: String,
}

/// The questions, or thanks. Nothing happens by looking.
async fn show(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(asked) = store::by_token(&app, &token).await? else {
        return Ok(gone(&app));
    };
    if asked.answered_at.is_some() && wanted.again.is_empty() {
        let heard = Said::heard(&app, &headers);
        let open = rules::is_open(asked.ends_at, app.clock.now());
        let html = pages::thanks(&app, &asked, open, heard);
        return Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)));
    }
    if !rules::is_open(asked.ends_at, app.clock.now()) {
        return Ok(gone(&app));
    }
    let heard = Said::heard(&app, &headers);
    let html = pages::questions(&app, &asked, filled(&asked), heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn gone(app: &App) -> Response {
    page(StatusCode::GONE, Keep::Nothing, pages::over(app))
}

/// The form as they answered before; what they wrote is not shown to whoever has the link.
fn filled(asked: &Asked) -> FormState {
    let chosen = [&asked.overall, &asked.helped, &asked.welcome];
    let values = QUESTIONS.iter().zip(chosen);
    FormState::filled(values.filter_map(|(question, value)| Some((question.field, value.clone()?))))
}

/// What was answered, or the form with what is wrong.
fn read(submitted: &Submitted, wrote: bool) -> std::result::Result<Answers, FormState> {
    let mut check = Check::new(submitted);
    let chosen = QUESTIONS.map(|question| {
        let values = question.values();
        check.choice(question.field, "", &values).map(str::to_owned)
    });
    let words = check.optional_long_text(WORDS);
    if words
        .as_ref()
        .is_some_and(|words| words.chars().count() > LONGEST)
    {
        check.error(WORDS, format!("Use {LONGEST} letters or fewer"));
    }
    let answers = Answers { chosen, words };
    if !check.failed() && answers.is_empty() && !wrote {
        check.error(QUESTIONS[0].field, "Answer at least one question");
    }
    if check.failed() {
        return Err(check.finish());
    }
    Ok(answers)
}

/// Keeps the answers, or that they do not want to be asked again.
async fn send(
    _: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(asked) = store::by_token(&app, &token).await? else {
        return Ok(gone(&app));
    };
    let own = format!("/feedback/{token}");
    match submitted.line("do").as_str() {
        "never" => {
            store::ask_again(&app, asked.person_id, false).await?;
            return Ok(Said::NotAskedAgain.and_see(&app, &own));
        }
        // An old link opens nothing again: that is said in the account.
        "ask" if rules::is_open(asked.ends_at, app.clock.now()) => {
            store::ask_again(&app, asked.person_id, true).await?;
            return Ok(Said::AskedAgain.and_see(&app, &own));
        }
        "ask" => return Ok(gone(&app)),
        "answer" => {}
        _ => return Ok(Refusal::BadRequest.into_response()),
    }
    if !rules::is_open(asked.ends_at, app.clock.now()) {
        return Ok(gone(&app));
    }
    match read(&submitted, asked.wrote) {
        Ok(answers) => {
            if !store::answer(&app, &asked, &answers).await? {
                return Err(Error::Busy("feedback of a record that is being merged"));
            }
            Ok(Said::FeedbackKept.and_see(&app, &own))
        }
        Err(form) => {
            let html = pages::questions(&app, &asked, form, None);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html))
        }
    }
}
