//! What of one record moves to another, table by table, and how it goes back. A test compares this with the schema: a new
//! table that knows of people has to say here what becomes of its rows.

/// One kind of row that moves: `$1` is the record that goes, `$2` the one that is kept, `$3` the merge.
#[derive(Clone, Copy, Debug)]
pub struct Moves {
    /// The table.
    pub table: &'static str,
    /// Writes down which rows move.
    pub note: &'static str,
    /// Moves them.
    pub there: &'static str,
    /// Moves them back.
    pub back: &'static str,
}

macro_rules! moves {
    ($table:literal) => {
        moves!($table, "id")
    };
    ($table:literal, $id:literal) => {
        moves!($table, $id, "TRUE")
    };
    ($table:literal, $id:literal, $which:literal) => {
        Moves {
            table: $table,
            note: concat!(
                "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $3, '",
                $table,
                "', ",
                $id,
                " FROM ",
                $table,
                " WHERE person_id = $1 AND $2 IS NOT NULL AND ",
                $which
            ),
            there: concat!(
                "UPDATE ",
                $table,
                " SET person_id = $2 WHERE person_id = $1 AND ",
                $id,
                " IN (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = '",
                $table,
                "')"
            ),
            back: concat!(
                "UPDATE ",
                $table,
                " SET person_id = $1 WHERE person_id = $2 AND ",
                $id,
                " IN (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = '",
                $table,
                "')"
            ),
        }
    };
}

/// Everything that moves as it is. What is sealed in it is sealed again besides.
pub const MOVES: [Moves; 15] = [
    moves!("guardian"),
    // Somebody may look after both records, and both may have an account: then that of the kept record is enough.
    moves!(
        "representation",
        "id",
        "(ends_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM representation own WHERE own.person_id = $2 \
          AND own.ends_at IS NULL AND (own.account_id = representation.account_id \
              OR (own.kind = 'self' AND representation.kind = 'self'))))"
    ),
    moves!("place"),
    moves!("consent"),
    moves!("subscription"),
    moves!("outbox"),
    moves!(
        "waiting_person",
        "entry_id",
        "NOT EXISTS (SELECT 1 FROM waiting_person own WHERE own.person_id = $2 AND own.entry_id = waiting_person.entry_id)"
    ),
    moves!("phone_call"),
    moves!("post_letter"),
    moves!("date_wish"),
    moves!("contact_note"),
    moves!("feedback"),
    // What is sealed in it has a key of its own.
    moves!("rights_request"),
    // Of two that stand, that of the kept record counts.
    moves!(
        "volunteer",
        "id",
        "ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM volunteer own WHERE own.person_id = $2 AND own.ended_at IS NULL)"
    ),
    // Of two answers about their ethnic group, or about one booking, that of the kept record counts.
    moves!(
        "vault_entry",
        "id",
        "NOT EXISTS (SELECT 1 FROM vault_entry own WHERE own.person_id = $2 AND own.kind = vault_entry.kind \
         AND (own.booking_id = vault_entry.booking_id OR own.kind = 'ethnicity'))"
    ),
];

/// Tables whose rows stay where they are, and why.
pub const STAYS: [(&str, &str); 6] = [
    ("audit_entry", "what was done stays true"),
    ("disclosure", "whose details were seen stays true"),
    ("person_word", "the search reads the kept record anew"),
    ("person", "it says which record it was merged into"),
    ("person_merge", "it is the record of merging"),
    (
        "person_claim",
        "a code is for the record that it was made for",
    ),
];

/// What the account of one record hands to that of the other: `$1` is the account that closes (or nothing), `$2` the one
/// that stays, `$3` the merge, `$4` the kept person.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    /// Writes down which rows change hands.
    pub note: &'static str,
    /// Hands them over.
    pub there: &'static str,
    /// Gives them back.
    pub back: &'static str,
}

macro_rules! hands {
    ($what:literal, $table:literal, $which:literal) => {
        Hands {
            note: concat!(
                "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $3, '",
                $what,
                "', id FROM ",
                $table,
                " WHERE account_id = $1 AND $2 IS NOT NULL AND $4 IS NOT NULL AND ",
                $which
            ),
            there: concat!(
                "UPDATE ",
                $table,
                " SET account_id = $2 WHERE account_id = $1 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = '",
                $what,
                "')"
            ),
            back: concat!(
                "UPDATE ",
                $table,
                " SET account_id = $1 WHERE account_id = $2 AND id IN \
                 (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = '",
                $what,
                "')"
            ),
        }
    };
}

/// What an account that closes hands over.
pub const HANDS: [Hands; 4] = [
    hands!("booking of account", "booking", "TRUE"),
    hands!("waiting_entry of account", "waiting_entry", "TRUE"),
    hands!(
        "date_wish of account",
        "date_wish",
        "NOT EXISTS (SELECT 1 FROM date_wish own WHERE own.account_id = $2 AND own.course_id = date_wish.course_id)"
    ),
    hands!(
        "representation of account",
        "representation",
        "ends_at IS NULL AND kind <> 'self' AND person_id <> $4 AND NOT EXISTS (SELECT 1 FROM representation own \
         WHERE own.account_id = $2 AND own.person_id = representation.person_id AND own.ends_at IS NULL)"
    ),
];

/// What the team booked for them, so far in no account: `$1` is the account, `$2` the person, `$3` the merge.
pub const UNOWNED: [Hands; 2] = [
    Hands {
        note: "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $3, 'booking of nobody', booking.id FROM booking \
               WHERE booking.account_id IS NULL AND $1 IS NOT NULL AND booking.id IN \
               (SELECT place.booking_id FROM place WHERE place.person_id = $2)",
        there: "UPDATE booking SET account_id = $1 WHERE account_id IS NULL AND $2 IS NOT NULL AND id IN \
                (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = 'booking of nobody')",
        back: "UPDATE booking SET account_id = NULL WHERE account_id = $1 AND $2 IS NOT NULL AND id IN \
               (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = 'booking of nobody')",
    },
    Hands {
        note: "INSERT INTO person_merge_row (merge_id, what, row_id) SELECT $3, 'waiting_entry of nobody', entry.id \
               FROM waiting_entry entry WHERE entry.account_id IS NULL AND $1 IS NOT NULL AND entry.id IN \
               (SELECT waiting_person.entry_id FROM waiting_person WHERE waiting_person.person_id = $2)",
        there: "UPDATE waiting_entry SET account_id = $1 WHERE account_id IS NULL AND $2 IS NOT NULL AND id IN \
                (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = 'waiting_entry of nobody')",
        back: "UPDATE waiting_entry SET account_id = NULL WHERE account_id = $1 AND $2 IS NOT NULL AND id IN \
               (SELECT row_id FROM person_merge_row WHERE merge_id = $3 AND what = 'waiting_entry of nobody')",
    },
];
