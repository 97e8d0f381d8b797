//! P5 and P6: durable bookings per second.
//!
//! A booking is the whole POST of somebody who is signed in: who is there, what they book, the transaction, and its
//! sealed confirmation in the outbox. The yardstick runs the same statements with the same sizes and nothing else: a
//! bare loop on SQLite, pgbench on PostgreSQL.

use std::cell::Cell;
use std::ops::Range;
use std::process::Command;
use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};
use uuid::Uuid;
use wellbeing_courses::server::random::hash;
use wellbeing_courses::ui::form::FORM_KEY;
use wellbeing_courses::{bookings, read, write_tx};

use crate::Result;
use crate::measure::{Clock, Round, Row, alternate, on_the_wall};
use crate::site::{Site, post, seen_at};
use crate::statements::{Ear, Statements};

const COURSES: u32 = 16;
/// Dates of each course.
const DATES: u32 = 3;
const RUNS: u32 = COURSES * DATES;

/// SQLite, with its one writer.
pub async fn on_sqlite(site: &Site, ear: &Ear, rounds: usize, each: u32) -> Result<Row> {
    const AT_ONCE: u32 = 8;
    let people = People::add(site, (rounds_in_all(rounds) * 2 * each) + 8).await?;
    let loops = Yardstick::listen(site, ear, &people).await?;
    let mut bare = SqliteConnectOptions::new()
        .filename(site.dir.path().join("data/wellbeing.db"))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(3))
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(200)
        .connect()
        .await?;
    let measured = alternate(
        rounds,
        async || {
            let who = people.next(each)?;
            on_the_wall(each as usize, book(site, who, AT_ONCE)).await
        },
        async || {
            let who = people.next(each)?;
            on_the_wall(each as usize, loops.run(site, &mut bare, who)).await
        },
    )
    .await?;
    check(site, &people).await?;
    let what = format!("bookings, SQLite FULL, {AT_ONCE} people at once");
    Ok(Row::compared("P5", what, Clock::Wall, &measured, 70))
}

/// PostgreSQL, with 32 people at once.
pub async fn on_postgres(site: &Site, ear: &Ear, rounds: usize, each: u32) -> Result<Row> {
    const CLIENTS: u32 = 32;
    let in_round = CLIENTS * each;
    let people = People::add(site, (rounds_in_all(rounds) * 2 * in_round) + 8).await?;
    let script = Yardstick::listen(site, ear, &people).await?.script();
    let file = site.dir.path().join("booking.sql");
    std::fs::write(&file, script)?;
    let url = site.url.as_deref().ok_or("not on PostgreSQL")?;
    let measured = alternate(
        rounds,
        async || {
            let who = people.next(in_round)?;
            on_the_wall(in_round as usize, book(site, who, CLIENTS)).await
        },
        async || {
            let who = people.next(in_round)?;
            let mut pgbench = Command::new("pgbench");
            pgbench
                .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
                .arg(format!("--client={CLIENTS}"))
                .arg(format!("--transactions={each}"))
                .args([
                    "-D",
                    &format!("first={}", who.start),
                    "-D",
                    &format!("each={each}"),
                    "-D",
                    "done=0",
                ])
                .arg("--file")
                .arg(&file)
                .arg(url);
            let said = tokio::task::spawn_blocking(move || pgbench.output()).await??;
            speed(&String::from_utf8_lossy(&said.stdout))
                .map(|per_second| Round {
                    done: in_round as usize,
                    seconds: f64::from(in_round) / per_second,
                })
                .ok_or_else(|| format!("pgbench: {}", String::from_utf8_lossy(&said.stderr)).into())
        },
    )
    .await?;
    check(site, &people).await?;
    let what = format!("bookings, PostgreSQL, {CLIENTS} people at once (pgbench)");
    Ok(Row::compared("P6", what, Clock::Wall, &measured, 60))
}

/// With the one that is thrown away.
fn rounds_in_all(rounds: usize) -> u32 {
    u32::try_from(rounds).unwrap_or(u32::MAX) + 1
}

