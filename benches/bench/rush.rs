//! P7: a thousand people want the same twenty places within ten seconds.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use tokio::time::Instant;
use wellbeing_courses::ui::form::FORM_KEY;
use wellbeing_courses::{bookings, read, write_tx};

use crate::Result;
use crate::bookings::{Bench, People};
use crate::measure::Row;
use crate::site::{Site, ask, post};

const PEOPLE: u32 = 1000;
const PLACES: u32 = 20;
const WITHIN: Duration = Duration::from_secs(10);

/// What came of one person's wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Got {
    Place,
    Turn,
}

/// Everybody comes at their moment, books, and joins the waiting list if it is full.
pub async fn rows(site: &Site) -> Result<Vec<Row>> {
    let people = People::add(site, PEOPLE).await?;
    write_tx!(site.app.db, |c| {
        sqlx::query("UPDATE run SET capacity = $2 WHERE id = $1")
            .bind(Bench::Run.id(0))
            .bind(i64::from(PLACES))
            .execute(&mut *c)
            .await?;
        Ok(())
    })?;
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in people.next(PEOPLE)? {
        let router = site.router.clone();
        tasks.spawn(async move {
            let at = begin + WITHIN * n / PEOPLE;
            tokio::time::sleep_until(at).await;
            wish(&router, n, at).await
        });
    }
    let (mut places, mut turns, mut errors) = (0, 0, Vec::new());
    let mut took = Vec::new();
    while let Some(done) = tasks.join_next().await {
        match done? {
            Ok((got, times)) => {
                took.extend(times);
                match got {
                    Got::Place => places += 1,
                    Got::Turn => turns += 1,
                }
            }
            Err(error) => errors.push(error),
        }
    }
    check(site, places, turns).await?;
    took.sort();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    let what = format!(
        "{PEOPLE} people, {PLACES} places, {} s, {}",
        WITHIN.as_secs(),
        site.database()
    );
    let failed = u32::try_from(errors.len()).unwrap_or(PEOPLE);
    let such = errors
        .first()
        .map(|error| format!(" ({error})"))
        .unwrap_or_default();
    Ok(vec![
        Row::at_most(
            "P7",
            format!("{what}: errors{such}"),
            (failed.into(), 0.0, ""),
            PEOPLE as usize,
        ),
        Row::at_most(
            "P7",
            format!("{what}: the slowest hundredth"),
            (p99.as_secs_f64() * 1000.0, 2000.0, "ms"),
            took.len(),
        ),
    ])
}

/// One person, and how long each answer took from when they asked for it.
async fn wish(router: &axum::Router, n: u32, at: Instant) -> Result<(Got, Vec<Duration>)> {
    let cookie = format!("sid={}", Bench::token(n));
    let run = format!("/courses/{}/{}", Bench::slug(0), Bench::Run.id(0));
    let key = format!("a key of somebody {n}");
    let form = [(FORM_KEY, key.as_str()), ("remind", "email")];
    let booked = ask(router, post(&format!("{run}/book"), &cookie, &form)?).await?;
    let mut took = vec![at.elapsed()];
    if leads_to(&booked, "/booked") {
        return Ok((Got::Place, took));
    }
    if booked.status() != StatusCode::CONFLICT {
        return Err(format!("booking: {}", booked.status()).into());
    }
    let again = Instant::now();
    let waits = ask(router, post(&format!("{run}/wait"), &cookie, &[])?).await?;
    took.push(again.elapsed());
    if leads_to(&waits, "") {
        return Ok((Got::Turn, took));
    }
    Err(format!("waiting: {}", waits.status()).into())
}

fn leads_to(response: &Response<Body>, end: &str) -> bool {
    let to = response.headers().get(header::LOCATION);
    let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
    response.status() == StatusCode::SEE_OTHER && to.starts_with("/account/") && to.ends_with(end)
}

/// What they were told is what is in the database, and every place is somebody's.
async fn check(site: &Site, places: u32, turns: u32) -> Result<()> {
    let (taken, waiting): (i64, i64) = read!(site.app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM place WHERE run_id = $1 AND status = 'active'), \
                    (SELECT COUNT(*) FROM waiting_entry WHERE run_id = $1 AND ended_at IS NULL)",
        )
        .bind(Bench::Run.id(0))
        .fetch_one(&mut *c)
        .await?)
    })?;
    let differences = bookings::recount(&site.app.db).await?;
    let told = (i64::from(places), i64::from(turns));
    if told == (taken, waiting) && taken == i64::from(PLACES) && differences.is_empty() {
        return Ok(());
    }
    Err(
        format!("told {told:?}, there are {taken} places and {waiting} who wait; {differences:?}")
            .into(),
    )
}
