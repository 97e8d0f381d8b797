//! What people answered, for the team.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;

use super::results::share;
use super::store::{self, A_PAGE, Line, Run};
use super::{pages, rules};
use crate::accounts::model::Who;
use crate::server::http::{Keep, in_address, page};
use crate::server::paging::Part;
use crate::server::routes::Routes;
use crate::server::table_file::{Cell, Format};
use crate::server::{App, Result, table_file};
use crate::staff::rights::{Courses, Feedback, Right as _};
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{Asked, List, Sort};
use crate::ui::pieces::*;

/// The list; the `href` of its desk.
const HERE: &str = "/desk/feedback";

/// The routes of the desk.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list)
        .get("/desk/feedback/list.csv", file)
        .get("/desk/feedback/list.xlsx", file)
        .get("/desk/feedback/{id}", one)
        .post("/desk/feedback/{id}", written)
}

/// The run whose number stands in the address.
struct Chosen(Run);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::run(app, id)).await?;
        Ok(Self(found))
    }
}

async fn list(
    desk: Desk<Feedback>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let number = asked.page();
    let (lines, count) = store::runs(&app, &words, sort, Part::page(number, A_PAGE)).await?;
    let html = list_page(&app, desk.who(), lines, (&words, sort), (number, count));
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}

const TITLES: [&str; 6] = [
    "Course",
    "Ended on",
    "Asked",
    "Answered",
    "Said how it was",
    "Good or very good",
];

/// The same list as a file, with all its runs: totals, and nobody’s words.
async fn file(
    _: Desk<Feedback>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (words, sort) = (asked.words(), asked.sort(&store::ORDERS));
    let name = table_file::dated(&app, "feedback");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, words) = (app.clone(), words.clone());
        async move {
            let (lines, count) = store::runs(&app, &words, sort, part).await?;
            Ok((lines.into_iter().map(cells).collect(), count))
        }
    })
    .await
}

fn cells(line: Line) -> Vec<Cell> {
    vec![
        line.title.into(),
        dates::iso_day(dates::day_of(line.ends_at)).into(),
        line.asked.into(),
        line.answered.into(),
        line.rated.into(),
        line.good.into(),
    ]
}

/// The totals of one run. What people wrote is opened by the button alone.
async fn one(
    desk: Desk<Feedback>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    show(&app, desk.who(), run, None).await
}

/// The same with what people wrote.
async fn written(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let words = store::words(&app, desk.by(), run.id).await?;
    show(&app, desk.who(), run, Some(words)).await
}

fn list_page(
    app: &App,
    who: &Who,
    lines: Vec<Line>,
    (words, sort): (&str, Sort),
    (number, count): (u32, i64),
) -> String {
    in_desk(app, who, "Feedback", HERE, false, || {
        let form = FormState::empty().with("words", words);
        let searched = !words.is_empty();
        let list = List::new(HERE, sort).with("words", words);
        let search = (searched || count > 1).then(|| {
            view! {
                <form method="get" action=HERE class="wb-desk-search" novalidate>
                    <TextField form=&form name="words" label=Label::bold("Course") class="govuk-input--width-20" />
                    {list.sort_field()}
                    <Button kind=ButtonKind::Outlined>"Show"</Button>
                </form>
            }
        });
        let table = if lines.is_empty() {
            let (title, next) = if searched {
                ("No course has these words", "Try fewer letters.")
            } else {
                (
                    "Nobody was asked yet",
                    "The day after a course ends, everybody who had a place is asked how it was.",
                )
            };
            view! { <EmptyState title=title level=2><p>{next}</p></EmptyState> }.into_any()
        } else {
            let rows = lines.into_iter().map(row).collect();
            view! {
                <Table caption="Courses that are over" stacks=true columns=vec![
                    list.sorts("course", Column::new("Course")), list.sorts("ended", Column::new("Ended")),
                    list.sorts("asked", Column::numbers("Asked")), list.sorts("answered", Column::numbers("Answered")),
                    list.sorts("good", Column::numbers("Good or very good")),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            <h1>"Feedback"</h1>
            {search}
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    })
}

fn row(line: Line) -> Vec<AnyView> {
    let href = format!("{HERE}/{}", line.id);
    let good = if line.rated == 0 {
        "–".to_owned()
    } else {
        format!("{}%", share(line.good, line.rated))
    };
    vec![
        view! { <a href=href>{line.title}</a> }.into_any(),
        dates::full_day(dates::day_of(line.ends_at)).into_any(),
        line.asked.to_string().into_any(),
        line.answered.to_string().into_any(),
        good.into_any(),
    ]
}

async fn show(app: &App, who: &Who, run: Run, words: Option<Vec<String>>) -> Result<Response> {
    let totals = store::totals(app, run.id).await?;
    let open = rules::is_open(run.ends_at, app.clock.now());
    let of_courses = who.roles.first_of(Courses::ROLES).is_some();
    let html = in_desk(app, who, "Feedback", HERE, false, move || {
        let months = dates::months(dates::day_of(run.starts_at), dates::day_of(run.ends_at));
        let until = dates::full_day(rules::last_day(run.ends_at));
        let standing = if open {
            format!(
                "{}. They can answer until {until}.",
                pages::answered(totals.asked(), totals.answered())
            )
        } else {
            format!(
                "{}. It is closed.",
                pages::answered(totals.asked(), totals.answered())
            )
        };
        let run_page = of_courses.then(|| {
            let href = format!("/desk/runs/{}", run.id);
            view! { <p><a href=href>"The page of this run"</a></p> }
        });
        let written = match words {
            None if !of_courses => {
                view! { <p>"The course team reads what people wrote."</p> }.into_any()
            }
            None => view! {
                <p>"People may have written about their health. Each look is written down."</p>
                <Form><Button kind=ButtonKind::Outlined>"Show what people wrote"</Button></Form>
            }
            .into_any(),
            Some(words) if words.is_empty() => view! { <p>"Nobody wrote anything."</p> }.into_any(),
            Some(words) => {
                let words: Vec<_> = words
                    .into_iter()
                    .map(|words| view! { <li class="wb-card wb-said">{words}</li> })
                    .collect();
                view! { <ul class="wb-runs">{words}</ul> }.into_any()
            }
        };
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All feedback"</a></nav>
            <p class="wb-register__course">{run.title} ", " {months}</p>
            <h1>"Feedback"</h1>
            <p class="wb-lead">{standing}</p>
            {run_page}
            {pages::tables(&totals)}
            <section class="wb-block" aria-labelledby="written"><h2 id="written">"In their own words"</h2> {written}</section>
        }
    });
    Ok(page(StatusCode::OK, Keep::Nothing, html))
}
