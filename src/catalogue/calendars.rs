//! The calendar file (RFC 5545) of everything that is public.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, CalendarDateTime, Component as _, Event, EventLike as _, EventStatus};

use super::handlers::Scene;
use super::model::{Course, Run, RunStatus, Session};
use super::pages::words;
use crate::ui::dates;

/// What a calendar file is sent as.
pub const KIND: &str = "text/calendar; charset=utf-8";

const ZONE: &str = "Europe/London";

/// London's clock: summer time from the last Sunday of March to the last Sunday of October.
const LONDON: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n\
    BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    TZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    TZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:DAYLIGHT\r\n\
    END:VTIMEZONE\r\n";

/// The text of a calendar, with what `TZID=Europe/London` means before its first entry. Put in as text: the library
/// would give the zone a new name and time at each writing, which zones do not have, and no two files would be alike.
pub fn text(calendar: &Calendar) -> String {
    let mut text = calendar.to_string();
    let at = ["\r\nBEGIN:VEVENT", "\r\nEND:VCALENDAR"]
        .into_iter()
        .find_map(|next| text.find(next));
    text.insert_str(at.map_or(text.len(), |at| at + 2), LONDON);
    text
}

/// A moment as a clock in London shows it.
pub fn at(moment: DateTime<Utc>) -> CalendarDateTime {
    CalendarDateTime::WithTimezone {
        date_time: dates::local(moment),
        tzid: ZONE.to_owned(),
    }
}

/// Every session that is not over, of every public run.
pub fn everything(scene: &Scene) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Wellbeing Courses//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .append_property(("REFRESH-INTERVAL;VALUE=DURATION", "PT12H"))
        .append_property(("X-PUBLISHED-TTL", "PT12H"))
        .name(&scene.site.name);
    let courses = &scene.view.catalogue.courses;
    for (course, run) in courses
        .iter()
        .flat_map(|course| course.runs.iter().map(move |run| (course, run)))
    {
        let to_come = run
            .sessions
            .iter()
            .filter(|session| session.ends_at > scene.now);
        for session in to_come {
            calendar.push(event(scene, course, run, session));
        }
    }
    text(&calendar)
}

fn event(scene: &Scene, course: &Course, run: &Run, session: &Session) -> Event {
    let url = scene.site.absolute(&words::path_of(course, run));
    let host = scene.site.url.split("://").last().unwrap_or_default();
    let place = words::venue(&scene.view.catalogue, run).map_or_else(
        || "Online".to_owned(),
        |venue| {
            format!(
                "{}, {}, {} {}",
                venue.name, venue.address_1, venue.town, venue.postcode
            )
        },
    );
    let mut about = course.summary.clone();
    if let Some(theme) = &session.theme {
        about = format!("{theme}. {about}");
    }
    let mut event = Event::with_uid(&format!("{}@{host}", session.id.simple()));
    event
        .summary(&course.title)
        .description(&format!("{about} Free. {url}"))
        .location(&place)
        .starts(at(session.starts_at))
        .ends(at(session.ends_at))
        .timestamp(run.updated_at)
        .sequence(u32::try_from(run.sequence).unwrap_or_default())
        .url(&url)
        .status(if run.status == RunStatus::Cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
    event.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_zone_is_whole_and_the_same_each_time() {
        let mut calendar = Calendar::empty();
        calendar.name("Courses");
        let without = text(&calendar);
        let moment: DateTime<Utc> = "2027-01-12T10:30:00Z".parse().unwrap();
        let mut event = Event::with_uid("1");
        event.starts(at(moment)).timestamp(moment);
        calendar.push(event.done());
        let file = text(&calendar);
        assert_eq!(file, text(&calendar));
        for file in [file, without] {
            assert!(
                file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("\r\nEND:VCALENDAR\r\n")
            );
            assert_eq!(file.matches(LONDON).count(), 1, "{file}");
            let entry = file.find("BEGIN:VEVENT").unwrap_or(file.len());
            assert!(file.find(LONDON).unwrap() < entry);
        }
    }

    #[test]
    fn a_weekly_ten_o_clock_stays_ten_o_clock() {
        for utc in ["2027-03-25T10:00:00Z", "2027-04-01T09:00:00Z"] {
            let CalendarDateTime::WithTimezone { date_time, .. } = at(utc.parse().unwrap()) else {
                panic!()
            };
            assert_eq!(date_time.format("%H:%M").to_string(), "10:00");
        }
    }
}
