//! A time of day, typed into one line.

use chrono::NaiveTime;

/// What is said of a time that cannot be read.
pub const TIME_WORDS: &str = "Enter a time like 10:30am or 2pm";

/// Reads a time as people write it: "10:30am", "10.30", "2pm", "14:00", "midday". Small hours need "am" or "pm": who types
/// "2:00" for a class hardly means the night.
#[must_use]
pub fn one_line_time(typed: &str) -> Option<NaiveTime> {
    let typed: String = typed.to_lowercase().split_whitespace().collect();
    match typed.as_str() {
        "midday" | "noon" | "12noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return Some(NaiveTime::MIN),
        _ => {}
    }
    let typed = typed.replace("a.m.", "am").replace("p.m.", "pm");
    let (clock, half) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        (None, None) => (typed.as_str(), None),
    };
    let (hour, minute) = clock.split_once([':', '.']).unwrap_or((clock, "00"));
    let number = |digits: &str, longest: usize| {
        let all = !digits.is_empty() && digits.len() <= longest;
        (all && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let minute = (minute.len() == 2).then(|| number(minute, 2)).flatten()?;
    let hour = match (number(hour, 2)?, half) {
        (hour @ 1..=12, Some(half)) => hour % 12 + half,
        (hour @ 7..=23, None) => hour,
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::dates::clock;

    #[test]
    fn what_our_pages_say_is_read_again() {
        for minute in 0..24 * 60 {
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0);
            let time = time.expect("a time of day");
            assert_eq!(one_line_time(&clock(time)), Some(time), "{time}");
        }
    }

    #[test]
    fn times_as_people_type_them() {
        for (typed, read) in [
            ("10:30am", "10:30"),
            ("10.30 am", "10:30"),
            ("2pm", "14:00"),
            ("2 p.m.", "14:00"),
            ("14:00", "14:00"),
            ("9", "09:00"),
            ("09.15", "09:15"),
            ("12pm", "12:00"),
            ("12am", "00:00"),
            ("Midday", "12:00"),
        ] {
            let time = one_line_time(typed).map(|time| time.format("%H:%M").to_string());
            assert_eq!(time.as_deref(), Some(read), "{typed}");
        }
        for typed in [
            "", "2:00", "24:00", "10:60", "10:5", "13pm", "0pm", "ten", "10:30:00", "１０", "+9",
            ":30",
        ] {
            assert_eq!(one_line_time(typed), None, "{typed}");
        }
    }
}
