//! The list of what is wrong, at the top of the page.

use leptos::prelude::*;

use super::state::FormState;
use crate::ui::art::{Icon, icon};

/// "There is a problem", with a link to each field; nothing at all when the form is right.
#[component]
pub fn ErrorSummary<'a>(
    /// The form as it stands.
    form: &'a FormState,
) -> impl IntoView + use<> {
    form.has_errors().then(|| {
        let items: Vec<_> = form
            .errors()
            .iter()
            .map(|error| {
                let (href, sentence) = (format!("#{}", error.target()), error.sentence.clone());
                view! {
                    <li>
                        <a href=href>{sentence}</a>
                    </li>
                }
            })
            .collect();
        view! {
            <div class="govuk-error-summary" tabindex="-1" autofocus>
                <div role="alert">
                    <h2 class="govuk-error-summary__title">{icon(Icon::Warning)} "There is a problem"</h2>
                    <div class="govuk-error-summary__body">
                        <ul class="govuk-list govuk-error-summary__list">{items}</ul>
                    </div>
                </div>
            </div>
        }
    })
}
