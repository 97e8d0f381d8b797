//! A short word for the next page ("Your changes are saved"), carried by a cookie for one minute.

use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::server::App;
use crate::server::http::cookies::Cookie;
use crate::server::http::see;

/// What the page before has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Signed out here.
    SignedOut,
    /// Signed out on every device.
    SignedOutEverywhere,
    /// One other device was signed out.
    DeviceOut,
    /// A new password was chosen.
    PasswordSaved,
    /// The sign-in address has changed.
    EmailChanged,
    /// Somebody's details were saved.
    DetailsSaved,
    /// The email was sent once more.
    SentAgain,
    /// The answers of a sign-up are deleted.
    AnswersDeleted,
    /// The answers of a sign-up are not there.
    NoAnswers,
    /// What would help on the day is saved.
    NoteSaved,
    /// What would help on the day is removed.
    NoteRemoved,
    /// The answer to the equality question is saved.
    AnswerSaved,
    /// The answer to the equality question is removed.
    AnswerRemoved,
    /// Somebody is on a waiting list now.
    OnTheList,
    /// Somebody else took the place.
    PlaceGone,
    /// Two-step sign-in is off.
    TwoStepOff,
    /// Somebody's second step is taken away.
    TwoStepTakenAway,
    /// Somebody is invited to work here.
    InvitationSent,
    /// An invitation was taken back.
    InvitationWithdrawn,
    /// What somebody may do was changed.
    RolesSaved,
    /// Training and papers have other dates.
    PapersSaved,
    /// Somebody does not work here any more.
    WorkerRemoved,
    /// Who came to a session is saved.
    RegisterSaved,
    /// Somebody without a place is noted.
    WalkInNoted,
    /// They are not noted any more.
    WalkInUndone,
    /// Everybody on a run is written to.
    GroupWritten,
    /// Somebody was rung.
    CallDone,
    /// Somebody did not answer.
    CallTried,
    /// A call is on the list again.
    CallPutBack,
    /// Letters are in the post.
    LettersPosted,
    /// A letter is to be printed again.
    LetterPutBack,
    /// A run is changed, and people are being told.
    RunChanged,
    /// A run is as it was asked to be already.
    NothingChanged,
    /// A run has another number of places, or another last session to join.
    PlacesSaved,
    /// How a run's room is set up, or who sees its list, is saved.
    ListsSaved,
    /// An organisation is saved.
    OrganisationSaved,
    /// An organisation is closed.
    OrganisationClosed,
    /// Somebody does not coordinate an organisation any more.
    CoordinatorRemoved,
    /// A tutor is saved.
    TutorSaved,
    /// Who came without a place is dealt with.
    WalkInDone,
    /// A run is open for booking.
    RunOpen,
    /// A run is closed to new bookings.
    RunClosed,
    /// Something is in somebody's contact log.
    ContactNoted,
    /// The team cancelled a booking for somebody.
    CancelledForThem,
    /// The team put somebody on a waiting list.
    WaitsByUs,
    /// A course is saved as a draft.
    CourseAdded,
    /// The words of a course are saved.
    CourseSaved,
    /// A course is on the website.
    CoursePublished,
    /// A course is off the website.
    CourseHidden,
    /// The topics are saved.
    TopicSaved,
    /// A venue or a room of it is saved.
    VenueSaved,
    /// A run is saved as a draft.
    RunAdded,
    /// Several runs are saved as drafts.
    RunsAdded,
    /// Several runs are open for booking.
    RunsOpen,
    /// A draft is thrown away.
    RunDiscarded,
    /// How a run's hire stands is saved.
    PlansSaved,
    /// They have an address for their calendar.
    CalendarMade,
    /// They have another address for their calendar.
    CalendarNew,
    /// The address for their calendar is switched off.
    CalendarOff,
}

