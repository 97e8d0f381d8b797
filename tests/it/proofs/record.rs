//! The record answers at a million rows: what an account did, and whose details it saw, between two moments.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use sqlx::{Connection as _, Executor as _, PgConnection};
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::db::Db;
use wellbeing_courses::write_tx;

use super::proved;
use crate::support::Site;

/// How many rows there are, and how many accounts wrote them about how many people.
const ROWS: i64 = 1_000_000;
const ACCOUNTS: i64 = 20;
const PEOPLE: i64 = 5_000;
/// How many rows one statement writes: none takes longer than a statement may.
const AT_ONCE: i64 = 20_000;
/// How often each page is asked for.
const TIMES: usize = 20;

/// Writes a year of the record in two statements: each database makes its own numbers.
async fn fill(site: &Site) {
    let now = site.app.clock.now();
    let (person, entry) = match &site.app.db {
        Db::Sqlite { .. } => (
            "INSERT INTO person (id, full_name, created_at, updated_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
             SELECT randomblob(16), 'Person ' || i, $2, $2 FROM n",
            "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page) \
             WITH RECURSIVE n (i) AS (SELECT $5 UNION ALL SELECT i + 1 FROM n WHERE i < $5 + $1 - 1), \
                  who AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM account), \
                  whose AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM person) \
             SELECT randomblob(16), strftime('%Y-%m-%dT%H:%M:%f', $2, '-' || (n.i * 31) || ' seconds') || '000+00:00', \
                    CASE WHEN n.i % 10 = 0 THEN 'call-noted' ELSE 'looked' END, who.id, 'course-admin', whose.id, \
                    '/desk/people' \
             FROM n JOIN who ON who.i = n.i % $3 JOIN whose ON whose.i = (n.i * 7919) % $4",
        ),
        Db::Postgres(_) => (
            "INSERT INTO person (id, full_name, created_at, updated_at) \
             SELECT gen_random_uuid(), 'Person ' || i, $2::timestamptz, $2::timestamptz FROM generate_series(1, $1) i",
            "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page) \
             WITH who AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM account), \
                  whose AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS i FROM person) \
             SELECT gen_random_uuid(), $2::timestamptz - make_interval(secs => n.i * 31), \
                    CASE WHEN n.i % 10 = 0 THEN 'call-noted' ELSE 'looked' END, who.id, 'course-admin', whose.id, \
                    '/desk/people' \
             FROM generate_series($5, $5 + $1 - 1) n (i) JOIN who ON who.i = n.i % $3 JOIN whose ON whose.i = (n.i * 7919) % $4",
        ),
    };
    write_tx!(site.app.db, |c| {
        sqlx::query(person)
            .bind(PEOPLE)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
    for part in 0..ROWS / AT_ONCE {
        write_tx!(site.app.db, |c| {
            sqlx::query(entry)
                .bind(AT_ONCE)
                .bind(now)
                .bind(ACCOUNTS)
                .bind(PEOPLE)
                .bind(part * AT_ONCE)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
    }
    settle(site).await;
}

/// PostgreSQL looks through new rows by itself, once there are a fifth more of them; here it is told to.
async fn settle(site: &Site) {
    if let Some(url) = &site.database_url {
        let mut own = PgConnection::connect(url).await.unwrap();
        own.execute("VACUUM (ANALYZE) audit_entry, person")
            .await
            .unwrap();
    }
}

/// Asks for a page so often; the median and the slowest.
async fn asked(site: &Site, browser: &crate::support::Browser, path: &str) -> (Duration, Duration) {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        site.clock.forward(chrono::TimeDelta::seconds(1));
        let from = Instant::now();
        let answer = browser.get(path).await;
        all.push(from.elapsed());
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.words("tbody tr").is_empty(), "{path}");
    }
    all.sort();
    (all[TIMES / 2], all[TIMES - 1])
}

async fn measure(site: Site, database: &str) {
    let officer = site.staff("Dora", &[Role::DataProtection]).await;
    let mut who = String::new();
    for n in 1..ACCOUNTS {
        who = site.member(&format!("Worker {n}")).await.email;
    }
    fill(&site).await;
    let who = who.replace('@', "%40");
    for (what, query) in [
        (
            "a month of one account",
            format!("?by={who}&from=1+12+2026&to=31+12+2026"),
        ),
        (
            "a year of one account",
            format!("?by={who}&from=1+1+2026&to=1+1+2027"),
        ),
        (
            "a month of everybody",
            "?from=1+12+2026&to=31+12+2026".to_owned(),
        ),
        (
            "each person whom one account saw in a year",
            format!("/people?by={who}&from=1+1+2026&to=1+1+2027"),
        ),
    ] {
        let (median, slowest) =
            asked(&site, &officer.browser, &format!("/desk/audit{query}")).await;
        let found = format!(
            "median {} ms, slowest {} ms",
            median.as_millis(),
            slowest.as_millis()
        );
        let n = format!("{TIMES} of {ROWS} rows");
        proved(
            "S1",
            &format!("the record on {database}: {what}"),
            &n,
            &found,
            "under 1 s",
        );
        assert!(slowest < Duration::from_secs(1), "{what}: {found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: S1"]
async fn a_million_rows_on_sqlite() {
    measure(Site::on_sqlite().await, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long proof: S1"]
async fn a_million_rows_on_postgres() {
    measure(Site::on_postgres().await, "PostgreSQL").await;
}
