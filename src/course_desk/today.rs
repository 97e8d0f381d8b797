//! Today: the course team's first page. What takes place, and what somebody has to do; nothing to do is said kindly.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, TimeDelta, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::runs::{self, Group};
use crate::registers::rules::CLOSES_AFTER;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::pieces::*;
use crate::{bookings, read};

/// The page; the `href` of its desk.
pub const HERE: &str = "/desk/today";
/// How many days ahead it looks.
const AHEAD: u64 = 7;
/// More sessions than a week has.
const AT_MOST: i64 = 200;

/// The route of the page.
pub fn routes() -> Routes {
    Routes::default().get(HERE, show)
}

/// A session of the week, or one whose register is not marked.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Session {
    run_id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    venue: Option<String>,
    tutor: Option<String>,
    places_taken: i64,
    capacity: i64,
}

/// What there is to do with calls and messages, in numbers.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct ToDo {
    calls: i64,
    dead: i64,
    #[sqlx(default)]
    letters: i64,
}

/// Reads [`Session`]s of runs that take place.
macro_rules! sessions {
    ($rest:literal) => {
        concat!(
            "SELECT run.id AS run_id, course.title, session.starts_at, session.ends_at, venue.name AS venue, \
                    tutor.full_name AS tutor, run.places_taken, run.capacity \
             FROM session JOIN run ON run.id = session.run_id AND run.status IN ('open', 'closed') \
             JOIN course ON course.id = run.course_id LEFT JOIN venue ON venue.id = run.venue_id \
             LEFT JOIN tutor ON tutor.id = run.tutor_id ",
            $rest
        )
    };
}

