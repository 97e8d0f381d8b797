//! The audit: who signed in, was refused, changed something or looked at somebody's data. Entries are only added; a chain of
//! hashes over them shows if one is changed or taken out.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::guards::By;
use crate::server::routes::Routes;
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::write_tx;

mod chain;
mod pages;
mod search;

pub use chain::{Fault, faults, seal, seal_all};

/// The audit's pages.
pub fn routes() -> Routes {
    pages::routes()
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The password or link was right.
    SignedIn,
    /// It was not.
    SignInFailed,
    /// The second step was right.
    SecondStep,
    /// It was not.
    SecondStepFailed,
    /// Somebody asked for a page that their roles do not open.
    Refused,
    /// Two-step sign-in was set up.
    TwoStepOn,
    /// It was switched off.
    TwoStepOff,
    /// An owner took the second step of somebody away, whose phone is lost.
    TwoStepTakenAway,
    /// New recovery codes were made.
    CodesRenewed,
    /// Somebody's data was shown.
    Looked,
    /// It was shown as a sheet to print.
    Printed,
    /// It was downloaded.
    Downloaded,
    /// Somebody was invited to work here.
    Invited,
    /// The invitation was taken back.
    InvitationWithdrawn,
    /// They accepted.
    Joined,
    /// Their roles were changed.
    RolesChanged,
    /// The dates of their training and papers were changed.
    PapersChanged,
    /// They no longer work here.
    Removed,
    /// Attendance was marked.
    AttendanceMarked,
    /// Dates, place or tutor of a run were changed, or it was called off.
    RunChanged,
    /// A run was opened for booking.
    RunOpened,
    /// It was closed to new bookings.
    RunClosed,
    /// It has another number of places.
    CapacityChanged,
    /// New people may join it up to another session.
    LateJoiningChanged,
    /// A message was sent to everybody on a run.
    GroupWritten,
    /// Somebody came to a session without a place.
    WalkInNoted,
    /// That was a mistake.
    WalkInUndone,
    /// The course team has made a booking of it.
    WalkInDone,
    /// Another organisation gives a run, or none.
    ProviderChanged,
    /// Somebody leads a session beside its tutor, or does not any more.
    StandInChanged,
    /// How a run's room is set up was changed.
    RoomSetUp,
    /// Somebody objected to tutors being given their details, or does not any more.
    SharingChanged,
    /// Somebody was rung, or could not be reached.
    CallNoted,
    /// A call that was done is to be made again.
    CallPutBack,
    /// A letter was printed and posted.
    LetterPosted,
    /// A letter is to be printed again.
    LetterPutBack,
    /// Somebody was searched for by name, phone, email or booking number.
    PeopleSearched,
    /// Something was written in somebody's contact log.
    ContactNoted,
    /// A place was booked for whoever phoned, wrote or came in.
    BookedFor,
    /// A booking was cancelled for somebody.
    CancelledFor,
    /// Somebody was put on a waiting list.
    WaitsFor,
    /// Somebody's contact details were put right.
    DetailsChanged,
    /// A course was added.
    CourseAdded,
    /// What is written about a course was changed.
    CourseChanged,
    /// A course was put on the website.
    CoursePublished,
    /// It was taken off.
    CourseHidden,
    /// A topic was added, changed or taken away.
    TopicChanged,
    /// A venue was added.
    VenueAdded,
    /// What is written about a venue was changed.
    VenueChanged,
    /// A room of a venue was added, changed or taken away.
    RoomChanged,
    /// A run was added, as a draft.
    RunAdded,
    /// A draft was thrown away.
    RunDiscarded,
    /// How a room's hire stands, or how many must book, was changed.
    RunPlanned,
    /// An organisation that gives courses was added.
    OrganisationAdded,
    /// It has another name.
    OrganisationRenamed,
    /// It gives no more courses.
    OrganisationClosed,
    /// Somebody does not coordinate an organisation any more.
    CoordinatorRemoved,
    /// A tutor was added.
    TutorAdded,
    /// What the site says of a tutor was changed.
    TutorChanged,
    /// A tutor has another account to sign in with, or none.
    TutorAccountChanged,
    /// The audit itself was searched.
    AuditSearched,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 61] = [
        Self::SignedIn,
        Self::SignInFailed,
        Self::SecondStep,
        Self::SecondStepFailed,
        Self::Refused,
        Self::TwoStepOn,
        Self::TwoStepOff,
        Self::TwoStepTakenAway,
        Self::CodesRenewed,
        Self::Looked,
        Self::Printed,
        Self::Downloaded,
        Self::Invited,
        Self::InvitationWithdrawn,
        Self::Joined,
        Self::RolesChanged,
        Self::PapersChanged,
        Self::Removed,
        Self::AttendanceMarked,
        Self::RunChanged,
        Self::RunOpened,
        Self::RunClosed,
        Self::CapacityChanged,
        Self::LateJoiningChanged,
        Self::GroupWritten,
        Self::WalkInNoted,
        Self::WalkInUndone,
        Self::WalkInDone,
        Self::ProviderChanged,
        Self::StandInChanged,
        Self::RoomSetUp,
        Self::SharingChanged,
        Self::CallNoted,
        Self::CallPutBack,
        Self::LetterPosted,
        Self::LetterPutBack,
        Self::PeopleSearched,
        Self::ContactNoted,
        Self::BookedFor,
        Self::CancelledFor,
        Self::WaitsFor,
        Self::DetailsChanged,
        Self::CourseAdded,
        Self::CourseChanged,
        Self::CoursePublished,
        Self::CourseHidden,
        Self::TopicChanged,
        Self::VenueAdded,
        Self::VenueChanged,
        Self::RoomChanged,
        Self::RunAdded,
        Self::RunDiscarded,
        Self::RunPlanned,
        Self::OrganisationAdded,
        Self::OrganisationRenamed,
        Self::OrganisationClosed,
        Self::CoordinatorRemoved,
        Self::TutorAdded,
        Self::TutorChanged,
        Self::TutorAccountChanged,
        Self::AuditSearched,
    ];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SecondStep => "second-step",
            Self::SecondStepFailed => "second-step-failed",
            Self::Refused => "refused",
            Self::TwoStepOn => "two-step-on",
            Self::TwoStepOff => "two-step-off",
            Self::TwoStepTakenAway => "two-step-taken-away",
            Self::CodesRenewed => "codes-renewed",
            Self::Looked => "looked",
            Self::Printed => "printed",
            Self::Downloaded => "downloaded",
            Self::Invited => "invited",
            Self::InvitationWithdrawn => "invitation-withdrawn",
            Self::Joined => "joined",
            Self::RolesChanged => "roles-changed",
            Self::PapersChanged => "papers-changed",
            Self::Removed => "removed",
            Self::AttendanceMarked => "attendance-marked",
            Self::RunChanged => "run-changed",
            Self::RunOpened => "run-opened",
            Self::RunClosed => "run-closed",
            Self::CapacityChanged => "capacity-changed",
            Self::LateJoiningChanged => "late-joining-changed",
            Self::GroupWritten => "group-written",
            Self::WalkInNoted => "walk-in-noted",
            Self::WalkInUndone => "walk-in-undone",
            Self::WalkInDone => "walk-in-done",
            Self::ProviderChanged => "provider-changed",
            Self::StandInChanged => "stand-in-changed",
            Self::RoomSetUp => "room-set-up",
            Self::SharingChanged => "sharing-changed",
            Self::CallNoted => "call-noted",
            Self::CallPutBack => "call-put-back",
            Self::LetterPosted => "letter-posted",
            Self::LetterPutBack => "letter-put-back",
            Self::PeopleSearched => "people-searched",
            Self::ContactNoted => "contact-noted",
            Self::BookedFor => "booked-for",
            Self::CancelledFor => "cancelled-for",
            Self::WaitsFor => "put-on-list",
            Self::DetailsChanged => "details-changed",
            Self::CourseAdded => "course-added",
            Self::CourseChanged => "course-changed",
            Self::CoursePublished => "course-published",
            Self::CourseHidden => "course-hidden",
            Self::TopicChanged => "topic-changed",
            Self::VenueAdded => "venue-added",
            Self::VenueChanged => "venue-changed",
            Self::RoomChanged => "room-changed",
            Self::RunAdded => "run-added",
            Self::RunDiscarded => "run-discarded",
            Self::RunPlanned => "run-planned",
            Self::OrganisationAdded => "organisation-added",
            Self::OrganisationRenamed => "organisation-renamed",
            Self::OrganisationClosed => "organisation-closed",
            Self::CoordinatorRemoved => "coordinator-removed",
            Self::TutorAdded => "tutor-added",
            Self::TutorChanged => "tutor-changed",
            Self::TutorAccountChanged => "tutor-account-changed",
            Self::AuditSearched => "audit-searched",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SignedIn => "Signed in",
            Self::SignInFailed => "Could not sign in",
            Self::SecondStep => "Took the second step",
            Self::SecondStepFailed => "Gave a wrong code",
            Self::Refused => "Was refused",
            Self::TwoStepOn => "Set up two-step sign-in",
            Self::TwoStepOff => "Switched two-step sign-in off",
            Self::TwoStepTakenAway => "Took somebody’s second step away",
            Self::CodesRenewed => "Made new recovery codes",
            Self::Looked => "Looked at details",
            Self::Printed => "Opened the sheet to print",
            Self::Downloaded => "Downloaded details",
            Self::Invited => "Invited somebody",
            Self::InvitationWithdrawn => "Withdrew an invitation",
            Self::Joined => "Joined the team",
            Self::RolesChanged => "Changed roles",
            Self::PapersChanged => "Changed training dates",
            Self::Removed => "Removed somebody from the team",
            Self::AttendanceMarked => "Marked attendance",
            Self::RunChanged => "Changed a run",
            Self::RunOpened => "Opened a run for booking",
            Self::RunClosed => "Closed a run to new bookings",
            Self::CapacityChanged => "Changed the number of places",
            Self::LateJoiningChanged => "Changed until when people may join",
            Self::GroupWritten => "Wrote to everybody on a run",
            Self::WalkInNoted => "Noted somebody without a place",
            Self::WalkInUndone => "Took back somebody without a place",
            Self::WalkInDone => "Dealt with somebody without a place",
            Self::ProviderChanged => "Changed who gives a run",
            Self::StandInChanged => "Changed who stands in",
            Self::RoomSetUp => "Changed how a room is set up",
            Self::SharingChanged => "Changed what tutors are given",
            Self::CallNoted => "Noted a call",
            Self::CallPutBack => "Put a call back on the list",
            Self::LetterPosted => "Printed and posted a letter",
            Self::LetterPutBack => "Put a letter back into the queue",
            Self::PeopleSearched => "Searched for somebody",
            Self::ContactNoted => "Wrote in the contact log",
            Self::BookedFor => "Booked for somebody",
            Self::CancelledFor => "Cancelled for somebody",
            Self::WaitsFor => "Put somebody on a waiting list",
            Self::DetailsChanged => "Changed somebody’s details",
            Self::CourseAdded => "Added a course",
            Self::CourseChanged => "Changed the words of a course",
            Self::CoursePublished => "Put a course on the website",
            Self::CourseHidden => "Took a course off the website",
            Self::TopicChanged => "Changed a topic",
            Self::VenueAdded => "Added a venue",
            Self::VenueChanged => "Changed a venue",
            Self::RoomChanged => "Changed a room",
            Self::RunAdded => "Added a run",
            Self::RunDiscarded => "Threw a draft away",
            Self::RunPlanned => "Changed hire, numbers or the way to a run",
            Self::OrganisationAdded => "Added an organisation",
            Self::OrganisationRenamed => "Renamed an organisation",
            Self::OrganisationClosed => "Closed an organisation",
            Self::CoordinatorRemoved => "Took a coordinator’s access away",
            Self::TutorAdded => "Added a tutor",
            Self::TutorChanged => "Changed a tutor",
            Self::TutorAccountChanged => "Changed the account of a tutor",
            Self::AuditSearched => "Searched this record",
        }
    }

    /// The action with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// A row of the audit, about to be written. It holds no names: who and whose are numbers, and what was changed is sealed
