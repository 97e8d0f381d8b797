//! Each person whose details an account saw between two days, once: what is asked when somebody looked where they should not.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

use super::search::{self, A_PAGE, Question, Seen};
use super::{Action, Asked, Entry, HERE, PEOPLE, Read, note, read_address};
use crate::server::http::{Keep, page};
use crate::server::{App, Result, paging};
use crate::staff::desk::in_desk;
use crate::staff::guards::Desk;
use crate::staff::rights::Audit;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The page for the account and the days of a search.
pub fn path(asked: &Asked) -> String {
    format!("{PEOPLE}?{}", pairs(asked))
}

/// The account and the days, as an address has them.
fn pairs(asked: &Asked) -> String {
    let pairs = [("by", &asked.by), ("from", &asked.from), ("to", &asked.to)];
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The people that a question is about, and how many they are.
async fn find(app: &App, question: Option<Question>, page: u32) -> Result<(Vec<Seen>, i64)> {
    let Some((account, question)) = question.and_then(|q| Some((q.account_id?, q))) else {
        return Ok((Vec::new(), 0));
    };
    search::people_seen(&app.db, account, (question.from, question.to), page).await
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
    let mut entry = Entry::by(&app, desk.by(), Action::AuditSearched)?;
    if let Some(account) = question.as_ref().and_then(|question| question.account_id) {
        entry = entry.about(account);
    }
    note(&app, &entry).await?;
    let (people, count) = find(&app, question, number).await?;
    let status = if form.has_errors() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = render(&app, &desk, &asked, form, people, (number, count));
    Ok(page(status, Keep::Nothing, html))
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
    let base = format!("{}&page=", path(asked));
    let entries = format!("{HERE}?{}", pairs(asked));
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
                <Table caption="Whose details they saw, the last first" stacks=true columns=vec![
                    Column::new("Whose"), Column::numbers("Entries"), Column::new("First"), Column::new("Last"),
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
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {summary}
            {table}
            <Pagination page=number pages=paging::pages(count, A_PAGE) base=base />
        }
    })
}

fn cells(seen: Seen, entries: &str, today: NaiveDate) -> Vec<AnyView> {
    let name = seen
        .name
        .unwrap_or_else(|| "Somebody whose name is erased".to_owned());
    let href = format!("{entries}&person={}", seen.person_id);
    vec![
        view! { <a href=href>{name}</a> }.into_any(),
        seen.times.to_string().into_any(),
        dates::day_and_time(seen.first, today).into_any(),
        dates::day_and_time(seen.last, today).into_any(),
    ]
}
