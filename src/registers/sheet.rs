//! The list on paper: one page a session, with boxes to tick.

use leptos::prelude::*;

use super::model::{List, Mark, Marks, Run, Session};
use super::pages::{HERE, more, room, run_path};
use crate::accounts::model::Who;
use crate::accounts::sign_up::rules::phone_words;
use crate::server::App;
use crate::staff::in_desk;
use crate::ui::dates;
use crate::ui::pieces::*;

/// A sheet for each session.
pub fn sheet(
    app: &App,
    who: &Who,
    run: &Run,
    sessions: &[Session],
    list: &List,
    marks: &Marks,
) -> String {
    let now = app.clock.now();
    let today = dates::day_of(now);
    let printed = format!(
        "Printed by {} at {} on {}. Only for this course. Keep it safe, and give it to the course team or shred it when \
         the course is over.",
        who.name,
        dates::time(now),
        dates::full_day(today)
    );
    let back = run_path(run);
    in_desk(app, who, "Register to print", HERE, false, || {
        let pages: Vec<_> = sessions
            .iter()
            .map(|session| page(run, session, list, marks, today, &printed))
            .collect();
        let count = match sessions.len() {
            1 => "1 page".to_owned(),
            n => format!("{n} pages, one for each session"),
        };
        view! {
            <div class="wb-no-print wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to the register"</a></nav>
                <h1>"Register to print"</h1>
                <p>"Use your browser’s menu to print. It makes " {count} "."</p>
                <Notice title="Paper can get lost">
                    <p>"Print only what you need. Each person can see that you opened this list to print it."</p>
                </Notice>
            </div>
            {pages}
        }
    })
}

fn page(
    run: &Run,
    session: &Session,
    list: &List,
    marks: &Marks,
    today: chrono::NaiveDate,
    printed: &str,
) -> impl IntoView + use<> {
    let id = format!("session-{}", session.position);
    let title = format!(
        "Session {}: {}",
        session.position,
        dates::day(session.day(), today)
    );
    let when = format!(
        "{}, {}",
        dates::times(session.starts_at, session.ends_at),
        session.place()
    );
    let rows: Vec<Vec<AnyView>> = list
        .attendees
        .iter()
        .map(|attendee| {
            let known = marks.get(&(attendee.place_id, session.id));
            let known = known.copied().unwrap_or_default();
            let told = known.told_us.then_some(Mark::Apologies);
            let came = match known.mark.or(told) {
                Some(mark) => mark.words().into_any(),
                None => view! { <span class="wb-sheet__box"><span class="govuk-visually-hidden">"Not marked"</span></span> }
                    .into_any(),
            };
            vec![
                attendee.name.clone().into_any(),
                attendee
                    .phone
                    .as_deref()
                    .map(phone_words)
                    .unwrap_or_default()
                    .into_any(),
                attendee.email.clone().unwrap_or_default().into_any(),
                came,
            ]
        })
        .collect();
    let caption = format!("Who is on the list for session {}", session.position);
    let (course, printed) = (run.title.clone(), printed.to_owned());
    let own_id = id.clone();
    view! {
        <section class="wb-sheet" aria-labelledby=own_id>
            <p class="wb-register__course">{course}</p>
            <h2 id=id>{title}</h2>
            <p>{when}</p>
            {room(run, session.elsewhere).map(|words| view! { <p>{words}</p> })}
            <Table
                caption=caption
                stacks=true
                columns=vec![
                    Column::new("Name"), Column::new("Phone"), Column::new("Email"), Column::new("Came"),
                ]
                rows=rows
            />
            {more(list.kept_back).map(|words| view! { <p>{words}</p> })}
            <p class="wb-small">{printed}</p>
        </section>
    }
}
