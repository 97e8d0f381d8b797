//! The dates of one booking as a calendar file (RFC 5545). It never names the course: other people look at
//! a calendar too.

use chrono::{DateTime, Utc};
use icalendar::{Component as _, Event, EventLike as _, EventStatus, Property};
use uuid::Uuid;

use super::store::{Offer, Session};
use crate::messages::{Ics, IcsMethod};
use crate::server::App;
use crate::ui::calendar_file::{self, ZONE, at};
use crate::ui::dates;

fn local(moment: DateTime<Utc>) -> String {
    dates::local(moment).format("%Y%m%dT%H%M%S").to_string()
}

/// What a calendar file says of a booking.
pub struct Entry<'a> {
    /// The booking's id: the entry keeps it through every change.
    pub booking_id: Uuid,
    /// What to read out on the phone.
    pub reference: &'a str,
    /// How often the booking or the run's dates have changed.
    pub sequence: i64,
    /// The run.
    pub offer: &'a Offer,
    /// Those of its sessions that stand.
    pub sessions: &'a [Session],
}

/// The calendar file of one booking: one entry that repeats, each session with its number.
pub fn file(app: &App, entry: &Entry<'_>, method: IcsMethod) -> Ics {
    let mut calendar = calendar_file::begin(method.name());
    for (number, session) in entry.sessions.iter().enumerate() {
        let mut event = event(app, entry, *session, number, method);
        if number == 0 {
            for later in &entry.sessions[1..] {
                let date = Property::new("RDATE", local(later.starts_at))
                    .add_parameter("TZID", ZONE)
                    .done();
                event.append_multi_property(date);
            }
        } else {
            let which = Property::new("RECURRENCE-ID", local(session.starts_at))
                .add_parameter("TZID", ZONE)
                .done();
            event.append_property(which);
        }
        calendar.push(event.done());
        // A cancelled series is cancelled as a whole.
        if method == IcsMethod::Cancel {
            break;
        }
    }
    Ics {
        method,
        text: calendar_file::text(&calendar),
    }
}

fn event(
    app: &App,
    entry: &Entry<'_>,
    session: Session,
    number: usize,
    method: IcsMethod,
) -> Event {
    let host = app.config.site_url.host_str().unwrap_or("localhost");
    let all = entry.offer.sessions.len();
    let place = entry.offer.full_place();
    let mut event = Event::with_uid(&format!("{}@{host}", entry.booking_id));
    event
        .summary(&format!(
            "{}, session {} of {all}",
            app.config.site_name,
            number + 1
        ))
        .description(&format!(
            "Booking number {}. Questions? {}",
            entry.reference,
            app.config.phone()
        ))
        .location(&place)
        .starts(at(session.starts_at))
        .ends(at(session.ends_at))
        .timestamp(app.clock.now())
        .sequence(u32::try_from(entry.sequence).unwrap_or_default())
        .status(match method {
            IcsMethod::Publish => EventStatus::Confirmed,
            IcsMethod::Cancel => EventStatus::Cancelled,
        });
    event
}
