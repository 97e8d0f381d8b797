//! The demo's courses, with dates counted from today.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::Deserialize;
use uuid::Uuid;

use crate::catalogue::series::Series;
use crate::server::{Error, Result};
use crate::ui::dates;

/// The file that the content designer writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// What courses are about.
    pub topic: Vec<Topic>,
    /// Where they meet.
    pub venue: Vec<Venue>,
    /// Who leads them.
    pub tutor: Vec<Tutor>,
    /// The courses with their runs.
    pub course: Vec<Course>,
}

/// What courses are about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Its drawing.
    pub art: String,
}

/// A place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// First line of the address.
    pub address_1: String,
    /// Second line of the address.
    pub address_2: Option<String>,
    /// Town or village.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// For the map link.
    pub latitude: f64,
    /// For the map link.
    pub longitude: f64,
    /// Access in a few words, for a card.
    pub short_access: String,
    /// How to get there.
    pub travel: String,
    /// What it is like.
    pub about: Option<String>,
    /// Rooms that courses meet in.
    #[serde(default)]
    pub rooms: Vec<String>,
    /// Access and travel, one fact a line.
    #[serde(default)]
    pub fact: Vec<Fact>,
}

/// One fact about a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its picture.
    pub icon: String,
    /// The fact.
    pub words: String,
}

/// Somebody who leads courses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tutor {
    /// Their name in addresses.
    pub slug: String,
    /// The full name.
    pub full_name: String,
    /// What people call them.
    pub known_as: String,
    /// Who they are, in a line or two.
    pub about: String,
}

/// A course.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The topic's slug.
    pub topic: String,
    /// Who may come.
    pub audience: String,
    /// The tutor's slug, for runs that name no other.
    pub tutor: Option<String>,
    /// One line for a card.
    pub summary: String,
    /// The opening sentence.
    pub lead: String,
    /// The rest, in paragraphs.
    pub description: String,
    /// Whom it is for.
    pub who_for: String,
    /// Whom it is not for.
    pub not_for: Option<String>,
    /// A line for each session.
    #[serde(default)]
    pub themes: Vec<String>,
    /// "Your first visit".
    #[serde(default)]
    pub first_visit: Vec<FirstVisit>,
    /// When and where it is offered.
    #[serde(default)]
    pub run: Vec<Run>,
}

/// A line of "Your first visit".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstVisit {
    /// Its picture.
    pub icon: String,
    /// The words in bold.
    pub strong: String,
    /// The words after them.
    pub words: String,
}

/// One offering of a course.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Days from today to the day from which `weekday` is looked for.
    pub starts_in_days: i64,
    /// The day of the week: `mon`.
    pub weekday: String,
    /// The time of day in Bath: `10:30`.
    pub time: String,
    /// How long a session is.
    pub minutes: i64,
    /// How many sessions there are.
    pub sessions: usize,
    /// Days from one to the next.
    pub interval_days: u64,
    /// The venue's slug, or `online`.
    pub venue: String,
    /// The room's name.
    pub room: Option<String>,
    /// A line about the place.
    pub place_note: Option<String>,
    /// The tutor's slug, if not the course's.
    pub tutor: Option<String>,
    /// How many may come.
    pub capacity: i64,
    /// How full it is.
    pub fill: Fill,
    /// Booking has closed.
    #[serde(default)]
    pub closed: bool,
    /// Only volunteers may book.
    #[serde(default)]
    pub volunteers_only: bool,
}

/// How full a run is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Fill {
    /// Nobody yet.
    Empty,
    /// A third to a half taken.
    Free,
    /// One to three places left.
    Few,
    /// No place left.
    Full,
    /// It has begun.
    Started,
    /// It is over.
    Past,
}

/// A run with its dates: what bookings are made for.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The run's id.
    pub id: Uuid,
    /// Which course of the catalogue.
    pub course: usize,
    /// Which run of that course.
    pub run: usize,
    /// Its meetings.
    pub sessions: Vec<Session>,
}

/// One meeting of a run.
#[derive(Clone, Debug)]
pub struct Session {
    /// When it starts.
    pub starts: DateTime<Utc>,
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// Which weeks before it were missed, and why.
    pub note: Option<String>,
}

impl Planned {
    /// The day of the first session, in Bath.
    pub fn first_day(&self) -> NaiveDate {
        self.sessions
            .first()
            .map_or(NaiveDate::MIN, |s| dates::day_of(s.starts))
    }

