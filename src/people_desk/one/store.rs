//! What the page of one person reads: themselves, who is near them, what they have booked, and what was said and done.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::people_desk::book::store::{Alike, Like, MOST_FOUND, select_alike};
use crate::people_desk::claim::{LastCode, code_columns, join_last_code};
use crate::people_desk::index;
use crate::people_desk::log::{self, Note, Sealed};
use crate::people_desk::merge::store::{Gone, select_gone};
use crate::people_desk::model::{Beside, Called, Line, Person};
use crate::people_desk::store::select_person;
use crate::people_desk::volunteer::{LastStatus, join_latest_status, status_columns};
use crate::read;
use crate::server::{App, Result};

/// Somebody, and what there is one of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    #[sqlx(flatten)]
    pub person: Person,
    #[sqlx(flatten)]
    pub code: LastCode,
    /// What stands, or else what they were given last.
    #[sqlx(flatten)]
    pub volunteers: LastStatus,
    /// Whether the search has not read everybody: who is alike may not be found yet.
    pub is_behind: bool,
}

/// Reads [`Known`] number `$1`; `$2` is now.
const KNOWN: &str = select_person!(
    concat!(
        ", ",
        code_columns!(),
        ", ",
        status_columns!(),
        ", EXISTS (SELECT 1 FROM person changed WHERE changed.searchable_at IS NULL) AS is_behind"
    ),
    concat!(" ", join_last_code!(), " ", join_latest_status!())
);

/// Somebody, under any number that they have had; nobody with another number, or with none.
pub async fn known(app: &App, id: &str) -> Result<Option<Known>> {
    let Ok(id) = Uuid::try_parse(id) else {
        return Ok(None);
    };
    let now = app.clock.now();
    read!(app.db, |c| {
        Ok(sqlx::query_as(KNOWN)
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *c)
            .await?)
    })
}

/// Whose names stand on the page of somebody.
#[derive(Clone, Debug)]
pub struct Near {
    /// Who looks after them, and whom they look after.
    pub beside: Vec<Beside>,
    /// Who may be the same person.
    pub alike: Vec<Alike>,
}

impl Near {
    /// Everybody of them.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        let beside = self.beside.iter().map(|one| one.id);
        beside.chain(self.alike.iter().map(|one| one.id))
    }
}

/// Somebody near.
#[derive(sqlx::FromRow)]
struct NearRow {
    /// `alike` or `beside`.
    what: String,
    kind: String,
    looks_after: bool,
    #[sqlx(flatten)]
    who: Alike,
}

/// Reads [`NearRow`]s of the person `$1` with the account `$8`.
const NEAR: &str = concat!(
    "SELECT 'alike' AS what, '' AS kind, FALSE AS looks_after, same.id AS id, same.full_name AS full_name, \
            same.date_of_birth AS date_of_birth, same.phone AS phone, same.email AS email FROM (",
    select_alike!(),
    ") same \
     UNION ALL \
     SELECT 'beside', theirs.kind, TRUE, holder.id, holder.full_name, NULL, NULL, NULL FROM representation theirs \
     JOIN representation own ON own.account_id = theirs.account_id AND own.kind = 'self' AND own.ends_at IS NULL \
     JOIN person holder ON holder.id = own.person_id \
     WHERE theirs.person_id = $1 AND theirs.kind <> 'self' AND theirs.ends_at IS NULL \
     UNION ALL \
     SELECT 'beside', theirs.kind, FALSE, other.id, other.full_name, NULL, NULL, NULL FROM representation theirs \
     JOIN person other ON other.id = theirs.person_id \
     WHERE theirs.account_id = $8 AND theirs.kind <> 'self' AND theirs.ends_at IS NULL \
     ORDER BY what, looks_after DESC, full_name, id"
);