/// "tps = 1234.5 (without initial connection time)", when all transactions were done.
fn speed(said: &str) -> Option<f64> {
    said.contains("number of failed transactions: 0 ")
        .then_some(())?;
    said.lines()
        .find_map(|line| line.strip_prefix("tps = "))?
        .split(' ')
        .next()?
        .parse()
        .ok()
}

/// Everybody in `who` books, so many at once.
async fn book(site: &Site, who: Range<u32>, at_once: u32) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::<Result<()>>::new();
    for first in 0..at_once {
        let router = site.router.clone();
        let own = (who.start + first..who.end).step_by(at_once as usize);
        tasks.spawn(async move {
            for n in own {
                let path = format!("/courses/{}/{}/book", Bench::slug(n), Bench::Run.id(n));
                let key = format!("a key of somebody {n}");
                let form = [(FORM_KEY, key.as_str()), ("remind", "email")];
                let cookie = format!("sid={}", Bench::token(n));
                let response = crate::site::ask(&router, post(&path, &cookie, &form)?).await?;
                if response.status() != StatusCode::SEE_OTHER {
                    return Err(format!("POST {path}: {}", response.status()).into());
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// Every booking that was acknowledged is there, and every run's count is what its places say.
async fn check(site: &Site, people: &People) -> Result<()> {
    let bookings: i64 = read!(site.app.db, |c| {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM booking")
            .fetch_one(&mut *c)
            .await?)
    })?;
    let differences = bookings::recount(&site.app.db).await?;
    if bookings == i64::from(people.next.get()) && differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} booked, {bookings} are there; {differences:?}",
        people.next.get()
    )
    .into())
}

/// People who have an account and are signed in. Each books once.
pub struct People {
    next: Cell<u32>,
    all: u32,
}

impl People {
    pub async fn add(site: &Site, all: u32) -> Result<Self> {
        let now = site.app.clock.now();
        let starts_at = now + TimeDelta::days(8);
        let ends_at = starts_at + TimeDelta::weeks(5) + TimeDelta::hours(2);
        write_tx!(site.app.db, |c| {
            let [topic, venue, tutor] = [1, 2, 3].map(|n| Bench::Scenery.id(n));
            sqlx::query("INSERT INTO topic (id, slug, name, art, position) VALUES ($1, 'pain', 'Living with pain', 'pain', 1)")
                .bind(topic)
                .execute(&mut *c)
                .await?;
            sqlx::query(
                "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, short_access, travel) \
                 VALUES ($1, 'library', 'Bath Central Library', '19 The Podium', 'Bath', 'BA1 5AN', 51.38, -2.36, \
                         'Step-free', 'Bus')",
            )
            .bind(venue)
            .execute(&mut *c)
            .await?;
            sqlx::query("INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, 'priya', 'Priya Nair', 'Priya', 'Kind.')")
                .bind(tutor)
                .execute(&mut *c)
                .await?;
            for course in 0..COURSES {
                sqlx::query(
                    "INSERT INTO course (id, slug, title, topic_id, audience, summary, lead, description, who_for, \
                                         status, created_at, updated_at) \
                     VALUES ($1, $2, 'Living well with pain', $3, 'everyone', 'Short.', 'Lead.', 'Long.', 'You.', \
                             'published', $4, $4)",
                )
                .bind(Bench::Course.id(course))
                .bind(Bench::slug(course * DATES))
                .bind(topic)
                .bind(now)
                .execute(&mut *c)
                .await?;
            }
            for run in 0..RUNS {
                sqlx::query(
                    "INSERT INTO run (id, course_id, venue_id, tutor_id, status, capacity, starts_at, ends_at, \
                                      created_at, updated_at) \
                     VALUES ($1, $2, $3, $4, 'open', 1000000, $5, $6, $7, $7)",
                )
                .bind(Bench::Run.id(run))
                .bind(Bench::Course.id(run / DATES))
                .bind(venue)
                .bind(tutor)
                .bind(starts_at)
                .bind(ends_at)
                .bind(now)
                .execute(&mut *c)
                .await?;
                for week in 0..6_u32 {
                    let from = starts_at + TimeDelta::weeks(week.into());
                    sqlx::query("INSERT INTO session (id, run_id, position, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)")
                        .bind(Bench::Session.id(run * 6 + week))
                        .bind(Bench::Run.id(run))
                        .bind(i64::from(week) + 1)
                        .bind(from)
                        .bind(from + TimeDelta::hours(2))
                        .execute(&mut *c)
                        .await?;
                }
            }
            for n in 0..all {
                let email = format!("somebody-{n}@example.org");
                sqlx::query(
                    "INSERT INTO person (id, full_name, date_of_birth, email, phone, postcode, created_at, updated_at) \
                     VALUES ($1, 'Margaret Ashdown', '1952-03-31', $2, '+447700900214', 'BA2 3QT', $3, $3)",
                )
                .bind(Bench::Person.id(n))
                .bind(&email)
                .bind(now)
                .execute(&mut *c)
                .await?;
                sqlx::query(
                    "INSERT INTO account (id, email, email_verified_at, created_at, updated_at) VALUES ($1, $2, $3, $3, $3)",
                )
                .bind(Bench::Account.id(n))
                .bind(&email)
                .bind(now)
                .execute(&mut *c)
                .await?;
                sqlx::query(
                    "INSERT INTO representation (id, account_id, person_id, kind, created_at) VALUES ($1, $2, $3, 'self', $4)",
                )
                .bind(Bench::Scenery.id(n + 10))
                .bind(Bench::Account.id(n))
                .bind(Bench::Person.id(n))
                .bind(now)
                .execute(&mut *c)
                .await?;
                sqlx::query(
                    "INSERT INTO device (id, account_id, token_hash, label, keep_signed_in, created_at, seen_at, expires_at) \
                     VALUES ($1, $2, $3, 'A benchmark', TRUE, $4, $5, $6)",
                )
                .bind(Bench::Scenery.id(n + 10))
                .bind(Bench::Account.id(n))
                .bind(hash(&Bench::token(n)).to_vec())
                .bind(now)
                .bind(seen_at(now))
                .bind(now + TimeDelta::days(30))
                .execute(&mut *c)
                .await?;
            }
            Ok(())
        })?;
        site.settle().await?;
        Ok(Self {
            next: Cell::new(0),
            all,
        })
    }

    /// The next so many.
    pub fn next(&self, n: u32) -> Result<Range<u32>> {
        let first = self.next.get();
        if first + n > self.all {
            return Err("there are too few people".into());
        }
        self.next.set(first + n);
        Ok(first..first + n)
    }
}

/// What a row's id stands for: ids are made from numbers, so that pgbench can work them out too.
#[derive(Clone, Copy, Debug)]
pub enum Bench {
    Scenery,
    Course,
    Run,
    Session,
    Person,
    Account,
    Booking,
    Place,
    Message,
    Consent,
}

impl Bench {
    fn prefix(self) -> String {
        format!("00000000-0000-4000-80{:02}-", self as u8)
    }

    /// The id of number `n`; of a run, the one that number `n` books.
    pub fn id(self, n: u32) -> Uuid {
        let n = if matches!(self, Self::Run) {
            n % RUNS
        } else {
            n
        };
        format!("{}{n:012}", self.prefix())
            .parse()
            .unwrap_or_default()
    }

    /// The course of the run that number `n` books.
    pub fn slug(n: u32) -> String {
        format!("course-{}", n % RUNS / DATES)
    }

    pub fn token(n: u32) -> String {
        format!("bench-device-{n}")
    }
}

/// One parameter of a statement.
#[derive(Clone, Copy, Debug)]
enum Bind {
    Id(Bench),
    Token,
    Slug,
    FormKey,
    Reference,
    Cause,
    Words(&'static str),
    Number(i64),
    Yes,
    No,
    /// No guardian has to agree, so nothing says until when.
    Nothing,
    Now,
    /// The sealed message, as long as the site's.
    Sealed,
    /// The words of the consent.
    Wording,
}

/// What every statement of a booking is given. A statement that is not here stops the benchmark.
const BINDS: &[(&str, &[Bind])] = {
    use Bench::{Account, Booking, Consent, Message, Person, Place, Run};
    use Bind::{
        Cause, FormKey, Id, No, Nothing, Now, Number, Reference, Sealed, Slug, Token, Wording,
        Words, Yes,
    };
    &[
        ("SELECT device.id", &[Token, Now]),
        ("SELECT run.id, course.slug", &[Slug, Now]),
        ("SELECT session.id, session.starts_at", &[Id(Run)]),
        ("SELECT person.id", &[Id(Person), Id(Account), Id(Run), Now]),
        ("SELECT booking.id", &[Id(Person), Id(Person), Id(Run), Now]),
        (FIRST_IN_TRANSACTION, &[Id(Run)]),
        (
            "SELECT id, reference",
            &[Id(Account), FormKey, Id(Run), Id(Person), Id(Person)],
        ),
        (
            "UPDATE run SET places_taken",
            &[Id(Run), Number(1), Number(0), Now],
        ),
        (
            "INSERT INTO booking",
            &[
                Id(Booking),
                Reference,
                Id(Run),
                Id(Account),
                Words("website"),
                Words("booked"),
                FormKey,
                Nothing,
                Now,
            ],
        ),
        (
            "INSERT INTO place",
            &[Id(Place), Id(Booking), Id(Run), Id(Person), Now],
        ),
        (
            "INSERT INTO outbox",
            &[
                Id(Message),
                Cause,
                Words("booking-confirmed"),
                Words("email"),
                Id(Person),
                Sealed,
                Now,
            ],
        ),
        (
            "UPDATE person SET remind_by",
            &[Id(Person), Words("email"), No, Now, Yes],
        ),
        (
            "INSERT INTO consent",
            &[
                Id(Consent),
                Id(Person),
                Nothing,
                Words("course-name"),
                No,
                Wording,
                Words("1"),
                Words("booking"),
                Now,
            ],
        ),
    ]
};

/// What begins the transaction: everything from here on is one.
const FIRST_IN_TRANSACTION: &str = "SELECT status, volunteers_only";

/// The statements of one booking with what they are given.
struct Yardstick {
    statements: Vec<(&'static str, &'static [Bind])>,
    sealed: Vec<u8>,
    wording: String,
}

impl Yardstick {
    /// Listens to one booking.
    async fn listen(site: &Site, ear: &Ear, people: &People) -> Result<Self> {
        // The first one also makes the key that messages are sealed with.
        book(site, people.next(1)?, 1).await?;
        let ((), Statements(heard)) = ear.listen(book(site, people.next(1)?, 1)).await?;
        let mut statements: Vec<(&'static str, &'static [Bind])> = Vec::new();
        for sql in heard {
            let known = BINDS.iter().find(|(start, _)| sql.starts_with(start));
            let (_, binds) = known
                .ok_or_else(|| format!("a booking runs what its yardstick does not: {sql}"))?;
            let (given, next) = (binds.len(), binds.len() + 1);
            if !sql.contains(&format!("${given}")) || sql.contains(&format!("${next}")) {
                return Err(format!("not {given} parameters: {sql}").into());
            }
            statements.push((sql.leak(), binds));
        }
        if statements.len() != BINDS.len() {
            return Err(format!(
                "a booking runs {} statements, its yardstick {}",
                statements.len(),
                BINDS.len()
            )
            .into());
        }
        let (sealed, wording): (Vec<u8>, String) =
            read!(site.app.db, |c| {
                Ok(sqlx::query_as(
                    "SELECT outbox.sealed, consent.wording FROM outbox, consent LIMIT 1",
                )
                .fetch_one(&mut *c)
                .await?)
            })?;
        Ok(Self {
            statements,
            sealed,
            wording,
        })
    }

    /// The bare loop: one connection, one booking after the other.
    async fn run(&self, site: &Site, bare: &mut SqliteConnection, who: Range<u32>) -> Result<()> {
        for n in who {
            let now = site.app.clock.now();
            for (sql, binds) in &self.statements {
                if sql.starts_with(FIRST_IN_TRANSACTION) {
                    sqlx::query("BEGIN IMMEDIATE").execute(&mut *bare).await?;
                }
                let mut query = sqlx::query(AssertSqlSafe(*sql));
                for bind in *binds {
                    query = self.give(query, *bind, n, now);
                }
                query.fetch_all(&mut *bare).await?;
            }
            sqlx::query("COMMIT").execute(&mut *bare).await?;
        }
        Ok(())
    }

    fn give<'q>(
        &'q self,
        query: sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
        bind: Bind,
        n: u32,
        now: DateTime<Utc>,
    ) -> sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
        match bind {
            Bind::Id(what) => query.bind(what.id(n)),
            Bind::Token => query.bind(hash(&Bench::token(n)).to_vec()),
            Bind::Slug => query.bind(Bench::slug(n)),
            Bind::FormKey => query.bind(hash(&format!("form-{n}")).to_vec()),
            Bind::Reference => query.bind(format!("B-{n:07}")),
            Bind::Cause => query.bind(format!("booking:{}:confirmed", Bench::Booking.id(n))),
            Bind::Words(words) => query.bind(words),
            Bind::Number(number) => query.bind(number),
            Bind::Yes => query.bind(true),
            Bind::No => query.bind(false),
            Bind::Nothing => query.bind(None::<String>),
            Bind::Now => query.bind(now),
            Bind::Sealed => query.bind(&self.sealed),
            Bind::Wording => query.bind(&self.wording),
        }
    }

    /// The same for pgbench.
    fn script(&self) -> String {
        let mut script = format!(
            "\\set n :first + :client_id * :each + :done\n\\set done :done + 1\n\\set run :n % {RUNS}\n\
             \\set course :run / {DATES}\n"
        );
        for (sql, binds) in &self.statements {
            if sql.starts_with(FIRST_IN_TRANSACTION) {
                script.push_str("BEGIN;\n");
            }
            let mut sql = (*sql).to_owned();
            // From the last, so that $1 does not take a part of $10.
            for (at, bind) in binds.iter().enumerate().rev() {
                sql = sql.replace(&format!("${}", at + 1), &self.expression(*bind));
            }
            script.push_str(&sql);
            script.push_str(";\n");
        }
        script.push_str("COMMIT;\n");
        script
    }

    fn expression(&self, bind: Bind) -> String {
        match bind {
            Bind::Id(what) => {
                let number = if matches!(what, Bench::Run) {
                    "run"
                } else {
                    "n"
                };
                format!(
                    "('{}' || lpad(:{number}::text, 12, '0'))::uuid",
                    what.prefix()
                )
            }
            Bind::Token => "sha256(('bench-device-' || :n::text)::bytea)".to_owned(),
            Bind::Slug => "('course-' || :course::text)".to_owned(),
            Bind::FormKey => "sha256(('form-' || :n::text)::bytea)".to_owned(),
            Bind::Reference => "('B-' || lpad(:n::text, 7, '0'))".to_owned(),
            Bind::Cause => {
                "('booking of somebody, confirmed ' || lpad(:n::text, 20, '0'))".to_owned()
            }
            Bind::Words(words) => format!("'{words}'"),
            Bind::Number(number) => number.to_string(),
            Bind::Yes => "TRUE".to_owned(),
            Bind::No => "FALSE".to_owned(),
            Bind::Nothing => "NULL".to_owned(),
            Bind::Now => "now()".to_owned(),
            Bind::Sealed => {
                let hex: Vec<String> = self
                    .sealed
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("'\\x{}'::bytea", hex.concat())
            }
            Bind::Wording => format!("'{}'", self.wording.replace('\'', "''")),
        }
    }
}
