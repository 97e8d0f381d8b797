//! Telling everybody whom a change concerns.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::rules::Difference;
use super::store::Concerned;
use crate::bookings::calendar::{self, Entry};
use crate::bookings::calls::{About, Call};
use crate::bookings::emails::{self, Reader};
use crate::bookings::post::{self, Posted};
use crate::bookings::store::{self as bookings_store, Offer, Person, Session};
use crate::bookings::waiting;
use crate::messages::letters::bookings::{Ending, Facts};
use crate::messages::letters::{bookings as letters, changes, texts};
use crate::messages::{self, IcsMethod, Prepared, Text};
use crate::server::{App, Result};
use crate::ui::dates;

/// What happens so soon is told even at night.
pub(super) const SOON: TimeDelta = TimeDelta::hours(18);

/// What people are told.
#[derive(Clone, Copy, Debug)]
pub enum News<'a> {
    /// The run is different.
    Changed {
        before: &'a Offer,
        after: &'a Offer,
        differences: &'a [Difference],
    },
    /// The run does not go ahead.
    NotGoingAhead { before: &'a Offer },
}

impl<'a> News<'a> {
    /// The run as people know it.
    pub const fn before(&self) -> &'a Offer {
        match self {
            Self::Changed { before, .. } | Self::NotGoingAhead { before } => before,
        }
    }

    /// The run as it will be.
    const fn after(&self) -> &'a Offer {
        match self {
            Self::Changed { after, .. } => after,
            Self::NotGoingAhead { before } => before,
        }
    }

    /// Whether somebody would set out today for a session that is not when or where they think.
    fn is_in_vain_today(&self, now: DateTime<Utc>) -> bool {
        let goes_ahead = |session: &Session| match self {
            Self::Changed { before, after, .. } => {
                after.sessions.contains(session) && after.at(session.id) == before.at(session.id)
            }
            Self::NotGoingAhead { .. } => false,
        };
        let today = dates::day_of(now);
        self.before().sessions.iter().any(|session| {
            session.starts_at > now
                && dates::day_of(session.starts_at) == today
                && !goes_ahead(session)
        })
    }

    const fn about(&self) -> About {
        match self {
            Self::Changed { .. } => About::Change,
            Self::NotGoingAhead { .. } => About::NotGoingAhead,
        }
    }
}

/// The messages, the calls for whoever wants one or cannot be written to, and what goes by post instead.
#[derive(Debug, Default)]
pub struct Told {
    pub letters: Vec<Prepared>,
    pub calls: Vec<Call>,
    pub posted: Vec<Posted>,
}

/// Writes to everybody. Whoever would come in vain today and gets no text is rung: an email may be read too late.
///
/// # Errors
/// When a message cannot be written or sealed.
pub async fn everybody(app: &App, news: &News<'_>, concerned: &[Concerned]) -> Result<Told> {
    let mut told = Told::default();
    for one in concerned {
        let people = if one.waits() {
            waiting::store::people(&app.db, one.id).await?
        } else {
            bookings_store::people_of(&app.db, one.id).await?
        };
        let before = &news.before().run;
        let cause = cause(before.id, before.sequence + 1, one.id);
        let reader = Reader::of(app, &people, one.account_id).await?;
        let contact = emails::contact(app, &people, one.account_id).await?;
        let chosen = contact.as_ref();
        let texted = emails::texted(app, chosen);
        let wants_call = chosen.is_some_and(Person::wants_calls);
        let in_vain = news.is_in_vain_today(app.clock.now()) && texted.is_none() && !one.waits();
        let has_none = reader.is_none() && texted.is_none();
        // A letter is about a booking and its number; whoever waits has none and is rung.
        let posted = match chosen.filter(|_| has_none && !in_vain && !one.waits()) {
            Some(contact) => by_post(app, news, one, contact, &cause).await?,
            None => None,
        };
        if posted.is_none() && (wants_call || in_vain || has_none) {
            told.calls
                .extend(call(app, news, contact.as_ref(), &cause)?);
        }
        told.posted.extend(posted);
        if let Some((person_id, number)) = texted {
            let words = text(app, news, one, number);
            let cause = text_cause(&cause);
            let text = messages::prepare(app, words, Some(person_id), &cause).await?;
            // Whoever waits does not set out; an offer is answered before the morning by some.
            let at_once = cannot_wait(app, news) && one.status != "waiting";
            told.letters
                .push(if at_once { text } else { text.by_day() });
        }
        if let Some(reader) = reader {
            told.letters
                .push(letter(app, news, one, &people, reader, &cause).await?);
        }
    }
    Ok(told)
}

