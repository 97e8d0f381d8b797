//! Entries for what the course desk writes.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::DataProtection];

/// See the module.
pub const TABLES: &[Table] = &[RUN_NEWS, REMINDER_WORDS];

const REMINDER_WORDS: Table = Table {
    name: "reminder_words",
    what: "What a reminder says that a missed place costs others, in the team’s words",
    purpose: Purpose::Messages,
    basis: Basis::NotPersonal,
    class: RecordClass::Site,
    columns: &[
        column("id", "Its number: there is one", Sort::Key, PROGRAM),
        column("email_words", "In an email", Sort::Published, TEAM),
        column("text_words", "In a text message", Sort::Published, TEAM),
        column("changed_at", "When it was changed", Sort::Published, TEAM),
        column("changed_by", "Which account changed it", Sort::Key, PROGRAM),
    ],
};

const RUN_NEWS: Table = Table {
    name: "run_news",
    what: "A change to a run that people were told of",
    purpose: Purpose::Booking,
    basis: Basis::LegitimateInterests,
    class: RecordClass::Courses,
    columns: &[
        column("run_id", "Whose or which: run", Sort::Key, PROGRAM),
        column(
            "sequence",
            "Which change of the run it is",
            Sort::Key,
            PROGRAM,
        ),
        column(
            "words",
            "What people were told, without a name of theirs",
            Sort::Fact,
            TEAM,
        ),
        column("at", "When", Sort::Fact, TEAM),
        column("by_account", "Which account changed it", Sort::Key, PROGRAM),
    ],
};
