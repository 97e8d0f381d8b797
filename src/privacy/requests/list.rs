//! The list of requests, the first due first, and the same as a file.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;
use serde::Deserialize;

use super::model::Request;
use super::store::{self, A_PAGE, Which};
use super::{HERE, words};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, page, see};
use crate::server::paging::Part;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::audit::Action;
use crate::staff::rights::Requests;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// Which of them, by the word in the address.
const SHOWN: [(&str, &str, Which); 3] = [
    ("open", "To be answered", Which::Open),
    ("finished", "Finished", Which::Finished),
    ("all", "All", Which::All),
];
/// Nobody looks for more.
const LONGEST_WORDS: usize = 100;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    show: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

impl At {
    fn shown(&self) -> (&'static str, Which) {
        let found = SHOWN.into_iter().find(|(word, ..)| *word == self.show);
        let (word, _, which) = found.unwrap_or(SHOWN[0]);
        (word, which)
    }

    fn words(&self) -> String {
        self.words.trim().chars().take(LONGEST_WORDS).collect()
    }

    fn sort(&self) -> Sort {
        Sort::usual(&store::ORDERS).asked(&self.sort)
    }
}

pub async fn show(
    desk: Desk<Requests>,
    State(app): State<App>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response> {
    let today = dates::day_of(app.clock.now());
    let ((shown, which), typed, number) = (at.shown(), at.words(), paging::number(at.page));
    let part = (at.sort(), Part::page(number, A_PAGE));
    let (all, count) = store::list(&app, desk.by(), Action::Looked, (which, &typed), part).await?;
    let word = if which == Which::Open { "" } else { shown };
    let list = List::new(HERE, at.sort())
        .with("show", word)
        .with("words", typed.as_str());
    if let Some(last) = list.instead_of(number, count, A_PAGE) {
        return Ok(see(&last));
    }
    let heard = Said::heard(&app, &headers);
    let form = FormState::filled([("show", shown), ("words", typed.as_str())]);
    let html = in_desk(&app, desk.who(), "Requests about data", HERE, false, || {
        let shown = SHOWN
            .into_iter()
            .map(|(word, words, _)| Choice::new(word, words))
            .collect();
        let table = table(all, &list, which, !typed.is_empty(), today);
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <div class="wb-desk-head">
                <h1>"Requests about data"</h1>
                <ButtonLink href="/desk/requests/new">"Write down a request"</ButtonLink>
            </div>
            <p>"Somebody asks for a copy of their data, wants it put right or deleted, or complains about how we use it. Write it \
                down on the day on which it comes: the time runs from then."</p>
            <form method="get" action=HERE class="wb-desk-search" novalidate>
                <Select form=&form name="show" label=Label::bold("Show") choices=shown />
                <TextField form=&form name="words" label=Label::bold("Number or name") class="govuk-input--width-20" />
                {list.sort_field()}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn table(
    all: Vec<Request>,
    list: &List,
    which: Which,
    searched: bool,
    today: NaiveDate,
) -> AnyView {
    if all.is_empty() {
        let (title, next) = match (searched, which) {
            (true, _) => ("No request has this number or name", "Try fewer letters."),
            (false, Which::Finished) => {
                ("Nothing is finished yet", "Answered requests stand here.")
            }
            (false, _) => (
                "Nothing to answer",
                "When somebody asks about their data, write it down here.",
            ),
        };
        return view! { <EmptyState title=title level=2><p>{next}</p></EmptyState> }.into_any();
    }
    let rows: Vec<Vec<AnyView>> = all
        .into_iter()
        .map(|request| {
            let due = words::due(&request, today);
            let late = request.finished.is_none() && request.due_on.is_some_and(|due| due < today);
            let due = if late {
                view! { <span class="wb-missing">{due}</span> }.into_any()
            } else {
                due.into_any()
            };
            let (href, with) = (request.path(), words::with_whom(&request));
            vec![
                view! { <a href=href>{request.reference}</a> }.into_any(),
                request.name.into_any(),
                request.timing.kind.words().into_any(),
                dates::short_day(request.timing.received_on, today).into_any(),
                due,
                with.into_any(),
            ]
        })
        .collect();
    view! {
        <Table caption="Requests about people’s data" stacks=true columns=vec![
            Column::new("Number"), list.sorts("name", Column::new("Who")), list.sorts("kind", Column::new("What they ask for")),
            list.sorts("received", Column::new("Came")), list.sorts("due", Column::new("Answer by")),
            list.sorts("with", Column::new("With")),
        ] rows=rows />
    }
    .into_any()
}

const TITLES: [&str; 8] = [
    "Number",
    "Who",
    "What they ask for",
    "Came",
    "Answer by",
    "With",
    "Finished on",
    "What came of it",
];

/// The same list as a file, with all of them.
pub async fn file(
    desk: Desk<Requests>,
    State(app): State<App>,
    Query(at): Query<At>,
    format: Format,
) -> Result<Response> {
    let ((_, which), typed, sort, by) = (at.shown(), at.words(), at.sort(), desk.by().clone());
    let name = table_file::dated(&app, "requests");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by, typed) = (app.clone(), by.clone(), typed.clone());
        async move {
            let wanted = (which, typed.as_str());
            let part = (sort, part);
            let (all, count) = store::list(&app, &by, Action::Downloaded, wanted, part).await?;
            Ok((all.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(request: Request) -> Vec<Cell> {
    let with = words::with_whom(&request);
    let (on, outcome) = request.finished.unzip();
    vec![
        request.reference.into(),
        request.name.into(),
        request.timing.kind.words().into(),
        dates::iso_day(request.timing.received_on).into(),
        request
            .due_on
            .map(dates::iso_day)
            .unwrap_or_default()
            .into(),
        with.into(),
        on.map(dates::iso_day).unwrap_or_default().into(),
        outcome.map_or("", |outcome| outcome.words()).into(),
    ]
}
