//! Going through a posted form, field by field.

use chrono::NaiveDate;

use super::date::{DateTyped, read_date};
use super::state::{FieldError, FormState};
use super::submitted::Submitted;

/// More than anybody types on one line.
const LONGEST_LINE: usize = 300;
/// More than anybody types in a box.
const LONGEST_TEXT: usize = 4000;

/// The words for a date that is not right.
#[derive(Debug, Clone, Copy)]
pub struct DateWords {
    /// Nothing typed: "Enter your date of birth".
    pub missing: &'static str,
    /// The start of the other sentences: "Your date of birth".
    pub subject: &'static str,
}

/// A check that is under way. Ask for each field in the order of the page, then [`finish`](Self::finish).
///
/// ```ignore
/// let mut check = Check::new(&submitted);
/// let name = check.text("full-name", "Enter your full name", |typed| rules::full_name(typed));
/// let email = check.text("email", "Enter your email address", rules::email);
/// let (Some(name), Some(email)) = (name, email) else { return page(check.finish()) };
/// ```
#[derive(Debug)]
pub struct Check<'a> {
    submitted: &'a Submitted,
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl<'a> Check<'a> {
    /// Starts with nothing checked.
    #[must_use]
    pub fn new(submitted: &'a Submitted) -> Self {
        Self {
            submitted,
            values: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A line that must be there, and what the rule makes of it.
    pub fn text<T>(
        &mut self,
        name: &str,
        missing: &str,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let typed = self.submitted.line(name);
        self.typed(name, typed, LONGEST_LINE, missing, rule)
    }

    /// A line that may be left empty (`None`); what is there must still be right.
    pub fn optional<T>(
        &mut self,
        name: &str,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.text(name, "", rule)
    }

    /// A box of several lines that must be filled in.
    pub fn long_text(&mut self, name: &str, missing: &str) -> Option<String> {
        let typed = self.submitted.lines(name);
        self.typed(name, typed, LONGEST_TEXT, missing, |typed| {
            Ok(typed.to_owned())
        })
    }

    /// A box of several lines that may be left empty.
    pub fn optional_long_text(&mut self, name: &str) -> Option<String> {
        self.long_text(name, "")
    }

    /// A password, exactly as typed; it is never kept in the form's state.
    pub fn password<T>(
        &mut self,
        name: &str,
        missing: &str,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.submitted.raw(name) {
            None | Some("") => {
                self.error(name, missing);
                None
            }
            Some(typed) => self.outcome(name, rule(typed)),
        }
    }

    /// One of these choices; `missing` when none was chosen or an unknown one came.
    pub fn choice<'c>(
        &mut self,
        name: &str,
        missing: &str,
        choices: &[&'c str],
    ) -> Option<&'c str> {
        let typed = self.submitted.line(name);
        let chosen = choices.iter().copied().find(|choice| *choice == typed);
        match chosen {
            Some(choice) => self.keep(name, choice),
            None if missing.is_empty() => {}
            None => self.error(name, missing),
        }
        chosen
    }

    /// Any number of these choices; unknown ones are left out.
    pub fn choices<'c>(&mut self, name: &str, choices: &[&'c str]) -> Vec<&'c str> {
        let sent: Vec<String> = self.submitted.all(name).collect();
        let chosen: Vec<&str> = choices
            .iter()
            .copied()
            .filter(|choice| sent.iter().any(|own| own == choice))
            .collect();
        for choice in &chosen {
            self.keep(name, choice);
        }
        chosen
    }

    /// Whether the one box is ticked.
    pub fn ticked(&mut self, name: &str) -> bool {
        let value = self.submitted.raw(name).map(str::to_owned);
        if let Some(value) = &value {
            self.keep(name, value);
        }
        value.is_some()
    }

    /// A box that must be ticked.
    pub fn must_tick(&mut self, name: &str, missing: &str) -> bool {
        let ticked = self.ticked(name);
        if !ticked {
            self.error(name, missing);
        }
        ticked
    }

    /// A date typed into the three fields `<name>-day`, `-month` and `-year`.
    pub fn date(&mut self, name: &str, words: DateWords) -> Option<NaiveDate> {
        let [day, month, year] = ["day", "month", "year"].map(|part| {
            let field = format!("{name}-{part}");
            let typed = self.submitted.line(&field);
            self.keep(&field, &typed);
            typed
        });
        match read_date(&day, &month, &year, words) {
            DateTyped::Date(date) => Some(date),
            DateTyped::Wrong { sentence, parts } => {
                let parts = parts.iter().map(|part| (*part).to_owned()).collect();
                self.errors.push(FieldError {
                    field: name.to_owned(),
                    sentence,
                    parts,
                });
                None
            }
        }
    }

    /// A hidden or plain field that is kept and given back as a line, without any rule.
    pub fn carry(&mut self, name: &str) -> String {
        let typed = self.submitted.line(name);
        self.keep(name, &typed);
        typed
    }

    /// Something is wrong with a field: what to do, in one sentence.
    pub fn error(&mut self, field: &str, sentence: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            sentence: sentence.into(),
            parts: Vec::new(),
        });
    }

    /// Whether anything has been wrong so far.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The form to show again (or to keep in a draft).
    #[must_use]
    pub fn finish(self) -> FormState {
        FormState::new(self.values, self.errors)
    }

    fn keep(&mut self, name: &str, value: &str) {
        self.values.push((name.to_owned(), value.to_owned()));
    }

    fn typed<T>(
        &mut self,
        name: &str,
        typed: String,
        longest: usize,
        missing: &str,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let outcome = if typed.is_empty() {
            if missing.is_empty() {
                return None;
            }
            Err(missing.to_owned())
        } else if typed.chars().count() > longest {
            Err(format!("This is too long. Use {longest} letters or fewer"))
        } else {
            rule(&typed)
        };
        self.values.push((name.to_owned(), typed));
        self.outcome(name, outcome)
    }

    fn outcome<T>(&mut self, name: &str, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|sentence| self.error(name, sentence)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_typed_and_never_a_password() {
        let form: Submitted = [
            ("full-name", " Joyce  Penhallow "),
            ("password", "three red kites"),
            ("audience", "carers"),
        ]
        .into_iter()
        .collect();
        let mut check = Check::new(&form);
        assert_eq!(
            check
                .text("full-name", "x", |s| Ok(s.to_owned()))
                .as_deref(),
            Some("Joyce Penhallow")
        );
        assert_eq!(
            check.password::<()>("password", "x", |_| Err("Use 10 letters".to_owned())),
            None
        );
        assert_eq!(
            check.choice("audience", "x", &["adults", "carers"]),
            Some("carers")
        );
        assert_eq!(check.choice("day", "Choose a day", &["mon"]), None);
        assert!(!check.ticked("keep"));
        let state = check.finish();
        assert_eq!(state.value("full-name"), "Joyce Penhallow");
        assert_eq!(state.value("password"), "");
        assert_eq!(
            state
                .errors()
                .iter()
                .map(FieldError::target)
                .collect::<Vec<_>>(),
            ["password", "day"]
        );
    }
}
