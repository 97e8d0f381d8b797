//! What only tests and rehearsals have: a clock that can be set, sweeps and changes of a run when asked for, and the page
//! `/style`. Built with the feature `rehearsal` alone; a real site is built without it.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};

use crate::bookings::changes::{Change, call_off, change};
use crate::bookings::store::offer_at;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::server::guard::Anyone;
use crate::server::http::{Keep, Refusal, page};
use crate::server::routes::Routes;
use crate::server::{App, Result, jobs, rehearsal};
use crate::ui::form::Submitted;
use crate::ui::style;

/// How far the clock has been moved from the machine's, in microseconds.
static MOVED: AtomicI64 = AtomicI64::new(0);

/// The machine's clock, moved by what was asked for at `/rehearsal/clock`.
pub fn clock() -> Clock {
    let system = Clock::system();
    Clock::from_fn(move || system.now() + TimeDelta::microseconds(MOVED.load(Ordering::Relaxed)))
}

/// The routes of a rehearsal.
pub fn routes() -> Routes {
    Routes::default()
        .get("/style", show)
        .post("/rehearsal/clock", set)
        .post("/rehearsal/sweep", sweep)
        .post("/rehearsal/change", change_run)
        .post("/rehearsal/writer", writer)
}

/// Puts the switches that whole requests go through round the routes.
pub fn layers(router: Router<App>, app: &App) -> Router<App> {
    router.layer(middleware::from_fn_with_state(app.clone(), forgetful))
}

/// Forgets bookings, if that was asked for.
async fn forgetful(State(app): State<App>, request: Request, next: Next) -> Response {
    let books = request.method() == Method::POST && request.uri().path().ends_with("/book");
    if books && app.switches.forgets_bookings() {
        rehearsal::forgetting(next.run(request)).await
    } else {
        next.run(request).await
    }
}

/// `do=full` lets SQLite's file grow no more, until the writer is opened anew; `do=careless` lets it commit without a sync.
async fn writer(_: Anyone, State(app): State<App>, submitted: Submitted) -> Result<Response> {
    let pragma = match submitted.line("do").as_str() {
        "full" => "PRAGMA max_page_count = 1",
        "careless" => "PRAGMA synchronous = NORMAL",
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let Db::Sqlite { writer, .. } = &app.db else {
        return Ok(Refusal::BadRequest.into_response());
    };
    sqlx::query(pragma).execute(writer).await?;
    Ok(page(StatusCode::OK, Keep::Nothing, String::new()))
}

async fn show(_: Anyone, State(app): State<App>) -> Response {
    page(StatusCode::OK, Keep::Nothing, style::page(&app.site))
}

/// `now=2027-01-04T09:00:00Z` sets the clock, `forward=3600` moves it on by so many seconds. Answers with the time.
async fn set(_: Anyone, State(app): State<App>, submitted: Submitted) -> Result<Response, Refusal> {
    let (now, forward) = (submitted.line("now"), submitted.line("forward"));
    let by = match (now.as_str(), forward.as_str()) {
        ("", seconds) => seconds.parse::<i64>().ok().and_then(TimeDelta::try_seconds),
        (now, _) => now
            .parse::<DateTime<Utc>>()
            .ok()
            .map(|now| now - app.clock.now()),
    };
    let by = by
        .and_then(|by| by.num_microseconds())
        .ok_or(Refusal::BadRequest)?;
    MOVED.fetch_add(by, Ordering::Relaxed);
    Ok(page(
        StatusCode::OK,
        Keep::Nothing,
        app.clock.now().to_rfc3339(),
    ))
}

/// Does at once what the sweeps do in time.
async fn sweep(_: Anyone, State(app): State<App>) -> Response {
    jobs::sweep(&app).await;
    page(StatusCode::OK, Keep::Nothing, String::new())
}

/// Moves the first session of the run at `/courses/{course}/{run}` by so many `minutes`; without any it is called off.
async fn change_run(
    _: Anyone,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response, Refusal> {
    let (course, run) = (submitted.line("course"), submitted.line("run"));
    let found = offer_at(&app.db, &course, &run, app.clock.now()).await;
    let (offer, _) = found
        .map_err(|_| Refusal::BadRequest)?
        .ok_or(Refusal::NotFound)?;
    let minutes = submitted.line("minutes").parse::<i64>();
    let outcome = match (minutes, offer.sessions.first()) {
        (Ok(minutes), Some(first)) => {
            let by = TimeDelta::minutes(minutes);
            let moved = Change::Move {
                session: first.id,
                starts_at: first.starts_at + by,
                ends_at: first.ends_at + by,
            };
            change(&app, offer.run.id, &[moved], None).await
        }
        _ => call_off(&app, offer.run.id, None).await,
    };
    let outcome = outcome.map_err(|_| Refusal::BadRequest)?;
    Ok(page(StatusCode::OK, Keep::Nothing, format!("{outcome:?}")))
}
