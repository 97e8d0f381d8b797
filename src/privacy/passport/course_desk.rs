//! Entries for what the course desk writes.

use super::columns::{PROGRAM, PUBLIC, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::DataProtection];

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
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
    },
    Table {
        name: "school_holiday",
        what: "Days on which schools are closed",
        purpose: Purpose::Catalogue,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("name", "What it is called", Sort::Published, TEAM),
            column("first_day", "Its first day", Sort::Published, TEAM),
            column("last_day", "Its last day", Sort::Published, TEAM),
        ],
    },
    Table {
        name: "site_notice",
        what: "What every public page says for a while",
        purpose: Purpose::Catalogue,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("words", "What it says", Sort::Published, PUBLIC),
            column("starts_at", "From when", Sort::Published, TEAM),
            column("ends_at", "Until when", Sort::Published, TEAM),
            column("created_at", "When it was written", Sort::Published, TEAM),
        ],
    },
    Table {
        name: "today_task",
        what: "Who of the team does what today",
        purpose: Purpose::Staff,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("task", "What there is to do", Sort::Trace, TEAM),
            column("day", "On which day", Sort::Trace, TEAM),
            column("account_id", "Which account does it", Sort::Key, PROGRAM),
            column("taken_at", "Since when", Sort::Trace, TEAM),
        ],
    },
    Table {
        name: "practice_site",
        what: "That this is the database of a practice site",
        purpose: Purpose::Catalogue,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("since", "Since when", Sort::Published, PROGRAM),
        ],
    },
    Table {
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
    },
];
