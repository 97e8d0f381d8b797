//! Days and times in words, over both clock changes of a year.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[rstest]
#[case("2027-01-12T10:30:00Z", "Tuesday 12 January, 10:30am")]
#[case("2027-07-06T09:30:00Z", "Tuesday 6 July, 10:30am")]
#[case("2027-03-28T00:59:00Z", "Sunday 28 March, 12:59am")]
#[case("2027-03-28T01:00:00Z", "Sunday 28 March, 2am")]
#[case("2027-10-31T00:30:00Z", "Sunday 31 October, 1:30am")]
#[case("2027-10-31T01:30:00Z", "Sunday 31 October, 1:30am")]
#[case("2027-06-30T23:30:00Z", "Thursday 1 July, 12:30am")]
#[case("2027-12-31T12:00:00Z", "Friday 31 December, 12 noon")]
#[case("2028-01-01T00:00:00Z", "Saturday 1 January 2028, midnight")]
#[case("2026-11-22T19:00:00Z", "Sunday 22 November 2026, 7pm")]
fn a_moment_in_words(#[case] at: &str, #[case] words: &str) {
    assert_eq!(day_and_time(utc(at), date("2027-01-04")), words);
}

#[rstest]
#[case("00:00", "midnight")]
#[case("00:05", "12:05am")]
#[case("09:00", "9am")]
#[case("10:05", "10:05am")]
#[case("12:00", "12 noon")]
#[case("12:30", "12:30pm")]
#[case("19:00", "7pm")]
#[case("23:59", "11:59pm")]
fn a_time_in_words(#[case] time: &str, #[case] words: &str) {
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    assert_eq!(clock(time), words);
}

#[test]
fn from_and_to() {
    let (from, to) = (utc("2027-01-12T10:30:00Z"), utc("2027-01-12T12:30:00Z"));
    assert_eq!(times(from, to), "10:30am to 12:30pm");
    assert_eq!(
        day_and_times(from, to, date("2027-01-04")),
        "Tuesday 12 January, 10:30am to 12:30pm"
    );
    assert_eq!(
        until(utc("2027-01-13T16:00:00Z"), date("2027-01-04")),
        "4pm on Wednesday 13 January"
    );
}

#[rstest]
#[case(120, "2 hours")]
#[case(60, "1 hour")]
#[case(90, "1 hour 30 minutes")]
#[case(45, "45 minutes")]
#[case(61, "1 hour 1 minute")]
#[case(0, "0 minutes")]
fn how_long(#[case] minutes: i64, #[case] words: &str) {
    let from = utc("2027-01-12T10:30:00Z");
    assert_eq!(length(from, from + TimeDelta::minutes(minutes)), words);
}

/// Meetings at 10am on these days, as a clock in Bath shows it.
fn meetings(days: &[&str]) -> Vec<DateTime<Utc>> {
    let ten = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    days.iter()
        .map(|day| moment(date(day).and_time(ten)))
        .collect()
}

#[rstest]
#[case(&[], "No dates yet", "No dates yet")]
#[case(&["2027-01-12"], "Once", "1 day")]
#[case(&["2027-01-12", "2027-01-19", "2027-01-26"], "Once a week for 3 weeks", "3 weeks")]
// Half term is left out.
#[case(&["2027-02-02", "2027-02-09", "2027-02-23"], "Once a week for 3 weeks", "3 weeks")]
// The clocks change between the second and the third.
#[case(&["2027-03-16", "2027-03-23", "2027-03-30"], "Once a week for 3 weeks", "3 weeks")]
#[case(&["2027-01-12", "2027-01-26"], "Every 2 weeks, 2 times", "2 times")]
#[case(&["2027-01-12", "2027-01-13"], "2 days in a row", "2 days")]
#[case(&["2027-01-12", "2027-01-15", "2027-01-19"], "3 times", "3 times")]
fn how_often(#[case] days: &[&str], #[case] words: &str, #[case] short: &str) {
    assert_eq!(rhythm_words(&meetings(days)), words);
    assert_eq!(run_length(&meetings(days)), short);
}

#[test]
fn months_in_words() {
    assert_eq!(
        months(date("2026-05-04"), date("2026-06-08")),
        "May to June 2026"
    );
    assert_eq!(
        months(date("2027-01-04"), date("2027-01-08")),
        "January 2027"
    );
    assert_eq!(
        months(date("2026-12-04"), date("2027-01-08")),
        "December 2026 to January 2027"
    );
    assert_eq!(month_slug(date("2027-01-08")), "2027-01");
    assert_eq!(full_day(date("1952-03-31")), "31 March 1952");
    assert_eq!(
        short_day(date("2027-03-31"), date("2027-01-01")),
        "31 March"
    );
}

#[test]
fn ages() {
    assert_eq!(age_on(date("2011-01-13"), date("2027-01-12")), 15);
    assert_eq!(age_on(date("2011-01-12"), date("2027-01-12")), 16);
    assert_eq!(age_on(date("2008-02-29"), date("2027-02-28")), 18);
    assert_eq!(age_on(date("2008-02-29"), date("2027-03-01")), 19);
}

#[test]
fn the_hours_of_the_clock_changes() {
    let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    // Left out in March: the moment the clocks go forward.
    assert_eq!(moment(at("2027-03-28 01:30")), utc("2027-03-28T01:00:00Z"));
    // Twice in October: the first.
    assert_eq!(moment(at("2027-10-31 01:30")), utc("2027-10-31T00:30:00Z"));
    assert_eq!(
        end_of(date("2027-03-28")) - start_of(date("2027-03-28")),
        TimeDelta::hours(23)
    );
    assert_eq!(
        end_of(date("2027-10-31")) - start_of(date("2027-10-31")),
        TimeDelta::hours(25)
    );
}

proptest! {
    /// A weekly meeting at a given time stays at that time, whatever the clocks do.
    #[test]
    fn a_weekly_time_stays(start in 0_u64..3000, hour in 3_u32..24, minute in 0_u32..60) {
        let first = date("2026-01-01").checked_add_days(Days::new(start)).unwrap();
        let clock_time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        for week in 0..8 {
            let day = first.checked_add_days(Days::new(week * 7)).unwrap();
            let at = moment(day.and_time(clock_time));
            prop_assert_eq!(local(at), day.and_time(clock_time));
            prop_assert_eq!(weekday(day_of(at)), weekday(first));
            prop_assert_eq!(time(at), clock(clock_time));
        }
    }

    /// Every moment belongs to exactly the day it is said to be on.
    #[test]
    fn a_day_has_its_moments(seconds in 1_600_000_000_i64..2_200_000_000) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        let day = day_of(at);
        prop_assert!(start_of(day) <= at && at < end_of(day));
    }
}
