//! Reminders: when and where, what to do about it in one tap, and what a place that stays empty costs others.

use chrono::NaiveDate;

use super::bookings::Facts;
use super::{link, words};
use crate::messages::letter::{Letter, Piece, phone};
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;
use crate::ui::dates;

/// What a reminder says.
#[derive(Clone, Debug)]
pub struct Told {
    /// The booking, and when and where: the whole run, or the one session.
    pub facts: Facts,
    /// Which session it is, of how many.
    pub session: (usize, usize),
    /// Which door, which bell.
    pub place_note: Option<String>,
    /// The page where they say that they cannot come.
    pub url: String,
    /// The day in Bath on which it is written.
    pub today: NaiveDate,
    /// What a place costs others that stays empty.
    pub cost: String,
}

/// It is in a week, or on the next day.
///
/// # Errors
/// When the words cannot be put together.
pub fn reminder(config: &Settings, to: Address, told: &Told) -> Result<Mail> {
    let run = &told.facts.run;
    let day = dates::day_of(run.first());
    let time = dates::time(run.first());
    // A day, not "tomorrow": a message may come late, and is read when it is read.
    let when = format!("{} at {time}", dates::day(day, told.today));
    let title = format!("{when}: we look forward to seeing you");
    let mut lines = run.lines("Online. Sign in to see the link.");
    if let Some(note) = &told.place_note {
        lines.push(vec![words(note.clone())]);
    }
    if let (number, all @ 2..) = told.session
        && run.starts.len() == 1
    {
        lines.push(vec![words(format!("Session {number} of {all}"))]);
    }
    lines.push(vec![
        words("Booking number "),
        Piece::Strong(told.facts.reference.clone()),
    ]);
    let own = link(config, &run.path);
    Letter::new(config, MessageKind::Reminder, to, &title)
        .say("You have a place. This is when and where.")
        .panel(lines)
        .say("It is normal to feel nervous. You can just listen, and you can leave when you like.")
        .heading("Cannot come?")
        .say(told.cost.as_str())
        .button("I cannot come", &told.url)
        .pieces(vec![
            words("Or call "),
            phone(config),
            words(". Everything about your booking is at "),
            Piece::Link("My bookings".to_owned(), own),
            words("."),
        ])
        .finish(told.facts.reason())
}
