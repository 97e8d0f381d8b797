//! What a message is.

use serde::{Deserialize, Serialize};

/// The kinds of message that there are. The name is kept in the outbox, so that the course team can see
/// what was sent without seeing what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Somebody started an account: is this address theirs?
    VerifyAddress,
    /// Somebody started an account with an address that has one.
    AddressHasAccount,
    /// A link to sign in with.
    SignInLink,
    /// A link to choose a new password.
    PasswordReset,
    /// The password was changed.
    PasswordChanged,
    /// Two-step sign-in was switched on or off.
    TwoStepChanged,
    /// The code of the second step.
    SignInCode,
    /// Somebody is invited to work here.
    StaffInvitation,
    /// Training or papers of somebody who works here end soon.
    PapersEnding,
    /// Is the new address theirs?
    EmailChangeConfirm,
    /// Told at the old address that the address is being, or was, changed.
    EmailChangeTold,
    /// A parent or guardian is asked to agree.
    GuardianRequest,
    /// A place is booked.
    BookingConfirmed,
    /// A place was given up, or the run does not go ahead.
    BookingCancelled,
    /// It is in a week, or tomorrow.
    Reminder,
    /// Dates, place or tutor of a run have changed.
    RunChanged,
    /// Somebody is on a waiting list.
    WaitingJoined,
    /// Somebody on a waiting list can have a place.
    PlaceOffered,
    /// An offer is over.
    PlaceOfferOver,
    /// There is a new date that somebody asked to hear of.
    NewDates,
    /// It is over: how was it?
    Feedback,
    /// Somebody asked for the newsletter: was it them?
    NewsletterConfirm,
    /// The last message about the newsletter.
    NewsletterGoodbye,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 23] = [
        Self::VerifyAddress,
        Self::AddressHasAccount,
        Self::SignInLink,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::TwoStepChanged,
        Self::SignInCode,
        Self::StaffInvitation,
        Self::PapersEnding,
        Self::EmailChangeConfirm,
        Self::EmailChangeTold,
        Self::GuardianRequest,
        Self::BookingConfirmed,
        Self::BookingCancelled,
        Self::Reminder,
        Self::RunChanged,
        Self::WaitingJoined,
        Self::PlaceOffered,
        Self::PlaceOfferOver,
        Self::NewDates,
        Self::Feedback,
        Self::NewsletterConfirm,
        Self::NewsletterGoodbye,
    ];

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether somebody who does not get it may come in vain, or miss what they were given.
    pub const fn is_about_a_place(self) -> bool {
        match self {
            Self::GuardianRequest
            | Self::BookingConfirmed
            | Self::BookingCancelled
            | Self::Reminder
            | Self::RunChanged
            | Self::WaitingJoined
            | Self::PlaceOffered
            | Self::PlaceOfferOver
            | Self::NewDates => true,
            Self::VerifyAddress
            | Self::AddressHasAccount
            | Self::SignInLink
            | Self::PasswordReset
            | Self::PasswordChanged
            | Self::TwoStepChanged
            | Self::SignInCode
            | Self::StaffInvitation
            | Self::PapersEnding
            | Self::EmailChangeConfirm
            | Self::EmailChangeTold
            | Self::Feedback
            | Self::NewsletterConfirm
            | Self::NewsletterGoodbye => false,
        }
    }

    /// What it is, in words for the course team; never what it says.
    pub const fn words(self) -> &'static str {
        match self {
            Self::VerifyAddress => "New account: is the address theirs?",
            Self::AddressHasAccount => "New account: they have one already",
            Self::SignInLink => "Link to sign in",
            Self::PasswordReset => "Link to choose a new password",
            Self::PasswordChanged => "Their password was changed",
            Self::TwoStepChanged => "Two-step sign-in was changed",
            Self::SignInCode => "Code to sign in",
            Self::StaffInvitation => "Invitation to work here",
            Self::PapersEnding => "Training or papers end soon",
            Self::EmailChangeConfirm => "New email: is it theirs?",
            Self::EmailChangeTold => "Their email is being changed",
            Self::GuardianRequest => "A parent or guardian is asked to agree",
            Self::BookingConfirmed => "They are booked",
            Self::BookingCancelled => "Their place is cancelled",
            Self::Reminder => "Reminder",
            Self::RunChanged => "Something has changed",
            Self::WaitingJoined => "They are on a waiting list",
            Self::PlaceOffered => "They can have a place",
            Self::PlaceOfferOver => "An offer of a place is over",
            Self::NewDates => "A course has a new date",
            Self::Feedback => "How was it?",
            Self::NewsletterConfirm => "Newsletter: was it them?",
            Self::NewsletterGoodbye => "Newsletter: goodbye",
        }
    }

    /// Its name in the outbox.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyAddress => "verify-address",
            Self::AddressHasAccount => "address-has-account",
            Self::SignInLink => "sign-in-link",
            Self::PasswordReset => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::TwoStepChanged => "two-step-changed",
            Self::SignInCode => "sign-in-code",
            Self::StaffInvitation => "staff-invitation",
            Self::PapersEnding => "papers-ending",
            Self::EmailChangeConfirm => "email-change-confirm",
            Self::EmailChangeTold => "email-change-told",
            Self::GuardianRequest => "guardian-request",
            Self::BookingConfirmed => "booking-confirmed",
            Self::BookingCancelled => "booking-cancelled",
            Self::Reminder => "reminder",
            Self::RunChanged => "run-changed",
            Self::WaitingJoined => "waiting-joined",
            Self::PlaceOffered => "place-offered",
            Self::PlaceOfferOver => "place-offer-over",
            Self::NewDates => "new-dates",
            Self::Feedback => "feedback",
            Self::NewsletterConfirm => "newsletter-confirm",
            Self::NewsletterGoodbye => "newsletter-goodbye",
        }
    }
}

