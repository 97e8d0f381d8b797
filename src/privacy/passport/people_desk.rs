//! Entries for the people of the course desk.

use super::columns::{PROGRAM, TEAM, column};
use super::{Basis, Purpose, RecordClass, Sort, Table};

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
        name: "person_word",
        what: "What the course team finds somebody by: words of their name, their phone and email once more",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("word", "The word", Sort::Trace, PROGRAM),
        ],
    },
    Table {
        name: "contact_note",
        what: "What was said when the course team spoke with somebody",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("account_id", "Which account wrote it", Sort::Key, PROGRAM),
            column(
                "channel",
                "By phone, email, letter or in person",
                Sort::Fact,
                TEAM,
            ),
            column("sealed", "What was said, sealed", Sort::Sealed, TEAM),
            column("created_at", "When it was written", Sort::Fact, TEAM),
        ],
    },
];