/// The same in a letter, where it comes early enough before the session that people know of, too.
async fn by_post(
    app: &App,
    news: &News<'_>,
    one: &Concerned,
    contact: &Person,
    cause: &str,
) -> Result<Option<Posted>> {
    let now = app.clock.now();
    if next(app, news).is_some_and(|at| at - now < post::TAKES) {
        return Ok(None);
    }
    let (about, mut said) = match news {
        News::Changed { .. } => (post::About::Changed, sentences(news, now)),
        News::NotGoingAhead { .. } => (
            post::About::Cancelled,
            vec!["We are sorry: the course does not go ahead".to_owned()],
        ),
    };
    for sentence in &mut said {
        sentence.push('.');
    }
    let run = (news.after(), one.reference.as_str());
    post::letter(app, contact, about, run, said, cause, true).await
}

/// The cause of what one booking, or one entry on the waiting list, is told of a change: of the email and of the call.
pub fn cause(run_id: Uuid, sequence: i64, concerned: Uuid) -> String {
    format!("run:{run_id}:{sequence}:{concerned}")
}

/// The cause of the text beside that email.
pub fn text_cause(cause: &str) -> String {
    format!("{cause}:text")
}

/// What people are told, a sentence each.
pub fn sentences(news: &News<'_>, now: DateTime<Utc>) -> Vec<String> {
    let sentence = |line: changes::Line| format!("{} {}", line.before, line.strong);
    match news {
        News::Changed { differences, .. } => differences
            .iter()
            .map(|one| sentence(words(one, now)))
            .collect(),
        News::NotGoingAhead { .. } => vec!["It does not go ahead".to_owned()],
    }
}

/// When the next session begins, as people knew it or as it is now.
fn next(app: &App, news: &News<'_>) -> Option<DateTime<Utc>> {
    let now = app.clock.now();
    // Before they set out: to the old place and time, or to the new ones.
    let sessions = news.before().sessions.iter().chain(&news.after().sessions);
    sessions.map(|s| s.starts_at).filter(|at| *at > now).min()
}

/// Whether people may set out before the morning has come and gone: then a text goes even at night.
fn cannot_wait(app: &App, news: &News<'_>) -> bool {
    next(app, news).is_some_and(|at| at - app.clock.now() < SOON)
}

/// The page of a booking, or of an entry on the waiting list.
fn own_page(one: &Concerned) -> String {
    if one.waits() {
        waiting::entry_path(one.id)
    } else {
        format!("/account/bookings/{}", one.reference)
    }
}

/// The same in a text.
fn text(app: &App, news: &News<'_>, one: &Concerned, number: &str) -> Text {
    let now = app.clock.now();
    // Without an account there is no page of their own.
    let path = one.account_id.map(|_| own_page(one)).unwrap_or_default();
    let run = emails::discreet(news.after(), path);
    let was_offered = one.status == "offered";
    match news {
        News::Changed { differences, .. } => {
            let lines: Vec<_> = differences.iter().map(|one| words(one, now)).collect();
            let what = match one.waits() {
                true if was_offered => "the place we offered you",
                true => "what you are waiting for",
                false => "your booking",
            };
            texts::changed(&app.config, number, &run, what, &lines)
        }
        News::NotGoingAhead { .. } if one.waits() => {
            texts::waiting_over(&app.config, number, &run, was_offered, dates::day_of(now))
        }
        News::NotGoingAhead { .. } => {
            texts::not_going_ahead(&app.config, number, &run, dates::day_of(now))
        }
    }
}

fn call(app: &App, news: &News<'_>, contact: Option<&Person>, cause: &str) -> Result<Option<Call>> {
    let Some(person) = contact else {
        return Ok(None);
    };
    let now = app.clock.now();
    Ok(Some(Call {
        id: app.id()?,
        cause: cause.to_owned(),
        about: news.about(),
        person_id: person.id,
        run_id: Some(news.before().run.id),
        call_by: next(app, news).unwrap_or(now),
        created_at: now,
    }))
}

