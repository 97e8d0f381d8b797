//! SQL of the addresses for calendars, and of what is read there.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::bookings::store::{At, Session, room_of, venue_of};
use crate::server::db::Db;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// The address of an account, if it has one.
pub(super) async fn of_account(db: &Db, account_id: Uuid) -> Result<Option<Uuid>> {
    read!(db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM calendar_feed WHERE account_id = $1")
                .bind(account_id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// Whose address it is, while it works.
pub(super) async fn account_of(db: &Db, id: Uuid) -> Result<Option<Uuid>> {
    read!(db, |c| {
        Ok(
            sqlx::query_scalar("SELECT account_id FROM calendar_feed WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *c)
                .await?,
        )
    })
}

/// Gives an account an address; one that it has stays.
pub(super) async fn make(app: &App, account_id: Uuid) -> Result<()> {
    let (id, now) = (app.id()?, app.clock.now());
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO calendar_feed (id, account_id, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (account_id) DO NOTHING",
        )
        .bind(id)
        .bind(account_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}

/// Gives an account another address in place of the one that it has.
pub(super) async fn renew(app: &App, account_id: Uuid) -> Result<()> {
    let (id, now) = (app.id()?, app.clock.now());
    write_tx!(app.db, |c| {
        sqlx::query("UPDATE calendar_feed SET id = $1, created_at = $3 WHERE account_id = $2")
            .bind(id)
            .bind(account_id)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// Takes its address away from an account.
pub(super) async fn switch_off(app: &App, account_id: Uuid) -> Result<()> {
    write_tx!(app.db, |c| {
        sqlx::query("DELETE FROM calendar_feed WHERE account_id = $1")
            .bind(account_id)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
}

/// One session of one booking.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Line {
    pub booking_id: Uuid,
    pub reference: String,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
    /// `booked` or `awaiting-guardian`.
    pub status: String,
    /// How often the booking or the run's dates have changed.
    pub sequence: i64,
    pub run_status: String,
    /// When the run was last changed: when it was called off, if it was.
    pub run_updated_at: DateTime<Utc>,
    #[sqlx(flatten)]
    pub at: At,
    #[sqlx(flatten)]
    pub session: Session,
}

/// All the sessions of what an account has booked on runs that end after `since`, booking by booking. A place that waited
/// too long for a parent or guardian does not count, whether or not a sweep has let it go.
pub(super) async fn lines(
    db: &Db,
    account_id: Uuid,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Line>> {
    read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT booking.id AS booking_id, booking.reference, booking.created_at AS booked_at, booking.status, \
                    booking.sequence + run.sequence AS sequence, run.status AS run_status, \
                    run.updated_at AS run_updated_at, room.name AS room, venue.name AS venue, venue.address_1 AS address, venue.town, \
                    venue.postcode, session.id, session.starts_at, session.ends_at \
             FROM booking JOIN run ON run.id = booking.run_id AND run.ends_at > $2 \
             JOIN session ON session.run_id = run.id LEFT JOIN venue ON venue.id = ",
            venue_of!("session"),
            " LEFT JOIN room ON room.id = ",
            room_of!("session"),
            " WHERE booking.account_id = $1 AND (booking.status = 'booked' \
                   OR booking.status = 'awaiting-guardian' AND (booking.agree_by > $3 OR run.status = 'cancelled')) \
             ORDER BY run.starts_at, booking.id, session.position",
        ))
        .bind(account_id)
        .bind(since)
        .bind(now)
        .fetch_all(&mut *c)
        .await?)
    })
}
