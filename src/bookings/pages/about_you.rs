//! "What is your ethnic group?": one question, and nobody has to answer it.

use leptos::prelude::*;

use crate::accounts::said::Said;
use crate::bookings::consents::ETHNICITY;
use crate::bookings::equality::{FIELD, GROUPS, NOT_SAID};
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

fn radio(
    form: &FormState,
    number: usize,
    value: &'static str,
    words: &'static str,
) -> impl IntoView + use<> {
    let id = if number == 0 {
        FIELD.to_owned()
    } else {
        format!("{FIELD}-{}", number + 1)
    };
    let checked = form.has(FIELD, value);
    view! {
        <div class="govuk-radios__item">
            <input class="govuk-radios__input" id=id.clone() name=FIELD type="radio" value=value checked=checked />
            <label class="govuk-label govuk-radios__label" for=id>
                {words}
            </label>
        </div>
    }
}

/// The question, with the answer that is kept, if any; `heard` is what the last form did, `booking` the reference of
/// the booking they come from.
pub fn about_you(
    app: &App,
    form: FormState,
    answered: bool,
    heard: Option<Said>,
    booking: Option<&str>,
) -> String {
    let (back, back_words) = match booking {
        Some(reference) => (format!("/account/bookings/{reference}"), "Your booking"),
        None => ("/account/bookings".to_owned(), "My bookings"),
    };
    Page::new("What is your ethnic group?")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .error(form.has_errors())
        .back(back.clone(), back_words)
        .render(&app.site, move || {
            let form = &form;
            let mut number = 0;
            let groups: Vec<_> = GROUPS
                .iter()
                .map(|(name, answers)| {
                    let items: Vec<_> = answers
                        .iter()
                        .map(|(value, words)| {
                            number += 1;
                            radio(form, number - 1, value, words)
                        })
                        .collect();
                    view! {
                        <fieldset class="govuk-fieldset wb-block wb-block--near">
                            <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{*name}</legend>
                            {items}
                        </fieldset>
                    }
                })
                .collect();
            let last = radio(form, number, NOT_SAID.0, NOT_SAID.1);
            let error = form.error(FIELD).map(|e| e.sentence.clone());
            let group = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
            let error = error
                .map(|words| {
                    view! {
                        <p id="ethnic-group-error" class="govuk-error-message">
                            <span class="govuk-visually-hidden">"Error: "</span>
                            {words}
                        </p>
                    }
                });
            let said = heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> });
            view! {
                <ErrorSummary form />
                {said}
                <h1>"What is your ethnic group?"</h1>
                <p class="wb-lead">"You do not have to answer. It changes nothing about your booking."</p>
                <Details summary="Why we ask this">
                    <p>
                        "We want our courses to reach everyone. We count answers together to see who we miss. Your tutor cannot see your answer, and we never publish numbers so small that you could be picked out."
                    </p>
                </Details>
                <Form>
                    <div class=group>
                        {error}
                        <div class="govuk-radios">{groups} <div class="govuk-radios__divider">"or"</div> {last}</div>
                    </div>
                    <p>{ETHNICITY.words}</p>
                    <div class="wb-buttons">
                        <Button name="do" value="save">
                            "Save my answer"
                        </Button>
                        {answered
                            .then(|| {
                                view! {
                                    <Button kind=ButtonKind::Outlined name="do" value="remove">
                                        "Remove my answer"
                                    </Button>
                                }
                            })}
                        <a href=back>"Skip this"</a>
                    </div>
                </Form>
            }
        })
}
