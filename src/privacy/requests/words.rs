//! How a request stands, in sentences.

use chrono::NaiveDate;

use super::model::{Kind, Request};
use super::rules::{Identity, Stopped, Timing};
use crate::ui::dates::{day, short_day};

/// By when it is to be answered and why: "Answer by Tuesday 12 January: one month from 12 December."
pub fn clock(timing: &Timing, today: NaiveDate) -> String {
    match timing.stopped() {
        Some(Stopped::Identity(since)) => {
            let since = day(since, today);
            return format!(
                "The time begins when they have shown who they are. We asked on {since}."
            );
        }
        Some(Stopped::Answer(since)) => {
            let since = day(since, today);
            return format!(
                "The clock stands still: we have waited for their answer since {since}."
            );
        }
        None => {}
    }
    let (Some(due), Some(legal)) = (timing.due(), timing.legal()) else {
        return String::new();
    };
    let mut words = format!(
        "{}: {}",
        by_when(timing.kind, due, today),
        counted(timing, today)
    );
    if due != legal.due {
        words.push_str(". The law gives us until ");
        words.push_str(&day(legal.due, today));
    } else if legal.counted != legal.due {
        words.push_str(", and then the next working day");
    }
    words.push('.');
    words
}

fn by_when(kind: Kind, due: NaiveDate, today: NaiveDate) -> String {
    let late = (today - due).num_days();
    let what = if kind == Kind::Complaint {
        "Say that we have it, and answer,"
    } else {
        "Answer"
    };
    match late {
        1.. => format!(
            "{}. It was to be answered by {}",
            late_words(late),
            day(due, today)
        ),
        0 => format!("{what} today, {}", day(due, today)),
        _ => format!("{what} by {}", day(due, today)),
    }
}

/// "One day late", "3 days late".
fn late_words(days: i64) -> String {
    if days == 1 {
        "One day late".to_owned()
    } else {
        format!("{days} days late")
    }
}

/// How the time is counted.
fn counted(timing: &Timing, today: NaiveDate) -> String {
    let start = short_day(timing.starts_on(), today);
    let from = if timing.kind == Kind::Complaint {
        "30 days from"
    } else if timing.promised().is_some() {
        "we promise a copy within 30 days of"
    } else if timing.extended_on.is_some() {
        "three months from"
    } else {
        "one month from"
    };
    let shown = if timing.starts_on() == timing.received_on {
        ""
    } else {
        ", when they had shown who they are"
    };
    let waited = match timing.days_waited {
        0 => String::new(),
        1 => ", and the day on which we waited for them".to_owned(),
        n => format!(", and the {n} days on which we waited for them"),
    };
    format!("{from} {start}{shown}{waited}")
}

/// When it is to be answered, in a list.
pub fn due(request: &Request, today: NaiveDate) -> String {
    if let Some((on, outcome)) = request.finished {
        return format!("{}, {}", outcome.words(), short_day(on, today));
    }
    match (request.due_on, request.timing.stopped()) {
        (Some(due), _) if due < today => {
            format!("{}, late", day(due, today))
        }
        (Some(due), _) if due == today => "Today".to_owned(),
        (Some(due), _) => day(due, today),
        (None, Some(Stopped::Identity(_))) => "When they have shown who they are".to_owned(),
        (None, _) => "When they have answered us".to_owned(),
    }
}

/// What came of it, and whether in time.
pub fn finished(request: &Request, today: NaiveDate) -> Option<String> {
    let (on, outcome) = request.finished?;
    let late = match request.due_on {
        Some(due) if on > due => format!(", {}", late_words((on - due).num_days()).to_lowercase()),
        Some(_) => ", in time".to_owned(),
        None => String::new(),
    };
    Some(format!("{} on {}{late}.", outcome.words(), day(on, today)))
}

/// Whether we know that it is them.
pub fn identity(timing: &Timing, today: NaiveDate) -> String {
    match timing.identity {
        Identity::Known => "We know that it is them".to_owned(),
        Identity::Asked(on) => format!("We asked them to show it on {}", day(on, today)),
        Identity::Shown { asked, on } => format!(
            "They showed it on {}. We had asked on {}",
            day(on, today),
            short_day(asked, today)
        ),
    }
}

/// Who looks after it, when nobody does.
pub const NOBODY: &str = "Nobody yet";

/// Who looks after it.
pub fn with_whom(request: &Request) -> String {
    request
        .owner
        .as_ref()
        .map_or_else(|| NOBODY.to_owned(), |(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::rules::Step;
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_clock_is_told_in_one_sentence() {
        let today = on("2027-01-11");
        let said = |timing: &Timing| clock(timing, today);
        let right = Timing::new(Kind::Rectification, on("2026-12-12"));
        assert_eq!(
            said(&right),
            "Answer by Tuesday 12 January: one month from 12 December 2026."
        );
        let weekend = Timing::new(Kind::Erasure, on("2026-12-16"));
        assert_eq!(
            said(&weekend),
            "Answer by Monday 18 January: one month from 16 December 2026, and then the next working day."
        );
        let copy = Timing::new(Kind::Access, on("2027-01-04"));
        assert_eq!(
            said(&copy),
            "Answer by Wednesday 3 February: we promise a copy within 30 days of 4 January. The law gives us until Thursday 4 February."
        );
        let late = Timing::new(Kind::Objection, on("2026-12-08"));
        assert_eq!(
            said(&late),
            "3 days late. It was to be answered by Friday 8 January: one month from 8 December 2026."
        );
        let complaint = Timing::new(Kind::Complaint, on("2026-12-12"));
        assert_eq!(
            said(&complaint),
            "Say that we have it, and answer, today, Monday 11 January: 30 days from 12 December 2026."
        );
    }

    #[test]
    fn what_stops_the_clock_and_what_lengthens_it_is_told_too() {
        let today = on("2027-01-20");
        let right = Timing::new(Kind::Rectification, on("2027-01-04"));
        let waits = right
            .after(Step::Wait, on("2027-01-06"))
            .expect("we may ask");
        assert_eq!(
            clock(&waits, today),
            "The clock stands still: we have waited for their answer since Wednesday 6 January."
        );
        let heard = waits
            .after(Step::Heard, on("2027-01-08"))
            .expect("they may answer");
        let longer = heard
            .after(Step::Extend, on("2027-01-20"))
            .expect("in time");
        assert_eq!(
            clock(&longer, today),
            "Answer by Tuesday 6 April: three months from 4 January, and the 2 days on which we waited for them."
        );
        let asked = right
            .after(Step::AskIdentity, on("2027-01-05"))
            .expect("we may ask");
        assert_eq!(
            clock(&asked, today),
            "The time begins when they have shown who they are. We asked on Tuesday 5 January."
        );
        let shown = asked
            .after(Step::IdentityShown, on("2027-01-12"))
            .expect("they may");
        assert_eq!(
            clock(&shown, today),
            "Answer by Friday 12 February: one month from 12 January, when they had shown who they are."
        );
    }
}
