//! Writing down a request that came by phone, letter or email, or in person.

mod pages;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use chrono::{Months, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

pub use pages::owners;

use super::model::{Channel, Colleague, Kind};
use super::rules::{Step, Timing};
use super::sealed;
use super::{LONGEST, store};
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::name as name_rule;
use crate::bookings::rules::number;
use crate::people_desk::who_has;
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key, random};
use crate::staff::Desk;
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Requests;
use crate::ui::dates;
use crate::ui::form::*;

/// How far back the day may lie on which a request came.
const OLDEST: Months = Months::new(12);
/// As many letters as there are to say how somebody is reached.
const LONGEST_CONTACT: usize = 300;
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

/// What was typed.
struct Sent {
    kind: Kind,
    channel: Channel,
    received_on: NaiveDate,
    asker: Option<(String, String)>,
    asked: String,
    identity_asked: bool,
    owner: Option<Uuid>,
}

impl Sent {
    fn timing(&self, today: NaiveDate) -> Timing {
        let timing = Timing::new(self.kind, self.received_on);
        if !self.identity_asked {
            return timing;
        }
        timing.after(Step::AskIdentity, today).unwrap_or(timing)
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
    .with_day("received", today);
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
    let (mut sent, form) = match read(&submitted, person.is_some(), &colleagues, today) {
        Ok(read) => read,
        Err(form) => {
            return Ok(pages::page(
                &app,
                &desk,
                person,
                Vec::new(),
                &colleagues,
                form,
            ));
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
            let seen = alike.iter().map(|one| one.id);
            audit::looked(&app, desk.by(), Action::Looked, None, seen).await?;
            let form = form.with_error("who", "Choose one of these people, or “Somebody else”");
            return Ok(pages::page(&app, &desk, None, alike, &colleagues, form));
        }
    }
    let id = form_key::id(&app, "rights-request", desk.by().account_id, &key, "");
    let new = store::New {
        id,
        reference: new_reference()?,
        channel: sent.channel,
        timing: sent.timing(today),
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

fn read(
    submitted: &Submitted,
    on_record: bool,
    colleagues: &[Colleague],
    today: NaiveDate,
) -> std::result::Result<(Sent, FormState), FormState> {
    let mut check = Check::new(submitted);
    check.carry(FORM_KEY);
    check.carry("who");
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let kind = check.choice("kind", "Choose what they ask for", &kinds);
    let channels: Vec<&str> = Channel::ALL.iter().map(|one| one.name()).collect();
    let channel = check.choice("channel", "Choose how it came", &channels);
    let received_on = received(&mut check, today);
    let asker = if on_record { None } else { asker(&mut check) };
    let asked = words(&mut check, "asked", "Write what they ask for");
    let identity = check.choice(
        "identity",
        "Choose whether we know that it is them",
        &["known", "asked"],
    );
    let ids: Vec<String> = colleagues
        .iter()
        .map(|one| one.account_id.to_string())
        .collect();
    let choices: Vec<&str> = ids.iter().map(String::as_str).chain([NOBODY]).collect();
    let owner = check.choice("owner", "Choose who looks after it", &choices);
    let owner = owner.map(|owner| Uuid::try_parse(owner).ok());
    let failed = check.failed();
    let form = check.finish();
    match (
        kind.and_then(Kind::named),
        channel.and_then(Channel::named),
        received_on,
        asked,
        identity,
        owner,
        failed,
    ) {
        (
            Some(kind),
            Some(channel),
            Some(received_on),
            Some(asked),
            Some(identity),
            Some(owner),
            false,
        ) => {
            let sent = Sent {
                kind,
                channel,
                received_on,
                asker,
                asked,
                identity_asked: identity == "asked",
                owner,
            };
            Ok((sent, form))
        }
        _ => Err(form),
    }
}

fn received(check: &mut Check<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let words = DateWords {
        missing: "Enter the day on which it came",
        subject: "The day on which it came",
    };
    let day = check.date("received", words)?;
    let oldest = today.checked_sub_months(OLDEST).unwrap_or(today);
    if day > today {
        check.error(
            "received",
            "The day on which it came cannot be in the future",
        );
    } else if day < oldest {
        check.error(
            "received",
            "The day on which it came must be within the last 12 months",
        );
    }
    Some(day)
}

fn asker(check: &mut Check<'_>) -> Option<(String, String)> {
    let name = check.text("full-name", "Enter their name", |typed| {
        name_rule(typed, 200, "their name")
    });
    let contact = check.text("contact", "Enter how we reach them", |typed| {
        if typed.chars().count() > LONGEST_CONTACT {
            return Err(format!("Use {LONGEST_CONTACT} letters or fewer"));
        }
        Ok(typed.to_owned())
    });
    name.zip(contact)
}

/// A box of words that are sealed.
pub(super) fn words(check: &mut Check<'_>, name: &str, missing: &str) -> Option<String> {
    let words = check.long_text(name, missing)?;
    if words.chars().count() > LONGEST {
        check.error(name, "Use 3,000 letters or fewer");
    }
    Some(words)
}
