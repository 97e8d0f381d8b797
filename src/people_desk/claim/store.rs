//! SQL of codes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::rules;
use crate::server::db::Db;
use crate::server::{App, Result};
use crate::staff::audit::{Entry, insert_entry};
use crate::ui::dates;
use crate::{read, write_tx};

/// For so long a code works.
const LASTS: TimeDelta = TimeDelta::days(14);
/// So many wrong birthdays end it.
const MOST_TRIES: i64 = 5;

/// The last code that somebody was given.
#[derive(Clone, Debug)]
pub struct Given {
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    outcome: Option<String>,
    ended_at: Option<DateTime<Utc>>,
}

impl Given {
    /// What became of it.
    pub fn words(&self, now: DateTime<Utc>) -> String {
        let today = dates::day_of(now);
        let made = dates::day_and_time(self.created_at, today);
        let ended = self.ended_at.unwrap_or(self.expires_at);
        let ended = dates::day_and_time(ended, today);
        match self.outcome.as_deref() {
            Some("claimed") => format!("They used a code on {ended}."),
            Some("refused") => format!(
                "They entered their code on {ended}, and the records could not be joined: both have a place on one date, or \
                 something else stands between. Compare them and merge them by hand."
            ),
            Some("guessed") => {
                format!(
                    "A code was entered with a wrong date of birth too often. It ended on {ended}."
                )
            }
            _ if self.expires_at <= now => format!("The code of {made} has run out."),
            _ => format!("A code was made on {made}. It works until {ended}."),
        }
    }

    /// Whether the team has to do something about it.
    pub fn wants_help(&self) -> bool {
        matches!(self.outcome.as_deref(), Some("refused" | "guessed"))
    }
}

/// The same as it is read beside a person: nothing of who was never given one.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(
    clippy::struct_field_names,
    reason = "columns that stand beside those of a person"
)]
pub struct LastCode {
    code_made_at: Option<DateTime<Utc>>,
    code_expires_at: Option<DateTime<Utc>>,
    code_outcome: Option<String>,
    code_ended_at: Option<DateTime<Utc>>,
}

impl LastCode {
    /// The code, if they were given one.
    pub fn given(self) -> Option<Given> {
        Some(Given {
            created_at: self.code_made_at?,
            expires_at: self.code_expires_at?,
            outcome: self.code_outcome,
            ended_at: self.code_ended_at,
        })
    }
}

/// SQL: the columns of [`LastCode`].
macro_rules! code_columns {
    () => {
        "code.created_at AS code_made_at, code.expires_at AS code_expires_at, code.outcome AS code_outcome, \
         code.ended_at AS code_ended_at"
    };
}
pub(in crate::people_desk) use code_columns;

/// SQL: joins the last code of `person`, for [`code_columns`].
macro_rules! join_last_code {
    () => {
        "LEFT JOIN person_claim code ON code.id = (SELECT theirs.id FROM person_claim theirs WHERE theirs.person_id = person.id \
         ORDER BY theirs.created_at DESC, theirs.id DESC LIMIT 1)"
    };
}
pub(in crate::people_desk) use join_last_code;

/// The last code of somebody, if they were given one.
pub async fn last(db: &Db, person_id: Uuid) -> Result<Option<Given>> {
    let code: Option<LastCode> = read!(db, |c| {
        Ok(sqlx::query_as(concat!(
            "SELECT ",
            code_columns!(),
            " FROM person ",
            join_last_code!(),
            " WHERE person.id = $1"
        ))
        .bind(person_id)
        .fetch_optional(&mut *c)
        .await?)
    })?;
    Ok(code.and_then(LastCode::given))
}

/// What is kept of a code.
fn hash(app: &App, plain: &str) -> Vec<u8> {
    app.vault.mac("claim", &[plain.as_bytes()]).to_vec()
}

/// Keeps a new code, ends the one before, and says until when it works. The same code again changes nothing.
pub async fn make(
    app: &App,
    person_id: Uuid,
    by: Uuid,
    code: &str,
    entry: &Entry,
) -> Result<DateTime<Utc>> {
    let (id, now) = (app.id()?, app.clock.now());
    let hash = hash(app, &rules::plain(code).unwrap_or_default());
    write_tx!(app.db, |c| {
        let known: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT expires_at FROM person_claim WHERE code_hash = $1")
                .bind(&hash)
                .fetch_optional(&mut *c)
                .await?;
        if let Some(until) = known {
            return Ok(until);
        }
        sqlx::query(
            "UPDATE person_claim SET outcome = 'replaced', ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL",
        )
        .bind(person_id)
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO person_claim (id, person_id, code_hash, made_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(person_id)
        .bind(&hash)
        .bind(by)
        .bind(now)
        .bind(now + LASTS)
        .execute(&mut *c)
        .await?;
        insert_entry!(c, entry);
        Ok(now + LASTS)
    })
}

/// A code that was entered with the right birthday.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Claim {
    pub id: Uuid,
    pub person_id: Uuid,
}

/// The code that works, with whoever was born that day. A wrong birthday is counted, and the fifth ends the code; the answer is
/// the same as for a code that is none.
pub async fn claim(app: &App, plain: &str, born: NaiveDate) -> Result<Option<Claim>> {
    let (now, hash) = (app.clock.now(), hash(app, plain));
    let born = born.to_string();
    write_tx!(app.db, |c| {
        let found: Option<Claim> = sqlx::query_as(
            "SELECT person_claim.id, person_claim.person_id FROM person_claim \
             JOIN person ON person.id = person_claim.person_id AND person.deceased_at IS NULL \
             WHERE code_hash = $1 AND ended_at IS NULL AND expires_at > $2 AND tries < $3 AND person.date_of_birth = $4",
        )
        .bind(&hash)
        .bind(now)
        .bind(MOST_TRIES)
        .bind(&born)
        .fetch_optional(&mut *c)
        .await?;
        if found.is_none() {
            sqlx::query(
                "UPDATE person_claim SET tries = tries + 1, \
                        outcome = CASE WHEN tries + 1 >= $3 THEN 'guessed' ELSE outcome END, \
                        ended_at = CASE WHEN tries + 1 >= $3 THEN $2 ELSE ended_at END \
                 WHERE code_hash = $1 AND ended_at IS NULL AND tries < $3",
            )
            .bind(&hash)
            .bind(now)
            .bind(MOST_TRIES)
            .execute(&mut *c)
            .await?;
        }
        Ok(found)
    })
}

/// What came of a code: it is used up.
pub async fn end(app: &App, claim: Claim, by: Uuid, outcome: &'static str) -> Result<()> {
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        sqlx::query(
            "UPDATE person_claim SET outcome = $2, ended_at = $3, used_by = $4 WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(claim.id)
        .bind(outcome)
        .bind(now)
        .bind(by)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
}
