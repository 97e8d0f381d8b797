//! A date typed into three fields.

use chrono::{Datelike as _, NaiveDate};
use leptos::prelude::*;

use super::check::DateWords;
use super::group::{Label, error_message, group_class, hint_line, legend};
use super::state::FormState;
use crate::ui::{Words, some_str};

/// What three typed fields come to.
pub(super) enum DateTyped {
    /// A date.
    Date(NaiveDate),
    /// Not yet: what to do, and which fields it is about.
    Wrong {
        sentence: String,
        parts: Vec<&'static str>,
    },
}

/// Reads a date as people type it: "3", "03", "March" or "mar" for the month; the year in full.
pub(super) fn read_date(day: &str, month: &str, year: &str, words: DateWords) -> DateTyped {
    let parts = [("day", day), ("month", month), ("year", year)];
    let missing: Vec<&str> = parts
        .iter()
        .filter(|(_, typed)| typed.is_empty())
        .map(|(part, _)| *part)
        .collect();
    if missing.len() == parts.len() {
        return DateTyped::Wrong {
            sentence: words.missing.to_owned(),
            parts: missing,
        };
    }
    if !missing.is_empty() {
        let sentence = format!(
            "{} must include a {}",
            words.subject,
            missing.join(" and a ")
        );
        return DateTyped::Wrong {
            sentence,
            parts: missing,
        };
    }
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        let sentence = "The year must have 4 numbers, like 1952".to_owned();
        return DateTyped::Wrong {
            sentence,
            parts: vec!["year"],
        };
    }
    let Some(month) = month_number(month) else {
        let sentence = "The month must be a number from 1 to 12".to_owned();
        return DateTyped::Wrong {
            sentence,
            parts: vec!["month"],
        };
    };
    let Some(day) = number(day).filter(|day| (1..=31).contains(day)) else {
        let sentence = "The day must be a number from 1 to 31".to_owned();
        return DateTyped::Wrong {
            sentence,
            parts: vec!["day"],
        };
    };
    let date = year
        .parse()
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    match date {
        Some(date) => DateTyped::Date(date),
        None => DateTyped::Wrong {
            sentence: format!(
                "{} must be a real date. That month has fewer days",
                words.subject
            ),
            parts: vec!["day"],
        },
    }
}

/// Reads a date from one line: as browsers send it ("2027-01-12") or as people write it ("12/1/2027", "12 Jan 2027",
/// "Tuesday 12th of January 2027").
#[must_use]
pub fn one_line_date(typed: &str) -> Option<NaiveDate> {
    // Further away is a slip of the finger, and no day of ours.
    any_date(typed).filter(|date| (1900..=2200).contains(&date.year()))
}

fn any_date(typed: &str) -> Option<NaiveDate> {
    if let Ok(date) = NaiveDate::parse_from_str(typed, "%Y-%m-%d") {
        return Some(date);
    }
    let first_number = typed.find(|c: char| c.is_ascii_digit())?;
    let is_weekday = |word: &str| {
        word.trim_end_matches(',')
            .parse::<chrono::Weekday>()
            .is_ok()
    };
    if !typed[..first_number].split_whitespace().all(is_weekday) {
        return None;
    }
    let parts: Vec<&str> = typed[first_number..]
        .split(|c: char| c.is_whitespace() || "/-.,".contains(c))
        .filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("of"))
        .collect();
    let [day, month, year] = parts.as_slice() else {
        return None;
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let words = DateWords {
        missing: "",
        subject: "",
    };
    match read_date(day, month, year, words) {
        DateTyped::Date(date) => Some(date),
        DateTyped::Wrong { .. } => None,
    }
}

fn number(typed: &str) -> Option<u32> {
    (typed.len() <= 2 && typed.bytes().all(|b| b.is_ascii_digit()))
        .then(|| typed.parse().ok())
        .flatten()
}

