//! What is written of requests: each time one transaction, with its line in the audit. The same form twice is one effect.

use chrono::NaiveDate;
use uuid::Uuid;

use super::super::model::{Channel, Outcome};
use super::super::rules::{Identity, Step, Timing};
use super::TimingRow;
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::staff::rights::{Requests, Right as _};
use crate::write_tx;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is done.
    Yes,
    /// It was so already, or does not fit any more.
    Already,
    /// The request is finished.
    Finished,
}

/// A request about to be written down.
#[derive(Clone, Debug)]
pub struct New {
    pub id: Uuid,
    pub reference: String,
    pub channel: Channel,
    pub timing: Timing,
    /// Whose data it is; else their name and how they are reached.
    pub person_id: Option<Uuid>,
    pub asker: Option<(String, String)>,
    /// What they asked, sealed.
    pub asked: Vec<u8>,
    pub owner_id: Option<Uuid>,
}

/// What is kept of an identity: its word, when we asked, when they showed it.
fn kept(identity: Identity) -> (&'static str, Option<String>, Option<String>) {
    match identity {
        Identity::Known => ("known", None, None),
        Identity::Asked(asked) => ("asked", Some(asked.to_string()), None),
        Identity::Shown { asked, on } => ("shown", Some(asked.to_string()), Some(on.to_string())),
    }
}

