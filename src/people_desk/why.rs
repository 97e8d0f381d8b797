//! Why the team takes something from somebody: asked each time, and sealed in the record under their key.

use leptos::prelude::*;

use super::wait::LONGEST_REASON;
use crate::ui::form::*;

/// The word in the form, and the words on the screen and in the record.
const REASONS: [(&str, &str); 5] = [
    ("asked", "They asked us to"),
    ("time", "The day, the time or the place does not suit them"),
    ("mistake", "It was a mistake, or they have it twice"),
    ("not-reached", "We could not reach them"),
    (OTHER, "Something else"),
];
/// Only this one needs words.
const OTHER: &str = "other";

/// The question.
pub fn fields(form: &FormState) -> impl IntoView + use<> {
    let choices = REASONS
        .into_iter()
        .map(|(word, words)| Choice::new(word, words))
        .collect();
    view! {
        <Radios form=form name="why" label=Label::bold("Why?") choices=choices />
        <TextArea form=form name="reason" label=Label::bold("In your words (optional)") rows=3
            hint="500 letters at most. It is locked away in the record. Leave out what is about their health." />
    }
}

/// The answer as the record keeps it.
pub fn read(check: &mut Check<'_>) -> Option<String> {
    let words = REASONS.map(|(word, _)| word);
    let why = check.choice("why", "Choose why", &words);
    let missing = if why == Some(OTHER) {
        "Say why in your words"
    } else {
        ""
    };
    let more = check.long_text("reason", missing);
    if more
        .as_ref()
        .is_some_and(|words| words.chars().count() > LONGEST_REASON)
    {
        check.error("reason", "Use 500 letters or fewer");
    }
    let (_, said) = REASONS.into_iter().find(|(word, _)| Some(*word) == why)?;
    (!check.failed()).then(|| match more {
        Some(more) => format!("{said}: {more}"),
        None => said.to_owned(),
    })
}