/// Who is near somebody.
pub async fn near(app: &App, known: &Known) -> Result<Near> {
    if known.is_behind {
        // Whoever was written down a moment ago is among them.
        index::catch_up(app).await?;
    }
    let person = &known.person;
    let like = Like::one(person);
    let sought = like.sought();
    let rows: Vec<NearRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(NEAR)
            .bind(person.id)
            .bind(&sought.phone)
            .bind(&sought.email)
            .bind(&sought.born)
            .bind(&sought.name)
            .bind(MOST_FOUND)
            .bind(false)
            .bind(person.account_id)
            .fetch_all(&mut *c)
            .await?)
    })?;
    let (alike, beside): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.what == "alike");
    let beside = beside.into_iter().map(|row| Beside {
        id: row.who.id,
        full_name: row.who.full_name,
        kind: row.kind,
        looks_after: row.looks_after,
    });
    Ok(Near {
        beside: beside.collect(),
        alike: like.of(alike.into_iter().map(|row| row.who).collect()),
    })
}

/// What somebody booked, what was said to them, and what was done with their record, each the latest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Their bookings and the lists they wait on.
    pub lines: Vec<Line>,
    /// The last calls to them.
    pub calls: Vec<Called>,
    /// The contact log.
    pub notes: Vec<Note>,
    /// The records that went into theirs.
    pub merges: Vec<Gone>,
    /// Whether there are more bookings, calls or notes than these.
    pub cut: bool,
}

/// A booking, a place on a list, a call, a note or a merge.
#[derive(sqlx::FromRow)]
struct HistoryRow {
    /// `line`, `call`, `note` or `merge`.
    what: String,
    /// Of a booking or a place on a list, the run.
    id: Uuid,
    /// When it came about; of a line, when the run starts.
    since: DateTime<Utc>,
    /// Until when somebody is to be rung; when the run of a line ends.
    until: Option<DateTime<Utc>>,
    /// How a line stands; what a call is about; by which way a note came.
    word: String,
    /// The title of a line's course; who wrote a note; the name on the record that went.
    name: Option<String>,
    /// Of a note.
    sealed: Option<Vec<u8>>,
    /// Of a call, as what follows.
    done_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    /// Of a line, as what follows; none on a waiting list.
    reference: Option<String>,
    channel: Option<String>,
    run_status: Option<String>,
    /// Of a merge, as what follows.
    is_last: bool,
    same_life: bool,
}

/// How many bookings a page shows: more than anybody has who is not a test.
const MOST_LINES: usize = 200;
/// How many calls it shows.
const MOST_CALLS: usize = 20;
/// Nobody has more.
const EVERY: usize = 100_000;

