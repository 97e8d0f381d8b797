//! The passport: an entry for every column of every table. A column without one, or an entry without a
//! column, fails the tests on both databases.
//!
//! Purposes and lawful bases follow the privacy notice (`src/site/pages/privacy.md`); the articles are those
//! of the UK GDPR.

mod accounts;
mod bookings;
mod catalogue;
mod columns;
mod course_desk;
mod feedback;
mod people_desk;
mod records;
mod registers;
mod reports;
mod requests;
mod staff;

/// A table and what is common to its columns.
#[derive(Debug)]
pub struct Table {
    /// Its name in the schema.
    pub name: &'static str,
    /// What a row is, for people.
    pub what: &'static str,
    /// Why we hold it.
    pub purpose: Purpose,
    /// What lets us.
    pub basis: Basis,
    /// How long it is kept.
    pub class: RecordClass,
    /// Its columns, in the schema's order.
    pub columns: &'static [Column],
}

/// A column of a [`Table`].
#[derive(Debug)]
pub struct Column {
    /// Its name in the schema.
    pub name: &'static str,
    /// What it holds, for people.
    pub what: &'static str,
    /// What sort of data it is: says whether it is in the member's export, and how it is erased.
    pub sort: Sort,
    /// Who may read it besides the person it is about.
    pub readers: &'static [Reader],
}

/// Why data is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To book courses and tell people about theirs.
    Booking,
    /// To let people sign in, and nobody else in their name.
    SignIn,
    /// To make a course reachable for somebody's needs.
    AccessNeeds,
    /// To see who we reach and who we do not.
    Equality,
    /// To send the newsletter to those who asked for it.
    Newsletter,
    /// To prove what somebody agreed to.
    Proof,
    /// To send a message that something caused.
    Messages,
    /// To show what can be booked.
    Catalogue,
    /// To keep machines from misusing the forms.
    Abuse,
    /// To lock sealed data.
    Locks,
    /// To let the people who work here do their work, and nobody else.
    Staff,
    /// To be able to say who did what and who saw whose data.
    Accountability,
}

/// What lets us hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Article 6(1)(f): legitimate interests in running the courses somebody asked for.
    LegitimateInterests,
    /// Article 6(1)(a): consent.
    Consent,
    /// Articles 6(1)(a) and 9(2)(a): explicit consent to special-category data.
    ExplicitConsent,
    /// Article 6(1)(c): a legal obligation (to be able to show consent, Article 7(1)).
    LegalObligation,
    /// Nobody's data.
    NotPersonal,
}

/// How long a class of records is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordClass {
    /// 6 years after the person's last session.
    Courses,
    /// 24 hours.
    Draft,
    /// 90 days after it ended or was used.
    SignIn,
    /// Emptied once sent; the row 90 days more.
    Message,
    /// 6 years after the choice was replaced or withdrawn.
    Consent,
    /// As long as the site needs it; nobody's data.
    Site,
    /// As long as what it locks.
    Key,
    /// 6 years after they left.
    Staff,
    /// As long as the record that was looked at or changed.
    Audit,
    /// 6 years after the request was finished.
    Request,
}

/// Who may read a column, besides the person it is about and whoever represents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Everybody: it is published.
    Public,
    /// The tutor of a run, of its attendees.
    Tutor,
    /// The course team.
    CourseAdmin,
    /// The course team, by opening it; each look is recorded.
    CourseAdminByOpening,
    /// The communications officer.
    Communications,
    /// The data protection officer, when a request needs it.
    DataProtection,
    /// Whoever looks after staff accounts.
    Owner,
    /// The council or a funder.
    Commissioner,
    /// The program alone.
    Program,
}

/// What sort of data a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Data about a person: in the export; blanked at erasure.
    Personal,
    /// A fact about the record (a time, a state): in the export; stays, without the person.
    Fact,
    /// Sealed under the person's key: in the export, opened; its key is destroyed at erasure.
    Sealed,
    /// Sealed under a key of its own that goes with the record: not in the export; deleted with the row.
    SealedAway,
    /// A number that joins rows: not in the export; stays, naming nobody.
    Key,
    /// A hash of a secret: not in the export; deleted with the row.
    Secret,
    /// Published: not in the export; nobody's data.
    Published,
    /// A word about a sign-in or a limit: not in the export; deleted with the row.
    Trace,
}

/// How erasure treats a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// The value is replaced by nothing.
    Blanked,
    /// The key that opens it is destroyed.
    KeyDestroyed,
    /// The row goes.
    RowDeleted,
    /// It stays: it says nothing about anybody.
    Stays,
}

impl Sort {
    /// Whether the member's export holds it.
    pub fn is_exported(self) -> bool {
        matches!(self, Self::Personal | Self::Fact | Self::Sealed)
    }

    /// How it is erased.
    pub fn erasure(self) -> Erasure {
        match self {
            Self::Personal => Erasure::Blanked,
            Self::Sealed => Erasure::KeyDestroyed,
            Self::SealedAway | Self::Secret | Self::Trace => Erasure::RowDeleted,
            Self::Fact | Self::Key | Self::Published => Erasure::Stays,
        }
    }
}

impl RecordClass {
    /// How long, in words.
    pub fn kept(self) -> &'static str {
        match self {
            Self::Courses => "6 years after the last session",
            Self::Draft => "24 hours",
            Self::SignIn => "90 days after it was last used",
            Self::Message => "What it says: until it is sent. That it was sent: 90 days",
            Self::Consent => "6 years after the choice ended",
            Self::Site => "As long as the site needs it",
            Self::Key => "As long as what it locks",
            Self::Staff => "6 years after they left",
            Self::Audit => "As long as the record that was looked at",
            Self::Request => "6 years after it was finished",
        }
    }
}

/// Every table of the site and of the key store.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        accounts::TABLES,
        catalogue::TABLES,
        bookings::TABLES,
        records::TABLES,
        staff::TABLES,
        registers::TABLES,
        course_desk::TABLES,
        people_desk::TABLES,
        feedback::TABLES,
        reports::TABLES,
        requests::TABLES,
    ]
    .into_iter()
    .flatten()
}

/// The entry for a column.
pub fn of(table: &str, column: &str) -> Option<(&'static Table, &'static Column)> {
    let table = tables().find(|t| t.name == table)?;
    let column = table.columns.iter().find(|c| c.name == column)?;
    Some((table, column))
}
