//! Who came to a run: everybody's sessions side by side, with how many that makes. Read for the course team alone; each whose
//! attendance is shown is in the record first.

pub mod rules;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use rules::{Cell, Tally};

use super::marking;
use super::model::{Mark, Marked, Marks, Session};
use super::store::{MARKS, gathered, sessions};
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{read, write_tx};

/// Somebody who has a place, or had one and stopped coming part-way.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    /// Their place.
    pub place_id: Uuid,
    /// Who.
    pub person_id: Uuid,
    /// Their full name.
    pub name: String,
    /// They stopped coming part-way.
    pub stopped: bool,
    /// They objected to tutors being given their details: no tutor can mark them.
    pub kept_back: bool,
    /// Since when they have their place.
    pub joined_at: DateTime<Utc>,
}

/// One person's line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whose.
    pub person: Person,
    /// What is known of each session, in the order of [`Roll::sessions`].
    pub cells: Vec<Cell>,
}

impl Line {
    /// How many of each.
    pub fn tally(&self) -> Tally {
        Tally::of(self.cells.iter().copied())
    }
}

/// A run's people and sessions.
#[derive(Clone, Debug)]
pub struct Roll {
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
    /// Its people, by name.
    pub lines: Vec<Line>,
}

impl Roll {
    fn new(sessions: Vec<Session>, people: Vec<Person>, marks: &Marks, now: DateTime<Utc>) -> Self {
        let cell = |person: &Person, session: &Session| {
            let known = marks.get(&(person.place_id, session.id));
            let known = known.copied().unwrap_or_default();
            let joined_after = session.ends_at <= person.joined_at;
            Cell::of(
                known.mark,
                known.told_us,
                session.ends_at <= now,
                joined_after,
            )
        };
        let lines = people
            .into_iter()
            .map(|person| Line {
                cells: sessions
                    .iter()
                    .map(|session| cell(&person, session))
                    .collect(),
                person,
            })
            .collect();
        Self { sessions, lines }
    }

    /// How many of each at the session with this place in the order.
    pub fn session(&self, at: usize) -> Tally {
        Tally::of(
            self.lines
                .iter()
                .filter_map(|line| line.cells.get(at).copied()),
        )
    }
}

/// Reads the sessions of the run `$1`.
const SESSIONS: &str = sessions!("session", "session.run_id = $1");

/// Reads the people of the run `$1`: whoever has a place, and whoever stopped coming.
const PEOPLE: &str = "SELECT place.id AS place_id, person.id AS person_id, person.full_name AS name, place.status = 'stopped' AS stopped, \
     person.keep_from_tutors AS kept_back, place.created_at AS joined_at \
     FROM place JOIN booking ON booking.id = place.booking_id JOIN person ON person.id = place.person_id \
     WHERE place.run_id = $1 AND (place.status = 'active' AND booking.status = 'booked' OR place.status = 'stopped') \
     ORDER BY lower(person.full_name), place.id";

/// Reads [`Roll`] of the run `$run` inside a transaction or a connection.
macro_rules! read_roll {
    ($c:ident, $run:expr, $now:expr) => {{
        let sessions: Vec<Session> = sqlx::query_as(SESSIONS)
            .bind($run)
            .fetch_all(&mut *$c)
            .await?;
        let people: Vec<Person> = sqlx::query_as(PEOPLE)
            .bind($run)
            .fetch_all(&mut *$c)
            .await?;
        let rows = sqlx::query_as(MARKS).bind($run).fetch_all(&mut *$c).await?;
        Roll::new(sessions, people, &gathered(rows), $now)
    }};
}

/// The attendance of a run. In the same transaction it is written down of each person that `by` is shown it.
///
/// # Errors
/// When the database does not answer; nobody is shown then.
pub async fn of_run(app: &App, by: &By, run_id: Uuid, action: Action) -> Result<Roll> {
    of_those(app, by, run_id, action, |_| true).await
}

/// As [`of_run`], of those alone for whom `is_shown` says so.
///
/// # Errors
/// When the database does not answer; nobody is shown then.
pub async fn of_those(
    app: &App,
    by: &By,
    run_id: Uuid,
    action: Action,
    is_shown: impl Fn(&Line) -> bool,
) -> Result<Roll> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        let mut roll = read_roll!(c, run_id, now);
        roll.lines.retain(&is_shown);
        for line in &roll.lines {
            let entry = Entry::by(app, by, action)?
                .about(run_id)
                .of(line.person.person_id);
            insert_entry!(c, &entry);
        }
        Ok(roll)
    })
}

/// The attendance of a run, for what the program works out by itself and for a member's own page: nobody else may be shown it.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn unseen(app: &App, run_id: Uuid) -> Result<Roll> {
    let now = app.clock.now();
    read!(app.db, |c| Ok(read_roll!(c, run_id, now)))
}

/// The course team marks somebody at a session that has begun: whoever no tutor can see, or what came out later. `false` where
/// this run has no such place or session, or the session is still to come. Of a mark that is another than before the record has
/// a line.
///
/// # Errors
/// When the database or the vault does not answer; nothing is marked then.
pub async fn mark(
    app: &App,
    by: &By,
    run_id: Uuid,
    (place_id, session_id): (Uuid, Uuid),
    mark: Mark,
) -> Result<bool> {
    let marked = Marked {
        place_id,
        mark: Some(mark),
        at: app.clock.now(),
    };
    let change = marking::changes(app, by, (run_id, session_id), &[marked]).await?;
    let change = change.into_iter().next().flatten();
    write_tx!(app.db, |c| {
        sqlx::query(marking::LOCK)
            .bind(session_id)
            .execute(&mut *c)
            .await?;
        let person_id: Option<Uuid> = sqlx::query_scalar(
            "SELECT place.person_id FROM place JOIN booking ON booking.id = place.booking_id \
             JOIN run ON run.id = place.run_id AND run.status IN ('open', 'closed') \
             JOIN session ON session.run_id = run.id \
             WHERE run.id = $1 AND place.id = $2 AND session.id = $3 AND session.starts_at <= $4 \
             AND (place.status = 'active' AND booking.status = 'booked' OR place.status = 'stopped')",
        )
        .bind(run_id)
        .bind(place_id)
        .bind(session_id)
        .bind(marked.at)
        .fetch_optional(&mut *c)
        .await?;
        if person_id.is_some() {
            let rows = sqlx::query_as(marking::PLACES)
                .bind(run_id)
                .bind(session_id)
                .fetch_all(&mut *c)
                .await?;
            let mut places = marking::gathered(rows);
            sqlx::query(
                "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (place_id, session_id) DO UPDATE SET mark = excluded.mark, \
                    marked_by = excluded.marked_by, marked_at = excluded.marked_at",
            )
            .bind(place_id)
            .bind(session_id)
            .bind(mark.name())
            .bind(by.account_id)
            .bind(marked.at)
            .execute(&mut *c)
            .await?;
            let change = (&marked, change.as_ref());
            if let Some(entry) = marking::written(app, by, run_id, &mut places, change)? {
                insert_entry!(c, &entry);
            }
        }
        Ok(person_id.is_some())
    })
}
