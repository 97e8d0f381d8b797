//! Tutors: what the site says of them, what they lead, and which account they sign in with.

mod handlers;
mod pages;
mod store;

pub use handlers::routes;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The list; the `href` of its desk.
const HERE: &str = "/desk/tutors";

/// How long what the site says about a tutor may be.
const LONGEST_ABOUT: usize = 500;

/// A tutor.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Tutor {
    /// Their number.
    id: Uuid,
    /// Their full name, for the team.
    full_name: String,
    /// What the site calls them.
    known_as: String,
    /// What the site says about them.
    about: String,
    /// The account that they sign in with.
    account_id: Option<Uuid>,
    /// Whose it is, and its number as a person.
    account_name: Option<String>,
    account_person: Option<Uuid>,
    /// How many of their runs are not over.
    runs: i64,
}

impl Tutor {
    /// The address of their page.
    fn path(&self) -> String {
        format!("{HERE}/{}", self.id)
    }

    /// What the site says of them, for the record.
    fn words(&self) -> Words {
        Words {
            full_name: self.full_name.clone(),
            known_as: self.known_as.clone(),
            about: self.about.clone(),
        }
    }
}

/// What is typed about a tutor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    full_name: String,
    known_as: String,
    about: String,
}

impl Words {
    /// In a sentence, for the record.
    fn record(&self) -> String {
        format!("{} ({}): {}", self.full_name, self.known_as, self.about)
    }
}

/// A run that a tutor leads, or leads a session of, and that is not over.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Led {
    id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// Whether they only lead a session of it.
    stands_in: bool,
}

/// An account that a tutor can sign in with.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Candidate {
    account_id: Uuid,
    person_id: Uuid,
    name: String,
    email: String,
}