/// under the person's own key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// By which account; none, when the address has no account.
    pub account_id: Option<Uuid>,
    /// In which role.
    pub role: &'static str,
    /// Whose data it was.
    pub person_id: Option<Uuid>,
    /// On which page.
    pub page: String,
    /// What it was about: a run, an invitation.
    pub about: Option<Uuid>,
    /// Before and after, sealed.
    pub sealed: Option<Vec<u8>>,
}

/// No page of ours has a longer address.
const LONGEST_PAGE: usize = 200;

impl Entry {
    /// What `by` does.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn by(app: &App, by: &By, action: Action) -> Result<Self> {
        Ok(Self {
            account_id: Some(by.account_id),
            role: by.role.map_or("", |role| role.name()),
            ..Self::on(app, &by.page, action)?
        })
    }

    /// What `by` does about `about`; nothing is written down of what the program does by itself.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn perhaps(
        app: &App,
        by: Option<&By>,
        action: Action,
        about: Uuid,
    ) -> Result<Option<Self>> {
        by.map(|by| Ok(Self::by(app, by, action)?.about(about)))
            .transpose()
    }

    /// What happens on a page without anybody whom we know.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn on(app: &App, page: &str, action: Action) -> Result<Self> {
        Ok(Self {
            id: app.id()?,
            at: app.clock.now(),
            action,
            account_id: None,
            role: "",
            person_id: None,
            page: page.chars().take(LONGEST_PAGE).collect(),
            about: None,
            sealed: None,
        })
    }

    /// By this account.
    #[must_use]
    pub fn account(mut self, account_id: Option<Uuid>) -> Self {
        self.account_id = account_id;
        self
    }

    /// Whose data it was.
    #[must_use]
    pub fn of(mut self, person_id: Uuid) -> Self {
        self.person_id = Some(person_id);
        self
    }

    /// What it was about.
    #[must_use]
    pub fn about(mut self, id: Uuid) -> Self {
        self.about = Some(id);
        self
    }

    /// What somebody's record said before and after, sealed under their key: erasing the person empties it.
    ///
    /// # Errors
    /// When the vault does not answer.
    pub async fn changed(
        mut self,
        app: &App,
        person_id: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        self.person_id = Some(person_id);
        self.sealed_for(app, person_id, before, after).await
    }

    /// As [`Self::changed`], of an organisation or a tutor that it is about: sealed under a key of theirs.
    ///
    /// # Errors
    /// When the vault does not answer.
    pub async fn changed_there(
        self,
        app: &App,
        about: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        self.about(about)
            .sealed_for(app, about, before, after)
            .await
    }

    async fn sealed_for(
        mut self,
        app: &App,
        subject: Uuid,
        before: &str,
        after: &str,
    ) -> Result<Self> {
        let plain = serde_json::to_vec(&[before, after])
            .map_err(|e| Error::Other(format!("an audit entry: {e}")))?;
        let sealed = app
            .vault
            .seal(self.at, subject, RecordClass::Audit, self.id, &plain)
            .await?;
        self.sealed = Some(sealed);
        Ok(self)
    }
}

