//! SQL of the course desk's runs.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::add::Minimum;
use super::model::{Group, Named, News, Question, Run};
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{catalogue, read, write_tx};

pub use crate::course_desk::A_PAGE;

/// Whether nobody could join a run, or a session of it that is to come: it is online, and there is no link. `$1` is now.
macro_rules! lacks_link {
    () => {
        "run.join_link IS NULL AND (run.venue_id IS NULL OR EXISTS (SELECT 1 FROM session WHERE session.run_id = run.id \
         AND session.elsewhere AND session.venue_id IS NULL AND session.ends_at > $1))"
    };
}

/// Reads [`Run`]s: `$1` is now. Every run has a course; the join is a left one so that SQLite reads the runs first, by an index.
macro_rules! runs {
    ($rest:expr) => {
        concat!(
            "SELECT run.id, run.course_id, course.slug, course.title, run.status, run.volunteers_only, run.capacity, run.places_taken, \
                    (SELECT COUNT(*) FROM held_place WHERE held_place.run_id = run.id AND released_at IS NULL \
                            AND expires_at > $1) + (SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM offered_place \
                     WHERE offered_place.run_id = run.id AND released_at IS NULL AND expires_at > $1) AS held, \
                    (SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM waiting_entry \
                     WHERE waiting_entry.run_id = run.id AND ended_at IS NULL) AS waiting, \
                    run.starts_at, run.ends_at, (SELECT COUNT(*) FROM session WHERE session.run_id = run.id) AS sessions, \
                    run.join_by_session, run.venue_id, venue.name AS venue, run.tutor_id, tutor.full_name AS tutor, \
                    run.join_link, run.place_note, run.provider_id, run.room_setup, run.room_id, room.name AS room, room.capacity AS room_holds, \
                    run.hire, run.minimum, run.decide_on, run.opens_at, run.closes_at, course.status = 'published' AS published, ",
            lacks_link!(),
            " AS lacks_link \
             FROM run LEFT JOIN course ON course.id = run.course_id LEFT JOIN venue ON venue.id = run.venue_id \
             LEFT JOIN room ON room.id = run.room_id \
             LEFT JOIN tutor ON tutor.id = run.tutor_id ",
            $rest
        )
    };
}

/// Which runs are in a group; `$1` is now. Each is written so that an index finds them among the runs of many years.
const fn in_group(group: Group) -> &'static str {
    match group {
        Group::Coming => "run.status <> 'cancelled' AND run.ends_at > $1",
        Group::Look => {
            concat!(
                "run.status <> 'cancelled' AND run.ends_at > $1 \
                 AND (run.tutor_id IS NULL OR (",
                lacks_link!(),
                ") OR run.hire = 'pencilled' OR run.places_taken < run.minimum \
                  OR run.opens_at <= $1 AND run.status IN ('draft', 'closed'))"
            )
        }
        Group::Offers => {
            "run.status <> 'cancelled' AND run.id IN (SELECT place_offer.run_id FROM place_offer \
             WHERE place_offer.state = 'open' AND place_offer.expires_at > $1)"
        }
        Group::Open => "run.status = 'open' AND run.ends_at > $1",
        Group::Draft => "run.status = 'draft' AND run.ends_at > $1",
        Group::Closed => "run.status = 'closed' AND run.ends_at > $1",
        // What is over has begun: SQLite can follow the index of the first days.
        Group::Past => "run.status <> 'cancelled' AND run.ends_at <= $1 AND run.starts_at <= $1",
        Group::Cancelled => "run.status = 'cancelled' AND $1 IS NOT NULL",
    }
}

/// Whether a run is what was asked for: `$2` words, `$3` a venue, `$4` online only. A run is also where a session to come is; `$1` is now.
const ASKED: &str = "(lower(course.title) LIKE lower($2) ESCAPE '!' OR lower(tutor.full_name) LIKE lower($2) ESCAPE '!') \
     AND ($3 IS NULL OR run.venue_id = $3 OR EXISTS (SELECT 1 FROM session WHERE session.run_id = run.id \
          AND session.venue_id = $3 AND session.ends_at > $1)) \
     AND (NOT $4 OR run.venue_id IS NULL OR EXISTS (SELECT 1 FROM session WHERE session.run_id = run.id \
          AND session.elsewhere AND session.venue_id IS NULL AND session.ends_at > $1))";

