//! How days and times are said: "Tuesday 12 January, 10:30am to 12:30pm".
//!
//! Times are kept in UTC and shown as a clock in Bath shows them. The year is said only when it is not this year, so
//! most functions take `today`. Nothing here asks a clock.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike,
    Utc,
};
use chrono_tz::Europe::London;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment as a clock in Bath shows it.
#[must_use]
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&London).naive_local()
}

/// A moment for machines, as a clock in Bath shows it and how far that is from UTC: "2027-01-12T10:30:00+00:00".
#[must_use]
pub fn iso_moment(moment: DateTime<Utc>) -> String {
    moment
        .with_timezone(&London)
        .format("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// The day a moment falls on in Bath.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    local(moment).date()
}

/// The moment a clock in Bath shows this. In the hour that comes twice it is the first; in the hour that is left out
/// it is the moment the clocks go forward.
#[must_use]
pub fn moment(local: NaiveDateTime) -> DateTime<Utc> {
    let found = |local: &NaiveDateTime| {
        London
            .from_local_datetime(local)
            .earliest()
            .map(|time| time.to_utc())
    };
    found(&local).unwrap_or_else(|| {
        let whole = local
            .date()
            .and_time(NaiveTime::from_hms_opt(local.hour(), 0, 0).unwrap_or_default());
        found(&(whole + TimeDelta::hours(1))).unwrap_or_else(|| local.and_utc())
    })
}

/// The first moment of a day in Bath.
#[must_use]
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    moment(day.and_time(NaiveTime::MIN))
}

/// The first moment of the day after.
#[must_use]
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

/// "Tuesday".
#[must_use]
pub fn weekday(day: NaiveDate) -> &'static str {
    WEEKDAYS[day.weekday().num_days_from_monday() as usize]
}

/// "Tue".
#[must_use]
pub fn short_weekday(day: NaiveDate) -> &'static str {
    &weekday(day)[..3]
}

/// "January".
#[must_use]
pub fn month(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

/// "Jan"; September is "Sept", as people write it.
#[must_use]
pub fn short_month(day: NaiveDate) -> &'static str {
    match day.month() {
        9 => "Sept",
        6 => "June",
        7 => "July",
        _ => &month(day)[..3],
    }
}

/// "January 2027".
#[must_use]
pub fn month_and_year(day: NaiveDate) -> String {
    format!("{} {}", month(day), day.year())
}

/// "2027-01", as in the calendar's addresses.
#[must_use]
pub fn month_slug(day: NaiveDate) -> String {
    format!("{}-{:02}", day.year(), day.month())
}

/// "Tuesday 12 January", with the year when it is not this year: "Tuesday 12 January 2027".
#[must_use]
pub fn day(date: NaiveDate, today: NaiveDate) -> String {
    let words = format!("{} {} {}", weekday(date), date.day(), month(date));
    if date.year() == today.year() {
        words
    } else {
        format!("{words} {}", date.year())
    }
}

/// "12 January", with the year when it is not this year.
#[must_use]
pub fn short_day(date: NaiveDate, today: NaiveDate) -> String {
    let words = format!("{} {}", date.day(), month(date));
    if date.year() == today.year() {
        words
    } else {
        format!("{words} {}", date.year())
    }
}

/// "31 March 1952": for birthdays and records, always with the year.
#[must_use]
pub fn full_day(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// "2027-01-12", for `<time datetime>` and inputs.
#[must_use]
pub fn iso_day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// "10:30am", "7pm", "12 noon", "midnight".
#[must_use]
pub fn clock(time: NaiveTime) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    if minute == 0 && hour == 0 {
        return "midnight".to_owned();
    }
    if minute == 0 && hour == 12 {
        return "12 noon".to_owned();
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    if minute == 0 {
        format!("{hour}{half}")
    } else {
        format!("{hour}:{minute:02}{half}")
    }
}

/// The time of a moment in Bath: "10:30am".
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    clock(local(at).time())
}