/// Writes an [`Entry`] inside a transaction.
macro_rules! insert_entry {
    ($c:ident, $entry:expr) => {{
        let entry: &$crate::staff::audit::Entry = $entry;
        sqlx::query(
            "INSERT INTO audit_entry (id, at, action, account_id, role, person_id, page, about, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(entry.id)
        .bind(entry.at)
        .bind(entry.action.name())
        .bind(entry.account_id)
        .bind(entry.role)
        .bind(entry.person_id)
        .bind(&entry.page)
        .bind(entry.about)
        .bind(&entry.sealed)
        .execute(&mut *$c)
        .await?;
    }};
}
pub(crate) use insert_entry;

/// Writes one entry in a transaction of its own: what was seen has changed nothing else.
///
/// # Errors
/// When the database does not answer.
pub async fn note(app: &App, entry: &Entry) -> Result<()> {
    write_tx!(app.db, |c| {
        insert_entry!(c, entry);
        Ok(())
    })
}

/// Notes that `by` is shown the data of each of `people`; `about` is the run, if it is about one. Nothing is shown before this is written.
///
/// # Errors
/// When the database does not answer.
pub async fn looked(
    app: &App,
    by: &By,
    action: Action,
    about: Option<Uuid>,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<()> {
    let entries = people
        .into_iter()
        .map(|person| {
            let entry = Entry::by(app, by, action)?.of(person);
            Ok(Entry { about, ..entry })
        })
        .collect::<Result<Vec<_>>>()?;
    write_tx!(app.db, |c| {
        for entry in &entries {
            insert_entry!(c, entry);
        }
        Ok(())
    })
}
