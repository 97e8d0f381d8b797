//! Entries for what people say about a course.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const READERS: &[Reader] = &[
    Reader::CourseAdmin,
    Reader::Communications,
    Reader::DataProtection,
];
const OPENED: &[Reader] = &[
    Reader::CourseAdminByOpening,
    Reader::Communications,
    Reader::DataProtection,
];

/// See the module.
pub const TABLES: &[Table] = &[Table {
    name: "feedback",
    what: "How somebody found a course",
    purpose: Purpose::Booking,
    basis: Basis::LegitimateInterests,
    class: RecordClass::Courses,
    columns: &[
        column("id", "Its number", Sort::Key, PROGRAM),
        column("booking_id", "Whose or which: booking", Sort::Key, PROGRAM),
        column("run_id", "Whose or which: run", Sort::Key, PROGRAM),
        column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
        column("how", "How they were asked", Sort::Fact, READERS),
        column("asked_at", "When they were asked", Sort::Fact, READERS),
        column("overall", "How the course was", Sort::Personal, READERS),
        column("helped", "Whether it helped", Sort::Personal, READERS),
        column(
            "welcome",
            "Whether they felt welcome",
            Sort::Personal,
            READERS,
        ),
        column("sealed", "What they wrote", Sort::Sealed, OPENED),
        column(
            "answered_at",
            "When they last answered",
            Sort::Fact,
            READERS,
        ),
    ],
}];
