//! The dates of one booking as a calendar file (RFC 5545). It never names the course: other people look at
//! a calendar too.
//!
//! Each session is an entry of its own, with an id that stays when it is moved: calendars differ in what they make of
//! series with exceptions, and all of them bring a single entry up to date by its id and its SEQUENCE.

use chrono::{DateTime, Utc};
use icalendar::{Component as _, Event, EventLike as _, EventStatus};
use uuid::Uuid;

use super::store::{self, At, Own, Session};
use crate::messages::{Ics, IcsMethod};
use crate::server::App;
use crate::ui::calendar_file::{self, at};

/// What a calendar file says of a booking.
pub struct Entry<'a> {
    /// The booking's id.
    pub booking_id: Uuid,
    /// What to read out on the phone.
    pub reference: &'a str,
    /// How often the booking or the run's dates have changed.
    pub sequence: i64,
    /// Where the sessions are, but for those of `own`.
    pub at: &'a At,
    /// What some sessions have of their own.
    pub own: &'a [Own],
    /// When it was booked: what was before is not theirs, where people join late.
    pub booked_at: DateTime<Utc>,
    /// All the sessions of the run, in order.
    pub all: &'a [Session],
    /// The sessions that the file is about.
    pub sessions: &'a [Session],
    /// Sessions that will not take place any more; they go from the calendar.
    pub dropped: &'a [Session],
}

/// The calendar file of one booking.
pub fn file(app: &App, entry: &Entry<'_>, method: IcsMethod) -> Ics {
    file_instead(app, entry, None, method)
}

/// [`file`], where the booking takes the place of another, whose dropped sessions go from the calendar.
pub fn file_instead(
    app: &App,
    entry: &Entry<'_>,
    before: Option<&Entry<'_>>,
    method: IcsMethod,
) -> Ics {
    let mut calendar = calendar_file::begin(method.name());
    let status = match method {
        IcsMethod::Publish => EventStatus::Confirmed,
        IcsMethod::Cancel => EventStatus::Cancelled,
    };
    for session in entry
        .sessions
        .iter()
        .filter(|s| s.starts_at > entry.booked_at)
    {
        calendar.push(event(app, entry, *session, status));
    }
    for entry in std::iter::once(entry).chain(before) {
        for session in entry.dropped {
            calendar.push(event(app, entry, *session, EventStatus::Cancelled));
        }
    }
    Ics {
        method,
        text: calendar_file::text(&calendar),
    }
}

/// One session as an entry of a calendar.
pub(super) fn event(app: &App, entry: &Entry<'_>, session: Session, status: EventStatus) -> Event {
    let host = app.config.site_url.host_str().unwrap_or("localhost");
    let all = entry.all.len();
    let number = entry.all.iter().position(|one| one.id == session.id);
    let title = match number {
        Some(number) => format!("{}, session {} of {all}", app.config.site_name, number + 1),
        None => app.config.site_name.clone(),
    };
    Event::with_uid(&format!("{}.{}@{host}", entry.booking_id, session.id))
        .summary(&title)
        .description(&format!(
            "Booking number {}. Questions? {}",
            entry.reference,
            app.config.phone()
        ))
        .location(&store::at(entry.at, entry.own, session.id).full())
        .starts(at(session.starts_at))
        .ends(at(session.ends_at))
        .timestamp(app.clock.now())
        .sequence(u32::try_from(entry.sequence).unwrap_or_default())
        .status(status)
        .done()
}
