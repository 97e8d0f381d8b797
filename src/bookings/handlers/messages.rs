//! How somebody is reminded, and what messages may say, changed in the account.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::accounts::Member;
use crate::accounts::said::{Said, said};
use crate::bookings::choices;
use crate::bookings::model::{Choices, RemindBy};
use crate::bookings::pages::messages as pages;
use crate::bookings::store::{self, Person};
use crate::privacy::consents::Channel;
use crate::server::http::{Keep, page};
use crate::server::{App, Error, Result};
use crate::ui::form::{Check, FormState, Submitted};

async fn person(app: &App, member: &Member) -> Result<Person> {
    let people = store::people(&app.db, &[member.who().person_id]).await?;
    people
        .into_iter()
        .next()
        .ok_or_else(|| Error::Other("an account without a person".into()))
}

/// The form as somebody answered before.
pub(super) fn filled(person: &Person) -> FormState {
    let form = FormState::empty().with(pages::REMIND, person.remind_by.clone());
    if person.name_course_in_messages == Some(true) {
        form.with(pages::NAMED, "yes")
    } else {
        form
    }
}

/// What they chose, once every answer is right.
pub(super) fn chosen(check: &mut Check<'_>) -> (Option<RemindBy>, Option<bool>) {
    let remind = check.choice(
        pages::REMIND,
        "Choose how we should remind you",
        &RemindBy::ALL,
    );
    (
        remind.map(RemindBy::named),
        Some(check.ticked(pages::NAMED)),
    )
}

/// How they are reminded now.
pub async fn show(member: Member, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let person = person(&app, &member).await?;
    let mut form = filled(&person);
    if person.remind_each_session {
        form = form.with(pages::EACH, "yes");
    }
    if !person.ask_feedback {
        form = form.with(pages::NOT_ASKED, "yes");
    }
    let html = pages::messages(&app, &member.who().name, form, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Keeps what they chose.
pub async fn save(
    member: Member,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let mut check = Check::new(&submitted);
    let (remind_by, name_course) = chosen(&mut check);
    let each_session = Some(check.ticked(pages::EACH));
    let ask_feedback = Some(!check.ticked(pages::NOT_ASKED));
    if check.failed() {
        let html = pages::messages(&app, &member.who().name, check.finish(), None);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    }
    let choices = Choices {
        remind_by,
        name_course,
        each_session,
        ask_feedback,
        ..Choices::default()
    };
    let person = person(&app, &member).await?;
    choices::save(&app, &person, &choices, Channel::Account).await?;
    Ok(Said::DetailsSaved.and_see(&app, pages::PATH))
}
