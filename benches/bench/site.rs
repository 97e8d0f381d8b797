//! The real site over a database of its own, asked in process.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tower::ServiceExt as _;
use wellbeing_courses::server::App;
use wellbeing_courses::server::clock::Clock;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::{demo, write_tx};

use crate::Result;

/// A site.
pub struct Site {
    pub app: App,
    pub router: Router,
    /// Where PostgreSQL is.
    pub url: Option<String>,
    /// Where the SQLite file is.
    pub dir: TempDir,
}

impl Site {
    /// On a SQLite file on the disk that the build is on: in memory a sync would cost nothing.
    pub async fn on_sqlite() -> Result<Self> {
        Self::open(None).await
    }

    /// On a new database of the PostgreSQL that `scripts/with-postgres` started.
    pub async fn on_postgres() -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "the benchmark's own setting")]
        let server = std::env::var("TEST_POSTGRES_URL")
            .map_err(|_| "TEST_POSTGRES_URL is not set: run `make bench`")?;
        let (base, _) = server.rsplit_once('/').ok_or("not a database's address")?;
        let name = format!("bench_{}", uuid::Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&server).await?;
        let create = format!("CREATE DATABASE {name}");
        admin.execute(sqlx::AssertSqlSafe(create)).await?;
        admin.close().await?;
        Self::open(Some(format!("{base}/{name}"))).await
    }

    async fn open(url: Option<String>) -> Result<Self> {
        let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let mut settings = vec![(
            "WELLBEING_DATA_DIR".to_owned(),
            dir.path().join("data").display().to_string(),
        )];
        settings.extend(url.clone().map(|url| ("DATABASE_URL".to_owned(), url)));
        let settings = Settings::read(settings)?;
        App::migrate(&settings).await?;
        let app = App::start(settings, Clock::system()).await?;
        let router = wellbeing_courses::app::router(&app)?;
        Ok(Self {
            app,
            router,
            url,
            dir,
        })
    }

    /// Fills it with the demo, of which the `runs` soonest open runs that everybody may see stay.
    pub async fn fill(&self, runs: i64) -> Result<Vec<demo::sign_in::Access>> {
        let access = demo::fill(&self.app).await?;
        let now = self.app.clock.now();
        let left = write_tx!(self.app.db, |c| {
            sqlx::query(
                "UPDATE run SET status = 'draft' WHERE id NOT IN \
                 (SELECT id FROM run WHERE status = 'open' AND starts_at > $1 ORDER BY starts_at, id LIMIT $2)",
            )
            .bind(now + TimeDelta::days(1))
            .bind(runs)
            .execute(&mut *c)
            .await?;
            sqlx::query("UPDATE catalogue_version SET version = version + 1")
                .execute(&mut *c)
                .await?;
            Ok(
                sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM run WHERE status = 'open'")
                    .fetch_one(&mut *c)
                    .await?,
            )
        })?;
        if left != runs {
            return Err(format!("the demo has {left} runs to come, not {runs}").into());
        }
        self.settle().await?;
        Ok(access)
    }

    /// Lets the database look at what it holds, as it does by itself in time.
    pub async fn settle(&self) -> Result<()> {
        write_tx!(self.app.db, |c| {
            sqlx::query("ANALYZE").execute(&mut *c).await?;
            Ok(())
        })?;
        Ok(())
    }

    /// Makes the pages from the database each time, or keeps them.
    pub fn keep_pages(&self, keep: bool) {
        self.app.catalogue.keep_pages(keep);
    }

    /// Asks the site.
    pub async fn ask(&self, request: Request<Body>) -> Result<Response<Body>> {
        ask(&self.router, request).await
    }

    /// The page at `path`, which must be there.
    pub async fn page(&self, path: &str, cookie: &str) -> Result<Bytes> {
        page(&self.router, path, cookie).await
    }

    /// "SQLite" or "PostgreSQL".
    pub fn database(&self) -> &'static str {
        self.app.db.name()
    }
}

/// Asks a service.
pub async fn ask(router: &Router, request: Request<Body>) -> Result<Response<Body>> {
    Ok(router.clone().oneshot(request).await?)
}

/// The page at `path`, which must be there.
pub async fn page(router: &Router, path: &str, cookie: &str) -> Result<Bytes> {
    let response = ask(router, get(path, cookie)?).await?;
    if response.status() != StatusCode::OK {
        return Err(format!("GET {path}: {}", response.status()).into());
    }
    Ok(to_bytes(response.into_body(), usize::MAX).await?)
}

/// A look at a page. Without `Accept-Encoding`, so that both sides write the page itself and pack nothing.
pub fn get(path: &str, cookie: &str) -> Result<Request<Body>> {
    let mut request = Request::get(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(
            header::USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
        )
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "none")
        .extension(ConnectInfo(somebody()));
    if !cookie.is_empty() {
        request = request.header(header::COOKIE, cookie);
    }
    Ok(request.body(Body::empty())?)
}

/// A form that is sent from one of our own pages.
pub fn post(path: &str, cookie: &str, form: &[(&str, &str)]) -> Result<Request<Body>> {
    let mut request = Request::post(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(
            header::USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
        )
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(somebody()));
    if !cookie.is_empty() {
        request = request.header(header::COOKIE, cookie);
    }
    Ok(request.body(Body::from(serde_urlencoded::to_string(form)?))?)
}

/// Another address each time: nobody meets the limit for one household.
fn somebody() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
    let address = Ipv4Addr::from(NEXT.fetch_add(1, Ordering::Relaxed));
    SocketAddr::new(IpAddr::V4(address), 40_000)
}

/// So far ahead that noting when a device was last used (once in five minutes) falls into no round.
pub fn seen_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::hours(2)
}
