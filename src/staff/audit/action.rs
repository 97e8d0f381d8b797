//! What the audit writes down: each action once, with its word in the database and its words on the screen.

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal, $words:literal;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $action),* }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// The word in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => $name),* }
            }

            /// The words on the screen.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$action => $words),* }
            }
        }
    };
}

actions! {
    /// The password or link was right.
    SignedIn = "signed-in", "Signed in";
    /// It was not.
    SignInFailed = "sign-in-failed", "Could not sign in";
    /// The second step was right.
    SecondStep = "second-step", "Took the second step";
    /// It was not.
    SecondStepFailed = "second-step-failed", "Gave a wrong code";
    /// A code of the second step was sent to their mobile.
    CodeAsked = "code-asked", "Asked for a code by text";
    /// Somebody asked for a page that their roles do not open.
    Refused = "refused", "Was refused";
    /// Two-step sign-in was set up.
    TwoStepOn = "two-step-on", "Set up two-step sign-in";
    /// It was switched off.
    TwoStepOff = "two-step-off", "Switched two-step sign-in off";
    /// An owner took the second step of somebody away, whose phone is lost.
    TwoStepTakenAway = "two-step-taken-away", "Took somebody’s second step away";
    /// New recovery codes were made.
    CodesRenewed = "codes-renewed", "Made new recovery codes";
    /// Somebody's data was shown.
    Looked = "looked", "Looked at details";
    /// It was shown as a sheet to print.
    Printed = "printed", "Opened the sheet to print";
    /// It was downloaded.
    Downloaded = "downloaded", "Downloaded details";
    /// Somebody was invited to work here.
    Invited = "invited", "Invited somebody";
    /// The invitation was taken back.
    InvitationWithdrawn = "invitation-withdrawn", "Withdrew an invitation";
    /// They accepted.
    Joined = "joined", "Joined the team";
    /// Their roles were changed.
    RolesChanged = "roles-changed", "Changed roles";
    /// The dates of their training and papers were changed.
    PapersChanged = "papers-changed", "Changed training dates";
    /// Somebody looked through the list of staff: this person was on it.
    StaffReviewed = "staff-reviewed", "Looked through the list of staff";
    /// They no longer work here.
    Removed = "removed", "Removed somebody from the team";
    /// Attendance was marked.
    AttendanceMarked = "attendance-marked", "Marked attendance";
    /// Somebody's certificate of attendance was printed.
    CertificatePrinted = "certificate-printed", "Printed a certificate";
    /// Dates, place or tutor of a run were changed, or it was called off.
    RunChanged = "run-changed", "Changed a run";
    /// A run was opened for booking.
    RunOpened = "run-opened", "Opened a run for booking";
    /// It was closed to new bookings.
    RunClosed = "run-closed", "Closed a run to new bookings";
    /// It has another number of places.
    CapacityChanged = "capacity-changed", "Changed the number of places";
    /// New people may join it up to another session.
    LateJoiningChanged = "late-joining-changed", "Changed until when people may join";
    /// A message was sent to everybody on a run.
    GroupWritten = "group-written", "Wrote to everybody on a run";
    /// Somebody came to a session without a place.
    WalkInNoted = "walk-in-noted", "Noted somebody without a place";
    /// That was a mistake.
    WalkInUndone = "walk-in-undone", "Took back somebody without a place";
    /// The course team has made a booking of it.
    WalkInDone = "walk-in-done", "Dealt with somebody without a place";
    /// Another organisation gives a run, or none.
    ProviderChanged = "provider-changed", "Changed who gives a run";
    /// Somebody leads a session beside its tutor, or does not any more.
    StandInChanged = "stand-in-changed", "Changed who stands in";
    /// How a run's room is set up was changed.
    RoomSetUp = "room-set-up", "Changed how a room is set up";
    /// What those who come to a run wrote that would help them was opened, all at once.
    NeedsOpened = "needs-opened", "Opened what would help people on a run";
    /// Somebody's note was among it.
    NeedSeen = "need-seen", "Was shown what would help somebody";
    /// Somebody objected to tutors being given their details, or does not any more.
    SharingChanged = "sharing-changed", "Changed what tutors are given";
    /// Somebody's answer about their ethnic group was taken away for them.
    AnswerRemoved = "answer-removed", "Took away somebody’s answer about their ethnic group";
    /// What a reminder says was changed.
    ReminderWorded = "reminder-worded", "Changed what a reminder says";
    /// Somebody was rung, or could not be reached.
    CallNoted = "call-noted", "Noted a call";
    /// A call that was done is to be made again.
    CallPutBack = "call-put-back", "Put a call back on the list";
    /// A message that did not arrive was dealt with.
    MessageDealt = "message-dealt", "Dealt with a message that did not arrive";
    /// It is to be dealt with again.
    MessagePutBack = "message-put-back", "Put a message that did not arrive back on the list";
    /// A letter was printed and posted.
    LetterPosted = "letter-posted", "Printed and posted a letter";
    /// A letter is to be printed again.
    LetterPutBack = "letter-put-back", "Put a letter back into the queue";
    /// Somebody was searched for by name, phone, email or booking number.
    PeopleSearched = "people-searched", "Searched for somebody";
    /// Something was written in somebody's contact log.
    ContactNoted = "contact-noted", "Wrote in the contact log";
    /// A place was booked for whoever phoned, wrote or came in.
    BookedFor = "booked-for", "Booked for somebody";
    /// A booking was cancelled for somebody.
    CancelledFor = "cancelled-for", "Cancelled for somebody";
    /// Somebody was put on a waiting list.
    WaitsFor = "put-on-list", "Put somebody on a waiting list";
    /// Somebody was put before others on a waiting list.
    PutFirst = "put-first", "Put somebody first on a waiting list";
    /// Somebody was taken off a waiting list.
    TakenOffList = "taken-off-list", "Took somebody off a waiting list";
    /// A booking was moved to another run.
    MovedFor = "moved-for", "Moved a booking to another date";
    /// Somebody's contact details were put right.
    DetailsChanged = "details-changed", "Changed somebody’s details";
    /// Somebody was marked as deceased.
    Deceased = "deceased", "Noted that somebody has died";
    /// That was a mistake.
    DeceasedUndone = "deceased-undone", "Took back that somebody has died";
    /// Two records of one person were made one.
    Merged = "merged", "Merged two records";
    /// They are two again.
    MergeUndone = "merge-undone", "Undid a merge";
    /// A code was made with which a record comes into an account.
    CodeMade = "code-made", "Made a code for somebody’s record";
    /// Somebody entered it.
    Claimed = "claimed", "Brought a record into their account";
    /// Somebody was made a volunteer, or is none any more.
    VolunteerChanged = "volunteer-changed", "Changed somebody’s status as a volunteer";
    /// The email that confirms an account's address was sent again, or to another address.
    ConfirmationSent = "confirmation-sent", "Sent an email to confirm an address";
    /// A course was added.
    CourseAdded = "course-added", "Added a course";
    /// What is written about a course was changed.
    CourseChanged = "course-changed", "Changed the words of a course";
    /// A course was put on the website.
    CoursePublished = "course-published", "Put a course on the website";
    /// It was taken off.
    CourseHidden = "course-hidden", "Took a course off the website";
    /// A topic was added, changed or taken away.
    TopicChanged = "topic-changed", "Changed a topic";
    /// A venue was added.
    VenueAdded = "venue-added", "Added a venue";
    /// What is written about a venue was changed.
    VenueChanged = "venue-changed", "Changed a venue";
    /// A room of a venue was added, changed or taken away.
    RoomChanged = "room-changed", "Changed a room";
    /// The school holidays were changed.
    HolidaysChanged = "holidays-changed", "Changed the school holidays";
    /// What every public page says was changed.
    NoticeChanged = "notice-changed", "Changed the notice on the website";
    /// A run was added, as a draft.
    RunAdded = "run-added", "Added a run";
    /// A draft was thrown away.
    RunDiscarded = "run-discarded", "Threw a draft away";
    /// How a room's hire stands, or how many must book, was changed.
    RunPlanned = "run-planned", "Changed hire, numbers or the way to a run";
    /// An organisation that gives courses was added.
    OrganisationAdded = "organisation-added", "Added an organisation";
    /// It has another name.
    OrganisationRenamed = "organisation-renamed", "Renamed an organisation";
    /// It gives no more courses.
    OrganisationClosed = "organisation-closed", "Closed an organisation";
    /// Somebody does not coordinate an organisation any more.
    CoordinatorRemoved = "coordinator-removed", "Took a coordinator’s access away";
    /// A tutor was added.
    TutorAdded = "tutor-added", "Added a tutor";
    /// What the site says of a tutor was changed.
    TutorChanged = "tutor-changed", "Changed a tutor";
    /// A tutor has another account to sign in with, or none.
    TutorAccountChanged = "tutor-account-changed", "Changed the account of a tutor";
    /// Somebody objected to being counted in statistics about people, or does not any more.
    StatisticsChanged = "statistics-changed", "Changed whether somebody is in statistics";
    /// What people said of their ethnic group was opened to be counted; nobody saw it.
    PeopleCounted = "people-counted", "Had people’s answers counted for a report";
    /// What the team writes for a report was saved.
    ReportWritten = "report-written", "Wrote a report";
    /// A report was published.
    ReportPublished = "report-published", "Published a report";
    /// Somebody's request about their own data was written down.
    RequestWritten = "request-written", "Wrote down a request about somebody’s data";
    /// Whoever made it was asked to show who they are.
    RequestIdentityAsked = "request-identity-asked", "Asked who makes a request";
    /// We did not have to ask.
    RequestIdentityNotAsked = "request-identity-not-asked", "Took back that we asked who makes a request";
    /// They have shown it.
    RequestIdentityShown = "request-identity-shown", "Noted who makes a request";
    /// They were asked what exactly they want.
    RequestWaits = "request-waits", "Stopped the clock of a request";
    /// They have answered.
    RequestHeard = "request-heard", "Started the clock of a request again";
    /// They were told that it takes two months longer.
    RequestLonger = "request-longer", "Gave a request two months more";
    /// Somebody else looks after it, or nobody.
    RequestHandedOn = "request-handed-on", "Gave a request to somebody";
    /// It was finished.
    RequestFinished = "request-finished", "Finished a request";
    /// What a search of the audit found was downloaded.
    AuditDownloaded = "audit-downloaded", "Downloaded from this record";
    /// The audit itself was searched.
    AuditSearched = "audit-searched", "Searched this record";
}

impl Action {
    /// The action with this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }
}
