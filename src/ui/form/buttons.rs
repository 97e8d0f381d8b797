//! The form itself, its hidden fields and its buttons.

use leptos::prelude::*;

use super::FORM_KEY;
use crate::ui::{Words, some, some_str};

/// How a button looks. One filled button in a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing to do here.
    #[default]
    Filled,
    /// Something else one can do.
    Outlined,
    /// Cancel or delete, on a page of its own.
    Warning,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Filled => "govuk-button",
            Self::Outlined => "govuk-button govuk-button--secondary",
            Self::Warning => "govuk-button govuk-button--warning",
        }
    }
}

/// How big a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonSize {
    /// As usual.
    #[default]
    Usual,
    /// The one button of a journey's page.
    Big,
    /// Beside a short list.
    Small,
}

fn button_class(kind: ButtonKind, size: ButtonSize) -> String {
    let size = match size {
        ButtonSize::Usual => "",
        ButtonSize::Big => " wb-button--big",
        ButtonSize::Small => " wb-button--small",
    };
    format!("{}{size}", kind.class())
}

/// A form that posts to the page it stands on (or to `action`). Browsers do not check it: our words do.
#[component]
pub fn Form(
    /// Where it goes; empty for its own address.
    #[prop(into, optional)]
    action: Words,
    /// More classes for the form.
    #[prop(default = "")]
    class: &'static str,
    /// The key that makes sending it twice one effect.
    #[prop(into, optional)]
    key: Words,
    /// The fields and the button.
    children: Children,
) -> impl IntoView {
    let key = some(key).map(|value| view! { <FormKey value /> });
    view! {
        <form method="post" action=some(action) class=some_str(class) novalidate>
            {key}
            {children()}
        </form>
    }
}

/// The idempotency key of a form.
#[component]
pub fn FormKey(
    /// The key, made by the server for this form.
    #[prop(into)]
    value: Words,
) -> impl IntoView {
    view! { <input type="hidden" name=FORM_KEY value=value /> }
}

/// A field people do not see.
#[component]
pub fn HiddenField(
    /// Its name.
    name: &'static str,
    /// Its value.
    #[prop(into)]
    value: Words,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// A button that sends the form it stands in.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(default = ButtonKind::Filled)]
    kind: ButtonKind,
    /// How big it is.
    #[prop(default = ButtonSize::Usual)]
    size: ButtonSize,
    /// The name it sends, when a form has two buttons.
    #[prop(default = "")]
    name: &'static str,
    /// The value it sends under that name.
    #[prop(into, optional)]
    value: Words,
    /// The id of the form it belongs to, when it stands outside it (filters).
    #[prop(default = "")]
    of: &'static str,
    /// Where it sends the form, when that is not where the form goes.
    #[prop(into, optional)]
    action: Words,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=button_class(kind, size) name=some_str(name) value=some(value) form=some_str(of)
            formaction=some(action)>
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it goes.
    #[prop(into)]
    href: Words,
    /// How it looks.
    #[prop(default = ButtonKind::Filled)]
    kind: ButtonKind,
    /// How big it is.
    #[prop(default = ButtonSize::Usual)]
    size: ButtonSize,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=button_class(kind, size)>
            {children()}
        </a>
    }
}
