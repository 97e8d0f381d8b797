//! What all our calendar files (RFC 5545) begin with: who made them, and what London's clock is.
//!
//! The `icalendar` crate writes times with a `TZID`, but no `VTIMEZONE` that says what it means.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, CalendarDateTime};

use super::dates;

/// What a calendar file is sent as.
pub const KIND: &str = "text/calendar; charset=utf-8";
/// The time zone's name in a file.
pub const ZONE: &str = "Europe/London";

/// London's clock: summer time from the last Sunday of March to the last Sunday of October.
const LONDON: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n\
    BEGIN:STANDARD\r\nDTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    TZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    TZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:DAYLIGHT\r\n\
    END:VTIMEZONE\r\n";

/// A file without entries; `method` says what a calendar does with them (RFC 5546).
#[must_use]
pub fn begin(method: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Wellbeing Courses//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", method));
    calendar
}

/// A file without entries that calendars fetch again by themselves, twice a day.
#[must_use]
pub fn followed(name: &str) -> Calendar {
    let mut calendar = begin("PUBLISH");
    calendar
        .append_property(("REFRESH-INTERVAL;VALUE=DURATION", "PT12H"))
        .append_property(("X-PUBLISHED-TTL", "PT12H"))
        .name(name);
    calendar
}

/// The file's text, with what `TZID=Europe/London` means before its first entry. Put in as text: the library would
/// give the zone a name and a time of its own at each writing, which zones do not have, and no two files would be
/// alike.
#[must_use]
pub fn text(calendar: &Calendar) -> String {
    let mut text = calendar.to_string();
    let at = ["\r\nBEGIN:VEVENT", "\r\nEND:VCALENDAR"]
        .into_iter()
        .find_map(|next| text.find(next));
    text.insert_str(at.map_or(text.len(), |at| at + 2), LONDON);
    text
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
    use icalendar::{Component as _, Event, EventLike as _};

    #[test]
    fn the_time_zone_is_whole_and_the_same_each_time() {
        let mut calendar = begin("PUBLISH");
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
