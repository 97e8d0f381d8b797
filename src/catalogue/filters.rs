//! What somebody chose on "Find a course", and its one address. Every choice stands in the address as a plain
//! parameter, so that a list can be sent to a friend; what is not understood is left out.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Weekday};
use url::form_urlencoded;

use super::model::Audience;
use crate::ui::dates;
use crate::ui::form::one_line_date;

/// Search words longer than this are cut.
const LONGEST: usize = 100;
/// More choices of one kind than this are left out.
const MOST: usize = 20;

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Time {
    /// Before 12 noon.
    Morning,
    /// From 12 noon to 5pm.
    Afternoon,
    /// From 5pm.
    Evening,
}

impl Time {
    /// The three of them.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// Its word in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }

    /// Its name on a chip.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Morning => "Morning",
            Self::Afternoon => "Afternoon",
            Self::Evening => "Evening",
        }
    }

    /// Its name where it is chosen.
    pub const fn long_words(self) -> &'static str {
        match self {
            Self::Morning => "Morning (before 12 noon)",
            Self::Afternoon => "Afternoon (12 noon to 5pm)",
            Self::Evening => "Evening (from 5pm)",
        }
    }

    /// The part of the day in which a clock shows `time`.
    pub fn of(time: NaiveTime) -> Self {
        use chrono::Timelike as _;
        match time.hour() {
            0..12 => Self::Morning,
            12..17 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// The best match for the words, or the soonest without any.
    #[default]
    Usual,
    /// The soonest first.
    Soonest,
    /// By title.
    Title,
    /// The most places first.
    Places,
}

impl Sort {
    /// The orders that have a word in addresses.
    pub const ALL: [Self; 3] = [Self::Soonest, Self::Title, Self::Places];

    /// Its word in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Soonest => "soonest",
            Self::Title => "title",
            Self::Places => "places",
        }
    }
}

/// The days of the week with their words in addresses and on the screen.
pub const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Mon, "mon", "Monday"),
    (Weekday::Tue, "tue", "Tuesday"),
    (Weekday::Wed, "wed", "Wednesday"),
    (Weekday::Thu, "thu", "Thursday"),
    (Weekday::Fri, "fri", "Friday"),
    (Weekday::Sat, "sat", "Saturday"),
    (Weekday::Sun, "sun", "Sunday"),
];

/// What somebody chose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filters {
    /// Search words.
    pub q: String,
    /// Topics, by their words in addresses.
    pub topics: BTreeSet<String>,
    /// Who it is for.
    pub audiences: BTreeSet<Audience>,
    /// Towns, venues or "online", by their words in addresses.
    pub places: BTreeSet<String>,
    /// Days of the week, Monday is 0.
    pub days: BTreeSet<u8>,
    /// Parts of the day.
    pub times: BTreeSet<Time>,
    /// Starts on or after.
    pub from: Day,
    /// Starts on or before.
    pub to: Day,
    /// Only what has places now.
    pub free: bool,
    /// The order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: u32,
}

/// A day that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Day {
    /// None.
    #[default]
    Any,
    /// This one.
    Known(NaiveDate),
    /// What they typed is no date. It chooses nothing; the page says so and keeps their words.
    Unread(String),
}

impl Day {
    fn read(typed: &str) -> Self {
        use chrono::Datelike as _;
        let typed = tidy(typed);
        match one_line_date(&typed) {
            Some(day) if (2000..2200).contains(&day.year()) => Self::Known(day),
            _ if typed.is_empty() => Self::Any,
            _ => Self::Unread(typed),
        }
    }

    /// The day, if there is one.
    pub const fn known(&self) -> Option<NaiveDate> {
        match self {
            Self::Known(day) => Some(*day),
            _ => None,
        }
    }

    /// As it stands in an address and in its field.
    pub fn words(&self) -> String {
        match self {
            Self::Any => String::new(),
            Self::Known(day) => dates::iso_day(*day),
            Self::Unread(typed) => typed.clone(),
        }
    }
}

/// One choice, to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The search words.
    Words,
    /// A topic.
    Topic(String),
    /// Who it is for.
    Audience(Audience),
    /// A place.
    Place(String),
    /// A day of the week.
    Day(u8),
    /// A part of the day.
    Time(Time),
    /// The first day.
    From,
    /// The last day.
    To,
    /// Places free.
    Free,
}

/// A word that can stand in an address: anything else was not made by our pages.
fn word(value: &str) -> Option<String> {
    let fits = (1..=100).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    fits.then(|| value.to_owned())
}

