//! SQL of messages to everybody on a run.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::model::Who;
use crate::bookings::calls;
use crate::bookings::changes::Group;
use crate::registers::access::seen;
use crate::registers::model::Run;
use crate::server::{App, Result};
use crate::staff::By;
use crate::staff::audit::{Action, Entry, insert_entry};
use crate::ui::dates;
use crate::{messages, read, write_tx};

/// A message that was sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sent {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub name: String,
    /// What it says.
    pub words: String,
    /// How many it went to.
    pub people: i64,
    /// How many by email.
    pub by_email: i64,
    /// How many by text.
    pub by_text: i64,
    /// How many are rung.
    pub by_call: i64,
}

/// More messages than a run ever has.
const AT_MOST: i64 = 100;

/// The messages to everybody on a run of which the account sees a list, newest first.
pub async fn sent(app: &App, account_id: Uuid, run_id: Uuid) -> Result<Vec<Sent>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(seen!(
            "SELECT run_message.sent_at AS at, COALESCE(tutor.full_name, person.full_name, '') AS name, run_message.words, \
                    run_message.people, run_message.by_email, run_message.by_text, run_message.by_call \
             FROM run_message LEFT JOIN tutor ON tutor.account_id = run_message.account_id \
             LEFT JOIN representation ON representation.account_id = run_message.account_id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id \
             WHERE run_message.run_id = $3 AND run_message.run_id IN (SELECT run_id FROM seen) \
             ORDER BY run_message.sent_at DESC, run_message.id LIMIT $4"
        ))
        .bind(account_id)
        .bind(now)
        .bind(run_id)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// Who writes, as those who read it are told: "Priya, who leads the sessions".
pub async fn from(app: &App, who: &Who, run_id: Uuid) -> Result<String> {
    let tutor: Option<(String, bool, bool)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT tutor.known_as, COALESCE(run.tutor_id = tutor.id, FALSE), \
                    EXISTS (SELECT 1 FROM session_tutor JOIN session ON session.id = session_tutor.session_id \
                            WHERE session_tutor.tutor_id = tutor.id AND session.run_id = run.id) \
             FROM tutor JOIN run ON run.id = $2 WHERE tutor.account_id = $1",
        )
        .bind(who.account_id)
        .bind(run_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(match tutor {
        Some((name, true, _)) => format!("{name}, who leads the sessions"),
        Some((name, false, true)) => format!("{name}, who leads one of the sessions"),
        _ => format!("{}, who organises the sessions", who.name),
    })
}

/// A message about to be sent.
pub struct New {
    /// Its id, which came with its preview: the same twice is one message.
    pub id: Uuid,
    /// Who writes.
    pub from: String,
    /// What it says.
    pub words: String,
    /// The session by which they may write.
    pub session_id: Uuid,
}

/// How many messages somebody may send to everybody on one run in a day of Bath's.
pub const A_DAY: i64 = 3;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is on its way; it may have been before.
    Sent,
    /// They have sent as many as they may in a day.
    Enough,
    /// They do not see that session any more.
    Gone,
}

/// How many messages `$1` sent to everybody on the run `$2` from `$3` on.
const SENT_SINCE: &str =
    "SELECT COUNT(*) FROM run_message WHERE account_id = $1 AND run_id = $2 AND sent_at >= $3";

/// Whether they have sent as many today as they may.
pub async fn is_enough(app: &App, account_id: Uuid, run_id: Uuid) -> Result<bool> {
    let today = dates::start_of(dates::day_of(app.clock.now()));
    let sent: i64 = read!(app.db, |c| {
        Ok(sqlx::query_scalar(SENT_SINCE)
            .bind(account_id)
            .bind(run_id)
            .bind(today)
            .fetch_one(&mut *c)
            .await?)
    })?;
    Ok(sent >= A_DAY)
}

/// Keeps a message with everything that brings it to people, in one transaction.
pub async fn send(app: &App, by: &By, run: &Run, new: New, group: Group) -> Result<Outcome> {
    let counts = group.counts();
    let told = group.told(app, new.id, &new.from, &new.words).await?;
    let entry = Entry::by(app, by, Action::GroupWritten)?.about(run.id);
    let today = dates::start_of(dates::day_of(entry.at));
    let done = write_tx!(app.db, |c| {
        // Of two at once the second waits, and counts the first.
        sqlx::query("UPDATE run SET sequence = sequence WHERE id = $1")
            .bind(run.id)
            .execute(&mut *c)
            .await?;
        let again: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run_message WHERE id = $1 AND run_id = $2 AND account_id = $3",
        )
        .bind(new.id)
        .bind(run.id)
        .bind(by.account_id)
        .fetch_one(&mut *c)
        .await?;
        if again > 0 {
            return Ok(Outcome::Sent);
        }
        let sent: i64 = sqlx::query_scalar(SENT_SINCE)
            .bind(by.account_id)
            .bind(run.id)
            .bind(today)
            .fetch_one(&mut *c)
            .await?;
        if sent >= A_DAY {
            return Ok(Outcome::Enough);
        }
        let written = sqlx::query(seen!(
            "INSERT INTO run_message (id, run_id, account_id, words, people, by_email, by_text, by_call, sent_at) \
             SELECT $5, run.id, $1, $6, $7, $8, $9, $10, $2 FROM seen \
             JOIN run ON run.id = seen.run_id AND run.status IN ('open', 'closed') \
             WHERE seen.run_id = $3 AND seen.session_id = $4 ON CONFLICT (id) DO NOTHING"
        ))
        .bind(by.account_id)
        .bind(entry.at)
        .bind(run.id)
        .bind(new.session_id)
        .bind(new.id)
        .bind(&new.words)
        .bind(counts.people)
        .bind(counts.by_email)
        .bind(counts.by_text)
        .bind(counts.by_call)
        .execute(&mut *c)
        .await?
        .rows_affected();
        if written == 0 {
            return Ok(Outcome::Gone);
        }
        for letter in &told.letters {
            messages::insert!(c, letter);
        }
        for call in &told.calls {
            calls::insert!(c, call);
            sqlx::query("UPDATE phone_call SET message_id = $2 WHERE cause = $1")
                .bind(&call.cause)
                .bind(new.id)
                .execute(&mut *c)
                .await?;
        }
        insert_entry!(c, &entry);
        Ok(Outcome::Sent)
    })?;
    app.messages.wake();
    Ok(done)
}
