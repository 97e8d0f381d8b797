//! The team's report, and what was published.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::figures::{By, Figures, lines};
use super::model::Published;
use super::pages::A_PAGE;
use super::period::Period;
use super::{PUBLISHED, pages, store};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, in_address, page, see};
use crate::server::paging::Part;
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::rights::{PublishedReports, Reports};
use crate::ui::dates;
use crate::ui::list::{self, List};

/// The address of a report.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    period: String,
    #[serde(default)]
    by: String,
}

impl Asked {
    /// What was asked for, or this quarter by month.
    fn question(&self, app: &App) -> (Period, By) {
        let today = dates::day_of(app.clock.now());
        let period = Period::named(&self.period).unwrap_or_else(|| Period::quarter_of(today));
        (period, By::named(&self.by))
    }
}

pub async fn show(
    desk: Desk<Reports>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (period, by) = asked.question(&app);
    let counted = store::counted(&app, period).await?;
    let html = pages::team(&app, desk.who(), period, by, &counted);
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

pub async fn file(
    _: Desk<Reports>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (period, by) = asked.question(&app);
    let counted = store::counted(&app, period).await?;
    let rows = lines(&counted, by).into_iter().map(|(words, figures)| {
        let mut row = vec![Cell::Words(words)];
        let all = figures.all();
        row.extend(by.columns().into_iter().map(|at| cell(all[at])));
        row
    });
    let mut titles = vec![by.words()];
    titles.extend(by.columns().into_iter().map(|at| Figures::TITLES[at]));
    let name = format!("places-by-{}-{}", by.name(), period.name());
    table_file::answer_as(format, &name, &titles, rows)
}

/// A number, or an empty cell where there is none.
fn cell(number: Option<i64>) -> Cell {
    number.map_or_else(|| Cell::Words(String::new()), Cell::Number)
}

pub async fn published(
    desk: Desk<PublishedReports>,
    State(app): State<App>,
    Query(asked): Query<list::Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (sort, number) = (asked.sort(&store::ORDERS), asked.page());
    let (all, count) = store::all(&app, sort, Part::page(number, A_PAGE)).await?;
    let list = List::new(PUBLISHED, sort);
    if let Some(last) = list.instead_of(number, count, A_PAGE) {
        return Ok(see(&last));
    }
    let heard = Said::heard(&app, &headers);
    let html = pages::all(&app, desk.who(), &all, (&list, number, count), heard);
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 4] = ["Time", "Version", "Published on", "Replaced"];

/// The same list as a file, with all of them.
pub async fn published_file(
    _: Desk<PublishedReports>,
    State(app): State<App>,
    Query(asked): Query<list::Asked>,
    format: Format,
) -> Result<Response> {
    let sort = asked.sort(&store::ORDERS);
    let name = table_file::dated(&app, "published-reports");
    table_file::list(format, &name, &TITLES, move |part| {
        let app = app.clone();
        async move {
            let (all, count) = store::all(&app, sort, part).await?;
            Ok((all.iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(report: &Published) -> Vec<Cell> {
    let replaced = if report.newest { "" } else { "yes" };
    vec![
        report.period.words().into(),
        report.version.into(),
        dates::iso_day(dates::day_of(report.at)).into(),
        replaced.into(),
    ]
}

/// The published report whose number stands in the address. It stands after the guard.
pub struct Chosen(Published);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::one(app, id)).await?;
        Ok(Self(found))
    }
}

pub async fn one(
    desk: Desk<PublishedReports>,
    State(app): State<App>,
    Chosen(report): Chosen,
) -> Response {
    let html = pages::one(&app, desk.who(), report);
    page(StatusCode::OK, Keep::Nothing, html)
}

/// Every table of a published report in one: what it is shown by, which line, what is counted, how many.
pub async fn one_file(
    _: Desk<PublishedReports>,
    Chosen(report): Chosen,
    format: Format,
) -> Result<Response> {
    let sent = &report.sent;
    let mut rows = Vec::new();
    let places = |about: &str, columns: Vec<usize>, line: &str, figures: &Figures| {
        let all = figures.all();
        let each = columns
            .into_iter()
            .filter_map(|at| Some((Figures::TITLES[at], all[at]?)));
        each.map(|(title, n)| {
            vec![
                Cell::Words(about.to_owned()),
                Cell::Words(line.to_owned()),
                Cell::Words(title.to_owned()),
                Cell::Number(n),
            ]
        })
        .collect::<Vec<_>>()
    };
    rows.extend(places("All", By::Month.columns(), "All", &sent.total));
    for (by, lines) in &sent.cuts {
        for (line, figures) in lines {
            rows.extend(places(by.words(), by.columns(), line, figures));
        }
    }
    let of_all = sent.people.iter().map(|people| (None, people));
    let of_topics = sent.by_topic.iter().flat_map(|(topic, groups)| {
        groups
            .iter()
            .map(move |people| (Some(topic.as_str()), people))
    });
    for (topic, people) in of_all.chain(of_topics) {
        let about = topic.map_or_else(
            || people.about.clone(),
            |topic| format!("{topic}: {}", people.about),
        );
        rows.extend(people.groups.iter().map(|(group, shown)| {
            vec![
                Cell::Words(about.clone()),
                Cell::Words(group.clone()),
                Cell::Words("People".to_owned()),
                Cell::Words(shown.words()),
            ]
        }));
    }
    let name = format!("report-{}-{}", report.period.name(), report.version);
    let titles = ["By", "Line", "What is counted", "Number"];
    table_file::answer_as(format, &name, &titles, rows)
}
