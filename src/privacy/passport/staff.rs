//! Entries for those who work here, the second step, and the audit.

use super::columns::{PROGRAM, column};
use super::{Basis, Purpose, Reader, RecordClass, Sort, Table};

const OWNER: &[Reader] = &[Reader::Owner, Reader::DataProtection];
const AUDIT: &[Reader] = &[Reader::DataProtection, Reader::Owner];

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
        name: "organisation",
        what: "Another organisation that works with us",
        purpose: Purpose::Staff,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("name", "Its name", Sort::Published, OWNER),
            column("kind", "What it does with us", Sort::Published, OWNER),
            column("created_at", "When it was added", Sort::Published, OWNER),
            column("ended_at", "Until when", Sort::Published, OWNER),
        ],
    },
    Table {
        name: "staff",
        what: "Somebody who works here",
        purpose: Purpose::Staff,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Staff,
        columns: &[
            column("account_id", "Whose or which: account", Sort::Key, PROGRAM),
            column(
                "data_training_until",
                "Last day of their data training",
                Sort::Personal,
                OWNER,
            ),
            column(
                "confidentiality_until",
                "Last day of their confidentiality agreement",
                Sort::Personal,
                OWNER,
            ),
            column(
                "dbs_until",
                "Last day of their DBS check",
                Sort::Personal,
                OWNER,
            ),
            column(
                "told_on",
                "When it was last looked what ends soon",
                Sort::Fact,
                PROGRAM,
            ),
            column("joined_at", "Since when", Sort::Fact, OWNER),
            column("left_at", "Until when", Sort::Fact, OWNER),
            column(
                "papers_destroyed_at",
                "When it was confirmed that prints and files are destroyed",
                Sort::Fact,
                OWNER,
            ),
        ],
    },
    Table {
        name: "staff_invitation",
        what: "Somebody who was asked to work here",
        purpose: Purpose::Staff,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("email", "Email address", Sort::Personal, OWNER),
            column("full_name", "Full name", Sort::Personal, OWNER),
            column("roles", "What they will be able to do", Sort::Fact, OWNER),
            column(
                "organisation_id",
                "For which organisation",
                Sort::Key,
                PROGRAM,
            ),
            column("tutor_id", "Which tutor they are", Sort::Key, PROGRAM),
            column("invited_by", "By which account", Sort::Key, PROGRAM),
            column("created_at", "When it was sent", Sort::Fact, OWNER),
            column("expires_at", "Until when it works", Sort::Fact, OWNER),
            column("used_at", "When they said yes", Sort::Fact, OWNER),
            column("withdrawn_at", "When it was taken back", Sort::Fact, OWNER),
        ],
    },
    Table {
        name: "second_step",
        what: "The secret of an account's second step",
        purpose: Purpose::SignIn,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("account_id", "Whose or which: account", Sort::Key, PROGRAM),
            column("sealed", "The secret, sealed", Sort::SealedAway, PROGRAM),
            column("created_at", "When it was made", Sort::Fact, PROGRAM),
            column(
                "in_use_since",
                "Since when a code is asked for",
                Sort::Fact,
                OWNER,
            ),
            column(
                "codes_made_at",
                "When the recovery codes were made",
                Sort::Fact,
                PROGRAM,
            ),
            column(
                "last_step",
                "The last half-minute whose code was used",
                Sort::Trace,
                PROGRAM,
            ),
            column(
                "phone",
                "The mobile number that codes are sent to, sealed",
                Sort::SealedAway,
                PROGRAM,
            ),
        ],
    },
    Table {
        name: "text_code",
        what: "The code that was sent to somebody’s mobile, until it is used",
        purpose: Purpose::SignIn,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("account_id", "Whose or which: account", Sort::Key, PROGRAM),
            column(
                "code_mac",
                "A keyed hash of the code",
                Sort::Secret,
                PROGRAM,
            ),
            column("expires_at", "Until when it works", Sort::Fact, PROGRAM),
        ],
    },
    Table {
        name: "recovery_code_use",
        what: "A recovery code that was used",
        purpose: Purpose::SignIn,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("account_id", "Whose or which: account", Sort::Key, PROGRAM),
            column("number", "Which of the ten", Sort::Trace, PROGRAM),
            column("used_at", "When", Sort::Fact, PROGRAM),
        ],
    },
    Table {
        name: "known_device",
        what: "A browser that need not take the second step for 30 days",
        purpose: Purpose::SignIn,
        basis: Basis::LegitimateInterests,
        class: RecordClass::SignIn,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("account_id", "Whose or which: account", Sort::Key, PROGRAM),
            column(
                "token_hash",
                "A hash of the secret that proves it",
                Sort::Secret,
                PROGRAM,
            ),
            column("created_at", "Since when", Sort::Fact, PROGRAM),
            column("expires_at", "Until when", Sort::Fact, PROGRAM),
        ],
    },
    Table {
        name: "audit_entry",
        what: "Something that was done, or somebody's data that was looked at",
        purpose: Purpose::Accountability,
        basis: Basis::LegalObligation,
        class: RecordClass::Audit,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("at", "When", Sort::Fact, AUDIT),
            column("action", "What was done", Sort::Fact, AUDIT),
            column("account_id", "By which account", Sort::Key, AUDIT),
            column("role", "In which role", Sort::Fact, AUDIT),
            column("person_id", "Whose or which: person", Sort::Key, AUDIT),
            column("page", "On which page", Sort::Fact, AUDIT),
            column("about", "About which run or invitation", Sort::Key, AUDIT),
            column("sealed", "Before and after, sealed", Sort::Sealed, AUDIT),
        ],
    },
    Table {
        name: "audit_seal",
        what: "A link of the chain over the audit",
        purpose: Purpose::Accountability,
        basis: Basis::LegalObligation,
        class: RecordClass::Audit,
        columns: &[
            column("number", "Its place in the chain", Sort::Key, PROGRAM),
            column("entry_id", "Which entry", Sort::Key, PROGRAM),
            column("entry_hash", "The entry's hash", Sort::Key, PROGRAM),
            column("hash", "The chain's hash", Sort::Key, PROGRAM),
            column("entry_at", "When the entry was written", Sort::Key, PROGRAM),
            column("sealed_at", "When it was added", Sort::Key, PROGRAM),
        ],
    },
];
