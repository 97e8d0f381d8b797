//! Entries for what is sealed, what people agreed to, and messages.

use super::columns::{COMMUNICATIONS, CONSENTS, OPENING, PROGRAM, TEAM, column};
use super::{Basis, Purpose, RecordClass, Sort, Table};

/// See the module.
pub const TABLES: &[Table] = &[
    Table {
        name: "vault_entry",
        what: "What somebody told us about their health or background, sealed",
        purpose: Purpose::AccessNeeds,
        basis: Basis::ExplicitConsent,
        class: RecordClass::Courses,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("kind", "Access note or ethnicity", Sort::Fact, OPENING),
            column("booking_id", "Whose or which: booking", Sort::Key, PROGRAM),
            column("sealed", "What they said, sealed", Sort::Sealed, OPENING),
            column("created_at", "When it was made", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "vault_proof",
        what: "What shows that the keys belong to this data",
        purpose: Purpose::Locks,
        basis: Basis::NotPersonal,
        class: RecordClass::Site,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("sealed", "A sentence, sealed", Sort::Published, PROGRAM),
            column("made_at", "When it was made", Sort::Published, PROGRAM),
        ],
    },
    Table {
        name: "subscription",
        what: "An address that asked for the newsletter",
        purpose: Purpose::Newsletter,
        basis: Basis::Consent,
        class: RecordClass::Consent,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("email", "The address", Sort::Personal, COMMUNICATIONS),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("status", "Asked, on or off", Sort::Fact, COMMUNICATIONS),
            column("created_at", "When it was made", Sort::Fact, TEAM),
            column("updated_at", "When it was last changed", Sort::Fact, TEAM),
        ],
    },
    Table {
        name: "consent",
        what: "What somebody agreed to or withdrew",
        purpose: Purpose::Proof,
        basis: Basis::LegalObligation,
        class: RecordClass::Consent,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column(
                "subscription_id",
                "Whose or which: subscription",
                Sort::Key,
                PROGRAM,
            ),
            column("about", "What it is about", Sort::Fact, CONSENTS),
            column("given", "Yes or no", Sort::Fact, CONSENTS),
            column("wording", "The words that were shown", Sort::Fact, CONSENTS),
            column("wording_version", "Their version", Sort::Fact, CONSENTS),
            column("channel", "How it was said", Sort::Fact, CONSENTS),
            column("recorded_at", "When", Sort::Fact, CONSENTS),
        ],
    },
    Table {
        name: "outbox",
        what: "A message to be sent",
        purpose: Purpose::Messages,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Message,
        columns: &[
            column("id", "Its number", Sort::Key, PROGRAM),
            column("cause", "What caused it", Sort::Trace, PROGRAM),
            column("kind", "What sort of message", Sort::Trace, TEAM),
            column("channel", "By email or text", Sort::Trace, TEAM),
            column("person_id", "Whose or which: person", Sort::Key, PROGRAM),
            column("state", "Waiting, sent or given up", Sort::Trace, TEAM),
            column(
                "sealed",
                "What it says and to whom, sealed",
                Sort::SealedAway,
                PROGRAM,
            ),
            column("attempts", "How often we tried", Sort::Trace, PROGRAM),
            column("next_try_at", "When we try next", Sort::Trace, PROGRAM),
            column(
                "lease_owner",
                "Which worker has it in hand",
                Sort::Trace,
                PROGRAM,
            ),
            column("leased_until", "Until when", Sort::Trace, PROGRAM),
            column(
                "last_error",
                "What the mail server said",
                Sort::Trace,
                PROGRAM,
            ),
            column("created_at", "When it was made", Sort::Trace, PROGRAM),
            column(
                "finished_at",
                "When it was sent or given up",
                Sort::Trace,
                PROGRAM,
            ),
        ],
    },
    Table {
        name: "data_key",
        what: "The lock of somebody's sealed data, kept apart",
        purpose: Purpose::Locks,
        basis: Basis::LegitimateInterests,
        class: RecordClass::Key,
        columns: &[
            column("subject_id", "Whose or which: subject", Sort::Key, PROGRAM),
            column("record_class", "What it locks", Sort::Key, PROGRAM),
            column(
                "wrapped",
                "The key, itself locked by the master key",
                Sort::Secret,
                PROGRAM,
            ),
            column("created_at", "When it was made", Sort::Trace, PROGRAM),
        ],
    },
];
