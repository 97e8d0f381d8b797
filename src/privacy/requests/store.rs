//! SQL of requests.

mod reading;
mod writing;

pub use reading::{A_PAGE, ORDERS, Which, colleagues, list, one, person, whole};
pub use writing::{Done, New, add, finish, hand_on, step};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{Channel, Kind, Outcome, Request};
use super::rules::{Identity, Timing};
use crate::read;
use crate::server::{App, Error, Result};

/// What the one who looks after a request is called.
macro_rules! name_of_owner {
    () => {
        "(SELECT COALESCE(own.preferred_name, own.full_name) FROM representation JOIN person own ON own.id = \
         representation.person_id WHERE representation.account_id = rights_request.owner_id \
         AND representation.kind = 'self' AND representation.ends_at IS NULL)"
    };
}
use name_of_owner;

/// See [`name_of_owner`].
pub(super) const NAME_OF_OWNER: &str = name_of_owner!();

/// Takes from an account (`$1`) what it looks after, when it loses the right to.
pub const LET_GO: &str =
    "UPDATE rights_request SET owner_id = NULL WHERE owner_id = $1 AND finished_on IS NULL";

/// What says when a request is due, as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
struct TimingRow {
    kind: String,
    received_on: String,
    identity: String,
    identity_asked_on: Option<String>,
    identity_shown_on: Option<String>,
    waiting_since: Option<String>,
    days_waited: i64,
    extended_on: Option<String>,
    finished_on: Option<String>,
}

/// A request as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    reference: String,
    channel: String,
    person_id: Option<Uuid>,
    name: String,
    contact: Option<String>,
    due_on: Option<String>,
    owner_id: Option<Uuid>,
    owner: Option<String>,
    outcome: Option<String>,
    #[sqlx(flatten)]
    timing: TimingRow,
}

/// No check of the schema lets such a word in.
fn wrong(what: &str) -> Error {
    Error::Other(format!("a request has another {what} than there are"))
}

fn day(kept: &str) -> Result<NaiveDate> {
    kept.parse().map_err(|_| wrong("day"))
}

fn some_day(kept: Option<&str>) -> Result<Option<NaiveDate>> {
    kept.map(day).transpose()
}

impl TimingRow {
    fn timing(&self) -> Result<Timing> {
        let asked = some_day(self.identity_asked_on.as_deref())?;
        let shown = some_day(self.identity_shown_on.as_deref())?;
        let identity = match (self.identity.as_str(), asked, shown) {
            ("known", None, None) => Identity::Known,
            ("asked", Some(asked), None) => Identity::Asked(asked),
            ("shown", Some(asked), Some(on)) => Identity::Shown { asked, on },
            _ => return Err(wrong("identity")),
        };
        Ok(Timing {
            kind: Kind::named(&self.kind).ok_or_else(|| wrong("kind"))?,
            received_on: day(&self.received_on)?,
            identity,
            waiting_since: some_day(self.waiting_since.as_deref())?,
            days_waited: u64::try_from(self.days_waited).map_err(|_| wrong("number of days"))?,
            extended_on: some_day(self.extended_on.as_deref())?,
        })
    }
}

impl Row {
    fn request(self) -> Result<Request> {
        let finished_on = some_day(self.timing.finished_on.as_deref())?;
        let outcome = self.outcome.as_deref().and_then(Outcome::named);
        let left = || "Somebody who has left".to_owned();
        Ok(Request {
            timing: self.timing.timing()?,
            id: self.id,
            reference: self.reference,
            channel: Channel::named(&self.channel).ok_or_else(|| wrong("channel"))?,
            person_id: self.person_id,
            name: self.name,
            contact: self.contact,
            due_on: some_day(self.due_on.as_deref())?,
            owner: self
                .owner_id
                .map(|id| (id, self.owner.unwrap_or_else(left))),
            finished: finished_on.zip(outcome),
        })
    }
}

/// An open request that somebody looks after.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Own {
    /// Its number in the database.
    id: Uuid,
    /// Its number, to be read out.
    pub reference: String,
    kind: String,
    due_on: Option<String>,
}

impl Own {
    /// The address of its page.
    pub fn path(&self) -> String {
        super::path(self.id)
    }

    /// What it is about, and when it is due.
    pub fn words(&self, now: DateTime<Utc>) -> String {
        let what = Kind::named(&self.kind).map_or("", Kind::words);
        let today = crate::ui::dates::day_of(now);
        match self.due_on.as_deref().map(str::parse::<NaiveDate>) {
            Some(Ok(due)) => format!("{what}, due {}", crate::ui::dates::day(due, today)),
            _ => format!("{what}, waiting for them"),
        }
    }
}

/// The open requests that an account looks after, the first due first.
///
/// # Errors
/// When the database does not answer.
pub async fn owned(app: &App, account_id: Uuid) -> Result<Vec<Own>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT id, reference, kind, due_on FROM rights_request WHERE owner_id = $1 AND finished_on IS NULL \
             ORDER BY due_on IS NULL, due_on, id LIMIT 100",
        )
        .bind(account_id)
        .fetch_all(&mut *c)
        .await?)
    })
}
