//! What comes back: a text that GOV.UK Notify could not deliver, an email that a mail server returns days later. What was sent
//! is dead then, and whoever it was about a place for becomes a call (`bookings::calls`).

mod bounces;
mod receipts;

pub use bounces::{LONGEST, take};
pub use receipts::{PATH, routes};

use uuid::Uuid;

use super::model::Channel;
use crate::server::{App, Result};
use crate::write_tx;

/// The message `id` did not arrive, though it was sent; says whether it was one of ours, and not known to be dead.
async fn came_back(app: &App, id: Uuid, channel: Channel, why: &str) -> Result<bool> {
    let now = app.clock.now();
    let rows = write_tx!(app.db, |c| {
        Ok(sqlx::query(
            "UPDATE outbox SET state = 'dead', sealed = $4, finished_at = $2, last_error = $5 \
             WHERE id = $1 AND channel = $3 AND state = 'sent'",
        )
        .bind(id)
        .bind(now)
        .bind(channel.name())
        // What it said was forgotten when it was sent.
        .bind(Vec::<u8>::new())
        .bind(why)
        .execute(&mut *c)
        .await?
        .rows_affected())
    })?;
    Ok(rows == 1)
}
