//! A code for somebody the team has a record of: with it, the record comes into the account that they have made since. Never
//! by the address alone, which others may share.

pub mod account;
mod rules;
mod store;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Person;
use super::{HERE, chosen, path};
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result, form_key};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

use store::last;

pub use store::{Given, LastCode};
pub(in crate::people_desk) use store::{code_columns, join_last_code};

pub async fn ask(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    audit::looked(&app, desk.by(), Action::Looked, None, [person.id]).await?;
    let (given, key) = (last(&app.db, person.id).await?, form_key::new()?);
    let now = app.clock.now();
    let title = format!("A code for {}", person.full_name);
    let html = in_desk(&app, desk.who(), &title.clone(), HERE, false, move || {
        let back = path(person.id);
        let before = given.map(|given| view! { <p>{given.words(now)}</p> });
        let body = match why_not(&person) {
            Some(words) => view! { <WarningText>{words}</WarningText> }.into_any(),
            None => view! {
                <p class="wb-lead">
                    "If they have an account on the website now, this code brings what you have booked for them into it."
                </p>
                <ul>
                    <li>"Give it to nobody but them: by phone when you know that it is them, by letter to their address, or here."</li>
                    <li>"They enter it in their account, with their date of birth."</li>
                    <li>"It works once, for 14 days. A new code ends the one before."</li>
                </ul>
                {before}
                <Form key=key>
                    <Button>"Make a code"</Button>
                </Form>
            }
            .into_any(),
        };
        view! {
            <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to their page"</a></nav>
            <h1>{title}</h1>
            {body}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// Why there is no code for them.
fn why_not(person: &Person) -> Option<&'static str> {
    if person.deceased_at.is_some() {
        Some("They have died.")
    } else if person.account_id.is_some() {
        Some("They sign in already, so they need no code.")
    } else if person.date_of_birth.is_none() {
        Some("We do not know their date of birth, which has to be entered with the code.")
    } else {
        None
    }
}

/// Makes a code and shows it, once: only a hash of it is kept. The same form shows the same code.
pub async fn make(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    if !form_key::is_one(&key) || why_not(&person).is_some() {
        return Ok(Refusal::BadRequest.into_response());
    }
    let parts: [&[u8]; 3] = [
        desk.by().account_id.as_bytes(),
        person.id.as_bytes(),
        key.as_bytes(),
    ];
    let code = rules::code(&app.vault.mac("claim-code", &parts));
    let entry = Entry::by(&app, desk.by(), Action::CodeMade)?.of(person.id);
    let until = store::make(&app, person.id, desk.by().account_id, &code, &entry).await?;
    let title = format!("The code for {}", person.full_name);
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), &title.clone(), HERE, false, move || {
        let script = format!(
            "Sign in on our website. Open “My details”, then “I have a code from the team”. Your code is {}. Enter it with your date of \
             birth before {}.",
            rules::spelled(&code),
            dates::day_and_time(until, today)
        );
        let back = path(person.id);
        view! {
            <Panel title=title label="Code" number=code.clone() />
            <Notice title="Read this out or write it down for them">
                <p class="wb-lead">{script}</p>
            </Notice>
            <p>"We cannot show this code again. If it is lost, make a new one."</p>
            <p><a href=back>"Open the page of " {person.full_name}</a></p>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}