/// "10:30am to 12:30pm".
#[must_use]
pub fn times(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    format!("{} to {}", time(from), time(to))
}

/// "Tuesday 12 January, 10:30am".
#[must_use]
pub fn day_and_time(at: DateTime<Utc>, today: NaiveDate) -> String {
    format!("{}, {}", day(day_of(at), today), time(at))
}

/// "Tuesday 12 January, 10:30am to 12:30pm".
#[must_use]
pub fn day_and_times(from: DateTime<Utc>, to: DateTime<Utc>, today: NaiveDate) -> String {
    format!("{}, {}", day(day_of(from), today), times(from, to))
}

/// "4pm on Wednesday 13 January": until when something is kept.
#[must_use]
pub fn until(at: DateTime<Utc>, today: NaiveDate) -> String {
    format!("{} on {}", time(at), day(day_of(at), today))
}

/// "1 hour", "2 hours", "1 hour 30 minutes", "45 minutes".
#[must_use]
pub fn length(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let minutes = (to - from).num_minutes().max(0);
    let (hours, minutes) = (count(minutes / 60, "hour"), count(minutes % 60, "minute"));
    match (hours, minutes) {
        (Some(hours), Some(minutes)) => format!("{hours} {minutes}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "0 minutes".to_owned(),
    }
}

fn count(n: i64, what: &str) -> Option<String> {
    match n {
        0 => None,
        1 => Some(format!("1 {what}")),
        n => Some(format!("{n} {what}s")),
    }
}

/// The days between two meetings, when they are always the same.
fn rhythm(starts: &[DateTime<Utc>]) -> Option<i64> {
    let days: Vec<NaiveDate> = starts.iter().map(|at| day_of(*at)).collect();
    let mut gaps = days.windows(2).map(|pair| (pair[1] - pair[0]).num_days());
    let first = gaps.next()?;
    // A missed week or two (half term) does not change the rhythm.
    let smallest = gaps.try_fold(first, |least, gap| (gap > 0).then_some(least.min(gap)))?;
    let whole = days
        .windows(2)
        .all(|pair| smallest > 0 && (pair[1] - pair[0]).num_days() % smallest == 0);
    whole.then_some(smallest)
}

/// How often a run meets: "Once a week for 6 weeks", "Once, for one day", "Every 2 weeks, 4 times".
///
/// A week that is missed does not count: 6 meetings over 7 weeks are still "for 6 weeks".
#[must_use]
pub fn rhythm_words(starts: &[DateTime<Utc>]) -> String {
    match (starts.len(), rhythm(starts)) {
        (0, _) => "No dates yet".to_owned(),
        (1, _) => "Once".to_owned(),
        (n, Some(7)) => format!("Once a week for {n} weeks"),
        (n, Some(1)) => format!("{n} days in a row"),
        (n, Some(14)) => format!("Every 2 weeks, {n} times"),
        (n, _) => format!("{n} times"),
    }
}

/// How long a run is, in a card: "6 weeks", "1 day", "4 times".
#[must_use]
pub fn run_length(starts: &[DateTime<Utc>]) -> String {
    match (starts.len(), rhythm(starts)) {
        (0, _) => "No dates yet".to_owned(),
        (1, _) => "1 day".to_owned(),
        (n, Some(7)) => format!("{n} weeks"),
        (n, Some(1)) => format!("{n} days"),
        (n, _) => format!("{n} times"),
    }
}

/// "May to June 2026", "January 2027", "December 2026 to January 2027".
#[must_use]
pub fn months(first: NaiveDate, last: NaiveDate) -> String {
    if first.year() != last.year() {
        format!("{} to {}", month_and_year(first), month_and_year(last))
    } else if first.month() == last.month() {
        month_and_year(first)
    } else {
        format!("{} to {}", month(first), month_and_year(last))
    }
}

/// The age on a day, in whole years.
#[must_use]
pub fn age_on(born: NaiveDate, day: NaiveDate) -> i32 {
    let had = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i32::from(!had)
}

#[cfg(test)]
mod tests;
