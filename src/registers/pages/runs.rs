//! "My runs", and why a list is closed.

use leptos::prelude::*;

use super::{HERE, coming, kept, room, run_path};
use crate::accounts::model::Who;
use crate::registers::model::Run;
use crate::registers::rules::{ListDays, Standing};
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::dates;
use crate::ui::pieces::*;

/// A part of "My runs", when there is something in it.
fn part(
    id: &'static str,
    title: &'static str,
    lines: Vec<AnyView>,
) -> Option<impl IntoView + use<>> {
    (!lines.is_empty()).then(|| {
        view! {
            <section class="wb-block" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <ul class="wb-runs">{lines}</ul>
            </section>
        }
    })
}

/// "My runs".
pub fn runs(app: &App, who: &Who, runs: Vec<Run>) -> String {
    let now = app.clock.now();
    let today = dates::day_of(now);
    in_desk(app, who, "My runs", HERE, false, move || {
        let empty = runs.is_empty();
        let (mut now_on, mut to_come, mut past) = (Vec::new(), Vec::new(), Vec::new());
        for run in runs {
            let part = if run.ends_at <= now {
                &mut past
            } else if run.starts_at <= now {
                &mut now_on
            } else {
                &mut to_come
            };
            part.push(line(&run, today, app.list_days));
        }
        // The latest run comes first, but of those to come the soonest.
        to_come.reverse();
        let nothing = empty.then(|| {
            view! {
                <EmptyState title="You have no runs yet" level=2>
                    <p>"When the course team plans a run with you, it is here."</p>
                    <p>"Should one be here already? Call " <PhoneLink /> "."</p>
                </EmptyState>
            }
        });
        view! {
            <h1>"My runs"</h1>
            {kept(app, who, None)}
            {nothing}
            {part("now", "On now", now_on)}
            {part("to-come", "Coming up", to_come)}
            {part("past", "Past", past)}
        }
    })
}

fn line(run: &Run, today: chrono::NaiveDate, open: ListDays) -> AnyView {
    let (first, last) = run.days();
    let (title, place) = (run.title.clone(), run.place().to_owned());
    let name = match run.standing(today, open) {
        Standing::Open(_) => {
            let href = run_path(run);
            view! { <a href=href>{title}</a> }.into_any()
        }
        _ => title.into_any(),
    };
    let when = match run.next_at {
        Some(at) if run.status != "cancelled" => {
            format!("Next session: {}", dates::day_and_time(at, today))
        }
        _ => format!(
            "{} to {}",
            dates::short_day(first, today),
            dates::short_day(last, today)
        ),
    };
    let own = (!run.is_whole()).then(|| {
        let words = format!(
            "You lead {} of its {} sessions.",
            run.own_sessions, run.all_sessions
        );
        view! { <p>{words}</p> }
    });
    let room = room(run, run.elsewhere).map(|words| view! { <p>{words}</p> });
    let how = match run.standing(today, open) {
        Standing::Open(until) if run.next_at.is_none() => format!(
            "{}. The list is open until {}.",
            coming_then(run.coming),
            dates::day(until, today)
        ),
        Standing::Open(_) => format!("{}.", coming(run.coming)),
        Standing::Opens(from) => format!(
            "{}. The list opens on {}.",
            coming(run.coming),
            dates::day(from, today)
        ),
        Standing::Closed => "The list is closed.".to_owned(),
        Standing::Cancelled => "This run does not go ahead.".to_owned(),
    };
    // How it was found; whoever stands in sees only whom they lead.
    let feedback = (run.is_whole() && run.next_at.is_none() && run.status != "cancelled").then(|| {
        let (href, hidden) = (format!("{}/feedback", run_path(run)), format!(": {}", run.title));
        view! { <p><a href=href>"Feedback"<span class="govuk-visually-hidden">{hidden}</span></a></p> }
    });
    view! {
        <li class="wb-card">
            <h3>{name}</h3>
            <p>{when}</p>
            <p>{place}</p>
            {own}
            {room}
            <p class="wb-quiet">{how}</p>
            {feedback}
        </li>
    }
    .into_any()
}

/// "9 people had a place".
fn coming_then(n: i64) -> String {
    match n {
        0 => "Nobody had a place".to_owned(),
        1 => "1 person had a place".to_owned(),
        n => format!("{n} people had a place"),
    }
}

/// "14 days".
fn days(n: u64) -> String {
    if n == 1 {
        "1 day".to_owned()
    } else {
        format!("{n} days")
    }
}

/// Why there is no list: nothing about anybody is on this page.
pub fn closed(app: &App, who: &Who, run: &Run, standing: Standing) -> String {
    let today = dates::day_of(app.clock.now());
    let title = run.title.clone();
    let (heading, sentence) = match standing {
        Standing::Opens(from) => (
            "The list is not open yet",
            format!(
                "You can see who is coming from {}. That is {} before the first session.",
                dates::day(from, today),
                days(app.list_days.before)
            ),
        ),
        Standing::Cancelled => (
            "This run does not go ahead",
            "So its list is closed. The course team tells everybody who had a place.".to_owned(),
        ),
        Standing::Open(_) | Standing::Closed => (
            "This list is closed",
            format!(
                "We close a list {} after the last session. It keeps people’s details safe.",
                days(app.list_days.after)
            ),
        ),
    };
    in_desk(app, who, heading, HERE, false, move || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All my runs"</a></nav>
                <p class="wb-register__course">{title}</p>
                <h1>{heading}</h1>
                <p class="wb-lead">{sentence}</p>
                {kept(app, who, None)}
                <p>"Do you need something before or after that? Call us on " <PhoneLink /> "."</p>
            </div>
        }
    })
}
