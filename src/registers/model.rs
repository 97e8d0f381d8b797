//! What a tutor sees, by its types.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::{self, ListDays, Standing};
use crate::accounts::roles::Role;
use crate::staff::audit::Action;
use crate::ui::dates;

/// Somebody who comes: three facts about them, and the numbers that a mark and the record need. There is no room here for
/// a fourth, and the one statement that fills it (`store`) reads no other.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Attendee {
    /// Their place on the run.
    pub place_id: Uuid,
    /// Who it is, for the record of who was shown. On no page.
    pub person_id: Uuid,
    /// Their full name.
    pub name: String,
    /// Their phone number, E.164; of somebody under 16 that of their parent or guardian.
    pub phone: Option<String>,
    /// Their email address; of somebody under 16 that of their parent or guardian.
    pub email: Option<String>,
}

/// Who comes to a session.
#[derive(Clone, Debug)]
pub struct List {
    /// Those who are shown.
    pub attendees: Vec<Attendee>,
    /// How many more come who objected to tutors being given their details. Nothing else is known of them here.
    pub kept_back: i64,
}

/// What was marked about somebody at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// They were there.
    Came,
    /// They were not, and nobody knows why.
    DidNotCome,
    /// They were not, and had said so.
    Apologies,
}

impl Mark {
    /// Every mark, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Came, Self::DidNotCome, Self::Apologies];

    /// The word in the database and in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::DidNotCome => "did-not-come",
            Self::Apologies => "apologies",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Came => "Came",
            Self::DidNotCome => "Did not come",
            Self::Apologies => "Sent apologies",
        }
    }

    /// The mark with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.name() == name)
    }
}

/// What somebody marked about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The place.
    pub place_id: Uuid,
    /// What was marked; none takes a mark away.
    pub mark: Option<Mark>,
    /// When: before it was sent, if the connection was away.
    pub at: DateTime<Utc>,
}

/// What is known of somebody at a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// What the tutor marked.
    pub mark: Option<Mark>,
    /// They told us beforehand that they cannot come.
    pub told_us: bool,
}

/// [`Known`] of each place (first) at each session (second).
pub type Marks = HashMap<(Uuid, Uuid), Known>;

/// One dated meeting of a run.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Which one it is, from 1.
    pub position: i64,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Where; nowhere is online.
    pub venue: Option<String>,
    /// Whether that is not where its run is.
    pub elsewhere: bool,
}

impl Session {
    /// Where it is, in words.
    pub fn place(&self) -> &str {
        self.venue.as_deref().unwrap_or("Online")
    }

    /// Its day in Bath.
    pub fn day(&self) -> NaiveDate {
        dates::day_of(self.starts_at)
    }
}

/// A run, as whoever sees its list finds it in "My runs".
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// The course's title.
    pub title: String,
    /// `open`, `closed` or `cancelled`.
    pub status: String,
    /// When the first session begins.
    pub starts_at: DateTime<Utc>,
    /// When the last session ends.
    pub ends_at: DateTime<Utc>,
    /// Where the next session is, or else the run; nowhere is online.
    pub venue: Option<String>,
    /// Whether that is not where the run is.
    pub elsewhere: bool,
    /// How many have a place.
    pub coming: i64,
    /// How the room is set up, in the course team's words.
    pub room_setup: Option<String>,
    /// When the next session whose list they see begins, or the one that is on now began.
    pub next_at: Option<DateTime<Utc>>,
    /// Of how many of its sessions they see the list.
    pub own_sessions: i64,
    /// How many sessions it has.
    pub all_sessions: i64,
}

impl Run {
    /// Whether its list can be seen on `today`.
    pub fn standing(&self, today: NaiveDate, open: ListDays) -> Standing {
        rules::standing(&self.status, self.days(), today, open)
    }

    /// Its first and its last day in Bath.
    pub fn days(&self) -> (NaiveDate, NaiveDate) {
        (dates::day_of(self.starts_at), dates::day_of(self.ends_at))
    }

    /// Whether they see the list of every session, not only of those that they stand in for.
    pub const fn is_whole(&self) -> bool {
        self.own_sessions >= self.all_sessions
    }

    /// Where it is, in words.
    pub fn place(&self) -> &str {
        self.venue.as_deref().unwrap_or("Online")
    }
}

/// How somebody is shown a list: what the record and the person on it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// On the screen.
    Register,
    /// As a sheet to print.
    Sheet,
    /// As a file.
    File,
}

impl How {
    const ALL: [Self; 3] = [Self::Register, Self::Sheet, Self::File];

    /// The second part of the word in the database.
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Sheet => "print",
            Self::File => "download",
        }
    }

    /// The word in the database: who sees it, and how.
    pub fn kind(self, role: Option<Role>) -> String {
        let who = role.unwrap_or(Role::Tutor).name();
        format!("{who}-{}", self.name())
    }

    /// The words for whoever is on the list.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Register => "Opened the list of who is coming",
            Self::Sheet => "Opened the list to print it",
            Self::File => "Downloaded the list",
        }
    }

    /// What the audit calls it.
    pub const fn action(self) -> Action {
        match self {
            Self::Register => Action::Looked,
            Self::Sheet => Action::Printed,
            Self::File => Action::Downloaded,
        }
    }

    /// Who saw it, and how, of a word in the database.
    pub fn of(kind: &str) -> Option<(Role, Self)> {
        let (who, name) = kind.split_once('-')?;
        let how = Self::ALL.into_iter().find(|how| how.name() == name)?;
        Some((Role::of(who)?, how))
    }
}
