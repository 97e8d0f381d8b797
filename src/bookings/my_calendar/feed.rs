//! What a calendar reads at its address: one entry for each session, with the ids of the files in our emails, so that
//! whoever has both sees each session once where their calendar allows it.

use chrono::TimeDelta;
use icalendar::EventStatus;
use uuid::Uuid;

use super::store::{self, Line};
use crate::bookings::calendar::{Entry, event};
use crate::bookings::store::Session;
use crate::server::{App, Result};
use crate::ui::calendar_file;

/// How long what is over stays in the calendar.
const AFTERWARDS: TimeDelta = TimeDelta::days(60);

/// The file of an account. One query, however much is booked.
pub(super) async fn file(app: &App, account_id: Uuid) -> Result<String> {
    let now = app.clock.now();
    let since = now - AFTERWARDS;
    let lines = store::lines(&app.db, account_id, since, now).await?;
    let mut calendar = calendar_file::followed(&app.config.site_name);
    for booking in lines.chunk_by(|a, b| a.booking_id == b.booking_id) {
        let all: Vec<Session> = booking.iter().map(|line| line.session).collect();
        let shown = |line: &&Line| {
            // What was before they joined is not theirs.
            line.session.ends_at > since && line.session.starts_at > line.booked_at
        };
        for line in booking.iter().filter(shown) {
            let entry = Entry {
                booking_id: line.booking_id,
                reference: &line.reference,
                sequence: line.sequence,
                booked_at: line.booked_at,
                // Each line says where its own session is.
                at: &line.at,
                own: &[],
                all: &all,
                sessions: &[],
                dropped: &[],
            };
            calendar.push(event(app, &entry, line.session, status(line)));
        }
    }
    Ok(calendar_file::text(&calendar))
}

/// Whether a session takes place, as far as we know. What was held before the run was called off stays as it was.
fn status(line: &Line) -> EventStatus {
    if line.run_status == "cancelled" && line.session.starts_at > line.run_updated_at {
        EventStatus::Cancelled
    } else if line.status == "awaiting-guardian" {
        EventStatus::Tentative
    } else {
        EventStatus::Confirmed
    }
}
