//! Runs as the course team sees them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::bookings::Channel;
use crate::bookings::store::Session;
pub use crate::course_desk::Named;
use crate::registers::message::Whom;
use crate::ui::dates;
use crate::ui::list::{Order, Sort};
use crate::ui::pieces::TagState;

/// A run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    pub id: Uuid,
    pub course_id: Uuid,
    pub slug: String,
    pub title: String,
    /// `draft`, `open`, `closed` or `cancelled`.
    pub status: String,
    pub volunteers_only: bool,
    pub capacity: i64,
    pub places_taken: i64,
    /// Kept for people who sign up or were offered a place, now.
    pub held: i64,
    /// How many people wait.
    pub waiting: i64,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub sessions: i64,
    pub join_by_session: i64,
    pub venue_id: Option<Uuid>,
    pub venue: Option<String>,
    pub tutor_id: Option<Uuid>,
    pub tutor: Option<String>,
    pub join_link: Option<String>,
    pub place_note: Option<String>,
    /// The organisation that gives it, if another does.
    pub provider_id: Option<Uuid>,
    /// How the room is set up.
    pub room_setup: Option<String>,
    pub room_id: Option<Uuid>,
    pub room: Option<String>,
    /// How many the room holds, if that is known.
    pub room_holds: Option<i64>,
    /// `pencilled` or `confirmed`, of a room that is hired.
    pub hire: Option<String>,
    /// How many must have booked for it to take place.
    pub minimum: Option<i64>,
    /// The day on which that is decided.
    pub decide_on: Option<String>,
    /// When booking opens and closes by itself.
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    /// Whether the website shows its course.
    pub published: bool,
    /// Whether it, or a session to come, is online and has no link.
    pub lacks_link: bool,
}

impl Run {
    /// Whether its last session is over.
    pub fn is_past(&self, now: DateTime<Utc>) -> bool {
        self.ends_at <= now
    }

    /// Whether its dates can still be changed.
    pub fn can_change(&self, now: DateTime<Utc>) -> bool {
        self.status != "cancelled" && !self.is_past(now)
    }

    /// What is missing before it can begin, in words.
    pub fn missing(&self, now: DateTime<Utc>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        if self.can_change(now) {
            if self.tutor_id.is_none() {
                all.push("No tutor yet".into());
            }
            if self.lacks_link {
                let words = if self.venue_id.is_none() {
                    "No place and no link yet"
                } else {
                    "No link yet for a session that is online"
                };
                all.push(words.into());
            }
            if self.hire.as_deref() == Some("pencilled") {
                all.push("Room not confirmed".into());
            }
            if self.status != "open" && self.opens_at.is_some_and(|at| at <= now) {
                all.push("Should be open by now. Is its course on the website?".into());
            }
            if let Some(minimum) = self.minimum.filter(|minimum| self.places_taken < *minimum) {
                let day = self.decide_on.as_deref().and_then(|day| day.parse().ok());
                let by =
                    day.map(|day| format!(", decide by {}", dates::day(day, dates::day_of(now))));
                all.push(format!(
                    "{} of at least {minimum} booked{}",
                    self.places_taken,
                    by.unwrap_or_default()
                ));
            }
        }
        all
    }

    /// When booking opens and closes by itself, in sentences.
    pub fn window(&self, now: DateTime<Utc>) -> Vec<String> {
        let today = dates::day_of(now);
        let sentence = |words: &str, at: Option<DateTime<Utc>>| {
            at.map(|at| format!("{words} on {}", dates::day_and_time(at, today)))
        };
        let opens = sentence(
            "Booking opens",
            self.opens_at.filter(|_| self.status != "open"),
        );
        let closes = sentence("Booking closes", self.closes_at);
        [opens, closes].into_iter().flatten().collect()
    }

    /// Where, in words.
    pub fn place(&self) -> String {
        match (&self.venue, &self.room) {
            (None, _) => "Online".to_owned(),
            (Some(venue), None) => venue.clone(),
            (Some(venue), Some(room)) => format!("{venue}, {room}"),
        }
    }

    /// "6 sessions".
    pub fn length(&self) -> String {
        match self.sessions {
            1 => "1 session".to_owned(),
            n => format!("{n} sessions"),
        }
    }

    /// How it stands.
    pub fn tag(&self, now: DateTime<Utc>) -> TagState {
        let left = u32::try_from(self.capacity - self.places_taken - self.held).unwrap_or(0);
        match self.status.as_str() {
            "cancelled" => TagState::Cancelled,
            "draft" => TagState::Draft,
            _ if self.is_past(now) => TagState::Ended,
            "closed" => TagState::Closed,
            _ if self.volunteers_only => TagState::Volunteers,
            _ => TagState::places(left),
        }
    }

