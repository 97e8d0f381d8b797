//! What the team plans with: whether the room is hired for sure, how many must have booked by when; and how people find it, in a
//! room or online. Nobody is told of a change of these.

use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike as _, NaiveDate};
use leptos::prelude::*;

use super::add::{HIRE, link, minimum};
use super::choose::NONE;
use super::model::Run;
use super::{Chosen, HERE, back, path, store};
use crate::accounts::said::Said;
use crate::course_desk::up_to;
use crate::server::http::see;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

fn as_it_is(run: &Run) -> FormState {
    let mut form = FormState::filled([
        ("hire", run.hire.as_deref().unwrap_or(NONE)),
        ("link", run.join_link.as_deref().unwrap_or_default()),
        ("note", run.place_note.as_deref().unwrap_or_default()),
    ]);
    if let Some(minimum) = run.minimum {
        form = form.with("minimum", minimum.to_string());
    }
    let day = run
        .decide_on
        .as_deref()
        .and_then(|day| day.parse::<NaiveDate>().ok());
    if let Some(day) = day {
        form = form
            .with("decide-day", day.day().to_string())
            .with("decide-month", day.month().to_string())
            .with("decide-year", day.year().to_string());
    }
    form
}

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    if !run.can_change(app.clock.now()) {
        return Ok(see(&path(&run)));
    }
    Ok(ask(&app, &desk, &run, as_it_is(&run)))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    if !run.can_change(app.clock.now()) {
        return Ok(Said::NothingChanged.and_see(&app, &path(&run)));
    }
    let mut check = Check::new(&submitted);
    let hire = check.choice(
        "hire",
        "Choose how the hire stands",
        &HIRE.map(|(value, _)| value),
    );
    let link = check.optional("link", link);
    if submitted.line("link").is_empty() && store::has_online_session(&app, run.id).await? {
        check.error("link", "A session to come is online: people need the link");
    }
    let note = check.optional("note", up_to(200));
    let minimum = minimum(&mut check, &submitted);
    if minimum.is_some_and(|minimum| minimum.people > run.capacity) {
        check.error("minimum", "There are fewer places than that");
    }
    let form = check.finish();
    let (Some(hire), false) = (hire, form.has_errors()) else {
        return Ok(ask(&app, &desk, &run, form));
    };
    let hire = Some(hire).filter(|hire| *hire != NONE);
    let plans = store::Plans {
        hire,
        minimum,
        link,
        note,
    };
    store::plan(&app, desk.by(), run.id, &plans).await?;
    Ok(Said::PlansSaved.and_see(&app, &path(&run)))
}

fn ask(app: &App, desk: &Desk<Courses>, run: &Run, form: FormState) -> Response {
    let failed = form.has_errors();
    let title = "Hire, numbers and how to find it";
    form_in_desk(app, desk.who(), title, HERE, failed, || {
        let hire = HIRE.map(|(value, words)| Choice::new(value, words)).into();
        view! {
            <div class="wb-measure">
                {back(run)}
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>{run.title.clone()} ": " {run.place()}</p>
                <Form clone:form>
                    <Select form=&form name="hire" label=Label::bold("Hire of the room") choices=hire />
                    <TextField form=&form name="note" label=Label::bold("A sentence about the place (optional)") spellcheck=true
                        hint="For example: Ask at the desk, somebody walks you to the room" />
                    <TextField form=&form name="link" label=Label::bold("Link for joining online (optional)")
                        hint="Only people who have a place see it, in My bookings" />
                    <TextField form=&form name="minimum"
                        label=Label::bold("How many must book for it to take place? (optional)")
                        inputmode="numeric" class="govuk-input--width-4" />
                    <DateField form=&form name="decide" label=Label::bold("When is that decided?")
                        hint="Only if there is a number above" />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}
