//! What goes wrong that no visitor caused. What a visitor can cause is an outcome of the feature.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A failure of ours. It is logged once, with the request's id, and the visitor sees plain words and that id.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, is away, or its disk is full.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The operating system gave no randomness.
    #[error("no randomness: {0}")]
    Random(String),
    /// Sealed data could not be sealed or opened. Never says what it held.
    #[error("vault: {0}")]
    Vault(&'static str),
    /// A setting is missing, unknown or contradicts another.
    #[error("{0}")]
    Setting(String),
    /// A file could not be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// Too much work is waiting; asking again soon will do.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// Anything else; the words are for the log.
    #[error("{0}")]
    Other(String),
}

/// A result whose error is ours.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether trying again in a few seconds may help: the database is locked, full, restarting or out of reach.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Database(error) => match error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                sqlx::Error::Database(error) => {
                    let code = error.code().unwrap_or_default();
                    // SQLite: busy 5, locked 6, I/O 10, full 13 (the low byte of an extended code).
                    // PostgreSQL: class 08 connection, 40 rollback, 53 resources, 57 shutting down; 55P03 somebody
                    // else held a lock for too long.
                    code.parse::<u32>()
                        .is_ok_and(|n| code.len() < 5 && matches!(n & 0xff, 5 | 6 | 10 | 13))
                        || (code.len() == 5
                            && ["08", "40", "53", "57", "55P03"]
                                .iter()
                                .any(|class| code.starts_with(class)))
                }
                _ => false,
            },
            _ => false,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        // The request's span carries the id; the error page is put in by `http::refusals`.
        tracing::error!(error = %self, "request failed");
        if self.is_passing() {
            let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            response
        } else {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
