//! Training and papers: until when each is good. Who is overdue opens nobody's data.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, NaiveDate};
use leptos::prelude::*;

use crate::accounts::model::Who;
use crate::server::App;
use crate::server::http::{Keep, page};
use crate::ui::dates;
use crate::ui::page::Page;
use crate::ui::pieces::PhoneLink;

/// How long before the last day somebody is told.
pub const TOLD_BEFORE: Days = Days::new(30);

/// What has a last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Training in looking after people's data.
    DataTraining,
    /// The agreement to keep what one reads to oneself.
    Confidentiality,
    /// The Disclosure and Barring Service's check, for those who need one.
    Dbs,
}

impl Paper {
    /// Every paper.
    pub const ALL: [Self; 3] = [Self::DataTraining, Self::Confidentiality, Self::Dbs];

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::DataTraining => "Data training",
            Self::Confidentiality => "Confidentiality agreement",
            Self::Dbs => "DBS check",
        }
    }

    /// The field's name.
    pub const fn field(self) -> &'static str {
        match self {
            Self::DataTraining => "data-training",
            Self::Confidentiality => "confidentiality",
            Self::Dbs => "dbs",
        }
    }

    /// Whether nobody opens data without it. A DBS check counts only for those who have a date.
    const fn is_needed(self) -> bool {
        !matches!(self, Self::Dbs)
    }
}

/// The last day of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// See [`Paper::DataTraining`].
    pub data_training: Option<NaiveDate>,
    /// See [`Paper::Confidentiality`].
    pub confidentiality: Option<NaiveDate>,
    /// See [`Paper::Dbs`].
    pub dbs: Option<NaiveDate>,
}

impl Papers {
    /// The last day of one.
    pub const fn until(&self, paper: Paper) -> Option<NaiveDate> {
        match paper {
            Paper::DataTraining => self.data_training,
            Paper::Confidentiality => self.confidentiality,
            Paper::Dbs => self.dbs,
        }
    }

    /// What keeps data closed on `today`.
    pub fn overdue(&self, today: NaiveDate) -> Vec<Paper> {
        Paper::ALL
            .into_iter()
            .filter(|paper| match self.until(*paper) {
                Some(until) => until < today,
                None => paper.is_needed(),
            })
            .collect()
    }

    /// What ends soon, and still holds on `today`.
    pub fn ending(&self, today: NaiveDate) -> Vec<(Paper, NaiveDate)> {
        Paper::ALL
            .into_iter()
            .filter_map(|paper| Some((paper, self.until(paper)?)))
            .filter(|(_, until)| (today..=today + TOLD_BEFORE).contains(until))
            .collect()
    }
}

/// Those of whoever is signed in; none, if nothing was recorded.
pub fn of(who: &Who) -> Papers {
    let days = &who.papers;
    read_days(
        days.data_training_until.as_deref(),
        days.confidentiality_until.as_deref(),
        days.dbs_until.as_deref(),
    )
}

/// From three days as the database keeps them.
pub(super) fn read_days(
    data_training: Option<&str>,
    confidentiality: Option<&str>,
    dbs: Option<&str>,
) -> Papers {
    let day = |kept: Option<&str>| kept.and_then(|day| day.parse().ok());
    Papers {
        data_training: day(data_training),
        confidentiality: day(confidentiality),
        dbs: day(dbs),
    }
}

/// The page for somebody whose papers are overdue.
pub(super) fn closed(app: &App, who: &Who, overdue: &[Paper]) -> Response {
    let today = dates::day_of(app.clock.now());
    let name = who.name.clone();
    let items: Vec<_> = overdue
        .iter()
        .map(|paper| view! { <li>{paper.words()}</li> })
        .collect();
    let html = Page::new("This desk is closed for you today")
        .unlisted()
        .back("/desk", "All desks")
        .render(&app.site, move || {
            view! {
                <div class="wb-measure">
                    <h1>"This desk is closed for you today"</h1>
                    <p class="wb-lead">
                        {name} ", people’s details are here. Before we show them, these need a new date:"
                    </p>
                    <div class="wb-words"><ul>{items}</ul></div>
                    <p>
                        "Ask whoever looks after staff accounts, or call " <PhoneLink /> ". Today is "
                        {dates::full_day(today)} "."
                    </p>
                </div>
            }
        });
    page(StatusCode::FORBIDDEN, Keep::Nothing, html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> Option<NaiveDate> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    #[rstest]
    #[case("2027-01-04", "2027-01-04", "", &[])]
    #[case("2027-01-03", "2027-01-04", "", &[Paper::DataTraining])]
    #[case("", "", "", &[Paper::DataTraining, Paper::Confidentiality])]
    #[case("2027-02-01", "2027-02-01", "2027-01-03", &[Paper::Dbs])]
    fn overdue_on_4_january(
        #[case] training: &str,
        #[case] agreement: &str,
        #[case] dbs: &str,
        #[case] overdue: &[Paper],
    ) {
        let papers = Papers {
            data_training: day(training),
            confidentiality: day(agreement),
            dbs: day(dbs),
        };
        assert_eq!(papers.overdue(day("2027-01-04").unwrap()), overdue);
    }

    #[rstest]
    #[case("2027-01-03", false)]
    #[case("2027-01-04", true)]
    #[case("2027-02-03", true)]
    #[case("2027-02-04", false)]
    fn told_30_days_before(#[case] until: &str, #[case] told: bool) {
        let papers = Papers {
            dbs: day(until),
            ..Papers::default()
        };
        let ending = papers.ending(day("2027-01-04").unwrap());
        assert_eq!(!ending.is_empty(), told);
    }
}
