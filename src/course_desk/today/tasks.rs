//! What somebody of the team has to do today, and who does it.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::{HERE, Session};
use crate::bookings::calls;
use crate::bookings::post::LATE;
use crate::course_desk::runs;
use crate::privacy::requests;
use crate::server::http::{Refusal, see};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, review};
use crate::ui::dates;
use crate::ui::form::*;
use crate::{read, write_tx};

/// Something to do.
pub struct Task {
    /// What it is, for who does it: the same all day.
    key: String,
    /// The page on which it is done; none where others do it.
    href: Option<String>,
    words: String,
    /// Who does it: their account, and what they are called.
    owner: Option<(Uuid, String)>,
}

/// How much there is of each thing that is counted.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Counted {
    calls: i64,
    calls_late: i64,
    dead: i64,
    no_tutor: i64,
    no_place: i64,
    pencilled: i64,
    few: i64,
    few_now: i64,
    offers: i64,
    stuck: i64,
    letters: i64,
    staff_review: i64,
    #[sqlx(flatten)]
    requests: requests::Due,
}

/// The runs that are to come; `$2` is now.
const TO_COME: &str = "run.status <> 'cancelled' AND run.ends_at > $2";

async fn counted(app: &App, now: DateTime<Utc>) -> Result<Counted> {
    let due = requests::due_columns("$4", "$5", "$6");
    let (undelivered, review) = (calls::messages::COUNT, review::due_column("$7"));
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM phone_call WHERE done_at IS NULL AND call_by > $3) AS calls, \
                (SELECT COUNT(*) FROM phone_call WHERE done_at IS NULL AND call_by > $3 AND call_by <= $2) AS calls_late, \
                ({undelivered}) AS dead, ({LATE}) AS letters, {due}, {review}, \
                COUNT(*) FILTER (WHERE run.tutor_id IS NULL) AS no_tutor, \
                COUNT(*) FILTER (WHERE run.join_link IS NULL AND (run.venue_id IS NULL OR EXISTS (SELECT 1 FROM session \
                                 WHERE session.run_id = run.id AND session.elsewhere AND session.venue_id IS NULL \
                                 AND session.ends_at > $2))) AS no_place, \
                COUNT(*) FILTER (WHERE run.hire = 'pencilled') AS pencilled, \
                COUNT(*) FILTER (WHERE run.places_taken < run.minimum AND run.decide_on > $4) AS few, \
                COUNT(*) FILTER (WHERE run.places_taken < run.minimum AND run.decide_on <= $4) AS few_now, \
                COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM place_offer WHERE place_offer.run_id = run.id \
                                 AND state = 'open' AND expires_at > $2)) AS offers, \
                COUNT(*) FILTER (WHERE run.opens_at <= $2 AND run.status IN ('draft', 'closed')) AS stuck \
         FROM run WHERE {TO_COME}"
    );
    let today = dates::day_of(now);
    let (soon, long_ago) = (requests::soon(today), requests::long_ago(today));
    let today = today.to_string();
    read!(app.db, |c| {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(now - TimeDelta::days(1))
            .bind(now)
            .bind(now - calls::KEPT)
            .bind(&today)
            .bind(&soon)
            .bind(&long_ago)
            .bind(review::since(now))
            .fetch_one(&mut *c)
            .await?)
    })
}

/// Everything there is to do, with who does it. Requests about data are a link for whoever may open them (`of_requests`); to look
/// through the list of staff is for whoever may open that (`of_staff`).
pub async fn all(
    app: &App,
    now: DateTime<Utc>,
    unmarked: Vec<Session>,
    of_requests: bool,
    of_staff: bool,
) -> Result<Vec<Task>> {
    let counted = counted(app, now).await?;
    let requests = requests_due(&counted.requests, of_requests);
    let mut owners = owners(app, now).await?;
    let mut tasks: Vec<Task> = lines(&counted)
        .into_iter()
        .filter(|(_, _, count, _)| *count > 0)
        .map(|(key, href, count, [one, more])| Task {
            key: key.to_owned(),
            href: Some(href.to_owned()),
            words: format!(
                "{count} {}{}",
                if count == 1 { one } else { more },
                late(key, &counted)
            ),
            owner: None,
        })
        .collect();
    tasks.extend(requests);
    tasks.extend((of_staff && counted.staff_review > 0).then(|| Task {
        key: "staff-review".to_owned(),
        href: Some("/desk/staff".to_owned()),
        words: review::WORDS.to_owned(),
        owner: None,
    }));
    let today = dates::day_of(now);
    tasks.extend(unmarked.into_iter().map(|session| {
        let when = dates::day_and_time(session.starts_at, today);
        let tutor = session.tutor.map(|tutor| format!(" ({tutor})"));
        Task {
            key: format!("register-{}", session.id),
            href: Some(format!("{}/{}", runs::HERE, session.run_id)),
            words: format!(
                "Nobody is marked yet: {}, {when}{}",
                session.title,
                tutor.unwrap_or_default()
            ),
            owner: None,
        }
    }));
    for task in &mut tasks {
        task.owner = owners.remove(&task.key);
    }
    Ok(tasks)
}

/// How many of the calls should have been made by now.
fn late(key: &str, counted: &Counted) -> String {
    match counted.calls_late {
        n @ 1.. if key == "calls" => format!(" ({n} late)"),
        _ => String::new(),
    }
}