/// A part of a list of runs in the order asked for, and how many there are.
pub async fn list(app: &App, question: &Question, part: Part) -> Result<(Vec<Run>, i64)> {
    let now = app.clock.now();
    let group = in_group(question.group);
    let order = question.sort.sql();
    let rows = [
        runs!("WHERE "),
        group,
        " AND ",
        ASKED,
        " ORDER BY ",
        &order,
        ", run.id LIMIT $5 OFFSET $6",
    ]
    .concat();
    let all = [
        "SELECT COUNT(*) FROM run LEFT JOIN course ON course.id = run.course_id LEFT JOIN tutor ON tutor.id = run.tutor_id WHERE ",
        group,
        " AND ",
        ASKED,
    ]
    .concat();
    // The whole of a group is counted by an index alone.
    let whole = ["SELECT COUNT(*) FROM run WHERE ", group].concat();
    let words = like::anywhere(&question.words);
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(rows.as_str()))
            .bind(now)
            .bind(&words)
            .bind(question.venue)
            .bind(question.online)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = if question.is_narrowed() {
            sqlx::query_scalar(AssertSqlSafe(all.as_str()))
                .bind(now)
                .bind(&words)
                .bind(question.venue)
                .bind(question.online)
        } else {
            sqlx::query_scalar(AssertSqlSafe(whole.as_str())).bind(now)
        };
        let count: i64 = count.fetch_one(&mut *c).await?;
        Ok((rows, count))
    })
}

/// How many runs each group has, in the order of [`Group::ALL`].
pub async fn counts(app: &App) -> Result<[i64; 8]> {
    let now = app.clock.now();
    let counts = Group::ALL
        .map(|group| format!("(SELECT COUNT(*) FROM run WHERE {})", in_group(group)))
        .join(", ");
    let sql = format!("SELECT {counts}");
    let counts: (i64, i64, i64, i64, i64, i64, i64, i64) = read!(app.db, |c| {
        Ok(sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .fetch_one(&mut *c)
            .await?)
    })?;
    Ok(counts.into())
}

/// One run.
pub async fn run(app: &App, id: Uuid) -> Result<Option<Run>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(runs!("WHERE run.id = $2"))
            .bind(now)
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// The runs of a course that are not over and not called off, soonest first.
pub async fn of_course(app: &App, course_id: Uuid) -> Result<Vec<Run>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(runs!(
            "WHERE run.course_id = $2 AND run.status <> 'cancelled' AND run.ends_at > $1 ORDER BY run.starts_at, run.id \
             LIMIT $3"
        ))
        .bind(now)
        .bind(course_id)
        .bind(4 * A_PAGE)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Reads the [`News`] of the run `$1` that `$rest` chooses, and in its order.
macro_rules! select_news {
    ($rest:literal) => {
        concat!(
            "SELECT run_news.sequence, run_news.words, run_news.at, person.full_name AS done_by FROM run_news \
             LEFT JOIN representation ON representation.account_id = run_news.by_account \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id \
             WHERE run_news.run_id = $1 ",
            $rest
        )
    };
}
pub(super) use select_news;

/// The latest change that people were told of, or the one with this number.
pub async fn news(app: &App, run_id: Uuid, sequence: Option<i64>) -> Result<Option<News>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(select_news!(
            "AND ($2 IS NULL OR run_news.sequence = $2) ORDER BY run_news.sequence DESC LIMIT 1"
        ))
        .bind(run_id)
        .bind(sequence)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Every venue, by name.
pub async fn venues(app: &App) -> Result<Vec<Named>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as("SELECT id, name FROM venue ORDER BY name")
            .fetch_all(&mut *c)
            .await?)
    })
}

/// Every tutor, by name.
pub async fn tutors(app: &App) -> Result<Vec<Named>> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_as("SELECT id, full_name AS name FROM tutor ORDER BY full_name")
                .fetch_all(&mut *c)
                .await?,
        )
    })
}

/// Somebody who had to be told of a change: one booking, or one entry on the waiting list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Concerned {
    pub id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    /// Whether they wait, and have no place.
    pub waits: bool,
}

/// Whom a change at `at` concerned: who had a place then, and who waited. Two on one booking stand side by side.
pub async fn concerned(app: &App, run_id: Uuid, at: DateTime<Utc>) -> Result<Vec<Concerned>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id, person.id AS person_id, person.full_name AS name, FALSE AS waits \
             FROM booking JOIN place ON place.booking_id = booking.id JOIN person ON person.id = place.person_id \
             WHERE booking.run_id = $1 AND booking.created_at <= $2 AND (booking.ended_at IS NULL OR booking.ended_at > $2) \
             UNION ALL \
             SELECT entry.id, person.id, person.full_name, TRUE \
             FROM waiting_entry entry JOIN waiting_person ON waiting_person.entry_id = entry.id \
             JOIN person ON person.id = waiting_person.person_id \
             WHERE entry.run_id = $1 AND entry.joined_at <= $2 AND (entry.ended_at IS NULL OR entry.ended_at >= $2) \
             ORDER BY 4, 1, 3",
        )
        .bind(run_id)
        .bind(at)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// How a message or a call stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Stand {
    /// What brought it about.
    pub cause: String,
    /// `email`, `text` or `call`.
    pub way: String,
    /// A message's state in the outbox; of a call what became of it, or `open`.
    pub state: String,
    /// When it was sent, given up or done.
    pub at: Option<DateTime<Utc>>,
}

