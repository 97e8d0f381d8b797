//! The newsletter's routes. Opening a link changes nothing: only a button does, or a mail program's own (RFC 8058).

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::pages;
use super::rules::{self, LINK};
use super::store::{self, Asked};
use crate::accounts;
use crate::accounts::guards::Visitor;
use crate::messages::{self, Address, letters};
use crate::privacy::consents::Channel;
use crate::server::captcha::{Problem, quiet};
use crate::server::http::{Keep, Peer, Refusal, page, see};
use crate::server::random::Secret;
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::form::{Check, FormState, Submitted};

/// The newsletter's routes.
pub fn routes() -> Routes {
    Routes::default()
        .get("/newsletter", show)
        .post("/newsletter", send)
        .get("/newsletter/sent", show_sent)
        .get("/newsletter/confirm/{token}", show_confirm)
        .post("/newsletter/confirm/{token}", confirm)
        .get("/newsletter/confirmed", show_confirmed)
        .get("/unsubscribe/{token}", show_stop)
        .post("/unsubscribe/{token}", stop)
        .get("/newsletter/stopped", show_stopped)
}

fn known(visitor: &Visitor) -> bool {
    visitor.who().is_some()
}

fn shown(html: String) -> Response {
    page(StatusCode::OK, Keep::Nothing, html)
}

async fn show(visitor: Visitor, State(app): State<App>) -> Result<Response> {
    Ok(shown(pages::form(
        &app,
        FormState::empty(),
        known(&visitor),
    )))
}

async fn send(
    visitor: Visitor,
    State(app): State<App>,
    Peer(peer): Peer,
    submitted: Submitted,
) -> Result<Response> {
    // The strip on the home page is kept for everybody alike, so it carries no time.
    let timed = submitted.has(quiet::STARTED);
    let quiet = match quiet::check(&app, &submitted, pages::FORM) {
        Err(Problem::Trap) => return Ok(see("/newsletter/sent")),
        Err(problem) if timed => Err(problem),
        _ => Ok(()),
    };
    let mut check = Check::new(&submitted);
    let email = check.text("email", "Enter your email address", |typed| {
        accounts::rules::email(typed)
    });
    if let (Some(_), Err(problem)) = (&email, quiet) {
        let words = match problem {
            Problem::TooQuick => problem.words(),
            _ => "This page is from a while ago. Please press the button once more",
        };
        check.error("email", words);
    }
    let wrong = check.failed();
    let form = check.finish();
    let (Some(email), false) = (email, wrong) else {
        let html = pages::form(&app, form, known(&visitor));
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    };
    if !app.captcha.may_skip(peer) {
        return Ok(Refusal::TooMany.into_response());
    }
    let now = app.clock.now();
    let secret = Secret::new()?;
    let asked = Asked {
        id: app.id()?,
        subscription_id: app.id()?,
        hash: secret.hash().to_vec(),
        email: &email,
        now,
        expires_at: now + LINK,
    };
    let url = letters::link(
        &app.config,
        &format!("/newsletter/confirm/{}", secret.text()),
    );
    let mail = letters::newsletter_confirm(&app.config, Address::new(None, &email), &url)?;
    let cause = format!("newsletter:{}:confirm", asked.id);
    let message = messages::prepare(&app, mail, None, &cause).await?;
    store::ask(&app, &asked, &message).await?;
    Ok(see("/newsletter/sent"))
}

async fn show_sent(visitor: Visitor, State(app): State<App>) -> Result<Response> {
    Ok(shown(pages::sent(&app, known(&visitor))))
}

async fn show_confirm(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    let known = known(&visitor);
    Ok(
        match store::link_email(&app, &token, app.clock.now()).await? {
            Some(email) => shown(pages::ask(
                &app,
                known,
                format!("Send the newsletter to {email}?"),
                super::STRIP_WORDS,
                "Yes, send it to me",
            )),
            None => page(StatusCode::GONE, Keep::Nothing, pages::gone(&app, known)),
        },
    )
}

async fn confirm(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    if store::confirm(&app, &token).await? {
        return Ok(see("/newsletter/confirmed"));
    }
    let html = pages::gone(&app, known(&visitor));
    Ok(page(StatusCode::GONE, Keep::Nothing, html))
}

async fn show_confirmed(visitor: Visitor, State(app): State<App>) -> Result<Response> {
    Ok(shown(pages::confirmed(&app, known(&visitor))))
}

async fn show_stop(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response> {
    let known = known(&visitor);
    let email = match rules::subscription(&app, &token) {
        Some(id) => store::email_of(&app, id).await?,
        None => None,
    };
    Ok(match email {
        Some(email) => shown(pages::ask(
            &app,
            known,
            format!("Stop the newsletter to {email}?"),
            "",
            super::STOP_WORDS,
        )),
        None => page(StatusCode::GONE, Keep::Nothing, pages::gone(&app, known)),
    })
}

/// Both the page's button and a mail program's (whose body is `List-Unsubscribe=One-Click`, in either form encoding).
/// It comes from anywhere and is believed for its signed token alone.
async fn stop(
    visitor: Visitor,
    State(app): State<App>,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let one_click = body.windows(9).any(|part| part == b"One-Click");
    let found = match rules::subscription(&app, &token) {
        Some(id) => store::email_of(&app, id).await?.map(|email| (id, email)),
        None => None,
    };
    let Some((id, email)) = found else {
        let html = pages::gone(&app, known(&visitor));
        return Ok(page(StatusCode::GONE, Keep::Nothing, html));
    };
    let channel = if one_click {
        Channel::OneClick
    } else {
        Channel::EmailLink
    };
    let mail = letters::newsletter_goodbye(&app.config, Address::new(None, &email))?;
    let cause = format!("newsletter:{id}:goodbye:{}", app.id()?);
    let message = messages::prepare(&app, mail, None, &cause).await?;
    store::stop(&app, id, channel, &message).await?;
    Ok(if one_click {
        StatusCode::NO_CONTENT.into_response()
    } else {
        see("/newsletter/stopped")
    })
}

async fn show_stopped(visitor: Visitor, State(app): State<App>) -> Result<Response> {
    Ok(shown(pages::stopped(&app, known(&visitor))))
}