/// Search words in one form: single spaces, nothing that cannot be seen, not too long.
fn tidy(typed: &str) -> String {
    let seen: String = typed
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Filters {
    /// Reads the part of an address after the question mark.
    pub fn parse(query: &str) -> Self {
        let mut found = Self {
            page: 1,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "q" => found.q = tidy(value),
                "topic" if found.topics.len() < MOST => found.topics.extend(word(value)),
                "for" => found.audiences.extend(Audience::of(value)),
                "where" if found.places.len() < MOST => found.places.extend(word(value)),
                "day" => match value {
                    "weekday" => found.days.extend(0..5),
                    "weekend" => found.days.extend(5..7),
                    _ => found.days.extend(
                        (0..7)
                            .zip(DAYS)
                            .filter(|(_, d)| d.1 == value)
                            .map(|(n, _)| n),
                    ),
                },
                "time" => found
                    .times
                    .extend(Time::ALL.into_iter().find(|t| t.slug() == value)),
                "from" => found.from = Day::read(value),
                "to" => found.to = Day::read(value),
                "free" => found.free = value == "yes",
                "sort" => {
                    found.sort = Sort::ALL
                        .into_iter()
                        .find(|s| s.slug() == value)
                        .unwrap_or_default();
                }
                "page" => found.page = value.parse().unwrap_or(1).clamp(1, 1000),
                _ => {}
            }
        }
        // Soonest first is what happens anyway when nothing is searched for.
        if found.q.is_empty() && found.sort == Sort::Soonest {
            found.sort = Sort::Usual;
        }
        found
    }

    /// The address of this list.
    pub fn path(&self) -> String {
        let query = self.query();
        let page = if self.page > 1 {
            format!("page={}", self.page)
        } else {
            String::new()
        };
        let parts: Vec<&str> = [&query, &page]
            .into_iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        if parts.is_empty() {
            "/courses".to_owned()
        } else {
            format!("/courses?{}", parts.join("&"))
        }
    }

    /// The address of this list up to the number of its page.
    pub fn page_base(&self) -> String {
        let query = self.query();
        if query.is_empty() {
            "/courses?page=".to_owned()
        } else {
            format!("/courses?{query}&page=")
        }
    }

    fn query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            out.append_pair("q", &self.q);
        }
        for topic in &self.topics {
            out.append_pair("topic", topic);
        }
        for audience in &self.audiences {
            out.append_pair("for", audience.slug());
        }
        for place in &self.places {
            out.append_pair("where", place);
        }
        for day in &self.days {
            out.append_pair("day", DAYS[usize::from(*day)].1);
        }
        for time in &self.times {
            out.append_pair("time", time.slug());
        }
        for (name, day) in [("from", &self.from), ("to", &self.to)] {
            if *day != Day::Any {
                out.append_pair(name, &day.words());
            }
        }
        if self.free {
            out.append_pair("free", "yes");
        }
        if self.sort != Sort::Usual {
            out.append_pair("sort", self.sort.slug());
        }
        out.finish()
    }

    /// What is chosen, in the order of the page.
    pub fn choices(&self) -> Vec<Choice> {
        let mut all = Vec::new();
        if !self.q.is_empty() {
            all.push(Choice::Words);
        }
        if self.free {
            all.push(Choice::Free);
        }
        all.extend(self.topics.iter().cloned().map(Choice::Topic));
        all.extend(self.audiences.iter().copied().map(Choice::Audience));
        all.extend(self.places.iter().cloned().map(Choice::Place));
        all.extend(self.days.iter().copied().map(Choice::Day));
        all.extend(self.times.iter().copied().map(Choice::Time));
        all.extend(self.from.known().map(|_| Choice::From));
        all.extend(self.to.known().map(|_| Choice::To));
        all
    }

    /// The same list without one choice, from its first page.
    #[must_use]
    pub fn without(&self, choice: &Choice) -> Self {
        let mut rest = Self {
            page: 1,
            ..self.clone()
        };
        match choice {
            Choice::Words => rest.q.clear(),
            Choice::Topic(topic) => drop(rest.topics.remove(topic)),
            Choice::Audience(audience) => _ = rest.audiences.remove(audience),
            Choice::Place(place) => drop(rest.places.remove(place)),
            Choice::Day(day) => _ = rest.days.remove(day),
            Choice::Time(time) => _ = rest.times.remove(time),
            Choice::From => rest.from = Day::Any,
            Choice::To => rest.to = Day::Any,
            Choice::Free => rest.free = false,
        }
        if rest.q.is_empty() && rest.sort == Sort::Soonest {
            rest.sort = Sort::Usual;
        }
        rest
    }

    /// Whether anything is chosen that a course without dates cannot have.
    pub fn asks_for_dates(&self) -> bool {
        self.free
            || self.from.known().is_some()
            || self.to.known().is_some()
            || !(self.places.is_empty() && self.days.is_empty() && self.times.is_empty())
    }
}

#[cfg(test)]
mod tests;