    /// When the first session begins.
    pub fn starts_at(&self) -> DateTime<Utc> {
        self.sessions
            .first()
            .map_or(DateTime::<Utc>::MIN_UTC, |s| s.starts)
    }

    /// When the last session ends.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.sessions
            .last()
            .map_or(DateTime::<Utc>::MIN_UTC, |s| s.ends)
    }

    /// Whether a session of `other` is at the same time as one of this run.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let meets = |a: &Session| {
            let at_once = |b: &Session| a.starts < b.ends && b.starts < a.ends;
            other.sessions.iter().any(at_once)
        };
        self.sessions.iter().any(meets)
    }
}

impl Catalogue {
    /// The catalogue that this program carries.
    ///
    /// # Errors
    /// When the file is not in order; a test looks.
    pub fn read() -> Result<Self> {
        toml::from_str(include_str!("catalogue.toml"))
            .map_err(|e| Error::Other(format!("demo/catalogue.toml: {e}")))
    }
}

impl Run {
    /// The run's sessions, counted from `today`. A weekly 10:30 stays 10:30 when the clocks change. On days off there is
    /// none.
    ///
    /// # Errors
    /// When the weekday or the time cannot be read.
    pub fn dates(&self, today: NaiveDate) -> Result<Vec<Session>> {
        let wrong = |what: &str| Error::Other(format!("demo/catalogue.toml: {what}"));
        let weekday: Weekday = self.weekday.parse().map_err(|_| wrong(&self.weekday))?;
        let time = NaiveTime::parse_from_str(&self.time, "%H:%M").map_err(|_| wrong(&self.time))?;
        let from = today
            .checked_add_signed(TimeDelta::days(self.starts_in_days))
            .ok_or_else(|| wrong("starts_in_days"))?;
        let wait = (7 + weekday.num_days_from_monday() - from.weekday().num_days_from_monday()) % 7;
        let mut first = from + Days::new(u64::from(wait));
        let mut sessions = self.sessions_from(first, time);
        // What is over or has begun stays so, however many days it had to miss.
        let still_to_be = |sessions: &[Session]| {
            let day = match self.fill {
                Fill::Past => sessions.last(),
                Fill::Started => sessions.first(),
                _ => None,
            };
            day.is_some_and(|session| dates::day_of(session.starts) >= today)
        };
        while still_to_be(&sessions) {
            first = first - Days::new(7);
            sessions = self.sessions_from(first, time);
        }
        Ok(sessions)
    }

    fn sessions_from(&self, first: NaiveDate, time: NaiveTime) -> Vec<Session> {
        let series = Series {
            first,
            starts: time,
            length: TimeDelta::minutes(self.minutes),
            sessions: self.sessions,
            every_days: self.interval_days.max(1),
            holidays_off: true,
            off: Vec::new(),
        };
        let meetings = series.meetings().into_iter();
        meetings
            .map(|meeting| Session {
                starts: meeting.starts_at,
                ends: meeting.ends_at,
                note: meeting.note(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_keeps_its_sessions_and_misses_days_off_whenever_the_demo_is_made() {
        let catalogue = Catalogue::read().unwrap();
        let runs: Vec<&Run> = catalogue.course.iter().flat_map(|c| &c.run).collect();
        let first: NaiveDate = "2026-11-22".parse().unwrap();
        let mut notes = 0;
        for week in 0..60 {
            let today = first + Days::new(week * 13);
            for run in &runs {
                let sessions = run.dates(today).unwrap();
                assert_eq!(sessions.len(), run.sessions);
                for pair in sessions.windows(2) {
                    let gap =
                        (dates::day_of(pair[1].starts) - dates::day_of(pair[0].starts)).num_days();
                    let missed = gap > i64::try_from(run.interval_days).unwrap();
                    assert_eq!(pair[1].note.is_some(), missed, "{today}: {pair:?}");
                    notes += usize::from(missed);
                }
                for session in &sessions {
                    assert_eq!(
                        crate::catalogue::days_off::reason(dates::day_of(session.starts)),
                        None
                    );
                }
                match run.fill {
                    Fill::Past => {
                        assert!(dates::day_of(sessions[sessions.len() - 1].starts) < today);
                    }
                    Fill::Started => assert!(dates::day_of(sessions[0].starts) < today),
                    _ => assert!(dates::day_of(sessions[0].starts) >= today),
                }
            }
        }
        assert!(notes > 100, "{notes}");
    }
}
