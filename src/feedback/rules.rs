//! When people are asked and may answer, without I/O: the time is an argument, and a day is a day in Bath.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::messages::rules::is_day;
use crate::ui::dates;

/// Asking later than this after the last session helps nobody: it is forgotten by then.
const TOO_LATE: TimeDelta = TimeDelta::days(14);
/// Answers can be given and changed this long after the last session. Only then does whoever leads the run see totals: from two
/// totals, a day apart, they could work out what one person said.
pub const OPEN_FOR: TimeDelta = TimeDelta::days(21);

/// The runs about which people are asked `now` ended in this span of time: not today, at most two weeks ago. Nobody is asked at
/// night, nor before 10am.
pub fn ended(now: DateTime<Utc>) -> Option<Range<DateTime<Utc>>> {
    let today = dates::day_of(now);
    let hour = NaiveTime::from_hms_opt(10, 0, 0)?;
    let from = dates::moment(today.and_time(hour));
    (is_day(now) && now >= from).then(|| now - TOO_LATE..dates::start_of(today))
}

/// Whether a run that ended at `ended` can be answered about `now`.
pub fn is_open(ended: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    ended <= now && now < ended + OPEN_FOR
}

/// The last whole day on which it can be answered.
pub fn last_day(ended: DateTime<Utc>) -> NaiveDate {
    let last = dates::day_of(ended + OPEN_FOR);
    last.checked_sub_days(Days::new(1)).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[rstest]
    // In winter Bath has the time of UTC, in summer an hour more.
    #[case("2027-02-16T12:30:00Z", "2027-02-16T13:00:00Z", false)]
    #[case("2027-02-16T12:30:00Z", "2027-02-17T09:59:59Z", false)]
    #[case("2027-02-16T12:30:00Z", "2027-02-17T10:00:00Z", true)]
    #[case("2027-02-16T12:30:00Z", "2027-02-17T20:00:00Z", false)]
    #[case("2027-02-16T12:30:00Z", "2027-03-02T12:30:00Z", true)]
    #[case("2027-02-16T12:30:00Z", "2027-03-02T12:30:01Z", false)]
    #[case("2027-07-06T22:30:00Z", "2027-07-07T09:00:00Z", true)]
    // Half past midnight in Bath is the next day there.
    #[case("2027-07-06T23:30:00Z", "2027-07-07T09:00:00Z", false)]
    fn people_are_asked_from_ten_on_the_next_day(
        #[case] ended_at: &str,
        #[case] now: &str,
        #[case] asked: bool,
    ) {
        let span = ended(at(now));
        assert_eq!(span.is_some_and(|span| span.contains(&at(ended_at))), asked);
    }

    #[test]
    fn answers_are_taken_for_21_days() {
        let ended = at("2027-02-16T12:30:00Z");
        for (now, open) in [
            ("2027-02-16T12:29:59Z", false),
            ("2027-02-16T12:30:00Z", true),
            ("2027-03-09T12:29:59Z", true),
            ("2027-03-09T12:30:00Z", false),
        ] {
            assert_eq!(is_open(ended, at(now)), open, "{now}");
        }
        assert!(is_open(ended, dates::start_of(last_day(ended))));
    }
}
