//! SQL of who waits for new dates.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::server::db::Db;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// A course as somebody asks about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Seen {
    pub course_id: Uuid,
    pub slug: String,
    pub title: String,
    /// They wait for new dates.
    pub asked: bool,
}

/// The course `slug`, for `account_id`. One that is not published is there for those alone who asked before it was taken
/// down: they can still say that they no longer want to hear of it.
pub(super) async fn seen(db: &Db, slug: &str, account_id: Option<Uuid>) -> Result<Option<Seen>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT course.id AS course_id, course.slug, course.title, date_wish.id IS NOT NULL AS asked \
             FROM course LEFT JOIN date_wish ON date_wish.course_id = course.id AND date_wish.account_id = $2 \
             WHERE course.slug = $1 AND (course.status = 'published' OR date_wish.id IS NOT NULL)",
        )
        .bind(slug)
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The courses that the account `$1` waits for, in the order in which it asked.
pub(in crate::bookings) const OF_ACCOUNT: &str = "SELECT course.id AS course_id, course.slug, course.title, TRUE AS asked \
     FROM date_wish JOIN course ON course.id = date_wish.course_id \
     WHERE date_wish.account_id = $1 ORDER BY date_wish.created_at, date_wish.id";

/// Notes that somebody wants to hear of the next date; asking twice is as once.
pub(super) async fn ask(
    app: &App,
    course_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
) -> Result<()> {
    let (id, now) = (app.id()?, app.clock.now());
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO date_wish (id, course_id, person_id, account_id, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (course_id, account_id) DO NOTHING",
        )
        .bind(id)
        .bind(course_id)
        .bind(person_id)
        .bind(account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// Forgets that they asked.
pub(super) async fn forget(app: &App, course_id: Uuid, account_id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM date_wish WHERE course_id = $1 AND account_id = $2")
            .bind(course_id)
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// Where a course's page is, by the run that a message is about; drafts and what is not published are not there.
pub(super) async fn slug_of(db: &Db, run_id: Uuid) -> Result<Option<String>> {
    read!(db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT course.slug FROM run JOIN course ON course.id = run.course_id AND course.status = 'published' \
             WHERE run.id = $1 AND run.status <> 'draft'",
        )
        .bind(run_id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// SQL: whether whoever asked is one of our volunteers; `$1` is now.
macro_rules! volunteers {
    () => {
        "(EXISTS (SELECT 1 FROM role_grant WHERE role_grant.account_id = date_wish.account_id \
          AND role_grant.role = 'volunteer' AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $1)) \
          OR EXISTS (SELECT 1 FROM volunteer JOIN representation own ON own.person_id = volunteer.person_id \
          AND own.kind = 'self' AND own.ends_at IS NULL WHERE own.account_id = date_wish.account_id \
          AND volunteer.ended_at IS NULL AND volunteer.from_at <= $1 AND volunteer.until_at > $1))"
    };
}

/// How many people asked to hear of a course.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Count {
    course_id: Uuid,
    everybody: i64,
    volunteers: i64,
    /// The course is for our volunteers alone.
    for_volunteers: bool,
}

/// How many people asked to hear of new dates, course by course.
#[derive(Clone, Debug)]
pub struct Askers(HashMap<Uuid, Count>);

impl Askers {
    /// How many are told when a run of this course opens for the first time.
    pub fn of(&self, course_id: Uuid, volunteers_only: bool) -> i64 {
        let told = |count: &Count| {
            if volunteers_only || count.for_volunteers {
                count.volunteers
            } else {
                count.everybody
            }
        };
        self.0.get(&course_id).map_or(0, told)
    }
}

/// How many people asked to hear of each course.
///
/// # Errors
/// When the database does not answer.
pub async fn askers(db: &Db, now: DateTime<Utc>) -> Result<Askers> {
    let counts: Vec<Count> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT wish.course_id, COUNT(*) AS everybody, CAST(SUM(wish.volunteer) AS BIGINT) AS volunteers, \
                    course.audience = 'volunteers' AS for_volunteers \
             FROM (SELECT date_wish.course_id, CASE WHEN ",
            volunteers!(),
            " THEN 1 ELSE 0 END AS volunteer FROM date_wish) wish JOIN course ON course.id = wish.course_id \
             GROUP BY wish.course_id, course.audience",
        ))
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let by_course = counts.into_iter().map(|count| (count.course_id, count));
    Ok(Askers(by_course.collect()))
}

/// Somebody whose wish has come true.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Due {
    pub id: Uuid,
    pub account_id: Uuid,
    pub person_id: Uuid,
    /// The soonest of the new runs.
    pub run_id: Uuid,
}

/// Who is to be told at `now`, at most so many: a run of a published course opened after they asked, begins in the future,
/// and is for them.
pub(super) async fn due(db: &Db, now: DateTime<Utc>, at_most: i64) -> Result<Vec<Due>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT id, account_id, person_id, run_id FROM ( \
                SELECT date_wish.id, date_wish.account_id, date_wish.person_id, date_wish.created_at, \
                    (SELECT run.id FROM run WHERE run.course_id = course.id AND run.status = 'open' \
                        AND run.starts_at > $1 AND run.opened_at > date_wish.created_at \
                        AND (NOT (run.volunteers_only OR course.audience = 'volunteers') OR ",
            volunteers!(),
            ") ORDER BY run.starts_at, run.id LIMIT 1) AS run_id \
                FROM date_wish JOIN course ON course.id = date_wish.course_id AND course.status = 'published' \
             ) wish WHERE run_id IS NOT NULL ORDER BY created_at, id LIMIT $2",
        ))
        .bind(now)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?)
    })
}
