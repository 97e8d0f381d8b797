//! The views of the tutor desk.

use leptos::prelude::*;

use super::model::{Attendee, Known, Mark, Marks, Run, Session};
use super::rules::{self, OPENS_BEFORE, Standing};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::phone_words;
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::art::{Icon, icon};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The desk's first page.
pub const HERE: &str = "/tutor";
/// What the name of a mark's field begins with; the place's id follows.
pub const FIELD: &str = "mark-";
/// What takes a mark away.
pub const NOT_MARKED: &str = "none";

/// The address of a run's pages.
pub fn run_path(run: &Run) -> String {
    format!("{HERE}/runs/{}", run.id)
}

/// The address of a session's register.
pub fn session_path(run: &Run, session: &Session) -> String {
    format!("{}/sessions/{}", run_path(run), session.position)
}

/// "9 people coming".
fn coming(n: i64) -> String {
    match n {
        0 => "Nobody has booked yet".to_owned(),
        1 => "1 person coming".to_owned(),
        n => format!("{n} people coming"),
    }
}

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
            part.push(line(&run, today));
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
            {nothing}
            {part("now", "On now", now_on)}
            {part("to-come", "Coming up", to_come)}
            {part("past", "Past", past)}
        }
    })
}

fn line(run: &Run, today: chrono::NaiveDate) -> AnyView {
    let (first, last) = run.days();
    let (title, place) = (run.title.clone(), run.place().to_owned());
    let name = match run.standing(today) {
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
    let how = match run.standing(today) {
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
    view! {
        <li class="wb-card">
            <h3>{name}</h3>
            <p>{when}</p>
            <p>{place}</p>
            <p class="wb-quiet">{how}</p>
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

/// Why there is no list: nothing about anybody is on this page.
pub fn closed(app: &App, who: &Who, run: &Run, standing: Standing) -> String {
    let today = dates::day_of(app.clock.now());
    let title = run.title.clone();
    let (heading, sentence) = match standing {
        Standing::Opens(from) => (
            "The list is not open yet",
            format!(
                "You can see who is coming from {}. That is {OPENS_BEFORE} days before the first session.",
                dates::day(from, today)
            ),
        ),
        Standing::Cancelled => (
            "This run does not go ahead",
            "So its list is closed. The course team tells everybody who had a place.".to_owned(),
        ),
        Standing::Open(_) | Standing::Closed => (
            "This list is closed",
            format!(
                "We close a list {} days after the last session. It keeps people’s details safe.",
                rules::CLOSES_AFTER
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
                <p>"Do you need something before or after that? Call us on " <PhoneLink /> "."</p>
            </div>
        }
    })
}

/// What the register of a session shows.
pub struct Register {
    /// The run.
    pub run: Run,
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
    /// Which of them it is, from 0.
    pub at: usize,
    /// Who comes.
    pub attendees: Vec<Attendee>,
    /// What is known of them at each session.
    pub marks: Marks,
}

/// The register of a session.
pub fn register(app: &App, who: &Who, register: Register, heard: Option<Said>) -> String {
    let today = dates::day_of(app.clock.now());
    let Register {
        run,
        sessions,
        at,
        attendees,
        marks,
    } = register;
    let Some(session) = sessions.get(at).cloned() else {
        return closed(app, who, &run, Standing::Closed);
    };
    let day = dates::day(session.day(), today);
    let title = format!("Session {}: {day}", session.position);
    let heading = title.clone();
    in_desk(app, who, &title, HERE, false, move || {
        let before = at.checked_sub(1).and_then(|at| sessions.get(at));
        let before = before.map(|other| beside(&run, other, true));
        let after = sessions.get(at + 1).map(|other| beside(&run, other, false));
        let when = format!(
            "{}, {}",
            dates::times(session.starts_at, session.ends_at),
            run.place()
        );
        let marking = rules::may_mark(session.day(), today);
        let (course, sheet) = (run.title.clone(), format!("{}/sheet", run_path(&run)));
        let csv = format!("{}/register.csv", run_path(&run));
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All my runs"</a></nav>
            <div class="wb-split">
                <div class="wb-split__main">
                    <p class="wb-register__course">{course}</p>
                    <h1>{heading}</h1>
                    <p>{when}</p>
                    <nav class="wb-register__sessions" aria-label="Other sessions">
                        <span>{before}</span>
                        <span>{after}</span>
                    </nav>
                    {list(&session, attendees, &marks, marking, &day)}
                </div>
                <aside class="wb-split__aside" aria-label="About this register">
                    <section class="wb-card wb-register__links" aria-labelledby="for-this-run">
                        <h2 class="wb-side-title" id="for-this-run">"For this course"</h2>
                        <ul>
                            <li><a href=sheet>"Print the register"</a></li>
                            <li><a href=csv download>"Download it as a file (CSV)"</a></li>
                        </ul>
                    </section>
                    <Notice title="You see name, phone and email" symbol=Icon::Eye>
                        <p>"That is all you need to run the course. Each person can see that you opened this list."</p>
                    </Notice>
                </aside>
            </div>
        }
    })
}

/// The link to the session before or after.
fn beside(run: &Run, session: &Session, before: bool) -> impl IntoView + use<> {
    let href = session_path(run, session);
    let day = session.day();
    let words = format!(
        "Session {}, {} {}",
        session.position,
        chrono::Datelike::day(&day),
        dates::short_month(day)
    );
    let (left, right) = if before { ("← ", "") } else { ("", " →") };
    let rel = if before { "prev" } else { "next" };
    view! {
        <a href=href rel=rel>
            {(!left.is_empty()).then(|| view! { <span aria-hidden="true">{left}</span> })}
            {words}
            {(!right.is_empty()).then(|| view! { <span aria-hidden="true">{right}</span> })}
        </a>
    }
}

/// Who comes, with what to mark from the session's day on.
fn list(
    session: &Session,
    attendees: Vec<Attendee>,
    marks: &Marks,
    marking: bool,
    day: &str,
) -> AnyView {
    if attendees.is_empty() {
        return view! {
            <EmptyState title="Nobody has booked yet" level=2>
                <p>"When somebody does, they are on this list."</p>
            </EmptyState>
        }
        .into_any();
    }
    let known = |attendee: &Attendee| {
        let known = marks.get(&(attendee.place_id, session.id));
        known.copied().unwrap_or_default()
    };
    let all = attendees.len();
    let marked = attendees
        .iter()
        .filter(|attendee| known(attendee).mark.is_some())
        .count();
    let people: Vec<_> = attendees
        .into_iter()
        .map(|attendee| {
            let known = known(&attendee);
            person(attendee, known, marking)
        })
        .collect();
    if marking {
        let count = format!("{marked} of {all} marked");
        view! {
            <h2>"Who came? " <span class="wb-register__count">{count}</span></h2>
            <Form class="wb-register">
                <ul class="wb-register__people">{people}</ul>
                <div class="wb-register__save">
                    <Button>"Save the register"</Button>
                    <p class="wb-small">"You can change it later."</p>
                </div>
            </Form>
        }
        .into_any()
    } else {
        let count = coming(i64::try_from(all).unwrap_or(i64::MAX));
        let from = format!("You can mark who came from {day} on.");
        view! {
            <h2>"Who is coming? " <span class="wb-register__count">{count}</span></h2>
            <p>{from}</p>
            <ul class="wb-register__people">{people}</ul>
        }
        .into_any()
    }
}

/// One of them.
fn person(attendee: Attendee, known: Known, marking: bool) -> impl IntoView + use<> {
    let Attendee {
        place_id,
        name,
        phone,
        email,
        ..
    } = attendee;
    let nothing = (phone.is_none() && email.is_none()).then(|| {
        view! { <p class="wb-small wb-quiet">"No phone or email of their own. If you need to reach them, call us."</p> }
    });
    let phone = phone.map(|number| {
        let (href, words) = (format!("tel:{number}"), phone_words(&number));
        view! { <p class="wb-register__reach">{icon(Icon::Phone)} <a href=href>{words}</a></p> }
    });
    let email = email.map(|address| {
        let href = format!("mailto:{address}");
        view! { <p class="wb-register__reach">{icon(Icon::Mail)} <a href=href>{address}</a></p> }
    });
    let said = known
        .told_us
        .then(|| view! { <p class="wb-small">"They told us that they cannot come."</p> });
    let marks = marking.then(|| marks(&place_id.simple().to_string(), &name, known));
    view! {
        <li class="wb-register__person">
            <div>
                <h3>{name}</h3>
                {phone}
                {email}
                {nothing}
                {said}
            </div>
            {marks}
        </li>
    }
}

/// What to mark. Nothing is chosen at first, unless they told us that they cannot come. A radio that is chosen cannot be
/// taken back, so what is marked has one more: "Not marked".
fn marks(place: &str, name: &str, known: Known) -> impl IntoView + use<> {
    let told = known.told_us.then_some(Mark::Apologies);
    let chosen = known.mark.or(told);
    let field = format!("{FIELD}{place}");
    let one = |value: &'static str, words: &'static str, drawing: Option<Icon>, checked: bool| {
        let id = format!("{field}-{value}");
        view! {
            <div class="wb-marks__item">
                <input
                    class="wb-marks__input"
                    type="radio"
                    id=id.clone()
                    name=field.clone()
                    value=value
                    checked=checked
                />
                <label class="wb-marks__label" for=id>{drawing.map(icon)} {words}</label>
            </div>
        }
    };
    let mut items: Vec<_> = Mark::ALL
        .into_iter()
        .map(|mark| {
            let drawing = match mark {
                Mark::Came => Icon::Tick,
                Mark::DidNotCome => Icon::Cross,
                Mark::Apologies => Icon::Mail,
            };
            one(
                mark.name(),
                mark.words(),
                Some(drawing),
                chosen == Some(mark),
            )
        })
        .collect();
    if known.mark.is_some() {
        items.push(one(NOT_MARKED, "Not marked", None, false));
    }
    let legend = format!("Did {name} come?");
    view! {
        <fieldset class="wb-marks">
            <legend class="govuk-visually-hidden">{legend}</legend>
            {items}
        </fieldset>
    }
}