/// Reads [`HistoryRow`]s of the person `$1`, `$2` notes, `$3` bookings and `$4` calls at most.
const HISTORY: &str = concat!(
    "SELECT 'note' AS what, note.id AS id, note.created_at AS since, NULL AS until, note.channel AS word, note.writer AS name, \
            note.sealed AS sealed, NULL AS done_at, NULL AS outcome, NULL AS reference, NULL AS channel, NULL AS run_status, \
            FALSE AS is_last, FALSE AS same_life \
     FROM (SELECT contact_note.id, contact_note.created_at, contact_note.channel, contact_note.sealed, \
                  person.full_name AS writer FROM contact_note \
           LEFT JOIN representation own ON own.account_id = contact_note.account_id AND own.kind = 'self' \
                     AND own.ends_at IS NULL \
           LEFT JOIN person ON person.id = own.person_id \
           WHERE contact_note.person_id = $1 ORDER BY contact_note.created_at DESC, contact_note.id LIMIT $2) note \
     UNION ALL \
     SELECT 'call', rung.id, rung.created_at, rung.call_by, rung.about, NULL, NULL, rung.done_at, rung.outcome, NULL, NULL, \
            NULL, FALSE, FALSE \
     FROM (SELECT phone_call.id, phone_call.created_at, phone_call.about, phone_call.call_by, phone_call.done_at, \
                  phone_call.outcome FROM phone_call \
           WHERE phone_call.person_id = $1 ORDER BY phone_call.created_at DESC, phone_call.id LIMIT $4) rung \
     UNION ALL \
     SELECT 'line', line.run_id, line.starts_at, line.ends_at, line.status, line.title, NULL, NULL, NULL, line.reference, \
            line.channel, line.run_status, FALSE, FALSE \
     FROM (SELECT booking.reference, run.id AS run_id, booking.status, booking.channel, course.title, \
                  run.status AS run_status, run.starts_at, run.ends_at \
           FROM place JOIN booking ON booking.id = place.booking_id JOIN run ON run.id = place.run_id \
           JOIN course ON course.id = run.course_id WHERE place.person_id = $1 \
           UNION ALL \
           SELECT NULL, run.id, entry.status, entry.channel, course.title, run.status, run.starts_at, run.ends_at \
           FROM waiting_person JOIN waiting_entry entry ON entry.id = waiting_person.entry_id \
           JOIN run ON run.id = entry.run_id JOIN course ON course.id = run.course_id \
           WHERE waiting_person.person_id = $1 AND waiting_person.active \
           ORDER BY starts_at DESC LIMIT $3) line \
     UNION ALL \
     SELECT 'merge', gone.id, gone.merged_at, NULL, '', gone.name, NULL, NULL, NULL, NULL, NULL, NULL, gone.is_last, \
            gone.same_life FROM (",
    select_gone!(
        "",
        "one.kept_id = $1 AND one.undone_at IS NULL ORDER BY one.merged_at DESC, one.id LIMIT 20"
    ),
    ") gone ORDER BY since DESC, id"
);

/// What they booked, and what was said and done: the latest, or the whole of it. The notes are opened together.
///
/// # Errors
/// When the database or the vault fails.
pub async fn history(app: &App, person_id: Uuid, whole: bool) -> Result<History> {
    let (most_notes, most_lines, most_calls) = if whole {
        (EVERY, EVERY, EVERY)
    } else {
        (log::MOST, MOST_LINES, MOST_CALLS)
    };
    // One more of each says whether there are more.
    let and_one = |most: usize| i64::try_from(most + 1).unwrap_or(i64::MAX);
    let rows: Vec<HistoryRow> = read!(app.db, |c| {
        Ok(sqlx::query_as(HISTORY)
            .bind(person_id)
            .bind(and_one(most_notes))
            .bind(and_one(most_lines))
            .bind(and_one(most_calls))
            .fetch_all(&mut *c)
            .await?)
    })?;
    let (mut all, mut notes) = (History::default(), Vec::new());
    for row in rows {
        match (row.what.as_str(), row.until, row.sealed) {
            ("line", Some(ends_at), _) => all.lines.push(Line {
                reference: row.reference,
                run_id: row.id,
                status: row.word,
                channel: row.channel.unwrap_or_default(),
                title: row.name.unwrap_or_default(),
                run_status: row.run_status.unwrap_or_default(),
                starts_at: row.since,
                ends_at,
            }),
            ("call", Some(call_by), _) => all.calls.push(Called {
                about: row.word,
                call_by,
                done_at: row.done_at,
                outcome: row.outcome,
            }),
            ("note", _, Some(sealed)) => notes.push(Sealed {
                id: row.id,
                at: row.since,
                by: row.name,
                way: row.word,
                words: sealed,
            }),
            _ => all.merges.push(Gone {
                id: row.id,
                merged_at: row.since,
                name: row.name.unwrap_or_default(),
                is_last: row.is_last,
                same_life: row.same_life,
            }),
        }
    }
    all.cut =
        notes.len() > most_notes || all.lines.len() > most_lines || all.calls.len() > most_calls;
    notes.truncate(most_notes);
    all.lines.truncate(most_lines);
    all.calls.truncate(most_calls);
    all.notes = log::opened(app, person_id, notes).await?;
    Ok(all)
}
