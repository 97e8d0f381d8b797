//! "Who has seen my details": what a member reads of the lists that they were on.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::model::How;
use crate::accounts::Member;
use crate::accounts::model::Who;
use crate::accounts::pages::in_account;
use crate::accounts::roles::Role;
use crate::read;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result, paging};
use crate::ui::dates;
use crate::ui::pieces::*;

const HERE: &str = "/account/who-has-seen";
/// How many a page shows.
const A_PAGE: i64 = 50;

/// The page.
pub fn routes() -> Routes {
    Routes::default().get(HERE, show)
}

#[derive(Debug, Default, Deserialize)]
struct At {
    page: Option<u32>,
}

/// A day on which somebody saw their details.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Seen {
    day: String,
    /// Who it was.
    name: String,
    kind: String,
    times: i64,
    /// On the list of which course, and when its run begins.
    title: String,
    starts_at: DateTime<Utc>,
}

/// One page of what somebody's details were shown for, newest first, and how many there are. Whoever saw them has the name
/// that they have on the course's page; if they give no courses any more, that of their account.
async fn seen(app: &App, person_id: Uuid, page: u32) -> Result<(Vec<Seen>, i64)> {
    let skip = paging::skip(page, A_PAGE);
    read!(app.db, |c| {
        let rows = sqlx::query_as(
            "SELECT disclosure.day, disclosure.kind, disclosure.times, course.title, run.starts_at, \
                    COALESCE(tutor.full_name, person.full_name, '') AS name \
             FROM disclosure JOIN run ON run.id = disclosure.run_id JOIN course ON course.id = run.course_id \
             LEFT JOIN tutor ON tutor.account_id = disclosure.account_id \
             LEFT JOIN representation ON representation.account_id = disclosure.account_id \
                  AND representation.kind = 'self' AND representation.ends_at IS NULL \
             LEFT JOIN person ON person.id = representation.person_id \
             WHERE disclosure.person_id IN (SELECT id FROM person WHERE id = $1 OR merged_into = $1) \
             ORDER BY disclosure.day DESC, disclosure.last_at DESC, disclosure.id LIMIT $2 OFFSET $3",
        )
        .bind(person_id)
        .bind(A_PAGE)
        .bind(skip)
        .fetch_all(&mut *c)
        .await?;
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM disclosure \
             WHERE person_id IN (SELECT id FROM person WHERE id = $1 OR merged_into = $1)",
        )
        .bind(person_id)
        .fetch_one(&mut *c)
        .await?;
        Ok((rows, count))
    })
}

async fn show(member: Member, State(app): State<App>, Query(at): Query<At>) -> Result<Response> {
    let number = paging::number(at.page);
    let who = member.who();
    let (seen, count) = seen(&app, who.person_id, number).await?;
    let html = view_of(&app, who, seen, (number, count));
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

/// "Once", "2 times".
fn times(n: i64) -> String {
    match n {
        1 => "Once".to_owned(),
        n => format!("{n} times"),
    }
}

fn row(seen: Seen, today: NaiveDate) -> Vec<AnyView> {
    let day = seen.day.parse().unwrap_or(today);
    let how = How::of(&seen.kind);
    let role = how.map_or(Role::Tutor, |(role, _)| role);
    let who = match (seen.name.is_empty(), role) {
        (false, Role::Coordinator) => format!("{}, who organises the course", seen.name),
        (false, _) => format!("{}, tutor", seen.name),
        (true, Role::Coordinator) => "Somebody who organises the course".to_owned(),
        (true, _) => "A tutor".to_owned(),
    };
    let course = format!(
        "{}, from {}",
        seen.title,
        dates::short_day(dates::day_of(seen.starts_at), today)
    );
    let what = how.map_or("Saw your details", |(_, how)| how.words());
    vec![
        dates::day(day, today).into_any(),
        who.into_any(),
        course.into_any(),
        what.into_any(),
        times(seen.times).into_any(),
    ]
}

fn view_of(app: &App, who: &Who, seen: Vec<Seen>, (number, count): (u32, i64)) -> String {
    let today = dates::day_of(app.clock.now());
    let pages = paging::pages(count, A_PAGE);
    in_account(
        app,
        who,
        "Who has seen my details",
        HERE,
        false,
        move || {
            let list = if seen.is_empty() {
                view! {
                <EmptyState title="Nobody so far" level=2>
                    <p>"When your tutor opens the list of who is coming, you can see it here."</p>
                </EmptyState>
            }
            .into_any()
            } else {
                let rows: Vec<_> = seen.into_iter().map(|seen| row(seen, today)).collect();
                view! {
                <Table caption="Who has seen your details" stacks=true columns=vec![
                    Column::new("Day"), Column::new("Who"), Column::new("Course"), Column::new("What they did"),
                    Column::new("How often"),
                ] rows=rows />
                <Pagination page=number pages=pages base=format!("{HERE}?page=") />
            }
            .into_any()
            };
            view! {
                <h1>"Who has seen my details"</h1>
                <p class="wb-lead">"A tutor, or whoever organises the course with them, sees your name, phone and email, so that they can run it. Nothing else. \
                    Each time they open the list, we write it down here."</p>
                {list}
                <p class="wb-after-button">"Does something look wrong? Call us on " <PhoneLink /> "."</p>
            }
        },
    )
}
