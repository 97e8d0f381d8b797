//! What a booking is, and what can come of asking for one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::staff::audit::Entry;

/// How a booking reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// On this site, by the person.
    Website,
    /// By telephone.
    Phone,
    /// By letter.
    Letter,
    /// At a desk or a session.
    InPerson,
    /// Sent by somebody who works with them.
    Referral,
}

impl Channel {
    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::InPerson => "in-person",
            Self::Referral => "referral",
        }
    }

    /// The words on the desks, of a word in the database. (An email is written, like a letter.)
    pub fn words(name: &str) -> &'static str {
        match name {
            "phone" => "by phone",
            "letter" => "in writing",
            "in-person" => "in person",
            "referral" => "referred",
            _ => "on the website",
        }
    }
}

/// How somebody wants to be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemindBy {
    /// By email.
    Email,
    /// By email and text message.
    EmailAndText,
    /// By a phone call.
    Call,
}

impl RemindBy {
    /// Every way, in the order of the form.
    pub const ALL: [&'static str; 3] = ["email", "email-and-text", "call"];

    /// The word in the database and in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::EmailAndText => "email-and-text",
            Self::Call => "call",
        }
    }

    /// From that word; anything else is email.
    pub fn named(name: &str) -> Self {
        match name {
            "email-and-text" => Self::EmailAndText,
            "call" => Self::Call,
            _ => Self::Email,
        }
    }
}

/// What somebody chose on the check page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What would help them on the day. Sealed: only course admins open it.
    pub access_note: Option<String>,
    /// What would help the second person, sealed as theirs.
    pub second_note: Option<String>,
    /// How to be reminded.
    pub remind_by: Option<RemindBy>,
    /// Whether messages may name the course.
    pub name_course: Option<bool>,
    /// Whether they are reminded before each session.
    pub each_session: Option<bool>,
    /// Whether they may be asked how a course was.
    pub ask_feedback: Option<bool>,
    /// The first person's answer to the equality question, where it was asked with the booking. Sealed.
    pub ethnicity: Option<&'static str>,
}

/// A wish for one or two places on a run.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which run.
    pub run_id: Uuid,
    /// The account that books; staff bookings may have none.
    pub account_id: Option<Uuid>,
    /// Who will come: one person, or two.
    pub people: Vec<Uuid>,
    /// How it reached us.
    pub channel: Channel,
    /// The same key twice is one booking and the same answer.
    pub form_key: Option<[u8; 32]>,
    /// Whether the account may book what is for volunteers.
    pub volunteer: bool,
    /// Whether the account's address is confirmed.
    pub verified: bool,
    /// The choices of the check page; how to be reminded is the first person's.
    pub choices: Choices,
    /// What the record says of it, when the team does it for somebody: written with the booking, or with the place on the
    /// waiting list, or not at all.
    pub noted: Option<Entry>,
}

impl Request {
    /// A plain booking of one person on the website.
    pub fn website(run_id: Uuid, account_id: Uuid, person_id: Uuid, form_key: [u8; 32]) -> Self {
        Self {
            run_id,
            account_id: Some(account_id),
            people: vec![person_id],
            channel: Channel::Website,
            form_key: Some(form_key),
            volunteer: false,
            verified: true,
            choices: Choices::default(),
            noted: None,
        }
    }
}

/// A booking that stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Booked {
    /// Its id.
    pub id: Uuid,
    /// What a person reads out: "WB-7K4-2MQ".
    pub reference: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What came of asking for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookOutcome {
    /// The place is theirs.
    Booked(Booked),
    /// The place is kept until a parent or guardian agrees.
    AwaitingGuardian(Booked),
    /// One of them has a place on this run already.
    AlreadyBooked(Booked),
    /// No place is free.
    Full,
    /// Booking has closed for this date.
    Closed,
    /// The first session has begun.
    Started,
    /// The run does not go ahead.
    Cancelled,
    /// Only for our volunteers.
    VolunteersOnly,
    /// Only for people of 16 and over on the first day.
    AdultsOnly,
    /// Only for people under 16 on the first day.
    Under16sOnly,
    /// One of them is under 16 on the first day, and we know no parent or guardian to ask.
    NeedsGuardian,
    /// The account's address is not confirmed yet.
    NotVerified,
    /// One of them has died.
    Died,
    /// There is no such run, or it is not public.
    NoSuchRun,
}

/// What came of asking to cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CancelOutcome {
    /// Cancelled; the place is free again.
    Cancelled,
    /// Noted that they stop coming; no place becomes free.
    Stopped,
    /// It had ended before, at this time.
    Already(DateTime<Utc>),
    /// The last session is over.
    Over,
    /// There is no such booking, or it is somebody else's.
    NoSuchBooking,
}

/// What came of changing how many places a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityOutcome {
    /// It has that many now.
    Changed,
    /// So many are taken and held: it can have no fewer.
    TooFew {
        /// The fewest it can have.
        at_least: i64,
    },
    /// Its room holds so many: it can have no more.
    TooMany {
        /// The most it can have.
        at_most: i64,
    },
    /// There is no such run.
    NoSuchRun,
}

/// What came of setting until when somebody new may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateOutcome {
    /// It is set.
    Changed,
    /// The run has no session of that number.
    NoSuchSession,
    /// There is no such run.
    NoSuchRun,
}
