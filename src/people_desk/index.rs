//! Keeps the words that people are found by as their records are.
//!
//! A person is written by many features (signing up, the account, the people somebody books for, the team). None of them
//! knows of the search: a trigger empties `searchable_at` of whoever has another name, phone or email, and they are read
//! again, by the sweep and before each search. So a search finds what was written a moment ago, on every node.

use uuid::Uuid;

use super::words::words_of;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// How many people one transaction reads again; other writers come in between.
const AT_ONCE: i64 = 100;
/// How many times in one sweep: a database from before the search is read within minutes.
const TIMES: u32 = 50;

/// Reads everybody again who has changed, a few thousand at most; the next sweep goes on.
///
/// # Errors
/// When the database fails.
pub async fn sweep(app: &App) -> Result<()> {
    for _ in 0..TIMES {
        if !catch_up(app).await? {
            break;
        }
    }
    Ok(())
}

/// Somebody as they are now.
#[derive(sqlx::FromRow)]
struct Row {
    full_name: String,
    preferred_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

/// Reads again those who have changed, and says whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn catch_up(app: &App) -> Result<bool> {
    let changed: Vec<Uuid> = read!(app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT id FROM person WHERE searchable_at IS NULL ORDER BY id LIMIT $1",
        )
        .bind(AT_ONCE)
        .fetch_all(&mut *c)
        .await?)
    })?;
    if changed.is_empty() {
        return Ok(false);
    }
    let now = app.clock.now();
    write_tx!(app.db, |c| {
        for id in &changed {
            // The row is locked from here: nobody changes it between what is read and what is kept.
            let row: Option<Row> = sqlx::query_as(
                "UPDATE person SET searchable_at = $2 WHERE id = $1 AND searchable_at IS NULL \
                 RETURNING full_name, preferred_name, phone, email",
            )
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *c)
            .await?;
            let Some(row) = row else { continue };
            sqlx::query("DELETE FROM person_word WHERE person_id = $1")
                .bind(id)
                .execute(&mut *c)
                .await?;
            let names = [
                row.full_name.as_str(),
                row.preferred_name.as_deref().unwrap_or_default(),
            ];
            for word in words_of(&names, row.phone.as_deref(), row.email.as_deref()) {
                sqlx::query("INSERT INTO person_word (person_id, word) VALUES ($1, $2)")
                    .bind(id)
                    .bind(word)
                    .execute(&mut *c)
                    .await?;
            }
        }
        Ok(())
    })?;
    Ok(i64::try_from(changed.len()).is_ok_and(|n| n == AT_ONCE))
}
