//! What codes by text look like.

use leptos::prelude::*;

use super::Place;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::sign_in::handlers::Next;
use crate::accounts::two_step::pages::{SECURITY, code_field};
use crate::accounts::two_step::store::SecondStep;
use crate::accounts::two_step::{OWN, SEND, SET_UP, TEXT};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// For whom the codes come by text: where the last one went, and a button that sends one and comes back to this page.
pub fn sending(
    app: &App,
    step: &SecondStep,
    place: Place,
    next: &Next,
) -> Option<impl IntoView + use<>> {
    let ends = step.phone_end()?;
    let can = app.messages.texts.are_sent();
    let sent = step.text_until.map(|until| {
        let until = dates::time(until);
        format!("We have sent a code to your number that ends in {ends}. It works until {until}.")
    });
    let words = match (sent, can) {
        (Some(sent), true) => sent,
        (Some(sent), false) => format!("{sent} We cannot send another just now."),
        (None, true) => format!("We text a code to your number that ends in {ends}."),
        (None, false) => "We cannot text you a code just now.".to_owned(),
    };
    let action = next.kept(SEND);
    let own = next.kept(OWN);
    let more = match (can, place) {
        (false, Place::SetUp) => view! {
            <p>"You can " <a href=own>"use an app that makes codes"</a> " instead."</p>
        }
        .into_any(),
        (false, _) => view! {
            <p>"You can type a recovery code instead, or call " <PhoneLink /> "."</p>
        }
        .into_any(),
        // The button stands in the form itself: see `another`.
        (true, Place::SignIn) if step.text_until.is_some() => ().into_any(),
        (true, _) => {
            let button = if step.text_until.is_some() {
                "Text me another code"
            } else {
                "Text me a code"
            };
            view! {
                <Form action=action>
                    <HiddenField name="to" value=place.name() />
                    <Button kind=ButtonKind::Outlined>{button}</Button>
                </Form>
            }
            .into_any()
        }
    };
    Some(view! {
        <p class="wb-lead">{words}</p>
        {more}
    })
}

/// The button that sends another code in the middle of signing in. It sends the form that it stands in, so that what is ticked
/// there stays; and it is not the first one there, which Enter presses.
pub fn another(app: &App, step: &SecondStep, next: &Next) -> Option<impl IntoView + use<>> {
    let action = next.kept(SEND);
    let sent = step.phone.is_some() && step.text_until.is_some();
    (sent && app.messages.texts.are_sent()).then(|| {
        view! {
            <Button kind=ButtonKind::Outlined name="to" value=Place::SignIn.name() action=action>
                "Text me another code"
            </Button>
        }
    })
}

/// Which mobile number the codes go to.
pub fn ask(
    app: &App,
    who: &Who,
    before: Option<&SecondStep>,
    form: FormState,
    next: &Next,
) -> String {
    let action = next.kept(TEXT);
    let failed = form.has_errors();
    let sent = before.is_some_and(|step| step.text_until.is_some());
    let set_up = sent.then(|| next.kept(SET_UP));
    in_account(app, who, "Get codes by text", SECURITY, failed, move || {
        let set_up = set_up.map(|href| {
            view! { <p><a href=href>"Type the code we have sent"</a></p> }
        });
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
            {set_up}
        }
    })
}

/// The first code that was sent by text.
pub fn set_up(app: &App, who: &Who, step: &SecondStep, form: FormState, next: &Next) -> String {
    let action = next.kept(SET_UP);
    let other = app.messages.texts.are_sent().then(|| next.kept(TEXT));
    let failed = form.has_errors();
    in_account(
        app,
        who,
        "Type the code we sent",
        SECURITY,
        failed,
        move || {
            let other = other.map(|href| {
                view! { <p><a href=href>"Use another number"</a></p> }
            });
            view! {
                <ErrorSummary form=&form />
                <h1>"Type the code we sent"</h1>
                {sending(app, step, Place::SetUp, next)}
                <Form action=action clone:form>
                    {code_field(&form)}
                    <Button>"Switch it on"</Button>
                </Form>
                {other}
            }
        },
    )
}
