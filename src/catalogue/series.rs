//! The dates of a run from its first day, a time and a number of sessions, by the clocks of Bath: a weekly 10am stays 10am
//! when the clocks change.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::days_off;
use crate::ui::dates;

/// However many days are left out, no run goes on for longer: about three years.
const LONGEST_DAYS: u64 = 1_100;
/// Why a day is left out that the team named.
const NAMED: &str = "holiday";

/// What a run's dates are worked out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The day of the first session, if it is not left out.
    pub first: NaiveDate,
    /// When each begins.
    pub starts: NaiveTime,
    /// How long each is.
    pub length: TimeDelta,
    /// How many there are.
    pub sessions: usize,
    /// Days from one to the next.
    pub every_days: u64,
    /// Whether bank holidays and Christmas are left out.
    pub holidays_off: bool,
    /// Other days that are left out, from and to: school holidays.
    pub off: Vec<(NaiveDate, NaiveDate)>,
}

/// A session as it would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The days between the session before and this one that are left out, and why.
    pub missed: Vec<(NaiveDate, &'static str)>,
}

impl Meeting {
    /// What people are told about the days left out before it.
    pub fn note(&self) -> Option<String> {
        days_off::note(&self.missed)
    }
}

/// Why nothing takes place on a day: a bank holiday or Christmas if those are left out, or one of the days in `off`, from and
/// to.
pub fn off_on(
    day: NaiveDate,
    holidays_off: bool,
    off: &[(NaiveDate, NaiveDate)],
) -> Option<&'static str> {
    let holiday = holidays_off.then(|| days_off::reason(day)).flatten();
    let named = || {
        let among = off.iter().any(|(from, to)| (*from..=*to).contains(&day));
        among.then_some(NAMED)
    };
    holiday.or_else(named)
}

impl Series {
    fn off_on(&self, day: NaiveDate) -> Option<&'static str> {
        off_on(day, self.holidays_off, &self.off)
    }

    /// The sessions. Before the first nothing is missed: the run starts later. They are fewer than asked for when so many days
    /// are left out that they would go on for three years.
    pub fn meetings(&self) -> Vec<Meeting> {
        let mut meetings: Vec<Meeting> = Vec::new();
        let mut missed = Vec::new();
        let last = self.first + Days::new(LONGEST_DAYS);
        let mut day = self.first;
        while meetings.len() < self.sessions && day <= last {
            match self.off_on(day) {
                Some(_) if meetings.is_empty() => {}
                Some(why) => missed.push((day, why)),
                None => meetings.push(Meeting {
                    starts_at: dates::moment(day.and_time(self.starts)),
                    ends_at: dates::moment(day.and_time(self.starts) + self.length),
                    missed: std::mem::take(&mut missed),
                }),
            }
            day = day + Days::new(self.every_days.max(1));
        }
        meetings
    }
}

#[cfg(test)]
mod tests {
    use chrono::Timelike as _;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn weekly(first: &str, sessions: usize) -> Series {
        Series {
            first: day(first),
            starts: NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
            length: TimeDelta::minutes(90),
            sessions,
            every_days: 7,
            holidays_off: true,
            off: Vec::new(),
        }
    }

    fn days(series: &Series) -> Vec<String> {
        let days = series.meetings().into_iter();
        days.map(|one| dates::iso_day(dates::day_of(one.starts_at)))
            .collect()
    }

    #[test]
    fn a_bank_holiday_is_left_out_and_said_and_the_run_ends_a_week_later() {
        // Easter Monday 2027 is 29 March; the clocks change the day before.
        let series = weekly("2027-03-15", 4);
        assert_eq!(
            days(&series),
            ["2027-03-15", "2027-03-22", "2027-04-05", "2027-04-12"]
        );
        let meetings = series.meetings();
        assert_eq!(
            meetings[2].note().as_deref(),
            Some("No session on 29 March (bank holiday)")
        );
        assert_eq!(meetings[3].note(), None);
        for meeting in &meetings {
            assert_eq!(dates::local(meeting.starts_at).hour(), 10);
        }
        let all = Series {
            holidays_off: false,
            ..series
        };
        assert_eq!(days(&all)[2], "2027-03-29");
    }

    #[test]
    fn a_first_day_that_is_left_out_is_the_first_day_that_is_not() {
        let mut series = weekly("2027-02-08", 3);
        series.off = vec![
            (day("2027-02-08"), day("2027-02-08")),
            (day("2027-02-20"), day("2027-02-26")),
        ];
        assert_eq!(days(&series), ["2027-02-15", "2027-03-01", "2027-03-08"]);
        assert_eq!(series.meetings()[0].note(), None);
        assert_eq!(
            series.meetings()[1].note().as_deref(),
            Some("No session on 22 February (holiday)")
        );
    }

    #[test]
    fn days_left_out_for_ever_are_not_waited_for() {
        let mut series = weekly("2027-02-08", 3);
        series.off = vec![(day("2027-02-09"), day("2199-01-01"))];
        assert_eq!(days(&series), ["2027-02-08"]);
    }

    proptest! {
        #[test]
        fn no_session_is_on_a_day_off_and_the_clocks_never_move_one(
            from in 0_u64..3_650, sessions in 1_usize..30, every in prop::sample::select(vec![1_u64, 7, 14, 28]),
            hour in 7_u32..21, off in prop::collection::vec((0_u64..4_000, 0_u64..30), 0..6),
        ) {
            let zero = day("2026-01-01");
            let series = Series {
                first: zero + Days::new(from),
                starts: NaiveTime::from_hms_opt(hour, 30, 0).unwrap(),
                length: TimeDelta::minutes(90),
                sessions,
                every_days: every,
                holidays_off: true,
                off: off.into_iter().map(|(at, long)| (zero + Days::new(at), zero + Days::new(at + long))).collect(),
            };
            let meetings = series.meetings();
            prop_assert_eq!(meetings.len(), sessions);
            for meeting in &meetings {
                let at = dates::local(meeting.starts_at);
                prop_assert_eq!((at.hour(), at.minute()), (hour, 30));
                prop_assert_eq!(series.off_on(at.date()), None);
                prop_assert_eq!(meeting.ends_at - meeting.starts_at, series.length);
            }
            for pair in meetings.windows(2) {
                let gap = (dates::day_of(pair[1].starts_at) - dates::day_of(pair[0].starts_at)).num_days();
                // Each step between two sessions is either held or said to be missed.
                prop_assert_eq!(u64::try_from(gap), Ok(every * (1 + pair[1].missed.len() as u64)));
            }
        }
    }
}
