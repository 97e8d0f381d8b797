//! How many places a run has, and until when new people may join it.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::model::{Run, when};
use super::{Chosen, HERE, back, path};
use crate::accounts::said::Said;
use crate::bookings::store::{Session, sessions};
use crate::bookings::{CapacityOutcome, LateOutcome, set_capacity, set_late_joining};
use crate::course_desk::number_up_to;
use crate::course_desk::venues::MOST;
use crate::server::http::see;
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, form_in_desk};
use crate::ui::form::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
) -> Result<Response> {
    let sessions = sessions(&app.db, run.id).await?;
    let form = FormState::filled([
        ("places", run.capacity.to_string()),
        // A session may have been dropped since.
        ("join", run.join_by_session.min(run.sessions).to_string()),
    ]);
    Ok(ask(&app, &desk, &run, &sessions, form))
}

pub async fn send(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    let sessions = sessions(&app.db, run.id).await?;
    let numbers: Vec<String> = (1..=sessions.len()).map(|n| n.to_string()).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut check = Check::new(&submitted);
    let places = check.text(
        "places",
        "Enter how many places there are",
        number_up_to(MOST),
    );
    let join = check.choice("join", "Choose until when people may join", &names);
    let join = join.and_then(|join| join.parse::<u16>().ok());
    let mut form = check.finish();
    if let (Some(places), Some(join)) = (places, join) {
        match set_capacity(&app, run.id, places, Some(desk.by())).await? {
            CapacityOutcome::NoSuchRun => return Ok(see(HERE)),
            CapacityOutcome::TooFew { at_least } => {
                let sentence = format!(
                    "{at_least} places are booked or kept for somebody. Enter {at_least} or more"
                );
                form = form.with_error("places", sentence);
            }
            CapacityOutcome::TooMany { at_most } => {
                let sentence = format!(
                    "The room holds {at_most}. Enter {at_most} or fewer, or change the room first"
                );
                form = form.with_error("places", sentence);
            }
            CapacityOutcome::Changed => {
                let late = set_late_joining(&app, run.id, join, Some(desk.by())).await?;
                if late == LateOutcome::Changed {
                    return Ok(Said::PlacesSaved.and_see(&app, &path(&run)));
                }
                form = form.with_error("join", "This session is not there any more. Choose again");
            }
        }
    }
    Ok(ask(&app, &desk, &run, &sessions, form))
}

fn ask(
    app: &App,
    desk: &Desk<Courses>,
    run: &Run,
    sessions: &[Session],
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let now = app.clock.now();
    form_in_desk(app, desk.who(), "Places", HERE, failed, || {
        let choices = sessions
            .iter()
            .zip(1..)
            .map(|(session, n)| {
                let words = match n {
                    1 => format!("Only with the first session: {}", when(session, now)),
                    n => format!("Up to session {n}: {}", when(session, now)),
                };
                Choice::new(n.to_string(), words)
            })
            .collect::<Vec<_>>();
        let mut kept = format!(
            "{} are booked, and {} kept for an offer or a sign-up",
            run.places_taken, run.held
        );
        if let Some(holds) = run.room_holds {
            kept = format!("{kept}. The room holds {holds}");
        }
        let waiting = (run.waiting > 0).then(|| {
            let who = if run.waiting == 1 {
                "1 person waits".to_owned()
            } else {
                format!("{} people wait", run.waiting)
            };
            let words =
                format!("{who}. A place that comes free is offered in the order of the list.");
            view! { <p>{words}</p> }
        });
        view! {
            <div class="wb-measure">
                {back(run)}
                <ErrorSummary form=&form />
                <h1>"Places"</h1>
                <p>{run.title.clone()}</p>
                {waiting}
                <Form clone:form>
                    <TextField form=&form name="places" label=Label::bold("How many places are there?") hint=kept
                        inputmode="numeric" class="govuk-input--width-4" />
                    <Select form=&form name="join" label=Label::bold("With which session may new people begin?")
                        choices=choices />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}
