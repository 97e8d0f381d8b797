//! Somebody as the course desk sees them: how to reach them, and who stands beside them. Nothing about their health or
//! their ethnic group is in it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::accounts::sign_up::rules::{is_mobile, phone_words};
use crate::bookings::Channel;
use crate::ui::dates;

/// One person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: Uuid,
    pub full_name: String,
    pub preferred_name: Option<String>,
    /// As `1952-03-31`.
    pub date_of_birth: Option<String>,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub address: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub no_fixed_address: bool,
    pub reach_by_email: bool,
    pub reach_by_text: bool,
    pub reach_by_call: bool,
    pub reach_by_letter: bool,
    pub safe_to_leave_message: bool,
    pub format: String,
    pub name_course_in_messages: Option<bool>,
    pub remind_by: String,
    /// The account they sign in with.
    pub account_id: Option<Uuid>,
    pub account_email: Option<String>,
    /// Whether that address has been confirmed.
    pub verified: bool,
    /// Whether they objected to tutors being given their details.
    pub keep_from_tutors: bool,
    /// Whether they objected to being counted in statistics about people.
    pub keep_from_statistics: bool,
    /// Whether they volunteer with us.
    pub volunteer: bool,
    pub guardian_name: Option<String>,
    pub guardian_phone: Option<String>,
    pub guardian_email: Option<String>,
    /// Since when we know that they have died.
    pub deceased_at: Option<DateTime<Utc>>,
}

impl Person {
    /// Their birthday, if we know it.
    pub fn born(&self) -> Option<NaiveDate> {
        self.date_of_birth.as_deref()?.parse().ok()
    }

    /// "31 March 1952", or that we do not know.
    pub fn born_words(&self) -> String {
        self.born()
            .map_or_else(|| "Not known".to_owned(), dates::full_day)
    }

    /// Street, town and postcode, as far as we know them.
    pub fn address_words(&self) -> String {
        if self.no_fixed_address {
            return "No fixed address".to_owned();
        }
        let parts = [&self.address, &self.town, &self.postcode];
        let known: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        if known.is_empty() {
            "Not known".to_owned()
        } else {
            known.join(", ")
        }
    }

    /// The phone number as it is said here.
    pub fn phone_words(&self) -> Option<String> {
        self.phone.as_deref().map(phone_words)
    }

    /// Whether texts about their bookings reach them.
    pub fn gets_texts(&self) -> bool {
        let mobile = self.phone.as_deref().is_some_and(is_mobile);
        mobile && self.remind_by == "email-and-text"
    }
}

/// How somebody came to us. (An email is written, like a letter: the booking's record has one word for both.)
pub const CAME: [(&str, &str); 3] = [
    ("phone", "They phoned"),
    ("in-person", "They came in"),
    ("letter", "They wrote, by letter or email"),
];

/// The channel with this word.
pub fn channel(word: &str) -> Option<Channel> {
    [Channel::Phone, Channel::InPerson, Channel::Letter]
        .into_iter()
        .find(|channel| channel.name() == word)
}

/// Somebody who was found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: Uuid,
    pub full_name: String,
    pub date_of_birth: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    /// Whether they have died.
    pub has_died: bool,
    /// When they come next.
    pub next_at: Option<DateTime<Utc>>,
}

/// A booking of somebody, or a place on a waiting list.
#[derive(Clone, Debug)]
pub struct Line {
    /// None on a waiting list.
    pub reference: Option<String>,
    pub run_id: Uuid,
    pub status: String,
    pub channel: String,
    pub title: String,
    pub run_status: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Line {
    /// Whether it stands, and is not over.
    pub fn is_to_come(&self, now: DateTime<Utc>) -> bool {
        let stands = matches!(self.status.as_str(), "booked" | "awaiting-guardian");
        stands && self.run_status != "cancelled" && self.ends_at > now
    }

    /// How it stands, in words.
    pub fn status_words(&self) -> &'static str {
        match (self.status.as_str(), self.run_status.as_str()) {
            ("booked" | "awaiting-guardian", "cancelled") => "Did not go ahead",
            ("booked", _) => "Booked",
            ("awaiting-guardian", _) => "Waits for a parent or guardian",
            ("stopped", _) => "Stopped coming",
            ("declined", _) => "Parent or guardian said no",
            ("lapsed", _) => "Parent or guardian did not answer",
            ("waiting", _) => "On the waiting list",
            ("offered", _) => "Has been offered a place",
            _ => "Cancelled",
        }
    }

    /// How it reached us, in words.
    pub fn channel_words(&self) -> &'static str {
        Channel::words(&self.channel)
    }
}

/// Somebody beside them.
#[derive(Clone, Debug)]
pub struct Beside {
    pub id: Uuid,
    pub full_name: String,
    pub kind: String,
    /// Whether this one looks after the person, not the other way round.
    pub looks_after: bool,
}

impl Beside {
    /// What the one who looks after is to the other.
    pub fn kind_words(&self) -> &'static str {
        match self.kind.as_str() {
            "parent" => "parent",
            "guardian" => "guardian",
            "companion" => "partner, relative or friend",
            "attorney" => "attorney",
            "advocate" => "advocate",
            _ => "carer",
        }
    }
}

/// A call that was or is to be made.
#[derive(Clone, Debug)]
pub struct Called {
    pub about: String,
    pub call_by: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
}

impl Called {
    /// What it was about, in words.
    pub fn about_words(&self) -> &'static str {
        match self.about.as_str() {
            "reminder" => "To remind them",
            "change" => "Something changed",
            "not-going-ahead" => "A course does not go ahead",
            "new-dates" => "A new date",
            "booked" => "To tell them that they are booked",
            _ => "A message did not arrive",
        }
    }

    /// What became of it, in words.
    pub fn outcome_words(&self) -> &'static str {
        match (self.done_at, self.outcome.as_deref()) {
            (None, _) => "To be made",
            (Some(_), Some("left-message")) => "Left a message",
            (Some(_), Some("other-way")) => "Told another way",
            (Some(_), _) => "Reached",
        }
    }
}
