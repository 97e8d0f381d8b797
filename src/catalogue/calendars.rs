//! Calendar files (RFC 5545): the feed of everything that is public, and the dates of one course.

use chrono::{DateTime, Utc};
use icalendar::{
    Calendar, CalendarComponent, CalendarDateTime, Component as _, Event, EventLike as _,
    EventStatus,
};

use super::handlers::Scene;
use super::model::{Course, Run, RunStatus, Session};
use super::pages::words;
use crate::ui::dates;

/// What a calendar file is sent as.
pub const KIND: &str = "text/calendar; charset=utf-8";

const ZONE: &str = "Europe/London";

/// London's clock: summer time from the last Sunday of March to the last Sunday of October.
const LONDON: &str = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n\
    BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    TZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    TZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:DAYLIGHT\r\n\
    END:VTIMEZONE\r\nEND:VCALENDAR\r\n";

/// The component that says what `TZID=Europe/London` means; it goes into every calendar file of ours.
pub fn london() -> Option<CalendarComponent> {
    LONDON
        .parse::<Calendar>()
        .ok()?
        .components
        .into_iter()
        .next()
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
    let all = scene
        .view
        .catalogue
        .courses
        .iter()
        .flat_map(|course| course.runs.iter().map(move |run| (course, run)));
    file(scene, &scene.site.name, all)
}

/// The sessions of one course, if there is such a course.
pub fn course(scene: &Scene, slug: &str) -> Option<String> {
    let course = scene
        .view
        .catalogue
        .courses
        .iter()
        .find(|course| course.slug == slug)?;
    Some(file(
        scene,
        &course.title,
        course.runs.iter().map(|run| (course, run)),
    ))
}

fn file<'a>(
    scene: &Scene,
    name: &str,
    runs: impl Iterator<Item = (&'a Course, &'a Run)>,
) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Wellbeing Courses//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .append_property(("REFRESH-INTERVAL;VALUE=DURATION", "PT12H"))
        .append_property(("X-PUBLISHED-TTL", "PT12H"))
        .name(name);
    if let Some(zone) = london() {
        calendar.push(zone);
    }
    for (course, run) in runs {
        let sessions = run
            .sessions
            .iter()
            .filter(|session| session.ends_at > scene.now);
        for (number, session) in sessions.enumerate() {
            calendar.push(event(scene, course, run, session, number));
        }
    }
    calendar.to_string()
}

fn event(scene: &Scene, course: &Course, run: &Run, session: &Session, _number: usize) -> Event {
    let url = scene.site.absolute(&words::path(course));
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
    fn the_time_zone_is_whole() {
        let mut calendar = Calendar::empty();
        calendar.push(london().unwrap());
        let text = calendar.to_string();
        for line in [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/London",
            "BEGIN:DAYLIGHT",
            "TZOFFSETTO:+0100",
            "END:VTIMEZONE",
        ] {
            assert_eq!(text.matches(line).count(), 1, "{line} in {text}");
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
