//! Writing down a request that came by phone, letter or email, or in person.

mod answers;
mod pages;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use uuid::Uuid;

pub use answers::words;
pub use pages::owners;

use super::sealed;
use super::store;
use crate::accounts::said::Said;
use crate::bookings::rules::number;
use crate::people_desk::{OnRecord, who_has};
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key, random};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Requests;
use crate::ui::dates;
use crate::ui::form::*;

/// The one who looks after it, when there is none yet.
const NOBODY: &str = "nobody";
/// Whoever asks is none of those who were found.
const SOMEBODY_ELSE: &str = "new";

/// Whose request it is, if they are on record.
#[derive(Debug, Default, Deserialize)]
pub struct Whose {
    #[serde(default)]
    person: String,
}

impl Whose {
    /// The person, with the look written down; a number of nobody is not there.
    async fn found(
        &self,
        app: &App,
        desk: &Desk<Requests>,
    ) -> Result<std::result::Result<Option<(Uuid, String)>, Response>> {
        if self.person.is_empty() {
            return Ok(Ok(None));
        }
        let not_there = || Refusal::NotFound.into_response();
        let Ok(id) = Uuid::try_parse(&self.person) else {
            return Ok(Err(not_there()));
        };
        let found = store::person(app, desk.by(), id).await?;
        Ok(found.map(Some).ok_or_else(not_there))
    }
}

pub async fn show(
    desk: Desk<Requests>,
    State(app): State<App>,
    Query(whose): Query<Whose>,
) -> Result<Response> {
    let person = match whose.found(&app, &desk).await? {
        Ok(person) => person,
        Err(answer) => return Ok(answer),
    };
    let today = dates::day_of(app.clock.now());
    let form = FormState::filled([
        (FORM_KEY, form_key::new()?),
        ("owner", desk.by().account_id.to_string()),
    ])
    .with_day("received", today)
    .with_day("asked-on", today);
    let colleagues = store::colleagues(&app).await?;
    Ok(pages::page(
        &app,
        &desk,
        person,
        Vec::new(),
        &colleagues,
        form,
    ))
}

pub async fn send(
    desk: Desk<Requests>,
    State(app): State<App>,
    Query(whose): Query<Whose>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let person = match whose.found(&app, &desk).await? {
        Ok(person) => person,
        Err(answer) => return Ok(answer),
    };
    let today = dates::day_of(app.clock.now());
    let colleagues = store::colleagues(&app).await?;
    let (mut sent, form) = match answers::read(&submitted, person.is_some(), &colleagues, today) {
        Ok(read) => read,
        Err(form) => {
            let mut alike = Vec::new();
            if person.is_none() {
                alike = who_has(&app, &submitted.line("contact")).await?;
                look(&app, &desk, &alike).await?;
            }
            return Ok(pages::page(&app, &desk, person, alike, &colleagues, form));
        }
    };
    let mut person_id = person.map(|(id, _)| id);
    if let Some((_, contact)) = &sent.asker {
        let alike = who_has(&app, contact).await?;
        let answer = submitted.line("who");
        person_id = alike
            .iter()
            .map(|one| one.id)
            .find(|id| id.to_string() == answer);
        if person_id.is_some() {
            sent.asker = None;
        } else if !alike.is_empty() && answer != SOMEBODY_ELSE {
            look(&app, &desk, &alike).await?;
            let form = form.with_error("who", "Choose one of these people, or “Somebody else”");
            return Ok(pages::page(&app, &desk, None, alike, &colleagues, form));
        }
    }
    let answers = sent.record(person_id);
    let id = form_key::id(&app, "rights-request", desk.by().account_id, &key, &answers);
    let new = store::New {
        id,
        reference: new_reference()?,
        channel: sent.channel,
        timing: sent.timing,
        person_id,
        asked: sealed::seal_asked(&app, id, &sent.asked).await?,
        asker: sent.asker,
        owner_id: sent.owner,
    };
    let entry = Entry::by(&app, desk.by(), Action::RequestWritten)?.about(id);
    let entry = match person_id {
        Some(person) => entry.of(person),
        None => entry,
    };
    store::add(&app, &new, &entry).await?;
    Ok(Said::RequestWritten.and_see(&app, &super::path(id)))
}

/// Those who are shown in the question are written down as seen.
async fn look(app: &App, desk: &Desk<Requests>, alike: &[OnRecord]) -> Result<()> {
    let seen = alike.iter().map(|one| one.id);
    audit::looked(app, desk.by(), Action::Looked, None, seen).await
}

/// A number to be read out: "DP-7K4-2MQ".
fn new_reference() -> Result<String> {
    loop {
        let mut bytes = [0; 24];
        random::fill(&mut bytes)?;
        if let Some(reference) = number("DP", &bytes) {
            return Ok(reference);
        }
    }
}
