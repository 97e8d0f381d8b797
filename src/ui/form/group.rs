//! What the fields have in common: the group with its label, hint and error.

use leptos::either::Either;
use leptos::prelude::*;

use super::state::FieldError;
use crate::ui::{Words, some};

/// The words of a question, and how big they stand.
///
/// `"Phone"` alone is a bold label; [`Label::page`] makes it the page's heading (one question on a page).
#[derive(Debug, Clone)]
pub struct Label {
    words: Words,
    size: Size,
    caption: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Plain,
    Small,
    Part,
    Page,
    Hidden,
}

impl Label {
    /// A question that is the whole page: the label is the page's `<h1>`.
    pub fn page(words: impl Into<Words>) -> Self {
        Self::sized(words, Size::Page)
    }

    /// A question that heads a part of a page.
    pub fn part(words: impl Into<Words>) -> Self {
        Self::sized(words, Size::Part)
    }

    /// A bold question; what plain words become.
    pub fn bold(words: impl Into<Words>) -> Self {
        Self::sized(words, Size::Small)
    }

    /// A question in plain weight.
    pub fn plain(words: impl Into<Words>) -> Self {
        Self::sized(words, Size::Plain)
    }

    /// Words for screen readers alone (a search box beside its button).
    pub fn hidden(words: impl Into<Words>) -> Self {
        Self::sized(words, Size::Hidden)
    }

    /// Small words above a page's question: "Question 2 of 6".
    #[must_use]
    pub fn caption(mut self, words: impl Into<Words>) -> Self {
        self.caption = words.into();
        self
    }

    fn sized(words: impl Into<Words>, size: Size) -> Self {
        Self {
            words: words.into(),
            size,
            caption: Words::Borrowed(""),
        }
    }
}

impl From<&'static str> for Label {
    fn from(words: &'static str) -> Self {
        Self::sized(words, Size::Small)
    }
}

impl From<String> for Label {
    fn from(words: String) -> Self {
        Self::sized(words, Size::Small)
    }
}

impl From<Words> for Label {
    fn from(words: Words) -> Self {
        Self::sized(words, Size::Small)
    }
}

/// The class of a group, with more classes of its own after a space.
pub(super) fn group_class(wrong: bool, more: &str) -> String {
    let class = if wrong {
        "govuk-form-group govuk-form-group--error"
    } else {
        "govuk-form-group"
    };
    if more.is_empty() {
        class.to_owned()
    } else {
        format!("{class} {more}")
    }
}

/// The ids of what describes a field.
pub(super) fn described_by(name: &str, hint: &str, wrong: bool) -> Option<String> {
    match (hint.is_empty(), wrong) {
        (true, false) => None,
        (true, true) => Some(format!("{name}-error")),
        (false, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-hint {name}-error")),
    }
}

fn caption(words: Words) -> impl IntoView + use<> {
    some(words).map(|words| view! { <span class="wb-count">{words} " "</span> })
}

/// The label of one input.
pub(super) fn label_for(id: &'static str, label: Label) -> impl IntoView + use<> {
    let class = match label.size {
        Size::Plain => "govuk-label",
        Size::Small => "govuk-label govuk-label--s",
        Size::Part => "govuk-label govuk-label--m",
        Size::Page => "govuk-label govuk-label--xl",
        Size::Hidden => "govuk-label govuk-visually-hidden",
    };
    let tag = view! {
        <label class=class for=id>
            {caption(label.caption)}
            {label.words}
        </label>
    };
    if label.size == Size::Page {
        Either::Left(view! { <h1 class="govuk-label-wrapper">{tag}</h1> })
    } else {
        Either::Right(tag)
    }
}

/// The legend of a group of inputs.
pub(super) fn legend(label: Label) -> impl IntoView + use<> {
    let class = match label.size {
        Size::Plain => "govuk-fieldset__legend",
        Size::Small => "govuk-fieldset__legend govuk-fieldset__legend--s",
        Size::Part => "govuk-fieldset__legend govuk-fieldset__legend--m",
        Size::Page => "govuk-fieldset__legend govuk-fieldset__legend--xl",
        Size::Hidden => "govuk-fieldset__legend govuk-visually-hidden",
    };
    let words = if label.size == Size::Page {
        Either::Left(view! {
            <h1 class="govuk-fieldset__heading">
                {caption(label.caption)}
                {label.words}
            </h1>
        })
    } else {
        Either::Right(label.words)
    };
    view! { <legend class=class>{words}</legend> }
}

/// The hint under a question.
pub(super) fn hint_line(name: &str, hint: Words) -> impl IntoView + use<> {
    let id = format!("{name}-hint");
    some(hint).map(|hint| view! { <div id=id class="govuk-hint">{hint}</div> })
}

/// What is wrong with a field, right above it.
pub(super) fn error_message(name: &str, error: Option<&FieldError>) -> impl IntoView + use<> {
    let id = format!("{name}-error");
    error.map(|error| error.sentence.clone()).map(|sentence| {
        view! {
            <p id=id class="govuk-error-message">
                <span class="govuk-visually-hidden">"Error:"</span>
                " "
                {sentence}
            </p>
        }
    })
}

/// A group of fields under one legend.
#[component]
pub fn Fieldset(
    /// The words over the group.
    #[prop(into)]
    legend: Label,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! { <fieldset class="govuk-fieldset">{self::legend(legend)} {children()}</fieldset> }
}
