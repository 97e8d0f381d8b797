//! When a reminder goes, without I/O: the time is an argument, and a day is a day in Bath.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};

use crate::messages::rules::is_day;
use crate::ui::dates;

/// How long before a session somebody is reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Seven days before the first session.
    Week,
    /// The day before.
    Day,
}

/// Reminders go from this hour on.
const HOUR: u32 = 10;
/// A reminder of next week that is this late does not help any more: the one of the day before will come.
const TOO_LATE: TimeDelta = TimeDelta::days(3);

impl Ahead {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Week, Self::Day];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Day => "day",
        }
    }

    const fn days(self) -> u64 {
        match self {
            Self::Week => 7,
            Self::Day => 1,
        }
    }

    /// When the reminder of a session goes: at 10am by the clocks of Bath, whatever they were changed by meanwhile.
    pub fn goes_at(self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        let day = dates::day_of(starts_at);
        at_hour(day.checked_sub_days(Days::new(self.days())).unwrap_or(day))
    }

    /// Until when it still helps.
    fn helps_until(self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Week => self.goes_at(starts_at) + TOO_LATE,
            Self::Day => starts_at,
        }
    }

    /// The sessions of which a reminder can be due `now` begin in this span of time; nothing is due at night.
    pub fn span(self, now: DateTime<Utc>) -> Option<Range<DateTime<Utc>>> {
        if !is_day(now) {
            return None;
        }
        let hour = dates::local(now).hour();
        let today = dates::day_of(now);
        let ahead = if hour < HOUR {
            self.days() - 1
        } else {
            self.days()
        };
        let end = dates::end_of(today.checked_add_days(Days::new(ahead)).unwrap_or(today));
        let start = match self {
            Self::Week => {
                let late = u64::try_from(TOO_LATE.num_days()).unwrap_or_default();
                // On the last day only until the hour at which it is over.
                let first = self.days() - late + u64::from(hour >= HOUR);
                dates::start_of(today.checked_add_days(Days::new(first)).unwrap_or(today))
            }
            Self::Day => now + TimeDelta::microseconds(1),
        };
        Some(start..end)
    }

    /// Whether the reminder of a session that begins then is due `now`.
    pub fn is_due(self, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.span(now).is_some()
            && self.goes_at(starts_at) <= now
            && now < self.helps_until(starts_at)
    }

    /// Whether somebody who booked then is reminded: whoever booked later has only just read the dates.
    pub fn is_for(self, booked_at: DateTime<Utc>, starts_at: DateTime<Utc>) -> bool {
        booked_at < self.goes_at(starts_at)
    }
}

