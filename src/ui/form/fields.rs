//! Lines and boxes to type in.

use leptos::prelude::*;

use super::group::{Label, described_by, error_message, group_class, hint_line, label_for};
use super::state::FormState;
use crate::ui::{Words, some_str};

/// One line to type in.
#[component]
pub fn TextField<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name and id.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: Label,
    /// What helps to answer it.
    #[prop(into, optional)]
    hint: Words,
    /// The input's type: "text", "email", "tel", "search".
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers may fill in: "name", "email", "tel", "postal-code".
    #[prop(default = "")]
    autocomplete: &'static str,
    /// The keyboard a phone shows: "numeric".
    #[prop(default = "")]
    inputmode: &'static str,
    /// More classes, mostly a width: "govuk-input--width-10".
    #[prop(default = "")]
    class: &'static str,
    /// Whether the browser checks the spelling; it does not for names and addresses.
    #[prop(optional)]
    spellcheck: Option<bool>,
    /// The id of the form it belongs to, when it stands outside it (filters).
    #[prop(default = "")]
    of: &'static str,
) -> impl IntoView + use<> {
    let error = form.error(name);
    let described = described_by(name, &hint, error.is_some());
    let value = Some(form.value(name).to_owned()).filter(|value| !value.is_empty());
    let mut classes = String::from("govuk-input");
    if !class.is_empty() {
        classes.push(' ');
        classes.push_str(class);
    }
    if error.is_some() {
        classes.push_str(" govuk-input--error");
    }
    view! {
        <div class=group_class(error.is_some(), "")>
            {label_for(name, label)} {hint_line(name, hint)} {error_message(name, error)}
            <input
                class=classes
                id=name
                name=name
                type=kind
                value=value
                spellcheck=spellcheck.map(|on| if on { "true" } else { "false" })
                aria-describedby=described
                autocomplete=some_str(autocomplete)
                inputmode=some_str(inputmode)
                form=some_str(of)
            />
        </div>
    }
}

/// A box for several lines.
#[component]
pub fn TextArea<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name and id.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: Label,
    /// What helps to answer it.
    #[prop(into, optional)]
    hint: Words,
    /// How many lines it shows.
    #[prop(default = 5)]
    rows: u8,
) -> impl IntoView + use<> {
    let error = form.error(name);
    let described = described_by(name, &hint, error.is_some());
    let class = if error.is_some() {
        "govuk-textarea govuk-textarea--error"
    } else {
        "govuk-textarea"
    };
    let typed = form.value(name);
    // Browsers drop the first line end inside a textarea, so one of ours goes before it.
    let typed = if typed.starts_with('\n') {
        format!("\n{typed}")
    } else {
        typed.to_owned()
    };
    view! {
        <div class=group_class(error.is_some(), "")>
            {label_for(name, label)} {hint_line(name, hint)} {error_message(name, error)}
            <textarea class=class id=name name=name rows=rows.to_string() aria-describedby=described>
                {typed}
            </textarea>
        </div>
    }
}
