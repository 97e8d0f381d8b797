//! The list of runs.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::HERE;
use super::model::{Group, Named, ORDERS, Question, Run};
use super::store::{self, A_PAGE};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, page};
use crate::server::paging::Part;
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result, paging};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// The address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

const ONLINE: &str = "online";

impl Asked {
    fn question(&self) -> Question {
        let group = Group::named(&self.group);
        // What is over stands with the last first.
        let is_over = matches!(group, Group::Past | Group::Cancelled);
        Question {
            group,
            sort: Sort::usual(&ORDERS).turned(is_over).asked(&self.sort),
            words: self.words.trim().chars().take(100).collect(),
            venue: Uuid::try_parse(&self.place).ok(),
            online: self.place == ONLINE,
        }
    }
}

/// The same list in another group.
fn listed(question: &Question, group: Group, place: &str) -> List {
    List::new(HERE, question.sort)
        .with("group", group.name())
        .with("words", question.words.as_str())
        .with("place", place)
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let question = asked.question();
    let number = paging::number(asked.page);
    let (runs, count) = store::list(&app, &question, Part::page(number, A_PAGE)).await?;
    let counts = store::counts(&app).await?;
    let venues = store::venues(&app).await?;
    let now = app.clock.now();
    let heard = Said::heard(&app, &headers);
    let html = in_desk(&app, desk.who(), "Runs", HERE, false, || {
        let rows: Vec<_> = runs.into_iter().map(|run| cells(run, now)).collect();
        let list = listed(&question, question.group, &asked.place);
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>"Runs"</h1>
            <p class="wb-buttons"><ButtonLink href="/desk/runs/add">"Add a run"</ButtonLink> <a href="/desk/runs/roll">"Copy a whole term"</a>
                <a href="/desk/runs/open">"Open several drafts"</a> <a href="/desk/holidays">"School holidays"</a></p>
            {search(&asked, &question, &list, venues)}
            {groups(&question, counts, &asked.place)}
            {table(rows, &question, &list, count)}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// The same list as a file, with all its runs. There are no people in it.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (question, now) = (asked.question(), app.clock.now());
    let name = table_file::dated(&app, "runs");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, question) = (app.clone(), question.clone());
        async move {
            let (runs, count) = store::list(&app, &question, part).await?;
            Ok((runs.iter().map(|run| line(run, now)).collect(), count))
        }
    })
    .await
}

const TITLES: [&str; 13] = [
    "Course",
    "First day",
    "Begins",
    "Last day",
    "Sessions",
    "Where",
    "Tutor",
    "Places",
    "Booked",
    "Kept",
    "Waiting",
    "Status",
    "Needs a look",
];

/// A run as a line of the file.
fn line(run: &Run, now: chrono::DateTime<chrono::Utc>) -> Vec<Cell> {
    vec![
        run.title.clone().into(),
        dates::iso_day(dates::day_of(run.starts_at)).into(),
        dates::time(run.starts_at).into(),
        dates::iso_day(dates::day_of(run.ends_at)).into(),
        run.sessions.into(),
        run.place().into(),
        run.tutor.clone().unwrap_or_default().into(),
        run.capacity.into(),
        run.places_taken.into(),
        run.held.into(),
        run.waiting.into(),
        run.status.clone().into(),
        run.missing(now).join(", ").into(),
    ]
}

fn search(
    asked: &Asked,
    question: &Question,
    list: &List,
    venues: Vec<Named>,
) -> impl IntoView + use<> {
    let form = FormState::empty()
        .with("words", question.words.clone())
        .with("place", asked.place.clone());
    let mut places = vec![Choice::new("", "Anywhere"), Choice::new(ONLINE, "Online")];
    places.extend(
        venues
            .into_iter()
            .map(|venue| Choice::new(venue.id.to_string(), venue.name)),
    );
    let group = question.group.name();
    view! {
        <form method="get" action=HERE class="wb-desk-search" novalidate>
            <input type="hidden" name="group" value=group />
            <TextField form=&form name="words" label=Label::bold("Course or tutor") class="govuk-input--width-20" />
            <Select form=&form name="place" label=Label::bold("Where") choices=places />
            {list.sort_field()}
            <Button kind=ButtonKind::Outlined>"Show"</Button>
        </form>
    }
}

fn groups(question: &Question, counts: [i64; 8], place: &str) -> impl IntoView + use<> {
    let links: Vec<_> = Group::ALL
        .into_iter()
        .zip(counts)
        .map(|(group, count)| {
            let current = (group == question.group).then_some("page");
            let href = listed(question, group, place).href();
            view! { <li><a href=href aria-current=current>{group.words()} " " <span class="wb-groups__count">{count}</span></a></li> }
        })
        .collect();
    view! { <nav aria-label="Which runs"><ul class="wb-groups">{links}</ul></nav> }
}

fn table(rows: Vec<Vec<AnyView>>, question: &Question, list: &List, count: i64) -> AnyView {
    if rows.is_empty() {
        let asked = !question.words.is_empty() || question.venue.is_some() || question.online;
        let words = match (asked, question.group) {
            (true, _) => "Try fewer words, another place, or another of the links above.",
            (false, Group::Offers) => "Nobody is being offered a place just now.",
            (false, Group::Look) => {
                "Every run to come has a tutor, a place that is confirmed, and enough people. Well done."
            }
            (false, _) => "Look under another of the links above.",
        };
        return view! {
            <EmptyState title="No runs here" level=2>
                <p>{words}</p>
            </EmptyState>
        }
        .into_any();
    }
    let caption = if count == 1 {
        format!("{}: 1 run", question.group.words())
    } else {
        format!("{}: {count} runs", question.group.words())
    };
    view! {
        <Table caption=caption stacks=true columns=sorting(list) rows=rows />
    }
    .into_any()
}

/// The columns of this list, whose headings sort it.
fn sorting(list: &List) -> Vec<Column> {
    let words = ["course", "start", "place", "tutor", "free", ""];
    words
        .into_iter()
        .zip(columns())
        .map(|(word, column)| list.sorts(word, column))
        .collect()
}

/// The columns of a list of runs.
pub fn columns() -> Vec<Column> {
    ["Run", "Starts", "Where", "Tutor", "Places", "Status"]
        .map(Column::new)
        .into()
}

/// A run as a row of such a list.
pub fn cells(run: Run, now: chrono::DateTime<chrono::Utc>) -> Vec<AnyView> {
    let href = format!("{HERE}/{}", run.id);
    let tutor = run
        .tutor
        .clone()
        .unwrap_or_else(|| "No tutor yet".to_owned());
    let count = |n: i64| u32::try_from(n).unwrap_or(0);
    let waiting = (run.waiting > 0).then(|| format!(", {} waiting", run.waiting));
    let (booked, held, capacity) = (
        count(run.places_taken),
        count(run.held),
        count(run.capacity),
    );
    let missing: Vec<_> = run
        .missing(now)
        .into_iter()
        .map(|words| view! { <span class="wb-missing">{words}</span> })
        .collect();
    vec![
        view! { <a href=href>{run.title.clone()}</a> }.into_any(),
        view! { {dates::day_and_time(run.starts_at, dates::day_of(now))} <br /> <span class="wb-small">{run.length()}</span> }
            .into_any(),
        run.place().into_any(),
        tutor.into_any(),
        view! {
            {booked} " of " {capacity} {waiting}
            <FillBar booked=booked held=held capacity=capacity />
        }
        .into_any(),
        view! { <Tag state=run.tag(now) /> {missing} }.into_any(),
    ]
}
