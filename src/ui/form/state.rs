//! A form as it stands: what was typed, and what is wrong with it.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as in the form.
    pub field: String,
    /// What to do, in one sentence: "The year must have 4 numbers, like 1952".
    pub sentence: String,
    /// The parts of a date in error ("day", "month", "year"); none means the whole field.
    pub parts: Vec<String>,
}

impl FieldError {
    /// The id of the input that the error summary leads to.
    #[must_use]
    pub fn target(&self) -> String {
        match self.parts.first() {
            Some(part) => format!("{}-{part}", self.field),
            None => self.field.clone(),
        }
    }
}

/// What was typed and what is wrong with it; never a password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FormState {
    /// A form nobody has typed in yet.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A form filled in from what we know: `FormState::filled([("full-name", "Margaret Ashdown")])`.
    #[must_use]
    pub fn filled<N: Into<String>, V: Into<String>>(
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            values: values
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            errors: Vec::new(),
        }
    }

    /// The same form with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((name.into(), value.into()));
        self
    }

    /// The same form with a day in the three fields of `name` (`Check::date`).
    #[must_use]
    pub fn with_day(self, name: &str, day: NaiveDate) -> Self {
        let parts = [
            ("day", day.day().to_string()),
            ("month", day.month().to_string()),
            ("year", day.year().to_string()),
        ];
        parts.into_iter().fold(self, |form, (part, value)| {
            form.with(format!("{name}-{part}"), value)
        })
    }

    /// The same form with something wrong that only came out later ("There is an account with this email").
    #[must_use]
    pub fn with_error(mut self, field: impl Into<String>, sentence: impl Into<String>) -> Self {
        self.errors.push(FieldError {
            field: field.into(),
            sentence: sentence.into(),
            parts: Vec::new(),
        });
        self
    }

    /// What stands in a field; empty when nothing does.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(own, _)| own == name)
            .map_or("", |(_, value)| value)
    }

    /// Whether this choice of a group is the chosen one, or one of the chosen.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values
            .iter()
            .any(|(own, chosen)| own == name && chosen == value)
    }

    /// Every value, for a draft.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What is wrong with a field: the first thing only, so that there is one thing to do.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == name)
    }

    /// Everything that is wrong, in the order of the form.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(super) fn new(values: Vec<(String, String)>, errors: Vec<FieldError>) -> Self {
        Self { values, errors }
    }
}
