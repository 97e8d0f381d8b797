//! SQL of the call list.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::bookings::store::venue_of;
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{self, Action, Entry, insert_entries, insert_entry};
use crate::ui::dates;
use crate::ui::list::{Order, Sort};
use crate::write_tx;

/// How many calls a page shows.
pub const A_PAGE: i64 = 25;
/// A call that nobody made in time stays on the list for so long, so that somebody sees it and says what became of it.
pub const KEPT: TimeDelta = TimeDelta::days(14);

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They were spoken to.
    Reached,
    /// A message was left, where that is safe.
    LeftMessage,
    /// They were told by letter, or in person.
    OtherWay,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Reached, Self::LeftMessage, Self::OtherWay];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::LeftMessage => "left-message",
            Self::OtherWay => "other-way",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::LeftMessage => "Left a message",
            Self::OtherWay => "Told another way",
        }
    }

    /// The one with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A call with what is needed to make it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub person_id: Uuid,
    pub about: String,
    pub call_by: DateTime<Utc>,
    pub tries: i64,
    pub last_try_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
    pub name: String,
    pub phone: Option<String>,
    pub safe_to_leave_message: bool,
    pub course: Option<String>,
    pub venue: Option<String>,
    pub next_at: Option<DateTime<Utc>>,
    /// What was written to everybody on the run, to be read out.
    pub words: Option<String>,
    /// What people were told of the change that the call is about, a line each.
    pub news: Option<String>,
}

/// Calls with who is rung (a child's parent or guardian, where the child has no number) and about what; `$1` is now. The cause of a
/// call about a change has the change's number between colons, and no other number stands so.
macro_rules! calls {
    ($rest:literal) => {
        concat!(
            "SELECT phone_call.id, phone_call.person_id, phone_call.about, phone_call.call_by, phone_call.tries, \
                    phone_call.last_try_at, phone_call.outcome, person.full_name AS name, \
                    COALESCE(person.phone, (SELECT guardian.phone FROM guardian WHERE guardian.person_id = person.id \
                             ORDER BY guardian.created_at DESC LIMIT 1)) AS phone, \
                    person.safe_to_leave_message, course.title AS course, venue.name AS venue, \
                    next.starts_at AS next_at, run_message.words, run_news.words AS news \
             FROM phone_call JOIN person ON person.id = phone_call.person_id \
             LEFT JOIN run_message ON run_message.id = phone_call.message_id \
             LEFT JOIN run_news ON run_news.run_id = phone_call.run_id AND phone_call.about = 'change' \
                       AND phone_call.cause LIKE 'run:%:' || CAST(run_news.sequence AS TEXT) || ':%' \
             LEFT JOIN run ON run.id = phone_call.run_id LEFT JOIN course ON course.id = run.course_id \
             LEFT JOIN session next ON next.id = (SELECT session.id FROM session WHERE session.run_id = run.id \
                       AND session.starts_at > $1 ORDER BY session.starts_at LIMIT 1) \
             LEFT JOIN venue ON venue.id = ",
            venue_of!("next"),
            " ",
            $rest
        )
    };
}

/// The orders of the list.
pub const ORDERS: [Order; 4] = [
    Order::rising("by", "Who has to know first", "phone_call.call_by"),
    Order::rising("name", "Name", "lower(person.full_name)"),
    Order::rising("course", "Course", "lower(course.title)"),
    Order::falling("tries", "Most often tried first", "phone_call.tries"),
];

/// Calls that are shown to somebody.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// A part of those to be made.
    pub open: Vec<Row>,
    /// How many are to be made in all.
    pub count: i64,
    /// The last that were done today, the newest first.
    pub done: Vec<Row>,
}

/// A part of the calls that are to be made, and `at_most` of those that were done today; that `by` sees whose they are is written
/// down in the same transaction. Beyond the last page there is nobody to see, and nothing to write down.
pub async fn shown(
    app: &App,
    by: &By,
    action: Action,
    (sort, part): (Sort, Part),
    at_most: i64,
) -> Result<Shown> {
    let now = app.clock.now();
    let since = now - KEPT;
    let today = dates::start_of(dates::day_of(now));
    let sql = [
        calls!("WHERE phone_call.done_at IS NULL AND phone_call.call_by > $2 ORDER BY "),
        &sort.sql(),
        ", phone_call.id LIMIT $3 OFFSET $4",
    ]
    .concat();
    write_tx!(app.db, |c| {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM phone_call WHERE done_at IS NULL AND call_by > $1",
        )
        .bind(since)
        .fetch_one(&mut *c)
        .await?;
        if part.is_beyond(count) {
            return Ok(Shown {
                count,
                ..Shown::default()
            });
        }
        let open: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(since)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let done: Vec<Row> = sqlx::query_as(calls!(
            "WHERE phone_call.done_at >= $2 ORDER BY phone_call.done_at DESC LIMIT $3"
        ))
        .bind(now)
        .bind(today)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?;
        let people = open.iter().chain(&done).map(|row| row.person_id);
        insert_entries!(c, &audit::looks(app, by, action, None, people)?);
        Ok(Shown { open, count, done })
    })
}

/// Notes a try after `tries` others: with an outcome the call is done. A call that was noted meanwhile stays as it is.
pub async fn note(
    app: &App,
    id: Uuid,
    tries: i64,
    outcome: Option<Outcome>,
    entry: &Entry,
) -> Result<()> {
    let now = entry.at;
    let done_at = outcome.map(|_| now);
    let done_by = entry.account_id.filter(|_| outcome.is_some());
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE phone_call SET tries = tries + 1, last_try_at = $2, done_at = $3, done_by = $4, outcome = $5 \
             WHERE id = $1 AND done_at IS NULL AND tries = $6",
        )
        .bind(id)
        .bind(now)
        .bind(done_at)
        .bind(done_by)
        .bind(outcome.map(Outcome::name))
        .bind(tries)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// Puts a call that is done back on the list.
pub async fn put_back(app: &App, id: Uuid, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        let done = sqlx::query(
            "UPDATE phone_call SET done_at = NULL, done_by = NULL, outcome = NULL WHERE id = $1 AND done_at IS NOT NULL",
        )
        .bind(id)
        .execute(&mut *c)
        .await?;
        if done.rows_affected() > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}
