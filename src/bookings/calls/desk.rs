//! "Calls to make": the course team's list, and what became of each call.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::store::{self, A_PAGE, Outcome, Row, Shown};
use super::{About, messages};
use crate::accounts::said::{Said, said};
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
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// The address of the call list.
pub(super) const HERE: &str = "/desk/calls";

/// The pages of the call list.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, show)
        .post(HERE, note)
        .get("/desk/calls/list.csv", file)
        .get("/desk/calls/list.xlsx", file)
}

async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let number = asked.page();
    let now = app.clock.now();
    let sort = asked.sort(&store::ORDERS);
    let part = (sort, Part::page(number, A_PAGE));
    let shown = store::shown(&app, desk.by(), Action::Looked, part, A_PAGE).await?;
    let list = List::new(HERE, sort);
    if let Some(last) = list.instead_of(number, shown.count, A_PAGE) {
        return Ok(see(&last));
    }
    let heard = Said::heard(&app, &headers);
    let html = in_desk(&app, desk.who(), "Calls to make", HERE, false, || {
        render(shown, &list, number, heard, now)
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 8] = [
    "Name",
    "Phone",
    "May we leave a message?",
    "Why",
    "Day",
    "Before",
    "Tries",
    "Course",
];

/// The same list as a file, with every call that is to be made.
async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by, today) = (
        asked.sort(&store::ORDERS),
        desk.by().clone(),
        dates::day_of(app.clock.now()),
    );
    let name = format!("calls-{}", dates::iso_day(today));
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let asked = (sort, part);
            let shown = store::shown(&app, &by, Action::Downloaded, asked, 0).await?;
            let rows = shown.open.into_iter().map(|row| line(row, today)).collect();
            Ok((rows, shown.count))
        }
    })
    .await
}

fn line(row: Row, today: NaiveDate) -> Vec<Cell> {
    let message = if row.safe_to_leave_message {
        "yes"
    } else {
        "no"
    };
    let why = why(&row, today);
    vec![
        row.name.into(),
        row.phone.unwrap_or_default().into(),
        message.into(),
        why.into(),
        dates::iso_day(dates::day_of(row.call_by)).into(),
        dates::time(row.call_by).into(),
        row.tries.into(),
        row.course.unwrap_or_default().into(),
    ]
}

/// What became of one of them; then the list is there again, as it was.
async fn note(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let Ok(id) = Uuid::try_parse(&submitted.line("call")) else {
        return Ok(Refusal::BadRequest.into_response());
    };
    let here = List::new(HERE, asked.sort(&store::ORDERS)).page(asked.page());
    let outcome = match submitted.line("do").as_str() {
        "reached" => Some(Outcome::Reached),
        "left-message" => Some(Outcome::LeftMessage),
        "other-way" => Some(Outcome::OtherWay),
        "no-answer" => None,
        "put-back" => {
            let entry = Entry::by(&app, desk.by(), Action::CallPutBack)?.about(id);
            store::put_back(&app, id, &entry).await?;
            return Ok(Said::CallPutBack.and_see(&app, &here));
        }
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let entry = Entry::by(&app, desk.by(), Action::CallNoted)?.about(id);
    // How often they had been tried when the page was shown: the same button pressed twice is one try.
    let tries = submitted.line("tries").parse().unwrap_or(-1);
    store::note(&app, id, tries, outcome, &entry).await?;
    let word = if outcome.is_some() {
        Said::CallDone
    } else {
        Said::CallTried
    };
    Ok(word.and_see(&app, &here))
}

fn render(
    shown: Shown,
    list: &List,
    number: u32,
    heard: Option<Said>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let Shown { open, count, done } = shown;
    let nothing = open.is_empty().then(|| {
        view! {
            <EmptyState title="Nobody to call" level=2>
                <p>"When somebody asks for calls, or a message to them does not arrive, they are here."</p>
            </EmptyState>
        }
    });
    let open: Vec<_> = open
        .into_iter()
        .map(|row| view! { <li class="wb-card">{card(row, today, now)}</li> })
        .collect();
    let done = (!done.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = done.into_iter().map(|row| cells(row, today)).collect();
        view! {
            <section class="wb-block" aria-labelledby="done">
                <h2 id="done">"Done today"</h2>
                <Table caption="Calls that were made today" stacks=true columns=vec![
                    Column::new("Name"), Column::new("Why"), Column::new("What became of it"), Column::new("Undo"),
                ] rows=rows />
            </section>
        }
    });
    view! {
        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
        <h1>"Calls to make"</h1>
        <p>"Ring whoever has to know first. That you see these numbers is written down."</p>
        <p><a href=messages::HERE>"Messages that did not arrive, and nobody is rung about"</a></p>
        {list.sort_form(count)}
        {nothing}
        <ul class="wb-calls">{open}</ul>
        {list.files(count)}
        {list.pages(number, count, A_PAGE)}
        {done}
    }
}

