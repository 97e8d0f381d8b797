//! The register of a session: who comes, and who came.

use leptos::prelude::*;
use uuid::Uuid;

use super::{
    FIELD, HERE, NOT_MARKED, SESSION, closed, coming, kept, message, more, room, run_path,
    session_path, walk_ins,
};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::accounts::sign_up::rules::phone_words;
use crate::registers::model::{Attendee, Known, List, Mark, Marks, Run, Session};
use crate::registers::rules::{self, Standing};
use crate::registers::walk_ins::WalkIn;
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::art::{Icon, icon};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// What the register of a session shows.
pub struct Register {
    /// The run.
    pub run: Run,
    /// Those of its sessions that they see, in order.
    pub sessions: Vec<Session>,
    /// Which of them it is, from 0.
    pub at: usize,
    /// Who comes.
    pub list: List,
    /// What is known of them at each session.
    pub marks: Marks,
    /// Whoever came without a place.
    pub walk_ins: Vec<WalkIn>,
    /// The number of the next of them.
    pub walk_in_id: Uuid,
    /// What was typed of them.
    pub form: FormState,
}

/// The register of a session.
pub fn register(app: &App, who: &Who, register: Register, heard: Option<Said>) -> String {
    let today = dates::day_of(app.clock.now());
    let Register {
        run,
        sessions,
        at,
        list: coming,
        marks,
        walk_ins,
        walk_in_id,
        form,
    } = register;
    let Some(session) = sessions.get(at).cloned() else {
        return closed(app, who, &run, Standing::Closed);
    };
    let day = dates::day(session.day(), today);
    let title = format!("Session {}: {day}", session.position);
    let heading = title.clone();
    in_desk(app, who, &title, HERE, form.has_errors(), move || {
        let before = at.checked_sub(1).and_then(|at| sessions.get(at));
        let before = before.map(|other| beside(&run, other, true));
        let after = sessions.get(at + 1).map(|other| beside(&run, other, false));
        let when = format!(
            "{}, {}",
            dates::times(session.starts_at, session.ends_at),
            session.place()
        );
        let is_today = session.day() == today;
        let from = (!rules::may_mark(session.day(), today)).then_some(day);
        let kept = kept(app, who, Some(session.id)).into_any();
        let (course, sheet) = (run.title.clone(), format!("{}/sheet", run_path(&run)));
        let csv = format!("{}/register.csv", run_path(&run));
        let message = message::path(&run);
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <ErrorSummary form=&form />
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All my runs"</a></nav>
            <div class="wb-split">
                <div class="wb-split__main">
                    <p class="wb-register__course">{course}</p>
                    <h1>{heading}</h1>
                    <p>{when}</p>
                    {room(&run, session.elsewhere).map(|words| view! { <p>{words}</p> })}
                    <nav class="wb-register__sessions" aria-label="Other sessions">
                        <span>{before}</span>
                        <span>{after}</span>
                    </nav>
                    {list(&run, &session, coming, &marks, from, kept)}
                    {walk_ins::section(&session_path(&run, &session), walk_ins, is_today.then_some((walk_in_id, form)))}
                </div>
                <aside class="wb-split__aside" aria-label="About this register">
                    <section class="wb-card wb-register__links" aria-labelledby="for-this-run">
                        <h2 class="wb-side-title" id="for-this-run">"For this course"</h2>
                        <ul>
                            <li><a href=sheet>"Print the register"</a></li>
                            <li><a href=csv download>"Download it as a file (CSV)"</a></li>
                            <li><a href=message>"Write to everybody"</a></li>
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

/// Who comes, with what to mark from the session's day on; before it, `from` says when that is. `kept` is where the script
/// speaks, next to the button.
fn list(
    run: &Run,
    session: &Session,
    list: List,
    marks: &Marks,
    from: Option<String>,
    kept: AnyView,
) -> AnyView {
    let marking = from.is_none();
    let attendees = list.attendees;
    let more = more(list.kept_back).map(|words| view! { <p>{words} " " <PhoneLink /></p> });
    if attendees.is_empty() && more.is_none() {
        return view! {
            <EmptyState title="Nobody has booked yet" level=2>
                <p>"When somebody does, they are on this list."</p>
            </EmptyState>
            {kept}
        }
        .into_any();
    }
    if attendees.is_empty() {
        return view! {
            <h2>"Who is coming?"</h2>
            {more}
            {kept}
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
    let Some(from) = from else {
        let count = format!("{marked} of {all} marked");
        let (action, session_id) = (session_path(run, session), session.id.to_string());
        return view! {
            <h2>"Who came? " <span class="wb-register__count">{count}</span></h2>
            <Form class="wb-register" action=action>
                <HiddenField name=SESSION value=session_id />
                <ul class="wb-register__people">{people}</ul>
                <div class="wb-register__save">
                    <Button>"Save the register"</Button>
                    <p class="wb-small">"You can change it later."</p>
                    {kept}
                </div>
            </Form>
            {more}
        }
        .into_any();
    };
    let count = coming(i64::try_from(all).unwrap_or(i64::MAX));
    let from = format!("You can mark who came from {from} on.");
    view! {
        <h2>"Who is coming? " <span class="wb-register__count">{count}</span></h2>
        <p>{from}</p>
        {kept}
        <ul class="wb-register__people">{people}</ul>
        {more}
    }
    .into_any()
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
