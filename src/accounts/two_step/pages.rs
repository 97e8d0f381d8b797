//! The pages of the second step.

use leptos::prelude::*;

use super::by_text::{self, Place};
use super::picture::Picture;
use super::store::SecondStep;
use super::{CODES, OFF, OWN, TEXT};
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::said::Said;
use crate::accounts::sign_in::handlers::Next;
use crate::server::{App, Result};
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

pub const SECURITY: &str = "/account/security";

/// "Your code, please": after the password.
pub fn ask(app: &App, step: Option<&SecondStep>, form: FormState, next: &Next) -> String {
    let action = next.kept("/sign-in/second-step");
    Page::new("Enter your code")
        .nav(Nav::Account)
        .unlisted()
        .error(form.has_errors())
        .render(&app.site, move || {
            let text = step.and_then(|step| by_text::sending(app, step, Place::SignIn, next));
            let another = step.and_then(|step| by_text::another(app, step, next));
            let open_app = text.is_none().then(|| {
                view! { <p class="wb-lead">"Open the app on your phone that makes codes. Type the 6 numbers it shows for us."</p> }
            });
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"Enter your code"</h1>
                    {open_app}
                    {text}
                    <Form action=action clone:form>
                        {code_field(&form)}
                        <Checkboxes form=&form name="known" choices=vec![
                            Choice::new("yes", "Do not ask for a code on this device for 30 days")
                                .hint("Only on a phone or computer that is just yours"),
                        ] />
                        <div class="wb-buttons">
                            <Button>"Go on"</Button>
                            {another}
                        </div>
                    </Form>
                    <Details summary="I do not have my phone">
                        <p>"Type one of your recovery codes instead: the ones you wrote down or printed. Each works once."</p>
                        <p>"None left? Call " <PhoneLink /> " and we will help."</p>
                    </Details>
                    <form action="/sign-out" method="post">
                        <button type="submit" class="wb-link-button">"Stop and sign out"</button>
                    </form>
                </div>
            }
        })
}

pub fn code_field(form: &FormState) -> impl IntoView + use<> {
    view! {
        <TextField form=form name="code" label=Label::bold("Code") autocomplete="one-time-code" spellcheck=false
            class="govuk-input--width-10" />
    }
}

/// Whether it is on, and what one can do.
pub fn own(
    app: &App,
    who: &Who,
    in_use: Option<&SecondStep>,
    has_password: bool,
    heard: Option<Said>,
    next: &Next,
) -> String {
    let staff = who.roles.are_staff();
    let left = in_use.map(|step| step.codes_left);
    let ends = in_use.and_then(SecondStep::phone_end).map(str::to_owned);
    let needs_app = who.needs_app();
    let text = by_text::is_offered(app, who).then(|| next.kept(TEXT));
    let action = next.kept(OWN);
    let off = next.kept(OFF);
    let password = next.kept("/account/security/password");
    in_account(app, who, "Two-step sign-in", SECURITY, false, move || {
        let said = heard
            .map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> });
        let must = staff.then(|| {
            view! { <p>"You work with other people’s details here, so you need it before you can open a desk."</p> }
        });
        let text = text.map(|href| {
            view! { <p>"No such app? You can " <a href=href>"get the codes by text"</a> "."</p> }
        });
        let other = if needs_app {
            view! {
                <p>"You do more here now than lead courses. Codes by text are not enough for that: you need an app that makes codes."</p>
                <ButtonLink href=off>"Use an app instead"</ButtonLink>
            }
            .into_any()
        } else {
            let words = if staff {
                "Use another phone"
            } else {
                "Use another phone, or switch it off"
            };
            view! { <p><a href=off>{words}</a></p> }.into_any()
        };
        let number = ends.map(|ends| {
            SummaryRow::new(
                "Codes by text",
                format!("To your number that ends in {ends}"),
            )
        });
        let left = left.map(|left| {
            SummaryRow::new("Recovery codes left", left.to_string())
                .action("/account/two-step/codes", "Make new")
        });
        let body = match left {
            Some(left) => {
                let rows: Vec<_> = number.into_iter().chain([left]).collect();
                view! {
                    <p class="wb-lead">"Two-step sign-in is on. After your password we ask for a code from your phone."</p>
                    <SummaryList rows=rows />
                    {other}
                }
                .into_any()
            }
            None if !has_password => view! {
                <p class="wb-lead">"With two-step sign-in, nobody gets in with your password alone. You need a password first."</p>
                {must}
                <ButtonLink href=password>"Add a password"</ButtonLink>
            }
            .into_any(),
            None => view! {
                <p class="wb-lead">"With two-step sign-in, nobody gets in with your password alone. A code from your phone is asked for, too."</p>
                {must}
                <p>"You need a phone or computer with an app that makes codes. Most phones have one: Google Authenticator, Microsoft Authenticator, or Passwords on an iPhone. It takes about 5 minutes."</p>
                <Form action=action><Button>"Set it up"</Button></Form>
                {text}
            }
            .into_any(),
        };
        view! {
            {said}
            <h1>"Two-step sign-in"</h1>
            {body}
        }
    })
}