    /// Who is told of a change, in a sentence.
    pub fn whom(&self) -> String {
        let people = |n: i64| match n {
            1 => "1 person who has a place".to_owned(),
            n => format!("{n} people who have a place"),
        };
        let wait = |n: i64| match n {
            1 => "1 person who waits".to_owned(),
            n => format!("{n} people who wait"),
        };
        let who = match (self.places_taken, self.waiting) {
            (0, 0) => return "Nobody has a place and nobody waits, so nobody is told.".to_owned(),
            (taken, 0) => people(taken),
            (0, waiting) => wait(waiting),
            (taken, waiting) => format!("{} and {}", people(taken), wait(waiting)),
        };
        format!(
            "We tell {who}, by email and by text as they chose. Whoever we cannot write to is put on the list of calls."
        )
    }
}

/// Which runs a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Not over and not called off.
    Coming,
    /// Something is missing.
    Look,
    /// Somebody on the waiting list is being offered a place.
    Offers,
    Open,
    Draft,
    Closed,
    Past,
    Cancelled,
}

impl Group {
    pub const ALL: [Self; 8] = [
        Self::Coming,
        Self::Look,
        Self::Offers,
        Self::Open,
        Self::Draft,
        Self::Closed,
        Self::Past,
        Self::Cancelled,
    ];

    /// The word in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Look => "look",
            Self::Offers => "offers",
            Self::Open => "open",
            Self::Draft => "draft",
            Self::Closed => "closed",
            Self::Past => "past",
            Self::Cancelled => "cancelled",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Coming => "To come",
            Self::Look => "Needs a look",
            Self::Offers => "Offer out",
            Self::Open => "Open",
            Self::Draft => "Draft",
            Self::Closed => "Closed to bookings",
            Self::Past => "Past",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The one with this word; the first for any other.
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|group| group.name() == name);
        found.unwrap_or(Self::Coming)
    }
}

/// The orders of a list of runs.
pub const ORDERS: [Order; 5] = [
    Order::rising("start", "When they start", "run.starts_at").always(),
    Order::rising("course", "Course", "lower(course.title)"),
    Order::rising("tutor", "Tutor", "COALESCE(lower(tutor.full_name), '')"),
    Order::rising("place", "Where", "lower(venue.name)"),
    Order::falling(
        "free",
        "Free places, most first",
        "(run.capacity - run.places_taken)",
    ),
];

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub group: Group,
    pub sort: Sort,
    /// Part of a course's title or a tutor's name.
    pub words: String,
    /// A venue.
    pub venue: Option<Uuid>,
    /// Online only.
    pub online: bool,
}

impl Question {
    /// Whether it asks for less than a whole group.
    pub const fn is_narrowed(&self) -> bool {
        !self.words.is_empty() || self.venue.is_some() || self.online
    }
}

/// The orders of those who have a place.
pub const BOOKED_ORDERS: [Order; 3] = [
    Order::rising("booked", "When they booked", "booking.created_at").always(),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("state", "How it stands", "booking.status"),
];

/// Somebody who has a place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Booked {
    pub person_id: Uuid,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub reference: String,
    pub channel: String,
    /// `booked` or `awaiting-guardian`.
    pub status: String,
    pub created_at: DateTime<Utc>,
}

impl Booked {
    /// How it reached us.
    pub fn how(&self) -> &'static str {
        Channel::words(&self.channel)
    }

    /// How it stands, in words.
    pub fn state(&self) -> &'static str {
        if self.status == "awaiting-guardian" {
            "Waits for a parent or guardian"
        } else {
            "Booked"
        }
    }
}

/// The orders of those who wait.
pub const WAITS_ORDERS: [Order; 3] = [
    Order::rising("turn", "Turn", "entry.turn").always(),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("since", "Since when", "entry.joined_at"),
];

/// Somebody who waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waits {
    /// Whose turn it is first has 1; two who wait together have the same.
    pub turn: i64,
    /// Two who wait together have the same entry.
    pub entry_id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    pub joined_at: DateTime<Utc>,
    /// Until when they can answer their offer.
    pub offered_until: Option<DateTime<Utc>>,
    /// Whether the team put them before others, for a reason.
    pub put_first: bool,
}

impl Waits {
    /// How it stands, in words.
    pub fn state(&self, now: DateTime<Utc>) -> String {
        match self.offered_until {
            Some(until) => format!(
                "Offered a place until {}",
                dates::until(until, dates::day_of(now))
            ),
            None if self.put_first => "Waiting, put first by us".to_owned(),
            None => "Waiting".to_owned(),
        }
    }
}

/// A change that people were told of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct News {
    pub sequence: i64,
    pub words: String,
    pub at: DateTime<Utc>,
    pub done_by: Option<String>,
}

/// A place that stands, to be chosen from.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: Uuid,
    pub person_id: Uuid,
    /// Whose it is.
    pub name: String,
}

/// A message that its people were sent.
#[derive(Clone, Debug)]
pub struct Written {
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub name: String,
    /// How many it went to.
    pub people: i64,
    pub whom: Whom,
}

/// "Tuesday 12 January, 10:30am to 12:30pm".
pub fn when(session: &Session, now: DateTime<Utc>) -> String {
    dates::day_and_times(session.starts_at, session.ends_at, dates::day_of(now))
}
