//! SQL of the course desk's courses.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::model::{Course, Listed, Question, VisitLine, Written};
use crate::catalogue::{self, rules};
use crate::course_desk::{Named, free_slug};
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::{read, write_tx};

/// A run that is to come, draft or not; `$1` is now.
macro_rules! to_come {
    () => {
        "run.course_id = course.id AND run.status <> 'cancelled' AND run.ends_at > $1"
    };
}

/// Whether a course is what was asked for: `$2` the group, `$3` words; `$1` is now.
macro_rules! asked {
    () => {
        concat!(
            "(lower(course.title) LIKE lower($3) ESCAPE '!' OR lower(topic.name) LIKE lower($3) ESCAPE '!') \
             AND (CASE $2 WHEN 'all' THEN TRUE \
                  WHEN 'no-dates' THEN course.status = 'published' AND NOT EXISTS (SELECT 1 FROM run WHERE ",
            to_come!(),
            ") ELSE course.status = $2 END)"
        )
    };
}

/// A part of the courses in the order asked for, and how many there are.
pub async fn list(app: &App, question: &Question, part: Part) -> Result<(Vec<Listed>, i64)> {
    let now = app.clock.now();
    let words = like::anywhere(&question.words);
    let sql = [
        concat!(
            "SELECT id, title, topic, audience, status, coming, next_at FROM (SELECT course.id, course.title, \
                    topic.name AS topic, course.audience, course.status, (SELECT COUNT(*) FROM run WHERE ",
            to_come!(),
            ") AS coming, (SELECT MIN(run.starts_at) FROM run WHERE ",
            to_come!(),
            " AND run.starts_at > $1) AS next_at \
             FROM course JOIN topic ON topic.id = course.topic_id WHERE ",
            asked!(),
            ") listed ORDER BY "
        ),
        &question.sort.sql(),
        ", id LIMIT $4 OFFSET $5",
    ]
    .concat();
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(question.group.name())
            .bind(&words)
            .bind(part.take)
            .bind(part.skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(concat!(
            "SELECT COUNT(*) FROM course JOIN topic ON topic.id = course.topic_id WHERE ",
            asked!()
        ))
        .bind(now)
        .bind(question.group.name())
        .bind(&words)
        .fetch_one(&mut *c)
        .await?;
        Ok((rows, count))
    })
}

/// One course.
pub async fn course(app: &App, id: Uuid) -> Result<Option<Course>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT course.id, course.slug, course.title, course.topic_id, topic.name AS topic, course.audience, \
                    course.summary, course.lead, course.description, course.who_for, course.not_for, course.easy_read, course.status, \
                    course.updated_at \
             FROM course JOIN topic ON topic.id = course.topic_id WHERE course.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// The lines of "Your first visit", in order.
pub async fn first_visit(app: &App, course_id: Uuid) -> Result<Vec<VisitLine>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT icon, strong, words FROM course_first_visit WHERE course_id = $1 ORDER BY position",
        )
        .bind(course_id)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Every topic, in the team's order.
pub async fn topics(app: &App) -> Result<Vec<Named>> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_as("SELECT id, name FROM topic ORDER BY position, name")
                .fetch_all(&mut *c)
                .await?,
        )
    })
}

/// Every course, by title, for a list to choose from.
pub async fn names(app: &App) -> Result<Vec<Named>> {
    read!(app.db, |c| {
        Ok(
            sqlx::query_as("SELECT id, title AS name FROM course ORDER BY lower(title), id")
                .fetch_all(&mut *c)
                .await?,
        )
    })
}

/// Writes what stands in a course's own row; `$1` is its number, `$2` now.
macro_rules! bind_words {
    ($query:expr, $written:expr) => {
        $query
            .bind(&$written.title)
            .bind($written.topic_id)
            .bind($written.audience)
            .bind(&$written.summary)
            .bind(&$written.lead)
            .bind(&$written.description)
            .bind(&$written.who_for)
            .bind(&$written.not_for)
            .bind(&$written.easy_read)
    };
}

