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
    Table {
        name: "person_merge",
        what: "Two records of one person made one",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("kept_id", "Which record was kept", Sort::Key, PROGRAM),
            column("gone_id", "Which record went into it", Sort::Key, PROGRAM),
            column(
                "account_id",
                "The account of the kept record",
                Sort::Key,
                PROGRAM,
            ),
            column(
                "gone_account_id",
                "The account that closed",
                Sort::Key,
                PROGRAM,
            ),
            column(
                "sealed",
                "What the kept record said before and after, sealed",
                Sort::Sealed,
                TEAM,
            ),
            column("merged_at", "When", Sort::Fact, TEAM),
            column("undone_at", "When it was undone", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "person_claim",
        what: "A code with which a record comes into the account of its person",
        purpose: Purpose::SignIn,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("code_hash", "A hash of the code", Sort::Secret, PROGRAM),
            column("made_by", "Which account made it", Sort::Key, PROGRAM),
            column("created_at", "When it was made", Sort::Fact, TEAM),
            column("expires_at", "Until when it works", Sort::Fact, TEAM),
            column(
                "tries",
                "How often it was entered with a wrong birthday",
                Sort::Trace,
                PROGRAM,
            ),
            column("used_by", "Which account used it", Sort::Key, PROGRAM),
            column("outcome", "What came of it", Sort::Fact, TEAM),
            column("ended_at", "When it ended", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "volunteer",
        what: "That somebody volunteers for an organisation",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("organisation", "For whom", Sort::Personal, TEAM),
            column(
                "hours_a_week",
                "How many hours a week",
                Sort::Personal,
                TEAM,
            ),
            column("from_at", "From when", Sort::Fact, TEAM),
            column("until_at", "Until when, unless renewed", Sort::Fact, TEAM),
            column("given_by", "Which account gave it", Sort::Key, PROGRAM),
            column("created_at", "When it was made", Sort::Fact, TEAM),
            column("ended_at", "When it ended", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "person_merge_row",
        what: "What moved from one record to the other",
        purpose: Purpose::Booking,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Courses,
        columns: &[
            column("merge_id", "Whose or which: merge", Sort::Key, PROGRAM),
            column("what", "From which table", Sort::Trace, PROGRAM),
            column("row_id", "Which row", Sort::Key, PROGRAM),
            column(
                "sealed",
                "The row as it was sealed before",
                Sort::SealedAway,
                PROGRAM,
            ),
        ],
    },
];
