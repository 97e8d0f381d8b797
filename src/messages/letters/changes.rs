//! Messages about a change to a run that somebody has booked or waits for.

use super::bookings::Facts;
use super::{link, words};
use crate::messages::letter::{Letter, Piece, phone};
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;

/// One change: "Tuesday 12 January, 10:30am is now" and, strong, "Wednesday 13 January, 2pm to 4pm".
#[derive(Clone, Debug)]
pub struct Line {
    /// What leads to it.
    pub before: String,
    /// How it is now.
    pub strong: String,
}

/// What a message about a change says.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// The booking, or whose entry it is (without a reference), with the run as it is now.
    pub facts: &'a Facts,
    /// They wait for a place.
    pub waits: bool,
    /// Their place counts once a parent or guardian agrees.
    pub awaits_guardian: bool,
    /// A place is kept for them until they answer.
    pub is_offered: bool,
    /// What is different.
    pub differences: Vec<Line>,
    /// All the sessions to come.
    pub to_come: Vec<String>,
}

/// Dates, place or tutor are different. Attach the dates with [`Mail::with_ics`] for whoever is booked.
///
/// # Errors
/// When the words cannot be put together.
pub fn changed(config: &Settings, to: Address, told: &Told<'_>) -> Result<Mail> {
    let run = &told.facts.run;
    let url = link(config, &run.path);
    let title = if told.waits {
        "A change to what you are waiting for"
    } else {
        "A change to your booking"
    };
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    if !run.names.is_empty() {
        lines.push(vec![words(format!("For {}", run.names.join(" and ")))]);
    }
    for line in &told.differences {
        lines.push(vec![
            words(format!("{} ", line.before)),
            Piece::Strong(line.strong.clone()),
        ]);
    }
    if let Some(course) = &run.course {
        lines.push(vec![words(format!("Course: {course}"))]);
    }
    if !told.waits {
        lines.push(vec![
            words("Booking number "),
            Piece::Strong(told.facts.reference.clone()),
        ]);
    }
    let dates = told.to_come.iter().map(|date| vec![words(date.clone())]);
    let letter = Letter::new(config, MessageKind::RunChanged, to, title)
        .say("Something has changed. We are sorry if this makes it harder for you.")
        .panel(lines)
        .heading("All the dates to come")
        .panel(dates.collect());
    let reason = if told.waits {
        "you asked to wait for a place"
    } else {
        told.facts.reason()
    };
    if told.is_offered {
        letter
            .say("The place that we offered you is still kept. If it starts sooner now, you may have less time to answer.")
            .button("See until when, and answer", &url)
    } else if told.waits {
        letter
            .say("You keep your turn on the waiting list. Do you no longer want to wait? You can leave the list.")
            .button("See where I am on the list", &url)
    } else if told.awaits_guardian {
        letter
            .say("We are still waiting for your parent or guardian to agree.")
            .button("See my booking", &url)
    } else {
        letter
            .say("We keep your place. If you can come, you need not do anything. The dates are attached for your calendar.")
            .button("See my booking", &url)
            .heading("Cannot come now?")
            .pieces(vec![
                words("On the same page you can tell us, and see other dates if there are any. Or call "),
                phone(config),
                words("."),
            ])
    }
    .finish(reason)
}

/// What they wait for does not go ahead. `facts` are those of their entry; with `was_offered`, a place was kept for them.
///
/// # Errors
/// When the words cannot be put together.
pub fn waiting_over(
    config: &Settings,
    to: Address,
    facts: &Facts,
    was_offered: bool,
) -> Result<Mail> {
    let run = &facts.run;
    let letter = Letter::new(
        config,
        MessageKind::RunChanged,
        to,
        "What you are waiting for is not going ahead",
    )
    .say(format!(
        "We are sorry. The sessions that start on {}, will not go ahead. You are not on its waiting list any more.",
        run.when_and_where()
    ));
    let letter = if was_offered {
        letter.say("So we take back the place that we offered you. You do not need to answer.")
    } else {
        letter
    };
    // Without an account there is no page of their own.
    let letter = if facts.by_staff {
        letter.button("Find another course", &link(config, "/courses"))
    } else {
        letter.button("See other dates", &link(config, &run.path))
    };
    letter
        .pieces(vec![words("Or call us: "), phone(config), words(".")])
        .finish("you asked to wait for a place")
}

/// What somebody who leads the sessions writes to everybody on a run.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The booking, with the run as it is.
    pub facts: &'a Facts,
    /// The reader is a parent or guardian of whoever has the place.
    pub is_guardian: bool,
    /// They wait for a place.
    pub waits: bool,
    /// Its last session is over.
    pub is_over: bool,
    /// Who writes: "Priya, who leads the sessions".
    pub from: &'a str,
    /// In their own words, on several lines.
    pub words: &'a str,
}

/// Somebody's own words about a run. The subject is ours.
///
/// # Errors
/// When the words cannot be put together.
pub fn written(config: &Settings, to: Address, written: &Written<'_>) -> Result<Mail> {
    let facts = written.facts;
    let run = &facts.run;
    let lines = written.words.lines().map(|line| vec![words(line)]);
    let mut about: Vec<Vec<Piece>> = Vec::new();
    if !run.names.is_empty() {
        about.push(vec![words(format!("For {}", run.names.join(" and ")))]);
    }
    if let Some(course) = &run.course {
        about.push(vec![words(format!("Course: {course}"))]);
    }
    if !written.is_over {
        about.push(vec![words(format!("Next: {}", run.when_and_where()))]);
    }
    about.push(if written.waits {
        vec![words("You wait for a place.")]
    } else {
        let number = Piece::Strong(facts.reference.clone());
        vec![words("Booking number "), number]
    });
    let (title, button) = if written.waits {
        (
            "A message about the place you wait for",
            "See how it stands",
        )
    } else {
        ("A message about your booking", "See my booking")
    };
    let letter = Letter::new(config, MessageKind::RunChanged, to, title)
        .say(format!("{}, writes:", written.from))
        .panel(lines.collect())
        .heading("What it is about")
        .panel(about)
        .say("If you reply, it is the course team who reads it.");
    let letter = if facts.by_staff {
        letter
    } else {
        letter.button(button, &link(config, &run.path))
    };
    letter.finish(if written.waits {
        "you asked to wait for a place"
    } else if written.is_guardian {
        "you are the parent or guardian of somebody who has a place"
    } else {
        facts.reason()
    })
}