type Line = (&'static str, &'static str, i64, [&'static str; 2]);

/// The requests about people's data that are due, with whom they are.
fn requests_due(due: &requests::Due, of_requests: bool) -> Option<Task> {
    let words = due.words()?;
    let (href, words) = if of_requests {
        (Some(requests::HERE.to_owned()), words)
    } else {
        (None, format!("{words}. Ask the data protection officer"))
    };
    Some(Task {
        key: "requests".to_owned(),
        href,
        words,
        owner: None,
    })
}

/// What is counted, the most pressing first: its key, its page, how many, the words for one and for more.
fn lines(counted: &Counted) -> [Line; 10] {
    const LOOK: &str = "/desk/runs?group=look";
    [
        (
            "calls",
            "/desk/calls",
            counted.calls,
            ["call to make", "calls to make"],
        ),
        (
            "not-delivered",
            calls::messages::HERE,
            counted.dead,
            [
                "message that did not arrive, and nobody is rung about it",
                "messages that did not arrive, and nobody is rung about them",
            ],
        ),
        (
            "no-tutor",
            LOOK,
            counted.no_tutor,
            ["run without a tutor", "runs without a tutor"],
        ),
        (
            "no-place",
            LOOK,
            counted.no_place,
            [
                "run without a place or a link",
                "runs without a place or a link",
            ],
        ),
        (
            "hire",
            LOOK,
            counted.pencilled,
            [
                "run whose room is not confirmed",
                "runs whose room is not confirmed",
            ],
        ),
        (
            "decide",
            LOOK,
            counted.few_now,
            [
                "run with too few people, to be decided now: will it take place?",
                "runs with too few people, to be decided now: will they take place?",
            ],
        ),
        (
            "few",
            LOOK,
            counted.few,
            ["run that needs more people", "runs that need more people"],
        ),
        (
            "stuck",
            LOOK,
            counted.stuck,
            [
                "run that should be open by now, but its course is not on the website",
                "runs that should be open by now, but their courses are not on the website",
            ],
        ),
        (
            "letters",
            "/desk/letters",
            counted.letters,
            [
                "letter that has waited more than a day for the post",
                "letters that have waited more than a day for the post",
            ],
        ),
        (
            "offers",
            "/desk/runs?group=offers",
            counted.offers,
            ["run with an offer out", "runs with offers out"],
        ),
    ]
}

/// Who does what today.
async fn owners(app: &App, now: DateTime<Utc>) -> Result<HashMap<String, (Uuid, String)>> {
    let day = dates::day_of(now).to_string();
    let rows: Vec<(String, Uuid, Option<String>)> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT today_task.task, today_task.account_id, \
                    (SELECT COALESCE(person.preferred_name, person.full_name) FROM representation \
                     JOIN person ON person.id = representation.person_id \
                     WHERE representation.account_id = today_task.account_id AND representation.kind = 'self' \
                     AND representation.ends_at IS NULL) \
             FROM today_task WHERE today_task.day = $1",
        )
        .bind(&day)
        .fetch_all(&mut *c)
        .await?)
    })?;
    let named = |name: Option<String>| name.unwrap_or_else(|| "Somebody who has left".to_owned());
    Ok(rows
        .into_iter()
        .map(|(task, account, name)| (task, (account, named(name))))
        .collect())
}

/// Somebody says that they do it, or that they do not after all. What somebody else does already stays theirs.
pub async fn take(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let task = submitted.line("task");
    let is_key = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if task.is_empty() || task.len() > 60 || !task.chars().all(is_key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let (now, account) = (app.clock.now(), desk.who().account_id);
    let day = dates::day_of(now).to_string();
    let leave = match submitted.line("do").as_str() {
        "take" => false,
        "leave" => true,
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    write_tx!(app.db, |c| {
        if leave {
            sqlx::query("DELETE FROM today_task WHERE task = $1 AND day = $2 AND account_id = $3")
                .bind(&task)
                .bind(&day)
                .bind(account)
                .execute(&mut *c)
                .await?;
        } else {
            sqlx::query(
                "INSERT INTO today_task (task, day, account_id, taken_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (task, day) DO NOTHING",
            )
            .bind(&task)
            .bind(&day)
            .bind(account)
            .bind(now)
            .execute(&mut *c)
            .await?;
        }
        Ok(())
    })?;
    Ok(see(HERE))
}

/// "To do", for the account `own`.
pub fn part(tasks: Vec<Task>, own: Uuid) -> impl IntoView {
    let nothing = tasks
        .is_empty()
        .then(|| view! { <p>"Nothing waits for you. Have a good day."</p> });
    let items: Vec<_> = tasks.into_iter().map(|task| item(task, own)).collect();
    view! {
        <section class="wb-block" aria-labelledby="to-do">
            <h2 id="to-do">"To do"</h2>
            {nothing}
            <ul class="wb-tasks">{items}</ul>
        </section>
    }
}

fn item(task: Task, own: Uuid) -> impl IntoView {
    let Task {
        key,
        href,
        words,
        owner,
    } = task;
    let hidden = format!(": {words}");
    let button = |value: &'static str, label: &'static str| {
        view! {
            <Form>
                <HiddenField name="task" value=key.clone() />
                <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value=value>
                    {label} <span class="govuk-visually-hidden">{hidden.clone()}</span>
                </Button>
            </Form>
        }
    };
    let who = match owner {
        // It has one who looks after it, whom the words name.
        None if href.is_none() => ().into_any(),
        None => button("take", "I do this").into_any(),
        Some((account, _)) if account == own => {
            view! { <p>"You do this."</p> {button("leave", "Not me after all")} }.into_any()
        }
        Some((_, name)) => view! { <p>{name} " does this."</p> }.into_any(),
    };
    let what = match href {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    };
    view! { <li>{what} <div class="wb-tasks__who">{who}</div></li> }
}
