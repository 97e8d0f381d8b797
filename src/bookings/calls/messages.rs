//! "Messages that did not arrive": those that nobody is rung about, until somebody of the team has dealt with them.

mod store;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use uuid::Uuid;

pub use store::COUNT;

use self::store::{A_PAGE, Row, Shown};
use super::desk;
use crate::accounts::said::{Said, said};
use crate::messages::MessageKind;
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, table_file};
use crate::staff::audit::{Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{Asked, List};
use crate::ui::pieces::*;

/// The address of the list.
pub const HERE: &str = "/desk/undelivered";

/// The pages of the list.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, note)
        .get("/desk/undelivered/list.csv", file)
        .get("/desk/undelivered/list.xlsx", file)
}

async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let (number, now) = (asked.page(), app.clock.now());
    let sort = asked.sort(&store::ORDERS);
    let part = (sort, Part::page(number, A_PAGE));
    let shown = store::shown(&app, desk.by(), Action::Looked, part, A_PAGE).await?;
    let list = List::new(HERE, sort);
    if let Some(last) = list.instead_of(number, shown.count, A_PAGE) {
        return Ok(see(&last));
    }
    let heard = Said::heard(&app, &headers);
    let title = "Messages that did not arrive";
    let html = in_desk(&app, desk.who(), title, desk::HERE, false, || {
        render(shown, &list, number, heard, now)
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 4] = ["Name", "What it was", "By", "Day"];

/// The same list as a file, with every message that is to be dealt with.
async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by) = (asked.sort(&store::ORDERS), desk.by().clone());
    let name = table_file::dated(&app, "undelivered");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let asked = (sort, part);
            let shown = store::shown(&app, &by, Action::Downloaded, asked, 0).await?;
            Ok((shown.open.into_iter().map(line).collect(), shown.count))
        }
    })
    .await
}

fn line(row: Row) -> Vec<Cell> {
    vec![
        name(&row).into(),
        what(&row).into(),
        way(&row).into(),
        dates::iso_day(dates::day_of(row.finished_at)).into(),
    ]
}

/// Somebody has dealt with one of them, or puts it back; then the list is there again, as it was.
async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let Ok(id) = Uuid::try_parse(&submitted.line("message")) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let here = List::new(HERE, asked.sort(&store::ORDERS)).page(asked.page());
    match submitted.line("do").as_str() {
        "dealt" => {
            let entry = Entry::by(&app, desk.by(), Action::MessageDealt)?.about(id);
            store::deal(&app, id, &entry).await?;
            Ok(Said::CallDone.and_see(&app, &here))
        }
        "put-back" => {
            let entry = Entry::by(&app, desk.by(), Action::MessagePutBack)?.about(id);
            store::put_back(&app, id, &entry).await?;
            Ok(Said::CallPutBack.and_see(&app, &here))
        }
        _ => Ok(Refusal::BadRequest.into_response()),
    }
}

/// Whom it was for; somebody who has no record yet has no name here.
fn name(row: &Row) -> String {
    let name = row.name.clone();
    name.unwrap_or_else(|| "Somebody without a record".to_owned())
}

/// What it was; never what it said.
fn what(row: &Row) -> &'static str {
    MessageKind::named(&row.kind).map_or("A message", MessageKind::words)
}

fn way(row: &Row) -> &'static str {
    if row.channel == "text" {
        "Text"
    } else {
        "Email"
    }
}

fn render(
    shown: Shown,
    list: &List,
    number: u32,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let Shown { open, count, dealt } = shown;
    let table = if open.is_empty() {
        view! {
            <EmptyState title="Everything has arrived, or is dealt with" level=2>
                <p>"When a message does not arrive and nobody is to be rung about it, it is here."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<Vec<AnyView>> = open.into_iter().map(|row| cells(row, today)).collect();
        view! {
            <Table caption="Messages that did not arrive" stacks=true columns=vec![
                list.sorts("name", Column::new("Name")), list.sorts("kind", Column::new("What it was")), Column::new("By"),
                list.sorts("when", Column::new("When")), Column::new("What to do"),
            ] rows=rows />
        }
        .into_any()
    };
    let dealt = (!dealt.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = dealt.into_iter().map(|row| done(row, today)).collect();
        view! {
            <section class="wb-block" aria-labelledby="dealt">
                <h2 id="dealt">"Dealt with today"</h2>
                <Table caption="Messages that were dealt with today" stacks=true columns=vec![
                    Column::new("Name"), Column::new("What it was"), Column::new("Dealt with"), Column::new("Undo"),
                ] rows=rows />
            </section>
        }
    });
    view! {
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <h1>"Messages that did not arrive"</h1>
        <p>"Find the right address, or tell them another way. Then press “Dealt with”. What a message says is not shown. That you see these names is written down."</p>
        <p><a href=desk::HERE>"Whoever has to be rung is on the list of calls"</a></p>
        {list.sort_form(count)}
        {table}
        {list.files(count)}
        {list.pages(number, count, A_PAGE)}
        {dealt}
    }
}

/// Whom it was for, with the page of their record.
fn whom(row: &Row) -> AnyView {
    let name = name(row);
    match row.person_id {
        Some(id) => {
            let href = format!("/desk/people/{id}");
            view! { <a href=href>{name}</a> }.into_any()
        }
        None => name.into_any(),
    }
}

fn cells(row: Row, today: NaiveDate) -> Vec<AnyView> {
    let hidden = format!(": {}, {}", what(&row), name(&row));
    let id = row.id.to_string();
    vec![
        whom(&row),
        what(&row).into_any(),
        way(&row).into_any(),
        dates::day_and_time(row.finished_at, today).into_any(),
        view! {
            <Form>
                <HiddenField name="message" value=id />
                <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value="dealt">
                    "Dealt with" <span class="govuk-visually-hidden">{hidden}</span>
                </Button>
            </Form>
        }
        .into_any(),
    ]
}

fn done(row: Row, today: NaiveDate) -> Vec<AnyView> {
    let hidden = format!(": {}, {}", what(&row), name(&row));
    let id = row.id.to_string();
    let by = row.dealt_by.as_deref().unwrap_or("somebody who has left");
    let when = row
        .dealt_at
        .map(|at| dates::day_and_time(at, today))
        .unwrap_or_default();
    vec![
        whom(&row),
        what(&row).into_any(),
        format!("{when}, by {by}").into_any(),
        view! {
            <Form>
                <HiddenField name="message" value=id />
                <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value="put-back">
                    "Put back" <span class="govuk-visually-hidden">{hidden}</span>
                </Button>
            </Form>
        }
        .into_any(),
    ]
}
