//! Messages about a waiting list. Like those about bookings, they name the course only where the person allowed it.

use chrono::{DateTime, NaiveDate, Utc};

use super::bookings::Run;
use super::{link, words};
use crate::messages::letter::{Letter, phone};
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;
use crate::ui::dates;

const REASON: &str = "you asked to wait for a place";

/// "Your place", "2 places".
fn a_place(run: &Run) -> &'static str {
    if run.names.len() > 1 {
        "2 places"
    } else {
        "a place"
    }
}

/// They are on the list now.
///
/// # Errors
/// When the words cannot be put together.
pub fn joined(config: &Settings, to: Address, run: &Run) -> Result<Mail> {
    let url = link(config, &run.path);
    Letter::new(
        config,
        MessageKind::WaitingJoined,
        to,
        "You are on the waiting list",
    )
    .say("You do not have a place yet. We will write to you when there is one for you.")
    .panel(run.lines("Online"))
    .say("Places are offered in the order in which people joined. You then have some time to say yes or no.")
    .button("See where I am on the list", &url)
    .say("Do you no longer want to wait? You can leave the list on the same page.")
    .finish(REASON)
}

/// A place is kept for them until `until`; with `shared`, for others as well.
///
/// # Errors
/// When the words cannot be put together.
pub fn offered(
    config: &Settings,
    to: Address,
    run: &Run,
    url: &str,
    until: DateTime<Utc>,
    shared: bool,
    today: NaiveDate,
) -> Result<Mail> {
    let title = if run.names.len() > 1 {
        "2 places are free for you"
    } else {
        "A place is free for you"
    };
    let (what, what_goes) = if run.names.len() > 1 {
        ("them", "they go")
    } else {
        ("it", "it goes")
    };
    let until = dates::until(until, today);
    let letter = Letter::new(config, MessageKind::PlaceOffered, to, title)
        .say(format!(
            "Good news: {} on your waiting list. It is not booked yet.",
            if run.names.len() > 1 {
                "2 places have come free"
            } else {
                "a place has come free"
            }
        ))
        .panel(run.lines("Online"));
    let letter = if shared {
        letter.say(format!(
            "There is little time, so we are asking up to 3 people at once. The first to say yes has {what}. We keep {what} until {until}."
        ))
    } else {
        letter.say(format!(
            "We keep {what} for you until {until}. After that {what_goes} to the next person."
        ))
    };
    letter
        .button("Say yes or no", url)
        .pieces(vec![
            words("Or call us: "),
            phone(config),
            words(". If you cannot come, tell us, and somebody else will be glad."),
        ])
        .finish(REASON)
}

/// It starts soon, and whoever waits may take a place that is free.
///
/// # Errors
/// When the words cannot be put together.
pub fn last_call(config: &Settings, to: Address, run: &Run, url: &str) -> Result<Mail> {
    Letter::new(
        config,
        MessageKind::PlaceOffered,
        to,
        if run.names.len() > 1 {
            "2 places are free at short notice"
        } else {
            "A place is free at short notice"
        },
    )
    .say(format!(
        "It starts soon, and {} free. Everybody who waits gets this message. The first to say yes has it.",
        if run.names.len() > 1 {
            "2 places are"
        } else {
            "a place is"
        }
    ))
    .panel(run.lines("Online"))
    .button("Take the place", url)
    .pieces(vec![words("Or call us: "), phone(config), words(".")])
    .finish(REASON)
}

/// Somebody else took what was offered to several people.
///
/// # Errors
/// When the words cannot be put together.
pub fn gone(config: &Settings, to: Address, run: &Run) -> Result<Mail> {
    let url = link(config, &run.path);
    Letter::new(
        config,
        MessageKind::PlaceOfferOver,
        to,
        "You are still on the waiting list",
    )
    .say(format!(
        "We offered {} to you and to others, and somebody else was quicker. We are sorry. You keep your turn on the list.",
        a_place(run)
    ))
    .panel(run.lines("Online"))
    .button("See where I am on the list", &url)
    .finish(REASON)
}

/// The time to answer an offer is over.
///
/// # Errors
/// When the words cannot be put together.
pub fn lapsed(config: &Settings, to: Address, run: &Run) -> Result<Mail> {
    let url = link(config, &run.path);
    Letter::new(
        config,
        MessageKind::PlaceOfferOver,
        to,
        "The time to answer is over",
    )
    .say(format!(
        "We offered you {} and did not hear from you in time, so it has gone to somebody else. You are no longer on the waiting list.",
        a_place(run)
    ))
    .panel(run.lines("Online"))
    .say("Would you still like to come? You can join the list again.")
    .button("Look again", &url)
    .pieces(vec![words("Or call us: "), phone(config), words(".")])
    .finish(REASON)
}
