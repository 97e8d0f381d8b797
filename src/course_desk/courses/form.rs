//! What the team writes about a course: a new one, or one that is there.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Course, VISIT_LINES, VisitLine, Written};
use super::{Chosen, HERE, path, store};
use crate::accounts::said::Said;
use crate::catalogue::model::Audience;
use crate::catalogue::prose;
use crate::course_desk::{ICONS, Named, up_to};
use crate::server::http::Refusal;
use crate::server::{App, Result, form_key};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

/// Letters that fit on a card, a title line and the top of a page.
const TITLE: usize = 80;
const SUMMARY: usize = 160;
const LEAD: usize = 400;
const LINE: usize = 60;
const REST: usize = 200;

/// The fields of each line: picture, first words, the rest.
const VISIT: [[&str; 3]; VISIT_LINES] = [
    ["visit-1-icon", "visit-1-strong", "visit-1-words"],
    ["visit-2-icon", "visit-2-strong", "visit-2-words"],
    ["visit-3-icon", "visit-3-strong", "visit-3-words"],
    ["visit-4-icon", "visit-4-strong", "visit-4-words"],
];

pub async fn show_new(desk: Desk<Courses>, State(app): State<App>) -> Result<Response> {
    let topics = store::topics(&app).await?;
    let form = FormState::filled([(FORM_KEY, form_key::new()?)]);
    Ok(ask(&app, &desk, None, &topics, form))
}

