//! Codes by text: for whoever does nothing here but lead courses.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use super::handlers::has_password;
use super::pages::{SECURITY, code_field};
use super::store::{self, SecondStep};
use super::{CODES, OFF, OWN, SEND, SET_UP, STEP, TEXT};
use crate::accounts::guards::{Member, PasswordGiven};
use crate::accounts::limits::Try;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::sign_in::handlers::{Next, too_many};
use crate::accounts::sign_up::rules;
use crate::server::http::{Keep, Peer, page, see};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub fn routes() -> Routes {
    Routes::default()
        .post(SEND, send)
        .get(TEXT, show)
        .post(TEXT, begin)
}

/// Sends a code by text, and goes back to the page that asked for it.
async fn send(
    given: PasswordGiven,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = given.who();
    let back = match submitted.raw("to") {
        _ if given.is_half() => next.kept(STEP),
        Some("codes") => CODES.to_owned(),
        Some("off") => OFF.to_owned(),
        _ => next.kept(SET_UP),
    };
    let step = store::of(&app, who.account_id).await?;
    let Some(step) = step.filter(|step| step.phone.is_some() && app.messages.texts.are_sent())
    else {
        return Ok(see(&back));
    };
    if let Some(wait) = too_many(&app, peer, Try::Text, &who.email).await? {
        return Ok(wait);
    }
    store::send_text(&app, who, &step).await?;
    Ok(see(&back))
}

/// Whether somebody may begin with codes by text.
async fn may_begin(app: &App, who: &Who) -> Result<bool> {
    let offered = !who.two_step && is_offered(app, who);
    Ok(offered && has_password(app, who).await?)
}

async fn show(
    member: Member,
    State(app): State<App>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let who = member.who();
    if !may_begin(&app, who).await? {
        return Ok(see(&next.kept(OWN)));
    }
    let html = ask(&app, who, FormState::empty(), &next);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

async fn begin(
    member: Member,
    State(app): State<App>,
    Peer(peer): Peer,
    Query(next): Query<Next>,
    submitted: Submitted,
) -> Result<Response> {
    let who = member.who();
    if !may_begin(&app, who).await? {
        return Ok(see(&next.kept(OWN)));
    }
    let mut check = Check::new(&submitted);
    let Some(phone) = check.text("phone", "Enter your mobile number", mobile) else {
        let html = ask(&app, who, check.finish(), &next);
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, Keep::Nothing, html));
    };
    if let Some(wait) = too_many(&app, peer, Try::Text, &who.email).await? {
        return Ok(wait);
    }
    store::begin(&app, who, Some(&phone)).await?;
    Ok(see(&next.kept(SET_UP)))
}

/// A number that texts reach, as `+447700900982`.
fn mobile(typed: &str) -> std::result::Result<String, String> {
    let number = rules::phone(typed)?;
    if number.starts_with("+447") {
        Ok(number)
    } else {
        Err("Enter a mobile number that begins with 07, like 07700 900 982".into())
    }
}

/// For whom the codes come by text: where the last one went, and a button that sends one and comes back to this page.
pub fn sending(
    app: &App,
    step: &SecondStep,
    to: &'static str,
    next: &Next,
) -> Option<impl IntoView + use<>> {
    let ends = step.phone_end()?;
    let action = next.kept(SEND);
    let (words, button) = match step.text_until {
        Some(until) => (
            format!(
                "We have sent a code to your number that ends in {ends}. It works until {}.",
                dates::time(until)
            ),
            "Text me another code",
        ),
        None => (
            format!("We text a code to your number that ends in {ends}."),
            "Text me a code",
        ),
    };
    let send = if app.messages.texts.are_sent() {
        view! {
            <Form action=action>
                <HiddenField name="to" value=to />
                <Button kind=ButtonKind::Outlined>{button}</Button>
            </Form>
        }
        .into_any()
    } else {
        view! { <p>"We cannot send texts just now. Type a recovery code, or call " <PhoneLink /> "."</p> }.into_any()
    };
    Some(view! {
        <p class="wb-lead">{words}</p>
        {send}
    })
}

/// Whether somebody is offered codes by text: not for the desks where more can be seen than one's own courses.
pub fn is_offered(app: &App, who: &Who) -> bool {
    who.roles.only_tutor() && app.messages.texts.are_sent()
}

/// Which mobile number the codes go to.
fn ask(app: &App, who: &Who, form: FormState, next: &Next) -> String {
    let action = next.kept(TEXT);
    let failed = form.has_errors();
    in_account(app, who, "Get codes by text", SECURITY, failed, move || {
        view! {
            <ErrorSummary form=&form />
            <h1>"Get codes by text"</h1>
            <p class="wb-lead">
                "When you sign in, we text 6 numbers to your mobile. We send the first ones now, to see that the number is yours."
            </p>
            <p>"An app is safer, and it works where your phone has no signal."</p>
            <Form action=action clone:form>
                <TextField form=&form name="phone" label=Label::bold("Mobile number") kind="tel" autocomplete="tel"
                    class="govuk-input--width-20" />
                <Button>"Text me a code"</Button>
            </Form>
        }
    })
}

/// The first code that was sent by text.
pub fn set_up(app: &App, who: &Who, step: &SecondStep, form: FormState, next: &Next) -> String {
    let action = next.kept(SET_UP);
    let other = next.kept(TEXT);
    let failed = form.has_errors();
    in_account(
        app,
        who,
        "Type the code we sent",
        SECURITY,
        failed,
        move || {
            view! {
                <ErrorSummary form=&form />
                <h1>"Type the code we sent"</h1>
                {sending(app, step, "set-up", next)}
                <Form action=action clone:form>
                    {code_field(&form)}
                    <Button>"Switch it on"</Button>
                </Form>
                <p><a href=other>"Use another number"</a></p>
            }
        },
    )
}
