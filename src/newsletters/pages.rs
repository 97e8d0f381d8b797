//! The newsletter's pages.

use leptos::prelude::*;

use super::STRIP_WORDS;
use crate::server::App;
use crate::server::captcha::quiet;
use crate::ui::form::{Button, ErrorSummary, Form, FormState, Label, TextField};
use crate::ui::page::Page;

/// The form's name, for the signed time.
pub const FORM: &str = "newsletter";

/// "New courses, once a month".
pub fn form(app: &App, form: FormState, signed_in: bool) -> String {
    let quiet = quiet::fields(app, FORM);
    Page::new("New courses, once a month")
        .description("One short email a month with new free courses near you. Stop at any time.")
        .canonical("/newsletter")
        .signed_in(signed_in)
        .error(form.has_errors())
        .crumb("/", "Home")
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <ErrorSummary form=&form />
                    <h1>"New courses, once a month"</h1>
                    <p class="wb-lead">
                        "One short email a month with new courses near you. We do not track if you open it. You can stop at any time."
                    </p>
                    <Form>
                        <TextField
                            form=&form
                            name="email"
                            label=Label::bold("Your email address")
                            hint=STRIP_WORDS
                            kind="email"
                            autocomplete="email"
                            spellcheck=false
                        />
                        {quiet}
                        <Button>"Send it to me"</Button>
                    </Form>
                </div>
            }
        })
}

/// The same for every address.
pub fn sent(app: &App, signed_in: bool) -> String {
    simple(
        app,
        signed_in,
        "One more step: open our email",
        "If your address is right, you will have an email from us soon. Press the button in it, and you are on the list.",
        Some("Nothing there? It can take a few minutes. Look in your junk folder too."),
    )
}

/// A question with one button.
pub fn ask(
    app: &App,
    signed_in: bool,
    title: String,
    words: &'static str,
    button: &'static str,
) -> String {
    let heading = title.clone();
    Page::new(title)
        .signed_in(signed_in)
        .unlisted()
        .render(&app.site, move || {
            let words = (!words.is_empty()).then(|| view! { <p>{words}</p> });
            view! {
                <div class="wb-measure">
                    <h1>{heading}</h1>
                    {words}
                    <Form>
                        <Button>{button}</Button>
                    </Form>
                </div>
            }
        })
}

/// "You are on the list".
pub fn confirmed(app: &App, signed_in: bool) -> String {
    simple(
        app,
        signed_in,
        "You are on the list",
        "Look out for our next email.",
        None,
    )
}

/// "You are off the list".
pub fn stopped(app: &App, signed_in: bool) -> String {
    Page::new("You are off the list")
        .signed_in(signed_in)
        .unlisted()
        .render(&app.site, || {
            view! {
                <div class="wb-measure">
                    <h1>"You are off the list"</h1>
                    <p class="wb-lead">
                        "We will not send you the newsletter again. Your bookings stay as they are."
                    </p>
                    <p>
                        "Pressed by mistake? " <a class="govuk-link" href="/newsletter">"Start it again"</a>
                    </p>
                </div>
            }
        })
}

/// "This link has run out".
pub fn gone(app: &App, signed_in: bool) -> String {
    let (phone, email) = (app.config.phone().to_owned(), app.config.email.clone());
    let (tel, mailto) = (app.site.tel(), format!("mailto:{email}"));
    Page::new("This link has run out")
        .signed_in(signed_in)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"This link has run out"</h1>
                    <p class="wb-lead">
                        "Call " <a class="govuk-link" href=tel>{phone}</a> " or email "
                        <a class="govuk-link" href=mailto>{email}</a> " and we will do it for you."
                    </p>
                    <p>
                        "Or "
                        <a class="govuk-link" href="/newsletter">"start again on our newsletter page"</a> "."
                    </p>
                </div>
            }
        })
}

fn simple(
    app: &App,
    signed_in: bool,
    title: &'static str,
    lead: &'static str,
    more: Option<&'static str>,
) -> String {
    Page::new(title)
        .signed_in(signed_in)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>{title}</h1>
                    <p class="wb-lead">{lead}</p>
                    {more.map(|words| view! { <p>{words}</p> })}
                    <p>
                        <a class="govuk-link" href="/courses">"Find a course"</a>
                    </p>
                </div>
            }
        })
}
