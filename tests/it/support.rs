//! The real site on a free port, over a directory or database of its own.

pub mod courses;
pub mod people;
pub mod queries;
pub mod smtp;
pub mod staff;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::cookie::Jar;
use reqwest::redirect::Policy;
use scraper::{Html, Selector};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wellbeing_courses::server::App;
use wellbeing_courses::server::clock::Clock;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::server::db::{Db, Schema};

/// Writes a test once and runs it on both databases: `on_both! { async fn a_sentence(site: Site) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($site:ident: Site) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($site: $crate::support::Site) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::support::Site::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                body($crate::support::Site::on_postgres().await).await;
            }
        }
    )*};
}

/// As `on_both!`, with mail kept in memory.
macro_rules! with_mail {
    ($(async fn $name:ident($site:ident: Site) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($site: $crate::support::Site) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::support::Site::start(None, &[("mail", "memory:")]).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let url = $crate::support::new_database().await;
                body($crate::support::Site::start(Some(url), &[("mail", "memory:")]).await).await;
            }
        }
    )*};
}

/// What a site that is no rehearsal has to say of itself, and no key for texts.
pub const REAL: [(&str, &str); 8] = [
    ("site_url", "https://courses.example.org"),
    ("mail", "smtp://mail.example.org"),
    ("mail_from", "Courses <courses@example.org>"),
    ("phone", "01225 000 000"),
    ("email", "courses@example.org"),
    ("dpo_contact", "dpo@example.org"),
    ("controller", "A Council, Bath"),
    ("master_key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
];

/// A clock that a test sets.
#[derive(Clone, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// The tests' day: Monday 4 January 2027, 9am in Bath, unless a test goes elsewhere.
    pub fn start() -> DateTime<Utc> {
        "2027-01-04T09:00:00Z".parse().unwrap()
    }

    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_micros(), Ordering::SeqCst);
    }

    pub fn forward(&self, by: TimeDelta) {
        self.0
            .fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    pub fn clock(&self) -> Clock {
        let micros = self.0.clone();
        Clock::from_fn(move || {
            DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap()
        })
    }
}

/// A site that is being served.
pub struct Site {
    pub app: App,
    pub clock: TestClock,
    pub address: SocketAddr,
    pub dir: TempDir,
    /// The PostgreSQL database of this test, for a second node.
    pub database_url: Option<String>,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl Site {
    pub async fn on_sqlite() -> Self {
        Self::start(None, &[]).await
    }

    pub async fn on_postgres() -> Self {
        Self::start(Some(new_database().await), &[]).await
    }

    /// A site with settings of its own (`("captcha", "turnstile")`), on SQLite.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::start(None, settings).await
    }

    pub async fn start(database_url: Option<String>, extra: &[(&str, &str)]) -> Self {
        let clock = TestClock::default();
        clock.set(TestClock::start());
        Self::start_at(database_url, extra, clock).await
    }

