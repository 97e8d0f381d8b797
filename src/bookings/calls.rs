//! The call list: whom the course team rings, because they asked for it or because we can write to nobody.

mod desk;
pub mod messages;
mod store;
mod undelivered;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::server::routes::Routes;

pub use store::KEPT;
pub use undelivered::sweep;

/// The pages of the call list, and of what did not arrive and nobody is rung about.
pub fn routes() -> Routes {
    desk::routes().and(messages::routes())
}

/// Why somebody is rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// To remind them of a session.
    Reminder,
    /// Dates, place or tutor have changed.
    Change,
    /// The run does not go ahead.
    NotGoingAhead,
    /// There is a new date that they asked to hear of.
    NewDates,
    /// A message could not be delivered.
    Undelivered,
    /// They wrote a letter, have no email, and have to be told that they are booked.
    Booked,
}

impl About {
    const ALL: [Self; 6] = [
        Self::Reminder,
        Self::Change,
        Self::NotGoingAhead,
        Self::NewDates,
        Self::Undelivered,
        Self::Booked,
    ];

    /// The one with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.name() == name)
    }

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Change => "change",
            Self::NotGoingAhead => "not-going-ahead",
            Self::NewDates => "new-dates",
            Self::Undelivered => "undelivered",
            Self::Booked => "booked",
        }
    }
}

/// The cause of the call about a message that could not be delivered.
pub fn undelivered_cause(cause: &str) -> String {
    format!("undelivered:{cause}")
}

/// One call to make.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its id.
    pub id: Uuid,
    /// What brought it about; a second call with the same cause is not noted.
    pub cause: String,
    /// Why.
    pub about: About,
    /// Whom.
    pub person_id: Uuid,
    /// Which run it is about, if it is about one.
    pub run_id: Option<Uuid>,
    /// It helps until then.
    pub call_by: DateTime<Utc>,
    /// When it was noted.
    pub created_at: DateTime<Utc>,
}

/// Notes a call in the transaction of its cause.
macro_rules! insert {
    ($c:expr, $call:expr) => {{
        let call: &$crate::bookings::calls::Call = $call;
        sqlx::query(
            "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (cause) DO NOTHING",
        )
        .bind(call.id)
        .bind(&call.cause)
        .bind(call.about.name())
        .bind(call.person_id)
        .bind(call.run_id)
        .bind(call.call_by)
        .bind(call.created_at)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use insert;