fn at_hour(day: NaiveDate) -> DateTime<Utc> {
    let hour = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
    dates::moment(day.and_time(hour))
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike as _, Weekday};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn reminders_go_at_ten_by_the_clocks_of_bath() {
        // The clocks go forward on 28 March 2027 and back on 31 October 2027.
        for (starts_at, ahead, goes_at) in [
            ("2027-01-12T10:30:00Z", Ahead::Week, "2027-01-05T10:00:00Z"),
            ("2027-01-12T10:30:00Z", Ahead::Day, "2027-01-11T10:00:00Z"),
            ("2027-03-29T09:30:00Z", Ahead::Week, "2027-03-22T10:00:00Z"),
            ("2027-03-29T09:30:00Z", Ahead::Day, "2027-03-28T09:00:00Z"),
            ("2027-11-01T10:30:00Z", Ahead::Week, "2027-10-25T09:00:00Z"),
            ("2027-11-01T10:30:00Z", Ahead::Day, "2027-10-31T10:00:00Z"),
            // Half past midnight in Bath is still the day before in UTC.
            ("2027-07-05T23:30:00Z", Ahead::Day, "2027-07-05T09:00:00Z"),
        ] {
            assert_eq!(ahead.goes_at(at(starts_at)), at(goes_at), "{starts_at}");
        }
    }

    #[test]
    fn what_is_late_goes_by_day_and_while_it_helps() {
        let starts_at = at("2027-01-12T18:30:00Z");
        for (now, week, day) in [
            ("2027-01-05T09:59:59Z", false, false),
            ("2027-01-05T10:00:00Z", true, false),
            ("2027-01-05T19:59:59Z", true, false),
            ("2027-01-05T20:00:00Z", false, false),
            ("2027-01-06T07:59:59Z", false, false),
            ("2027-01-06T08:00:00Z", true, false),
            ("2027-01-08T09:59:59Z", true, false),
            ("2027-01-08T10:00:00Z", false, false),
            ("2027-01-11T09:59:59Z", false, false),
            ("2027-01-11T10:00:00Z", false, true),
            ("2027-01-11T21:00:00Z", false, false),
            ("2027-01-12T08:00:00Z", false, true),
            ("2027-01-12T18:29:59Z", false, true),
            ("2027-01-12T18:30:00Z", false, false),
        ] {
            let now = at(now);
            assert_eq!(Ahead::Week.is_due(starts_at, now), week, "week: {now}");
            assert_eq!(Ahead::Day.is_due(starts_at, now), day, "day: {now}");
        }
    }

    #[test]
    fn whoever_books_after_it_would_have_gone_is_not_reminded() {
        let starts_at = at("2027-01-12T10:30:00Z");
        assert!(Ahead::Week.is_for(at("2027-01-05T09:59:59Z"), starts_at));
        assert!(!Ahead::Week.is_for(at("2027-01-05T10:00:00Z"), starts_at));
        assert!(Ahead::Day.is_for(at("2027-01-05T10:00:00Z"), starts_at));
        assert!(!Ahead::Day.is_for(at("2027-01-11T10:00:00Z"), starts_at));
    }

    /// Days round every change of the clocks from 2026 to 2036, with the days a week later.
    fn round_the_changes() -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for year in 2026..=2036 {
            for month in [3, 10] {
                let last = NaiveDate::from_ymd_opt(year, month, 31).expect("a day");
                let sunday = (0..7)
                    .filter_map(|back| last.checked_sub_days(Days::new(back)))
                    .find(|day| day.weekday() == Weekday::Sun)
                    .expect("a Sunday");
                days.extend((0..=9).map(|n| sunday + Days::new(n)));
            }
        }
        days
    }

    #[test]
    fn round_every_change_of_the_clocks_each_reminder_is_due_once_from_ten_on_the_right_day() {
        for day in round_the_changes() {
            for (hour, minute) in [
                (0, 0),
                (1, 30),
                (7, 0),
                (9, 30),
                (13, 0),
                (18, 30),
                (23, 59),
            ] {
                let time = NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
                let starts_at = dates::moment(day.and_time(time));
                for ahead in Ahead::ALL {
                    // A sweep every 10 minutes for nine days and a half.
                    let mut now = starts_at - TimeDelta::hours(228);
                    let first = loop {
                        if ahead.is_due(starts_at, now) {
                            break now;
                        }
                        now += TimeDelta::minutes(10);
                        assert!(now < starts_at, "{day} {time}: never due");
                    };
                    let told = dates::local(first);
                    let before = dates::day_of(starts_at) - Days::new(ahead.days());
                    assert_eq!(told.date(), before, "{day} {time}");
                    assert_eq!(told.hour(), 10, "{day} {time}: {told}");
                    assert!(told.minute() < 10, "{day} {time}: {told}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_due_lies_in_the_span_that_is_looked_at(
            start in 1_767_225_600_i64..2_114_380_800,
            before in 0_i64..(10 * 86_400),
        ) {
            let starts_at = DateTime::from_timestamp(start, 0).expect("a time");
            let now = starts_at - TimeDelta::seconds(before);
            for ahead in Ahead::ALL {
                if ahead.is_due(starts_at, now) {
                    let span = ahead.span(now).expect("by day");
                    prop_assert!(span.contains(&starts_at), "{ahead:?} {starts_at} {now} {span:?}");
                }
            }
        }
    }
}
