//! Terms: three a year. A run belongs to the term in which it begins.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use crate::ui::dates;

/// What each is called, and the month in which it begins.
const PARTS: [(&str, &str, u32); 3] = [
    ("spring", "Spring", 1),
    ("summer", "Summer", 5),
    ("autumn", "Autumn", 9),
];

/// A term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    year: i32,
    part: usize,
}

/// The years that an address may ask for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

impl Term {
    /// The one on this day.
    pub fn of(day: NaiveDate) -> Self {
        let part = PARTS.iter().rposition(|(.., month)| *month <= day.month());
        Self {
            year: day.year(),
            part: part.unwrap_or(0),
        }
    }

    /// The one with this word in the address: "2027-spring".
    pub fn named(word: &str) -> Option<Self> {
        let (year, name) = word.split_once('-')?;
        let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
        let part = PARTS.iter().position(|(own, ..)| *own == name)?;
        Some(Self { year, part })
    }

    /// The word in the address.
    pub fn name(self) -> String {
        let name = PARTS.get(self.part).map_or("", |(name, ..)| *name);
        format!("{}-{name}", self.year)
    }

    /// The words on the screen: "Spring 2027".
    pub fn words(self) -> String {
        let words = PARTS.get(self.part).map_or("", |(_, words, _)| *words);
        format!("{words} {}", self.year)
    }

    /// The next one.
    pub fn next(self) -> Self {
        if self.part + 1 < PARTS.len() {
            Self {
                part: self.part + 1,
                ..self
            }
        } else {
            Self {
                year: self.year + 1,
                part: 0,
            }
        }
    }

    /// The one before.
    pub fn before(self) -> Self {
        match self.part.checked_sub(1) {
            Some(part) => Self { part, ..self },
            None => Self {
                year: self.year - 1,
                part: PARTS.len() - 1,
            },
        }
    }

    /// When it begins, by the clocks of Bath.
    pub fn begins(self) -> DateTime<Utc> {
        let month = PARTS.get(self.part).map_or(1, |(.., month)| *month);
        let day = NaiveDate::from_ymd_opt(self.year, month, 1);
        dates::start_of(day.unwrap_or_default())
    }

    /// Those to choose from on this day, the latest first: the next one, this one, and so many before.
    pub fn to_choose(today: NaiveDate, before: usize) -> Vec<Self> {
        let mut all = vec![Self::of(today).next()];
        while all.len() < before + 2 {
            all.extend(all.last().map(|last| last.before()));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2027-01-01", "2027-spring")]
    #[case("2027-04-30", "2027-spring")]
    #[case("2027-05-01", "2027-summer")]
    #[case("2027-08-31", "2027-summer")]
    #[case("2027-09-01", "2027-autumn")]
    #[case("2027-12-31", "2027-autumn")]
    fn every_day_is_in_one_term(#[case] day: &str, #[case] name: &str) {
        let day: NaiveDate = day.parse().expect("a day");
        let term = Term::of(day);
        assert_eq!(term.name(), name);
        assert_eq!(Term::named(name), Some(term));
        let noon = dates::moment(day.and_hms_opt(12, 0, 0).expect("noon"));
        assert!(term.begins() <= noon && noon < term.next().begins());
        assert_eq!(term.next().before(), term);
    }

    #[test]
    fn other_words_are_no_term() {
        for word in [
            "",
            "2027",
            "2027-winter",
            "1-spring",
            "9999999999-spring",
            "spring-2027",
        ] {
            assert_eq!(Term::named(word), None, "{word}");
        }
    }

    #[test]
    fn the_terms_to_choose_go_back_from_the_next_one() {
        let today = "2027-01-12".parse().expect("a day");
        let names: Vec<_> = Term::to_choose(today, 3)
            .into_iter()
            .map(Term::name)
            .collect();
        assert_eq!(
            names,
            [
                "2027-summer",
                "2027-spring",
                "2026-autumn",
                "2026-summer",
                "2026-spring"
            ]
        );
    }
}
