//! What the course team types about a run: places and tutors to choose, a session's day and times.

use chrono::{DateTime, Datelike as _, Utc};
use uuid::Uuid;

use super::add::Spot;
use super::model::{Named, Run};
use crate::bookings::changes::{Change, Impossible, Place};
use crate::bookings::store::Session;
use crate::ui::dates;
use crate::ui::form::{Check, Choice, DateWords, FormState, TIME_WORDS, one_line_time};

/// The choice that is nowhere, and the one that is nobody.
pub const NONE: &str = "none";

/// What stands in a select: a choice for each, after the one for none.
pub fn choices(all: &[Named], none: &'static str) -> Vec<Choice> {
    let mut choices = vec![Choice::new(NONE, none)];
    choices.extend(
        all.iter()
            .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
    );
    choices
}

/// The value of what is chosen in such a select.
pub fn chosen(id: Option<Uuid>) -> String {
    id.map_or_else(|| NONE.to_owned(), |id| id.to_string())
}

/// The value of "online" among the places.
pub const ONLINE: &str = "online";

/// The value of a place.
pub fn place_value(venue: Option<Uuid>, room: Option<Uuid>) -> String {
    match (venue, room) {
        (None, _) => ONLINE.to_owned(),
        (Some(venue), None) => venue.to_string(),
        (Some(venue), Some(room)) => format!("{venue}/{room}"),
    }
}

/// The places to choose from: online, every venue, every room.
pub fn places(spots: &[Spot]) -> Vec<Choice> {
    let mut places = vec![Choice::new(ONLINE, "Online")];
    let spots = spots.iter();
    places.extend(spots.map(|spot| Choice::new(spot.value(), spot.words())));
    places
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    Online,
    There(Spot),
}

impl Where {
    /// The venue or room, if it is not online.
    pub fn spot(&self) -> Option<&Spot> {
        match self {
            Self::Online => None,
            Self::There(spot) => Some(spot),
        }
    }
}

/// Which of them was chosen.
pub fn place(check: &mut Check, spots: &[Spot]) -> Option<Where> {
    let values: Vec<String> = spots.iter().map(Spot::value).collect();
    let mut names: Vec<&str> = values.iter().map(String::as_str).collect();
    names.push(ONLINE);
    let chosen = check.choice("place", "Choose where it is", &names)?;
    let found = spots.iter().find(|spot| spot.value() == chosen);
    Some(found.map_or(Where::Online, |spot| Where::There(spot.clone())))
}

/// The form for place and tutor as they are.
pub fn of_run(run: &Run) -> FormState {
    FormState::filled([
        ("place", place_value(run.venue_id, run.room_id)),
        ("tutor", chosen(run.tutor_id)),
    ])
}

/// What was chosen, as changes: what stays as it is, is none.
pub fn place_and_tutor(
    check: &mut Check,
    run: &Run,
    spots: &[Spot],
    tutors: &[Named],
) -> Option<Vec<Change>> {
    let place = place(check, spots)?;
    let tutor = one_of(check, "tutor", "Choose who leads it", tutors)?.id();
    let holds = place.spot().and_then(|spot| spot.capacity);
    if let Some(holds) = holds.filter(|holds| *holds < run.capacity) {
        let sentence = format!(
            "This room holds {holds}, and the run has {} places. Choose another, or change the number of places first",
            run.capacity
        );
        check.error("place", sentence);
        return None;
    }
    let place = place.spot().map(|spot| Place {
        venue: spot.venue_id,
        room: spot.room_id,
    });
    let mut changes = Vec::new();
    if place.map(|place| place.venue) != run.venue_id
        || place.and_then(|place| place.room) != run.room_id
    {
        changes.push(Change::Place(place));
    }
    if tutor != run.tutor_id {
        changes.push(Change::Tutor(tutor));
    }
    Some(changes)
}

/// What was chosen in such a select.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// None of them.
    None,
    /// This one.
    One(Uuid),
}

impl Picked {
    /// The one, if one was chosen.
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::None => None,
            Self::One(id) => Some(id),
        }
    }
}

/// Which of `all` was chosen in such a select.
pub fn one_of(check: &mut Check, name: &str, missing: &str, all: &[Named]) -> Option<Picked> {
    let ids: Vec<String> = all.iter().map(|one| one.id.to_string()).collect();
    let mut names: Vec<&str> = ids.iter().map(String::as_str).collect();
    names.push(NONE);
    let chosen = check.choice(name, missing, &names)?;
    Some(Uuid::try_parse(chosen).map_or(Picked::None, Picked::One))
}

/// The form for a session as it is.
pub fn of_session(session: &Session) -> FormState {
    let day = dates::day_of(session.starts_at);
    FormState::filled([
        ("day-day", day.day().to_string()),
        ("day-month", day.month().to_string()),
        ("day-year", day.year().to_string()),
        ("starts", dates::time(session.starts_at)),
        ("ends", dates::time(session.ends_at)),
    ])
}

/// When a session begins and ends, as it was typed.
pub fn times(check: &mut Check) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let words = DateWords {
        missing: "Enter the day",
        subject: "The day",
    };
    let day = check.date("day", words);
    let time = |typed: &str| one_line_time(typed).ok_or_else(|| TIME_WORDS.to_owned());
    let starts = check.text("starts", "Enter when it begins", time);
    let ends = check.text("ends", "Enter when it ends", time);
    let (day, starts, ends) = (day?, starts?, ends?);
    if ends <= starts {
        check.error("ends", "It must end after it begins");
        return None;
    }
    Some((
        dates::moment(day.and_time(starts)),
        dates::moment(day.and_time(ends)),
    ))
}

/// Why it cannot be, and beside which field that is said.
pub const fn why_not(why: Impossible) -> (&'static str, &'static str) {
    match why {
        Impossible::NotGoingAhead => (
            "day",
            "This run does not go ahead. Its dates stay as they were",
        ),
        Impossible::NoSuchSession => (
            "day",
            "This session is not there any more. Go back to the run",
        ),
        Impossible::Begun => ("day", "This session has begun. It stays as it is"),
        Impossible::Past => ("day", "That time is over. Enter a time to come"),
        Impossible::EndsTooSoon => ("ends", "It must end after it begins"),
        Impossible::Overlap => (
            "starts",
            "Another session of this run is at that time. Choose another time",
        ),
        Impossible::NoneLeft => ("day", "This is the only session. Call the run off instead"),
        Impossible::NoSuchPlaceOrTutor => (
            "place",
            "This place or tutor is not there any more. Choose again",
        ),
    }
}
