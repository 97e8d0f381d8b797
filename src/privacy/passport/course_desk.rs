//! Entries for what the course desk writes.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::DataProtection];

/// See the module.
pub const TABLES: &[Table] = &[Table {
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
}];