/// How the messages and calls with these causes stand.
pub async fn stands(app: &App, causes: &[String]) -> Result<Vec<Stand>> {
    if causes.is_empty() {
        return Ok(Vec::new());
    }
    read!(app.db, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT cause, channel AS way, state, finished_at AS at FROM outbox WHERE cause IN (",
        );
        let mut all = query.separated(", ");
        for cause in causes {
            all.push_bind(cause);
        }
        query.push(
            ") UNION ALL SELECT cause, 'call', COALESCE(outcome, 'open'), done_at FROM phone_call WHERE cause IN (",
        );
        let mut all = query.separated(", ");
        for cause in causes {
            all.push_bind(cause);
        }
        query.push(
            ") UNION ALL SELECT cause, 'letter', CASE WHEN posted_at IS NULL THEN 'waiting' ELSE 'sent' END, posted_at \
             FROM post_letter WHERE cause IN (",
        );
        let mut all = query.separated(", ");
        for cause in causes {
            all.push_bind(cause);
        }
        query.push(")");
        Ok(query.build_query_as().fetch_all(&mut *c).await?)
    })
}

/// What the team plans with, and how people find a run.
#[derive(Clone, Debug)]
pub struct Plans<'a> {
    /// `pencilled` or `confirmed`.
    pub hire: Option<&'a str>,
    pub minimum: Option<Minimum>,
    pub link: Option<String>,
    pub note: Option<String>,
}

/// Keeps these.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn plan(app: &App, by: &By, run_id: Uuid, plans: &Plans<'_>) -> Result<()> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::RunPlanned)?.about(run_id);
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE run SET hire = $2, minimum = $3, decide_on = $4, join_link = $5, place_note = $6, updated_at = $7 \
             WHERE id = $1",
        )
        .bind(run_id)
        .bind(plans.hire)
        .bind(plans.minimum.map(|minimum| minimum.people))
        .bind(plans.minimum.map(|minimum| minimum.decide_on.to_string()))
        .bind(&plans.link)
        .bind(&plans.note)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(())
    })?;
    app.catalogue.places_changed();
    Ok(())
}

/// Throws a draft away that nobody could ever book; says whether it was one. Nobody is told, and nothing of it is left.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn discard(app: &App, by: &By, run_id: Uuid) -> Result<bool> {
    let entry = Entry::by(app, by, Action::RunDiscarded)?.about(run_id);
    write_tx!(app.db, |c| {
        let draft: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM run WHERE id = $1 AND status = 'draft' AND opened_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.run_id = run.id) \
             AND NOT EXISTS (SELECT 1 FROM waiting_entry WHERE waiting_entry.run_id = run.id) \
             AND NOT EXISTS (SELECT 1 FROM held_place WHERE held_place.run_id = run.id) \
             AND NOT EXISTS (SELECT 1 FROM run_news WHERE run_news.run_id = run.id))",
        )
        .bind(run_id)
        .fetch_one(&mut *c)
        .await?;
        if !draft {
            return Ok(false);
        }
        for sql in [
            "DELETE FROM session WHERE run_id = $1",
            "DELETE FROM run WHERE id = $1",
        ] {
            sqlx::query(sql).bind(run_id).execute(&mut *c).await?;
        }
        insert_entry!(c, &entry);
        Ok(true)
    })
}

/// What one session has of its own.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Own {
    pub elsewhere: bool,
    /// None is online, of one that is elsewhere.
    pub venue_id: Option<Uuid>,
    pub room_id: Option<Uuid>,
    /// Who leads it instead of the run's tutor.
    pub tutor_id: Option<Uuid>,
}

/// Where a session is and who leads it, if not as its run.
pub async fn own(app: &App, session_id: Uuid) -> Result<Own> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT session.elsewhere, session.venue_id, session.room_id, session_tutor.tutor_id \
             FROM session LEFT JOIN session_tutor ON session_tutor.session_id = session.id AND session_tutor.instead \
             WHERE session.id = $1",
        )
        .bind(session_id)
        .fetch_one(&mut *c)
        .await?)
    })
}

/// Whether a session to come is online, of a run that is somewhere: without a link nobody could join it.
pub async fn has_online_session(app: &App, run_id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM session WHERE run_id = $1 AND elsewhere AND venue_id IS NULL AND ends_at > $2)",
        )
        .bind(run_id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?)
    })
}
