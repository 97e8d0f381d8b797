//! What comes back: a text that GOV.UK Notify could not deliver, an email that a mail server returns days later. What was sent
//! is dead then, and whoever it was about a place for becomes a call (`bookings::calls`).

mod bounces;
mod receipts;

pub use bounces::{LONGEST, take};
pub use receipts::{PATH, routes};

use uuid::Uuid;

use super::model::Channel;
use crate::server::{App, Error, Result};
use crate::write_tx;

/// The message `id` did not arrive, though it was sent; says whether it was one of ours, and not known to be dead.
///
/// # Errors
/// Also when it is being sent at this moment, and that it was sent is not written yet: whoever says so tries again.
async fn came_back(app: &App, id: Uuid, channel: Channel, why: &str) -> Result<bool> {
    let now = app.clock.now();
    let (rows, waits) = write_tx!(app.db, |c| {
        let rows = sqlx::query(
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
        .rows_affected();
        let waits: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = $1 AND channel = $2 AND state = 'waiting')",
        )
        .bind(id)
        .bind(channel.name())
        .fetch_one(&mut *c)
        .await?;
        Ok((rows, waits))
    })?;
    if waits {
        return Err(Error::Busy(
            "a message that came back while it was being sent",
        ));
    }
    Ok(rows == 1)
}