/// Whom a message goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    name: Option<String>,
    email: String,
}

impl Address {
    /// An address with the name to greet, as "Hello Maggie,". Line breaks and other control characters are
    /// taken out: nothing that a person typed can become a header.
    pub fn new(name: Option<&str>, email: &str) -> Self {
        let name = name.map(one_line).filter(|name| !name.is_empty());
        Self {
            name,
            email: one_line(email),
        }
    }

    /// What to call them, if we know.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The address itself.
    pub fn email(&self) -> &str {
        &self.email
    }
}

/// Text on one line, with single spaces and no control characters.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a calendar does with the attached dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum IcsMethod {
    /// Puts them in, or brings them up to date.
    Publish,
    /// Takes them out.
    Cancel,
}

impl IcsMethod {
    /// Its name in the file (RFC 5546 §1.4).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A calendar file to attach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ics {
    /// What a calendar does with it; the same as in the text's `METHOD`.
    pub method: IcsMethod,
    /// The whole file.
    pub text: String,
}

/// A message, ready to be sealed and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// What it is for.
    pub kind: MessageKind,
    /// Whom it goes to.
    pub to: Address,
    /// The subject. Never names a course.
    pub subject: String,
    /// The text part, always there.
    pub text: String,
    /// The same words as HTML, with nothing fetched from anywhere.
    pub html: String,
    /// The dates for a calendar.
    pub ics: Option<Ics>,
    /// Where one press stops messages of this kind (RFC 8058).
    pub unsubscribe: Option<String>,
}

impl Mail {
    /// Attaches dates for a calendar.
    #[must_use]
    pub fn with_ics(mut self, ics: Ics) -> Self {
        self.ics = Some(ics);
        self
    }

    /// Says where one press stops messages of this kind: every issue of the newsletter has it.
    #[must_use]
    pub fn with_unsubscribe(mut self, url: String) -> Self {
        self.unsubscribe = Some(url);
        self
    }
}

/// A text message, ready to be sealed and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What it is for.
    pub kind: MessageKind,
    /// The number it goes to, as `+447700900214`.
    pub to: String,
    /// What it says.
    pub words: String,
}

/// A message by one way or another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// By email.
    Mail(Box<Mail>),
    /// By text message.
    Text(Text),
}

impl Message {
    /// What it is for.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Mail(mail) => mail.kind,
            Self::Text(text) => text.kind,
        }
    }

    /// The way it goes.
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Email,
            Self::Text(_) => Channel::Text,
        }
    }
}

/// The way a message goes. Each has its own workers, so that a slow mail server keeps no text back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By email.
    Email,
    /// By text message.
    Text,
}

impl Channel {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Email, Self::Text];

    /// Its name in the outbox.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
        }
    }
}

impl From<Mail> for Message {
    fn from(mail: Mail) -> Self {
        Self::Mail(Box::new(mail))
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}
