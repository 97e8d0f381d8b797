//! SQL of merging two records, and of undoing it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::rows::{HANDS, MOVES, UNOWNED};
use super::values::{Kept, Values};
use crate::people_desk::model::Person;
use crate::people_desk::store::{park_address, unpark_address};
use crate::server::db::Db;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::{read, write_tx};

/// For so long a merge can be undone.
pub const UNDONE_WITHIN: TimeDelta = TimeDelta::days(30);
/// How often it is tried anew when somebody writes to one of the records meanwhile.
const TRIES: u32 = 5;

/// Reads [`Values`] of the person `$1`.
const VALUES: &str = "SELECT full_name, preferred_name, date_of_birth, phone, email, address, town, postcode, \
    no_fixed_address, out_of_area, reach_by_email, reach_by_text, reach_by_call, reach_by_letter, safe_to_leave_message, \
    format, name_course_in_messages, remind_by, remind_each_session, keep_from_tutors, keep_from_statistics, \
    ask_feedback FROM person WHERE id = $1";

/// Writes [`Values`].
macro_rules! write_values {
    ($c:expr, $id:expr, $values:expr) => {{
        let values: &Values = $values;
        sqlx::query(
            "UPDATE person SET full_name = $2, preferred_name = $3, date_of_birth = $4, phone = $5, email = $6, \
                    address = $7, town = $8, postcode = $9, no_fixed_address = $10, out_of_area = $11, \
                    reach_by_email = $12, reach_by_text = $13, reach_by_call = $14, reach_by_letter = $15, \
                    safe_to_leave_message = $16, format = $17, name_course_in_messages = $18, remind_by = $19, \
                    remind_each_session = $20, keep_from_tutors = $21, keep_from_statistics = $22, ask_feedback = $23 WHERE id = $1",
        )
        .bind($id)
        .bind(&values.full_name)
        .bind(&values.preferred_name)
        .bind(&values.date_of_birth)
        .bind(&values.phone)
        .bind(&values.email)
        .bind(&values.address)
        .bind(&values.town)
        .bind(&values.postcode)
        .bind(values.no_fixed_address)
        .bind(values.out_of_area)
        .bind(values.reach_by_email)
        .bind(values.reach_by_text)
        .bind(values.reach_by_call)
        .bind(values.reach_by_letter)
        .bind(values.safe_to_leave_message)
        .bind(&values.format)
        .bind(values.name_course_in_messages)
        .bind(&values.remind_by)
        .bind(values.remind_each_session)
        .bind(values.keep_from_tutors)
        .bind(values.keep_from_statistics)
        .bind(values.ask_feedback)
        .execute(&mut *$c)
        .await?;
    }};
}

/// Locks two records that are nobody else's; says whether both are there. The order is that of their ids.
macro_rules! lock_both {
    ($c:expr, $one:expr, $other:expr) => {{
        let mut locked = 0;
        for id in [$one.min($other), $one.max($other)] {
            locked += sqlx::query("UPDATE person SET updated_at = updated_at WHERE id = $1")
                .bind(id)
                .execute(&mut *$c)
                .await?
                .rows_affected();
        }
        locked == 2
    }};
}

