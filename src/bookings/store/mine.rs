//! The bookings of one account.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{At, Session};
use crate::bookings::model::Booked;
use crate::bookings::{new_dates, waiting};
use crate::read;
use crate::server::Result;
use crate::server::db::Db;

/// How a booking stands at `$now`: one whose parent or guardian did not answer in time has lapsed, whether or not
/// a sweep has let it go. Nobody waits for an answer about a run that does not go ahead.
macro_rules! standing {
    ($now:literal) => {
        concat!(
            "CASE WHEN booking.status = 'awaiting-guardian' AND booking.agree_by <= ",
            $now,
            " AND EXISTS (SELECT 1 FROM run going WHERE going.id = booking.run_id AND going.status <> 'cancelled') \
              THEN 'lapsed' ELSE booking.status END AS status, \
             CASE WHEN booking.status = 'awaiting-guardian' AND booking.agree_by <= ",
            $now,
            " AND EXISTS (SELECT 1 FROM run going WHERE going.id = booking.run_id AND going.status <> 'cancelled') \
              THEN booking.agree_by ELSE booking.ended_at END AS ended_at"
        )
    };
}

/// A booking as its account sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Mine {
    /// Id, reference, when it was made.
    #[sqlx(flatten)]
    pub booked: Booked,
    /// On which run.
    pub run_id: Uuid,
    /// `booked`, `awaiting-guardian`, `cancelled`, `stopped`, `declined` or `lapsed`.
    pub status: String,
    /// Goes up when the booking changes.
    pub sequence: i64,
    /// Until when a parent or guardian can agree, if one has to.
    pub agree_by: Option<DateTime<Utc>>,
    /// When it ended, if it did.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether they told us what would help on the day.
    pub noted: bool,
}

/// The booking `reference`, if it belongs to `account_id`.
pub async fn mine(
    db: &Db,
    account_id: Uuid,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<Option<Mine>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT booking.id, booking.reference, booking.created_at, booking.run_id, booking.sequence, \
                    booking.agree_by, EXISTS (SELECT 1 FROM vault_entry WHERE vault_entry.booking_id = booking.id) \
                    AS noted, ",
            standing!("$3"),
            " FROM booking WHERE booking.reference = $1 AND booking.account_id = $2"
        ))
        .bind(reference)
        .bind(account_id)
        .bind(now)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// One line of "My bookings".
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: Uuid,
    pub reference: String,
    pub status: String,
    pub run_status: String,
    pub run_id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub agree_by: Option<DateTime<Utc>>,
    pub venue: Option<String>,
    pub postcode: Option<String>,
}

/// What "My bookings" shows.
#[derive(Clone, Debug, Default)]
pub struct MyBookings {
    /// The bookings, soonest first.
    pub lines: Vec<Line>,
    /// The sessions of those that stand, by run.
    pub sessions: Vec<(Uuid, Session)>,
    /// Where those of them are that are not where their run is, by session.
    pub elsewhere: Vec<(Uuid, At)>,
    /// Who comes, by booking, where it is not the account's own person alone.
    pub names: Vec<(Uuid, String)>,
    /// The waiting lists they are on.
    pub waiting: Vec<waiting::Line>,
    /// The courses whose new dates they wait for.
    pub wishes: Vec<new_dates::store::Seen>,
}

/// A booking with one of those who come.
#[derive(sqlx::FromRow)]
struct Coming {
    #[sqlx(flatten)]
    line: Line,
    name: Option<String>,
}

/// A session of one of them.
#[derive(sqlx::FromRow)]
struct Met {
    run_id: Uuid,
    #[sqlx(flatten)]
    session: Session,
    elsewhere: bool,
    #[sqlx(flatten)]
    at: At,
}

/// The bookings of an account that belongs to `person_id`, and what it waits for. Four queries on one connection: to
/// take another for each would cost as much again.
pub async fn my_bookings(
    db: &Db,
    account_id: Uuid,
    person_id: Uuid,
    now: DateTime<Utc>,
) -> Result<MyBookings> {
    let (coming, met, waiting, wishes) = read!(db, |c| {
        let coming: Vec<Coming> = sqlx::query_as(concat!(
            "SELECT booking.id, booking.reference, run.status AS run_status, booking.run_id, course.title, \
                    run.starts_at, run.ends_at, booking.agree_by, venue.name AS venue, venue.postcode, \
                    person.full_name AS name, ",
            standing!("$2"),
            " FROM booking JOIN run ON run.id = booking.run_id JOIN course ON course.id = run.course_id \
             LEFT JOIN venue ON venue.id = run.venue_id \
             LEFT JOIN place ON place.booking_id = booking.id AND EXISTS (SELECT 1 FROM place other \
                  WHERE other.booking_id = booking.id AND other.person_id <> $3) \
             LEFT JOIN person ON person.id = place.person_id WHERE booking.account_id = $1 \
             ORDER BY run.starts_at, booking.id, CASE WHEN person.id = $3 THEN 0 ELSE 1 END, person.full_name, person.id"
        ))
        .bind(account_id)
        .bind(now)
        .bind(person_id)
        .fetch_all(&mut *c)
        .await?;
        let met: Vec<Met> = sqlx::query_as(
            "SELECT session.run_id, session.starts_at, session.ends_at, session.id, session.elsewhere, room.name AS room, \
                    venue.name AS venue, NULL AS address, NULL AS town, venue.postcode FROM booking \
             JOIN run ON run.id = booking.run_id AND run.ends_at > $2 \
             JOIN session ON session.run_id = run.id LEFT JOIN venue ON venue.id = session.venue_id \
             LEFT JOIN room ON room.id = session.room_id \
             WHERE booking.account_id = $1 AND booking.ended_at IS NULL ORDER BY session.starts_at",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&mut *c)
        .await?;
        let waiting: Vec<waiting::Line> = sqlx::query_as(waiting::store::OF_ACCOUNT)
            .bind(account_id)
            .bind(now)
            .fetch_all(&mut *c)
            .await?;
        let wishes: Vec<new_dates::store::Seen> = sqlx::query_as(new_dates::store::OF_ACCOUNT)
            .bind(account_id)
            .fetch_all(&mut *c)
            .await?;
        Ok((coming, met, waiting, wishes))
    })?;
    let (mut lines, mut names) = (Vec::<Line>::new(), Vec::new());
    for Coming { line, name } in coming {
        names.extend(name.map(|name| (line.id, name)));
        if lines.last().is_none_or(|last| last.id != line.id) {
            lines.push(line);
        }
    }
    let sessions = met.iter().map(|one| (one.run_id, one.session)).collect();
    let elsewhere = met
        .into_iter()
        .filter(|one| one.elsewhere)
        .map(|one| (one.session.id, one.at))
        .collect();
    Ok(MyBookings {
        lines,
        sessions,
        elsewhere,
        names,
        waiting,
        wishes,
    })
}
