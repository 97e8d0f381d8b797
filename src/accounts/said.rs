//! A short word for the next page ("Your changes are saved"), carried by a cookie for one minute.

use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::server::App;
use crate::server::http::cookies::Cookie;
use crate::server::http::see;

macro_rules! sayings {
    ($($(#[$doc:meta])* $said:ident = $key:literal, $words:literal;)*) => {
        /// What the page before has to say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Said { $($(#[$doc])* $said),* }

        impl Said {
            const ALL: &'static [Self] = &[$(Self::$said),*];

            /// The sentence.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$said => $words),* }
            }

            /// The word in the cookie.
            const fn key(self) -> &'static str {
                match self { $(Self::$said => $key),* }
            }
        }
    };
}

sayings! {
    /// Signed out here.
    SignedOut = "out", "You are signed out.";
    /// Signed out on every device.
    SignedOutEverywhere = "out-everywhere", "You are signed out on every phone and computer.";
    /// One other device was signed out.
    DeviceOut = "device-out", "That phone or computer is signed out.";
    /// A new password was chosen.
    PasswordSaved = "password", "Your new password is saved. You are signed out on your other devices.";
    /// The sign-in address has changed.
    EmailChanged = "email", "Your email address is changed.";
    /// Somebody's details were saved.
    DetailsSaved = "details", "We have saved your changes.";
    /// The email was sent once more.
    SentAgain = "sent-again", "We have sent it again.";
    /// The answers of a sign-up are deleted.
    AnswersDeleted = "answers-deleted", "We have deleted your answers.";
    /// The answers of a sign-up are not there.
    NoAnswers = "no-answers", "Your answers are not here any more. We keep them for 24 hours. Your browser also has to allow cookies.";
    /// What would help on the day is saved.
    NoteSaved = "note-saved", "We have saved what would help you.";
    /// What would help on the day is removed.
    NoteRemoved = "note-removed", "We have removed what you wrote.";
    /// The answer to the equality question is saved.
    AnswerSaved = "answer-saved", "We have saved your answer.";
    /// The answer to the equality question is removed.
    AnswerRemoved = "answer-removed", "We have removed your answer.";
    /// Somebody is on a waiting list now.
    OnTheList = "on-the-list", "You are on the list. We have sent you an email.";
    /// Answers about a course are kept.
    FeedbackKept = "feedback", "Your answers are on their way to us.";
    /// They are not asked about other courses.
    NotAskedAgain = "not-asked", "We will not ask you again.";
    /// They may be asked about other courses.
    AskedAgain = "asked", "We will ask you after other courses.";
    /// The school holidays are changed.
    HolidaysSaved = "holidays", "The school holidays are saved.";
    /// What every public page says is changed.
    NoticeSaved = "notice", "It is saved. It can take half a minute until every page shows it.";
    /// Several runs open by themselves later.
    RunsOpenLater = "runs-later", "They open by themselves at that time.";
    /// Somebody else took the place.
    PlaceGone = "place-gone", "We are sorry. The place has gone.";
    /// Two-step sign-in is off.
    TwoStepOff = "two-step-off", "Two-step sign-in is off.";
    /// Somebody's second step is taken away.
    TwoStepTakenAway = "two-step-taken-away", "Their codes are taken away, and they are signed out everywhere. They can set it up again.";
    /// Somebody is invited to work here.
    InvitationSent = "invited", "The invitation is on its way.";
    /// An invitation was taken back.
    InvitationWithdrawn = "invitation-withdrawn", "The invitation is withdrawn. Its link has stopped working.";
    /// What somebody may do was changed.
    RolesSaved = "roles", "The roles are saved.";
    /// Training and papers have other dates.
    PapersSaved = "papers", "The dates are saved.";
    /// The list of staff was looked through.
    StaffReviewed = "staff-reviewed", "Thank you. It is noted that you looked through the list.";
    /// Somebody does not work here any more.
    WorkerRemoved = "worker-removed", "They do not work here any more, and are signed out everywhere.";
    /// Who came to a session is saved.
    RegisterSaved = "register", "The register is saved.";
    /// Somebody without a place is noted.
    WalkInNoted = "walk-in", "We have noted them. The office completes this.";
    /// They are not noted any more.
    WalkInUndone = "walk-in-undone", "They are not noted any more.";
    /// Everybody on a run is written to.
    GroupWritten = "group", "Your message is on its way.";
    /// What a reminder says is saved.
    ReminderWorded = "reminder-worded", "The words are saved. The next reminders have them.";
    /// Somebody was rung.
    CallDone = "call-done", "We have noted that. It is off the list.";
    /// Somebody did not answer.
    CallTried = "call-tried", "We have noted that nobody answered. They stay on the list.";
    /// A call is on the list again.
    CallPutBack = "call-back", "It is back on the list.";
    /// Letters are in the post.
    LettersPosted = "posted", "We have noted that. They are told when the post comes.";
    /// A letter is to be printed again.
    LetterPutBack = "letter-back", "It is to be printed again.";
    /// A run is changed, and people are being told.
    RunChanged = "run-changed", "It is changed. The messages are on their way.";
    /// A run is as it was asked to be already.
    NothingChanged = "nothing-changed", "It was so already. Nobody is told twice.";
    /// A run has another number of places, or another last session to join.
    PlacesSaved = "places", "The places are saved.";
    /// How a run's room is set up, or who sees its list, is saved.
    ListsSaved = "lists", "We have saved that.";
    /// An organisation is saved.
    OrganisationSaved = "organisation", "The organisation is saved.";
    /// An organisation is closed.
    OrganisationClosed = "organisation-closed", "It is closed. Nobody there sees a list any more.";
    /// Somebody does not coordinate an organisation any more.
    CoordinatorRemoved = "coordinator-removed", "They do not coordinate it any more.";
    /// A tutor is saved.
    TutorSaved = "tutor", "The tutor is saved.";
    /// Who came without a place is dealt with.
    WalkInDone = "walk-in-done", "It is done.";
    /// A run is open for booking.
    RunOpen = "run-open", "It is open for booking.";
    /// A run is closed to new bookings.
    RunClosed = "run-closed", "It is closed to new bookings.";
    /// Something is in somebody's contact log.
    ContactNoted = "contact-noted", "It is in the contact log.";
    /// A report is published.
    ReportPublished = "report-published", "The report is published.";
    /// The team cancelled a booking for somebody.
    CancelledForThem = "cancelled-for-them", "The booking is cancelled.";
    /// The team took somebody off a waiting list.
    OffTheListByUs = "off-the-list-by-us", "They are off the waiting list.";
    /// Somebody is counted in statistics, or is not any more.
    StatisticsSaved = "statistics", "We have saved that.";
    /// The team put somebody on a waiting list.
    WaitsByUs = "waits-by-us", "They are on the waiting list.";
    /// Somebody is marked as deceased.
    Deceased = "deceased", "We have noted that they have died. Nothing more is sent to them.";
    /// That is taken back.
    DeceasedUndone = "deceased-undone", "It is taken back. Messages reach them again.";
    /// The team moved a booking.
    MovedForThem = "moved-for-them", "The booking is moved. They have the new place, and the old one is free.";
    /// Two records are one.
    Merged = "merged", "They are one record now. You can undo this for 30 days.";
    /// They are two again.
    MergeUndone = "merge-undone", "They are two records again.";
    /// A code was right.
    Claimed = "claimed", "Thank you. What you booked with us before is in your account now.";
    /// Somebody is a volunteer.
    VolunteerSaved = "volunteer", "They are a volunteer until the day you said.";
    /// They are none any more.
    VolunteerEnded = "volunteer-ended", "They are not a volunteer any more.";
    /// The email that confirms an address is on its way.
    ConfirmationSent = "confirmation-sent", "The email is on its way. The address counts when they press the button in it.";
    /// A course is saved as a draft.
    CourseAdded = "course-added", "The course is saved as a draft. Nobody but the team sees it yet.";
    /// The words of a course are saved.
    CourseSaved = "course-saved", "The words are saved.";
    /// A course is on the website.
    CoursePublished = "course-published", "The course is on the website.";
    /// A course is off the website.
    CourseHidden = "course-hidden", "The course is off the website.";
    /// The topics are saved.
    TopicSaved = "topic-saved", "The topics are saved.";
    /// A venue or a room of it is saved.
    VenueSaved = "venue-saved", "Your changes to this venue are saved.";
    /// A run is saved as a draft.
    RunAdded = "run-added", "The run is saved as a draft. Open it when people may book.";
    /// Several runs are saved as drafts.
    RunsAdded = "runs-added", "The runs are saved as drafts. Open them when people may book.";
    /// Several runs are open for booking.
    RunsOpen = "runs-open", "The runs are open for booking.";
    /// A draft is thrown away.
    RunDiscarded = "run-discarded", "The draft is gone. Nobody was told.";
    /// How a run's hire stands is saved.
    PlansSaved = "plans-saved", "Your changes to this run are saved. Nobody is told of these.";
    /// A request about somebody's data is written down.
    RequestWritten = "request-written", "The request is written down.";
    /// How it stands is saved.
    RequestSaved = "request", "We have saved that.";
    /// It stands so already, or that does not fit any more.
    RequestAsItWas = "request-as-it-was", "Nothing was changed. This is how it stands now.";
    /// It is finished, and cannot be changed.
    RequestIsFinished = "request-is-finished", "This request is finished. Nothing was changed.";
    /// It has just been finished.
    RequestFinished = "request-finished", "The request is finished.";
    /// They have an address for their calendar.
    CalendarMade = "calendar", "Your calendar address is ready.";
    /// They have another address for their calendar.
    CalendarNew = "calendar-new", "You have a new address. The old one has stopped working.";
    /// The address for their calendar is switched off.
    CalendarOff = "calendar-off", "Your calendar address is switched off.";
}

impl Said {
    /// What the page before said, if it said something.
    pub fn heard(app: &App, headers: &HeaderMap) -> Option<Self> {
        let sent = Cookie::Flash.read(headers, &app.config)?;
        Self::ALL.iter().copied().find(|said| said.key() == sent)
    }

    /// Goes on to `path`, which will say it.
    pub fn and_see(self, app: &App, path: &str) -> Response {
        let mut response = see(path);
        response.headers_mut().append(
            header::SET_COOKIE,
            Cookie::Flash.set(&app.config, self.key(), Some(60)),
        );
        response
    }
}

/// Takes the word away once it has been shown.
pub fn said(app: &App, heard: Option<Said>, mut response: Response) -> Response {
    if heard.is_some() {
        response
            .headers_mut()
            .append(header::SET_COOKIE, Cookie::Flash.clear(&app.config));
    }
    response
}
