//! What is typed about a new run, and the same form filled in from a run that is there.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::model::{Minimum, Plan, Spot};
use super::store::{Like, LikeSession};
use crate::catalogue::series::Series;
use crate::course_desk::runs::choose::{NONE, chosen, one_of, place, place_value};
use crate::course_desk::venues::MOST;
use crate::course_desk::{Named, number_up_to, up_to};
use crate::ui::dates;
use crate::ui::form::{
    Check, DateWords, FORM_KEY, FormState, Submitted, TIME_WORDS, one_line_date, one_line_time,
};

/// As many weeks as a year has.
const MOST_SESSIONS: i64 = 52;
/// The choices of "how often": days from one session to the next, and the words.
pub const OFTEN: [(&str, &str); 4] = [
    ("7", "Every week"),
    ("14", "Every 2 weeks"),
    ("28", "Every 4 weeks"),
    ("1", "Every day"),
];
/// The choices of a room's hire, and the words.
pub const HIRE: [(&str, &str); 3] = [
    (NONE, "There is nothing to hire"),
    (
        "pencilled",
        "Pencilled: we have asked, and have no answer yet",
    ),
    ("confirmed", "Confirmed"),
];

/// The line of a session that is about nothing special: empty lines at the start are lost on the way.
const NOTHING: &str = "-";

/// What there is to choose from.
pub struct Known {
    pub courses: Vec<Named>,
    pub spots: Vec<Spot>,
    pub tutors: Vec<Named>,
    /// The school holidays that we know, first and last day.
    pub school: Vec<(NaiveDate, NaiveDate)>,
}

/// What came of reading the form.
pub enum Read {
    Right(Box<Plan>, FormState),
    Wrong(FormState),
}

/// The form for a run of `course`, or of none yet.
pub fn empty(course: &str) -> FormState {
    FormState::filled([
        ("course", course),
        ("tutor", NONE),
        ("hire", NONE),
        ("often", "7"),
        ("holidays", "yes"),
        ("school", "yes"),
    ])
}

/// The form for a run like one that is there: everything but the days.
pub fn like((run, sessions): &(Like, Vec<LikeSession>)) -> FormState {
    let place = place_value(run.venue_id, run.room_id);
    let gap = sessions.windows(2).map(|pair| {
        (dates::day_of(pair[1].starts_at) - dates::day_of(pair[0].starts_at)).num_days()
    });
    let often = gap.min().map(|days| days.to_string());
    let often = OFTEN
        .iter()
        .map(|(value, _)| *value)
        .find(|value| Some(*value) == often.as_deref());
    let themes: Vec<&str> = sessions
        .iter()
        .map(|session| session.theme.as_deref().unwrap_or(NOTHING))
        .collect();
    let themes = if themes.iter().all(|theme| *theme == NOTHING) {
        String::new()
    } else {
        themes.join("\n")
    };
    let mut form = FormState::filled([
        ("like", run.id.to_string()),
        ("course", run.course_id.to_string()),
        ("place", place),
        ("link", run.join_link.clone().unwrap_or_default()),
        ("note", run.place_note.clone().unwrap_or_default()),
        ("tutor", chosen(run.tutor_id)),
        ("sessions", sessions.len().to_string()),
        ("often", often.unwrap_or("7").to_owned()),
        ("holidays", "yes".to_owned()),
        ("school", "yes".to_owned()),
        ("themes", themes),
        ("places", run.capacity.to_string()),
        ("hire", NONE.to_owned()),
    ]);
    if let Some(first) = sessions.first() {
        form = form
            .with("starts", dates::time(first.starts_at))
            .with("ends", dates::time(first.ends_at));
    }
    if let Some(minimum) = run.minimum {
        form = form.with("minimum", minimum.to_string());
    }
    if run.volunteers_only {
        form = form.with("volunteers", "yes");
    }
    form
}