/// What a record says.
pub async fn values(db: &Db, id: Uuid) -> Result<Option<Values>> {
    read!(db, |c| {
        Ok(sqlx::query_as(VALUES)
            .bind(id)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// Why two records cannot be merged, as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// One of them has died.
    OneDied,
    /// Both have a place, or wait for one, on a run of this course, from then.
    SameRun(String, DateTime<Utc>),
    /// The account that would close has a role.
    HasRole,
}

/// A run where both have something; `$1` and `$2` are the people, `$3` is now.
const SAME_RUN: &str = "SELECT course.title, run.starts_at FROM run JOIN course ON course.id = run.course_id \
     WHERE run.id IN (SELECT place.run_id FROM place WHERE place.person_id = $1 AND place.status = 'active' \
                      UNION SELECT mine.run_id FROM waiting_person mine WHERE mine.person_id = $1 AND mine.active) \
       AND run.id IN (SELECT place.run_id FROM place WHERE place.person_id = $2 AND place.status = 'active' \
                      UNION SELECT theirs.run_id FROM waiting_person theirs WHERE theirs.person_id = $2 AND theirs.active) \
     ORDER BY run.starts_at LIMIT 1";

/// Whether the account `$1` has a role at `$2`, or works here.
const HAS_ROLE: &str = "SELECT EXISTS (SELECT 1 FROM role_grant WHERE account_id = $1 AND (ends_at IS NULL OR ends_at > $2)) \
     OR EXISTS (SELECT 1 FROM staff WHERE account_id = $1 AND left_at IS NULL)";

/// Whether something has to be done first.
pub async fn blocked(
    db: &Db,
    kept: &Person,
    gone: &Person,
    now: DateTime<Utc>,
) -> Result<Option<Blocked>> {
    if kept.deceased_at.is_some() != gone.deceased_at.is_some() {
        return Ok(Some(Blocked::OneDied));
    }
    let same: Option<(String, DateTime<Utc>)> = read!(db, |c| {
        Ok(sqlx::query_as(SAME_RUN)
            .bind(kept.id)
            .bind(gone.id)
            .fetch_optional(&mut *c)
            .await?)
    })?;
    if let Some((title, starts_at)) = same {
        return Ok(Some(Blocked::SameRun(title, starts_at)));
    }
    let closes = gone.account_id.filter(|_| kept.account_id.is_some());
    let has_role: bool = read!(db, |c| {
        Ok(sqlx::query_scalar(HAS_ROLE)
            .bind(closes)
            .bind(now)
            .fetch_one(&mut *c)
            .await?)
    })?;
    Ok(has_role.then_some(Blocked::HasRole))
}

/// Two records, about to be merged.
#[derive(Clone, Debug)]
pub struct Merging<'a> {
    /// Its number: the same form is the same merge.
    pub id: Uuid,
    pub kept: &'a Person,
    pub gone: &'a Person,
    /// The parts whose values come from the record that goes.
    pub taken: Vec<&'a str>,
    pub entry: Entry,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// They are one.
    Done,
    /// Something came between: look again.
    Changed,
}

/// A sealed row, for the record that is kept: from which table, its number, as it is sealed there, and as it was.
type Sealed = (&'static str, Uuid, Vec<u8>, Vec<u8>);

/// The sealed rows of somebody, by table and number.
const SEALED: &str = "SELECT 'contact_note' AS what, id, sealed FROM contact_note WHERE person_id = $1 \
     UNION ALL SELECT 'feedback' AS what, id, sealed FROM feedback WHERE person_id = $1 AND sealed IS NOT NULL \
     UNION ALL SELECT 'vault_entry' AS what, id, sealed FROM vault_entry WHERE person_id = $1 ORDER BY id";

async fn sealed_again(app: &App, from: Uuid, to: Uuid) -> Result<Vec<Sealed>> {
    let rows: Vec<(String, Uuid, Vec<u8>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(SEALED).bind(from).fetch_all(&mut *c).await?)
    })?;
    let mut all = Vec::new();
    for (what, id, before) in rows {
        let (what, class) = match what.as_str() {
            "contact_note" => ("contact_note", RecordClass::Contact),
            "feedback" => ("feedback", RecordClass::Health),
            _ => ("vault_entry", RecordClass::Health),
        };
        let plain = app.vault.open(from, class, id, &before).await?;
        let now = app.clock.now();
        let sealed = app.vault.seal(now, to, class, id, &plain).await?;
        all.push((what, id, sealed, before));
    }
    Ok(all)
}

/// Merges two records in one transaction. The same form twice is one merge.
///
/// # Errors
/// When the database or the vault fails; both are as they were then.
pub async fn merge(app: &App, merging: &Merging<'_>) -> Result<Merged> {
    for _ in 0..TRIES {
        if let Some(merged) = attempt(app, merging).await? {
            return Ok(merged);
        }
    }
    Err(Error::Busy("a record that is being merged"))
}

/// One try; none when something was written to one of the records meanwhile.
async fn attempt(app: &App, merging: &Merging<'_>) -> Result<Option<Merged>> {
    let now = app.clock.now();
    let (id, kept, gone) = (merging.id, merging.kept.id, merging.gone.id);
    let (Some(before), Some(other)) = (values(&app.db, kept).await?, values(&app.db, gone).await?)
    else {
        return Ok(Some(Merged::Changed));
    };
    let after = before.merged(&other, &merging.taken);
    let plain = serde_json::to_vec(&Kept {
        before: before.clone(),
        after: after.clone(),
    })
    .map_err(|e| Error::Other(format!("a merge: {e}")))?;
    let sealed = app
        .vault
        .seal(now, kept, RecordClass::Contact, id, &plain)
        .await?;
    let rows = sealed_again(app, gone, kept).await?;
    let (own, theirs) = (merging.kept.account_id, merging.gone.account_id);
    let closes = theirs.filter(|_| own.is_some());
    let account = own.or(theirs);
    let both_died = merging.kept.deceased_at.is_some();
    write_tx!(app.db, |c| {
        let done: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM person_merge WHERE id = $1 AND kept_id = $2)",
        )
        .bind(id)
        .bind(kept)
        .fetch_one(&mut *c)
        .await?;
        if done {
            return Ok(Some(Merged::Done));
        }
        if !lock_both!(c, kept, gone) {
            return Ok(Some(Merged::Changed));
        }
        let alone: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM person WHERE id IN ($1, $2) AND merged_into IS NULL AND (deceased_at IS NOT NULL) = $3",
        )
        .bind(kept)
        .bind(gone)
        .bind(both_died)
        .fetch_one(&mut *c)
        .await?;
        let same: Option<(String, DateTime<Utc>)> = sqlx::query_as(SAME_RUN)
            .bind(kept)
            .bind(gone)
            .fetch_optional(&mut *c)
            .await?;
        let has_role: bool = sqlx::query_scalar(HAS_ROLE)
            .bind(closes)
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
        if alone != 2 || same.is_some() || has_role {
            return Ok(Some(Merged::Changed));
        }
        let fresh: Vec<(String, Uuid, Vec<u8>)> =
            sqlx::query_as(SEALED).bind(gone).fetch_all(&mut *c).await?;
        let known = rows.iter().map(|row| &row.1);
        let as_read: Values = sqlx::query_as(VALUES).bind(kept).fetch_one(&mut *c).await?;
        let other_as_read: Values = sqlx::query_as(VALUES).bind(gone).fetch_one(&mut *c).await?;
        let same_rows = fresh.iter().map(|row| &row.1).eq(known);
        if !same_rows || as_read != before || other_as_read != other {
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO person_merge (id, kept_id, gone_id, account_id, gone_account_id, sealed, merged_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(kept)
        .bind(gone)
        .bind(account)
        .bind(closes)
        .bind(&sealed)
        .bind(now)
        .execute(&mut *c)
        .await?;
        for moves in MOVES {
            for sql in [moves.note, moves.there] {
                sqlx::query(sql)
                    .bind(gone)
                    .bind(kept)
                    .bind(id)
                    .execute(&mut *c)
                    .await?;
            }
        }
        for (what, row, sealed, before) in &rows {
            let sql = match *what {
                "contact_note" => {
                    "UPDATE contact_note SET sealed = $3 WHERE id = $1 AND person_id = $2"
                }
                "feedback" => "UPDATE feedback SET sealed = $3 WHERE id = $1 AND person_id = $2",
                _ => "UPDATE vault_entry SET sealed = $3 WHERE id = $1 AND person_id = $2",
            };
            sqlx::query(sql)
                .bind(row)
                .bind(kept)
                .bind(sealed)
                .execute(&mut *c)
                .await?;
            sqlx::query(
                "UPDATE person_merge_row SET sealed = $4 WHERE merge_id = $1 AND what = $2 AND row_id = $3",
            )
            .bind(id)
            .bind(*what)
            .bind(row)
            .bind(before)
            .execute(&mut *c)
            .await?;
        }
        // What stands for the other record still, would stand for the kept one twice.
        sqlx::query(
            "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $2, 'representation ended', id \
             FROM representation WHERE person_id = $1 AND ends_at IS NULL",
        )
        .bind(gone)
        .bind(id)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "UPDATE representation SET ends_at = $2 WHERE person_id = $1 AND ends_at IS NULL",
        )
        .bind(gone)
        .bind(now)
        .execute(&mut *c)
        .await?;
        if closes.is_some() {
            for hands in HANDS {
                sqlx::query(hands.note)
                    .bind(closes)
                    .bind(account)
                    .bind(id)
                    .bind(kept)
                    .execute(&mut *c)
                    .await?;
                sqlx::query(hands.there)
                    .bind(closes)
                    .bind(account)
                    .bind(id)
                    .execute(&mut *c)
                    .await?;
            }
            sqlx::query(
                "UPDATE device SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL",
            )
            .bind(closes)
            .bind(now)
            .execute(&mut *c)
            .await?;
            sqlx::query(
                "UPDATE email_link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL",
            )
            .bind(closes)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        if let Some(account_id) = closes {
            park_address!(c, account_id);
        }
        for unowned in UNOWNED {
            for sql in [unowned.note, unowned.there] {
                sqlx::query(sql)
                    .bind(account)
                    .bind(kept)
                    .bind(id)
                    .execute(&mut *c)
                    .await?;
            }
        }
        write_values!(c, kept, &after);
        // Whatever was merged into the record that goes leads to the kept one, too.
        sqlx::query(
            "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $2, 'person', id FROM person \
             WHERE merged_into = $1",
        )
        .bind(gone)
        .bind(id)
        .execute(&mut *c)
        .await?;
        sqlx::query("UPDATE person SET merged_into = $2 WHERE merged_into = $1")
            .bind(gone)
            .bind(kept)
            .execute(&mut *c)
            .await?;
        sqlx::query("UPDATE person SET merged_into = $2, searchable_at = $3 WHERE id = $1")
            .bind(gone)
            .bind(kept)
            .bind(now)
            .execute(&mut *c)
            .await?;
        sqlx::query("DELETE FROM person_word WHERE person_id = $1")
            .bind(gone)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, &merging.entry);
        Ok(Some(Merged::Done))
    })
}

