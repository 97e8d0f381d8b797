//! What is counted of places: exact, and without any person in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Numbers of places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Places offered.
    pub offered: i64,
    /// Places booked, and not cancelled.
    pub booked: i64,
    /// Times somebody came to a session.
    pub came: i64,
    /// Times somebody did not come, with or without apologies.
    pub missed: i64,
    /// Booked places on which somebody came to the last session.
    pub finished: i64,
    /// Places that were booked and cancelled.
    pub cancelled: i64,
    /// People who wait for a place.
    pub waiting: i64,
    /// Places that somebody got from the waiting list; none where that was not counted.
    #[serde(default)]
    pub from_list: Option<i64>,
    /// For how many days those waited, together; the days that began count. None where it is not told.
    #[serde(default)]
    pub days_waited: Option<i64>,
    /// Of how many of them the days are: whoever objected to statistics is not among these. None in a report from before, where it is
    /// all of them.
    #[serde(default)]
    pub with_days: Option<i64>,
}

/// Of so few people the time that they waited is not told outside.
const FEW: i64 = 5;

/// Two numbers together, of which one may not be there.
fn both(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

impl Figures {
    /// The columns' titles, in the order of [`Self::all`].
    pub const TITLES: [&str; 9] = [
        "Offered",
        "Booked",
        "Came",
        "Did not come",
        "Came to the end",
        "Cancelled",
        "Waiting",
        "Got a place from the list",
        "Days they waited, on average",
    ];

    /// Every number; none for an average of nobody, or of people whose time is not told.
    pub fn all(&self) -> [Option<i64>; 9] {
        [
            Some(self.offered),
            Some(self.booked),
            Some(self.came),
            Some(self.missed),
            Some(self.finished),
            Some(self.cancelled),
            Some(self.waiting),
            self.from_list,
            self.average_wait(),
        ]
    }

    /// In days, to the nearest.
    fn average_wait(&self) -> Option<i64> {
        let people = self.with_days.or(self.from_list).filter(|n| *n > 0)?;
        Some((self.days_waited? + people / 2) / people)
    }

    /// All together as people outside may see it: of fewer than 5 people it is not told how long they waited.
    #[must_use]
    pub fn for_outside(self) -> Self {
        let people = self.with_days.or(self.from_list);
        let enough = people.is_some_and(|people| people >= FEW);
        Self {
            days_waited: self.days_waited.filter(|_| enough),
            with_days: self.with_days.filter(|_| enough),
            ..self
        }
    }

    /// One line of it as people outside may see it. How long people waited is told of all together alone: from the other lines
    /// that of a small one could be worked out.
    #[must_use]
    pub const fn line_for_outside(self) -> Self {
        Self {
            days_waited: None,
            with_days: None,
            ..self
        }
    }

    fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.booked += other.booked;
        self.came += other.came;
        self.missed += other.missed;
        self.finished += other.finished;
        self.cancelled += other.cancelled;
        self.waiting += other.waiting;
        self.from_list = both(self.from_list, other.from_list);
        self.days_waited = both(self.days_waited, other.days_waited);
        self.with_days = both(self.with_days, other.with_days);
    }
}

/// By what places are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    Month,
    Course,
    Topic,
    Venue,
    Channel,
}

impl By {
    pub const ALL: [Self; 5] = [
        Self::Month,
        Self::Course,
        Self::Topic,
        Self::Venue,
        Self::Channel,
    ];

    /// The word in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Course => "course",
            Self::Topic => "topic",
            Self::Venue => "venue",
            Self::Channel => "channel",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Month => "Month",
            Self::Course => "Course",
            Self::Topic => "Topic",
            Self::Venue => "Venue",
            Self::Channel => "How they booked",
        }
    }

    /// Which of [`Figures::TITLES`] it has: nobody offers a place, or waits for one, by a channel.
    pub fn columns(self) -> Vec<usize> {
        (0..Figures::TITLES.len())
            .filter(|at| self != Self::Channel || !matches!(at, 0 | 6..))
            .collect()
    }

    /// The one with this word; months for any other.
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|by| by.name() == name);
        found.unwrap_or(Self::Month)
    }
}