/// Reads the form. `now` is when a session can begin at the soonest.
pub fn read(submitted: &Submitted, known: &Known, now: DateTime<Utc>) -> Read {
    let mut check = Check::new(submitted);
    check.carry(FORM_KEY);
    let like = Uuid::try_parse(&check.carry("like")).ok();
    let course_id =
        one_of(&mut check, "course", "Choose a course", &known.courses).and_then(|one| {
            if one.id().is_none() {
                check.error("course", "Choose a course");
            }
            one.id()
        });
    let place = place(&mut check, &known.spots);
    let join_link = check.optional("link", link);
    let place_note = check.optional("note", up_to(200));
    let tutor = one_of(&mut check, "tutor", "Choose who leads it", &known.tutors);
    let series = series(&mut check, &known.school);
    let themes = themes(&mut check);
    let places = check.text(
        "places",
        "Enter how many places there are",
        number_up_to(MOST),
    );
    let hire = check.choice(
        "hire",
        "Choose how the hire stands",
        &HIRE.map(|(value, _)| value),
    );
    let volunteers_only = check.ticked("volunteers");
    let minimum = minimum(&mut check, submitted);

    let meetings = series.as_ref().map(Series::meetings).unwrap_or_default();
    if let Some(series) = &series {
        if meetings.len() < series.sessions {
            check.error(
                "off",
                "So many days are left out that it never ends. Leave out fewer",
            );
        } else if meetings.first().is_some_and(|first| first.starts_at <= now) {
            check.error("first", "That time is over. Enter a day to come");
        }
        if themes.len() > series.sessions {
            let sentence = format!(
                "There are {} lines for {} sessions",
                themes.len(),
                series.sessions
            );
            check.error("themes", sentence);
        }
    }
    let holds = place.as_ref().and_then(|place| place.spot()?.capacity);
    if let (Some(places), Some(holds)) = (places, holds)
        && places > holds
    {
        let sentence =
            format!("The room holds {holds}. Enter {holds} or fewer, or choose another room");
        check.error("places", sentence);
    }
    if let Some(minimum) = &minimum {
        if places.is_some_and(|places| minimum.people > places) {
            check.error("minimum", "There are fewer places than that");
        }
        let first = meetings.first().map(|first| dates::day_of(first.starts_at));
        if first.is_some_and(|first| minimum.decide_on > first) {
            check.error("decide", "Enter a day before the first session");
        }
    }
    let form = check.finish();
    let plan = (|| {
        let spot = place?.spot().cloned();
        Some(Plan {
            course_id: course_id?,
            hire: hire.filter(|hire| *hire != NONE && spot.is_some()),
            spot,
            join_link,
            place_note,
            tutor_id: tutor?.id(),
            meetings,
            themes,
            places: places?,
            volunteers_only,
            minimum,
            like,
        })
    })();
    match plan.filter(|_| !form.has_errors()) {
        Some(plan) => Read::Right(Box::new(plan), form),
        None => Read::Wrong(form),
    }
}

/// A link for joining online.
pub fn link(typed: &str) -> Result<String, String> {
    let is_link = url::Url::parse(typed).is_ok_and(|url| url.scheme() == "https" && url.has_host());
    if is_link {
        Ok(typed.to_owned())
    } else {
        Err("Enter a link that starts with https://".to_owned())
    }
}

fn series(check: &mut Check, school: &[(NaiveDate, NaiveDate)]) -> Option<Series> {
    let words = DateWords {
        missing: "Enter the first day",
        subject: "The first day",
    };
    let first = check.date("first", words);
    let time = |typed: &str| one_line_time(typed).ok_or_else(|| TIME_WORDS.to_owned());
    let starts = check.text("starts", "Enter when it begins", time);
    let ends = check.text("ends", "Enter when it ends", time);
    let sessions = check.text(
        "sessions",
        "Enter how many sessions there are",
        number_up_to(MOST_SESSIONS),
    );
    let often = check.choice("often", "Choose how often", &OFTEN.map(|(value, _)| value));
    let holidays_off = check.ticked("holidays");
    let off = days_off(check, school);
    let (starts, ends) = (starts?, ends?);
    if ends <= starts {
        check.error("ends", "It must end after it begins");
        return None;
    }
    Some(Series {
        first: first?,
        starts,
        length: ends - starts,
        sessions: usize::try_from(sessions?).unwrap_or_default(),
        every_days: often?.parse().unwrap_or(7),
        holidays_off,
        off: off?,
    })
}

