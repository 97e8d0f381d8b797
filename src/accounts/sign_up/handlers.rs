//! The questions, as they are asked and answered.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::chosen::chosen;
use super::draft::{self, Content};
use super::pages::{self, Beside};
use super::questions::{Answers, Facts, Question};
use super::{sending, verify};
use crate::accounts::guards::Visitor;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_in::HOME;
use crate::server::http::cookies::Cookie;
use crate::server::http::{Keep, Peer, Refusal, own_path, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::Submitted;

pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-up", show_start)
        .post("/sign-up", start)
        .post("/sign-up/forget", forget)
        .get("/sign-up/answers", show_answers)
        .get("/sign-up/{question}", show)
        .post("/sign-up/{question}", send)
        .and(sending::routes())
        .and(verify::routes())
}

/// `?run=`: the run to book afterwards; `?next=`: the page of ours to go on to instead.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    run: Option<String>,
    next: Option<String>,
}

impl Wanted {
    fn run(&self) -> Option<Uuid> {
        self.run
            .as_deref()
            .and_then(|run| Uuid::try_parse(run).ok())
    }

    fn next(&self) -> Option<String> {
        self.next.as_deref().and_then(own_path).map(str::to_owned)
    }
}

/// What stands beside the questions.
pub async fn beside(app: &App, run: Option<Uuid>) -> Result<Beside> {
    Ok(Beside {
        chosen: chosen(app, run).await?,
        today: dates::day_of(app.clock.now()),
    })
}

/// Where the sign-up goes on: the first open question, or the answers.
pub fn onwards(answers: &Answers, beside: &Beside) -> String {
    match answers.open_question(beside.first_day()) {
        Some(question) => format!("/sign-up/{}", question.slug()),
        None => "/sign-up/answers".to_owned(),
    }
}

async fn show_start(
    visitor: Visitor,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let beside = beside(&app, wanted.run()).await?;
    if visitor.who().is_some() {
        let next = wanted.next().unwrap_or_else(|| HOME.to_owned());
        let path = beside.chosen.map_or(next, |chosen| chosen.book_path());
        return Ok(see(&path));
    }
    let before = draft::of_browser(&app, &headers).await?.is_some();
    let html = pages::start(&app, &beside, wanted.next(), heard, before);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Journey, html)))
}

/// There is no draft where there should be one: it ran out, or the browser keeps no cookies.
fn no_answers(app: &App) -> Response {
    Said::NoAnswers.and_see(app, "/sign-up")
}

/// Deletes the answers of this browser: somebody else may sit down at it.
async fn forget(_: Visitor, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    draft::forget(&app, &headers).await?;
    let mut response = Said::AnswersDeleted.and_see(&app, "/sign-up");
    response
        .headers_mut()
        .append(header::SET_COOKIE, Cookie::Draft.clear(&app.config));
    Ok(response)
}

async fn start(
    _: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response> {
    let beside = beside(&app, wanted.run()).await?;
    let run = beside.chosen.as_ref().map(|chosen| chosen.run_id);
    let changed = draft::change(&app, &headers, |content| {
        content.run = run.or(content.run);
        content.next = wanted.next().or(content.next.take());
        content.answers.clone()
    })
    .await?;
    if let Some(answers) = changed {
        return Ok(see(&onwards(&answers, &beside)));
    }
    if !app.accounts.peers.may_start(peer) {
        return Ok(Refusal::TooMany.into_response());
    }
    let content = Content {
        run,
        next: wanted.next(),
        ..Content::default()
    };
    let cookie = draft::start(&app, &content).await?;
    let mut response = see("/sign-up/name");
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn show(
    _: Visitor,
    State(app): State<App>,
    Path(question): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let Some(question) = Question::of(&question) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(no_answers(&app));
    };
    let beside = beside(&app, draft.content.run).await?;
    let form = draft.content.form(question);
    let html = pages::question(&app, &beside, question, &form, &draft.content.answers);
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

async fn send(
    _: Visitor,
    State(app): State<App>,
    Path(question): Path<String>,
    headers: HeaderMap,
    submitted: Submitted,
) -> Result<Response> {
    let Some(question) = Question::of(&question) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(no_answers(&app));
    };
    let beside = beside(&app, draft.content.run).await?;
    let facts = Facts {
        today: beside.today,
        first_day: beside.first_day(),
        areas: &app.config.postcodes,
    };
    let path = draft::change(&app, &headers, |content| {
        match question.check(&submitted, &content.answers, facts) {
            Ok(answers) => {
                content.answers = answers;
                content.rejected.remove(question.slug());
                onwards(&content.answers, &beside)
            }
            Err(form) => {
                content.rejected.insert(question.slug().to_owned(), form);
                format!("/sign-up/{}", question.slug())
            }
        }
    })
    .await?;
    Ok(see(path.as_deref().unwrap_or("/sign-up")))
}

async fn show_answers(_: Visitor, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let Some(draft) = draft::of_browser(&app, &headers).await? else {
        return Ok(no_answers(&app));
    };
    let beside = beside(&app, draft.content.run).await?;
    let answers = &draft.content.answers;
    if answers.open_question(beside.first_day()).is_some() {
        return Ok(see(&onwards(answers, &beside)));
    }
    let html = pages::answers(&app, &beside, answers);
    Ok(page(StatusCode::OK, Keep::Journey, html))
}