async fn letter(
    app: &App,
    news: &News<'_>,
    one: &Concerned,
    people: &[Person],
    reader: Reader,
    cause: &str,
) -> Result<Prepared> {
    let now = app.clock.now();
    let path = own_page(one);
    let facts = Facts {
        reference: one.reference.clone(),
        run: reader.told(news.after(), people, path),
        by_staff: one.account_id.is_none(),
    };
    let person_id = reader.person_id;
    let mail = match (news, one.waits()) {
        (
            News::Changed {
                differences, after, ..
            },
            waits,
        ) => {
            let told = changes::Told {
                facts: &facts,
                waits,
                differences: differences.iter().map(|one| words(one, now)).collect(),
                to_come: to_come(after, now),
                awaits_guardian: one.status == "awaiting-guardian",
                is_offered: one.status == "offered",
            };
            changes::changed(&app.config, reader.to, &told)?
        }
        (News::NotGoingAhead { .. }, true) => {
            changes::waiting_over(&app.config, reader.to, &facts, one.status == "offered")?
        }
        (News::NotGoingAhead { .. }, false) => {
            letters::cancelled(&app.config, reader.to, &facts, Ending::NotGoingAhead)?
        }
    };
    // A place that waits for a guardian is in nobody's calendar yet.
    let mail = match one.status.as_str() {
        "booked" => mail.with_ics(dates_of(app, news, one)),
        _ => mail,
    };
    messages::prepare(app, mail, Some(person_id), cause).await
}

/// The dates as they are now, with those that are no more.
fn dates_of(app: &App, news: &News<'_>, one: &Concerned) -> messages::Ics {
    let dropped: Vec<_> = match news {
        News::Changed { differences, .. } => differences
            .iter()
            .filter_map(|difference| match difference {
                Difference::Dropped(session) => Some(*session),
                _ => None,
            })
            .collect(),
        News::NotGoingAhead { .. } => Vec::new(),
    };
    let method = match news {
        News::Changed { .. } => IcsMethod::Publish,
        News::NotGoingAhead { .. } => IcsMethod::Cancel,
    };
    let entry = Entry {
        booking_id: one.id,
        reference: &one.reference,
        sequence: news.before().run.sequence + 1 + one.sequence,
        at: &news.after().run.at,
        own: &news.after().own,
        booked_at: one.created_at,
        all: &news.after().sessions,
        sessions: &news.after().sessions,
        dropped: &dropped,
    };
    calendar::file(app, &entry, method)
}

/// A difference: what is said before and after the strong words.
fn words(difference: &Difference, now: DateTime<Utc>) -> changes::Line {
    let today = dates::day_of(now);
    let when = |s: &bookings_store::Session| dates::day_and_times(s.starts_at, s.ends_at, today);
    match difference {
        Difference::Moved { from, to } => changes::Line {
            before: format!("{} is now", dates::day_and_time(from.starts_at, today)),
            strong: when(to),
        },
        Difference::Added(session) => changes::Line {
            before: "There is one more session:".to_owned(),
            strong: when(session),
        },
        Difference::Dropped(session) => changes::Line {
            before: "There is no session on".to_owned(),
            strong: dates::day_and_time(session.starts_at, today),
        },
        Difference::SessionPlace(session, place) => changes::Line {
            before: format!("{} is now", dates::day_and_time(session.starts_at, today)),
            strong: if place == "Online" {
                "online".to_owned()
            } else {
                format!("at {place}")
            },
        },
        Difference::SessionTutor(session, Some(tutor)) => changes::Line {
            before: format!(
                "{}: your tutor is",
                dates::day_and_time(session.starts_at, today)
            ),
            strong: tutor.clone(),
        },
        Difference::SessionTutor(session, None) => changes::Line {
            before: format!(
                "{}: your tutor has changed:",
                dates::day_and_time(session.starts_at, today)
            ),
            strong: "we will tell you who it is".to_owned(),
        },
        Difference::Place(place) if place == "Online" => changes::Line {
            before: "It is now".to_owned(),
            strong: "online".to_owned(),
        },
        Difference::Place(place) => changes::Line {
            before: "It is now at".to_owned(),
            strong: place.clone(),
        },
        Difference::Tutor(Some(tutor)) => changes::Line {
            before: "Your tutor is now".to_owned(),
            strong: tutor.clone(),
        },
        Difference::Tutor(None) => changes::Line {
            before: "Your tutor has changed:".to_owned(),
            strong: "we will tell you who it is".to_owned(),
        },
    }
}

/// The sessions to come, as people read them.
fn to_come(after: &Offer, now: DateTime<Utc>) -> Vec<String> {
    let today = dates::day_of(now);
    let coming = after.sessions.iter().filter(|s| s.ends_at > now);
    coming.map(|session| after.line(session, today)).collect()
}
