//! What all our calendar files (RFC 5545) begin with: who made them, and what London's clock is.
//!
//! The `icalendar` crate writes times with a `TZID`, but no `VTIMEZONE` that says what it means.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, CalendarComponent, CalendarDateTime};

use super::dates;

/// What a calendar file is sent as.
pub const KIND: &str = "text/calendar; charset=utf-8";
/// The time zone's name in a file.
pub const ZONE: &str = "Europe/London";

/// London's clock: summer time from the last Sunday of March to the last Sunday of October.
const LONDON: &str = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n\
    BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    TZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    TZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:DAYLIGHT\r\n\
    END:VTIMEZONE\r\nEND:VCALENDAR\r\n";

fn london() -> Option<CalendarComponent> {
    let file: Calendar = LONDON.parse().ok()?;
    file.components.into_iter().next()
}

/// A file without entries; `method` says what a calendar does with them (RFC 5546).
#[must_use]
pub fn begin(method: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Wellbeing Courses//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", method));
    if let Some(zone) = london() {
        calendar.push(zone);
    }
    calendar
}

/// A moment as a clock in London shows it.
#[must_use]
pub fn at(moment: DateTime<Utc>) -> CalendarDateTime {
    CalendarDateTime::WithTimezone {
        date_time: dates::local(moment),
        tzid: ZONE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_zone_is_whole() {
        let text = begin("PUBLISH").to_string();
        for line in [
            "METHOD:PUBLISH",
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
