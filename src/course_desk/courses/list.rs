//! The list of courses.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::model::{Group, Listed, ORDERS, Question};
use super::{HERE, path, store};
use crate::accounts::said::{Said, said};
use crate::catalogue::model::Audience;
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

/// The address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    sort: String,
    page: Option<u32>,
}

impl Asked {
    fn question(&self) -> Question {
        Question {
            group: Group::named(&self.group),
            sort: Sort::usual(&ORDERS).asked(&self.sort),
            words: self.words.trim().chars().take(100).collect(),
        }
    }
}

fn listed(question: &Question, group: Group) -> List {
    List::new(HERE, question.sort)
        .with("group", group.name())
        .with("words", question.words.as_str())
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let question = asked.question();
    let number = paging::number(asked.page);
    let part = Part::page(number, A_PAGE);
    let (courses, count) = store::list(&app, &question, part).await?;
    let heard = Said::heard(&app, &headers);
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), "Courses", HERE, false, || {
        let form = FormState::empty().with("words", question.words.clone());
        let list = listed(&question, question.group);
        let rows: Vec<_> = courses
            .into_iter()
            .map(|course| cells(course, today))
            .collect();
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>"Courses"</h1>
            <p class="wb-buttons"><ButtonLink href="/desk/courses/add">"Add a course"</ButtonLink> <a href="/desk/topics">"Topics"</a></p>
            <form method="get" action=HERE class="wb-desk-search" novalidate>
                <input type="hidden" name="group" value=question.group.name() />
                <TextField form=&form name="words" label=Label::bold("Course or topic") class="govuk-input--width-20" />
                {list.sort_field()}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {groups(&question)}
            {table(rows, &question, &list, count)}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

const TITLES: [&str; 6] = [
    "Course",
    "Topic",
    "For",
    "Runs to come",
    "Next date",
    "Status",
];

/// The same list as a file, with all its courses.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let question = asked.question();
    let name = table_file::dated(&app, "courses");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, question) = (app.clone(), question.clone());
        async move {
            let (courses, count) = store::list(&app, &question, part).await?;
            Ok((courses.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(course: Listed) -> Vec<Cell> {
    let audience = Audience::of(&course.audience).map_or("", Audience::words);
    let next = course.next_at.map(|at| dates::iso_day(dates::day_of(at)));
    vec![
        course.title.into(),
        course.topic.into(),
        audience.into(),
        course.coming.into(),
        next.unwrap_or_default().into(),
        course.status.into(),
    ]
}

fn groups(question: &Question) -> impl IntoView + use<> {
    let links: Vec<_> = Group::ALL
        .into_iter()
        .map(|group| {
            let current = (group == question.group).then_some("page");
            let href = listed(question, group).href();
            view! { <li><a href=href aria-current=current>{group.words()}</a></li> }
        })
        .collect();
    view! { <nav aria-label="Which courses"><ul class="wb-groups">{links}</ul></nav> }
}

fn table(rows: Vec<Vec<AnyView>>, question: &Question, list: &List, count: i64) -> AnyView {
    if rows.is_empty() {
        let words = if question.words.is_empty() {
            "Look under another of the links above, or add a course."
        } else {
            "Try fewer words, or another of the links above."
        };
        return view! {
            <EmptyState title="No courses here" level=2>
                <p>{words}</p>
            </EmptyState>
        }
        .into_any();
    }
    let caption = if count == 1 {
        format!("{}: 1 course", question.group.words())
    } else {
        format!("{}: {count} courses", question.group.words())
    };
    view! {
        <Table caption=caption stacks=true columns=vec![
            list.sorts("title", Column::new("Course")), list.sorts("topic", Column::new("Topic")),
            list.sorts("for", Column::new("For")), list.sorts("runs", Column::new("Runs to come")),
            list.sorts("status", Column::new("Status")),
        ] rows=rows />
    }
    .into_any()
}

fn cells(course: Listed, today: chrono::NaiveDate) -> Vec<AnyView> {
    let audience = Audience::of(&course.audience).map_or("", Audience::words);
    let next = course
        .next_at
        .map(|at| format!("next {}", dates::day(dates::day_of(at), today)));
    vec![
        view! { <a href=path(course.id)>{course.title.clone()}</a> }.into_any(),
        course.topic.clone().into_any(),
        audience.into_any(),
        view! { {course.coming} <br /> <span class="wb-small">{next}</span> }.into_any(),
        view! { <Tag state=course.tag() /> }.into_any(),
    ]
}
