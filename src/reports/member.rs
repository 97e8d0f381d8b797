//! "Statistics": a member reads what we count, and says that we do not count them.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::{keep_from_statistics, store};
use crate::accounts::Member;
use crate::accounts::pages::in_account;
use crate::accounts::said::{Said, said};
use crate::privacy::consents::{Channel, Wording};
use crate::server::http::{Keep, Refusal, page};
use crate::server::{App, Result};
use crate::staff::By;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The page.
pub const HERE: &str = "/account/statistics";

/// What we do as long as nobody objects.
pub const COUNTED: Wording = Wording {
    about: "statistics",
    words: "We count you, without your name, when we say how old the people are who come, what their ethnic groups are, and \
            which areas they live in.",
    version: "1",
};

/// The question as it stands.
pub async fn show(member: Member, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = member.who();
    let kept_out = store::is_kept_out(&app, who.person_id).await?;
    let heard = Said::heard(&app, &headers);
    let html = in_account(&app, who, "Statistics", HERE, false, move || {
        let stands = if kept_out {
            "You asked us not to count you. We leave you out."
        } else {
            COUNTED.words
        };
        let button = if kept_out {
            view! { <Button name="count" value="yes" kind=ButtonKind::Outlined>"You may count me again"</Button> }.into_any()
        } else {
            view! { <Button name="count" value="no" kind=ButtonKind::Outlined>"Do not count me"</Button> }.into_any()
        };
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>"Statistics"</h1>
            <p class="wb-lead">{stands}</p>
            <div class="wb-words">
                <p>"The council and others who pay for the courses want to know whether everybody is reached. So we count, a few times \
                    a year. Nobody’s name is in it. Numbers are rounded, and small ones are hidden."</p>
                <p>"You can say no, and change your mind at any time:"</p>
                <ul>
                    <li>"It changes nothing about your bookings. That a place was taken is still counted."</li>
                    <li>"What we published before stays as it is. Nobody can find you in it."</li>
                </ul>
            </div>
            <Form>{button}</Form>
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// They say no, or yes again. The same twice is one choice.
pub async fn send(
    member: Member,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let kept_out = match submitted.line("count").as_str() {
        "no" => true,
        "yes" => false,
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let who = member.who();
    let by = By::themselves(who, HERE);
    keep_from_statistics(&app, &by, who.person_id, kept_out, Channel::Account).await?;
    Ok(Said::StatisticsSaved.and_see(&app, HERE))
}
