//! What `read!` and `write_tx!` are made of.

use std::future::Future;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Database, Sqlite, Transaction};

use crate::server::{Error, Result, random, rehearsal};

/// Gives a macro's body its error type.
pub async fn ours<T>(body: impl Future<Output = Result<T>>) -> Result<T> {
    body.await
}

/// Starts a write at once: a transaction that begins by reading would fail later, without waiting its turn.
///
/// # Errors
/// When the writer stays locked for too long.
pub async fn begin_sqlite(
    connection: &mut PoolConnection<Sqlite>,
) -> Result<Transaction<'_, Sqlite>> {
    Ok(connection.begin_with("BEGIN IMMEDIATE").await?)
}

/// Commits what succeeded and rolls back what did not.
///
/// # Errors
/// The body's error, or the commit's.
pub async fn finish<T, D: Database>(tx: Transaction<'_, D>, outcome: Result<T>) -> Result<T> {
    match outcome {
        // Rehearsal only: the answer does not wait for the commit, which never comes.
        Ok(value) if rehearsal::forgets() => {
            tx.rollback().await?;
            Ok(value)
        }
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // Nothing can be done about a rollback that fails: the connection is closed, which is one too.
            drop(tx.rollback().await);
            Err(error)
        }
    }
}

/// Closes the writer after any error but a broken constraint: SQLite may have rolled back by itself
/// (a full disk), and a later statement on that connection would then commit alone.
pub fn retire_if_doubtful<T>(connection: &mut PoolConnection<Sqlite>, outcome: &Result<T>) {
    let doubtful = match outcome {
        Ok(_) => false,
        Err(Error::Database(sqlx::Error::Database(error))) => {
            !(error.is_unique_violation()
                || error.is_check_violation()
                || error.is_foreign_key_violation())
        }
        Err(_) => true,
    };
    if doubtful {
        connection.close_on_drop();
    }
}

/// How often a PostgreSQL transaction has been tried.
#[derive(Debug, Default)]
pub struct Tries(u32);

impl Tries {
    const MOST: u32 = 5;

    /// Waits a moment and says yes, if the transaction only lost a race (serialization failure or deadlock).
    pub async fn again_after<T>(&mut self, outcome: &Result<T>) -> bool {
        let Err(Error::Database(sqlx::Error::Database(error))) = outcome else {
            return false;
        };
        let lost_a_race = matches!(error.code().as_deref(), Some("40001" | "40P01"));
        self.0 += 1;
        if !lost_a_race || self.0 >= Self::MOST {
            return false;
        }
        let mut jitter = [0_u8; 1];
        if random::fill(&mut jitter).is_err() {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(
            u64::from(self.0) * 5 + u64::from(jitter[0]) / 8,
        ))
        .await;
        true
    }
}
