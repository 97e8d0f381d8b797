//! Which time a report is about: a quarter, or a year that begins in April.

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};

use crate::ui::dates;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Quarter,
    Year,
}

/// A quarter or an April year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    length: Length,
    first: NaiveDate,
}

impl Period {
    /// The quarter that a day is in.
    pub fn quarter_of(day: NaiveDate) -> Self {
        Self {
            length: Length::Quarter,
            first: first_of(day.year(), day.month0() / 3 * 3 + 1),
        }
    }

    /// The April year that a day is in.
    pub fn year_of(day: NaiveDate) -> Self {
        let began = day.year() - i32::from(day.month() < 4);
        Self {
            length: Length::Year,
            first: first_of(began, 4),
        }
    }

    /// The period with this word: `quarter-2026-07-01`, `year-2026-04-01`. None, unless it begins there.
    pub fn named(word: &str) -> Option<Self> {
        let (length, day) = word.split_once('-')?;
        let day: NaiveDate = day.parse().ok()?;
        let period = match length {
            "quarter" => Self::quarter_of(day),
            "year" => Self::year_of(day),
            _ => return None,
        };
        (period.name() == word && (2000..2200).contains(&day.year())).then_some(period)
    }

    /// Its word, in addresses and in the database.
    pub fn name(self) -> String {
        let length = match self.length {
            Length::Quarter => "quarter",
            Length::Year => "year",
        };
        format!("{length}-{}", dates::iso_day(self.first))
    }

    /// "July to September 2026", "April 2026 to March 2027".
    pub fn words(self) -> String {
        dates::months(self.first, self.after().pred_opt().unwrap_or(self.first))
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// The day after its last.
    pub fn after(self) -> NaiveDate {
        let months = match self.length {
            Length::Quarter => 3,
            Length::Year => 12,
        };
        later(self.first, months)
    }

    /// From its first moment in Bath to the first moment after it.
    pub fn moments(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (dates::start_of(self.first), dates::start_of(self.after()))
    }

    /// Whether it is over, so that a report of it can be published.
    pub fn is_over(self, today: NaiveDate) -> bool {
        self.after() <= today
    }

    /// What can be chosen today: the quarters from the next one back for three years, then the years.
    pub fn choices(today: NaiveDate) -> Vec<Self> {
        let next = Self::quarter_of(Self::quarter_of(today).after());
        let quarters = (0..13).map(|n| Self::quarter_of(earlier(next.first, 3 * n)));
        let years = (0..4).map(|n| Self::year_of(earlier(today, 12 * n)));
        quarters.chain(years).collect()
    }
}

fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}

fn later(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

fn earlier(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn day(word: &str) -> NaiveDate {
        word.parse().expect("a day")
    }

    #[rstest]
    #[case("2026-04-01", "quarter-2026-04-01", "year-2026-04-01")]
    #[case("2026-03-31", "quarter-2026-01-01", "year-2025-04-01")]
    #[case("2026-09-30", "quarter-2026-07-01", "year-2026-04-01")]
    #[case("2027-01-01", "quarter-2027-01-01", "year-2026-04-01")]
    #[case("2028-02-29", "quarter-2028-01-01", "year-2027-04-01")]
    fn a_day_is_in_one_quarter_and_one_april_year(
        #[case] on: &str,
        #[case] quarter: &str,
        #[case] year: &str,
    ) {
        assert_eq!(Period::quarter_of(day(on)).name(), quarter);
        assert_eq!(Period::year_of(day(on)).name(), year);
    }

    #[rstest]
    #[case("quarter-2026-07-01", Some("July to September 2026"))]
    #[case("year-2026-04-01", Some("April 2026 to March 2027"))]
    #[case("quarter-2026-08-01", None)]
    #[case("year-2026-07-01", None)]
    #[case("month-2026-07-01", None)]
    #[case("quarter-x", None)]
    #[case("", None)]
    fn a_word_is_a_period_only_where_one_begins(#[case] word: &str, #[case] words: Option<&str>) {
        assert_eq!(Period::named(word).map(Period::words).as_deref(), words);
    }

    proptest! {
        #[test]
        fn every_day_is_in_its_periods_and_those_stand_side_by_side(n in 0_i64..40_000) {
            let on = day("2001-01-01") + chrono::TimeDelta::days(n);
            for period in [Period::quarter_of(on), Period::year_of(on)] {
                prop_assert!(period.first() <= on && on < period.after());
                prop_assert_eq!(Period::named(&period.name()), Some(period));
                prop_assert!(!period.is_over(on) && period.is_over(period.after()));
            }
        }
    }
}
