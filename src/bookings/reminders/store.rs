//! SQL of reminders, and of people who say that they cannot come to a session.

use std::ops::Range;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rules::Ahead;
use crate::bookings::engine::{Locked, lock_run};
use crate::bookings::store::Session;
use crate::server::db::Db;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// A booking whose reminder of a session may be due.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Due {
    pub booking_id: Uuid,
    pub account_id: Option<Uuid>,
    pub reference: String,
    pub booked_at: DateTime<Utc>,
    pub run_id: Uuid,
    pub position: i64,
    #[sqlx(flatten)]
    pub session: Session,
}

/// The bookings whose reminder of a session in `span` has not been dealt with, at most so many. After their first, sessions are for
/// the reminder of the day before, and for people who want one before each.
pub(super) async fn due(
    db: &Db,
    ahead: Ahead,
    span: Range<DateTime<Utc>>,
    at_most: i64,
) -> Result<Vec<Due>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT booking.id AS booking_id, booking.account_id, booking.reference, booking.created_at AS booked_at, \
                    session.run_id, session.position, session.id, session.starts_at, session.ends_at \
             FROM session JOIN run ON run.id = session.run_id AND run.status IN ('open', 'closed') \
             JOIN booking ON booking.run_id = run.id AND booking.status = 'booked' \
             JOIN course ON course.id = run.course_id AND course.status = 'published' \
             WHERE session.starts_at >= $1 AND session.starts_at < $2 \
               AND (session.starts_at = (SELECT MIN(own.starts_at) FROM session own WHERE own.run_id = run.id \
                    AND own.starts_at > booking.created_at) OR $3 = 'day' AND (EXISTS ( \
                    SELECT 1 FROM place JOIN person ON person.id = place.person_id \
                    WHERE place.booking_id = booking.id AND person.remind_each_session) \
                    OR EXISTS ( \
                    SELECT 1 FROM representation JOIN person ON person.id = representation.person_id \
                    WHERE representation.account_id = booking.account_id AND representation.kind = 'self' \
                    AND person.remind_each_session))) \
               AND NOT EXISTS (SELECT 1 FROM reminder WHERE reminder.booking_id = booking.id \
                               AND reminder.session_id = session.id AND reminder.ahead = $3) \
               AND NOT EXISTS (SELECT 1 FROM apology WHERE apology.booking_id = booking.id \
                               AND apology.session_id = session.id) \
             ORDER BY session.starts_at, booking.id LIMIT $4",
        )
        .bind(span.start)
        .bind(span.end)
        .bind(ahead.name())
        .bind(at_most)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// A reminder that was sent, as its link finds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Sent {
    pub booking_id: Uuid,
    pub run_id: Uuid,
    pub run_status: String,
    pub status: String,
    #[sqlx(flatten)]
    pub session: Session,
    /// They said that they cannot come to it.
    pub apologised: bool,
    /// When the next session that they are expected at begins.
    pub next_at: Option<DateTime<Utc>>,
}

/// The reminder with this token.
pub(super) async fn by_token(db: &Db, token_hash: &[u8]) -> Result<Option<Sent>> {
    read!(db, |c| {
        Ok(sqlx::query_as(
            "SELECT reminder.booking_id, session.run_id, run.status AS run_status, booking.status, \
                    session.id, session.starts_at, session.ends_at, \
                    EXISTS (SELECT 1 FROM apology WHERE apology.booking_id = reminder.booking_id \
                            AND apology.session_id = session.id) AS apologised, \
                    (SELECT MIN(later.starts_at) FROM session later WHERE later.run_id = session.run_id \
                            AND later.starts_at > session.starts_at AND NOT EXISTS ( \
                            SELECT 1 FROM apology WHERE apology.booking_id = reminder.booking_id \
                            AND apology.session_id = later.id)) AS next_at \
             FROM reminder JOIN session ON session.id = reminder.session_id JOIN run ON run.id = session.run_id \
             JOIN booking ON booking.id = reminder.booking_id WHERE reminder.token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Notes that whoever holds a booking cannot come to a session; their place is kept. The same twice is one.
pub(super) async fn apologise(app: &App, sent: &Sent) -> Result<()> {
    let now = app.clock.now();
    let lock = lock_run(app);
    write_tx!(app.db, |c| {
        let _locked: Option<Locked> = sqlx::query_as(lock)
            .bind(sent.run_id)
            .fetch_optional(&mut *c)
            .await?;
        sqlx::query(
            "INSERT INTO apology (booking_id, session_id, created_at) \
             SELECT booking.id, session.id, $3 FROM booking JOIN session ON session.run_id = booking.run_id \
             WHERE booking.id = $1 AND session.id = $2 AND booking.status = 'booked' \
             ON CONFLICT (booking_id, session_id) DO NOTHING",
        )
        .bind(sent.booking_id)
        .bind(sent.session.id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// They can come after all.
pub(super) async fn comes_after_all(app: &App, sent: &Sent) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM apology WHERE booking_id = $1 AND session_id = $2")
            .bind(sent.booking_id)
            .bind(sent.session.id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}
