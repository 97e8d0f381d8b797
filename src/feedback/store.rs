//! SQL of feedback.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::Answers;
use super::results::Totals;
use super::rules;
use crate::server::paging::Part;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result, like, signed};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::list::{Order, Sort};
use crate::{read, write_tx};

/// What the signature in a link is for.
const PURPOSE: &str = "feedback";

/// The page of the questions about a booking.
pub fn path(app: &App, id: Uuid) -> String {
    format!("/feedback/{}", signed::token(&app.vault, PURPOSE, id))
}

/// The page of the questions about a booking, once they were asked and while they can be answered.
///
/// # Errors
/// When the database fails.
pub async fn path_for(app: &App, booking_id: Uuid) -> Result<Option<String>> {
    let found: Option<(Uuid, DateTime<Utc>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT feedback.id, run.ends_at FROM feedback JOIN run ON run.id = feedback.run_id \
             WHERE feedback.booking_id = $1",
        )
        .bind(booking_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    let now = app.clock.now();
    Ok(found
        .filter(|(_, ended)| rules::is_open(*ended, now))
        .map(|(id, _)| path(app, id)))
}

/// A booking about which somebody is to be asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Due {
    pub booking: Uuid,
    /// Whose account made it.
    pub account: Option<Uuid>,
    pub run: Uuid,
}

/// The bookings of runs that ended in `span` about which nobody was asked, at most so many. Whoever stopped coming or was
/// never there is not asked how it was.
pub(super) async fn due(app: &App, span: Range<DateTime<Utc>>, at_most: i64) -> Result<Vec<Due>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id AS booking, booking.account_id AS account, booking.run_id AS run FROM run \
             JOIN booking ON booking.run_id = run.id AND booking.status = 'booked' \
             WHERE run.ends_at >= $1 AND run.ends_at < $2 AND run.status IN ('open', 'closed') \
               AND NOT EXISTS (SELECT 1 FROM feedback WHERE feedback.booking_id = booking.id) \
               AND (EXISTS (SELECT 1 FROM place JOIN attendance ON attendance.place_id = place.id \
                            AND attendance.mark = 'came' WHERE place.booking_id = booking.id) \
                    OR NOT EXISTS (SELECT 1 FROM place JOIN attendance ON attendance.place_id = place.id \
                            WHERE place.booking_id = booking.id)) \
             ORDER BY run.ends_at, booking.id LIMIT $3",
        )
        .bind(span.start)
        .bind(span.end)
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Whether somebody may be asked.
pub(super) async fn may_ask(app: &App, person_id: Uuid) -> Result<bool> {
    read!(app.db, |c| {
        let may: Option<bool> = sqlx::query_scalar(
            "SELECT ask_feedback AND deceased_at IS NULL FROM person WHERE id = $1",
        )
        .bind(person_id)
        .fetch_optional(&mut *c)
        .await?;
        Ok(may.unwrap_or(false))
    })
}

/// What the link of a message is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Asked {
    pub id: Uuid,
    pub person_id: Uuid,
    pub ends_at: DateTime<Utc>,
    pub overall: Option<String>,
    pub helped: Option<String>,
    pub welcome: Option<String>,
    /// They wrote something: it is not shown again to whoever has the link.
    pub wrote: bool,
    pub answered_at: Option<DateTime<Utc>>,
    /// They may be asked about other courses.
    pub ask_again: bool,
}

/// What a link is about.
pub(super) async fn by_token(app: &App, token: &str) -> Result<Option<Asked>> {
    let Some(id) = signed::row(&app.vault, PURPOSE, token) else {
        return Ok(None);
    };
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT feedback.id, feedback.person_id, run.ends_at, feedback.overall, feedback.helped, feedback.welcome, \
                    feedback.sealed IS NOT NULL AS wrote, feedback.answered_at, person.ask_feedback AS ask_again \
             FROM feedback JOIN run ON run.id = feedback.run_id JOIN person ON person.id = feedback.person_id \
             WHERE feedback.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Keeps the answers in place of those before; what was written before stays when nothing is written now. Says whether they were
/// kept: not when the record became another person's meanwhile, whose key it must be sealed with.
pub(super) async fn answer(app: &App, asked: &Asked, answers: &Answers) -> Result<bool> {
    let now = app.clock.now();
    let sealed = match &answers.words {
        Some(words) => Some(
            app.vault
                .seal(
                    now,
                    asked.person_id,
                    RecordClass::Health,
                    asked.id,
                    words.as_bytes(),
                )
                .await?,
        ),
        None => None,
    };
    let [overall, helped, welcome] = &answers.chosen;
    write_tx!(app.db, |c| {
        let kept = sqlx::query(
            "UPDATE feedback SET overall = $2, helped = $3, welcome = $4, sealed = COALESCE($5, sealed), answered_at = $6 \
             WHERE id = $1 AND person_id = $7",
        )
        .bind(asked.id)
        .bind(overall)
        .bind(helped)
        .bind(welcome)
        .bind(&sealed)
        .bind(now)
        .bind(asked.person_id)
        .execute(&mut *c)
        .await?
        .rows_affected();
        Ok(kept == 1)
    })
}

/// Whether somebody is asked about other courses from now on.
pub(super) async fn ask_again(app: &App, person_id: Uuid, yes: bool) -> Result<()> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        sqlx::query("UPDATE person SET ask_feedback = $2, updated_at = $3 WHERE id = $1 AND ask_feedback <> $2")
            .bind(person_id)
            .bind(yes)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// A run whose feedback can be read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Line {
    pub id: Uuid,
    pub title: String,
    pub ends_at: DateTime<Utc>,
    pub asked: i64,
    pub answered: i64,
    /// How many found it good or very good, and how many said how they found it.
    pub good: i64,
    pub rated: i64,
}

