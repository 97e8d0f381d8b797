//! Text messages: short, and never with the course's name.

use chrono::{DateTime, NaiveDate, Utc};

use super::bookings::Run;
use super::changes::Line;
use super::link;
use crate::messages::model::{MessageKind, Text};
use crate::server::config::Settings;
use crate::ui::dates;

fn text(config: &Settings, kind: MessageKind, to: &str, words: &str) -> Text {
    Text {
        kind,
        to: to.to_owned(),
        words: format!(
            "{}: {words} Questions? {}",
            config.site_name,
            config.phone()
        ),
    }
}

/// The code of the second step, good for so many minutes.
pub fn sign_in_code(config: &Settings, to: &str, code: &str, minutes: i64) -> Text {
    let words = format!(
        "your code is {code}. It works once, for {minutes} minutes. Nobody from our team asks you for it."
    );
    text(config, MessageKind::SignInCode, to, &words)
}

/// "Tuesday 12 January at 10:30am, Bath Central Library, BA1 5AN". A day, not "tomorrow": a text may come late.
fn when_and_where(run: &Run, today: NaiveDate) -> String {
    let day = dates::day(dates::day_of(run.first()), today);
    let place = run.place.as_deref().unwrap_or("online");
    format!("{day} at {}, {place}", dates::time(run.first()))
}

/// A place is booked, for whoever has no email: the first day, and the number to say.
pub fn confirmed(
    config: &Settings,
    to: &str,
    reference: &str,
    run: &Run,
    today: NaiveDate,
) -> Text {
    let words = format!(
        "your place is booked. {}. Your booking number is {reference}.",
        when_and_where(run, today)
    );
    text(config, MessageKind::BookingConfirmed, to, &words)
}

/// It is in a week, or on the next day. `cost` is what a place costs others that stays empty, if anything is said of it.
pub fn reminder(
    config: &Settings,
    to: &str,
    run: &Run,
    url: &str,
    today: NaiveDate,
    cost: &str,
) -> Text {
    let cost = if cost.is_empty() {
        String::new()
    } else {
        format!(" {cost}")
    };
    let words = format!(
        "we look forward to seeing you. {}.{cost} Cannot come? Tell us: {url}",
        when_and_where(run, today)
    );
    text(config, MessageKind::Reminder, to, &words)
}

/// It is over: how was it?
pub fn how_was_it(config: &Settings, to: &str, url: &str) -> Text {
    let words = format!("your course is over. How was it? Three short questions: {url}");
    text(config, MessageKind::Feedback, to, &words)
}

/// Dates, place or tutor are different. `what` is "your booking", or what else they have. A run without a path has no page that
/// they could open.
pub fn changed(config: &Settings, to: &str, run: &Run, what: &str, differences: &[Line]) -> Text {
    let mut all = vec![format!("a change to {what}.")];
    all.extend(
        differences
            .iter()
            .map(|line| format!("{} {}.", line.before, line.strong)),
    );
    all.extend((!run.path.is_empty()).then(|| format!("More: {}", link(config, &run.path))));
    let words = all.join(" ");
    text(config, MessageKind::RunChanged, to, &words)
}

/// What somebody who leads the sessions writes: `from` is "Priya, who leads the sessions".
pub fn written(config: &Settings, to: &str, from: &str, words: &str) -> Text {
    let words = format!("{from}, writes: {words}");
    text(config, MessageKind::RunChanged, to, &words)
}

/// It does not go ahead.
pub fn not_going_ahead(config: &Settings, to: &str, run: &Run, today: NaiveDate) -> Text {
    let words = format!(
        "we are sorry, this does not go ahead: {}. You need do nothing.",
        when_and_where(run, today)
    );
    text(config, MessageKind::BookingCancelled, to, &words)
}

/// What they wait for, or were offered, does not go ahead. A run without a path has no page that they could open.
pub fn waiting_over(
    config: &Settings,
    to: &str,
    run: &Run,
    was_offered: bool,
    today: NaiveDate,
) -> Text {
    let (what, answer) = if was_offered {
        ("the place we offered you", " You need not answer.")
    } else {
        ("what you are waiting for", "")
    };
    let (other, path) = if run.path.is_empty() {
        ("Other courses", "/courses")
    } else {
        ("Other dates", run.path.as_str())
    };
    let words = format!(
        "we are sorry, {what} does not go ahead: {}.{answer} {other}: {}",
        when_and_where(run, today),
        link(config, path)
    );
    text(config, MessageKind::RunChanged, to, &words)
}

/// A place is free for them; `until` is none when the first to say yes has it.
pub fn offered(
    config: &Settings,
    to: &str,
    run: &Run,
    url: &str,
    until: Option<DateTime<Utc>>,
    today: NaiveDate,
) -> Text {
    let kept = until.map_or_else(
        || "The first to say yes has it.".to_owned(),
        |until| format!("Please answer by {}.", dates::until(until, today)),
    );
    let words = format!(
        "a place is free. {}. {kept} {url}",
        when_and_where(run, today)
    );
    text(config, MessageKind::PlaceOffered, to, &words)
}
