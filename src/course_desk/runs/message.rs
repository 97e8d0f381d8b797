//! Writing to the people of a run: to everybody, to some by how often they came, or to whoever waits.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::*;

use super::model::Run;
use super::{Chosen, HERE, back, path};
use crate::accounts::said::{Said, said};
use crate::bookings::changes::Group;
use crate::course_desk::number_up_to;
use crate::registers::attendance;
use crate::registers::message::{self, Sent, Step, Whom, Writer, Writing, pages};
use crate::server::http::{Keep, Refusal, page, see};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;

/// The field that says to whom, and that with the number of sessions.
const WHOM: &str = "whom";
const FEWER: &str = "fewer";
/// Its word for those who came to fewer sessions than a number.
const FEWER_THAN: &str = "fewer-than";

fn here(run: &Run) -> String {
    format!("{}/message", path(run))
}

/// Whether people can be written to: of a draft nobody knows, and of what was called off they were told.
fn can_write(run: &Run) -> bool {
    matches!(run.status.as_str(), "open" | "closed")
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let sent = message::of_run(&app, run.id).await?;
    let answer = ask(&app, &desk, &run, FormState::empty(), sent, heard);
    Ok(said(&app, heard, answer))
}

/// To whom, as the form says.
fn whom(check: &mut Check<'_>, run: &Run) -> Option<Whom> {
    let choices = [
        Whom::Everybody.name(),
        FEWER_THAN.to_owned(),
        Whom::MissedLast.name(),
        Whom::Waiting.name(),
    ];
    let names: Vec<&str> = choices.iter().map(String::as_str).collect();
    let chosen = check.choice(WHOM, "Choose who gets it", &names)?;
    if chosen != FEWER_THAN {
        check.carry(FEWER);
        return Whom::named(chosen);
    }
    let rule = number_up_to(run.sessions.max(1));
    let fewer = check.text(FEWER, "Enter a number of sessions", rule)?;
    usize::try_from(fewer).ok().map(Whom::FewerThan)
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    if !can_write(&run) {
        return Ok(see(&here(&run)));
    }
    let mut check = Check::new(&submitted);
    let Some(whom) = whom(&mut check, &run) else {
        check.optional_long_text(pages::WORDS);
        let sent = message::of_run(&app, run.id).await?;
        return Ok(ask(&app, &desk, &run, check.finish(), sent, None));
    };
    let roll = attendance::unseen(&app, run.id).await?;
    let audience = whom.audience(&roll, app.clock.now());
    let Some(group) = Group::of(&app, run.id, &audience).await? else {
        return Ok(Refusal::NotFound.into_response());
    };
    let writing = Writing {
        by: desk.by(),
        run_id: run.id,
        writer: Writer::CourseTeam,
        from: format!("{}, from the course team", desk.who().name),
        whom,
        group,
    };
    Ok(
        match Box::pin(message::step(&app, writing, &submitted, check)).await? {
            Step::Again(form) => {
                let sent = message::of_run(&app, run.id).await?;
                ask(&app, &desk, &run, form, sent, None)
            }
            Step::Look(form, preview) => {
                let field = |name: &'static str| (name, form.value(name).to_owned());
                let frame = pages::Frame {
                    desk: HERE,
                    back: here(&run),
                    course: run.title.clone(),
                    whom: Some(whom.words()),
                    fields: vec![field(WHOM), field(FEWER)],
                };
                let html = pages::preview(&app, desk.who(), frame, preview);
                page(StatusCode::OK, Keep::Nothing, html)
            }
            Step::Sent => Said::GroupWritten.and_see(&app, &here(&run)),
            Step::Gone => Refusal::NotFound.into_response(),
        },
    )
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    form: FormState,
    sent: Vec<Sent>,
    heard: Option<Said>,
) -> Response {
    let today = dates::day_of(app.clock.now());
    let failed = form.has_errors();
    form_in_desk(
        app,
        desk.who(),
        "Write to people",
        HERE,
        failed,
        move || {
            let good = heard.map(|said| pages::good(said, &sent));
            let asks = if can_write(run) {
                choose(form.clone()).into_any()
            } else {
                view! { <p class="wb-lead">"You can write to people while a run is open or closed to bookings."</p> }.into_any()
            };
            view! {
                {good}
                <ErrorSummary form=&form />
                <div class="wb-measure">
                    {back(run)}
                    <p class="wb-register__course">{run.title.clone()}</p>
                    <h1>"Write to people"</h1>
                    {asks}
                    {pages::before(sent, today)}
                </div>
            }
        },
    )
}

fn choose(form: FormState) -> impl IntoView {
    let choices = vec![
        Choice::new(Whom::Everybody.name(), Whom::Everybody.words()),
        Choice::new(FEWER_THAN, "Who came to fewer sessions than a number"),
        Choice::new(Whom::MissedLast.name(), Whom::MissedLast.words())
            .hint("Marked as “did not come”, without apologies"),
        Choice::new(Whom::Waiting.name(), Whom::Waiting.words()),
    ];
    view! {
        <Form>
            <Radios form=&form name=WHOM label=Label::part("Who gets it?") choices=choices />
            <TextField
                form=&form
                name=FEWER
                label="The number of sessions"
                hint="Only for the second answer. A session that is not marked counts as one that nobody came to."
                class="govuk-input--width-3"
            />
            {pages::words_field(&form)}
            <p>"Next you see how many people get it, and how. Nothing is sent yet."</p>
            <Button>"Go on"</Button>
        </Form>
    }
}
