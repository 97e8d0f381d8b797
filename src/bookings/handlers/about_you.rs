//! The one optional question, on somebody's ethnic group.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::Member;
use crate::accounts::said::{Said, said};
use crate::bookings::pages::about_you as pages;
use crate::bookings::{equality, rules};
use crate::privacy::consents::Channel;
use crate::server::http::{Keep, page};
use crate::server::{App, Result};
use crate::ui::form::{Check, FormState, Submitted};

/// `?booking=`: the booking they come from.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    booking: Option<String>,
}

impl Asked {
    fn booking(&self) -> Option<String> {
        self.booking.as_deref().and_then(rules::read_reference)
    }

    fn channel(&self) -> Channel {
        match self.booking() {
            Some(_) => Channel::Booking,
            None => Channel::Account,
        }
    }

    /// The question's own page.
    fn path(&self) -> String {
        match self.booking() {
            Some(reference) => format!("/account/about-you?booking={reference}"),
            None => "/account/about-you".to_owned(),
        }
    }
}

/// The equality question.
pub async fn show(
    member: Member,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let answer = equality::answer(&app, member.who().person_id).await?;
    let heard = Said::heard(&app, &headers);
    let answered = answer.is_some();
    let form = answer.map_or_else(FormState::empty, |own| {
        FormState::filled([(equality::FIELD, own)])
    });
    let html = pages::about_you(&app, form, answered, heard, asked.booking().as_deref());
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// Keeps the answer, or takes it away.
pub async fn answer(
    member: Member,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let person_id = member.who().person_id;
    if submitted.line("do") == "remove" {
        equality::forget(&app, person_id, asked.channel(), None).await?;
        return Ok(Said::AnswerRemoved.and_see(&app, &asked.path()));
    }
    let mut check = Check::new(&submitted);
    let chosen = check.choice(
        equality::FIELD,
        "Choose an answer, or press “Skip this”",
        &equality::answers(),
    );
    let Some(chosen) = chosen else {
        let booking = asked.booking();
        let html = pages::about_you(&app, check.finish(), false, None, booking.as_deref());
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html));
    };
    equality::keep(&app, person_id, chosen, asked.channel()).await?;
    Ok(Said::AnswerSaved.and_see(&app, &asked.path()))
}
