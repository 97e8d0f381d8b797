//! Days on which the office works: not weekends, not bank holidays in England, not the days that a setting names.
//!
//! Bank holidays follow the Banking and Financial Dealings Act 1971, schedule 1, with the days that have been given by
//! proclamation every year since: 1 January, the first Monday in May, and the days given for Christmas, Boxing Day and
//! New Year's Day when they fall on a weekend. What is proclaimed for one year alone is a setting.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// Easter Sunday (the anonymous Gregorian rule, as Meeus gives it).
pub fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (8 * century + 13) / 25 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let day = moon + sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(
        year,
        u32::try_from(day / 31).ok()?,
        u32::try_from(day % 31 + 1).ok()?,
    )
}

/// Whether a day is a bank holiday in England, by rule. A holiday on a weekend is one on the weekday given for it, too.
pub fn is_bank_holiday(day: NaiveDate) -> bool {
    let weekday = day.weekday();
    let monday = weekday == Weekday::Mon;
    let last_of_its_month = (day + Days::new(7)).month() != day.month();
    match (day.month(), day.day()) {
        (1, 1) | (12, 25 | 26) => true,
        // New Year's Day was on the weekend; the first Monday in May.
        (1, 2 | 3) | (5, 1..=7) => monday,
        // Christmas or Boxing Day was: both on a weekend give Monday and Tuesday, one gives the next day that is free.
        (12, 27 | 28) => monday || weekday == Weekday::Tue,
        (5 | 8, _) => monday && last_of_its_month,
        (3 | 4, _) => easter(day.year())
            .is_some_and(|easter| day + Days::new(2) == easter || day == easter + Days::new(1)),
        _ => false,
    }
}

/// Days off besides the bank holidays, from a setting: "2027-06-14, 2028-05-05".
///
/// # Errors
/// The word that is no day.
pub fn read_days(words: &str) -> Result<BTreeSet<NaiveDate>, String> {
    words
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().map_err(|_| word.to_owned()))
        .collect()
}

/// Whether the office works on a day. `off` are days off besides the bank holidays.
pub fn is_working_day(day: NaiveDate, off: &BTreeSet<NaiveDate>) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        && !is_bank_holiday(day)
        && !off.contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bank holidays of England and Wales as the government lists them, without what was proclaimed for one year
    /// alone; from 2028 on worked out by hand from the rule.
    const KNOWN: &[&str] = &[
        "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26",
        "2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26",
        "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28",
        "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28",
        "2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26",
        "2033-01-03 2033-04-15 2033-04-18 2033-05-02 2033-05-30 2033-08-29 2033-12-26 2033-12-27",
        "2034-01-02 2034-04-07 2034-04-10 2034-05-01 2034-05-29 2034-08-28 2034-12-25 2034-12-26",
        "2036-01-01 2036-04-11 2036-04-14 2036-05-05 2036-05-26 2036-08-25 2036-12-25 2036-12-26",
    ];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bank_holidays_on_weekdays_are_those_that_are_known() {
        for year in KNOWN {
            let known: Vec<NaiveDate> = year.split(' ').map(day).collect();
            let mut at = NaiveDate::from_ymd_opt(known[0].year(), 1, 1).unwrap();
            let mut found = Vec::new();
            while at.year() == known[0].year() {
                if is_bank_holiday(at) && !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
                    found.push(at);
                }
                at = at + Days::new(1);
            }
            assert_eq!(found, known);
        }
    }

    #[test]
    fn every_year_to_2036_has_eight_on_weekdays() {
        for year in 2026..=2036 {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let n = first
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| is_bank_holiday(*day))
                .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
                .count();
            assert_eq!(n, 8, "{year}");
        }
    }

    #[test]
    fn easter_is_when_it_is() {
        for sunday in [
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2035-03-25",
            "2038-04-25",
        ] {
            assert_eq!(easter(day(sunday).year()), Some(day(sunday)));
        }
    }

    #[test]
    fn a_day_off_is_no_working_day() {
        let off = read_days("2027-06-14, 2028-05-05,").unwrap();
        assert!(!is_working_day(day("2027-06-14"), &off));
        assert!(is_working_day(day("2027-06-15"), &off));
        assert!(!is_working_day(day("2027-06-12"), &off));
        assert_eq!(read_days("14 June"), Err("14 June".to_owned()));
    }
}
