//! Days on which no course meets: bank holidays in England, and from 21 December to 3 January (the service is closed then);
//! and what people are told about a day that is left out.

use chrono::{Datelike as _, NaiveDate};

use crate::server::working_days::is_bank_holiday;
use crate::ui::dates;

/// Why no course meets on a day; none when they do.
pub fn reason(day: NaiveDate) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (12, 21..) | (1, ..=3) => Some("Christmas"),
        _ if is_bank_holiday(day) => Some("bank holiday"),
        _ => None,
    }
}

/// What people are told about days that were missed, for the reason of the last: "No session on 22 or 29 December
/// (Christmas)".
pub fn note(missed: &[(NaiveDate, &str)]) -> Option<String> {
    let (_, why) = missed.last()?;
    let missed: Vec<NaiveDate> = missed.iter().map(|(day, _)| *day).collect();
    let mut words: Vec<String> = Vec::new();
    for (at, day) in missed.iter().enumerate() {
        let same_month = missed
            .get(at + 1)
            .is_some_and(|next| next.month() == day.month());
        words.push(if same_month {
            day.day().to_string()
        } else {
            format!("{} {}", day.day(), dates::month(*day))
        });
    }
    let last = words.pop()?;
    let days = if words.is_empty() {
        last
    } else {
        format!("{} or {last}", words.join(", "))
    };
    Some(format!("No session on {days} ({why})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bank_holidays_and_christmas_are_off() {
        for off in [
            "2027-03-26",
            "2027-03-29",
            "2027-05-03",
            "2027-05-31",
            "2027-08-30",
            "2026-12-21",
            "2026-12-28",
            "2027-01-01",
            "2028-01-03",
            "2029-04-02",
        ] {
            assert!(reason(day(off)).is_some(), "{off}");
        }
        for on in [
            "2027-03-28",
            "2027-04-05",
            "2027-05-10",
            "2027-05-24",
            "2027-08-23",
            "2026-12-20",
            "2027-01-04",
            "2027-02-16",
        ] {
            assert_eq!(reason(day(on)), None, "{on}");
        }
    }

    #[test]
    fn missed_days_in_words() {
        for (missed, words) in [
            (&["2027-03-29"][..], "No session on 29 March (bank holiday)"),
            (
                &["2026-12-22", "2026-12-29"],
                "No session on 22 or 29 December (Christmas)",
            ),
            (
                &["2026-12-26", "2027-01-02"],
                "No session on 26 December or 2 January (Christmas)",
            ),
        ] {
            let missed: Vec<_> = missed
                .iter()
                .map(|text| (day(text), reason(day(text)).unwrap()))
                .collect();
            assert_eq!(note(&missed).as_deref(), Some(words));
        }
        assert_eq!(note(&[]), None);
    }
}
