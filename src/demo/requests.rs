//! A few requests about people's own data, so that the officer has something to answer.

use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::rows::Rows;
use crate::demo_row;
use crate::privacy::requests::{Kind, Step, Timing, seal_asked};
use crate::server::{App, Result, random};
use crate::ui::dates;

/// A request: its number, what it is, how it came, how many days ago, and whether we wait for an answer since yesterday.
struct Asked {
    reference: &'static str,
    kind: Kind,
    channel: &'static str,
    days_ago: u64,
    waits: bool,
    /// Somebody who is not on record, and how they are reached; else somebody who books.
    asker: Option<(&'static str, &'static str)>,
    words: &'static str,
}

const ASKED: [Asked; 3] = [
    Asked {
        reference: "DP-4H7-K2R",
        kind: Kind::Access,
        channel: "letter",
        days_ago: 25,
        waits: false,
        asker: None,
        words: "Please send me everything you have written about me, on paper.",
    },
    Asked {
        reference: "DP-9QX-3TC",
        kind: Kind::Erasure,
        channel: "phone",
        days_ago: 9,
        waits: true,
        asker: Some(("Walter Hibbert", "01632 960 417")),
        words: "He was at a course years ago and wants his name taken out of every list.",
    },
    Asked {
        reference: "DP-W6D-8FM",
        kind: Kind::Complaint,
        channel: "email",
        days_ago: 4,
        waits: false,
        asker: Some(("Ines Calder", "ines.calder@example.org")),
        words: "A reminder came to an address that she had asked us to stop using.",
    },
];

/// Adds them, with the officer whose account this is.
///
/// # Errors
/// When the vault or the operating system's randomness fails.
pub async fn add(app: &App, officer: Uuid, now: DateTime<Utc>, rows: &mut Rows) -> Result<()> {
    let today = dates::day_of(now);
    for one in ASKED {
        let id = random::id(now)?;
        let mut timing = Timing::new(one.kind, today - Days::new(one.days_ago));
        if one.waits {
            let yesterday = today - Days::new(1);
            timing = timing.after(Step::Wait, yesterday).unwrap_or(timing);
        }
        let (name, contact) = one.asker.unzip();
        demo_row!(
            rows,
            "INSERT INTO rights_request (id, reference, kind, channel, received_on, person_id, asker_name, asker_contact, asked, \
                                         identity, waiting_since, due_on, owner_id, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN (SELECT place.person_id FROM place ORDER BY place.person_id LIMIT 1) END, $7, $8, $9, \
                     'known', $10, $11, $12, $12, $13)",
            id,
            one.reference,
            one.kind.name(),
            one.channel,
            timing.received_on.to_string(),
            one.asker.is_none(),
            name.map(str::to_owned),
            contact.map(str::to_owned),
            seal_asked(app, id, one.words).await?,
            timing.waiting_since.map(|day| day.to_string()),
            timing.due().map(|day| day.to_string()),
            officer,
            now,
        );
    }
    Ok(())
}
