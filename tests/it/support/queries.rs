//! Counts what a request asks the database: sqlx names each statement under `sqlx::query`, within the request's span.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::{Answer, Browser};

/// The statements of requests since they were last taken. One for the whole process, which nextest gives to each test.
static HEARD: LazyLock<Arc<Mutex<Vec<String>>>> = LazyLock::new(|| {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let of_interest = filter_fn(|about: &Metadata<'_>| {
        about.is_span() && about.name() == "request" || about.target() == "sqlx::query"
    })
    .with_max_level_hint(Level::DEBUG);
    let layer = Listener(heard.clone()).with_filter(of_interest);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .expect("nobody else listens");
    heard
});

/// What one page asked the database, without the beginnings and ends of transactions.
#[derive(Debug)]
pub struct Asked {
    pub statements: Vec<String>,
}

impl Asked {
    /// How many statements only read.
    pub fn reads(&self) -> usize {
        let reads = |sql: &&String| sql.starts_with("SELECT") || sql.starts_with("WITH");
        self.statements.iter().filter(reads).count()
    }

    /// How many statements write.
    pub fn writes(&self) -> usize {
        self.statements.len() - self.reads()
    }

    /// Each on a line.
    pub fn words(&self) -> String {
        self.statements.join("\n")
    }
}

/// Begins to listen. What was connected to earlier is heard, too.
pub fn listen() {
    LazyLock::force(&HEARD);
}

/// A page, and what it asked. One request at a time.
pub async fn counted(browser: &Browser, path: &str) -> (Answer, Asked) {
    HEARD.lock().unwrap().clear();
    let answer = browser.get(path).await;
    let statements = std::mem::take(&mut *HEARD.lock().unwrap());
    (answer, Asked { statements })
}

/// Marks the span of a request.
struct OfRequest;

struct Listener(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_new_span(&self, about: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if about.metadata().name() == "request"
            && let Some(span) = context.span(id)
        {
            span.extensions_mut().insert(OfRequest);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut spans = context.event_scope(event).into_iter().flatten();
        if !spans.any(|span| span.extensions().get::<OfRequest>().is_some()) {
            return;
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        let sql = statement.words();
        let is_frame = [
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT",
            "RELEASE",
            "PRAGMA",
        ]
        .iter()
        .any(|word| sql.starts_with(word));
        if !sql.is_empty() && !is_frame {
            self.0.lock().unwrap().push(sql);
        }
    }
}

/// What sqlx says of a statement: short ones stand in the summary, long ones apart.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Statement {
    fn words(&self) -> String {
        let sql = if self.whole.trim().is_empty() {
            &self.summary
        } else {
            &self.whole
        };
        sql.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
