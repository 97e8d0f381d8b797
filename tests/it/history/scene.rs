//! Where a history happens: the servers, their database, their mail server, and people with accounts.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;
use wellbeing_courses::server::clock::Clock;
use wellbeing_courses::server::db::Db;
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::write_tx;

use super::check::RunMade;
use super::node::Node;
use crate::support::smtp::Smtp;
use crate::support::{Site, TestClock, new_database, on_server};

/// Workers that send letters in one process.
const WORKERS: usize = 2;
/// How many people there are.
pub const PEOPLE: usize = 40;

/// Somebody with an account, signed in on one device.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub email: String,
    pub token: String,
}

/// Where the rows are.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

/// See above.
pub struct Scene {
    pub nodes: Vec<Node>,
    pub post: Smtp,
    pub people: Vec<Person>,
    pub database: Database,
    /// False while there is trouble: whoever got no answer waits until it is over.
    pub calm: watch::Sender<bool>,
    pub http: reqwest::Client,
    /// How many letters may come again, see `again`.
    again: AtomicUsize,
    /// How long each killed server was away.
    away: Mutex<Vec<Duration>>,
    moved: AtomicI64,
    /// The site, where the test serves it itself.
    pub site: Option<Site>,
    _dir: Option<TempDir>,
}

/// A connection pool for browsers that follow nothing and keep no cookies.
pub fn http() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

impl Scene {
    pub async fn on_sqlite() -> Self {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("data");
        Self::sqlite_in(dir, &data, Vec::new()).await
    }

    /// On SQLite, with the data in the folder `data` and everything else in `dir`. `around` is what the server is started
    /// with.
    pub async fn sqlite_in(dir: TempDir, data: &Path, around: Vec<String>) -> Self {
        let keys = dir.path().join("keys").join("keys.db");
        let settings = vec![
            ("WELLBEING_DATA_DIR".into(), data.display().to_string()),
            (
                "WELLBEING_KEYS_URL".into(),
                format!("sqlite:{}", keys.display()),
            ),
        ];
        let database = Database::Sqlite(data.join("wellbeing.db"));
        Self::start(dir, database, settings, 1, around).await
    }

    /// So many servers on one PostgreSQL.
    pub async fn on_postgres(nodes: usize) -> Self {
        let url = new_database().await;
        let dir = TempDir::new().unwrap();
        let mut settings = vec![(
            "WELLBEING_DATA_DIR".into(),
            dir.path().join("data").display().to_string(),
        )];
        settings.extend(on_server(&url));
        Self::start(dir, Database::Postgres(url), settings, nodes, Vec::new()).await
    }

    async fn start(
        dir: TempDir,
        database: Database,
        mut settings: Vec<(String, String)>,
        nodes: usize,
        around: Vec<String>,
    ) -> Self {
        let post = Smtp::start().await;
        settings.push(("WELLBEING_MAIL".into(), post.url()));
        let node = |path: &Path| Node::new(path, settings.clone(), around.clone());
        let nodes: Vec<Node> = std::iter::repeat_with(|| node(dir.path()))
            .take(nodes)
            .collect();
        let scene = Self::of(nodes, post, database, None, Some(dir));
        for node in &scene.nodes {
            node.start();
            node.ready(&scene.http).await;
        }
        scene.with_people().await
    }

    /// The site served by the test itself, so that its switches are within reach.
    pub async fn inside(database_url: Option<String>) -> Self {
        let post = Smtp::start().await;
        let clock = TestClock::default();
        clock.set(Clock::system().now());
        let site = Site::start_at(database_url.clone(), &[("mail", &post.url())], clock).await;
        let database = match database_url {
            Some(url) => Database::Postgres(url),
            None => Database::Sqlite(site.dir.path().join("data").join("wellbeing.db")),
        };
        let nodes = vec![Node::inside(site.url(""))];
        Self::of(nodes, post, database, Some(site), None)
            .with_people()
            .await
    }

    fn of(
        nodes: Vec<Node>,
        post: Smtp,
        database: Database,
        site: Option<Site>,
        dir: Option<TempDir>,
    ) -> Self {
        Self {
            nodes,
            post,
            people: Vec::new(),
            database,
            calm: watch::Sender::new(true),
            http: http(),
            again: AtomicUsize::new(0),
            away: Mutex::new(Vec::new()),
            moved: AtomicI64::new(0),
            site,
            _dir: dir,
        }
    }

    /// Opens the database beside the servers.
    pub async fn db(&self) -> Db {
        match &self.database {
            Database::Sqlite(path) => Db::open_sqlite(path, 1).await.unwrap(),
            Database::Postgres(url) => Db::open_postgres(url, 2).await.unwrap(),
        }
    }

