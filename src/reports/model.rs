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
    /// Who we reach with each topic that reaches enough people.
    #[serde(default)]
    pub by_topic: Vec<(String, Vec<Suppressed>)>,
}

/// Who we reach, as it may be seen.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// With everything.
    pub everybody: Vec<Suppressed>,
    /// With each topic that reaches enough people.
    pub by_topic: Vec<(String, Vec<Suppressed>)>,
}

impl Sent {
    /// The figures of places; who we reach comes when it is published ([`Self::with`]).
    pub fn new(draft: Draft, counted: &[Counted]) -> Self {
        let cut = |by| {
            let lines = lines(counted, by).into_iter();
            let lines = lines.map(|(words, figures)| (words, figures.line_for_outside()));
            (by, lines.collect())
        };
        Self {
            draft,
            total: total(counted).for_outside(),
            cuts: By::ALL.map(cut).into(),
            people: Vec::new(),
            by_topic: Vec::new(),
        }
    }

    /// The same with who we reach.
    #[must_use]
    pub fn with(self, reach: Reach) -> Self {
        Self {
            people: reach.everybody,
            by_topic: reach.by_topic,
            ..self
        }
    }

    /// Who we reach, as it was told.
    pub fn reach(&self) -> Reach {
        Reach {
            everybody: self.people.clone(),
            by_topic: self.by_topic.clone(),
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
