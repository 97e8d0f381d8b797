//! The dates of a run, its places, what can be done with it, and what happened.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::bookings::changes::rules::later_today;
use crate::bookings::store::{At, Own, Session};
use crate::course_desk::runs::model::{News, Run, Written};
use crate::course_desk::runs::{HERE, path};
use crate::ui::dates;
use crate::ui::pieces::*;

/// The sessions, with what can be changed about each.
pub fn dates_of(
    run: &Run,
    sessions: &[Session],
    own: &[Own],
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
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
                    <a href=format!("{href}/place")>
                        "Place or tutor" <span class="govuk-visually-hidden">{what.replacen(" the", " of the", 1)}</span>
                    </a> " "
                    <a href=format!("{href}/drop")>"Drop" <span class="govuk-visually-hidden">{what}</span></a>
                }
                .into_any()
            };
            vec![
                (n + 1).into_any(),
                day.into_any(),
                view! { {dates::times(session.starts_at, session.ends_at)} {of_its_own(own, session)} }.into_any(),
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

/// Where one session is, and who leads it, if not as the others.
fn of_its_own(own: &[Own], session: &Session) -> Option<impl IntoView + use<>> {
    let own = own.iter().find(|own| own.session_id == session.id)?;
    let at = own.at.as_ref().map(At::words);
    let leads = own.leads.as_ref().and_then(|leads| leads.full_name.clone());
    let leads = leads.map(|name| format!("with {name}"));
    let words: Vec<String> = [at, leads].into_iter().flatten().collect();
    Some(view! { <br /> <strong>{words.join(", ")}</strong> })
}

/// How many places there are.
pub fn places(run: &Run) -> impl IntoView + use<> {
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

/// What can be done with it.
pub fn to_do(run: &Run, sessions: &[Session], now: DateTime<Utc>) -> impl IntoView + use<> {
    let base = path(run);
    let copy = format!("{HERE}/add?like={}", run.id);
    let mut links = Vec::new();
    if run.status != "draft" {
        links.push(("attendance", "See who came"));
        links.push(("certificates", "Certificates"));
    }
    if matches!(run.status.as_str(), "open" | "closed") {
        links.push(("message", "Write to people"));
    }
    if run.can_change(now) && later_today(sessions, now).is_some() {
        links.push(("off-today", "Today’s session is off"));
    }
    if run.can_change(now) {
        links.push(("change", "Change the place or the tutor"));
        links.push(("lists", "Room, stand-ins, who sees the list"));
        links.push(("needs", "What would help people on the day"));
        links.push(("plans", "Hire, numbers and how to find it"));
        links.push(("window", "When booking opens and closes"));
        links.push(if run.status == "open" {
            ("booking", "Close to new bookings")
        } else {
            ("booking", "Open for booking")
        });
        links.push(if run.status == "draft" {
            ("call-off", "Throw this draft away")
        } else {
            ("call-off", "Call this run off")
        });
    }
    let links: Vec<_> = links
        .into_iter()
        .map(|(to, words)| view! { <li><a href=format!("{base}/{to}")>{words}</a></li> })
        .collect();
    view! {
        <section class="wb-card" aria-labelledby="do">
            <h2 id="do">"Do something"</h2>
            <ul class="wb-plain">{links} <li><a href=copy>"Copy this run to new dates"</a></li></ul>
        </section>
    }
}

/// What people were told, and when.
pub fn happened(run: &Run, news: Vec<News>, now: DateTime<Utc>) -> impl IntoView + use<> {
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

/// The last messages to its people.
pub fn written(run: &Run, sent: Vec<Written>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if sent.is_empty() {
        return None;
    }
    let today = dates::day_of(now);
    let all = format!("{}/message", path(run));
    let items: Vec<_> = sent
        .into_iter()
        .map(|one| {
            let at = dates::day_and_time(one.at, today);
            let people = match one.people {
                1 => "1 person".to_owned(),
                n => format!("{n} people"),
            };
            let whom = one.whom.words();
            view! {
                <li>
                    <p>{whom} ": " {people}</p>
                    <p class="wb-small">{at} ", by " {one.name}</p>
                </li>
            }
        })
        .collect();
    Some(view! {
        <section class="wb-card" aria-labelledby="written">
            <h2 id="written">"Messages to people"</h2>
            <ul class="wb-plain">{items}</ul>
            <p><a href=all>"Read all messages"</a></p>
        </section>
    })
}
