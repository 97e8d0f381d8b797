//! "Record": the search through the audit.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Days, Months, NaiveDate};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::search::{self, A_PAGE, Found, Question};
use super::{Action, Entry, note};
use crate::accounts::roles::Role;
use crate::accounts::rules::email;
use crate::server::http::{Keep, page};
use crate::server::routes::Routes;
use crate::server::{App, Result};
use crate::staff::desk::in_desk;
use crate::staff::guards::{By, Desk};
use crate::staff::rights::Audit;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

mod file;
mod people;

const HERE: &str = "/desk/audit";
/// Each person whose record an account saw, once.
const PEOPLE: &str = "/desk/audit/people";

pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .get("/desk/audit/list.csv", file::send)
        .get("/desk/audit/list.xlsx", file::send)
        .get(PEOPLE, people::show)
        .get("/desk/audit/people/list.csv", people::file)
        .get("/desk/audit/people/list.xlsx", people::file)
}

/// The address of a search.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    /// By whom: a sign-in address.
    #[serde(default)]
    by: String,
    /// Whose: a sign-in address.
    #[serde(default)]
    of: String,
    /// Whose: a person's number, from a link.
    person: Option<Uuid>,
    /// The first day.
    #[serde(default)]
    from: String,
    /// The last day.
    #[serde(default)]
    to: String,
    /// The next page: the moment (microseconds) and number of the last row shown.
    at: Option<i64>,
    id: Option<Uuid>,
    /// The page of people, and their order.
    page: Option<u32>,
    #[serde(default)]
    sort: String,
}

/// What an address says, or what is wrong with it.
struct Read {
    question: Option<Question>,
    form: FormState,
}

async fn read_address(app: &App, asked: &Asked) -> Result<Read> {
    let today = dates::day_of(app.clock.now());
    let mut form = FormState::empty()
        .with("by", asked.by.trim())
        .with("of", asked.of.trim())
        .with("from", asked.from.trim())
        .with("to", asked.to.trim());
    let mut ids = [None, None];
    for (at, (name, typed)) in [("by", &asked.by), ("of", &asked.of)]
        .into_iter()
        .enumerate()
    {
        if typed.trim().is_empty() {
            continue;
        }
        match email(typed.trim()) {
            Err(sentence) => form = form.with_error(name, sentence),
            Ok(address) => match search::by_email(app, &address).await? {
                None => form = form.with_error(name, "No account has this email address"),
                Some((account, person)) => {
                    ids[at] = Some(if name == "by" { account } else { person });
                }
            },
        }
    }
    let mut days = [None, None];
    for (at, (name, typed)) in [("from", &asked.from), ("to", &asked.to)]
        .into_iter()
        .enumerate()
    {
        if typed.trim().is_empty() {
            continue;
        }
        match one_line_date(typed) {
            Some(day) => days[at] = Some(day),
            None => form = form.with_error(name, "Enter a day like 31 3 2027"),
        }
    }
    let to: NaiveDate = days[1].unwrap_or(today);
    // Without a first day: the last three months.
    let from = days[0].unwrap_or(to - Months::new(3));
    if from > to {
        form = form.with_error("from", "The first day must not be after the last day");
    }
    // Of an address that was typed and a person from a link the address counts.
    let linked = asked.person.filter(|_| asked.of.trim().is_empty());
    let question = (!form.has_errors()).then(|| Question {
        account_id: ids[0],
        person_id: ids[1].or(linked),
        from: dates::start_of(from),
        to: dates::start_of(to + Days::new(1)),
        older_than: asked
            .at
            .and_then(chrono::DateTime::from_timestamp_micros)
            .zip(asked.id),
    });
    Ok(Read { question, form })
}

async fn show(
    desk: Desk<Audit>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let Read { question, form } = read_address(&app, &asked).await?;
    let entry = searched(&app, desk.by(), Action::AuditSearched, question.as_ref())?;
    let mut found = if let Some(question) = &question {
        // One more than are shown: there is a next page.
        search::find(&app, question, A_PAGE + 1, Some(&entry)).await?
    } else {
        note(&app, &entry).await?;
        Vec::new()
    };
    let more = i64::try_from(found.len()).is_ok_and(|n| n > A_PAGE);
    found.truncate(usize::try_from(A_PAGE).unwrap_or_default());
    let of = match question.as_ref().and_then(|question| question.person_id) {
        Some(person) => search::name(&app, person).await?,
        None => None,
    };
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = render(&app, &desk, &asked, form, found, more, of);
    Ok(page(status, Keep::Nothing, html))
}

