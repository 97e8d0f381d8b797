//! SQL of a term's attendance.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::terms::Term;
use crate::read;
use crate::server::paging::Part;
use crate::server::{App, Result, like};
use crate::ui::list::{Order, Sort};

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

/// The orders of the list.
pub const ORDERS: [Order; 7] = [
    Order::rising("start", "First day", "starts_at").always(),
    Order::rising("course", "Course", "lower(title)"),
    Order::rising("tutor", "Tutor", "lower(tutor)"),
    Order::falling("booked", "Most places booked first", "booked"),
    Order::falling("marked", "Most sessions marked first", "marked"),
    // Where nothing is marked there is no share: those come last.
    Order::rising(
        "share",
        "Fewest came first",
        "(came * 1000 / NULLIF(marks, 0))",
    ),
    Order::falling("unmarked", "Most unmarked first", "(held - marked)"),
];

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub term: Term,
    /// Part of a course's title or a tutor's name.
    pub words: String,
    /// Only runs with a session that nobody has marked.
    pub only_unmarked: bool,
    pub sort: Sort,
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

/// A part of a term's runs, and how many there are.
pub async fn list(app: &App, question: &Question, part: Part) -> Result<(Vec<Row>, i64)> {
    let sql = [
        rows!(
            "id, title, tutor, starts_at, capacity, booked, held, marked, came, marks",
            "ORDER BY "
        ),
        &question.sort.sql(),
        ", id LIMIT $6 OFFSET $7",
    ]
    .concat();
    let now = app.clock.now();
    let (from, to) = (question.term.begins(), question.term.next().begins());
    let words = like::anywhere(&question.words);
    read!(app.db, |c| {
        let rows = sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(now)
            .bind(from)
            .bind(to)
            .bind(&words)
            .bind(question.only_unmarked)
            .bind(part.take)
            .bind(part.skip)
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
