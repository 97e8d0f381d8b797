//! A password field; it is never filled in again.

use leptos::prelude::*;

use super::group::{Label, described_by, error_message, group_class, hint_line, label_for};
use super::state::FormState;
use crate::ui::Words;

/// A password. Pasting is fine, and nothing of it comes back from us.
#[component]
pub fn PasswordField<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name and id.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: Label,
    /// What helps to choose one.
    #[prop(into, optional)]
    hint: Words,
    /// A new one is being chosen, so browsers offer to make one up.
    #[prop(optional)]
    new: bool,
) -> impl IntoView + use<> {
    let error = form.error(name);
    let described = described_by(name, &hint, error.is_some());
    let class = if error.is_some() {
        "govuk-input govuk-password-input__input govuk-input--error"
    } else {
        "govuk-input govuk-password-input__input"
    };
    view! {
        <div class=group_class(error.is_some(), "govuk-password-input")>
            {label_for(name, label)} {hint_line(name, hint)} {error_message(name, error)}
            <div class="govuk-input__wrapper govuk-password-input__wrapper">
                <input
                    class=class
                    id=name
                    name=name
                    type="password"
                    spellcheck="false"
                    aria-describedby=described
                    autocomplete=if new { "new-password" } else { "current-password" }
                    autocapitalize="none"
                />
            </div>
        </div>
    }
}
