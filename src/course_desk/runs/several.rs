//! Opening several drafts for booking at once: a term is published together.

use axum::extract::{Query, State};
use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Group, ORDERS, Question, Run};
use super::{HERE, opened, store, told_of_opening, window};
use crate::accounts::said::Said;
use crate::bookings::new_dates::{self, Askers};
use crate::server::http::see;
use crate::server::paging::Part;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{Asked, List, Sort};
use crate::ui::pieces::*;

/// A part of the drafts that are to come, in this order, and how many there are.
async fn drafts(app: &App, sort: Sort, part: Part) -> Result<(Vec<Run>, i64)> {
    let question = Question {
        group: Group::Draft,
        sort,
        words: String::new(),
        venue: None,
        online: false,
    };
    store::list(app, &question, part).await
}

/// A page of the drafts.
struct Drafts {
    runs: Vec<Run>,
    askers: Askers,
    count: i64,
    list: List,
    number: u32,
}

async fn asked_for(app: &App, asked: &Asked) -> Result<Drafts> {
    let (sort, number) = (asked.sort(&ORDERS), asked.page());
    let (runs, count) = drafts(app, sort, Part::page(number, store::A_PAGE)).await?;
    Ok(Drafts {
        runs,
        askers: new_dates::askers(&app.db, app.clock.now()).await?,
        count,
        list: List::new(OPEN, sort),
        number,
    })
}

/// The page.
const OPEN: &str = "/desk/runs/open";

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let shown = asked_for(&app, &asked).await?;
    let last = shown
        .list
        .instead_of(shown.number, shown.count, store::A_PAGE);
    Ok(match last {
        Some(last) => see(&last),
        None => ask(&app, &desk, shown, FormState::empty()),
    })
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    submitted: Submitted,
) -> Result<Response> {
    let shown = asked_for(&app, &asked).await?;
    // What was chosen may stand on another page by now.
    let all = Part {
        skip: 0,
        take: shown.count,
    };
    let (runs, _) = drafts(&app, shown.list.sort(), all).await?;
    let mut check = Check::new(&submitted);
    let ids: Vec<String> = runs.iter().map(|run| run.id.to_string()).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let chosen = check.choices("run", &names);
    let later = window::moment(
        &mut check,
        &submitted,
        ("opens", "opens-time"),
        app.clock.now(),
    );
    if chosen.is_empty() {
        // Pressed twice, what was chosen is no draft any more.
        if submitted.all("run").next().is_some() {
            return Ok(Said::NothingChanged.and_see(&app, HERE));
        }
        check.error("run", "Choose at least one run");
        return Ok(ask(&app, &desk, shown, check.finish()));
    }
    let late = runs.iter().find(|run| {
        let too_late = |at| at >= run.ends_at || run.closes_at.is_some_and(|closes| closes <= at);
        chosen.contains(&run.id.to_string().as_str()) && later.is_some_and(too_late)
    });
    if let Some(run) = late {
        let sentence = format!(
            "“{}” is over or closed by then. Enter an earlier day",
            run.title
        );
        check.error("opens", sentence);
    }
    if check.failed() {
        return Ok(ask(&app, &desk, shown, check.finish()));
    }
    if let Some(at) = later {
        let chosen: Vec<Uuid> = chosen
            .iter()
            .filter_map(|id| Uuid::try_parse(id).ok())
            .collect();
        window::open_later(&app, desk.by(), &chosen, at).await?;
        return Ok(Said::RunsOpenLater.and_see(&app, &format!("{HERE}?group=draft")));
    }
    let wanted: Vec<Uuid> = runs
        .iter()
        .zip(&ids)
        .filter(|(_, id)| chosen.contains(&id.as_str()))
        .map(|(run, _)| run.id)
        .collect();
    opened::open(&app, &desk, &wanted).await
}

fn ask(app: &App, desk: &Desk<Courses>, shown: Drafts, form: FormState) -> Response {
    let Drafts {
        runs,
        askers,
        count,
        list,
        number,
    } = shown;
    let failed = form.has_errors();
    let now = app.clock.now();
    let title = "Open several drafts";
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let more = (count > store::A_PAGE).then(|| {
            let words = format!(
                "There are {count} drafts, on several pages. Open those of one page at a time."
            );
            view! { <p>{words}</p> }
        });
        let summary = view! { <ErrorSummary form=&form /> };
        let form = if runs.is_empty() {
            view! {
                <EmptyState title="No drafts" level=2>
                    <p>"Every run to come is open or closed."</p>
                </EmptyState>
            }
            .into_any()
        } else {
            let choices = runs.iter().map(|run| choice(run, &askers, now)).collect();
            view! {
                <p>"They can be found on the website and booked at once. Whoever asked to hear of new dates of a course gets one message, however many of its runs open."</p>
                {more}
                {list.sort_form(count)}
                <Form clone:form>
                    <Checkboxes form=&form name="run" label=Label::bold("Which runs?") choices=choices />
                    <DateField form=&form name="opens" label=Label::bold("On which day? (optional)") hint="Empty: at once" />
                    <TextField form=&form name="opens-time" label=Label::bold("At what time?") hint="For example, 9am"
                        class="govuk-input--width-10" />
                    <Button>"Open them for booking"</Button>
                </Form>
                {list.pages(number, count, store::A_PAGE)}
            }
            .into_any()
        };
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All runs"</a></nav>
                {summary}
                <h1>{title}</h1>
                {form}
            </div>
        }
    })
}

fn choice(run: &Run, askers: &Askers, now: chrono::DateTime<chrono::Utc>) -> Choice {
    let mut hint = vec![
        dates::day_and_time(run.starts_at, dates::day_of(now)),
        run.length(),
        run.place(),
    ];
    hint.extend(run.missing(now));
    hint.extend(run.window(now));
    let asked = askers.of(run.course_id, run.volunteers_only);
    if run.published && asked > 0 && run.starts_at > now {
        hint.push(told_of_opening(asked));
    }
    if !run.published {
        hint.push("The course is not on the website yet, so it stays a draft".to_owned());
    }
    Choice::new(run.id.to_string(), run.title.clone()).hint(format!("{}.", hint.join(". ")))
}
