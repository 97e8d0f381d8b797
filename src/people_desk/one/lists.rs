//! What somebody has booked, waits for, was rung about and said.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::people_desk::log::{self, Note};
use crate::people_desk::model::{Called, Line};
use crate::people_desk::off_list::off_list_path;
use crate::people_desk::path;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub(super) fn bookings(
    title: &'static str,
    id: &'static str,
    nothing: &'static str,
    lines: Vec<Line>,
    cancels: Option<Uuid>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let today = dates::day_of(now);
    let mut columns = vec![
        Column::new("Course"),
        Column::new("Starts"),
        Column::new("How it stands"),
        Column::new("How it came"),
        Column::new("Booking number"),
    ];
    if cancels.is_some() {
        columns.push(Column::new("Move or cancel"));
    }
    let rows: Vec<Vec<AnyView>> = lines
        .into_iter()
        .map(|line| {
            let (status, channel) = (line.status_words(), line.channel_words());
            let reference = line.reference.unwrap_or_default();
            let mut cells = vec![
                line.title.clone().into_any(),
                dates::day_and_time(line.starts_at, today).into_any(),
                status.into_any(),
                channel.into_any(),
                reference.clone().into_any(),
            ];
            if let Some(person) = cancels {
                let go = |what: &str| format!("{}/{what}/{reference}", path(person));
                let (moves, cancels) = (go("move"), go("cancel"));
                let title = line.title.clone();
                // What waits for a parent or guardian stays where it is.
                let moves = (line.status == "booked").then(|| {
                    view! { <a href=moves>"Move" <span class="govuk-visually-hidden">" " {title}</span></a> " or " }
                });
                let word = if moves.is_some() { "cancel" } else { "Cancel" };
                cells.push(
                    view! {
                        {moves}
                        <a href=cancels>{word} <span class="govuk-visually-hidden">" " {line.title}</span></a>
                    }
                    .into_any(),
                );
            }
            cells
        })
        .collect();
    let inside = if rows.is_empty() {
        view! { <p>{nothing}</p> }.into_any()
    } else {
        view! { <Table caption=title stacks=true columns=columns rows=rows /> }.into_any()
    };
    view! {
        <section class="wb-block" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {inside}
        </section>
    }
}

pub(super) fn waits(person_id: Uuid, line: Line, now: DateTime<Utc>) -> Vec<AnyView> {
    let (status, channel) = (line.status_words(), line.channel_words());
    let (off, title) = (off_list_path(person_id, line.run_id), line.title.clone());
    vec![
        line.title.into_any(),
        dates::day_and_time(line.starts_at, dates::day_of(now)).into_any(),
        status.into_any(),
        channel.into_any(),
        view! { <a href=off>"Take off" <span class="govuk-visually-hidden">" the list of " {title}</span></a> }
            .into_any(),
    ]
}

pub(super) fn called(calls: Vec<Called>, now: DateTime<Utc>) -> impl IntoView {
    let today = dates::day_of(now);
    (!calls.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = calls
            .into_iter()
            .map(|call| {
                let at = call.done_at.unwrap_or(call.call_by);
                vec![
                    call.about_words().into_any(),
                    dates::day_and_time(at, today).into_any(),
                    call.outcome_words().into_any(),
                ]
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="calls">
                <h2 id="calls">"Calls"</h2>
                <Table caption="Calls to them" stacks=true columns=vec![
                    Column::new("Why"), Column::new("When"), Column::new("What became of it"),
                ] rows=rows />
            </section>
        }
    })
}

pub(super) fn logged(
    notes: Vec<Note>,
    form: FormState,
    key: String,
    now: DateTime<Utc>,
) -> impl IntoView {
    let today = dates::day_of(now);
    let each: Vec<_> = notes
        .into_iter()
        .map(|note| {
            let head = format!(
                "{}, {}, {}",
                dates::day_and_time(note.at, today),
                note.way.to_lowercase(),
                note.by
            );
            view! {
                <li>
                    <p class="wb-small">{head}</p>
                    <p class="wb-note-words">{note.words}</p>
                </li>
            }
        })
        .collect();
    let list = if each.is_empty() {
        view! { <p>"Nothing is written down yet."</p> }.into_any()
    } else {
        view! { <ul class="wb-log">{each}</ul> }.into_any()
    };
    let ways = log::WAYS
        .into_iter()
        .map(|(word, words)| Choice::new(word, words))
        .collect();
    view! {
        <section class="wb-block" aria-labelledby="log">
            <h2 id="log">"Contact log"</h2>
            {list}
            <Form key=key>
                <Radios form=&form name="way" label=Label::bold("How were you in touch?") choices=ways />
                <TextArea form=&form name="note" label=Label::bold("What was said") rows=4
                    hint="1,000 letters at most. They can ask to read it. Leave out what is about their health." />
                <Button kind=ButtonKind::Outlined>"Add to the log"</Button>
            </Form>
        </section>
    }
}
