//! Pages for what cannot be done: plain words, what to do next, and the phone number.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Keep, RequestId, page};
use crate::server::App;
use crate::ui::page::Page;

/// Why a request was refused. "Not yours" is [`Refusal::NotFound`] too: it must look as if it were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: the form could not be read.
    BadRequest,
    /// 403: the form did not come from one of our pages.
    Forbidden,
    /// 404: no such page, or not for you.
    NotFound,
    /// 405: a page that cannot be sent to.
    WrongMethod,
    /// 408: the form did not arrive in time.
    TooSlow,
    /// 413: more than a form may hold.
    TooLarge,
    /// 429: too many tries.
    TooMany,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
        .into_response()
    }
}

/// On an answer: its plain words are for a program, and stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct PlainWords;

/// Gives every refusal and failure that has no page yet the page for its status.
pub async fn pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    // Plain text is what the framework says when something is wrong with a request.
    let has_page = response.extensions().get::<PlainWords>().is_some()
        || response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|t| !t.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || has_page {
        return response;
    }
    let mut shown = page(status, Keep::Nothing, render(&app, status, id.as_ref()));
    for name in [header::RETRY_AFTER, header::ALLOW, header::CONNECTION] {
        if let Some(value) = response.headers().get(&name) {
            shown.headers_mut().insert(name, value.clone());
        }
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        shown
            .headers_mut()
            .entry(header::RETRY_AFTER)
            .or_insert(HeaderValue::from_static("900"));
    }
    shown
}

fn render(app: &App, status: StatusCode, id: Option<&RequestId>) -> String {
    let (title, sentences) = words(status);
    let phone = app.config.phone().to_owned();
    let number = format!("tel:{}", phone.replace(' ', ""));
    let hours = app.config.phone_hours.clone();
    let id = id
        .filter(|_| status.is_server_error())
        .map(|id| view! { <p>"If you call us, please say this code: " <strong>{id.0.clone()}</strong></p> });
    Page::new(title).render(&app.site, move || {
        view! {
            <h1 class="govuk-heading-xl">{title}</h1>
            {sentences.iter().map(|s| view! { <p class="govuk-body">{*s}</p> }).collect::<Vec<_>>()}
            {id}
            <p class="govuk-body">
                "You can call us on " <a class="govuk-link" href=number>{phone}</a> ", " {hours}
                ". We can book for you."
            </p>
            <p class="govuk-body"><a class="govuk-link" href="/courses">"Find a course"</a></p>
        }
    })
}

fn words(status: StatusCode) -> (&'static str, &'static [&'static str]) {
    match status {
        StatusCode::FORBIDDEN => (
            "We could not be sure that came from our site",
            &[
                "Nothing has been changed or sent.",
                "Please go back to the page, load it again and try once more. Some older phones cannot do this. If it happens again, we can do it for you over the phone.",
            ],
        ),
        StatusCode::NOT_FOUND => (
            "We cannot find that page",
            &[
                "The address may be mistyped, or the page may have moved.",
                "If you followed a link in a message from us, it may have been used already or be too old.",
            ],
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "That page cannot be used this way",
            &["Please go back and start again from the page before."],
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "That took too long to reach us",
            &["Your connection may be slow just now. Please go back and send it again."],
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That was too much text for us to take",
            &["Please go back, shorten what you wrote and send it again."],
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "Please wait 15 minutes and try again",
            &["There have been a lot of tries from here. This keeps everybody’s details safe."],
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "We are very busy just now",
            &[
                "Please wait a few seconds and try again.",
                "If you were booking or changing something, we may have done it already. Please look in My bookings before you try again.",
            ],
        ),
        s if s.is_server_error() => (
            "Sorry, something went wrong on our side",
            &["It is not your fault. Please try again in a few minutes."],
        ),
        _ => ("We could not read that", &["Please go back and try again."]),
    }
}