/// Days to leave out: the school's, if that is ticked, and a day or a stretch of days on each line.
pub fn days_off(
    check: &mut Check,
    school: &[(NaiveDate, NaiveDate)],
) -> Option<Vec<(NaiveDate, NaiveDate)>> {
    let with_school = check.ticked("school");
    let typed = check.optional_long_text("off").unwrap_or_default();
    let mut all = if with_school {
        school.to_vec()
    } else {
        Vec::new()
    };
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(days) = stretch(line) else {
            let sentence = format!(
                "We cannot read “{line}”. Write a day like 15 2 2027, or 15 2 2027 to 19 2 2027, on each line"
            );
            check.error("off", sentence);
            return None;
        };
        all.push(days);
    }
    Some(all)
}

fn stretch(line: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = line.split_once(" to ").unwrap_or((line, line));
    let (from, to) = (one_line_date(from.trim())?, one_line_date(to.trim())?);
    // Longer than a year is a slip of the finger.
    (from <= to && to - from < TimeDelta::days(366)).then_some((from, to))
}

fn themes(check: &mut Check) -> Vec<String> {
    let typed = check.optional_long_text("themes").unwrap_or_default();
    let lines: Vec<String> = typed
        .lines()
        .map(|line| match line.trim() {
            NOTHING => String::new(),
            line => line.to_owned(),
        })
        .collect();
    if lines.iter().any(|line| line.chars().count() > 120) {
        check.error(
            "themes",
            "A line is too long. Use 120 letters or fewer in each",
        );
    }
    lines
}

/// The fields of the day of the decision.
const DECIDE: [&str; 3] = ["decide-day", "decide-month", "decide-year"];

/// How many must book and when it is decided; no number is no minimum.
pub fn minimum(check: &mut Check, submitted: &Submitted) -> Option<Minimum> {
    let people = check.optional("minimum", number_up_to(MOST));
    if submitted.line("minimum").is_empty() {
        let days = DECIDE.map(|part| submitted.line(part));
        for part in DECIDE {
            check.carry(part);
        }
        if days.iter().any(|typed| !typed.is_empty()) {
            check.error(
                "minimum",
                "Enter how many must book, or leave the day empty",
            );
        }
        return None;
    }
    let words = DateWords {
        missing: "Enter the day on which it is decided",
        subject: "The day",
    };
    let decide_on = check.date("decide", words)?;
    Some(Minimum {
        people: people?,
        decide_on,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("15 2 2027", "2027-02-15", "2027-02-15")]
    #[case("15 2 2027 to 19 2 2027", "2027-02-15", "2027-02-19")]
    #[case("15 February 2027 to 2027-02-19", "2027-02-15", "2027-02-19")]
    fn days_off_as_people_type_them(#[case] line: &str, #[case] from: &str, #[case] to: &str) {
        assert_eq!(
            stretch(line),
            Some((from.parse().unwrap(), to.parse().unwrap()))
        );
    }

    #[rstest]
    #[case("half term")]
    #[case("19 2 2027 to 15 2 2027")]
    #[case("15 2 2027 to 15 3 2028")]
    #[case("15 2 2027 to")]
    fn what_is_no_day_off(#[case] line: &str) {
        assert_eq!(stretch(line), None);
    }

    #[test]
    fn a_link_is_https() {
        assert!(link("https://meet.example.org/a").is_ok());
        for wrong in [
            "http://meet.example.org",
            "javascript:alert(1)",
            "meet.example.org",
            "https://",
        ] {
            assert!(link(wrong).is_err(), "{wrong}");
        }
    }
}
