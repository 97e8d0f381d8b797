//! The dates of a run, one line each.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Tag, TagState};
use crate::ui::{Words, some};

/// One meeting of a run, in finished words.
#[derive(Debug, Clone, Default)]
pub struct SessionLine {
    /// "Tuesday 12 January".
    pub day: Words,
    /// "10:30am to 12:30pm".
    pub time: Words,
    /// Its theme, or why a week is missed.
    pub note: Words,
    /// It will not take place.
    pub cancelled: bool,
}

/// The numbered list of a run's meetings.
#[component]
pub fn SessionsList(
    /// The meetings, first to last.
    sessions: Vec<SessionLine>,
) -> impl IntoView {
    let lines: Vec<_> = sessions
        .into_iter()
        .map(
            |SessionLine {
                 day,
                 time,
                 note,
                 cancelled,
             }| {
                let time = if cancelled {
                    Either::Left(view! { <Tag state=TagState::Cancelled /> })
                } else {
                    Either::Right(time)
                };
                let note =
                    some(note).map(|note| view! { <span class="wb-sessions__note">{note}</span> });
                view! {
                    <li class=cancelled.then_some("wb-sessions__off")>
                        <span class="wb-sessions__day">{day}</span>
                        " "
                        <span class="wb-sessions__time">{time}</span>
                        " "
                        {note}
                    </li>
                }
            },
        )
        .collect();
    view! { <ol class="wb-list wb-sessions">{lines}</ol> }
}
