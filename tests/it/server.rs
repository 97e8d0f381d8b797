//! The server itself: health, headers, limits, pages for what went wrong.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::StatusCode;
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor as _, PgConnection, Postgres, Sqlite, Transaction};
use tokio::net::TcpListener;
use tokio::sync::watch;
use wellbeing_courses::bookings::self_check;
use wellbeing_courses::server::App;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::server::db::Db;
use wellbeing_courses::{command, read, write_tx};

use crate::bookings::world::{self, RunSpec};
use crate::support::{Answer, Browser, Site, TestClock, new_database, on_server};

/// Nobody else can write while this is held.
enum Held {
    Sqlite { _writer: PoolConnection<Sqlite> },
    Postgres { _tx: Transaction<'static, Postgres> },
}

async fn hold(db: &Db) -> Held {
    match db {
        Db::Sqlite { writer, .. } => Held::Sqlite {
            _writer: writer.acquire().await.unwrap(),
        },
        Db::Postgres(pool) => {
            let mut tx = pool.begin().await.unwrap();
            sqlx::query("LOCK TABLE device IN EXCLUSIVE MODE")
                .execute(&mut *tx)
                .await
                .unwrap();
            Held::Postgres { _tx: tx }
        }
    }
}

on_both! {
    async fn the_site_says_it_is_alive_and_ready(site: Site) {
        let browser = site.browser();
        assert_eq!(browser.get("/healthz").await.body, "alive\n");
        let ready = browser.get("/readyz").await;
        assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
        site.stop().await;
    }

    async fn readiness_says_when_places_do_not_add_up(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        for (taken, wrong) in [(0, 0), (3, 1), (0, 0)] {
            write_tx!(site.app.db, |c| {
                sqlx::query("UPDATE run SET places_taken = $2 WHERE id = $1")
                    .bind(run.id)
                    .bind(taken)
                    .execute(&mut *c)
                    .await?;
                Ok(())
            })
            .unwrap();
            assert_eq!(self_check(&site.app).await.unwrap(), wrong);
            let ready = site.browser().get("/readyz").await;
            assert_eq!(ready.status, StatusCode::OK, "it is no reason to stop serving");
            assert_eq!(ready.body == "ready\n", wrong == 0, "{}", ready.body);
            assert_eq!(ready.body.contains("on 1 of the runs"), wrong == 1, "{}", ready.body);
        }
    }

    async fn a_site_that_starts_on_miscounted_places_finds_it_by_itself(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        world::change(&site, "UPDATE run SET places_taken = 3 WHERE id = $1", run.id).await;
        // Another process on the same data: nobody calls the check, its first sweep does.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let data = site.dir.path().join("data").display().to_string();
        let mut variables = vec![
            ("WELLBEING_DATA_DIR".to_owned(), data),
            ("WELLBEING_SITE_URL".to_owned(), base.clone()),
        ];
        variables.extend(site.database_url.as_deref().into_iter().flat_map(on_server));
        let app = App::start(Settings::read(variables).unwrap(), site.clock.clock()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let served = tokio::spawn(wellbeing_courses::app::run(app, listener, stopped));
        let browser = Browser { base, ..site.browser() };
        let says = async {
            loop {
                let ready = browser.get("/readyz").await;
                assert_eq!(ready.status, StatusCode::OK, "{}", ready.body);
                if ready.body.contains("on 1 of the runs") {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_mins(1), says).await.expect("the first sweep counts the places");
        stop.send(true).unwrap();
        served.await.unwrap().unwrap();
    }

    async fn a_site_without_its_database_says_in_words_that_it_is_not_ready(site: Site) {
        site.app.db.close().await;
        let ready = site.browser().get("/readyz").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.body, "the database does not answer\n");
        assert_eq!(ready.headers["retry-after"], "5");
        assert_eq!(site.browser().get("/healthz").await.status, StatusCode::OK);
    }

    async fn while_nothing_can_be_written_pages_are_read_and_forms_are_asked_to_wait(site: Site) {
        let mary = site.member("Mary").await;
        // Long enough that her visit would be noted.
        site.clock.forward(TimeDelta::minutes(10));
        let held = hold(&site.app.db).await;
        let (page, form) = tokio::join!(
            mary.browser.get("/account/bookings"),
            mary.browser.post("/account/security/sign-out-everywhere", &[]),
        );
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(form.status, StatusCode::SERVICE_UNAVAILABLE, "{}", form.body);
        assert_eq!(form.headers["retry-after"], "5");
        assert!(form.body.contains("Please look in My bookings before you try again"));
        drop(held);
        let form = mary.browser.post("/account/security/sign-out-everywhere", &[]).await;
        assert_eq!(form.status, StatusCode::SEE_OTHER);
    }

    async fn a_form_that_is_too_long_gets_its_page_wherever_it_was_sent(site: Site) {
        let mary = site.member("Mary").await.browser;
        let visitor = site.browser();
        let long = "x".repeat(3_000_000);
        let mail_program = visitor
            .client
            .post(site.url("/unsubscribe/nothing-here"))
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "text/plain")
            .body(long.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(mail_program.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(mail_program.text().await.unwrap().contains("That was too much text"));
        let told = |answer: Answer| (answer.status, answer.words("h1"));
        let words = vec!["That was too much text for us to take".to_owned()];
        for (browser, path) in [
            (&mary, "/account/details/name"),
            (&mary, "/newsletter"),
            (&visitor, "/newsletter"),
            (&visitor, "/no-such-page"),
        ] {
            let answer = browser.post(path, &[("full-name", &long)]).await;
            assert_eq!(told(answer), (StatusCode::PAYLOAD_TOO_LARGE, words.clone()), "{path}");
        }
    }

    async fn nobody_else_on_the_machine_can_look_into_the_data(site: Site) {
        site.member("Mary").await;
        let mut open = Vec::new();
        let mut seen = 0;
        for name in ["data", "data-keys"] {
            let path = site.dir.path().join(name);
            if path.exists() {
                seen += 1;
                open_to_others(&path, &mut open);
            }
        }
        assert!(seen > 0);
        assert_eq!(open, Vec::<String>::new());
        // The search can find.
        std::fs::set_permissions(
            site.app.config.data_dir.as_path(),
            std::fs::Permissions::from_mode(0o755),
        )
        .unwrap();
        open_to_others(&site.app.config.data_dir, &mut open);
        assert_eq!(open.len(), 1);
    }
}

/// What under `path` anybody but its owner may read.
fn open_to_others(path: &Path, open: &mut Vec<String>) {
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    if mode & 0o077 != 0 {
        open.push(format!("{} {mode:o}", path.display()));
    }
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            open_to_others(&entry.unwrap().path(), open);
        }
    }
}

#[tokio::test]
async fn a_mistyped_directory_is_not_a_site_without_bookings() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("typo");
    let check = || {
        let data = data.display().to_string();
        command::run(
            [("WELLBEING_DATA_DIR".to_owned(), data)],
            ["wellbeing-courses", "check"].map(OsString::from),
        )
    };
    let refused = check().await.unwrap_err().to_string();
    assert!(refused.contains("There is no database at"), "{refused}");
    assert!(!data.exists(), "and none is made");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::on_sqlite().await;
    for path in ["/healthz", "/no-such-page"] {
        let answer = site.browser().get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(!header("content-security-policy").contains("unsafe-inline"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_plain_words_with_the_phone_number() {
    let site = Site::on_sqlite().await;
    let answer = site.browser().get("/no-such-page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.words("h1"), ["We cannot find that page"]);
    assert!(answer.body.contains("tel:01632960100"));
}

#[tokio::test]
async fn sqlite_plans_a_statement_once_whatever_it_is_bound_to() {
    let site = Site::on_sqlite().await;
    // Its other way, with STAT4, plans nearly every statement anew each time (.cargo/config.toml).
    let options: Vec<String> = read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("PRAGMA compile_options")
            .fetch_all(&mut *c)
            .await?)
    })
    .unwrap();
    assert!(
        options.iter().any(|one| one == "ENABLE_QPSG"),
        "{options:?}"
    );
}

#[tokio::test]
async fn a_database_that_says_done_before_it_has_written_is_refused_on_postgres() {
    let url = new_database().await;
    let name = url.rsplit('/').next().unwrap();
    let mut own = PgConnection::connect(&url).await.unwrap();
    let off = format!("ALTER DATABASE {name} SET synchronous_commit = off");
    own.execute(sqlx::AssertSqlSafe(off)).await.unwrap();
    own.close().await.unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let mut settings = vec![(
        "WELLBEING_DATA_DIR".to_owned(),
        dir.path().join("data").display().to_string(),
    )];
    settings.extend(on_server(&url));
    let started = App::start(
        Settings::read(settings).unwrap(),
        TestClock::default().clock(),
    )
    .await;
    let refused = started.err().unwrap().to_string();
    assert!(
        refused.contains(
            "PostgreSQL has synchronous_commit off: a booking could be lost after it was confirmed"
        ),
        "{refused}"
    );
}
