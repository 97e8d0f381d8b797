//! Courses as the course team sees them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::ui::list::{Order, Sort};
use crate::ui::pieces::TagState;

/// How many lines "Your first visit" can have.
pub const VISIT_LINES: usize = 4;

/// A course.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Course {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub topic_id: Uuid,
    pub topic: String,
    pub audience: String,
    pub summary: String,
    pub lead: String,
    /// Markdown.
    pub description: String,
    pub who_for: String,
    pub not_for: Option<String>,
    /// The same in easy words (Markdown).
    pub easy_read: Option<String>,
    /// `draft` or `published`.
    pub status: String,
    pub updated_at: DateTime<Utc>,
}

impl Course {
    pub fn is_published(&self) -> bool {
        self.status == "published"
    }

    /// How it stands.
    pub fn tag(&self) -> TagState {
        tag(&self.status)
    }
}

fn tag(status: &str) -> TagState {
    if status == "published" {
        TagState::Published
    } else {
        TagState::Draft
    }
}

/// A line of "Your first visit".
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VisitLine {
    pub icon: String,
    pub strong: String,
    pub words: String,
}

/// What the team typed about a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub title: String,
    pub topic_id: Uuid,
    pub audience: &'static str,
    pub summary: String,
    pub lead: String,
    pub description: String,
    pub who_for: String,
    pub not_for: Option<String>,
    pub easy_read: Option<String>,
    pub first_visit: Vec<VisitLine>,
}

/// A course in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: Uuid,
    pub title: String,
    pub topic: String,
    pub audience: String,
    pub status: String,
    /// Runs that are open, closed to bookings or drafts, and not over.
    pub coming: i64,
    /// When the next of them starts.
    pub next_at: Option<DateTime<Utc>>,
}

impl Listed {
    /// How it stands.
    pub fn tag(&self) -> TagState {
        tag(&self.status)
    }
}

/// Which courses a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    All,
    Published,
    Draft,
    /// Published, and nothing to come.
    NoDates,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::All, Self::Published, Self::Draft, Self::NoDates];

    /// The word in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Published => "published",
            Self::Draft => "draft",
            Self::NoDates => "no-dates",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Published => "On the website",
            Self::Draft => "Draft",
            Self::NoDates => "No dates to come",
        }
    }

    /// The one with this word; the first for any other.
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|group| group.name() == name);
        found.unwrap_or(Self::All)
    }
}

/// The orders of the list of courses.
pub const ORDERS: [Order; 6] = [
    Order::rising("title", "Title", "lower(title)"),
    Order::rising("topic", "Topic", "lower(topic)"),
    Order::rising("for", "Who it is for", "audience"),
    Order::rising("next", "Next date", "next_at"),
    Order::falling("runs", "Runs to come, most first", "coming"),
    Order::rising("status", "Status", "status"),
];

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub group: Group,
    pub sort: Sort,
    /// Part of a title or a topic.
    pub words: String,
}
