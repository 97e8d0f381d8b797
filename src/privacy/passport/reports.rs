//! Entries for reports. No row is about a person.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const READERS: &[Reader] = &[Reader::CourseAdmin, Reader::Owner, Reader::Commissioner];
const TEAM: &[Reader] = &[Reader::CourseAdmin, Reader::Owner];

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
        name: "report_draft",
        what: "What the team writes for a report",
        purpose: Purpose::Accountability,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("period", "Which quarter or year", Sort::Published, TEAM),
            column(
                "narrative",
                "What there is to say, without names",
                Sort::Published,
                TEAM,
            ),
            column(
                "target_places",
                "How many places the contract asks for",
                Sort::Published,
                TEAM,
            ),
            column(
                "target_came",
                "How often somebody should come",
                Sort::Published,
                TEAM,
            ),
            column("saved_at", "When it was saved", Sort::Published, TEAM),
            column("saved_by", "Which account saved it", Sort::Key, PROGRAM),
        ],
    },
    Table {
        name: "published_report",
        what: "A report as it was sent: numbers of places, and people in groups",
        purpose: Purpose::Accountability,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("period", "Which quarter or year", Sort::Published, READERS),
            column("version", "Which version of it", Sort::Published, READERS),
            column("figures", "What it says", Sort::Published, READERS),
            column(
                "published_at",
                "When it was published",
                Sort::Published,
                READERS,
            ),
            column(
                "published_by",
                "Which account published it",
                Sort::Key,
                PROGRAM,
            ),
        ],
    },
];
