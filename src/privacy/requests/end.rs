//! What cannot be taken back about a request, each on a page that says first what it means: two months longer, and finishing it.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::HERE;
use super::model::{Kind, Outcome, Request};
use super::new::words;
use super::one::{Chosen, answer, entry};
use super::rules::Step;
use super::sealed::{self, Part};
use super::store::{self, Done};
use crate::accounts::said::Said;
use crate::server::{App, Result};
use crate::staff::audit::Action;
use crate::staff::rights::Requests;
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;

/// Whether it can take longer, and until when it could.
fn longer_due(app: &App, request: &Request) -> Option<chrono::NaiveDate> {
    let today = dates::day_of(app.clock.now());
    let open = request.finished.is_none();
    let after = request.timing.after(Step::Extend, today);
    after.filter(|_| open)?.due()
}

pub async fn show_longer(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
) -> Response {
    longer(&app, &desk, &request, FormState::empty())
}

fn longer(app: &App, desk: &Desk<Requests>, request: &Request, form: FormState) -> Response {
    let Some(due) = longer_due(app, request) else {
        return not_any_more(app, request);
    };
    let (failed, back) = (form.has_errors(), request.path());
    let due = dates::day(due, dates::day_of(app.clock.now()));
    let title = "It takes two months longer";
    form_in_desk(app, desk.who(), title, HERE, failed, move || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>"This is for what is difficult, or for somebody with many requests. It can be done once, and not be taken back. \
                    It is then to be answered by " {due} "."</p>
                <p>"Tell them today that it takes longer, and why."</p>
                <Form>
                    <TextArea form=&form name="why" label=Label::bold("Why does it take longer?") rows=4
                        hint="3,000 letters at most. It is locked away. They can ask to read it." />
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"They are told: two months longer"</Button>
                        <a href=back>"No, leave it as it is"</a>
                    </div>
                </Form>
            </div>
        }
    })
}

/// It does not fit: it is finished, longer already, too late, or the clock stands still.
fn not_any_more(app: &App, request: &Request) -> Response {
    let done = if request.finished.is_some() {
        Done::Finished
    } else {
        Done::Already
    };
    answer(app, request, done)
}

pub async fn send_longer(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    if longer_due(&app, &request).is_none() {
        return Ok(not_any_more(&app, &request));
    }
    let mut check = Check::new(&submitted);
    let why = words(&mut check, "why", "Write why it takes longer");
    let (failed, form) = (check.failed(), check.finish());
    let (Some(why), false) = (why, failed) else {
        return Ok(longer(&app, &desk, &request, form));
    };
    let today = dates::day_of(app.clock.now());
    let why = sealed::seal(&app, request.id, Part::Longer, &why).await?;
    let entry = entry(&app, &desk, &request, Action::RequestLonger)?;
    let step = (Step::Extend, today);
    let done = store::step(&app, request.id, step, Some(&why), &entry).await?;
    Ok(answer(&app, &request, done))
}

pub async fn show_finish(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
) -> Response {
    finish(&app, &desk, &request, FormState::empty())
}

fn finish(app: &App, desk: &Desk<Requests>, request: &Request, form: FormState) -> Response {
    if request.finished.is_some() {
        return not_any_more(app, request);
    }
    let (failed, back) = (form.has_errors(), request.path());
    let title = format!("Finish request {}", request.reference);
    let tell = if request.timing.kind == Kind::Complaint {
        "Tell them first, in plain words, what we found and what we change. Whoever is not content can go to the Information \
         Commissioner."
    } else {
        "Tell them first what we did. Where we did not do all of it, tell them why, and that they can complain to us, to the \
         Information Commissioner or to a court."
    };
    form_in_desk(app, desk.who(), &title.clone(), HERE, failed, move || {
        let outcomes = Outcome::ALL
            .iter()
            .map(|one| Choice::new(one.name(), one.words()))
            .collect();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <p>{tell}</p>
                <p>"A finished request cannot be changed any more. We keep it for 6 years."</p>
                <Form>
                    <Radios form=&form name="outcome" label=Label::bold("What came of it?") choices=outcomes />
                    <TextArea form=&form name="why" label=Label::bold("What we did, and why") rows=4
                        hint="If we did not do all of it, say why. 3,000 letters at most. It is locked away." />
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Finish it"</Button>
                        <a href=back>"No, leave it open"</a>
                    </div>
                </Form>
            </div>
        }
    })
}

pub async fn send_finish(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
    submitted: Submitted,
) -> Result<Response> {
    if request.finished.is_some() {
        return Ok(not_any_more(&app, &request));
    }
    let mut check = Check::new(&submitted);
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|one| one.name()).collect();
    let outcome = check.choice("outcome", "Choose what came of it", &outcomes);
    let outcome = outcome.and_then(Outcome::named);
    let missing = match outcome {
        Some(Outcome::Partly | Outcome::Refused) => "Write why we did not do all of it",
        _ => "",
    };
    let why = words(&mut check, "why", missing);
    let (failed, form) = (check.failed(), check.finish());
    let (Some(outcome), false) = (outcome, failed) else {
        return Ok(finish(&app, &desk, &request, form));
    };
    let today = dates::day_of(app.clock.now());
    let why = match why {
        Some(why) => Some(sealed::seal(&app, request.id, Part::Outcome, &why).await?),
        None => None,
    };
    let entry = entry(&app, &desk, &request, Action::RequestFinished)?;
    let finished = (outcome, today);
    let done = store::finish(&app, request.id, finished, why.as_deref(), &entry).await?;
    Ok(match done {
        Done::Yes => Said::RequestFinished.and_see(&app, &request.path()),
        done => answer(&app, &request, done),
    })
}
