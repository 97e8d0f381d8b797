//! The list of courses.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::model::{Group, Listed, Question, SORTS};
use super::{HERE, path, store};
use crate::accounts::said::{Said, said};
use crate::catalogue::model::Audience;
use crate::course_desk::{A_PAGE, as_files, sort_field, sort_in_address, sorted};
use crate::server::http::{Keep, page};
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, paging, table_file};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
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
            sort: sorted(&SORTS, &self.sort),
            words: self.words.trim().chars().take(100).collect(),
            page: paging::number(self.page),
        }
    }
}

fn address(question: &Question, group: Group) -> String {
    let pairs = [
        ("group", group.name()),
        ("words", question.words.as_str()),
        ("sort", sort_in_address(&SORTS, question.sort)),
    ];
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    format!("{HERE}?{query}")
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let question = asked.question();
    let (courses, count) = store::list(&app, &question).await?;
    let heard = Said::heard(&app, &headers);
    let today = dates::day_of(app.clock.now());
    let html = in_desk(&app, desk.who(), "Courses", HERE, false, || {
        let form = FormState::empty()
            .with("words", question.words.clone())
            .with("sort", question.sort);
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
                {sort_field(&SORTS, &form)}
                <Button kind=ButtonKind::Outlined>"Show"</Button>
            </form>
            {groups(&question)}
            {table(rows, &question, count)}
            {as_file(&question, count)}
            <Pagination page=question.page pages=paging::pages(count, A_PAGE)
                base=format!("{}&page=", address(&question, question.group)) />
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

/// The same list as a file, with all its courses.
pub async fn file(
    _: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let courses = store::every(&app, &asked.question()).await?;
    let titles = [
        "Course",
        "Topic",
        "For",
        "Runs to come",
        "Next date",
        "Status",
    ];
    let rows = courses.into_iter().map(|course| {
        let audience = Audience::of(&course.audience).map_or("", Audience::words);
        let next = course.next_at.map(|at| dates::iso_day(dates::day_of(at)));
        vec![
            course.title.into(),
            course.topic.into(),
            audience.to_owned().into(),
            Cell::Number(course.coming),
            next.unwrap_or_default().into(),
            course.status.into(),
        ]
    });
    let name = format!("courses-{}", dates::iso_day(dates::day_of(app.clock.now())));
    table_file::answer_as(format, &name, &titles, rows)
}

fn as_file(question: &Question, count: i64) -> impl IntoView + use<> {
    let list = address(question, question.group);
    let href = |file| list.replacen(HERE, file, 1);
    let (csv, xlsx) = (
        href("/desk/courses/list.csv"),
        href("/desk/courses/list.xlsx"),
    );
    (count > 0).then(|| as_files(csv, xlsx))
}

fn groups(question: &Question) -> impl IntoView + use<> {
    let links: Vec<_> = Group::ALL
        .into_iter()
        .map(|group| {
            let current = (group == question.group).then_some("page");
            let href = address(question, group);
            view! { <li><a href=href aria-current=current>{group.words()}</a></li> }
        })
        .collect();
    view! { <nav aria-label="Which courses"><ul class="wb-groups">{links}</ul></nav> }
}

fn table(rows: Vec<Vec<AnyView>>, question: &Question, count: i64) -> AnyView {
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
            Column::new("Course"), Column::new("Topic"), Column::new("For"), Column::new("Runs to come"), Column::new("Status"),
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
