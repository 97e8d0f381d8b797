//! The pages of "My details". The same questions and rules as in the sign-up.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use leptos::prelude::*;

use super::store;
use crate::accounts::guards::Member;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::{Said, said};
use crate::accounts::sign_in::handlers::Next;
use crate::accounts::sign_up::fields;
use crate::accounts::sign_up::questions::{Answers, Facts, Question};
use crate::accounts::sign_up::rules;
use crate::accounts::sign_up::words::{format_words, postcode_words, reach_words};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub fn routes() -> Routes {
    Routes::default()
        .get("/account", show)
        .get("/account/details/{question}", ask)
        .post("/account/details/{question}", save)
}

/// The questions that can be answered anew here. The address has a page of its own; a date of birth is corrected
/// by the course team, since it decides who has to agree. A parent or guardian is asked of people under 16 alone.
fn question(slug: &str, answers: &Answers, today: NaiveDate) -> Option<Question> {
    Question::of(slug).filter(|question| match question {
        Question::Name
        | Question::Phone
        | Question::Postcode
        | Question::Reach
        | Question::Newsletter => true,
        Question::Guardian => answers.band(today) == Some(rules::AgeBand::Under16),
        Question::Born | Question::Email => false,
    })
}

async fn show(member: Member, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let who = member.who();
    let heard = Said::heard(&app, &headers);
    let answers = store::answers(&app, who.person_id, &who.email).await?;
    let html = overview(&app, who, &answers, heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

async fn ask(
    member: Member,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let answers = store::answers(&app, member.who().person_id, &member.who().email).await?;
    let Some(question) = question(&slug, &answers, dates::day_of(app.clock.now())) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let form = question.filled(&answers);
    let html = one(&app, member.who(), question, form, next.path());
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn save(
    member: Member,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    let before = store::answers(&app, who.person_id, &who.email).await?;
    let today = dates::day_of(app.clock.now());
    let Some(question) = question(&slug, &before, today) else {
        return Ok(Refusal::NotFound.into_response());
    };
    let facts = Facts {
        today,
        first_day: today,
        areas: &app.config.postcodes,
    };
    match question.check(&submitted, &before, facts) {
        Ok(after) => {
            store::save(&app, who.person_id, &who.email, &before, &after).await?;
            if after.guardian != before.guardian {
                crate::bookings::ask_again(&app, who.person_id).await?;
            }
            Ok(match next.path() {
                Some(path) => see(path),
                None => Said::DetailsSaved.and_see(&app, "/account"),
            })
        }
        Err(form) => {
            let html = one(&app, who, question, form, next.path());
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Journey, html))
        }
    }
}

fn overview(app: &App, who: &Who, answers: &Answers, heard: Option<Said>) -> String {
    let young = answers.band(dates::day_of(app.clock.now())) == Some(rules::AgeBand::Under16);
    let change = |question: Question| format!("/account/details/{}", question.slug());
    let row = |key: &'static str, value: String, question: Question| {
        SummaryRow::new(key, value).change(change(question))
    };
    let mut about = vec![
        row("Name", answers.full_name.clone(), Question::Name),
        row(
            "What we call you",
            answers.known_as().to_owned(),
            Question::Name,
        ),
        SummaryRow::new(
            "Date of birth",
            answers.born.map(dates::full_day).unwrap_or_default(),
        ),
        SummaryRow::new("Email", who.email.clone()).change("/account/email"),
        row("Phone", rules::phone_words(&answers.phone), Question::Phone),
        row("Postcode", postcode_words(answers), Question::Postcode),
    ];
    if young {
        let guardian = answers.guardian.as_ref();
        let name =
            guardian.map_or_else(|| "We do not know yet".to_owned(), |g| g.full_name.clone());
        about.push(row("Parent or guardian", name, Question::Guardian));
    }
    let newsletter = if answers.newsletter == Some(true) {
        "Yes"
    } else {
        "No"
    };
    let reach = vec![
        row("How we reach you", reach_words(answers), Question::Reach),
        row(
            "Another way",
            format_words(answers).to_owned(),
            Question::Reach,
        ),
        row("Newsletter", newsletter.to_owned(), Question::Newsletter),
    ];
    in_account(app, who, "My details", "/account", false, move || {
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>"My details"</h1>
            <section class="wb-block" aria-labelledby="you">
                <h2 id="you">"About you"</h2>
                <SummaryList rows=about />
                <p class="wb-small">"Is your date of birth wrong? Call " <PhoneLink /> " and we will put it right."</p>
            </section>
            <section class="wb-block" aria-labelledby="reach">
                <h2 id="reach">"How we reach you"</h2>
                <SummaryList rows=reach />
            </section>
            <p><a href="/account/claim">"I have a code from the team"</a></p>
        }
    })
}

/// One question; `next` is the page they came from, if it was not this one's overview.
fn one(app: &App, who: &Who, question: Question, form: FormState, next: Option<&str>) -> String {
    let back = next.unwrap_or("/account").to_owned();
    let failed = form.has_errors();
    in_account(app, who, question.title(), "/account", failed, move || {
        view! {
            <ErrorSummary form=&form />
            <form method="post" novalidate>
                {fields::fields(question, &form, "")}
                <div class="wb-buttons"><Button>"Save"</Button> <a href=back>"Leave it as it is"</a></div>
            </form>
        }
    })
}
