//! When a list is open and what may be marked, without I/O: the day is an argument, and a day is a day in Bath.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::bookings::rules::GROWN_UP;
use crate::server::Result;
use crate::server::config::Settings;

/// How long a list is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListDays {
    /// It opens so many days before the first session.
    pub before: u64,
    /// It closes so many days after the last one.
    pub after: u64,
}

impl ListDays {
    /// As the settings say.
    ///
    /// # Errors
    /// When the setting cannot be read.
    pub fn new(config: &Settings) -> Result<Self> {
        let [before, after] = config.list_days()?;
        Ok(Self { before, after })
    }
}

/// Whether a run's list can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// From this day on.
    Opens(NaiveDate),
    /// Up to this day, and on it.
    Open(NaiveDate),
    /// Not any more.
    Closed,
    /// The run does not go ahead.
    Cancelled,
}

/// Whether the list of a run with these first and last days can be seen on `today`.
pub fn standing(
    status: &str,
    (first, last): (NaiveDate, NaiveDate),
    today: NaiveDate,
    open: ListDays,
) -> Standing {
    let opens = first
        .checked_sub_days(Days::new(open.before))
        .unwrap_or(first);
    let closes = last.checked_add_days(Days::new(open.after)).unwrap_or(last);
    if status == "cancelled" {
        Standing::Cancelled
    } else if today < opens {
        Standing::Opens(opens)
    } else if today <= closes {
        Standing::Open(closes)
    } else {
        Standing::Closed
    }
}

/// Whether a session of this day can be marked on `today`, while the list is open: from the start of its day.
pub fn may_mark(session: NaiveDate, today: NaiveDate) -> bool {
    today >= session
}

/// How long the words about a room, or to everybody on a run, may be.
pub const MOST_WORDS: usize = 500;

/// What the team says of how a room is set up: "one hearing loop, two step-free". On one line; none when nothing is said.
///
/// # Errors
/// What to do about it, in words.
pub fn room_setup(typed: &str) -> std::result::Result<Option<String>, String> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.chars().count() {
        0 => Ok(None),
        1..=MOST_WORDS => Ok(Some(words)),
        _ => Err(format!(
            "Use {MOST_WORDS} letters or fewer to say how the room is set up"
        )),
    }
}

/// Whether somebody may write to everybody on a run, while its list is open: whoever sees every session may, and whoever
/// stands in may up to the day of the last session that they lead. `own` are the days that they see.
pub fn may_write(is_whole: bool, own: &[NaiveDate], today: NaiveDate) -> bool {
    is_whole || own.iter().any(|day| *day >= today)
}

/// The session to open first: today's, or else the next one, or else the last. `days` are the sessions' in order.
pub fn current(days: &[NaiveDate], today: NaiveDate) -> Option<usize> {
    let next = days.iter().position(|day| *day >= today);
    next.or(days.len().checked_sub(1))
}

/// Whoever was born after this is under 16 on `first_day`. It is written as the database writes birthdays, and compared
/// letter by letter, so that 29 February needs no birthday of its own in other years.
pub fn born_after(first_day: NaiveDate) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        first_day.year() - GROWN_UP,
        first_day.month(),
        first_day.day()
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ui::dates;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    const USUAL: ListDays = ListDays {
        before: 14,
        after: 14,
    };

    #[test]
    fn the_settings_may_say_other_days() {
        let span = (day("2027-01-12"), day("2027-02-16"));
        let open = ListDays {
            before: 7,
            after: 0,
        };
        for (today, want) in [
            ("2027-01-04", Standing::Opens(day("2027-01-05"))),
            ("2027-01-05", Standing::Open(day("2027-02-16"))),
            ("2027-02-17", Standing::Closed),
        ] {
            assert_eq!(standing("open", span, day(today), open), want, "{today}");
        }
    }

    #[rstest]
    #[case("2026-12-28", Standing::Opens(day("2026-12-29")))]
    #[case("2026-12-29", Standing::Open(day("2027-03-02")))]
    #[case("2027-01-12", Standing::Open(day("2027-03-02")))]
    #[case("2027-03-02", Standing::Open(day("2027-03-02")))]
    #[case("2027-03-03", Standing::Closed)]
    fn a_list_is_open_from_14_days_before_to_14_days_after(
        #[case] today: &str,
        #[case] want: Standing,
    ) {
        let (first, last) = (day("2027-01-12"), day("2027-02-16"));
        for status in ["open", "closed"] {
            assert_eq!(
                standing(status, (first, last), day(today), USUAL),
                want,
                "{status}"
            );
        }
        assert_eq!(
            standing("cancelled", (first, last), day(today), USUAL),
            Standing::Cancelled
        );
    }

    #[rstest]
    #[case("", Ok(None))]
    #[case(" one hearing\n loop ", Ok(Some("one hearing loop".to_owned())))]
    fn a_room_is_said_on_one_line(
        #[case] typed: &str,
        #[case] want: std::result::Result<Option<String>, String>,
    ) {
        assert_eq!(room_setup(typed), want);
        assert!(room_setup(&"x".repeat(MOST_WORDS)).is_ok());
        assert!(room_setup(&"x".repeat(MOST_WORDS + 1)).is_err());
    }

    #[rstest]
    #[case(true, "2027-03-01", true)]
    #[case(false, "2027-01-11", true)]
    #[case(false, "2027-01-12", true)]
    #[case(false, "2027-01-13", false)]
    fn whoever_stands_in_writes_up_to_their_day(
        #[case] is_whole: bool,
        #[case] today: &str,
        #[case] want: bool,
    ) {
        assert_eq!(may_write(is_whole, &[day("2027-01-12")], day(today)), want);
    }

    #[rstest]
    #[case("2027-01-11", false)]
    #[case("2027-01-12", true)]
    #[case("2027-01-20", true)]
    fn a_session_is_marked_from_its_own_day(#[case] today: &str, #[case] want: bool) {
        assert_eq!(may_mark(day("2027-01-12"), day(today)), want);
    }

    #[rstest]
    #[case("2027-01-01", Some(0))]
    #[case("2027-01-12", Some(0))]
    #[case("2027-01-13", Some(1))]
    #[case("2027-01-19", Some(1))]
    #[case("2027-01-27", Some(2))]
    fn the_session_of_today_or_the_next_one_comes_first(
        #[case] today: &str,
        #[case] want: Option<usize>,
    ) {
        let days = ["2027-01-12", "2027-01-19", "2027-01-26"].map(day);
        assert_eq!(current(&days, day(today)), want);
        assert_eq!(current(&[], day(today)), None);
    }

    #[test]
    fn who_is_under_16_is_as_everywhere_else() {
        let births = [
            "2010-12-31",
            "2011-01-11",
            "2011-01-12",
            "2011-01-13",
            "2011-02-28",
            "2011-03-01",
            "2012-02-28",
            "2012-02-29",
            "2012-03-01",
            "1954-06-02",
            "2020-01-01",
        ];
        for first in [
            "2027-01-11",
            "2027-01-12",
            "2027-01-13",
            "2027-02-28",
            "2027-03-01",
            "2028-02-28",
            "2028-02-29",
            "2028-03-01",
        ] {
            for born in births {
                assert_eq!(
                    born > born_after(day(first)).as_str(),
                    dates::age_on(day(born), day(first)) < GROWN_UP,
                    "born {born}, {first}"
                );
            }
        }
    }
}
