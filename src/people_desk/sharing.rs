//! Whether tutors may have somebody's details, and whether they are in statistics: the right to object, as the team hears it (UK GDPR, Article 21).

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Person;
use super::{HERE, chosen, path};
use crate::accounts::said::Said;
use crate::bookings::equality;
use crate::privacy::consents::Channel;
use crate::registers::planning::keep_from_tutors;
use crate::reports::keep_from_statistics;
use crate::server::http::Refusal;
use crate::server::{App, Result};
use crate::staff::audit::{self, Action, Entry};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

/// The answers: tutors may have the details, or they objected.
const ANSWERS: [&str; 2] = ["share", "objected"];

/// The box for who objected to statistics, and its value.
const STATISTICS: &str = "statistics";
const OUT: &str = "out";
/// The box that takes their answer about their ethnic group away. Whether there is one is not shown.
const ANSWER: &str = "their-answer";
const REMOVE: &str = "remove";
/// What the box said when the form was shown: [`OUT`] or [`IN`].
const SHOWN: &str = "statistics-shown";
const IN: &str = "in";

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let answer = ANSWERS[usize::from(person.keep_from_tutors)];
    let shown = if person.keep_from_statistics { OUT } else { IN };
    let mut form = FormState::filled([("sharing", answer), (SHOWN, shown)]);
    if person.keep_from_statistics {
        form = form.with(STATISTICS, OUT);
    }
    ask(&app, &desk, &person, form).await
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Path(id): Path<String>,
    submitted: Submitted,
) -> Result<Response> {
    let Some(person) = chosen(&app, &id).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let mut check = Check::new(&submitted);
    let answer = check.choice(
        "sharing",
        "Choose whether tutors may have their details",
        &ANSWERS,
    );
    let out = check.ticked(STATISTICS);
    let remove = check.ticked(ANSWER);
    let shown = match check.carry(SHOWN).as_str() {
        OUT => true,
        IN => false,
        _ => person.keep_from_statistics,
    };
    let Some(answer) = answer else {
        return ask(&app, &desk, &person, check.finish()).await;
    };
    keep_from_tutors(&app, desk.by(), person.id, answer == ANSWERS[1]).await?;
    // What they chose themselves since the form was shown stands: only a box that was changed is written.
    if out != shown {
        keep_from_statistics(&app, desk.by(), person.id, out, Channel::Staff).await?;
    }
    if remove {
        let entry = Entry::by(&app, desk.by(), Action::AnswerRemoved)?.of(person.id);
        equality::forget(&app, person.id, Channel::Staff, Some(&entry)).await?;
    }
    Ok(Said::DetailsSaved.and_see(&app, &path(person.id)))
}

/// The question; the look at who it is about is written down first.
async fn ask(
    app: &App,
    desk: &Desk<Courses>,
    person: &Person,
    form: FormState,
) -> Result<Response> {
    audit::looked(app, desk.by(), Action::Looked, None, [person.id]).await?;
    let failed = form.has_errors();
    Ok(form_in_desk(
        app,
        desk.who(),
        "What tutors are given",
        HERE,
        failed,
        || {
            let (name, back) = (person.full_name.clone(), path(person.id));
            let choices = vec![
            Choice::new(ANSWERS[0], "Yes: their tutor sees name, phone and email"),
            Choice::new(ANSWERS[1], "No, they objected").hint(
                "Their tutors read “1 more person is coming, ask the office”. Our messages still reach them",
            ),
        ];
            view! {
                <div class="wb-measure">
                    <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to " {name.clone()}</a></nav>
                    <ErrorSummary form=&form />
                    <h1>"How we use the details of " {name}</h1>
                    <Form clone:form>
                        <Radios form=&form name="sharing" label=Label::bold("May tutors have their details?") choices=choices />
                        <Checkboxes form=&form name=STATISTICS label=Label::bold("Statistics") choices=vec![
                            Choice::new(OUT, "They objected to being counted in statistics")
                                .hint("Reports still count their place, and never how old they are or where they live"),
                        ] />
                        <Checkboxes form=&form name=ANSWER label=Label::bold("Their ethnic group") choices=vec![
                            Choice::new(REMOVE, "Take away their answer")
                                .hint("If they ever gave one. We do not show here whether they did, or what it was"),
                        ] />
                        <HiddenField name=SHOWN value=form.value(SHOWN).to_owned() />
                        <Button>"Save"</Button>
                    </Form>
                </div>
            }
        },
    ))
}
