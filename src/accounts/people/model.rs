//! Somebody an account books for.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ui::dates;

/// What an account holder is to somebody they book for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Their parent.
    Parent,
    /// Their guardian, with parental responsibility.
    Guardian,
    /// Somebody who cares for them.
    Carer,
    /// A partner, a relative, a friend.
    Companion,
}

impl Relation {
    /// Every relation, by its word in the database and in the form.
    pub const ALL: [&'static str; 4] = ["parent", "guardian", "carer", "companion"];

    /// The word in the database and in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Guardian => "guardian",
            Self::Carer => "carer",
            Self::Companion => "companion",
        }
    }

    /// From that word; the course team's own kinds (attorney, advocate) count as care.
    pub fn named(name: &str) -> Self {
        match name {
            "parent" => Self::Parent,
            "guardian" => Self::Guardian,
            "companion" => Self::Companion,
            _ => Self::Carer,
        }
    }

    /// What the account holder is to them, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Parent => "You are their parent",
            Self::Guardian => "You are their guardian",
            Self::Carer => "You care for them",
            Self::Companion => "A partner, relative or friend",
        }
    }

    /// Whether they can agree themselves that somebody under 16 comes.
    pub const fn may_agree(self) -> bool {
        matches!(self, Self::Parent | Self::Guardian)
    }
}

/// Somebody an account books for, and by what right.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Represented {
    /// The representation's id: how pages name them.
    pub id: Uuid,
    /// Who it is.
    pub person_id: Uuid,
    /// `parent`, `guardian`, `carer`, `companion`, `attorney` or `advocate`.
    pub kind: String,
    /// Their full name.
    pub full_name: String,
    /// What to call them, if it was said.
    pub preferred_name: Option<String>,
    /// Their birthday, as `1952-03-31`.
    pub date_of_birth: Option<String>,
    /// Their own address, if they have one.
    pub email: Option<String>,
    /// Their own phone number, E.164.
    pub phone: Option<String>,
    /// Their postcode.
    pub postcode: Option<String>,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// Their parent or guardian, as named last.
    pub guardian_name: Option<String>,
    /// Where that parent or guardian is asked.
    pub guardian_email: Option<String>,
    /// The phone of that parent or guardian, E.164.
    pub guardian_phone: Option<String>,
    /// When that parent or guardian agreed.
    pub guardian_agreed_at: Option<DateTime<Utc>>,
}

impl Represented {
    /// "Tom", or what they like to be called.
    pub fn known_as(&self) -> &str {
        crate::accounts::rules::known_as(self.preferred_name.as_deref(), &self.full_name)
    }

    /// What the account holder is to them.
    pub fn relation(&self) -> Relation {
        Relation::named(&self.kind)
    }

    /// Their birthday, if we know it.
    pub fn born(&self) -> Option<NaiveDate> {
        self.date_of_birth.as_deref()?.parse().ok()
    }

    /// Whether they are under 16 on `day`.
    pub fn is_under_16(&self, day: NaiveDate) -> bool {
        self.born()
            .is_some_and(|born| dates::age_on(born, day) < super::rules::GROWN_UP)
    }
}

/// What is asked about somebody, besides birthday and relation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Full name.
    pub full_name: String,
    /// What to call them.
    pub preferred_name: Option<String>,
    /// Their own address, if they have one.
    pub email: Option<String>,
    /// Their own phone number, E.164.
    pub phone: Option<String>,
    /// Where they live.
    pub home: Home,
}

/// Where somebody lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Home {
    /// Postcode.
    pub postcode: Option<String>,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// The postcode lies outside the area served.
    pub out_of_area: bool,
}

/// The account holder, as far as the forms about others need to know.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    /// Full name.
    pub full_name: String,
    /// Their birthday, as `1952-03-31`.
    pub date_of_birth: Option<String>,
    /// Their phone number, E.164.
    pub phone: Option<String>,
    /// Their own address, besides the one they sign in with.
    pub email: Option<String>,
    /// Where they live.
    #[sqlx(flatten)]
    pub home: Home,
}

impl Holder {
    /// Whether they may agree for somebody else: not while they are under 16 themselves.
    pub fn is_grown_up(&self, today: NaiveDate) -> bool {
        let born: Option<NaiveDate> = self.date_of_birth.as_deref().and_then(|b| b.parse().ok());
        born.is_some_and(|born| dates::age_on(born, today) >= super::rules::GROWN_UP)
    }
}

/// Somebody new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Name, contact, home.
    pub details: Details,
    /// Date of birth.
    pub born: NaiveDate,
    /// What the account holder is to them.
    pub relation: Relation,
}
