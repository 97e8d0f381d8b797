//! P12: the same pages when the service has been running for years. The big site holds what the small one holds, and
//! before it four years of runs with 10,000 people and 100,000 bookings, each marked.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::server::db::Db;
use wellbeing_courses::server::random::Secret;
use wellbeing_courses::{people_desk, read, write_tx};

use crate::Result;
use crate::measure::{Clock, Row, alternate, on_the_wall};
use crate::site::{Site, seen_at};
use crate::statements::Ear;

const PEOPLE: i64 = 10_000;
const RUNS: i64 = 8_400;
/// The places of a run, all booked.
const PLACES: i64 = 12;
const SESSIONS: i64 = 6;
/// How many runs one statement writes: none takes longer than a statement may.
const AT_ONCE: i64 = 200;
/// How many statements a page may ask, and in how many hundredths of the small site's speed it comes.
const STATEMENTS: f64 = 5.0;
const PROMISE: u32 = 67;

/// A page, and how it is found on each site.
enum Page {
    At(&'static str),
    /// The record of somebody with bookings in the demo.
    Person,
    /// A run of the demo that is open.
    Run,
}

const PAGES: [(&str, Page); 12] = [
    ("Today", Page::At("/desk/today")),
    ("runs", Page::At("/desk/runs")),
    ("runs that are over", Page::At("/desk/runs?group=past")),
    ("a run", Page::Run),
    ("courses", Page::At("/desk/courses")),
    ("people, by a name", Page::At("/desk/people?q=margaret")),
    ("a person", Page::Person),
    ("attendance of a term", Page::At("/desk/attendance")),
    ("calls to make", Page::At("/desk/calls")),
    ("letters", Page::At("/desk/letters")),
    ("courses, for residents", Page::At("/courses")),
    ("figures of this quarter", Page::At("/desk/reports")),
];

/// Every page on the big site beside the small one, and how many statements it asks there.
pub async fn rows(small: &Site, big: &Site, ear: &Ear, email: &str) -> Result<Vec<Row>> {
    grow(big).await?;
    small.keep_pages(false);
    big.keep_pages(false);
    let (mut rows, mut most) = (Vec::new(), Vec::new());
    let cookies = (sign_in(small, email).await?, sign_in(big, email).await?);
    for (what, page) in PAGES {
        let paths = (path(small, &page).await?, path(big, &page).await?);
        small.page(&paths.0, &cookies.0).await?;
        big.page(&paths.1, &cookies.1).await?;
        let (_, asked) = ear.listen(big.page(&paths.1, &cookies.1)).await?;
        let reads = asked.0.iter().filter(|sql| !is_write(sql)).count();
        most.push((reads, what));
        let rounds = alternate(
            10,
            async || on_the_wall(20, look(big, &paths.1, &cookies.1)).await,
            async || on_the_wall(20, look(small, &paths.0, &cookies.0)).await,
        )
        .await?;
        let what = format!(
            "{what}: 100,000 bookings beside the demo, {}",
            big.database()
        );
        rows.push(Row::compared("P12", what, Clock::Wall, &rounds, PROMISE));
    }
    let (reads, what) = most.into_iter().max().ok_or("no page")?;
    let what = format!(
        "queries of the page with the most ({what}), {}",
        big.database()
    );
    let reads = f64::from(u32::try_from(reads)?);
    rows.push(Row::at_most(
        "P12",
        what,
        (reads, STATEMENTS, "queries"),
        PAGES.len(),
    ));
    Ok(rows)
}

/// What is written down of a look, or of a device that is used.
fn is_write(sql: &str) -> bool {
    ["INSERT", "UPDATE", "DELETE"]
        .iter()
        .any(|word| sql.starts_with(word))
}

async fn look(site: &Site, path: &str, cookie: &str) -> Result<()> {
    for _ in 0..20 {
        site.page(path, cookie).await?;
    }
    Ok(())
}

async fn path(site: &Site, page: &Page) -> Result<String> {
    let (id, base): (Uuid, _) = match page {
        Page::At(path) => return Ok((*path).to_owned()),
        Page::Person => {
            let id = read!(site.app.db, |c| {
                Ok(sqlx::query_scalar(
                    "SELECT place.person_id FROM place JOIN booking ON booking.id = place.booking_id \
                     WHERE booking.account_id IS NOT NULL GROUP BY place.person_id ORDER BY COUNT(*) DESC, place.person_id LIMIT 1",
                )
                .fetch_one(&mut *c)
                .await?)
            })?;
            (id, "/desk/people")
        }
        Page::Run => {
            let id = read!(site.app.db, |c| {
                Ok(sqlx::query_scalar(
                    "SELECT id FROM run WHERE status = 'open' ORDER BY starts_at DESC, id LIMIT 1",
                )
                .fetch_one(&mut *c)
                .await?)
            })?;
            (id, "/desk/runs")
        }
    };
    Ok(format!("{base}/{id}"))
}

/// Signs a member of the team in behind the site's back, the second step taken.
async fn sign_in(site: &Site, email: &str) -> Result<String> {
    let app = &site.app;
    let now = app.clock.now();
    let (id, secret) = (app.id()?, Secret::new()?);
    write_tx!(app.db, |c| {
        sqlx::query(
            "INSERT INTO second_step (account_id, sealed, created_at, in_use_since, codes_made_at) \
             SELECT id, $2, $3, $3, $3 FROM account WHERE lower(email) = $1",
        )
        .bind(email)
        .bind(vec![0_u8; 40])
        .bind(now)
        .execute(&mut *c)
        .await?;
        sqlx::query(
            "INSERT INTO device (id, account_id, token_hash, label, created_at, seen_at, expires_at, second_step_at) \
             VALUES ($1, (SELECT id FROM account WHERE lower(email) = $2), $3, 'A benchmark', $4, $5, $6, $4)",
        )
        .bind(id)
        .bind(email)
        .bind(secret.hash().to_vec())
        .bind(now)
        .bind(seen_at(now))
        .bind(now + TimeDelta::hours(12))
        .execute(&mut *c)
        .await?;
        Ok(())
    })?;
    Ok(format!("sid={}", secret.text()))
}

/// What each database makes its own rows with: ids that say what they are of, the moment `hours` before now, and numbers.
struct Dialect {
    id: fn(&str, char) -> String,
    before: fn(&str) -> String,
    numbers: &'static str,
}

const SQLITE: Dialect = Dialect {
    id: |number, kind| format!("CAST(printf('{kind}%015d', {number}) AS BLOB)"),
    before: |hours| {
        format!("strftime('%Y-%m-%dT%H:%M:%f', $1, '-' || ({hours}) || ' hours') || '000+00:00'")
    },
    numbers: "WITH RECURSIVE n (i) AS (SELECT $2 UNION ALL SELECT i + 1 FROM n WHERE i < $3 - 1)",
};
const POSTGRES: Dialect = Dialect {
    id: |number, kind| format!("CAST('{kind}' || lpad(CAST({number} AS TEXT), 31, '0') AS UUID)"),
    before: |hours| format!("$1::timestamptz - make_interval(hours => CAST({hours} AS INTEGER))"),
    numbers: "WITH n (i) AS (SELECT generate_series($2::bigint, $3::bigint - 1))",
};

/// Writes the years before.
async fn grow(site: &Site) -> Result<()> {
    let dialect = match site.app.db {
        Db::Sqlite { .. } => SQLITE,
        Db::Postgres(_) => POSTGRES,
    };
    let Dialect {
        id,
        before,
        numbers,
    } = dialect;
    let person = format!(
        "INSERT INTO person (id, full_name, date_of_birth, email, phone, postcode, created_at, updated_at) {numbers} \
         SELECT {}, 'Person Number ' || i, '1950-06-15', 'person' || i || '@example.org', '+4477009' || (100000 + i), \
                'BA1 1AA', {made}, {made} FROM n",
        id("n.i", 'a'),
        made = before("n.i * 3"),
    );
    // Two months before now at the latest: all is over, and everybody is marked.
    let begins = "1440 + n.i * 4 + 1008";
    let run = format!(
        "INSERT INTO run (id, course_id, tutor_id, venue_id, status, capacity, places_taken, starts_at, ends_at, created_at, updated_at) \
         {numbers}, course_n AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at, COUNT(*) OVER () AS many FROM course), \
         tutor_n AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at, COUNT(*) OVER () AS many FROM tutor), \
         venue_n AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at, COUNT(*) OVER () AS many FROM venue) \
         SELECT {}, course_n.id, tutor_n.id, venue_n.id, 'open', {PLACES}, {PLACES}, {}, {}, {made}, {made} \
         FROM n JOIN course_n ON course_n.at = n.i % course_n.many JOIN tutor_n ON tutor_n.at = n.i % tutor_n.many \
         JOIN venue_n ON venue_n.at = n.i % venue_n.many",
        id("n.i", 'b'),
        before(begins),
        before(&format!("{begins} - 842")),
        made = before(&format!("{begins} + 1000")),
    );
    let weeks = values(SESSIONS);
    let session = format!(
        "INSERT INTO session (id, run_id, position, starts_at, ends_at) {numbers}, week (w) AS (VALUES {weeks}) \
         SELECT {}, {}, w + 1, {}, {} FROM n CROSS JOIN week",
        id(&format!("n.i * {SESSIONS} + w"), 'c'),
        id("n.i", 'b'),
        before(&format!("{begins} - w * 168")),
        before(&format!("{begins} - w * 168 - 2")),
    );
    let numbers_of_places = format!("{numbers}, seat (s) AS (VALUES {})", values(PLACES));
    let each = format!("n.i * {PLACES} + s");
    let booking = format!(
        "INSERT INTO booking (id, reference, run_id, channel, status, created_at) {numbers_of_places} \
         SELECT {}, 'G' || (1000000 + {each}), {}, CASE s % 3 WHEN 0 THEN 'phone' ELSE 'website' END, 'booked', {} FROM n CROSS JOIN seat",
        id(&each, 'd'),
        id("n.i", 'b'),
        before(&format!("{begins} + 300")),
    );
    let place = format!(
        "INSERT INTO place (id, booking_id, run_id, person_id, status, created_at) {numbers_of_places} \
         SELECT {}, {}, {}, {}, 'active', {} FROM n CROSS JOIN seat",
        id(&each, 'e'),
        id(&each, 'd'),
        id("n.i", 'b'),
        id(&format!("(({each}) * 7919) % {PEOPLE}"), 'a'),
        before(&format!("{begins} + 300")),
    );
    let mark = format!(
        "INSERT INTO attendance (place_id, session_id, mark, marked_by, marked_at) {numbers_of_places}, \
         week (w) AS (VALUES {weeks}) \
         SELECT {}, {}, CASE (n.i + s + w) % 4 WHEN 0 THEN 'did-not-come' ELSE 'came' END, \
                (SELECT account_id FROM staff ORDER BY account_id LIMIT 1), {} FROM n CROSS JOIN seat CROSS JOIN week",
        id(&each, 'e'),
        id(&format!("n.i * {SESSIONS} + w"), 'c'),
        before(&format!("{begins} - w * 168 - 3")),
    );
    write(site, &person, 0, PEOPLE).await?;
    for part in 0..RUNS / AT_ONCE {
        let (from, to) = (part * AT_ONCE, (part + 1) * AT_ONCE);
        for sql in [&run, &session, &booking, &place, &mark] {
            write(site, sql, from, to).await?;
        }
    }
    // Each sweep reads a few thousand names for the search.
    for _ in 0..3 {
        people_desk::sweep(&site.app).await?;
    }
    site.settle().await
}

/// The numbers below `n`, as rows.
fn values(n: i64) -> String {
    let rows: Vec<_> = (0..n).map(|at| format!("({at})")).collect();
    rows.join(", ")
}

async fn write(site: &Site, sql: &str, from: i64, to: i64) -> Result<()> {
    let now = site.app.clock.now();
    write_tx!(site.app.db, |c| {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(now)
            .bind(from)
            .bind(to)
            .execute(&mut *c)
            .await?;
        Ok(())
    })?;
    Ok(())
}
