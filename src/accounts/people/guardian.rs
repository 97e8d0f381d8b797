//! Somebody under 16 comes: their parent agrees at once if it is whose account this is, or else is asked by email.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::handlers::{Opened, open};
use super::model::{Holder, Represented};
use super::pages;
use crate::accounts::guardian::{self, Named};
use crate::accounts::guards::Member;
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::accounts::sign_in::handlers::Next;
use crate::accounts::sign_up::checks;
use crate::accounts::sign_up::questions::Guardian;
use crate::accounts::sign_up::rules::phone_words;
use crate::privacy::consents::{Channel, record};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::{Check, FormState, Submitted};
use crate::write_tx;

/// The box by which a parent agrees.
pub const AGREE: &str = "agree";

/// Who is asked: whose account it is, or somebody else by email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The account holder is the parent or guardian.
    Holder,
    /// Somebody else, by email.
    Other,
}

impl Asked {
    /// Nobody under 16 agrees for somebody else, whatever they say they are.
    pub fn of(person: &Represented, holder: &Holder, today: chrono::NaiveDate) -> Self {
        if person.relation().may_agree() && holder.is_grown_up(today) {
            Self::Holder
        } else {
            Self::Other
        }
    }
}

/// Asks the parent to agree, or who the parent is. Of people under 16 alone.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let Some(opened) = young(&app, member.who(), &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let person = &opened.person;
    let asked = asked(&app, &opened);
    let form = match asked {
        Asked::Holder => FormState::empty(),
        Asked::Other => FormState::filled([
            ("guardian-name", text(&person.guardian_name)),
            ("guardian-email", text(&person.guardian_email)),
            (
                "guardian-phone",
                person
                    .guardian_phone
                    .as_deref()
                    .map(phone_words)
                    .unwrap_or_default(),
            ),
        ]),
    };
    let html = pages::guardian(&app, member.who(), person, asked, form, next.path());
    Ok(page(StatusCode::OK, Keep::Journey, html))
}

/// Keeps the answer. Bookings that wait are agreed to at once, or asked about anew.
pub async fn save(
    member: Member,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let Some(opened) = young(&app, who, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let asked = asked(&app, &opened);
    let mut check = Check::new(&submitted);
    let named = match asked {
        Asked::Holder => {
            check.must_tick(AGREE, "Tick the box if you agree");
            None
        }
        Asked::Other => other(&mut check, &opened, who),
    };
    if check.failed() {
        let form = check.finish();
        let html = pages::guardian(&app, who, &opened.person, asked, form, next.path());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    match named {
        None => agree(&app, who, &opened).await?,
        Some(guardian) => name(&app, &opened.person, &guardian).await?,
    }
    Ok(match next.path() {
        Some(path) => see(path),
        None => Said::DetailsSaved.and_see(&app, super::handlers::LIST),
    })
}

async fn young(app: &App, who: &Who, id: &str) -> Result<Option<Opened>> {
    let today = dates::day_of(app.clock.now());
    let opened = open(app, who, id).await?;
    Ok(opened.filter(|opened| opened.person.is_under_16(today)))
}

fn asked(app: &App, opened: &Opened) -> Asked {
    let today = dates::day_of(app.clock.now());
    Asked::of(&opened.person, &opened.holder, today)
}

/// Somebody who is reached neither where the account holder is, nor where the child is.
fn other(check: &mut Check<'_>, opened: &Opened, who: &Who) -> Option<Guardian> {
    let Opened { person, holder } = opened;
    let given = |value: &'_ Option<String>| value.clone().unwrap_or_default();
    let emails = [
        who.email.clone(),
        given(&holder.email),
        given(&person.email),
    ];
    let phones = [given(&holder.phone), given(&person.phone)];
    checks::guardian(
        check,
        &emails.each_ref().map(String::as_str),
        &phones.each_ref().map(String::as_str),
    )
}

/// The account holder is the parent or guardian, and agrees.
async fn agree(app: &App, who: &Who, opened: &Opened) -> Result<()> {
    let Opened { person, holder } = opened;
    if person.guardian_agreed_at.is_some() {
        return Ok(());
    }
    let (id, now) = (app.id()?, app.clock.now());
    let named = Named {
        id,
        person_id: person.person_id,
        full_name: &holder.full_name,
        email: Some(&who.email),
        phone: holder.phone.as_deref(),
        agreed_at: Some(now),
        now,
    };
    let (child, channel) = (&person.full_name, Channel::Account);
    let consent = guardian::consent(app, person.person_id, child, true, channel)?;
    write_tx!(app.db, |c| {
        guardian::name!(c, &named);
        record!(c, &consent);
        Ok(())
    })?;
    crate::bookings::guardian_agreed(app, person.person_id).await?;
    Ok(())
}

/// Somebody else is asked by email, with each booking.
async fn name(app: &App, person: &Represented, guardian: &Guardian) -> Result<()> {
    let same = person.guardian_name.as_deref() == Some(&guardian.full_name)
        && person.guardian_email.as_deref() == Some(&guardian.email)
        && person.guardian_phone.as_deref() == Some(&guardian.phone);
    if same {
        return Ok(());
    }
    let (id, now) = (app.id()?, app.clock.now());
    let named = Named {
        id,
        person_id: person.person_id,
        full_name: &guardian.full_name,
        email: Some(&guardian.email),
        phone: Some(&guardian.phone),
        agreed_at: None,
        now,
    };
    write_tx!(app.db, |c| {
        guardian::name!(c, &named);
        Ok(())
    })?;
    crate::bookings::ask_again(app, person.person_id).await
}

/// Whether the account holder still has to answer about somebody under 16.
pub fn is_open(person: &Represented, today: chrono::NaiveDate) -> bool {
    person.is_under_16(today)
        && person.guardian_agreed_at.is_none()
        && person.guardian_email.is_none()
}