/// Why somebody is rung, as one would say it.
fn why(row: &Row, today: NaiveDate) -> String {
    let course = row.course.as_deref().unwrap_or("a course");
    let next = match (row.next_at, row.venue.as_deref()) {
        (Some(at), venue) => format!(
            " The next time is {}, {}.",
            dates::day_and_time(at, today),
            venue.map_or_else(|| "online".to_owned(), |venue| format!("at {venue}"))
        ),
        (None, _) => String::new(),
    };
    match About::named(&row.about) {
        Some(About::Reminder) => format!("Remind them of {course}.{next}"),
        Some(About::Change) => match (&row.words, &row.news) {
            (Some(words), _) => {
                format!("Read out what was written about {course}: “{words}”{next}")
            }
            (None, Some(news)) => {
                let news = news.replace('\n', ". ");
                format!("Something has changed for {course}: “{news}.”{next}")
            }
            (None, None) => format!("Something has changed for {course}.{next}"),
        },
        Some(About::NotGoingAhead) => format!("{course} does not go ahead."),
        Some(About::NewDates) => {
            format!("{course} has a new date, which they asked to hear of.{next}")
        }
        Some(About::Booked) => {
            format!("They wrote to us and have no email. Tell them that they are booked on {course}.{next}")
        }
        Some(About::Undelivered) | None => {
            "A message about their place did not arrive. Ask for the right address, and tell them how their place stands."
                .to_owned()
        }
    }
}

fn card(row: Row, today: NaiveDate, now: DateTime<Utc>) -> impl IntoView {
    let why = why(&row, today);
    let by = if row.call_by > now {
        format!("Before {}", dates::day_and_time(row.call_by, today))
    } else {
        format!(
            "Late: it was to be before {}",
            dates::day_and_time(row.call_by, today)
        )
    };
    let tried = (row.tries > 0).then(|| {
        let times = if row.tries == 1 {
            "once".to_owned()
        } else {
            format!("{} times", row.tries)
        };
        let last = row
            .last_try_at
            .map(|at| format!(", last {}", dates::day_and_time(at, today)))
            .unwrap_or_default();
        view! { <p>"No answer: tried " {times} {last} "."</p> }
    });
    let number = match &row.phone {
        Some(phone) => {
            let href = tel(phone);
            view! { <a class="wb-call__number" href=href>{phone.clone()}</a> }.into_any()
        }
        None => view! { <strong>"No number. Please write a letter."</strong> }.into_any(),
    };
    let message = if row.phone.is_none() {
        None
    } else if row.safe_to_leave_message {
        Some("You may leave a message.")
    } else {
        Some("Do not leave a message.")
    };
    let (id, tries, name, safe, has_phone) = (
        row.id.to_string(),
        row.tries.to_string(),
        row.name.clone(),
        row.safe_to_leave_message,
        row.phone.is_some(),
    );
    let whom = format!(" {name}");
    let button = move |value: &'static str, words: &'static str| {
        let whom = whom.clone();
        view! {
            <Button kind=ButtonKind::Outlined size=ButtonSize::Small name="do" value=value>
                {words} <span class="govuk-visually-hidden">{whom}</span>
            </Button>
        }
    };
    view! {
        <h2>{name}</h2>
        <p>{number} " " {message}</p>
        <p>{why}</p>
        <p>{by}</p>
        {tried}
        <Form class="wb-call__done">
            <HiddenField name="call" value=id />
            <HiddenField name="tries" value=tries />
            {has_phone.then(|| button("reached", "Reached"))}
            {(has_phone && safe).then(|| button("left-message", "Left a message"))}
            {has_phone.then(|| button("no-answer", "No answer"))}
            {button("other-way", "Told another way")}
        </Form>
    }
}

fn cells(row: Row, today: NaiveDate) -> Vec<AnyView> {
    let outcome = row
        .outcome
        .as_deref()
        .and_then(Outcome::named)
        .map_or("", Outcome::words);
    let (id, name) = (row.id.to_string(), row.name.clone());
    vec![
        row.name.clone().into_any(),
        why(&row, today).into_any(),
        outcome.into_any(),
        view! {
            <Form>
                <HiddenField name="call" value=id />
                <input type="hidden" name="do" value="put-back" />
                <button type="submit" class="wb-link-button">
                    "Put back" <span class="govuk-visually-hidden">" the call to " {name}</span>
                </button>
            </Form>
        }
        .into_any(),
    ]
}