fn month_number(typed: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if let Some(month) = number(typed) {
        return (1..=12).contains(&month).then_some(month);
    }
    let typed = typed.to_lowercase();
    let at = NAMES
        .iter()
        .position(|name| typed.len() >= 3 && name.starts_with(typed.as_str()))?;
    u32::try_from(at + 1).ok()
}

/// Day, month and year, as three fields that phones show number keys for.
///
/// With `birthday`, browsers offer the person's own date.
#[component]
pub fn DateField<'a>(
    /// The form as it stands.
    form: &'a FormState,
    /// The field's name; the three fields are `<name>-day`, `-month`, `-year`.
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: Label,
    /// An example, like "For example, 31 3 1952".
    #[prop(into, optional)]
    hint: Words,
    /// It is the person's own date of birth.
    #[prop(optional)]
    birthday: bool,
) -> impl IntoView + use<> {
    let error = form.error(name);
    let described = super::group::described_by(name, &hint, error.is_some());
    let fields = [
        ("day", "Day", "2", "bday-day"),
        ("month", "Month", "2", "bday-month"),
        ("year", "Year", "4", "bday-year"),
    ];
    let fields = fields.map(|(part, words, width, autocomplete)| {
        let id = format!("{name}-{part}");
        let wrong =
            error.is_some_and(|e| e.parts.is_empty() || e.parts.iter().any(|own| own == part));
        let class = if wrong {
            format!(
                "govuk-input govuk-date-input__input govuk-input--error govuk-input--width-{width}"
            )
        } else {
            format!("govuk-input govuk-date-input__input govuk-input--width-{width}")
        };
        let value = Some(form.value(&id).to_owned()).filter(|value| !value.is_empty());
        let autocomplete = if birthday {
            some_str(autocomplete)
        } else {
            None
        };
        view! {
            <div class="govuk-date-input__item">
                <div class="govuk-form-group">
                    <label class="govuk-label govuk-date-input__label" for=id.clone()>
                        {words}
                    </label>
                    <input
                        class=class
                        id=id.clone()
                        name=id
                        type="text"
                        value=value
                        inputmode="numeric"
                        autocomplete=autocomplete
                    />
                </div>
            </div>
        }
    });
    view! {
        <div class=group_class(error.is_some(), "")>
            <fieldset class="govuk-fieldset" role="group" aria-describedby=described>
                {legend(label)}
                {hint_line(name, hint)}
                {error_message(name, error)}
                <div class="govuk-date-input" id=name>
                    {fields.collect_view()}
                </div>
            </fieldset>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: DateWords = DateWords {
        missing: "Enter your date of birth",
        subject: "Your date of birth",
    };

    fn typed(day: &str, month: &str, year: &str) -> Result<String, (String, Vec<&'static str>)> {
        match read_date(day, month, year, WORDS) {
            DateTyped::Date(date) => Ok(date.to_string()),
            DateTyped::Wrong { sentence, parts } => Err((sentence, parts)),
        }
    }

    #[test]
    fn dates_as_people_type_them() {
        assert_eq!(typed("31", "3", "1952").as_deref(), Ok("1952-03-31"));
        assert_eq!(typed("01", "Sept", "1952").as_deref(), Ok("1952-09-01"));
        let wrong = |day, month, year| typed(day, month, year).err().unwrap_or_default();
        assert_eq!(
            wrong("", "", ""),
            (
                "Enter your date of birth".into(),
                vec!["day", "month", "year"]
            )
        );
        assert_eq!(
            wrong("", "3", ""),
            (
                "Your date of birth must include a day and a year".into(),
                vec!["day", "year"]
            )
        );
        assert_eq!(
            wrong("31", "3", "52"),
            (
                "The year must have 4 numbers, like 1952".into(),
                vec!["year"]
            )
        );
        assert_eq!(wrong("31", "13", "1952").1, ["month"]);
        assert_eq!(wrong("31", "ma", "1952").1, ["month"]);
        assert_eq!(wrong("0", "1", "1952").1, ["day"]);
        assert_eq!(wrong("29", "2", "1951").1, ["day"]);
    }
}