/// A record that went into somebody's.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Gone {
    /// The number of the merge.
    pub id: Uuid,
    pub merged_at: DateTime<Utc>,
    /// The name on it.
    pub name: String,
    /// Whether no later merge has to be undone before.
    pub is_last: bool,
    /// Whether neither of the two has died since.
    pub same_life: bool,
}

/// A merge into somebody's record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Past {
    #[sqlx(flatten)]
    pub gone: Gone,
    pub kept_id: Uuid,
    pub gone_id: Uuid,
    pub account_id: Option<Uuid>,
    pub gone_account_id: Option<Uuid>,
    pub sealed: Vec<u8>,
    pub undone_at: Option<DateTime<Utc>>,
}

/// Reads [`Gone`] of the merges that `$which` chooses, with what `$more` names.
macro_rules! select_gone {
    ($more:literal, $which:literal) => {
        concat!(
            "SELECT one.id, one.merged_at, gone.full_name AS name, \
                    NOT EXISTS (SELECT 1 FROM person_merge later WHERE later.undone_at IS NULL AND later.id <> one.id \
                        AND later.merged_at >= one.merged_at AND (later.kept_id = one.kept_id \
                            OR later.gone_id = one.kept_id)) AS is_last, \
                    (gone.deceased_at IS NULL) = (kept.deceased_at IS NULL) AS same_life",
            $more,
            " FROM person_merge one JOIN person gone ON gone.id = one.gone_id \
             JOIN person kept ON kept.id = one.kept_id WHERE ",
            $which
        )
    };
}
pub(in crate::people_desk) use select_gone;

