//! Which SQL a request runs. Yardsticks run the very statements that were seen here, so that they can never fall
//! behind what the site does.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, reload};

use crate::Result;

/// The site's own log, as `serve` keeps it, and an ear for statements that can be opened and closed.
pub struct Ear {
    heard: Arc<Mutex<Vec<String>>>,
    filter: reload::Handle<Targets, Registry>,
}

impl Ear {
    /// Starts logging. Lines below a warning are written nowhere, but made as the site makes them.
    pub fn start() -> Result<Self> {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (filter, handle) = reload::Layer::new(Targets::new());
        let log = tracing_subscriber::fmt::layer()
            .with_writer(
                std::io::stderr
                    .with_max_level(tracing::Level::WARN)
                    .or_else(std::io::sink),
            )
            .with_filter(EnvFilter::new("info,sqlx=warn,tantivy=warn"));
        tracing_subscriber::registry()
            .with(Listener(heard.clone()).with_filter(filter))
            .with(log)
            .try_init()?;
        Ok(Self {
            heard,
            filter: handle,
        })
    }

    /// The statements that `work` runs, in order.
    pub async fn listen<T>(
        &self,
        work: impl Future<Output = Result<T>>,
    ) -> Result<(T, Statements)> {
        self.open(LevelFilter::DEBUG)?;
        let outcome = work.await;
        self.open(LevelFilter::OFF)?;
        let heard = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((outcome?, Statements(heard)))
    }

    fn open(&self, level: LevelFilter) -> Result<()> {
        let targets = Targets::new().with_target("sqlx::query", level);
        Ok(self.filter.reload(targets)?)
    }
}

/// Statements in the order in which they ran.
#[derive(Clone, Debug)]
pub struct Statements(pub Vec<String>);

impl Statements {
    /// The one that begins like this, to be run again and again.
    pub fn starting(&self, with: &str) -> Result<&'static str> {
        let found = self.0.iter().find(|sql| sql.starts_with(with));
        let sql = found.ok_or_else(|| format!("no statement starts with “{with}”: {self:?}"))?;
        Ok(sql.clone().leak())
    }

    /// Says so when there are not exactly `n`: the yardstick must run them all.
    pub fn are(self, n: usize) -> Result<Self> {
        if self.0.len() == n {
            return Ok(self);
        }
        Err(format!(
            "the yardstick knows {n} statements, the site runs {}: {self:#?}",
            self.0.len()
        )
        .into())
    }
}

struct Listener(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut sql = Sql::default();
        event.record(&mut sql);
        let whole = if sql.statement.trim().is_empty() {
            sql.summary
        } else {
            sql.statement
        };
        // Yardsticks begin and end their transactions themselves: sqlx names these on one database only. A connection
        // that is opened meanwhile sets itself up.
        let edges = ["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"];
        if edges.iter().any(|edge| whole.trim().starts_with(edge)) {
            return;
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(whole.trim().to_owned());
    }
}

/// sqlx writes a short statement as `summary`, a long one as `db.statement`.
#[derive(Default)]
struct Sql {
    summary: String,
    statement: String,
}

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