/// How long ago a run may have ended and still be in the list.
const SHOWN_FOR: TimeDelta = TimeDelta::days(2 * 366);
/// How many runs are on a page.
pub(super) const A_PAGE: i64 = 25;

/// The orders of the list.
pub(super) const ORDERS: [Order; 5] = [
    Order::falling("ended", "When they ended, the last first", "ends_at"),
    Order::rising("course", "Course", "lower(title)"),
    Order::falling("asked", "Most asked first", "asked"),
    Order::falling("answered", "Most answers first", "answered"),
    Order::falling(
        "good",
        "Largest share of good first",
        "(good * 1000 / NULLIF(rated, 0))",
    ),
];

/// A part of the runs about which people were asked, with how many there are.
pub(super) async fn runs(
    app: &App,
    words: &str,
    sort: Sort,
    part: Part,
) -> Result<(Vec<Line>, i64)> {
    let since = app.clock.now() - SHOWN_FOR;
    let like = like::anywhere(words);
    let sql = [
        "SELECT id, title, ends_at, asked, answered, rated, good FROM ( \
            SELECT run.id, course.title, run.ends_at, COUNT(*) AS asked, \
                    COUNT(feedback.answered_at) AS answered, COUNT(feedback.overall) AS rated, \
                    CAST(SUM(CASE WHEN feedback.overall IN ('good', 'very-good') THEN 1 ELSE 0 END) AS BIGINT) AS good \
             FROM run JOIN course ON course.id = run.course_id JOIN feedback ON feedback.run_id = run.id \
             WHERE run.ends_at >= $1 AND lower(course.title) LIKE lower($2) ESCAPE '!' \
             GROUP BY run.id, course.title, run.ends_at) listed ORDER BY ",
        &sort.sql(),
        ", id LIMIT $3 OFFSET $4",
    ]
    .concat();
    read!(app.db, |c| {
        let lines = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(since)
            .bind(&like)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run JOIN course ON course.id = run.course_id \
             WHERE run.ends_at >= $1 AND lower(course.title) LIKE lower($2) ESCAPE '!' \
             AND EXISTS (SELECT 1 FROM feedback WHERE feedback.run_id = run.id)",
        )
        .bind(since)
        .bind(&like)
        .fetch_one(&mut *c)
        .await?;
        Ok((lines, count))
    })
}

/// A run by name, with when it was.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Run {
    pub id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// A run about which people were asked.
pub(super) async fn run(app: &App, id: Uuid) -> Result<Option<Run>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT run.id, course.title, run.starts_at, run.ends_at FROM run JOIN course ON course.id = run.course_id \
             WHERE run.id = $1 AND EXISTS (SELECT 1 FROM feedback WHERE feedback.run_id = run.id)",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// What was answered about a run, counted.
pub(super) async fn totals(app: &App, run_id: Uuid) -> Result<Totals> {
    read!(app.db, |c| {
        let (asked, answered): (i64, i64) =
            sqlx::query_as("SELECT COUNT(*), COUNT(answered_at) FROM feedback WHERE run_id = $1")
                .bind(run_id)
                .fetch_one(&mut *c)
                .await?;
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT 'overall', overall, COUNT(*) FROM feedback WHERE run_id = $1 AND overall IS NOT NULL GROUP BY overall \
             UNION ALL \
             SELECT 'helped', helped, COUNT(*) FROM feedback WHERE run_id = $1 AND helped IS NOT NULL GROUP BY helped \
             UNION ALL \
             SELECT 'welcome', welcome, COUNT(*) FROM feedback WHERE run_id = $1 AND welcome IS NOT NULL GROUP BY welcome",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?;
        Ok(Totals::of(asked, answered, &rows))
    })
}

/// What people wrote about a run, in no order that tells who: each look is written down, for each of them.
pub(super) async fn words(app: &App, by: &By, run_id: Uuid) -> Result<Vec<String>> {
    let rows: Vec<(Uuid, Uuid, Vec<u8>)> = write_tx!(app.db, |c| {
        let rows: Vec<(Uuid, Uuid, Vec<u8>)> = sqlx::query_as(
            "SELECT id, person_id, sealed FROM feedback WHERE run_id = $1 AND sealed IS NOT NULL",
        )
        .bind(run_id)
        .fetch_all(&mut *c)
        .await?;
        for (_, person_id, _) in &rows {
            let entry = Entry::by(app, by, Action::Looked)?
                .about(run_id)
                .of(*person_id);
            insert_entry!(c, &entry);
        }
        Ok(rows)
    })?;
    let mut all = Vec::new();
    for (id, person_id, sealed) in rows {
        let plain = app
            .vault
            .open(person_id, RecordClass::Health, id, &sealed)
            .await?;
        let words =
            String::from_utf8(plain.to_vec()).map_err(|_| Error::Vault("feedback is not text"))?;
        all.push(words);
    }
    all.sort();
    Ok(all)
}
