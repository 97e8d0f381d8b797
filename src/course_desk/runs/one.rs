//! One run: who has a place, who waits, its dates, and what can be done with it.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Booked, News, Run, Waits};
use super::store::{self, A_PAGE};
use super::{Chosen, HERE, path, walk_ins};
use crate::accounts::said::{Said, said};
use crate::bookings::changes::rules::later_today;
use crate::bookings::store::Session;
use crate::server::http::{Keep, page};
use crate::server::{App, Result};
use crate::staff::audit::{self, Action};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::ButtonLink;
use crate::ui::page::tel;
use crate::ui::pieces::*;

#[derive(Debug, Default, Deserialize)]
pub struct At {
    page: Option<u32>,
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response> {
    let number = at.page.unwrap_or(1).clamp(1, 10_000);
    let now = app.clock.now();
    let booked = store::booked(&app, run.id, number).await?;
    let waiting = store::waiting(&app, run.id).await?;
    let sessions = store::sessions(&app, run.id).await?;
    let news = store::news(&app, run.id).await?;
    let mut people: Vec<Uuid> = booked.iter().map(|one| one.person_id).collect();
    people.extend(waiting.iter().map(|one| one.person_id));
    people.sort_unstable();
    people.dedup();
    // Each look at somebody's details is written down before they are shown.
    audit::looked(&app, desk.by(), Action::Looked, Some(run.id), people).await?;
    let walked_in = walk_ins::of(&app, &desk, &run).await?;
    let heard = Said::heard(&app, &headers);
    let title = run.title.clone();
    let html = in_desk(&app, desk.who(), &title, HERE, false, || {
        let back = view! { <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav> };
        view! {
            {back}
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            {head(&run, now)}
            <div class="wb-split">
                <div>
                    {bookings(&run, booked, number, now)}
                    {list(&run, waiting, now)}
                    {walk_ins::part(&run, walked_in, now)}
                    {dates_of(&run, &sessions, now)}
                </div>
                <aside class="wb-split__aside" aria-label="About this run">
                    {places(&run)}
                    {to_do(&run, &sessions, now)}
                    {happened(&run, news, now)}
                </aside>
            </div>
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn head(run: &Run, now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let (first, last) = (dates::day_of(run.starts_at), dates::day_of(run.ends_at));
    let when = if first == last {
        dates::day_and_times(run.starts_at, run.ends_at, today)
    } else {
        format!(
            "{} from {}, until {}",
            run.length(),
            dates::day_and_time(run.starts_at, today),
            dates::day(last, today)
        )
    };
    let tutor = match &run.tutor {
        Some(tutor) => format!("Tutor: {tutor}"),
        None => "No tutor yet".to_owned(),
    };
    let missing: Vec<_> = run
        .missing(now)
        .into_iter()
        .map(|words| view! { <span class="wb-missing">{words}</span> })
        .collect();
    let public = (run.status == "open").then(|| {
        let href = format!("/courses/{}", run.slug);
        view! { <p><a href=href>"The course’s page on the website"</a></p> }
    });
    view! {
        <div class="wb-desk-head">
            <h1>{run.title.clone()}</h1>
            <p><Tag state=run.tag(now) /> {missing}</p>
        </div>
        <p>{when} <br /> {run.place()} <br /> {tutor}</p>
        {public}
    }
}

fn bookings(
    run: &Run,
    booked: Vec<Booked>,
    number: u32,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let pages = u32::try_from((run.places_taken + A_PAGE - 1) / A_PAGE).unwrap_or(1);
    let nobody = booked.is_empty().then(|| {
        view! { <EmptyState title="Nobody has booked yet" level=3><p>"Who books is here at once."</p></EmptyState> }
    });
    let table = (!booked.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = booked
            .into_iter()
            .map(|one| {
                let waits = (one.status == "awaiting-guardian").then_some(". Waits for a parent or guardian");
                let booked = format!("{}, {}", dates::short_day(dates::day_of(one.created_at), today), one.how());
                let phone = one.phone.as_ref().map(|phone| {
                    let href = tel(phone);
                    view! { <a href=href>{phone.clone()}</a> <br /> }
                });
                let contact = view! { {phone} <span class="wb-path">{one.email.clone()}</span> };
                vec![
                    person(one.person_id, one.name.clone()).into_any(),
                    contact.into_any(),
                    view! { {booked} {waits} }.into_any(),
                    one.reference.into_any(),
                ]
            })
            .collect();
        view! {
            <Table caption="Who has a place" stacks=true columns=vec![
                Column::new("Name"), Column::new("Contact"), Column::new("Booked"), Column::new("Booking number"),
            ] rows=rows />
        }
    });
    let book = (run.status == "open" && !run.is_past(now)).then(|| {
        let href = format!("/desk/people/book?run={}", run.id);
        view! { <ButtonLink href=href>"Book for somebody"</ButtonLink> }
    });
    let base = format!("{}?page=", path(run));
    view! {
        <section class="wb-block" aria-labelledby="booked">
            <div class="wb-desk-head">
                <h2 id="booked">"Bookings"</h2>
                {book}
            </div>
            {nobody}
            {table}
            <Pagination page=number pages=pages base=base />
            <p class="wb-small">"That you see these details is written down."</p>
        </section>
    }
}

/// Somebody's name, with the way to their page.
fn person(id: Uuid, name: String) -> impl IntoView {
    let href = format!("/desk/people/{id}");
    view! { <a href=href>{name}</a> }
}

fn list(run: &Run, waiting: Vec<Waits>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if waiting.is_empty() {
        return None;
    }
    let today = dates::day_of(now);
    let people = match run.waiting {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let more = (run.waiting > i64::try_from(waiting.len()).unwrap_or(i64::MAX))
        .then(|| view! { <p>"The first of them are shown."</p> });
    let mut turn = 0;
    let mut before = None;
    let rows: Vec<Vec<AnyView>> = waiting
        .into_iter()
        .map(|one| {
            let together = before == Some(one.entry_id);
            turn += i64::from(!together);
            before = Some(one.entry_id);
            let state = match one.offered_until {
                Some(until) => format!("Offered a place until {}", dates::until(until, today)),
                None => "Waiting".to_owned(),
            };
            let and = together.then_some("and ");
            vec![
                turn.into_any(),
                view! { {and} {person(one.person_id, one.name)} }.into_any(),
                dates::day_and_time(one.joined_at, today).into_any(),
                state.into_any(),
            ]
        })
        .collect();
    Some(view! {
        <section class="wb-block" aria-labelledby="waiting">
            <h2 id="waiting">"Waiting list: " {people}</h2>
            <Table caption="Who waits, in order" stacks=true columns=vec![
                Column::new("Turn"), Column::new("Name"), Column::new("Since"), Column::new("State"),
            ] rows=rows />
            {more}
        </section>
    })
}

fn dates_of(run: &Run, sessions: &[Session], now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let can_change = run.can_change(now);
    let rows: Vec<Vec<AnyView>> = sessions
        .iter()
        .enumerate()
        .map(|(n, session)| {
            let day = dates::day(dates::day_of(session.starts_at), today);
            let change = if session.ends_at <= now {
                "Over".into_any()
            } else if session.starts_at <= now || !can_change {
                ().into_any()
            } else {
                let href = format!("{}/sessions/{}", path(run), session.id);
                let what = format!(" the session on {day}");
                view! {
                    <a href=href.clone()>"Move" <span class="govuk-visually-hidden">{what.clone()}</span></a> " "
                    <a href=format!("{href}/drop")>"Drop" <span class="govuk-visually-hidden">{what}</span></a>
                }
                .into_any()
            };
            vec![
                (n + 1).into_any(),
                day.into_any(),
                dates::times(session.starts_at, session.ends_at).into_any(),
                change,
            ]
        })
        .collect();
    let add = can_change.then(|| {
        let href = format!("{}/sessions/add", path(run));
        view! { <p><a href=href>"Add a session"</a></p> }
    });
    view! {
        <section class="wb-block" aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            <Table caption="The sessions of this run" stacks=true columns=vec![
                Column::new("Number"), Column::new("Day"), Column::new("Time"), Column::new("Change"),
            ] rows=rows />
            {add}
        </section>
    }
}

fn places(run: &Run) -> impl IntoView + use<> {
    let count = |n: i64| u32::try_from(n).unwrap_or(0);
    let held = (run.held > 0).then(|| format!(", {} kept for an offer or a sign-up", run.held));
    let late = (run.join_by_session > 1)
        .then(|| view! { <p>"New people may join up to session " {run.join_by_session} "."</p> });
    let href = format!("{}/places", path(run));
    view! {
        <section class="wb-card" aria-labelledby="places">
            <h2 id="places">"Places"</h2>
            <FillBar booked=count(run.places_taken) held=count(run.held) capacity=count(run.capacity) />
            <p><strong>{run.places_taken} " booked"</strong> {held} ", of " {run.capacity}</p>
            {late}
            <p><a href=href>"Change the number of places"</a></p>
        </section>
    }
}

fn to_do(run: &Run, sessions: &[Session], now: DateTime<Utc>) -> impl IntoView + use<> {
    if !run.can_change(now) {
        return None;
    }
    let base = path(run);
    let mut links = Vec::new();
    if later_today(sessions, now).is_some() {
        links.push(("off-today", "Today’s session is off"));
    }
    links.push(("change", "Change the place or the tutor"));
    links.push(("lists", "Room, stand-ins, who sees the list"));
    links.push(if run.status == "open" {
        ("booking", "Close to new bookings")
    } else {
        ("booking", "Open for booking")
    });
    links.push(("call-off", "Call this run off"));
    let links: Vec<_> = links
        .into_iter()
        .map(|(to, words)| view! { <li><a href=format!("{base}/{to}")>{words}</a></li> })
        .collect();
    Some(view! {
        <section class="wb-card" aria-labelledby="do">
            <h2 id="do">"Do something"</h2>
            <ul class="wb-plain">{links}</ul>
        </section>
    })
}

fn happened(run: &Run, news: Vec<News>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if news.is_empty() {
        return None;
    }
    let today = dates::day_of(now);
    let base = path(run);
    let items: Vec<_> = news
        .into_iter()
        .map(|one| {
            let lines: Vec<_> = one.words.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect();
            let by = one.done_by.map(|by| format!(", by {by}"));
            let href = format!("{base}/told?change={}", one.sequence);
            let at = dates::day_and_time(one.at, today);
            view! {
                <li>
                    {lines}
                    <p class="wb-small">{at.clone()} {by}</p>
                    <p><a href=href>"Who was told" <span class="govuk-visually-hidden">" of the change of " {at}</span></a></p>
                </li>
            }
        })
        .collect();
    Some(view! {
        <section class="wb-card" aria-labelledby="happened">
            <h2 id="happened">"What happened"</h2>
            <ul class="wb-plain">{items}</ul>
        </section>
    })
}
