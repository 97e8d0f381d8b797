//! Organisations that give courses with us: their names, what they give, and who coordinates it.

mod handlers;
mod pages;
mod store;

pub use handlers::routes;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The list; the `href` of its desk.
const HERE: &str = "/desk/organisations";

/// How long a name may be.
const LONGEST_NAME: usize = 200;

/// An organisation that gives courses.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Organisation {
    /// Its number.
    id: Uuid,
    /// What it is called.
    name: String,
    /// When it was closed.
    ended_at: Option<DateTime<Utc>>,
    /// How many of its runs are not over.
    runs: i64,
    /// How many people coordinate it.
    coordinators: i64,
}

impl Organisation {
    /// The address of its page.
    fn path(&self) -> String {
        format!("{HERE}/{}", self.id)
    }

    /// Whether it is closed.
    const fn is_closed(&self) -> bool {
        self.ended_at.is_some()
    }
}

/// Somebody who coordinates an organisation.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Coordinator {
    account_id: Uuid,
    person_id: Uuid,
    name: String,
    email: String,
}

/// A run that an organisation gives and that is not over.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Given {
    id: Uuid,
    title: String,
    tutor: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

/// What became of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// It is saved.
    Yes,
    /// Another has it.
    Taken,
    /// The organisation is closed (by now).
    Closed,
}

/// What was typed as a name, or what is wrong with it.
fn name_rule(typed: &str) -> Result<String, String> {
    if typed.chars().count() > LONGEST_NAME {
        return Err(format!("Use {LONGEST_NAME} letters or fewer"));
    }
    if !typed.chars().any(char::is_alphanumeric) || typed.contains("://") {
        return Err("Enter the name of the organisation".to_owned());
    }
    Ok(typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Age UK B&NES", true)]
    #[case("3SG", true)]
    #[case("–", false)]
    #[case("https://evil.example", false)]
    fn a_name_of_an_organisation(#[case] typed: &str, #[case] right: bool) {
        assert_eq!(name_rule(typed).is_ok(), right);
        assert!(name_rule(&"a".repeat(LONGEST_NAME + 1)).is_err());
    }
}
