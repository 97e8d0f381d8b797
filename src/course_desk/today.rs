//! Today: the course team's first page. What takes place, and what somebody has to do; nothing to do is said kindly.

mod tasks;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::runs;
use crate::bookings::{tutor_of, venue_of};
use crate::read;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::rights::{Courses, Requests, Right as _, StaffAccounts};
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::pieces::*;

/// The page; the `href` of its desk.
pub const HERE: &str = "/desk/today";
/// How many days ahead it looks.
const AHEAD: u64 = 7;
/// More sessions than a week has.
const AT_MOST: i64 = 200;

/// The route of the page.
pub fn routes() -> Routes {
    Routes::default().get(HERE, show).post(HERE, tasks::take)
}

/// A session of the week, or one whose register is not marked.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Session {
    id: Uuid,
    run_id: Uuid,
    title: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    venue: Option<String>,
    tutor: Option<String>,
    places_taken: i64,
    capacity: i64,
}

/// Reads [`Session`]s of runs that take place.
macro_rules! sessions {
    ($rest:literal) => {
        concat!(
            "SELECT session.id, run.id AS run_id, course.title, session.starts_at, session.ends_at, venue.name AS venue, \
                    tutor.full_name AS tutor, run.places_taken, run.capacity \
             FROM session JOIN run ON run.id = session.run_id AND run.status IN ('open', 'closed') \
             JOIN course ON course.id = run.course_id LEFT JOIN venue ON venue.id = ",
            venue_of!("session"),
            " LEFT JOIN tutor ON tutor.id = ",
            tutor_of!("session"),
            " ",
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

/// The sessions that are over and where nobody is marked, though somebody had a place, as long as the list is open. Marks are
/// counted, not looked for: for NOT EXISTS PostgreSQL would read the sessions of all years.
async fn unmarked(app: &App, now: DateTime<Utc>) -> Result<Vec<Session>> {
    let open_since = dates::start_of(dates::day_of(now) - Days::new(app.list_days.after));
    read!(app.db, |c| {
        Ok(sqlx::query_as(sessions!(
            "WHERE session.ends_at < $1 AND run.ends_at > $2 AND run.places_taken > 0 \
             AND (SELECT COUNT(*) FROM attendance WHERE attendance.session_id = session.id) = 0 \
             ORDER BY session.starts_at, run.id LIMIT $3"
        ))
        .bind(now)
        .bind(open_since)
        .bind(AT_MOST)
        .fetch_all(&mut *c)
        .await?)
    })
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
    let of_requests = desk.who().roles.first_of(Requests::ROLES).is_some();
    let of_staff = desk.who().roles.first_of(StaffAccounts::ROLES).is_some();
    let tasks = tasks::all(&app, now, unmarked, of_requests, of_staff).await?;
    let own = desk.who().account_id;
    let html = in_desk(&app, desk.who(), "Today", HERE, false, || {
        view! {
            <h1>"Today"</h1>
            <p class="wb-lead">{dates::weekday(today)} " " {dates::full_day(today)}</p>
            {tasks::part(tasks, own)}
            {part("this-day", "On today", "Nothing takes place today.", this_day, now, true)}
            {part("week", "In the next 7 days", "Nothing takes place in the next 7 days.", later, now, false)}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
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
                None => view! { <span class="wb-missing">"Nobody yet: the course team looks for a tutor"</span> }.into_any(),
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
                Column::new("When"), Column::new("Run"), Column::new("Where"), Column::new("Who looks after it"), Column::new("Places"),
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