/// One of the merges into somebody's record.
pub async fn one(db: &Db, kept: Uuid, id: Uuid) -> Result<Option<Past>> {
    read!(db, |c| {
        Ok(sqlx::query_as(select_gone!(
            ", one.kept_id, one.gone_id, one.account_id, one.gone_account_id, one.sealed, one.undone_at",
            "one.kept_id = $1 AND one.id = $2"
        ))
        .bind(kept)
        .bind(id)
        .fetch_optional(&mut *c)
        .await?)
    })
}

/// Why a merge cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// It is too long ago.
    TooLate,
    /// A later one has to be undone first.
    NotLast,
    /// They have died since.
    Died,
}

impl Gone {
    /// Why it cannot be undone at `now`; nothing when it can.
    pub fn stays(&self, now: DateTime<Utc>) -> Option<Stays> {
        if self.merged_at + UNDONE_WITHIN <= now {
            Some(Stays::TooLate)
        } else if !self.is_last {
            Some(Stays::NotLast)
        } else if !self.same_life {
            Some(Stays::Died)
        } else {
            None
        }
    }
}

/// Undoes a merge: what moved goes back, and what was put right since stays. The same twice is one effect; says whether it is
/// undone.
///
/// # Errors
/// When the database or the vault fails; nothing has changed then.
pub async fn undo(app: &App, past: &Past, entry: &Entry) -> Result<bool> {
    let now = app.clock.now();
    let (id, kept, gone) = (past.gone.id, past.kept_id, past.gone_id);
    let plain = app
        .vault
        .open(kept, RecordClass::Contact, id, &past.sealed)
        .await?;
    let said: Kept =
        serde_json::from_slice(&plain).map_err(|_| Error::Vault("a merge cannot be read"))?;
    write_tx!(app.db, |c| {
        if !lock_both!(c, kept, gone) {
            return Ok(false);
        }
        let undone = sqlx::query(
            "UPDATE person_merge SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM person_merge later WHERE later.undone_at IS NULL AND later.id <> $1 \
                 AND later.merged_at >= $3 AND (later.kept_id = $4 OR later.gone_id = $4))",
        )
        .bind(id)
        .bind(now)
        .bind(past.gone.merged_at)
        .bind(kept)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if undone == 0 {
            return Ok(false);
        }
        for unowned in UNOWNED {
            sqlx::query(unowned.back)
                .bind(past.account_id)
                .bind(kept)
                .bind(id)
                .execute(&mut *c)
                .await?;
        }
        if let Some(account_id) = past.gone_account_id {
            unpark_address!(c, account_id);
            for hands in HANDS {
                sqlx::query(hands.back)
                    .bind(past.gone_account_id)
                    .bind(past.account_id)
                    .bind(id)
                    .execute(&mut *c)
                    .await?;
            }
        }
        for moves in MOVES {
            sqlx::query(moves.back)
                .bind(gone)
                .bind(kept)
                .bind(id)
                .execute(&mut *c)
                .await?;
        }
        for sql in [
            "UPDATE contact_note SET sealed = (SELECT sealed FROM person_merge_row WHERE merge_id = $2 \
                 AND what = 'contact_note' AND row_id = contact_note.id) WHERE person_id = $1 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $2 AND what = 'contact_note' AND sealed IS NOT NULL)",
            "UPDATE feedback SET sealed = (SELECT sealed FROM person_merge_row WHERE merge_id = $2 \
                 AND what = 'feedback' AND row_id = feedback.id) WHERE person_id = $1 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $2 AND what = 'feedback' AND sealed IS NOT NULL)",
            "UPDATE vault_entry SET sealed = (SELECT sealed FROM person_merge_row WHERE merge_id = $2 \
                 AND what = 'vault_entry' AND row_id = vault_entry.id) WHERE person_id = $1 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $2 AND what = 'vault_entry' AND sealed IS NOT NULL)",
            "UPDATE representation SET ends_at = NULL WHERE person_id = $1 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $2 AND what = 'representation ended')",
            "UPDATE person SET merged_into = $1 WHERE id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $2 AND what = 'person')",
        ] {
            sqlx::query(sql)
                .bind(gone)
                .bind(id)
                .execute(&mut *c)
                .await?;
        }
        sqlx::query("UPDATE person SET merged_into = NULL, searchable_at = NULL WHERE id = $1")
            .bind(gone)
            .execute(&mut *c)
            .await?;
        let is: Values = sqlx::query_as(VALUES).bind(kept).fetch_one(&mut *c).await?;
        write_values!(c, kept, &is.back(&said.before, &said.after));
        sqlx::query("DELETE FROM person_merge_row WHERE merge_id = $1")
            .bind(id)
            .execute(&mut *c)
            .await?;
        insert_entry!(c, entry);
        Ok(true)
    })
}