pub async fn send_new(
    desk: Desk<Courses>,
    State(app): State<App>,
    submitted: Submitted,
) -> Result<Response> {
    let key = submitted.line(FORM_KEY);
    if !form_key::is_one(&key) {
        return Ok(Refusal::BadRequest.into_response());
    }
    let topics = store::topics(&app).await?;
    let (written, form) = read(&submitted, &topics);
    let Some(written) = written.filter(|_| !looks(&submitted)) else {
        return Ok(ask(&app, &desk, None, &topics, form.with(FORM_KEY, key)));
    };
    let id = form_key::id(
        &app,
        "course-by-desk",
        desk.by().account_id,
        &key,
        &format!("{written:?}"),
    );
    store::add(&app, desk.by(), id, &written).await?;
    Ok(Said::CourseAdded.and_see(&app, &path(id)))
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(course): Chosen,
) -> Result<Response> {
    let topics = store::topics(&app).await?;
    let visit = store::first_visit(&app, course.id).await?;
    let form = as_it_is(&course, &visit);
    Ok(ask(&app, &desk, Some(course.id), &topics, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(course): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let topics = store::topics(&app).await?;
    let (written, form) = read(&submitted, &topics);
    let Some(written) = written.filter(|_| !looks(&submitted)) else {
        return Ok(ask(&app, &desk, Some(course.id), &topics, form));
    };
    store::change(&app, desk.by(), course.id, &written).await?;
    Ok(Said::CourseSaved.and_see(&app, &path(course.id)))
}

/// Whether the button pressed only shows how the description reads.
fn looks(submitted: &Submitted) -> bool {
    submitted.line("do") == "look"
}

fn as_it_is(course: &Course, visit: &[VisitLine]) -> FormState {
    let mut form = FormState::filled([
        ("title", course.title.clone()),
        ("topic", course.topic_id.to_string()),
        ("audience", course.audience.clone()),
        ("summary", course.summary.clone()),
        ("lead", course.lead.clone()),
        ("description", course.description.clone()),
        ("who-for", course.who_for.clone()),
        ("not-for", course.not_for.clone().unwrap_or_default()),
        ("easy-read", course.easy_read.clone().unwrap_or_default()),
    ]);
    for ([icon, strong, words], line) in VISIT.into_iter().zip(visit) {
        form = form
            .with(icon, line.icon.clone())
            .with(strong, line.strong.clone())
            .with(words, line.words.clone());
    }
    form
}

fn read(submitted: &Submitted, topics: &[Named]) -> (Option<Written>, FormState) {
    let mut check = Check::new(submitted);
    let ids: Vec<String> = topics.iter().map(|topic| topic.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let title = check.text("title", "Enter the title", up_to(TITLE));
    let topic = check.choice("topic", "Choose a topic", &ids);
    let topic = topic.and_then(|id| Uuid::try_parse(id).ok());
    let audience = check.choice(
        "audience",
        "Choose who may come",
        &Audience::ALL.map(Audience::slug),
    );
    let summary = check.text("summary", "Enter a sentence for its card", up_to(SUMMARY));
    let lead = check.text("lead", "Enter what stands at the top", up_to(LEAD));
    let description = check.long_text("description", "Enter what it is like");
    let who_for = check.long_text("who-for", "Enter who it is for");
    let not_for = check.optional_long_text("not-for");
    let easy_read = check.optional_long_text("easy-read");
    let first_visit = VISIT
        .into_iter()
        .filter_map(|names| visit_line(&mut check, names))
        .collect();
    let form = check.finish();
    let written = (|| {
        Some(Written {
            title: title?,
            topic_id: topic?,
            audience: audience?,
            summary: summary?,
            lead: lead?,
            description: description?,
            who_for: who_for?,
            not_for,
            easy_read,
            first_visit,
        })
    })();
    (written.filter(|_| !form.has_errors()), form)
}

/// A line that is left empty is none; a line needs all that it is made of.
fn visit_line(check: &mut Check, [icon, strong, words]: [&str; 3]) -> Option<VisitLine> {
    let own_icon = check.choice(icon, "", &ICONS.map(|(name, _)| name));
    let own_strong = check.optional(strong, up_to(LINE));
    let own_words = check.optional(words, up_to(REST));
    match (own_strong, own_words) {
        (Some(strong), Some(words)) => Some(VisitLine {
            icon: own_icon.unwrap_or("tick").to_owned(),
            strong,
            words,
        }),
        (None, None) => None,
        (Some(_), None) => {
            check.error(
                words,
                "Enter the rest of this line, or leave all of it empty",
            );
            None
        }
        (None, Some(_)) => {
            check.error(
                strong,
                "Enter the first words of this line, or leave all of it empty",
            );
            None
        }
    }
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    there: Option<Uuid>,
    topics: &[Named],
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let (title, back_to, back) = match there {
        Some(id) => (
            "Change the words of a course",
            path(id),
            "Back to the course",
        ),
        None => ("Add a course", HERE.to_owned(), "All courses"),
    };
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        let mut choices = vec![Choice::new("", "Choose one")];
        choices.extend(
            topics
                .iter()
                .map(|topic| Choice::new(topic.id.to_string(), topic.name.clone())),
        );
        let audiences = Audience::ALL
            .map(|audience| Choice::new(audience.slug(), audience.words()))
            .into();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back_to class="govuk-back-link">{back}</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <Form key=key clone:form>
                    <TextField form=&form name="title" label=Label::bold("Title") spellcheck=true
                        hint=if there.is_some() { "Its address on the website stays as it is" } else { "" } />
                    <Select form=&form name="topic" label=Label::bold("Topic") choices=choices />
                    <Radios form=&form name="audience" label=Label::bold("Who may come?") choices=audiences />
                    <TextField form=&form name="summary" label=Label::bold("On its card") spellcheck=true
                        hint=format!("One sentence, {SUMMARY} letters or fewer") />
                    <TextField form=&form name="lead" label=Label::bold("At the top of its page") spellcheck=true
                        hint="One or two sentences" />
                    <TextArea form=&form name="description" label=Label::bold("What it is like") rows=10
                        hint="An empty line begins a paragraph. **Two stars** make words bold, a dash at the start of a line makes a list" />
                    {looked(&form)}
                    <TextArea form=&form name="who-for" label=Label::bold("Who it is for") />
                    <TextArea form=&form name="not-for" label=Label::bold("Who it is not right for (optional)") rows=3 />
                    <TextArea form=&form name="easy-read" label=Label::bold("The same in easy words (optional)") rows=8
                        hint="For people who read little. Short words, one thought in each sentence, a dash at the start of each line" />
                    <h2>"Your first visit (optional)"</h2>
                    <p>"Up to 4 short lines about what happens on the first day."</p>
                    {visit_fields(&form)}
                    <div class="wb-buttons">
                        <Button>"Save"</Button>
                        <Button name="do" value="look" kind=ButtonKind::Outlined>"See how the description reads"</Button>
                    </div>
                </Form>
            </div>
        }
    })
}

/// The description as people will read it, once there is one.
fn looked(form: &FormState) -> impl IntoView + use<> {
    let words = prose::html(form.value("description"));
    (!words.is_empty()).then(|| {
        view! {
            <section class="wb-card wb-words" aria-labelledby="reads">
                <h2 id="reads">"How it reads"</h2>
                <div inner_html=words></div>
            </section>
        }
    })
}

fn visit_fields(form: &FormState) -> impl IntoView + use<> {
    let lines: Vec<_> = VISIT
        .into_iter()
        .zip(1..)
        .map(|([icon, strong, words], n)| {
            let mut icons = vec![Choice::new("", "Choose one")];
            icons.extend(ICONS.map(|(name, words)| Choice::new(name, words)));
            view! {
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">"Line " {n}</legend>
                    <Select form=form name=icon label=Label::plain("Picture") choices=icons />
                    <TextField form=form name=strong label=Label::plain("First words") spellcheck=true
                        hint=if n == 1 { "For example: Come in by the side door." } else { "" } />
                    <TextField form=form name=words label=Label::plain("The rest") spellcheck=true
                        hint=if n == 1 { "For example: Somebody in a green lanyard waits for you." } else { "" } />
                </fieldset>
            }
        })
        .collect();
    lines
}
