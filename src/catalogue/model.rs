//! The published catalogue as the pages read it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::Standing;
use crate::ui::dates;

/// Everything that is published, read at one version.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Goes up with every change of what is shown here.
    pub version: i64,
    /// The topics that have a course, in the team's order.
    pub topics: Vec<Topic>,
    /// The venues, by name.
    pub venues: Vec<Venue>,
    /// The courses, by address.
    pub courses: Vec<Course>,
}

impl Catalogue {
    /// Whether the course `slug` has a run with this short word.
    pub fn has_run(&self, slug: &str, code: &str) -> bool {
        self.courses
            .iter()
            .filter(|course| course.slug == slug)
            .flat_map(|course| &course.runs)
            .any(|run| run.code == code)
    }
}

/// What a course is about: "Sleep".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its word in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The short name of its drawing.
    pub art: String,
    /// Where it stands among the topics.
    pub position: i64,
}

/// A place where runs meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Venue {
    /// Its id.
    pub id: Uuid,
    /// Its word in addresses.
    pub slug: String,
    /// "Bath Central Library".
    pub name: String,
    /// Street and number.
    pub address_1: String,
    /// More of the address.
    pub address_2: Option<String>,
    /// The town.
    pub town: String,
    /// The town's word in addresses and filters.
    pub town_slug: String,
    /// The postcode.
    pub postcode: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// "Step-free": the one access fact that fits on a card.
    pub short_access: String,
    /// How to get there.
    pub travel: String,
    /// What it is like.
    pub about: Option<String>,
    /// Icon and words of each access fact.
    pub facts: Vec<(String, String)>,
}

/// Who leads a run, as far as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tutor {
    /// The first name. The full name is told to people who have booked.
    pub known_as: String,
    /// A sentence or two.
    pub about: String,
}

/// Who a course is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Anybody.
    Everyone,
    /// People of 16 or over.
    Adults,
    /// People who look after somebody.
    Carers,
    /// Our volunteers.
    Volunteers,
    /// People who are under 16 on the first day.
    Under16s,
}

impl Audience {
    /// All of them, as the filter lists them.
    pub const ALL: [Self; 5] = [
        Self::Everyone,
        Self::Adults,
        Self::Carers,
        Self::Volunteers,
        Self::Under16s,
    ];

    /// Its word in the database and in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Adults => "adults",
            Self::Carers => "carers",
            Self::Volunteers => "volunteers",
            Self::Under16s => "under-16s",
        }
    }

    /// Its name on the screen. "Just for": a carer may come to a course for anyone, too.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Everyone => "For anyone",
            Self::Adults => "Just for adults",
            Self::Carers => "Just for carers",
            Self::Volunteers => "Just for volunteers",
            Self::Under16s => "Just for under 16s",
        }
    }

    /// The audience of a word.
    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.slug() == slug)
    }
}

/// A course: what it is about, for whom, and what it is like.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its word in addresses.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Its topic: an index into [`Catalogue::topics`].
    pub topic: usize,
    /// Who may come.
    pub audience: Audience,
    /// One sentence for a card.
    pub summary: String,
    /// Two sentences for the top of the page.
    pub lead: String,
    /// What it is like, as HTML (see [`super::prose`]).
    pub description: String,
    /// Who it is for, in words.
    pub who_for: String,
    /// Who it is not right for.
    pub not_for: Option<String>,
    /// The same in easy words, as HTML.
    pub easy_read: Option<String>,
    /// "Your first visit": icon, what matters, the rest.
    pub first_visit: Vec<(String, String, String)>,
    /// When any of this was last changed.
    pub updated_at: DateTime<Utc>,
    /// The runs that are not over, soonest first.
    pub runs: Vec<Run>,
}

/// Whether a run can be booked, as the course team set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStatus {
    /// It can be booked.
    Open,
    /// Booking has been closed.
    Closed,
    /// It will not take place.
    Cancelled,
    /// The team is still writing it.
    Draft,
}

impl RunStatus {
    /// The status of a word in the database; a word it does not know is a draft, which nobody sees.
    pub fn of(word: &str) -> Self {
        match word {
            "open" => Self::Open,
            "closed" => Self::Closed,
            "cancelled" => Self::Cancelled,
            _ => Self::Draft,
        }
    }
}

/// One offering of a course.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// Its short word in addresses (see [`rules::run_code`]).
    pub code: String,
    /// As the course team set it.
    pub status: RunStatus,
    /// Only volunteers may book.
    pub volunteers_only: bool,
    /// Places in all.
    pub capacity: u32,
    /// The first session's start.
    pub starts_at: DateTime<Utc>,
    /// The start of the last session that somebody new may begin with.
    pub joins_until: DateTime<Utc>,
    /// The last session's end.
    pub ends_at: DateTime<Utc>,
    /// Where: an index into [`Catalogue::venues`]; none means online.
    pub venue: Option<usize>,
    /// The room.
    pub room: Option<String>,
    /// A sentence about where or how.
    pub place_note: Option<String>,
    /// Who leads it.
    pub tutor: Option<Tutor>,
    /// How often its dates have been changed, for calendars.
    pub sequence: i64,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Its meetings, in order.
    pub sessions: Vec<Session>,
}

impl Run {
    /// What its availability depends on. `left` are the places left, as far as they are known.
    pub fn standing(&self, left: u32) -> Standing {
        Standing {
            status: self.status,
            volunteers_only: self.volunteers_only,
            starts_at: self.starts_at,
            joins_until: self.joins_until,
            left,
        }
    }

    /// The day it starts, in Bath.
    pub fn first_day(&self) -> NaiveDate {
        dates::day_of(self.starts_at)
    }

    /// When each session starts.
    pub fn starts(&self) -> Vec<DateTime<Utc>> {
        self.sessions.iter().map(|s| s.starts_at).collect()
    }

    /// The number, from 0, of the session that somebody begins with who books at `now`; 0 when there is none.
    pub fn next(&self, now: DateTime<Utc>) -> usize {
        if self.starts_at > now {
            return 0;
        }
        let next = self.sessions.iter().position(|s| s.starts_at > now);
        next.unwrap_or_default()
    }

    /// When somebody begins who starts with the session with this number, from 0.
    pub fn begins(&self, number: usize) -> DateTime<Utc> {
        let session = self.sessions.get(number);
        session.map_or(self.starts_at, |session| session.starts_at)
    }

    /// Where the session with this number, from 0, is: an index into [`Catalogue::venues`]; none means online.
    pub fn venue_at(&self, number: usize) -> Option<usize> {
        let own = self.sessions.get(number).and_then(|s| s.at.as_ref());
        own.map_or(self.venue, |at| at.venue)
    }

    /// The end of the first session.
    pub fn first_ends_at(&self) -> DateTime<Utc> {
        self.sessions.first().map_or(self.ends_at, |s| s.ends_at)
    }
}

/// One dated meeting of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which calendars know it by.
    pub id: Uuid,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// What it is about.
    pub theme: Option<String>,
    /// A missed week, or anything else to know.
    pub note: Option<String>,
    /// Where it is, if not where its run is.
    pub at: Option<Elsewhere>,
    /// The first name of whoever leads it, if not the run's tutor.
    pub tutor: Option<String>,
}

/// Where one session is that is not where its run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// An index into [`Catalogue::venues`]; none means online.
    pub venue: Option<usize>,
    /// The room.
    pub room: Option<String>,
}
