//! Each person whose details an account saw between two days, once: what is asked when somebody looked where they should not.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{NaiveDate, TimeDelta};
use leptos::prelude::*;

use super::search::{self, A_PAGE, Question, Seen};
use super::{Action, Asked, Entry, HERE, PEOPLE, Read, note, read_address, searched};
use crate::server::http::{Keep, Refusal, page};
use crate::server::paging::Part;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::desk::in_desk;
use crate::staff::guards::Desk;
use crate::staff::rights::Audit;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// The page for the account and the days of a search.
pub fn path(asked: &Asked) -> String {
    listed(PEOPLE, asked).href()
}

/// The account and the days, as an address has them.
fn listed(path: &'static str, asked: &Asked) -> List {
    List::new(path, sort(asked))
        .with("by", asked.by.as_str())
        .with("from", asked.from.as_str())
        .with("to", asked.to.as_str())
}

fn sort(asked: &Asked) -> Sort {
    Sort::usual(&search::PEOPLE_ORDERS).asked(&asked.sort)
}

/// The people that a question is about, and how many they are.
async fn find(
    app: &App,
    question: Option<&Question>,
    asked: (Sort, Part),
    entry: Option<&Entry>,
) -> Result<(Vec<Seen>, i64)> {
    let Some((account, question)) = question.and_then(|q| Some((q.account_id?, q))) else {
        if let Some(entry) = entry {
            note(app, entry).await?;
        }
        return Ok((Vec::new(), 0));
    };
    let days = (question.from, question.to);
    search::people_seen(app, account, days, asked, entry).await
}

pub async fn show(
    desk: Desk<Audit>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let Read { question, mut form } = read_address(&app, &asked).await?;
    if asked.by.trim().is_empty() {
        form = form.with_error("by", "Enter the email address of whoever did it");
    }
    let number = paging::number(asked.page);
    let question = question.filter(|_| !form.has_errors());
    let entry = entry(&app, &desk, Action::AuditSearched, question.as_ref())?;
    let part = (sort(&asked), Part::page(number, A_PAGE));
    let (people, count) = find(&app, question.as_ref(), part, Some(&entry)).await?;
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = render(&app, &desk, &asked, form, people, (number, count));
    Ok(page(status, Keep::Nothing, html))
}

/// The entry of a look at them: it is about the account.
fn entry(
    app: &App,
    desk: &Desk<Audit>,
    action: Action,
    question: Option<&Question>,
) -> Result<Entry> {
    let question = question.map(|question| Question {
        person_id: None,
        ..*question
    });
    searched(app, desk.by(), action, question.as_ref())
}

const TITLES: [&str; 4] = ["Whose", "Entries", "First", "Last"];

/// The same list as a file, with everybody.
pub async fn file(
    desk: Desk<Audit>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let Read { question, .. } = read_address(&app, &asked).await?;
    let Some(mut question) = question.filter(|question| question.account_id.is_some()) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let (sort, now) = (sort(&asked), app.clock.now());
    // What is written from the next moment on is not in it.
    question.to = question.to.min(now + TimeDelta::microseconds(1));
    let name = table_file::dated(&app, "seen");
    table_file::list(format, &name, &TITLES, move |part| {
        let entry = (part.skip == 0)
            .then(|| entry(&app, &desk, Action::AuditDownloaded, Some(&question)))
            .transpose();
        let app = app.clone();
        async move {
            let (people, count) =
                find(&app, Some(&question), (sort, part), entry?.as_ref()).await?;
            Ok((people.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(seen: Seen) -> Vec<Cell> {
    vec![
        name_of(seen.name).into(),
        seen.times.into(),
        dates::iso_day(dates::day_of(seen.first)).into(),
        dates::iso_day(dates::day_of(seen.last)).into(),
    ]
}

fn name_of(name: Option<String>) -> String {
    name.unwrap_or_else(|| "Somebody whose name is erased".to_owned())
}

fn render(
    app: &App,
    desk: &Desk<Audit>,
    asked: &Asked,
    form: FormState,
    people: Vec<Seen>,
    (number, count): (u32, i64),
) -> String {
    let today = dates::day_of(app.clock.now());
    let failed = form.has_errors();
    let list = listed(PEOPLE, asked);
    let entries = listed(
        HERE,
        &Asked {
            sort: String::new(),
            ..asked.clone()
        },
    )
    .href();
    in_desk(app, desk.who(), "Record", HERE, failed, move || {
        let words = match count {
            0 => "They saw nobody’s details in that time.".to_owned(),
            1 => "They saw the details of 1 person.".to_owned(),
            n => format!("They saw the details of {n} people."),
        };
        let summary = (!failed).then(|| view! { <p class="wb-lead">{words}</p> });
        let rows: Vec<_> = people
            .into_iter()
            .map(|seen| cells(seen, &entries, today))
            .collect();
        let table = (!rows.is_empty()).then(|| {
            view! {
                <Table caption="Whose details they saw" stacks=true columns=vec![
                    list.sorts("name", Column::new("Whose")), list.sorts("times", Column::numbers("Entries")),
                    list.sorts("first", Column::new("First")), list.sorts("last", Column::new("Last")),
                ] rows=rows />
            }
        });
        view! {
            <nav aria-label="Back"><a href=entries.clone() class="govuk-back-link">"Each entry"</a></nav>
            <ErrorSummary form=&form />
            <h1>"Whose details somebody saw"</h1>
            <form method="get" action=PEOPLE class="wb-desk-search" novalidate>
                <TextField form=&form name="by" label=Label::bold("Who did it") hint="Their email address" kind="email"
                    spellcheck=false class="govuk-input--width-20" />
                <TextField form=&form name="from" label=Label::bold("First day") hint="Like 31 3 2027"
                    class="govuk-input--width-10" />
                <TextField form=&form name="to" label=Label::bold("Last day") hint="Like 31 3 2027"
                    class="govuk-input--width-10" />
                {list.sort_field()}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {summary}
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    })
}

fn cells(seen: Seen, entries: &str, today: NaiveDate) -> Vec<AnyView> {
    let name = name_of(seen.name);
    let href = format!("{entries}&person={}", seen.person_id);
    vec![
        view! { <a href=href>{name}</a> }.into_any(),
        seen.times.to_string().into_any(),
        dates::day_and_time(seen.first, today).into_any(),
        dates::day_and_time(seen.last, today).into_any(),
    ]
}
