//! Taking a place, and giving it back.
//!
//! Everything that changes a run's places locks the run's row first, so that two requests never wait for one
//! another in a ring. The counter on the run says how many places are left; the place rows say who has them,
//! and `recount` compares the two.

mod capacity;
mod give_back;
mod late;
mod leave;
mod moving;
mod take;

use chrono::{DateTime, Utc};

use super::model::Request;
use super::store::{Offer, Person};
use super::{guardians, waiting};
use crate::server::{App, Error, Result};

pub use capacity::set_capacity;
pub(crate) use give_back::end;
pub use give_back::{cancel, cancel_booking};
pub use late::set_late_joining;
pub(crate) use leave::{LEAVES, Left, leave_all, leave_entry, leave_place};
pub use moving::{MoveOutcome, Moving, move_booking};
pub use take::book;
pub(super) use take::{answer_of, book_with};

/// What comes before somebody takes a place or waits for one: they are one or two people we know, and the run's places
/// and its list are as the clock says, whether or not a sweep has come.
pub(super) async fn make_ready(
    app: &App,
    request: &Request,
    offer: &Offer,
    people: &[Person],
) -> Result<()> {
    if people.is_empty() || people.len() != request.people.len() || people.len() > 2 {
        return Err(Error::Other("one or two people we know".into()));
    }
    if offer.run.lapsed > 0 {
        guardians::let_go_lapsed(app, Some(offer.run.id)).await?;
    }
    if offer.run.has_list {
        waiting::settle_now(app, offer.run.id).await;
    }
    Ok(())
}

/// The run's row as it is locked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Locked {
    pub status: String,
    pub volunteers_only: bool,
    pub starts_at: DateTime<Utc>,
    join_until: Option<DateTime<Utc>>,
    pub capacity: i64,
    pub places_taken: i64,
    pub places_held: i64,
    pub waiting: i64,
    pub sequence: i64,
}

impl Locked {
    /// Until when somebody new may begin.
    pub fn joins_until(&self) -> DateTime<Utc> {
        self.join_until.unwrap_or(self.starts_at)
    }
}

/// Locks a run's row. SQLite has one writer, which is lock enough.
pub(crate) fn lock_run(app: &App) -> &'static str {
    match &app.db {
        crate::server::db::Db::Sqlite { .. } => {
            "SELECT status, volunteers_only, starts_at, join_until, capacity, places_taken, places_held, waiting, \
             sequence FROM run \
             WHERE id = $1"
        }
        crate::server::db::Db::Postgres(_) => {
            "SELECT status, volunteers_only, starts_at, join_until, capacity, places_taken, places_held, waiting, \
             sequence FROM run \
             WHERE id = $1 FOR UPDATE"
        }
    }
}

/// Gives back the run's held and offered places whose time is over, and says how many. The run's row must be locked.
macro_rules! release_expired {
    ($c:expr, $run:expr, $now:expr) => {{
        let released = sqlx::query(
            "UPDATE held_place SET released_at = $2 WHERE run_id = $1 AND released_at IS NULL AND expires_at <= $2",
        )
        .bind($run)
        .bind($now)
        .execute(&mut *$c)
        .await?
        .rows_affected();
        let offered: Vec<i64> = sqlx::query_scalar(
            "UPDATE offered_place SET released_at = $2 \
             WHERE run_id = $1 AND released_at IS NULL AND expires_at <= $2 RETURNING places",
        )
        .bind($run)
        .bind($now)
        .fetch_all(&mut *$c)
        .await?;
        let released = i64::try_from(released).unwrap_or(i64::MAX) + offered.iter().sum::<i64>();
        if released > 0 {
            sqlx::query("UPDATE run SET places_held = places_held - $2 WHERE id = $1")
                .bind($run)
                .bind(released)
                .execute(&mut *$c)
                .await?;
        }
        released
    }};
}
pub(super) use release_expired;
