//! Choosing: one of a few, any of a few, one of many.

use leptos::either::Either;
use leptos::prelude::*;

use super::group::{Label, described_by, error_message, group_class, hint_line, label_for, legend};
use super::state::FormState;
use crate::ui::{Words, some, some_str};

/// One thing to choose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    value: Words,
    words: Words,
    hint: Words,
    divider: bool,
}

impl Choice {
    /// A choice: what is sent, and what people read.
    pub fn new(value: impl Into<Words>, words: impl Into<Words>) -> Self {
        Self {
            value: value.into(),
            words: words.into(),
            ..Self::default()
        }
    }

    /// More words under the choice.
    #[must_use]
    pub fn hint(mut self, words: impl Into<Words>) -> Self {
        self.hint = words.into();
        self
    }

    /// The word "or" before the last choice, which is of another kind ("Prefer not to say").
    #[must_use]
    pub fn or() -> Self {
        Self {
            words: Words::Borrowed("or"),
            divider: true,
            ..Self::default()
        }
    }
}

/// The two kinds of group differ in a few words only.
#[derive(Clone, Copy)]
struct Kind {
    block: &'static str,
    item: &'static str,
    input: &'static str,
    label: &'static str,
    hint: &'static str,
    divider: &'static str,
    input_type: &'static str,
}

const RADIOS: Kind = Kind {
    block: "govuk-radios",
    item: "govuk-radios__item",
    input: "govuk-radios__input",
    label: "govuk-label govuk-radios__label",
    hint: "govuk-hint govuk-radios__hint",
    divider: "govuk-radios__divider",
    input_type: "radio",
};

const CHECKBOXES: Kind = Kind {
    block: "govuk-checkboxes",
    item: "govuk-checkboxes__item",
    input: "govuk-checkboxes__input",
    label: "govuk-label govuk-checkboxes__label",
    hint: "govuk-hint govuk-checkboxes__hint",
    divider: "govuk-checkboxes__divider",
    input_type: "checkbox",
};

fn item(own: &Group<'_>, at: usize, choice: Choice, outer: &str) -> impl IntoView + use<> {
    let Group {
        form,
        name,
        kind,
        of,
        ..
    } = *own;
    if choice.divider {
        return Either::Left(view! { <div class=kind.divider>{choice.words}</div> });
    }
    let id = if at == 0 {
        name.to_owned()
    } else {
        format!("{name}-{}", at + 1)
    };
    let hint_id = format!("{id}-item-hint");
    let mut described = outer.to_owned();
    if !choice.hint.is_empty() {
        if !described.is_empty() {
            described.push(' ');
        }
        described.push_str(&hint_id);
    }
    let described = Some(described).filter(|ids| !ids.is_empty());
    let checked = form.has(name, &choice.value);
    let hint = some(choice.hint).map(|hint| view! { <div id=hint_id class=kind.hint>{hint}</div> });
    Either::Right(view! {
        <div class=kind.item>
            <input
                class=kind.input
                id=id.clone()
                name=name
                type=kind.input_type
                value=choice.value
                checked=checked
                aria-describedby=described
                form=some_str(of)
            />
            <label class=kind.label for=id>
                {choice.words}
            </label>
            {hint}
        </div>
    })
}

struct Group<'a> {
    form: &'a FormState,
    name: &'static str,
    label: Option<Label>,
    hint: Words,
    class: &'static str,
    of: &'static str,
    kind: Kind,
}

fn group(own: Group<'_>, choices: Vec<Choice>) -> impl IntoView + use<> {
    let Group {
        form,
        name,
        class,
        kind,
        ..
    } = own;
    let error = form.error(name);
    let described = described_by(name, &own.hint, error.is_some());
    let block = if class.is_empty() {
        kind.block.to_owned()
    } else {
        format!("{} {class}", kind.block)
    };
    // Without a fieldset round them, hint and error describe the inputs themselves.
    let outer = if own.label.is_none() {
        described.clone().unwrap_or_default()
    } else {
        String::new()
    };
    let items: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| item(&own, at, choice, &outer))
        .collect();
    let Group { label, hint, .. } = own;
    let inside = view! {
        {hint_line(name, hint)}
        {error_message(name, error)}
        <div class=block>{items}</div>
    };
    let wrong = error.is_some();
    let inside = match label {
        Some(label) => Either::Left(view! {
            <fieldset class="govuk-fieldset" aria-describedby=described>
                {legend(label)}
                {inside}
            </fieldset>
        }),
        None => Either::Right(inside),
    };
    view! { <div class=group_class(wrong, "")>{inside}</div> }
}

/// One of a few: nothing is chosen for anybody beforehand, unless the form's state says so.
#[component]
pub fn Radios<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name; the first input has it as its id, too.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: Label,
    /// What helps to answer it.
    #[prop(into, optional)]
    hint: Words,
    /// What there is to choose.
    choices: Vec<Choice>,
    /// More classes; the look has `govuk-radios` one below the other only.
    #[prop(default = "")]
    class: &'static str,
    /// The id of the form it belongs to, when it stands outside it (filters).
    #[prop(default = "")]
    of: &'static str,
) -> impl IntoView + use<> {
    group(
        Group {
            form,
            name,
            label: Some(label),
            hint,
            class,
            of,
            kind: RADIOS,
        },
        choices,
    )
}

/// Any of a few. Without a `label` it is a single box that says all by itself; none is ever ticked for people.
#[component]
pub fn Checkboxes<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name; the first input has it as its id, too.
    name: &'static str,
    /// The question; leave it out for one box.
    #[prop(optional, into)]
    label: Option<Label>,
    /// What helps to answer it.
    #[prop(into, optional)]
    hint: Words,
    /// What there is to choose.
    choices: Vec<Choice>,
    /// More classes: "govuk-checkboxes--small".
    #[prop(default = "")]
    class: &'static str,
    /// The id of the form it belongs to, when it stands outside it (filters).
    #[prop(default = "")]
    of: &'static str,
) -> impl IntoView + use<> {
    group(
        Group {
            form,
            name,
            label,
            hint,
            class,
            of,
            kind: CHECKBOXES,
        },
        choices,
    )
}

/// One of many, in a list that opens.
#[component]
pub fn Select<'a>(
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
    /// What there is to choose.
    choices: Vec<Choice>,
    /// The id of the form it belongs to, when it stands outside it (filters).
    #[prop(default = "")]
    of: &'static str,
) -> impl IntoView + use<> {
    let error = form.error(name);
    let described = described_by(name, &hint, error.is_some());
    let class = if error.is_some() {
        "govuk-select govuk-select--error"
    } else {
        "govuk-select"
    };
    let chosen = form.value(name);
    let options: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == chosen && !chosen.is_empty();
            view! {
                <option value=choice.value selected=selected>
                    {choice.words}
                </option>
            }
        })
        .collect();
    view! {
        <div class=group_class(error.is_some(), "")>
            {label_for(name, label)} {hint_line(name, hint)} {error_message(name, error)}
            <select class=class id=name name=name aria-describedby=described form=some_str(of)>
                {options}
            </select>
        </div>
    }
}
