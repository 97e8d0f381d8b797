//! A member's own certificate: the page that says how they stand, and the PDF. Another account's booking is not there.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::rules::{Standing, needed};
use super::store::{self, Run};
use super::{answer, can_write};
use crate::accounts::Member;
use crate::bookings::rules::read_reference;
use crate::registers::attendance::Line;
use crate::server::http::{Keep, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::ButtonLink;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// The pages.
pub fn routes() -> Routes {
    Routes::default()
        .get("/account/bookings/{reference}/certificate", show)
        .get("/account/bookings/{reference}/certificate.pdf", download)
}

async fn load(app: &App, member: &Member, typed: &str) -> Result<Option<(String, Run, Vec<Line>)>> {
    let Some(reference) = read_reference(typed) else {
        return Ok(None);
    };
    let found = store::of_booking(app, member.who().account_id, &reference).await?;
    Ok(found.map(|(run, lines)| (reference, run, lines)))
}

/// How one who comes by the booking stands, and whether we can print their name.
struct Seen {
    name: String,
    standing: Standing,
    can_write: bool,
}

async fn show(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((reference, run, lines)) = load(&app, &member, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let all = lines
        .iter()
        .map(|line| {
            Ok(Seen {
                name: line.person.name.clone(),
                standing: run.standing(&app, line),
                can_write: can_write(&line.person.name)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let html = shown(&app, &reference, &run, all);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// The certificates of those who come by the booking, a page each.
async fn download(
    member: Member,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let Some((_, run, lines)) = load(&app, &member, &reference).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let mut all = Vec::new();
    for line in &lines {
        if can_write(&line.person.name)? {
            all.extend(run.certificate(&app, line));
        }
    }
    if all.is_empty() {
        return Ok(Refusal::NotFound.into_response());
    }
    answer(&app, &all, dates::day_of(app.clock.now()))
}

fn shown(app: &App, reference: &str, run: &Run, all: Vec<Seen>) -> String {
    let today = dates::day_of(app.clock.now());
    let last = dates::day(dates::day_of(run.ends_at), today);
    let back = format!("/account/bookings/{reference}");
    let pdf = format!("{back}/certificate.pdf");
    let title = run.title.clone();
    let ready = all
        .iter()
        .filter(|one| one.can_write && one.standing.earned().is_some())
        .count();
    let alone = all.len() == 1;
    Page::new("Certificate of attendance")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .back(back, "Your booking")
        .render(&app.site, move || {
            let people: Vec<_> = all
                .into_iter()
                .map(|one| {
                    let name = (!alone).then(|| view! { <h2>{one.name.clone()}</h2> });
                    view! { {name} {sentences(&one, &last)} }
                })
                .collect();
            let button = match ready {
                0 => None,
                1 => Some("Download the certificate (PDF)"),
                _ => Some("Download the certificates (PDF)"),
            };
            view! {
                <h1>"Certificate of attendance"</h1>
                <p class="wb-lead">{title}</p>
                {people}
                {button.map(|words| view! {
                    <p><ButtonLink href=pdf>{words}</ButtonLink></p>
                    <p>"The name of the course is on it. A screen reader can read it aloud."</p>
                })}
                <p>"Something not right? Call " <PhoneLink /> "."</p>
            }
        })
}

/// How they stand, kindly.
fn sentences(one: &Seen, last: &str) -> AnyView {
    match one.standing {
        Standing::ToCome => view! {
            <p>"There is no certificate yet: the course goes on until " {last.to_owned()} ". Look here again after that."</p>
        }
        .into_any(),
        Standing::NotGoingAhead => view! {
            <p>"We are sorry. This date did not go ahead to its end, so there is no certificate."</p>
        }
        .into_any(),
        Standing::Earned { came, of } => {
            let by_hand = (!one.can_write).then(|| view! {
                <p>"We cannot print all the letters of this name. Call us, and we write it on the certificate by hand."</p>
            });
            let came = match of {
                1 => "Well done for coming.".to_owned(),
                of => format!("Well done: {came} of {of} sessions."),
            };
            view! { <p>{came}</p> {by_hand} }.into_any()
        }
        Standing::Waits { .. } => view! {
            <p>"There is no certificate yet: the tutor has not written down who came to every session. \
                Look here again in a few days."</p>
        }
        .into_any(),
        Standing::AskUs { .. } => view! {
            <p>"There is no certificate yet: it is not written down whether you came to every session. \
                Please call us on " <PhoneLink /> ": we look it up."</p>
        }
        .into_any(),
        Standing::TooFew { came, of } => {
            let words = format!(
                "We have written down {came} of {of} sessions. For a certificate it takes {}. It was good to have you with us all the \
                 same, and you are welcome to come again.",
                needed(of)
            );
            view! { <p>{words}</p> <p>"Did you come more often than that? Tell us, and we look again."</p> }.into_any()
        }
    }
}