    pub fn database_name(&self) -> &'static str {
        match (&self.database, self.nodes.len()) {
            (Database::Sqlite(_), _) => "SQLite",
            (Database::Postgres(_), 1) => "PostgreSQL",
            (Database::Postgres(_), _) => "two nodes on PostgreSQL",
        }
    }

    /// What time it is for the servers.
    pub fn now(&self) -> DateTime<Utc> {
        match &self.site {
            Some(site) => site.app.clock.now(),
            None => Clock::system().now() + TimeDelta::seconds(self.moved.load(Ordering::SeqCst)),
        }
    }

    /// Moves everybody's clock.
    pub async fn forward(&self, seconds: i64) {
        self.moved.fetch_add(seconds, Ordering::SeqCst);
        if let Some(site) = &self.site {
            return site.clock.forward(TimeDelta::seconds(seconds));
        }
        for node in &self.nodes {
            node.forward(&self.http, seconds).await;
        }
    }

    /// Kills a node and starts it again; its clock goes on as if nothing had been.
    pub async fn kill(&self, node: usize) {
        let node = &self.nodes[node];
        node.kill();
        self.again.fetch_add(WORKERS, Ordering::SeqCst);
        let killed = Instant::now();
        node.start();
        node.ready(&self.http).await;
        self.away.lock().unwrap().push(killed.elapsed());
        node.forward(&self.http, self.moved.load(Ordering::SeqCst))
            .await;
    }

    /// All clocks jump. A lease that ends before its time lets another send the letter that is in hand.
    pub async fn jump(&self, seconds: i64) {
        if seconds > 0 {
            self.again
                .fetch_add(WORKERS * self.nodes.len(), Ordering::SeqCst);
        }
        self.forward(seconds).await;
    }

    /// How many letters may come again: one for each worker that was killed, or whose lease a jump of the clock ended.
    pub fn again(&self) -> usize {
        self.again.load(Ordering::SeqCst)
    }

    /// A new round: what was before excuses nothing.
    pub fn forget_excuses(&self) {
        self.again.store(0, Ordering::SeqCst);
    }

    /// How long each killed server was away: from the kill to its first good answer.
    pub fn away(&self) -> Vec<Duration> {
        self.away.lock().unwrap().clone()
    }

    /// Where a page of a run is: `book` or `wait`.
    pub fn path(run: Uuid, what: &str) -> String {
        format!("/courses/history-{}/{run}/{what}", run.simple())
    }

    async fn with_people(mut self) -> Self {
        let db = self.db().await;
        let (now, until) = (self.now(), self.now() + TimeDelta::days(3650));
        for n in 0..PEOPLE {
            let [id, account, link, device] = [(); 4].map(|()| Uuid::now_v7());
            let secret = Secret::new().unwrap();
            let email = format!("person-{n}@example.org");
            write_tx!(db, |c| {
                sqlx::query(
                    "INSERT INTO person (id, full_name, date_of_birth, email, phone, postcode, created_at, updated_at) \
                     VALUES ($1, $2, '1952-03-31', $3, '+447700900214', 'BA2 3QT', $4, $4)",
                )
                .bind(id).bind(format!("Person {n}")).bind(&email).bind(now).execute(&mut *c).await?;
                sqlx::query("INSERT INTO account (id, email, email_verified_at, created_at, updated_at) VALUES ($1, $2, $3, $3, $3)")
                    .bind(account).bind(&email).bind(now).execute(&mut *c).await?;
                sqlx::query("INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)")
                    .bind(link).bind(account).bind(id).bind(now).execute(&mut *c).await?;
                sqlx::query(
                    "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at) \
                     VALUES ($1, $2, $3, 'History', TRUE, $4, $4, $5)",
                )
                .bind(device).bind(account).bind(secret.hash().to_vec()).bind(now).bind(until)
                .execute(&mut *c).await?;
                Ok(())
            })
            .unwrap();
            self.people.push(Person {
                id,
                email,
                token: secret.text().to_owned(),
            });
        }
        db.close().await;
        self
    }

    /// Makes runs with so many places, each starting so much later.
    pub async fn runs(&self, made: &[(usize, TimeDelta)]) -> Vec<RunMade> {
        let db = self.db().await;
        let now = self.now();
        let mut runs = Vec::new();
        for (capacity, starts_in) in made {
            let [id, topic, course, session] = [(); 4].map(|()| Uuid::now_v7());
            let slug = format!("history-{}", id.simple());
            let starts_at = now + *starts_in;
            let ends_at = starts_at + TimeDelta::hours(2);
            let places = i64::try_from(*capacity).unwrap();
            write_tx!(db, |c| {
                sqlx::query("INSERT INTO topic (id, slug, name, art, position) VALUES ($1, $2, 'Pain', 'pain', 1)")
                    .bind(topic).bind(format!("topic-{slug}")).execute(&mut *c).await?;
                sqlx::query(
                    "INSERT INTO course (id, slug, title, topic_id, audience, summary, lead, description, who_for, status, \
                                         created_at, updated_at) \
                     VALUES ($1, $2, 'A course', $3, 'everyone', 'Short', 'Lead', 'Long', 'You', 'published', $4, $4)",
                )
                .bind(course).bind(&slug).bind(topic).bind(now).execute(&mut *c).await?;
                sqlx::query(
                    "INSERT INTO run (id, course_id, status, capacity, starts_at, ends_at, created_at, updated_at) \
                     VALUES ($1, $2, 'open', $3, $4, $5, $6, $6)",
                )
                .bind(id).bind(course).bind(places).bind(starts_at).bind(ends_at).bind(now)
                .execute(&mut *c).await?;
                sqlx::query("INSERT INTO session (id, run_id, position, starts_at, ends_at) VALUES ($1, $2, 1, $3, $4)")
                    .bind(session).bind(id).bind(starts_at).bind(ends_at).execute(&mut *c).await?;
                Ok(())
            })
            .unwrap();
            runs.push(RunMade {
                id,
                capacity: *capacity,
                last_call: *starts_in < TimeDelta::hours(6),
            });
        }
        db.close().await;
        runs
    }
}