/// Something that was counted, with everything it can be shown by. What is counted of a whole run has no channel.
#[derive(Clone, Debug)]
pub struct Counted {
    /// `2026-07` and "July 2026".
    pub month: (String, String),
    pub course: String,
    pub topic: String,
    pub venue: String,
    pub channel: Option<String>,
    pub figures: Figures,
}

impl Counted {
    /// What it is sorted and named by.
    fn key(&self, by: By) -> Option<(String, String)> {
        let same = |words: &String| (words.to_lowercase(), words.clone());
        match by {
            By::Month => Some(self.month.clone()),
            By::Course => Some(same(&self.course)),
            By::Topic => Some(same(&self.topic)),
            By::Venue => Some(same(&self.venue)),
            By::Channel => self.channel.as_ref().map(same),
        }
    }
}

/// A line of a report.
pub type Line = (String, Figures);

/// What was counted, a line for each month, course and so on.
pub fn lines(counted: &[Counted], by: By) -> Vec<Line> {
    let mut sums: BTreeMap<(String, String), Figures> = BTreeMap::new();
    for one in counted {
        if let Some(key) = one.key(by) {
            sums.entry(key).or_default().add(&one.figures);
        }
    }
    sums.into_iter()
        .map(|((_, words), figures)| (words, figures))
        .collect()
}

/// All of it.
pub fn total(counted: &[Counted]) -> Figures {
    let mut sum = Figures::default();
    for one in counted {
        sum.add(&one.figures);
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted() -> impl Strategy<Value = Counted> {
        let numbers = proptest::array::uniform10(0_i64..50);
        ("[a-c]", "[a-c]", 1_u32..=3, numbers).prop_map(|(course, channel, month, n)| Counted {
            month: (format!("2026-0{month}"), format!("month {month}")),
            topic: course.to_uppercase(),
            venue: "Hall".to_owned(),
            course,
            channel: Some(channel),
            figures: Figures {
                offered: n[0],
                booked: n[1],
                came: n[2],
                missed: n[3],
                finished: n[4],
                cancelled: n[5],
                waiting: n[6],
                from_list: Some(n[7]),
                days_waited: Some(n[8]),
                with_days: Some(n[9]),
            },
        })
    }

    proptest! {
        #[test]
        fn every_cut_has_the_same_total(all in proptest::collection::vec(counted(), 0..40)) {
            for by in By::ALL {
                let mut sum = Figures::default();
                for (_, figures) in lines(&all, by) {
                    sum.add(&figures);
                }
                prop_assert_eq!(sum, total(&all));
            }
        }
    }

    #[test]
    fn how_long_people_waited_is_an_average_and_not_told_outside_of_few() {
        let waited = |from_list, days_waited| Figures {
            from_list: Some(from_list),
            days_waited: Some(days_waited),
            ..Figures::default()
        };
        let average = |figures: Figures| figures.all()[8];
        assert_eq!(average(Figures::default()), None);
        assert_eq!(average(waited(0, 0)), None);
        assert_eq!(average(waited(2, 5)), Some(3));
        assert_eq!(average(waited(4, 40).for_outside()), None);
        assert_eq!(average(waited(5, 52).for_outside()), Some(10));
        assert_eq!(average(waited(5, 52).line_for_outside()), None);
        let of_four = Figures {
            with_days: Some(4),
            ..waited(5, 40)
        };
        assert_eq!(average(of_four), Some(10), "one objected");
        assert_eq!(average(of_four.for_outside()), None, "four are few");
    }

    #[test]
    fn a_report_from_before_says_nothing_of_what_was_not_counted_then() {
        let before = r#"{"offered":10,"booked":8,"came":0,"missed":0,"finished":0,"cancelled":0,"waiting":0}"#;
        let figures: Figures = serde_json::from_str(before).expect("figures");
        assert_eq!(figures.all()[7..], [None, None]);
    }

    #[test]
    fn a_word_in_an_address_is_a_cut_or_months() {
        for by in By::ALL {
            assert_eq!(By::named(by.name()), by);
        }
        assert_eq!(By::named("person"), By::Month);
    }
}