    /// A site whose clock is shared with another's: two nodes on one PostgreSQL.
    pub async fn start_at(
        database_url: Option<String>,
        extra: &[(&str, &str)],
        clock: TestClock,
    ) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let dir = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let data = dir.path().join("data");
        let mut variables = vec![
            ("WELLBEING_DATA_DIR".to_owned(), data.display().to_string()),
            (
                "WELLBEING_SITE_URL".to_owned(),
                format!("http://127.0.0.1:{}", address.port()),
            ),
        ];
        if let Some(url) = &database_url {
            variables.extend(on_server(url));
        }
        for (name, value) in extra {
            variables.push((
                format!("WELLBEING_{}", name.to_uppercase()),
                (*value).to_owned(),
            ));
        }
        let app = App::start(Settings::read(variables).unwrap(), clock.clock())
            .await
            .unwrap();
        let (stop, stopped) = watch::channel(false);
        let served = tokio::spawn({
            let app = app.clone();
            async move {
                wellbeing_courses::app::run(app, listener, stopped)
                    .await
                    .unwrap();
            }
        });
        // The sweep of the start is over before the test begins: it would find what the test wants to find itself.
        app.sweeps.first().await;
        Self {
            app,
            clock,
            address,
            dir,
            database_url,
            stop,
            served,
        }
    }

    /// Stops as SIGTERM would, and waits until what was being done is done.
    pub async fn stop(self) -> TempDir {
        self.stop.send(true).unwrap();
        self.served.await.unwrap();
        self.app.db.close().await;
        self.dir
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A browser without scripts: it keeps cookies and sends what a browser sends; it follows nothing by itself.
    pub fn browser(&self) -> Browser {
        self.browser_of_jar(Jar::default())
    }

    fn browser_of_jar(&self, jar: Jar) -> Browser {
        Browser {
            client: reqwest::Client::builder()
                .cookie_provider(Arc::new(jar))
                .redirect(Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            base: format!("http://{}", self.address),
        }
    }
}

/// See [`Site::browser`].
#[derive(Clone)]
pub struct Browser {
    pub client: reqwest::Client,
    pub base: String,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(
            self.client
                .get(format!("{}{path}", self.base))
                .header("sec-fetch-site", "none")
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Sends a form from one of our own pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(
            self.client
                .post(format!("{}{path}", self.base))
                .header("sec-fetch-site", "same-origin")
                .header("origin", &self.base)
                .form(fields)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Sends a form and follows the redirects, as a browser does.
    pub async fn post_and_follow(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut answer = self.post(path, fields).await;
        for _ in 0..5 {
            if answer.status != StatusCode::SEE_OTHER {
                break;
            }
            answer = self.get(&answer.location()).await;
        }
        answer
    }
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    pub fn location(&self) -> String {
        self.headers["location"].to_str().unwrap().to_owned()
    }

    /// The words that `selector` finds, one entry an element, with single spaces.
    pub fn words(&self, selector: &str) -> Vec<String> {
        self.html()
            .select(&Selector::parse(selector).unwrap())
            .map(|e| {
                e.text()
                    .collect::<String>()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    /// The value of the field called `name`.
    pub fn field(&self, name: &str) -> Option<String> {
        self.html()
            .select(&Selector::parse(&format!("[name={name:?}]")).unwrap())
            .find_map(|e| e.value().attr("value").map(str::to_owned))
    }

    /// What is chosen in the list called `name`.
    pub fn chosen(&self, name: &str) -> Option<String> {
        self.html()
            .select(&Selector::parse(&format!("select[name={name:?}] option[selected]")).unwrap())
            .find_map(|e| e.value().attr("value").map(str::to_owned))
    }

    pub fn title(&self) -> String {
        self.words("title").remove(0)
    }
}

pub fn postgres() -> String {
    #[expect(clippy::disallowed_methods, reason = "the test's own setting")]
    std::env::var("TEST_POSTGRES_URL").expect(
        "TEST_POSTGRES_URL is not set: run through scripts/with-postgres, or leave these tests out with \
         `cargo nextest run -E 'not test(on_postgres)'`",
    )
}

/// The settings of a node on this PostgreSQL database: every node finds the same keys, under the same master key.
pub fn on_server(database_url: &str) -> [(String, String); 3] {
    [
        ("DATABASE_URL".to_owned(), database_url.to_owned()),
        ("WELLBEING_KEYS_URL".to_owned(), keys_url(database_url)),
        (
            "WELLBEING_MASTER_KEY".to_owned(),
            "QW5kIHRoZSBrZXlzIGFyZSBrZXB0IGVsc2V3aGVyZS4=".to_owned(),
        ),
    ]
}

/// Where the keys of a test's PostgreSQL database are: a database of their own.
pub fn keys_url(database_url: &str) -> String {
    database_url.replacen("/site_", "/keys_", 1)
}

/// The URL of a fresh database with the schema in it, copied from a template made once; its keys' database
/// ([`keys_url`]) is made with it.
pub async fn new_database() -> String {
    let server = postgres();
    let base = server.rsplit_once('/').unwrap().0.to_owned();
    let mut admin = PgConnection::connect(&server).await.unwrap();
    admin
        .execute("SELECT pg_advisory_lock(7305)")
        .await
        .unwrap();
    let name = uuid::Uuid::new_v4().simple().to_string();
    for (schema, kind) in [(Schema::Site, "site"), (Schema::Keys, "keys")] {
        let template = format!("wellbeing_{kind}_template");
        make_template(&mut admin, &base, &template, schema).await;
        let create = format!("CREATE DATABASE {kind}_{name} TEMPLATE {template}");
        admin.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
    }
    admin
        .execute("SELECT pg_advisory_unlock(7305)")
        .await
        .unwrap();
    admin.close().await.unwrap();
    format!("{base}/site_{name}")
}

async fn make_template(admin: &mut PgConnection, base: &str, name: &str, schema: Schema) {
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)",
    )
    .bind(name)
    .fetch_one(&mut *admin)
    .await
    .unwrap();
    if there {
        return;
    }
    for sql in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        admin.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    let db = Db::open_postgres(&format!("{base}/{name}"), 1)
        .await
        .unwrap();
    db.migrate(schema).await.unwrap();
    db.close().await;
    let done = format!("ALTER DATABASE {name} IS_TEMPLATE true");
    admin.execute(sqlx::AssertSqlSafe(done)).await.unwrap();
}