const ALL: [(Said, &str, &str); 59] = [
    (Said::SignedOut, "out", "You are signed out."),
    (
        Said::SignedOutEverywhere,
        "out-everywhere",
        "You are signed out on every phone and computer.",
    ),
    (
        Said::DeviceOut,
        "device-out",
        "That phone or computer is signed out.",
    ),
    (
        Said::PasswordSaved,
        "password",
        "Your new password is saved. You are signed out on your other devices.",
    ),
    (
        Said::EmailChanged,
        "email",
        "Your email address is changed.",
    ),
    (Said::DetailsSaved, "details", "We have saved your changes."),
    (Said::SentAgain, "sent-again", "We have sent it again."),
    (
        Said::AnswersDeleted,
        "answers-deleted",
        "We have deleted your answers.",
    ),
    (
        Said::NoAnswers,
        "no-answers",
        "Your answers are not here any more. We keep them for 24 hours. Your browser also has to allow cookies.",
    ),
    (
        Said::NoteSaved,
        "note-saved",
        "We have saved what would help you.",
    ),
    (
        Said::NoteRemoved,
        "note-removed",
        "We have removed what you wrote.",
    ),
    (
        Said::AnswerSaved,
        "answer-saved",
        "We have saved your answer.",
    ),
    (
        Said::AnswerRemoved,
        "answer-removed",
        "We have removed your answer.",
    ),
    (
        Said::OnTheList,
        "on-the-list",
        "You are on the list. We have sent you an email.",
    ),
    (
        Said::PlaceGone,
        "place-gone",
        "We are sorry. The place has gone.",
    ),
    (Said::TwoStepOff, "two-step-off", "Two-step sign-in is off."),
    (
        Said::TwoStepTakenAway,
        "two-step-taken-away",
        "Their codes are taken away, and they are signed out everywhere. They can set it up again.",
    ),
    (
        Said::InvitationSent,
        "invited",
        "The invitation is on its way.",
    ),
    (
        Said::InvitationWithdrawn,
        "invitation-withdrawn",
        "The invitation is withdrawn. Its link has stopped working.",
    ),
    (Said::RolesSaved, "roles", "The roles are saved."),
    (Said::PapersSaved, "papers", "The dates are saved."),
    (
        Said::WorkerRemoved,
        "worker-removed",
        "They do not work here any more, and are signed out everywhere.",
    ),
    (Said::RegisterSaved, "register", "The register is saved."),
    (
        Said::WalkInNoted,
        "walk-in",
        "We have noted them. The office completes this.",
    ),
    (
        Said::WalkInUndone,
        "walk-in-undone",
        "They are not noted any more.",
    ),
    (Said::GroupWritten, "group", "Your message is on its way."),
    (
        Said::CallDone,
        "call-done",
        "We have noted that. It is off the list.",
    ),
    (
        Said::CallTried,
        "call-tried",
        "We have noted that nobody answered. They stay on the list.",
    ),
    (Said::CallPutBack, "call-back", "It is back on the list."),
    (
        Said::LettersPosted,
        "posted",
        "We have noted that. They are told when the post comes.",
    ),
    (
        Said::LetterPutBack,
        "letter-back",
        "It is to be printed again.",
    ),
    (
        Said::RunChanged,
        "run-changed",
        "It is changed. The messages are on their way.",
    ),
    (
        Said::NothingChanged,
        "nothing-changed",
        "It was so already. Nobody is told twice.",
    ),
    (Said::PlacesSaved, "places", "The places are saved."),
    (Said::ListsSaved, "lists", "We have saved that."),
    (
        Said::OrganisationSaved,
        "organisation",
        "The organisation is saved.",
    ),
    (
        Said::OrganisationClosed,
        "organisation-closed",
        "It is closed. Nobody there sees a list any more.",
    ),
    (
        Said::CoordinatorRemoved,
        "coordinator-removed",
        "They do not coordinate it any more.",
    ),
    (Said::TutorSaved, "tutor", "The tutor is saved."),
    (Said::WalkInDone, "walk-in-done", "It is done."),
    (Said::RunOpen, "run-open", "It is open for booking."),
    (
        Said::RunClosed,
        "run-closed",
        "It is closed to new bookings.",
    ),
    (
        Said::ContactNoted,
        "contact-noted",
        "It is in the contact log.",
    ),
    (
        Said::CancelledForThem,
        "cancelled-for-them",
        "The booking is cancelled.",
    ),
    (
        Said::WaitsByUs,
        "waits-by-us",
        "They are on the waiting list.",
    ),
    (
        Said::CourseAdded,
        "course-added",
        "The course is saved as a draft. Nobody but the team sees it yet.",
    ),
    (Said::CourseSaved, "course-saved", "The words are saved."),
    (
        Said::CoursePublished,
        "course-published",
        "The course is on the website.",
    ),
    (
        Said::CourseHidden,
        "course-hidden",
        "The course is off the website.",
    ),
    (Said::TopicSaved, "topic-saved", "The topics are saved."),
    (
        Said::VenueSaved,
        "venue-saved",
        "Your changes to this venue are saved.",
    ),
    (
        Said::RunAdded,
        "run-added",
        "The run is saved as a draft. Open it when people may book.",
    ),
    (
        Said::RunsAdded,
        "runs-added",
        "The runs are saved as drafts. Open them when people may book.",
    ),
    (
        Said::RunsOpen,
        "runs-open",
        "The runs are open for booking. A run stays a draft while its course is not on the website.",
    ),
    (
        Said::RunDiscarded,
        "run-discarded",
        "The draft is gone. Nobody was told.",
    ),
    (
        Said::PlansSaved,
        "plans-saved",
        "Your changes to this run are saved. Nobody is told of these.",
    ),
    (
        Said::CalendarMade,
        "calendar",
        "Your calendar address is ready.",
    ),
    (
        Said::CalendarNew,
        "calendar-new",
        "You have a new address. The old one has stopped working.",
    ),
    (
        Said::CalendarOff,
        "calendar-off",
        "Your calendar address is switched off.",
    ),
];

impl Said {
    /// The sentence.
    pub fn words(self) -> &'static str {
        ALL.iter()
            .find(|(own, ..)| *own == self)
            .map_or("", |(.., words)| words)
    }

    fn key(self) -> &'static str {
        ALL.iter()
            .find(|(own, ..)| *own == self)
            .map_or("", |(_, key, _)| key)
    }

    /// What the page before said, if it said something.
    pub fn heard(app: &App, headers: &HeaderMap) -> Option<Self> {
        let sent = Cookie::Flash.read(headers, &app.config)?;
        ALL.iter()
            .find(|(_, key, _)| *key == sent)
            .map(|(said, ..)| *said)
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