/// The sessions from `from` to `to`, in order.
async fn between(app: &App, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Session>> {
    read!(app.db, |c| {
        Ok(sqlx::query_as(sessions!(
            "WHERE session.starts_at >= $1 AND session.starts_at < $2 ORDER BY session.starts_at, run.id LIMIT $3"
        ))
        .bind(from)
        .bind(to)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

/// The sessions that are over and where nobody is marked, though somebody had a place, as long as the list is open.
async fn unmarked(app: &App, now: DateTime<Utc>) -> Result<Vec<Session>> {
    let open_since = dates::start_of(dates::day_of(now) - Days::new(CLOSES_AFTER));
    read!(app.db, |c| {
        Ok(sqlx::query_as(sessions!(
            "WHERE session.ends_at < $1 AND run.ends_at > $2 AND run.places_taken > 0 \
             AND NOT EXISTS (SELECT 1 FROM attendance WHERE attendance.session_id = session.id) \
             ORDER BY session.starts_at, run.id LIMIT $3"
        ))
        .bind(now)
        .bind(open_since)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
}

async fn to_do(app: &App, now: DateTime<Utc>) -> Result<ToDo> {
    let since = now - TimeDelta::days(7);
    let letters = bookings::post::late(&app.db, now - TimeDelta::days(1), now).await?;
    let to_do: ToDo = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM phone_call WHERE done_at IS NULL AND call_by > $1) AS calls, \
                    (SELECT COUNT(*) FROM outbox WHERE state = 'dead' AND finished_at > $2) AS dead",
        )
        .bind(now - TimeDelta::days(1))
        .bind(since)
        .fetch_one(&mut *c)
        .await?)
    })?;
    Ok(ToDo { letters, ..to_do })
}

async fn show(desk: Desk<Courses>, State(app): State<App>) -> Result<Response> {
    let now = app.clock.now();
    let today = dates::day_of(now);
    let (from, to) = (
        dates::start_of(today),
        dates::start_of(today + Days::new(AHEAD + 1)),
    );
    let all = between(&app, from, to).await?;
    let (this_day, later): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|session| dates::day_of(session.starts_at) == today);
    let unmarked = unmarked(&app, now).await?;
    let to_do = to_do(&app, now).await?;
    let counts = runs::counts(&app).await?;
    let html = in_desk(&app, desk.who(), "Today", HERE, false, || {
        view! {
            <h1>"Today"</h1>
            <p class="wb-lead">{dates::weekday(today)} " " {dates::full_day(today)}</p>
            {things(to_do, counts, unmarked, now)}
            {part("this-day", "On today", "Nothing takes place today.", this_day, now, true)}
            {part("week", "In the next 7 days", "Nothing takes place in the next 7 days.", later, now, false)}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// What somebody has to do, each with the page on which it is done.
fn things(
    to_do: ToDo,
    counts: [i64; 8],
    unmarked: Vec<Session>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let today = dates::day_of(now);
    let runs = |group: Group| {
        let counted = Group::ALL.into_iter().zip(counts);
        let found = counted.into_iter().find(|(own, _)| *own == group);
        found.map_or(0, |(_, count)| count)
    };
    let several = |n: i64, one: &str, more: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {more}")),
    };
    let lines = [
        (
            "/desk/calls",
            several(to_do.calls, "call to make", "calls to make"),
        ),
        (
            "/desk/letters",
            several(
                to_do.letters,
                "letter that has waited more than a day for the post",
                "letters that have waited more than a day for the post",
            ),
        ),
        (
            "/desk/runs?group=look",
            several(
                runs(Group::Look),
                "run that needs a look: no tutor, no place, a room not confirmed or too few people",
                "runs that need a look: no tutor, no place, a room not confirmed or too few people",
            ),
        ),
        (
            "/desk/runs?group=offers",
            several(
                runs(Group::Offers),
                "run with an offer out",
                "runs with offers out",
            ),
        ),
        (
            "/desk/calls",
            several(
                to_do.dead,
                "message of this week that did not arrive: whoever it was about a place for is to be rung",
                "messages of this week that did not arrive: whoever they were about a place for are to be rung",
            ),
        ),
    ];
    let mut items: Vec<AnyView> = lines
        .into_iter()
        .filter_map(|(href, words)| Some((href, words?)))
        .map(|(href, words)| view! { <li><a href=href>{words}</a></li> }.into_any())
        .collect();
    items.extend(unmarked.into_iter().map(|session| {
        let href = format!("{}/{}", runs::HERE, session.run_id);
        let when = dates::day_and_time(session.starts_at, today);
        let tutor = session.tutor.map(|tutor| format!(" ({tutor})"));
        view! { <li>"Nobody is marked yet: " <a href=href>{session.title} ", " {when}</a> {tutor}</li> }.into_any()
    }));
    let nothing = items
        .is_empty()
        .then(|| view! { <p>"Nothing waits for you. Have a good day."</p> });
    view! {
        <section class="wb-block" aria-labelledby="to-do">
            <h2 id="to-do">"To do"</h2>
            {nothing}
            <ul class="wb-plain">{items}</ul>
        </section>
    }
}

fn part(
    id: &'static str,
    title: &'static str,
    nothing: &'static str,
    sessions: Vec<Session>,
    now: DateTime<Utc>,
    is_today: bool,
) -> impl IntoView {
    let today = dates::day_of(now);
    let none = sessions.is_empty().then(|| view! { <p>{nothing}</p> });
    let rows: Vec<Vec<AnyView>> = sessions
        .into_iter()
        .map(|session| {
            let href = format!("{}/{}", runs::HERE, session.run_id);
            let when = if is_today {
                dates::times(session.starts_at, session.ends_at)
            } else {
                dates::day_and_times(session.starts_at, session.ends_at, today)
            };
            let tutor = match session.tutor {
                Some(tutor) => tutor.into_any(),
                None => view! { <span class="wb-missing">"No tutor yet"</span> }.into_any(),
            };
            vec![
                when.into_any(),
                view! { <a href=href>{session.title}</a> }.into_any(),
                session
                    .venue
                    .unwrap_or_else(|| "Online".to_owned())
                    .into_any(),
                tutor,
                format!("{} of {}", session.places_taken, session.capacity).into_any(),
            ]
        })
        .collect();
    let table = (!rows.is_empty()).then(|| {
        view! {
            <Table caption=title stacks=true columns=vec![
                Column::new("When"), Column::new("Run"), Column::new("Where"), Column::new("Tutor"), Column::new("Places"),
            ] rows=rows />
        }
    });
    view! {
        <section class="wb-block" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {none}
            {table}
        </section>
    }
}
