//! SQL of messages to the people of a run.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Whom, Writing};
use crate::accounts::model::Who;
use crate::bookings::{calls, post};
use crate::registers::access::seen;
use crate::server::{App, Result};
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
    /// How many by a letter.
    pub by_letter: i64,
    whom: String,
}

impl Sent {
    /// To which of them.
    pub fn whom(&self) -> Whom {
        Whom::named(&self.whom).unwrap_or(Whom::Everybody)
    }
}

/// More messages than a run ever has.
const AT_MOST: i64 = 100;

/// Reads [`Sent`] of the run in the parameter `$run`, where `$seen` says so; `$most` is a parameter, too.
macro_rules! select_sent {
    ($run:literal, $seen:literal, $most:literal) => {
        concat!(
            "SELECT run_message.id, run_message.sent_at AS at, COALESCE(tutor.full_name, person.full_name, '') AS name, \
                    run_message.words, run_message.people, run_message.by_email, run_message.by_text, \
                    run_message.by_call, run_message.by_letter, run_message.whom \
             FROM run_message LEFT JOIN tutor ON tutor.account_id = run_message.account_id \
             LEFT JOIN representation ON representation.account_id = run_message.account_id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id \
             WHERE run_message.run_id = ",
            $run,
            $seen,
            " ORDER BY run_message.sent_at DESC, run_message.id LIMIT ",
            $most
        )
    };
}
pub(crate) use select_sent;

/// The messages to everybody on a run of which the account sees a list, newest first. Those that went to some alone are the
/// course team's.
pub async fn sent(app: &App, account_id: Uuid, run_id: Uuid) -> Result<Vec<Sent>> {
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(seen!(select_sent!(
            "$3",
            " AND run_message.run_id IN (SELECT run_id FROM seen) AND run_message.whom = 'everybody'",
            "$4"
        )))
        .bind(account_id)
        .bind(now)
        .bind(run_id)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// All of them, for the course desk.
pub async fn of_run(app: &App, run_id: Uuid) -> Result<Vec<Sent>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(select_sent!("$1", "", "$2"))
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

/// As what somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// They lead sessions, or organise them; this is one whose list they see.
    Leads {
        /// Which.
        session_id: Uuid,
    },
    /// They are of the course team.
    CourseTeam,
}

impl Writer {
    /// How many messages they may send to the people of one run in a day of Bath's.
    pub const fn a_day(self) -> i64 {
        match self {
            Self::Leads { .. } => 3,
            Self::CourseTeam => 10,
        }
    }
}

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
pub async fn is_enough(app: &App, account_id: Uuid, run_id: Uuid, writer: Writer) -> Result<bool> {
    let today = dates::start_of(dates::day_of(app.clock.now()));
    let sent: i64 = read!(app.db, |c| {
        Ok(sqlx::query_scalar(SENT_SINCE)
            .bind(account_id)
            .bind(run_id)
            .bind(today)
            .fetch_one(&mut *c)
            .await?)
    })?;
    Ok(sent >= writer.a_day())
}

/// Keeps a message of one who leads the sessions, as long as they see the session `$12`.
const KEEP_OF_LEADER: &str = seen!(
    "INSERT INTO run_message (id, run_id, account_id, words, people, by_email, by_text, by_call, by_letter, whom, sent_at) \
     SELECT $4, run.id, $1, $5, $6, $7, $8, $9, $10, $11, $2 FROM seen \
     JOIN run ON run.id = seen.run_id AND run.status IN ('open', 'closed') \
     WHERE seen.run_id = $3 AND seen.session_id = $12 ON CONFLICT (id) DO NOTHING"
);
/// Keeps a message of the course team.
const KEEP_OF_TEAM: &str = "INSERT INTO run_message \
     (id, run_id, account_id, words, people, by_email, by_text, by_call, by_letter, whom, sent_at) \
     SELECT $4, run.id, $1, $5, $6, $7, $8, $9, $10, $11, $2 FROM run \
     WHERE run.id = $3 AND run.status IN ('open', 'closed') ON CONFLICT (id) DO NOTHING";

/// Keeps a message with everything that brings it to people, in one transaction. Its id came with its preview: the same twice is
/// one message.
pub async fn send(app: &App, id: Uuid, words: String, writing: Writing<'_>) -> Result<Outcome> {
    let Writing {
        by,
        run_id,
        writer,
        from,
        whom,
        group,
    } = writing;
    let counts = group.counts();
    let told = group.told(app, id, &from, &words).await?;
    let entry = Entry::by(app, by, Action::GroupWritten)?.about(run_id);
    let today = dates::start_of(dates::day_of(entry.at));
    let whom = whom.name();
    let done = write_tx!(app.db, |c| {
        // Of two at once the second waits, and counts the first.
        sqlx::query("UPDATE run SET sequence = sequence WHERE id = $1")
            .bind(run_id)
            .execute(&mut *c)
            .await?;
        let again: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM run_message WHERE id = $1 AND run_id = $2 AND account_id = $3",
        )
        .bind(id)
        .bind(run_id)
        .bind(by.account_id)
        .fetch_one(&mut *c)
        .await?;
        if again > 0 {
            return Ok(Outcome::Sent);
        }
        let sent: i64 = sqlx::query_scalar(SENT_SINCE)
            .bind(by.account_id)
            .bind(run_id)
            .bind(today)
            .fetch_one(&mut *c)
            .await?;
        if sent >= writer.a_day() {
            return Ok(Outcome::Enough);
        }
        let keep = match writer {
            Writer::Leads { .. } => KEEP_OF_LEADER,
            Writer::CourseTeam => KEEP_OF_TEAM,
        };
        let keep = sqlx::query(keep)
            .bind(by.account_id)
            .bind(entry.at)
            .bind(run_id)
            .bind(id)
            .bind(&words)
            .bind(counts.people)
            .bind(counts.by_email)
            .bind(counts.by_text)
            .bind(counts.by_call)
            .bind(counts.by_letter)
            .bind(&whom);
        let keep = match writer {
            Writer::Leads { session_id } => keep.bind(session_id),
            Writer::CourseTeam => keep,
        };
        if keep.execute(&mut *c).await?.rows_affected() == 0 {
            return Ok(Outcome::Gone);
        }
        for letter in &told.letters {
            messages::insert!(c, letter);
        }
        for letter in &told.posted {
            post::insert!(c, letter);
        }
        for call in &told.calls {
            calls::insert!(c, call);
            sqlx::query("UPDATE phone_call SET message_id = $2 WHERE cause = $1")
                .bind(&call.cause)
                .bind(id)
                .execute(&mut *c)
                .await?;
        }
        insert_entry!(c, &entry);
        Ok(Outcome::Sent)
    })?;
    app.messages.wake();
    Ok(done)
}
