//! Both databases behind one SQL.
//!
//! `read!` and `write_tx!` expand one body once per backend, so that drivers stay concrete and no SQL is
//! written twice. `$1` parameters, `RETURNING` and `ON CONFLICT` are common to both; the database's own
//! clock is never asked.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqlitePool};

use super::{Error, Result};

pub mod roles;
pub mod transaction;

/// How long a request waits for a connection, and a statement for a lock, before the answer is 503.
const PATIENCE: Duration = Duration::from_secs(3);

/// The database of this site.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file. One connection writes; the others only read.
    Sqlite {
        /// The single writer.
        writer: SqlitePool,
        /// Read-only connections.
        readers: SqlitePool,
    },
    /// A server shared by several processes of this program.
    Postgres(PgPool),
}

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");
static KEYS_SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/keys-sqlite");
static KEYS_POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/keys-postgres");

/// Which tables a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// People, courses, bookings: everything but the keys.
    Site,
    /// The vault's keys.
    Keys,
}

impl Schema {
    fn migrations(self, db: &Db) -> &'static sqlx::migrate::Migrator {
        match (self, db) {
            (Self::Site, Db::Sqlite { .. }) => &SQLITE,
            (Self::Site, Db::Postgres(_)) => &POSTGRES,
            (Self::Keys, Db::Sqlite { .. }) => &KEYS_SQLITE,
            (Self::Keys, Db::Postgres(_)) => &KEYS_POSTGRES,
        }
    }
}

impl Db {
    /// Opens (and makes, if need be) the SQLite file at `path` with `readers` read-only connections.
    ///
    /// # Errors
    /// When the file cannot be opened, or the database does not keep the promises that bookings rest on
    /// (write-ahead log, a sync at each commit, foreign keys, overwriting what is deleted).
    pub async fn open_sqlite(path: &Path, readers: u32) -> Result<Self> {
        // SQLite gives its other files the rights of this one.
        std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .pragma("secure_delete", "ON")
            .statement_cache_capacity(200);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        check_sqlite(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(readers)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Connects to the PostgreSQL server at `url` with at most `connections` connections.
    ///
    /// # Errors
    /// When the server cannot be reached, or does not write commits to disk before it answers.
    pub async fn open_postgres(url: &str, connections: u32) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options.options([("statement_timeout", "10s"), ("lock_timeout", "5s")]))
            .await?;
        for setting in ["fsync", "synchronous_commit"] {
            let value: String = sqlx::query_scalar("SELECT current_setting($1)")
                .bind(setting)
                .fetch_one(&pool)
                .await?;
            if value == "off" {
                return Err(Error::Setting(format!(
                    "PostgreSQL has {setting} off: a booking could be lost after it was confirmed"
                )));
            }
        }
        Ok(Self::Postgres(pool))
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a migration fails or one that was applied has been changed since.
    pub async fn migrate(&self, schema: Schema) -> Result<()> {
        let migrations = schema.migrations(self);
        match self {
            Self::Sqlite { writer, .. } => migrations.run(writer).await?,
            Self::Postgres(pool) => migrations.run(pool).await?,
        }
        Ok(())
    }

    /// Whether every migration that this program knows has been applied.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_up_to_date(&self, schema: Schema) -> Result<bool> {
        let known = i64::try_from(
            schema
                .migrations(self)
                .iter()
                .filter(|m| !m.migration_type.is_down_migration())
                .count(),
        )
        .unwrap_or(i64::MAX);
        let applied: Result<i64> = crate::read!(self, |c| {
            Ok(
                sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations WHERE success")
                    .fetch_one(&mut *c)
                    .await?,
            )
        });
        Ok(applied.is_ok_and(|n| n >= known))
    }

    /// What to call this database in a log or a test's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Reads back what the promises rest on: asking for a pragma is not getting it.
async fn check_sqlite(pool: &SqlitePool) -> Result<()> {
    let mut connection = pool.acquire().await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *connection)
        .await?;
    let secure_delete: i64 = sqlx::query_scalar("PRAGMA secure_delete")
        .fetch_one(&mut *connection)
        .await?;
    connection.ping().await?;
    if (journal.as_str(), synchronous, foreign_keys, secure_delete) == ("wal", 2, 1, 1) {
        Ok(())
    } else {
        Err(Error::Setting(format!(
            "SQLite did not accept the settings that keep bookings safe (journal {journal}, \
             synchronous {synchronous}, foreign keys {foreign_keys}, secure delete {secure_delete})"
        )))
    }
}

/// Runs `body` with a connection that only reads: `read!(app.db, |c| { … Ok(rows) })`.
#[macro_export]
macro_rules! read {
    ($db:expr, |$c:ident| $body:expr) => {
        match &$db {
            $crate::server::db::Db::Sqlite { readers, .. } => {
                $crate::server::db::transaction::ours(async {
                    let mut connection = readers.acquire().await?;
                    let $c = &mut *connection;
                    $body
                })
                .await
            }
            $crate::server::db::Db::Postgres(pool) => {
                $crate::server::db::transaction::ours(async {
                    let mut connection = pool.acquire().await?;
                    let $c = &mut *connection;
                    $body
                })
                .await
            }
        }
    };
}

/// Runs `body` in one transaction: `write_tx!(app.db, |c| { … Ok(outcome) })`.
///
/// Any error ends the transaction: nothing of it stays. On PostgreSQL the body is run again after a
/// serialization failure or a deadlock, so it must not use up what it captures, and it awaits nothing but SQL.
#[macro_export]
macro_rules! write_tx {
    ($db:expr, |$c:ident| $body:expr) => {
        match &$db {
            $crate::server::db::Db::Sqlite { writer, .. } => {
                $crate::server::db::transaction::ours(async {
                    let mut held = writer
                        .acquire()
                        .await
                        .map_err($crate::server::Error::from)?;
                    let outcome =
                        match $crate::server::db::transaction::begin_sqlite(&mut held).await {
                            Err(error) => Err(error),
                            Ok(mut tx) => {
                                let outcome = $crate::server::db::transaction::ours(async {
                                    let $c = &mut *tx;
                                    $body
                                })
                                .await;
                                $crate::server::db::transaction::finish(tx, outcome).await
                            }
                        };
                    $crate::server::db::transaction::retire_if_doubtful(&mut held, &outcome);
                    outcome
                })
                .await
            }
            $crate::server::db::Db::Postgres(pool) => {
                $crate::server::db::transaction::ours(async {
                    let mut tries = $crate::server::db::transaction::Tries::default();
                    loop {
                        let mut tx = pool.begin().await.map_err($crate::server::Error::from)?;
                        let outcome = $crate::server::db::transaction::ours(async {
                            let $c = &mut *tx;
                            $body
                        })
                        .await;
                        let outcome = $crate::server::db::transaction::finish(tx, outcome).await;
                        if !tries.again_after(&outcome).await {
                            break outcome;
                        }
                    }
                })
                .await
            }
        }
    };
}
