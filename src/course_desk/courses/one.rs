//! One course: how it reads, and putting it on the website or taking it off.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::{Course, VisitLine};
use super::store::{self, Shown};
use super::{Chosen, HERE, path};
use crate::accounts::said::{Said, said};
use crate::catalogue::model::Audience;
use crate::catalogue::prose;
use crate::course_desk::runs;
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(course): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let answer = shown(&app, &desk, &course, FormState::empty(), heard).await?;
    Ok(said(&app, heard, answer))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(course): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let on = match submitted.line("do").as_str() {
        "publish" => true,
        "hide" => false,
        _ => return Ok(Refusal::BadRequest.into_response()),
    };
    let word = match store::publish(&app, desk.by(), course.id, on).await? {
        Shown::Done if on => Said::CoursePublished,
        Shown::Done => Said::CourseHidden,
        Shown::Nothing => Said::NothingChanged,
        Shown::HasRuns(runs) => {
            let those = if runs == 1 {
                "1 run of it is still to come, so it stays on the website. You can close that run to new bookings"
                    .to_owned()
            } else {
                format!(
                    "{runs} runs of it are still to come, so it stays on the website. You can close them to new bookings"
                )
            };
            let form = FormState::empty().with_error("do", those);
            return shown(&app, &desk, &course, form, None).await;
        }
    };
    Ok(word.and_see(&app, &path(course.id)))
}

async fn shown(
    app: &App,
    desk: &Desk<Courses>,
    course: &Course,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let visit = store::first_visit(app, course.id).await?;
    let runs = runs::of_course(app, course.id).await?;
    let now = app.clock.now();
    let failed = form.has_errors();
    let title = course.title.clone();
    Ok(form_in_desk(app, desk.who(), &title, HERE, failed, || {
        let rows: Vec<_> = runs.into_iter().map(|run| runs::cells(run, now)).collect();
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All courses"</a></nav>
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <ErrorSummary form=&form />
            <div class="wb-desk-head">
                <h1>{course.title.clone()}</h1>
                <p><Tag state=course.tag() /></p>
            </div>
            {website(course, form)}
            <div class="wb-split">
                <div>
                    <section class="wb-block" aria-labelledby="runs">
                        <h2 id="runs">"Runs to come"</h2>
                        {runs_of(course, rows)}
                    </section>
                    {words(course, visit)}
                </div>
                <aside class="wb-split__aside" aria-label="About this course">
                    {to_do(course, dates::day_and_time(course.updated_at, dates::day_of(now)))}
                </aside>
            </div>
        }
    }))
}

/// Whether the website shows it, and the button that changes that.
fn website(course: &Course, form: FormState) -> impl IntoView + use<> {
    let (words, value, button, kind) = if course.is_published() {
        (
            "Everybody can find this course on the website.",
            "hide",
            "Take it off the website",
            ButtonKind::Outlined,
        )
    } else {
        (
            "This is a draft: only the team can see it.",
            "publish",
            "Put it on the website",
            ButtonKind::Filled,
        )
    };
    let wrong = form.error("do").map(|error| {
        let sentence = error.sentence.clone();
        view! { <p class="govuk-error-message"><span class="govuk-visually-hidden">"Error: "</span>{sentence}</p> }
    });
    view! {
        <div class="wb-block" id="do">
            <p>{words}</p>
            <Form>
                {wrong}
                <Button name="do" value=value kind=kind>{button}</Button>
            </Form>
        </div>
    }
}

fn to_do(course: &Course, changed: String) -> impl IntoView + use<> {
    let page = course.is_published().then(|| {
        let href = format!("/courses/{}", course.slug);
        view! { <li><a href=href>"See it on the website"</a></li> }
    });
    view! {
        <section class="wb-card" aria-labelledby="do-more">
            <h2 id="do-more">"Do something"</h2>
            <ul class="wb-plain">
                <li><a href=format!("{}/change", path(course.id))>"Change the words"</a></li>
                <li><a href=format!("/desk/runs/add?course={}", course.id)>"Add a run"</a></li>
                {page}
            </ul>
            <p class="wb-small">"Last changed " {changed}</p>
        </section>
    }
}

fn runs_of(course: &Course, rows: Vec<Vec<AnyView>>) -> AnyView {
    let words = serde_urlencoded::to_string([("words", &course.title)]).unwrap_or_default();
    let all = format!("{}?{words}", runs::HERE);
    let all = view! { <p><a href=all>"All runs with this name, also those that are over"</a></p> };
    if rows.is_empty() {
        let href = format!("/desk/runs/add?course={}", course.id);
        return view! { <p>"Nothing to come yet. " <a href=href>"Add a run"</a></p> {all} }
            .into_any();
    }
    view! {
        <Table caption="Runs of this course that are not over" stacks=true columns=runs::columns() rows=rows />
        {all}
    }
    .into_any()
}

/// How it reads.
fn words(course: &Course, visit: Vec<VisitLine>) -> impl IntoView + use<> {
    let audience = Audience::of(&course.audience).map_or("", Audience::words);
    let description = prose::html(&course.description);
    let visit = (!visit.is_empty()).then(|| {
        let lines: Vec<_> = visit
            .into_iter()
            .map(|line| view! { <li><strong>{line.strong}</strong> " " {line.words}</li> })
            .collect();
        view! { <h3>"Your first visit"</h3> <ul>{lines}</ul> }
    });
    view! {
        <section class="wb-block" aria-labelledby="words">
            <h2 id="words">"How it reads"</h2>
            <SummaryList rows=vec![
                SummaryRow::new("Topic", course.topic.clone()),
                SummaryRow::new("Who may come", audience),
                SummaryRow::new("On its card", course.summary.clone()),
                SummaryRow::new("At the top", course.lead.clone()),
            ] />
            <div class="wb-words">
                <h3>"What it is like"</h3>
                <div class="wb-block" inner_html=description></div>
                <h3>"Who it is for"</h3>
                <p>{course.who_for.clone()}</p>
                {course.not_for.clone().map(|words| view! { <p>{words}</p> })}
                {course.easy_read.as_deref().map(|words| {
                    view! { <h3>"In easy words"</h3> <div class="wb-block" inner_html=prose::html(words)></div> }
                })}
                {visit}
            </div>
        </section>
    }
}