/// The picture, and the first code.
pub fn set_up(
    app: &App,
    who: &Who,
    step: &SecondStep,
    form: FormState,
    next: &Next,
) -> Result<String> {
    let address = step.secret.address(&app.config.site_name, &who.email)?;
    let picture = Picture::of(&address)?;
    let letters = step.secret.to_type();
    let action = next.kept("/account/two-step/set-up");
    let failed = form.has_errors();
    Ok(in_account(
        app,
        who,
        "Set up two-step sign-in",
        SECURITY,
        failed,
        move || {
            view! {
                <ErrorSummary form=&form />
                <h1>"Set up two-step sign-in"</h1>
                <div class="wb-words"><ol>
                    <li>"Open the app on your phone that makes codes, and choose to add an account."</li>
                    <li>"Point the phone at this picture."</li>
                    <li>"Type the 6 numbers that the app shows now."</li>
                </ol></div>
                {picture.view()}
                <Details summary="I cannot take the picture">
                    <p>"On this phone: " <a href=address.clone()>"open it in the app"</a> "."</p>
                    <p>"Or type these letters and numbers into the app as the key:"</p>
                    <p class="wb-code">{letters.clone()}</p>
                </Details>
                <Form action=action.clone() clone:form>
                    {code_field(&form)}
                    <Button>"Switch it on"</Button>
                </Form>
            }
        },
    ))
}

/// The ten codes, to write down.
pub fn codes(app: &App, who: &Who, codes: Vec<String>, next: &Next) -> String {
    let on = next.path().unwrap_or(SECURITY).to_owned();
    in_account(
        app,
        who,
        "Your recovery codes",
        SECURITY,
        false,
        move || {
            let codes: Vec<_> = codes
                .into_iter()
                .map(|code| view! { <li class="wb-code">{code}</li> })
                .collect();
            view! {
                <h1>"Your recovery codes"</h1>
                <p class="wb-lead">
                    "Two-step sign-in is on. Print these codes or write them down now. If your phone is lost or broken, each of \
                    them lets you in once."
                </p>
                <ul class="wb-codes">{codes}</ul>
                <p>"Keep them where you keep other important papers, away from your phone. We show them for 15 minutes."</p>
                <div class="wb-buttons"><ButtonLink href=on>"I have kept them"</ButtonLink></div>
            }
        },
    )
}

/// "Make new codes": with a code.
pub fn renew(app: &App, who: &Who, step: &SecondStep, form: FormState, next: &Next) -> String {
    let action = next.kept(CODES);
    let left = step.codes_left;
    let failed = form.has_errors();
    in_account(
        app,
        who,
        "Make new recovery codes",
        SECURITY,
        failed,
        move || {
            view! {
                <ErrorSummary form=&form />
                <h1>"Make new recovery codes"</h1>
                <p class="wb-lead">
                    "You have " {left} " left. New ones take the place of all the old ones."
                </p>
                {by_text::sending(app, step, Place::Codes, next)}
                <Form action=action clone:form>
                    {code_field(&form)}
                    <Button>"Make new codes"</Button>
                </Form>
            }
        },
    )
}

/// "Switch it off", or begin with another phone.
pub fn off(app: &App, who: &Who, step: &SecondStep, form: FormState, next: &Next) -> String {
    let failed = form.has_errors();
    let action = next.kept(OFF);
    let own = next.kept(OWN);
    let (title, words, button) = if who.needs_app() {
        (
            "Use an app instead",
            "Type a code that we text you, or a recovery code. Then you set up the app.",
            "Go on to the app",
        )
    } else if who.roles.are_staff() {
        (
            "Use another phone",
            "Type a code from the phone you have now, or a recovery code. Then you set up the new phone. Until you have, \
             no desk is open to you.",
            "Go on to the new phone",
        )
    } else {
        (
            "Switch two-step sign-in off",
            "Type a code from your phone, or a recovery code. After that your password alone lets you in. You can set it \
             up again on another phone.",
            "Switch it off",
        )
    };
    in_account(app, who, title, SECURITY, failed, move || {
        view! {
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <p class="wb-lead">{words}</p>
            {by_text::sending(app, step, Place::Off, next)}
            <Form action=action clone:form>
                {code_field(&form)}
                <div class="wb-buttons">
                    <Button kind=ButtonKind::Warning>{button}</Button>
                    <a href=own>"Leave it as it is"</a>
                </div>
            </Form>
        }
    })
}
