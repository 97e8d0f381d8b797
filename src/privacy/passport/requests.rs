//! Entries for requests about people's own data.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const OFFICER: &[Reader] = &[Reader::DataProtection, Reader::Owner];

/// See the module.
pub const TABLES: &[Table] = &[Table {
    name: "rights_request",
    what: "What somebody asked of us about their own data, and what came of it",
    purpose: Purpose::Accountability,
    basis: Basis::LegalObligation,
    class: RecordClass::Request,
    columns: &[
        column("id", "Its number", Sort::Key, PROGRAM),
        column(
            "reference",
            "The number that is read out",
            Sort::Fact,
            OFFICER,
        ),
        column("kind", "What they ask for", Sort::Fact, OFFICER),
        column("channel", "How it came", Sort::Fact, OFFICER),
        column("received_on", "When it came", Sort::Fact, OFFICER),
        column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
        column(
            "asker_name",
            "Name of somebody who is not on record",
            Sort::Personal,
            OFFICER,
        ),
        column(
            "asker_contact",
            "How they are reached",
            Sort::Personal,
            OFFICER,
        ),
        column(
            "asked",
            "What they ask, in their words, sealed",
            Sort::Sealed,
            OFFICER,
        ),
        column(
            "identity",
            "Whether we know that it is them",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "identity_asked_on",
            "When we asked them to show it",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "identity_shown_on",
            "When they showed it",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "waiting_since",
            "Since when we wait for their answer",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "days_waited",
            "How many days we waited",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "extended_on",
            "When they were told that it takes longer",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "extended_why",
            "Why it takes longer, sealed",
            Sort::Sealed,
            OFFICER,
        ),
        column(
            "due_on",
            "By when it is to be answered",
            Sort::Fact,
            OFFICER,
        ),
        column(
            "owner_id",
            "Which account looks after it",
            Sort::Key,
            PROGRAM,
        ),
        column("finished_on", "When it was finished", Sort::Fact, OFFICER),
        column("outcome", "What came of it", Sort::Fact, OFFICER),
        column(
            "outcome_why",
            "What we did and why, sealed",
            Sort::Sealed,
            OFFICER,
        ),
        column(
            "created_by",
            "Which account wrote it down",
            Sort::Key,
            PROGRAM,
        ),
        column(
            "created_at",
            "When it was written down",
            Sort::Fact,
            OFFICER,
        ),
    ],
}];
