//! What a report is made of.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::breakdown::Suppressed;
use super::figures::{By, Counted, Figures, Line, lines, total};
use super::period::Period;

/// What the team writes for a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Draft {
    /// What there is to say about the figures, without names.
    pub narrative: String,
    /// How many places the contract asks for.
    pub target_places: Option<i64>,
    /// How many times somebody should come.
    pub target_came: Option<i64>,
}

/// A report as it is sent: everything in it may be seen outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// What the team wrote.
    pub draft: Draft,
    /// All places.
    pub total: Figures,
    /// Places by month, course and so on.
    pub cuts: Vec<(By, Vec<Line>)>,
    /// Who we reach.
    pub people: Vec<Suppressed>,
}

impl Sent {
    pub fn new(draft: Draft, counted: &[Counted], people: Vec<Suppressed>) -> Self {
        Self {
            draft,
            total: total(counted),
            cuts: By::ALL.map(|by| (by, lines(counted, by))).into(),
            people,
        }
    }
}

/// One that was published.
#[derive(Clone, Debug)]
pub struct Published {
    pub id: Uuid,
    pub period: Period,
    pub version: i64,
    pub sent: Sent,
    pub at: DateTime<Utc>,
    /// Whether no other has replaced it.
    pub newest: bool,
}
