//! Entries for the tutors' registers.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const MARKS: &[Reader] = &[Reader::Tutor, Reader::CourseAdmin, Reader::DataProtection];
const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::DataProtection];
const SHOWN: &[Reader] = &[Reader::DataProtection];

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
        name: "attendance",
        what: "Whether somebody came to a session",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("place_id", "Whose or which: place", Sort::Key, PROGRAM),
            column("session_id", "Whose or which: session", Sort::Key, PROGRAM),
            column(
                "mark",
                "Came, did not come, or sent apologies",
                Sort::Fact,
                MARKS,
            ),
            column("marked_by", "Which account marked it", Sort::Key, PROGRAM),
            column("marked_at", "When it was marked", Sort::Fact, MARKS),
        ],
    },
    Table {
        name: "disclosure",
        what: "That somebody’s details were shown to somebody",
        purpose: Purpose::Accountability,
        basis: Basis::LegalObligation,
        class: RecordClass::Audit,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column(
                "account_id",
                "Which account was shown them",
                Sort::Key,
                PROGRAM,
            ),
            column("run_id", "Whose or which: run", Sort::Key, PROGRAM),
            column(
                "kind",
                "How: on a list, on paper, as a file",
                Sort::Fact,
                SHOWN,
            ),
            column("day", "On which day", Sort::Fact, SHOWN),
            column("times", "How often on that day", Sort::Fact, SHOWN),
            column("first_at", "When first on that day", Sort::Fact, SHOWN),
            column("last_at", "When last on that day", Sort::Fact, SHOWN),
        ],
    },
    Table {
        name: "session_tutor",
        what: "Who leads a session beside the run’s tutor, or instead",
        purpose: Purpose::Catalogue,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("session_id", "Whose or which: session", Sort::Key, PROGRAM),
            column("tutor_id", "Whose or which: tutor", Sort::Key, PROGRAM),
            column("created_at", "Since when", Sort::Published, TEAM),
            column(
                "instead",
                "Whether instead of the run’s tutor",
                Sort::Published,
                TEAM,
            ),
        ],
    },
    Table {
        name: "run_message",
        what: "What was written to everybody on a run",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("run_id", "Whose or which: run", Sort::Key, PROGRAM),
            column("account_id", "Which account wrote it", Sort::Key, PROGRAM),
            column("words", "What it says", Sort::Fact, MARKS),
            column("people", "How many it went to", Sort::Fact, MARKS),
            column("by_email", "How many by email", Sort::Fact, MARKS),
            column("by_text", "How many by text", Sort::Fact, MARKS),
            column("by_call", "How many are rung", Sort::Fact, MARKS),
            column("sent_at", "When it was sent", Sort::Fact, MARKS),
            column("whom", "To which of the run’s people", Sort::Fact, TEAM),
            column("by_letter", "How many by letter", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "walk_in",
        what: "Somebody who came to a session without a place",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("session_id", "Whose or which: session", Sort::Key, PROGRAM),
            column("full_name", "Full name", Sort::Personal, MARKS),
            column("phone", "Phone number", Sort::Personal, MARKS),
            column("noted_by", "Which account noted it", Sort::Key, PROGRAM),
            column("noted_at", "When it was noted", Sort::Fact, MARKS),
            column(
                "done_at",
                "When the team had made a booking of it",
                Sort::Fact,
                TEAM,
            ),
        ],
    },
];
