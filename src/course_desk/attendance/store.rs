//! SQL of a term's attendance.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::terms::Term;
use crate::course_desk::A_PAGE;
use crate::read;
use crate::server::{App, Result, like, paging};

/// A run with how its registers stand.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub title: String,
    pub tutor: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub capacity: i64,
    /// How many have a place.
    pub booked: i64,
    /// How many of its sessions are over.
    pub held: i64,
    /// How many of those have a mark.
    pub marked: i64,
    /// How often somebody came, of those who have a place or stopped coming part-way.
    pub came: i64,
    /// How many marks those people have, with the apologies they sent before anybody marked them.
    pub marks: i64,
}

impl Row {
    /// How many sessions are over that nobody has marked.
    pub const fn unmarked(&self) -> i64 {
        self.held - self.marked
    }

    /// The share who came, in percent.
    pub fn share(&self) -> Option<usize> {
        let n = |n: i64| usize::try_from(n).unwrap_or(0);
        crate::registers::attendance::rules::percent(n(self.came), n(self.marks))
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The first to begin first.
    Start,
    /// By the course's title.
    Course,
    /// Where the smallest share came first.
    Share,
    /// Where most sessions are not marked first.
    Unmarked,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Start, Self::Course, Self::Share, Self::Unmarked];

    /// The word in the address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Course => "course",
            Self::Share => "share",
            Self::Unmarked => "unmarked",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Start => "First day",
            Self::Course => "Course",
            Self::Share => "Fewest came first",
            Self::Unmarked => "Most unmarked first",
        }
    }

    /// The one with this word; the first for any other.
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|sort| sort.name() == name);
        found.unwrap_or(Self::Start)
    }
}

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub term: Term,
    /// Part of a course's title or a tutor's name.
    pub words: String,
    /// Only runs with a session that nobody has marked.
    pub only_unmarked: bool,
    pub sort: Sort,
    /// From 1.
    pub page: u32,
}

/// Reads what is asked of the runs that began from `$2` to `$3` (`$1` is now, `$4` words, `$5` only those with an unmarked session).
macro_rules! rows {
    ($what:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM (SELECT run.id, course.title, tutor.full_name AS tutor, run.starts_at, run.capacity, \
                    (SELECT COUNT(*) FROM place JOIN booking ON booking.id = place.booking_id AND booking.status = 'booked' \
                     WHERE place.run_id = run.id AND place.status = 'active') AS booked, \
                    (SELECT COUNT(*) FROM session WHERE session.run_id = run.id AND session.ends_at <= $1) AS held, \
                    (SELECT COUNT(*) FROM session WHERE session.run_id = run.id AND session.ends_at <= $1 \
                     AND EXISTS (SELECT 1 FROM attendance WHERE attendance.session_id = session.id)) AS marked, \
                    (SELECT COUNT(*) FROM attendance JOIN session ON session.id = attendance.session_id \
                     JOIN place ON place.id = attendance.place_id JOIN booking ON booking.id = place.booking_id \
                     WHERE session.run_id = run.id AND place.run_id = run.id AND attendance.mark = 'came' \
                     AND (place.status = 'active' AND booking.status = 'booked' OR place.status = 'stopped')) AS came, \
                    (SELECT COUNT(*) FROM attendance JOIN session ON session.id = attendance.session_id \
                     JOIN place ON place.id = attendance.place_id JOIN booking ON booking.id = place.booking_id \
                     WHERE session.run_id = run.id AND place.run_id = run.id \
                     AND (place.status = 'active' AND booking.status = 'booked' OR place.status = 'stopped')) \
                    + (SELECT COUNT(*) FROM apology JOIN session ON session.id = apology.session_id \
                     JOIN booking ON booking.id = apology.booking_id AND booking.status = 'booked' \
                     JOIN place ON place.booking_id = booking.id AND place.status = 'active' \
                     WHERE session.run_id = run.id AND place.run_id = run.id AND NOT EXISTS ( \
                        SELECT 1 FROM attendance WHERE attendance.place_id = place.id \
                        AND attendance.session_id = apology.session_id)) AS marks \
                   FROM run JOIN course ON course.id = run.course_id LEFT JOIN tutor ON tutor.id = run.tutor_id \
                   WHERE run.status IN ('open', 'closed') AND run.starts_at >= $2 AND run.starts_at < $3 \
                   AND (lower(course.title) LIKE lower($4) ESCAPE '!' OR lower(tutor.full_name) LIKE lower($4) ESCAPE '!')) \
                  AS term_run WHERE (NOT $5 OR held > marked) ",
            $order
        )
    };
}

macro_rules! sorted {
    ($order:literal) => {
        rows!(
            "id, title, tutor, starts_at, capacity, booked, held, marked, came, marks",
            $order
        )
    };
}

/// One page of a term's runs, and how many there are.
pub async fn list(app: &App, question: &Question) -> Result<(Vec<Row>, i64)> {
    let sql = match question.sort {
        Sort::Start => sorted!("ORDER BY starts_at, id LIMIT $6 OFFSET $7"),
        Sort::Course => sorted!("ORDER BY lower(title), starts_at, id LIMIT $6 OFFSET $7"),
        // Where nothing is marked there is no share: those come last.
        Sort::Share => sorted!(
            "ORDER BY CASE WHEN marks = 0 THEN 1 ELSE 0 END, came * 1000 / CASE WHEN marks = 0 THEN 1 ELSE marks END, \
             starts_at, id LIMIT $6 OFFSET $7"
        ),
        Sort::Unmarked => sorted!("ORDER BY held - marked DESC, starts_at, id LIMIT $6 OFFSET $7"),
    };
    let now = app.clock.now();
    let (from, to) = (question.term.begins(), question.term.next().begins());
    let words = like::anywhere(&question.words);
    let skip = paging::skip(question.page, A_PAGE);
    read!(app.db, |c| {
        let rows = sqlx::query_as(sql)
            .bind(now)
            .bind(from)
            .bind(to)
            .bind(&words)
            .bind(question.only_unmarked)
            .bind(A_PAGE)
            .bind(skip)
            .fetch_all(&mut *c)
            .await?;
        let count = sqlx::query_scalar(rows!("COUNT(*)", ""))
            .bind(now)
            .bind(from)
            .bind(to)
            .bind(&words)
            .bind(question.only_unmarked)
            .fetch_one(&mut *c)
            .await?;
        Ok((rows, count))
    })
}

/// Every run of a list, in its order.
pub async fn every(app: &App, question: &Question) -> Result<Vec<Row>> {
    let mut all = Vec::new();
    for page in 1.. {
        let question = Question {
            page,
            ..question.clone()
        };
        let (rows, count) = list(app, &question).await?;
        let last = rows.is_empty();
        all.extend(rows);
        if last || all.len() >= usize::try_from(count).unwrap_or_default() {
            break;
        }
    }
    Ok(all)
}