/// The entry of a search: what it was about.
fn searched(app: &App, by: &By, action: Action, question: Option<&Question>) -> Result<Entry> {
    let mut entry = Entry::by(app, by, action)?;
    if let Some(person) = question.and_then(|question| question.person_id) {
        entry = entry.of(person);
    }
    if let Some(account) = question.and_then(|question| question.account_id) {
        entry = entry.about(account);
    }
    Ok(entry)
}

/// The list that an address asks for.
fn listed(asked: &Asked) -> List {
    let person = asked.person.map(|id| id.to_string());
    List::new(HERE, Sort::usual(&[]))
        .with("by", asked.by.as_str())
        .with("of", asked.of.as_str())
        .with("person", person.unwrap_or_default())
        .with("from", asked.from.as_str())
        .with("to", asked.to.as_str())
}

fn render(
    app: &App,
    desk: &Desk<Audit>,
    asked: &Asked,
    form: FormState,
    found: Vec<Found>,
    more: bool,
    of: Option<String>,
) -> String {
    let today = dates::day_of(app.clock.now());
    let next = found.last().filter(|_| more).map(|last| {
        listed(asked)
            .with("at", last.at.timestamp_micros().to_string())
            .with("id", last.id.to_string())
            .href()
    });
    let files = listed(asked).files(i64::try_from(found.len()).unwrap_or_default());
    let failed = form.has_errors();
    let none = found.is_empty() && !failed;
    let each_person = (!asked.by.trim().is_empty() && !failed).then(|| {
        let href = people::path(asked);
        view! { <p><a href=href>"Show each person whose details they saw, once"</a></p> }
    });
    in_desk(app, desk.who(), "Record", HERE, failed, move || {
        let rows: Vec<Vec<AnyView>> = found.into_iter().map(|row| cells(row, today)).collect();
        let table = (!rows.is_empty()).then(|| {
            view! {
                <Table caption="What was done, newest first" stacks=true columns=vec![
                    Column::new("When"), Column::new("Who"), Column::new("What"), Column::new("Whose"), Column::new("Page"),
                ] rows=rows />
            }
        });
        view! {
            <ErrorSummary form=&form />
            <h1>"Record"</h1>
            <p>"Who signed in, was refused, changed something or looked at somebody’s details. Nothing here can be changed or \
                taken out. That you searched is written down, too."</p>
            {of.map(|name| view! { <p class="wb-lead">"Whose: " {name} ". " <a href=HERE>"Everybody"</a></p> })}
            <form method="get" action=HERE class="wb-desk-search" novalidate>
                <TextField form=&form name="by" label=Label::bold("Who did it") hint="Their email address" kind="email"
                    spellcheck=false class="govuk-input--width-20" />
                <TextField form=&form name="of" label=Label::bold("Whose details") hint="Their email address" kind="email"
                    spellcheck=false class="govuk-input--width-20" />
                <TextField form=&form name="from" label=Label::bold("First day") hint="Like 31 3 2027"
                    class="govuk-input--width-10" />
                <TextField form=&form name="to" label=Label::bold("Last day") hint="Like 31 3 2027"
                    class="govuk-input--width-10" />
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {each_person}
            {table}
            {none.then(|| view! { <p class="wb-lead">"Nothing was written down in that time."</p> })}
            {files}
            {next.map(|href| view! { <p><a href=href>"Older entries"</a></p> })}
        }
    })
}

/// What was done, in words.
fn what(row: &Found) -> String {
    Action::named(&row.action)
        .map_or_else(|| row.action.clone(), |action| action.words().to_owned())
}

/// Who did it, in words.
fn who(row: &Found) -> String {
    match (&row.who, row.account_id) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => "Somebody whose name is erased".to_owned(),
        (None, None) => "Nobody with an account".to_owned(),
    }
}

fn cells(row: Found, today: NaiveDate) -> Vec<AnyView> {
    let (what, who) = (what(&row), who(&row));
    let role = Role::of(&row.role).map(|role| format!(", as {}", role.words().to_lowercase()));
    let whose = match (row.whose, row.person_id) {
        (Some(name), Some(id)) => {
            let href = format!("{HERE}?person={id}");
            view! { <a href=href>{name}</a> }.into_any()
        }
        _ => "".into_any(),
    };
    vec![
        dates::day_and_time(row.at, today).into_any(),
        view! { {who} {role} }.into_any(),
        what.into_any(),
        whose,
        view! { <span class="wb-path">{row.page}</span> }.into_any(),
    ]
}