fn kept_day(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// Whether somebody may look after requests; they are locked, so that whoever removes them waits.
macro_rules! may_look_after {
    ($c:ident, $account:expr, $now:expr) => {{
        sqlx::query("UPDATE staff SET joined_at = joined_at WHERE account_id = $1 AND left_at IS NULL")
            .bind($account)
            .execute(&mut *$c)
            .await?;
        let roles: Vec<String> = sqlx::query_scalar(
            "SELECT role_grant.role FROM role_grant JOIN staff ON staff.account_id = role_grant.account_id \
             WHERE role_grant.account_id = $1 AND staff.left_at IS NULL \
               AND (role_grant.ends_at IS NULL OR role_grant.ends_at > $2)",
        )
        .bind($account)
        .bind($now)
        .fetch_all(&mut *$c)
        .await?;
        Requests::ROLES.iter().any(|own| roles.iter().any(|role| role == own.name()))
    }};
}

/// Writes a request down; with nobody, when whoever was to look after it may not any more.
pub async fn add(app: &App, new: &New, entry: &Entry) -> Result<()> {
    let (identity, asked_on, shown_on) = kept(new.timing.identity);
    let due = kept_day(new.timing.due());
    let (name, contact) = new.asker.clone().unzip();
    write_tx!(app.db, |c| {
        let mut owner = new.owner_id;
        if let Some(account) = new.owner_id {
            let may = may_look_after!(c, account, entry.at);
            owner = owner.filter(|_| may);
        }
        let added = sqlx::query(
            "INSERT INTO rights_request (id, reference, kind, channel, received_on, person_id, asker_name, asker_contact, asked, \
                                         identity, identity_asked_on, identity_shown_on, due_on, owner_id, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT merged_into FROM person WHERE id = $6), $6), $7, $8, $9, $10, $11, $12, \
                     $13, $14, $15, $16) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id)
        .bind(&new.reference)
        .bind(new.timing.kind.name())
        .bind(new.channel.name())
        .bind(new.timing.received_on.to_string())
        .bind(new.person_id)
        .bind(&name)
        .bind(&contact)
        .bind(&new.asked)
        .bind(identity)
        .bind(&asked_on)
        .bind(&shown_on)
        .bind(&due)
        .bind(owner)
        .bind(entry.account_id)
        .bind(entry.at)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if added > 0 {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}

/// Locks a request, and tells how it stands.
macro_rules! locked {
    ($c:ident, $id:expr) => {{
        let row: Option<TimingRow> = sqlx::query_as(
            "UPDATE rights_request SET created_at = created_at WHERE id = $1 \
             RETURNING kind, received_on, identity, identity_asked_on, identity_shown_on, waiting_since, days_waited, extended_on, \
                       finished_on",
        )
        .bind($id)
        .fetch_optional(&mut *$c)
        .await?;
        row
    }};
}

/// Keeps how a request stands from now on, and when it is due.
macro_rules! keep_timing {
    ($c:ident, $id:expr, $timing:expr) => {{
        let timing: Timing = $timing;
        let (identity, asked_on, shown_on) = kept(timing.identity);
        sqlx::query(
            "UPDATE rights_request SET identity = $2, identity_asked_on = $3, identity_shown_on = $4, waiting_since = $5, \
                    days_waited = $6, due_on = $7 WHERE id = $1",
        )
        .bind($id)
        .bind(identity)
        .bind(&asked_on)
        .bind(&shown_on)
        .bind(kept_day(timing.waiting_since))
        .bind(i64::try_from(timing.days_waited).unwrap_or(i64::MAX))
        .bind(kept_day(timing.due()))
        .execute(&mut *$c)
        .await?;
    }};
}

/// A step on a day; `why` is sealed, and said of [`Step::Extend`] alone.
pub async fn step(
    app: &App,
    id: Uuid,
    (step, day): (Step, NaiveDate),
    why: Option<&[u8]>,
    entry: &Entry,
) -> Result<Done> {
    write_tx!(app.db, |c| {
        let Some(row) = locked!(c, id) else {
            return Ok(Done::Already);
        };
        if row.finished_on.is_some() {
            return Ok(Done::Finished);
        }
        let Some(after) = row.timing()?.after(step, day) else {
            return Ok(Done::Already);
        };
        if let Some(why) = why {
            sqlx::query(
                "UPDATE rights_request SET extended_on = $2, extended_why = $3 WHERE id = $1",
            )
            .bind(id)
            .bind(kept_day(after.extended_on))
            .bind(why)
            .execute(&mut *c)
            .await?;
        }
        keep_timing!(c, id, after);
        insert_entry!(c, entry);
        Ok(Done::Yes)
    })
}

/// Finishes a request; whatever we waited for, the wait is over.
pub async fn finish(
    app: &App,
    id: Uuid,
    (outcome, day): (Outcome, NaiveDate),
    why: Option<&[u8]>,
    entry: &Entry,
) -> Result<Done> {
    write_tx!(app.db, |c| {
        let Some(row) = locked!(c, id) else {
            return Ok(Done::Already);
        };
        if row.finished_on.is_some() {
            return Ok(Done::Finished);
        }
        if let Some(after) = row.timing()?.after(Step::Heard, day) {
            keep_timing!(c, id, after);
        }
        sqlx::query(
            "UPDATE rights_request SET finished_on = $2, outcome = $3, outcome_why = $4 WHERE id = $1",
        )
        .bind(id)
        .bind(day.to_string())
        .bind(outcome.name())
        .bind(why)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, entry);
        Ok(Done::Yes)
    })
}

/// Gives a request to somebody who may look after it, or to nobody.
pub async fn hand_on(app: &App, id: Uuid, to: Option<Uuid>, entry: &Entry) -> Result<Done> {
    write_tx!(app.db, |c| {
        if let Some(account) = to {
            let may = may_look_after!(c, account, entry.at);
            if !may {
                return Ok(Done::Already);
            }
        }
        let Some(row) = locked!(c, id) else {
            return Ok(Done::Already);
        };
        if row.finished_on.is_some() {
            return Ok(Done::Finished);
        }
        let given = sqlx::query(
            "UPDATE rights_request SET owner_id = $2 WHERE id = $1 AND owner_id IS DISTINCT FROM $2",
        )
        .bind(id)
        .bind(to)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if given == 0 {
            return Ok(Done::Already);
        }
        insert_entry!(c, entry);
        Ok(Done::Yes)
    })
}
