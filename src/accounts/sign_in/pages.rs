//! The pages of signing in.

use leptos::prelude::*;

use super::handlers::Next;
use crate::accounts::said::Said;
use crate::server::App;
use crate::ui::art::Icon;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// What stands above the form.
#[derive(Clone, Copy, Debug, Default)]
pub struct Above {
    /// What the page before said.
    pub said: Option<Said>,
    /// Somebody's form waits for them.
    pub kept_form: bool,
}

/// The form for address and password.
pub fn sign_in(app: &App, form: FormState, above: Above, next: &Next) -> String {
    let (by_link, forgotten) = (next.kept("/sign-in/link"), next.kept("/forgotten-password"));
    let sign_up = next.kept("/sign-up");
    Page::new("Sign in")
        .nav(Nav::Account)
        .error(form.has_errors())
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    {above.said.map(|said| view! {
                        <Notice title=said.words() symbol=Icon::Tick kind=NoticeKind::Good>{()}</Notice>
                    })}
                    {above.kept_form.then(|| view! {
                        <Notice title="Please sign in to go on">
                            <p>"You were signed out because nothing happened for an hour. We have kept what you typed."</p>
                        </Notice>
                    })}
                    <h1>"Sign in"</h1>
                    <Form clone:form>
                        <TextField form=&form name="email" label=Label::bold("Email address") kind="email"
                            autocomplete="username" spellcheck=false class="govuk-input--width-20" />
                        <PasswordField form=&form name="password" label=Label::bold("Password") />
                        {keep_me(&form)}
                        <div class="wb-buttons">
                            <Button>"Sign in"</Button>
                            <a href=forgotten>"I have forgotten my password"</a>
                        </div>
                    </Form>
                    <section class="wb-after" aria-labelledby="no-password">
                        <h2 id="no-password">"No password?"</h2>
                        <p><a href=by_link>"Email me a link to sign in"</a>". It works for 30 minutes."</p>
                        <p>
                            "No account yet? You make one when you book. " <a href="/courses">"Find a course"</a>
                            " or " <a href=sign_up>"make an account now"</a> "."
                        </p>
                    </section>
                </div>
            }
        })
}

/// "Keep me signed in on this device": never ticked for them.
pub fn keep_me(form: &FormState) -> impl IntoView + use<> {
    view! {
        <Checkboxes form=form name="keep" choices=vec![
            Choice::new("yes", "Keep me signed in on this device")
                .hint("Only on a phone or computer that is just yours"),
        ] />
    }
}

/// Too many tries: how long to wait, and the number to ring.
pub fn wait(app: &App, minutes: i64) -> String {
    let sentence = format!(
        "You have tried a few times. Please wait {minutes} {}, then try again.",
        if minutes == 1 { "minute" } else { "minutes" }
    );
    Page::new("Please wait a little")
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"Please wait a little"</h1>
                    <p class="wb-lead">{sentence}</p>
                    <p>"Or call " <PhoneLink /> " and we will help. We can book for you."</p>
                    <p><a href="/sign-in/link">"Email me a link to sign in"</a></p>
                </div>
            }
        })
}
