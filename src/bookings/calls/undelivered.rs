//! A message that could not be delivered becomes a call: whoever it was for does not know what it said.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{About, Call, insert, undelivered_cause};
use crate::messages::MessageKind;
use crate::server::{App, Result};
use crate::{read, write_tx};

/// For so long after we gave up it is looked at, and for so long it helps to ring.
const HELPS_FOR: TimeDelta = TimeDelta::days(7);

/// A message that we gave up.
#[derive(sqlx::FromRow)]
struct Dead {
    cause: String,
    kind: String,
    person_id: Uuid,
    finished_at: DateTime<Utc>,
}

/// Notes a call about every message about a place that could not be delivered. A text is let be if the email beside it
/// went, or still may. The same message is noted once.
///
/// # Errors
/// When the database fails; the next sweep goes on.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let dead: Vec<Dead> = read!(app.db, |c| {
        Ok(sqlx::query_as(
            "SELECT cause, kind, person_id, finished_at FROM outbox \
             WHERE state = 'dead' AND finished_at > $1 AND person_id IS NOT NULL AND dealt_at IS NULL \
               AND NOT EXISTS (SELECT 1 FROM phone_call WHERE phone_call.cause = 'undelivered:' || outbox.cause) \
               AND NOT (channel = 'text' AND EXISTS (SELECT 1 FROM outbox mail WHERE mail.state <> 'dead' \
                        AND mail.cause = SUBSTR(outbox.cause, 1, LENGTH(outbox.cause) - LENGTH(':text')))) \
             ORDER BY finished_at",
        )
        .bind(now - HELPS_FOR)
        .fetch_all(&mut *c)
        .await?)
    })?;
    for message in dead {
        let kind = MessageKind::named(&message.kind);
        if !kind.is_some_and(MessageKind::is_about_a_place) {
            continue;
        }
        let call = Call {
            id: app.id()?,
            cause: undelivered_cause(&message.cause),
            about: About::Undelivered,
            person_id: message.person_id,
            run_id: None,
            call_by: message.finished_at + HELPS_FOR,
            created_at: now,
        };
        write_tx!(app.db, |c| {
            insert!(c, &call);
            Ok(())
        })?;
    }
    Ok(())
}