/// Puts the lines of "Your first visit" in the place of those that are there.
macro_rules! put_visit {
    ($c:ident, $id:expr, $lines:expr) => {{
        sqlx::query("DELETE FROM course_first_visit WHERE course_id = $1")
            .bind($id)
            .execute(&mut *$c)
            .await?;
        for (position, line) in (1_i64..).zip($lines) {
            sqlx::query(
                "INSERT INTO course_first_visit (course_id, position, icon, strong, words) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind($id)
            .bind(position)
            .bind(&line.icon)
            .bind(&line.strong)
            .bind(&line.words)
            .execute(&mut *$c)
            .await?;
        }
    }};
}

/// Adds a course, as a draft. The same `id` again changes nothing. Its address is made from the title, and stays.
///
/// # Errors
/// When the database fails; nothing is added then.
pub async fn add(app: &App, by: &By, id: Uuid, written: &Written) -> Result<()> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::CourseAdded)?.about(id);
    let base = rules::slug(&written.title);
    write_tx!(app.db, |c| {
        let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM course WHERE id = $1")
            .bind(id)
            .fetch_one(&mut *c)
            .await?;
        if there > 0 {
            return Ok(());
        }
        let taken: Vec<String> = sqlx::query_scalar("SELECT slug FROM course")
            .fetch_all(&mut *c)
            .await?;
        let slug = free_slug(&base, "course", &taken);
        let insert = sqlx::query(
            "INSERT INTO course (id, created_at, updated_at, title, topic_id, audience, summary, lead, description, who_for, \
                                 not_for, easy_read, slug, status) \
             VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'draft')",
        )
        .bind(id)
        .bind(now);
        bind_words!(insert, written)
            .bind(slug)
            .execute(&mut *c)
            .await?;
        put_visit!(c, id, &written.first_visit);
        insert_entry!(c, &entry);
        Ok(())
    })
}

/// Changes what is written about a course. Its address stays.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn change(app: &App, by: &By, id: Uuid, written: &Written) -> Result<()> {
    let now = app.clock.now();
    let entry = Entry::by(app, by, Action::CourseChanged)?.about(id);
    write_tx!(app.db, |c| {
        let update = sqlx::query(
            "UPDATE course SET updated_at = $2, title = $3, topic_id = $4, audience = $5, summary = $6, lead = $7, \
                               description = $8, who_for = $9, not_for = $10, easy_read = $11 WHERE id = $1",
        )
        .bind(id)
        .bind(now);
        bind_words!(update, written).execute(&mut *c).await?;
        put_visit!(c, id, &written.first_visit);
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(())
    })?;
    app.catalogue.places_changed();
    Ok(())
}

/// What came of putting a course on the website or taking it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Done,
    /// It was so already.
    Nothing,
    /// So many of its runs are to come, and people may have a place on them.
    HasRuns(i64),
}

/// Puts a course on the website, or takes it off: the second only while none of its runs is to come, because people find
/// theirs by it.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn publish(app: &App, by: &By, id: Uuid, on: bool) -> Result<Shown> {
    let now = app.clock.now();
    let (action, from, to) = if on {
        (Action::CoursePublished, "draft", "published")
    } else {
        (Action::CourseHidden, "published", "draft")
    };
    let entry = Entry::by(app, by, action)?.about(id);
    let shown = write_tx!(app.db, |c| {
        // The row is locked first: a run that is being opened at this moment waits.
        let there = sqlx::query("UPDATE course SET status = status WHERE id = $1 AND status = $2")
            .bind(id)
            .bind(from)
            .execute(&mut *c)
            .await?
            .rows_affected();
        if there == 0 {
            return Ok(Shown::Nothing);
        }
        let coming: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run WHERE course_id = $1 AND status IN ('open', 'closed') AND ends_at > $2",
        )
        .bind(id)
        .bind(now)
        .fetch_one(&mut *c)
        .await?;
        if !on && coming > 0 {
            return Ok(Shown::HasRuns(coming));
        }
        sqlx::query("UPDATE course SET status = $2, updated_at = $3 WHERE id = $1")
            .bind(id)
            .bind(to)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query(catalogue::TOUCH).execute(&mut *c).await?;
        insert_entry!(c, &entry);
        Ok(Shown::Done)
    })?;
    app.catalogue.places_changed();
    Ok(shown)
}
