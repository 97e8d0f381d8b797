//! The list of a term's runs with who came, and the same as a file.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::HERE;
use super::store::{self, Question, Row, Sort};
use super::terms::Term;
use crate::course_desk::{A_PAGE, as_files};
use crate::server::http::{Keep, page};
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// How many terms back there is a choice of.
const BACK: usize = 6;
/// The word in the address for runs with unmarked sessions alone.
const UNMARKED: &str = "unmarked";

/// The address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    term: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    only: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

impl Asked {
    fn question(&self, app: &App) -> Question {
        let today = dates::day_of(app.clock.now());
        Question {
            term: Term::named(&self.term).unwrap_or_else(|| Term::of(today)),
            words: self.words.trim().chars().take(100).collect(),
            only_unmarked: self.only == UNMARKED,
            sort: Sort::named(&self.sort),
            page: paging::number(self.page),
        }
    }
}

/// The address of the same list, without the number of the page.
fn address(here: &str, question: &Question) -> String {
    let term = question.term.name();
    let only = if question.only_unmarked { UNMARKED } else { "" };
    let pairs = [
        ("term", term.as_str()),
        ("words", question.words.as_str()),
        ("only", only),
        ("sort", question.sort.name()),
    ];
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    format!("{here}?{query}")
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let question = asked.question(&app);
    let (rows, count) = store::list(&app, &question).await?;
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), "Attendance", HERE, false, || {
        let csv = address("/desk/attendance/list.csv", &question);
        let xlsx = address("/desk/attendance/list.xlsx", &question);
        view! {
            <h1>"Attendance"</h1>
            <p>"A run belongs to the term in which it begins. Open a run to see who came."</p>
            {search(&question, today)}
            {table(rows, &question, count, today)}
            {(count > 0).then(|| as_files(csv, xlsx))}
            <Pagination page=question.page pages=paging::pages(count, A_PAGE)
                base=format!("{}&page=", address(HERE, &question)) />
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn search(question: &Question, today: chrono::NaiveDate) -> impl IntoView + use<> {
    let form = FormState::empty()
        .with("term", question.term.name())
        .with("words", question.words.clone())
        .with("only", if question.only_unmarked { UNMARKED } else { "" })
        .with("sort", question.sort.name());
    let mut terms = Term::to_choose(today, BACK);
    if !terms.contains(&question.term) {
        terms.push(question.term);
    }
    let terms = terms
        .into_iter()
        .map(|term| Choice::new(term.name(), term.words()))
        .collect::<Vec<_>>();
    let sorts = Sort::ALL
        .into_iter()
        .map(|sort| Choice::new(sort.name(), sort.words()))
        .collect::<Vec<_>>();
    let only = vec![
        Choice::new("", "All runs"),
        Choice::new(UNMARKED, "Something is not marked"),
    ];
    view! {
        <form method="get" action=HERE class="wb-desk-search" novalidate>
            <Select form=&form name="term" label=Label::bold("Term") choices=terms />
            <TextField form=&form name="words" label=Label::bold("Course or tutor") class="govuk-input--width-20" />
            <Select form=&form name="only" label=Label::bold("Which") choices=only />
            <Select form=&form name="sort" label=Label::bold("Sort by") choices=sorts />
            <Button kind=ButtonKind::Outlined>"Show"</Button>
        </form>
    }
}

/// "82%", or nothing while nothing is marked.
fn share(row: &Row) -> String {
    row.share()
        .map_or_else(String::new, |share| format!("{share}%"))
}

fn table(rows: Vec<Row>, question: &Question, count: i64, today: chrono::NaiveDate) -> AnyView {
    if rows.is_empty() {
        return view! {
            <EmptyState title="No runs here" level=2><p>"Try another term, or fewer words."</p></EmptyState>
        }
        .into_any();
    }
    let term = question.term.words();
    let caption = match count {
        1 => format!("{term}: 1 run"),
        n => format!("{term}: {n} runs"),
    };
    let rows = rows
        .into_iter()
        .map(|row| {
            let href = format!("/desk/runs/{}/attendance", row.id);
            vec![
                view! { <a href=href>{row.title.clone()}</a> }.into_any(),
                dates::short_day(dates::day_of(row.starts_at), today).into_any(),
                row.tutor
                    .clone()
                    .unwrap_or_else(|| "No tutor yet".to_owned())
                    .into_any(),
                format!("{} of {}", row.booked, row.capacity).into_any(),
                format!("{} of {}", row.marked, row.held).into_any(),
                row.unmarked().into_any(),
                share(&row).into_any(),
            ]
        })
        .collect();
    view! {
        <Table caption=caption stacks=true columns=vec![
            Column::new("Run"), Column::new("First day"), Column::new("Tutor"), Column::numbers("Places booked"),
            Column::numbers("Sessions marked"), Column::numbers("Not marked"), Column::numbers("Share who came"),
        ] rows=rows />
    }
    .into_any()
}

/// The same list as a file, with all its runs. There are no people in it.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let question = asked.question(&app);
    let rows = store::every(&app, &question).await?;
    let titles = [
        "Course",
        "First day",
        "Tutor",
        "Places",
        "Booked",
        "Sessions held",
        "Sessions marked",
        "Sessions not marked",
        "Marks",
        "Came",
        "Share who came, in percent",
    ];
    let rows = rows.into_iter().map(|row| {
        let tutor = row.tutor.clone().unwrap_or_default();
        let share = row
            .share()
            .and_then(|share| i64::try_from(share).ok())
            .map(Cell::Number);
        vec![
            row.title.clone().into(),
            dates::iso_day(dates::day_of(row.starts_at)).into(),
            tutor.into(),
            Cell::Number(row.capacity),
            Cell::Number(row.booked),
            Cell::Number(row.held),
            Cell::Number(row.marked),
            Cell::Number(row.unmarked()),
            Cell::Number(row.marks),
            Cell::Number(row.came),
            share.unwrap_or_else(|| String::new().into()),
        ]
    });
    let name = format!("attendance-{}", question.term.name());
    table_file::answer_as(format, &name, &titles, rows)
}
