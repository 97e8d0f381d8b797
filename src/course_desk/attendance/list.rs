//! The list of a term's runs with who came, and the same as a file.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::HERE;
use super::store::{self, ORDERS, Question, Row};
use super::terms::Term;
use crate::course_desk::A_PAGE;
use crate::server::http::{Keep, page};
use crate::server::paging::Part;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
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
            sort: Sort::usual(&ORDERS).asked(&self.sort),
        }
    }
}

fn listed(question: &Question) -> List {
    let only = if question.only_unmarked { UNMARKED } else { "" };
    List::new(HERE, question.sort)
        .with("term", question.term.name())
        .with("words", question.words.as_str())
        .with("only", only)
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let question = asked.question(&app);
    let number = paging::number(asked.page);
    let part = Part::page(number, A_PAGE);
    let (rows, count) = store::list(&app, &question, part).await?;
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), "Attendance", HERE, false, || {
        let list = listed(&question);
        view! {
            <h1>"Attendance"</h1>
            <p>"A run belongs to the term in which it begins. Open a run to see who came."</p>
            {search(&question, &list, today)}
            {table(rows, &question, &list, count, today)}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

fn search(question: &Question, list: &List, today: chrono::NaiveDate) -> impl IntoView + use<> {
    let form = FormState::empty()
        .with("term", question.term.name())
        .with("words", question.words.clone())
        .with("only", if question.only_unmarked { UNMARKED } else { "" });
    let mut terms = Term::to_choose(today, BACK);
    if !terms.contains(&question.term) {
        terms.push(question.term);
    }
    let terms = terms
        .into_iter()
        .map(|term| Choice::new(term.name(), term.words()))
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
            {list.sort_field()}
            <Button kind=ButtonKind::Outlined>"Show"</Button>
        </form>
    }
}

/// "82%", or nothing while nothing is marked.
fn share(row: &Row) -> String {
    row.share()
        .map_or_else(String::new, |share| format!("{share}%"))
}

fn table(
    rows: Vec<Row>,
    question: &Question,
    list: &List,
    count: i64,
    today: chrono::NaiveDate,
) -> AnyView {
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
            list.sorts("course", Column::new("Run")), list.sorts("start", Column::new("First day")),
            list.sorts("tutor", Column::new("Tutor")), list.sorts("booked", Column::numbers("Places booked")),
            list.sorts("marked", Column::numbers("Sessions marked")), list.sorts("unmarked", Column::numbers("Not marked")),
            list.sorts("share", Column::numbers("Share who came")),
        ] rows=rows />
    }
    .into_any()
}

const TITLES: [&str; 11] = [
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

/// The same list as a file, with all its runs. There are no people in it.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let question = asked.question(&app);
    let name = format!("attendance-{}", question.term.name());
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, question) = (app.clone(), question.clone());
        async move {
            let (rows, count) = store::list(&app, &question, part).await?;
            Ok((rows.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(row: Row) -> Vec<Cell> {
    let share = row
        .share()
        .and_then(|share| i64::try_from(share).ok())
        .map_or_else(|| Cell::from(""), Cell::Number);
    let unmarked = row.unmarked();
    vec![
        row.title.into(),
        dates::iso_day(dates::day_of(row.starts_at)).into(),
        row.tutor.unwrap_or_default().into(),
        row.capacity.into(),
        row.booked.into(),
        row.held.into(),
        row.marked.into(),
        unmarked.into(),
        row.marks.into(),
        row.came.into(),
        share,
    ]
}
