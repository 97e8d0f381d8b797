//! The page of one request: what was asked, by when it is to be answered, and what is done about it.

use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

use super::model::{Colleague, Kind, Request, Whole};
use super::new::owners;
use super::rules::{Identity, Step};
use super::store::{self, Done};
use super::{HERE, words};
use crate::accounts::said::{Said, said};
use crate::server::http::in_address;
use crate::server::{App, Result};
use crate::staff::audit::{Action, Entry};
use crate::staff::rights::{Courses, Requests, Right as _};
use crate::staff::{Desk, form_in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

/// The request whose number stands in the address. It stands after the guard.
pub struct Chosen(pub Request);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::one(app, id)).await?;
        Ok(Self(found))
    }
}

pub async fn show(
    desk: Desk<Requests>,
    State(app): State<App>,
    Chosen(request): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = Said::heard(&app, &headers);
    let form = first_form(&app, &request);
    let response = opened(&app, &desk, request, form, heard).await?;
    Ok(said(&app, heard, response))
}

/// The form as it begins: today, and who looks after it now.
pub fn first_form(app: &App, request: &Request) -> FormState {
    let today = dates::day_of(app.clock.now());
    let owner = request.owner.as_ref().map(|(id, _)| id.to_string());
    let owner = owner.unwrap_or_else(|| "nobody".to_owned());
    FormState::filled([("owner", owner)]).with_day("day", today)
}

/// The page as an answer; the look is written down first.
pub async fn opened(
    app: &App,
    desk: &Desk<Requests>,
    request: Request,
    form: FormState,
    heard: Option<Said>,
) -> Result<Response> {
    let whole = store::whole(app, desk.by(), request).await?;
    let colleagues = store::colleagues(app).await?;
    let today = dates::day_of(app.clock.now());
    let of_courses = desk.who().roles.first_of(Courses::ROLES).is_some();
    let (title, failed) = (
        format!("Request {}", whole.request.reference),
        form.has_errors(),
    );
    Ok(form_in_desk(
        app,
        desk.who(),
        &title.clone(),
        HERE,
        failed,
        move || {
            let actions = whole
                .request
                .finished
                .is_none()
                .then(|| actions(&whole.request, &form, &colleagues, today));
            view! {
                <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All requests"</a></nav>
                <ErrorSummary form=&form />
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                <h1>{title}</h1>
                {standing(&whole.request, today)}
                {told(whole, of_courses, today)}
                {actions}
            }
        },
    ))
}

/// How it stands: the clock in a sentence, or what came of it.
fn standing(request: &Request, today: NaiveDate) -> AnyView {
    if let Some(words) = words::finished(request, today) {
        return view! { <p class="wb-lead">{words}</p> }.into_any();
    }
    let words = words::clock(&request.timing, today);
    if request.due_on.is_some_and(|due| due < today) {
        view! { <Notice title="This is late" kind=NoticeKind::Bad><p>{words}</p></Notice> }
            .into_any()
    } else {
        view! { <p class="wb-lead">{words}</p> }.into_any()
    }
}

/// What was asked, by whom, and what was said since.
fn told(whole: Whole, of_courses: bool, today: NaiveDate) -> impl IntoView {
    let Whole {
        request,
        asked,
        longer_why,
        outcome_why,
    } = whole;
    let who = match request.person_id {
        Some(id) if of_courses => {
            let href = format!("/desk/people/{id}");
            view! { <a href=href>{request.name.clone()}</a> }.into_any()
        }
        _ => request.name.clone().into_any(),
    };
    let mut rows = vec![
        SummaryRow::new("What they ask for", request.timing.kind.words()),
        SummaryRow::view("Whose data", who),
    ];
    if let Some(contact) = &request.contact {
        rows.push(SummaryRow::new("How we reach them", contact.clone()));
    }
    let came = format!(
        "{}, on {}",
        request.channel.words(),
        dates::day(request.timing.received_on, today)
    );
    rows.extend([
        SummaryRow::new("How it came", came),
        SummaryRow::new("Is it them?", words::identity(&request.timing, today)),
        SummaryRow::new("Who looks after it", words::with_whom(&request)),
    ]);
    if let Some(on) = request.timing.extended_on {
        let words = format!("They were told on {}", dates::day(on, today));
        rows.push(SummaryRow::new("Two months longer", words));
    }
    let part = |id: &'static str, title: &'static str, words: String| {
        view! {
            <section class="wb-block" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <p class="wb-note-words">{words}</p>
            </section>
        }
    };
    view! {
        <SummaryList rows=rows />
        {part("asked", "What they ask", asked)}
        {longer_why.map(|words| part("longer", "Why it takes longer", words))}
        {outcome_why.map(|words| part("outcome", "What came of it", words))}
    }
}

/// What can be done about it now.
fn actions(
    request: &Request,
    form: &FormState,
    colleagues: &[Colleague],
    today: NaiveDate,
) -> impl IntoView + use<> {
    let (timing, path) = (&request.timing, request.path());
    let fits = |step| timing.after(step, today).is_some();
    let button = |value: &'static str, words: &'static str| {
        view! { <Button kind=ButtonKind::Outlined name="do" value=value>{words}</Button> }
    };
    let dated = |value: &'static str, question: &'static str, words: &'static str| {
        let form = form.clone();
        view! {
            <Form>
                <DateField form=&form name="day" label=Label::bold(question) hint="For example, 31 3 2027" />
                {button(value, words)}
            </Form>
        }
    };
    let waits_for = match (timing.identity, timing.waiting_since) {
        (Identity::Asked(_), _) => {
            let shown = dated(
                "shown",
                "On which day did they show who they are?",
                "They have shown it",
            );
            let back = button("not-asked", "We did not have to ask");
            Some(view! { {shown} <Form>{back}</Form> }.into_any())
        }
        (_, Some(_)) => Some(
            dated(
                "heard",
                "On which day did they answer?",
                "They have answered",
            )
            .into_any(),
        ),
        _ => None,
    };
    let ask = fits(Step::AskIdentity).then(|| {
        dated(
            "ask",
            "On which day did we ask them to show who they are?",
            "We asked them to show who they are",
        )
    });
    let wait = fits(Step::Wait).then(|| {
        let button = button("wait", "We asked them what exactly they want");
        view! { <Form>{button}</Form> }
    });
    let asks = (ask.is_some() || wait.is_some()).then(|| {
        let stops = (timing.kind != Kind::Complaint).then(|| {
            view! { <p>"Ask only what we have to know. The clock stands still until they answer."</p> }
        });
        view! { {stops} {wait} {ask} }
    });
    let longer = fits(Step::Extend).then(|| {
        let href = format!("{path}/longer");
        view! { <a href=href>"It takes two months longer"</a> }
    });
    let finish = format!("{path}/finish");
    let (form, owners) = (form.clone(), owners(colleagues));
    view! {
        <section class="wb-block" aria-labelledby="next">
            <h2 id="next">"What happens next"</h2>
            {waits_for}
            {asks}
            <p class="wb-buttons"><ButtonLink href=finish>"Finish it"</ButtonLink> {longer}</p>
        </section>
        <section class="wb-block" aria-labelledby="with">
            <h2 id="with">"Give it to somebody else"</h2>
            <Form>
                <Select form=&form name="owner" label=Label::bold("Who looks after it?") choices=owners />
                {button("give", "Save")}
            </Form>
        </section>
    }
}

/// The line in the audit for what is done about a request.
pub fn entry(app: &App, desk: &Desk<Requests>, request: &Request, action: Action) -> Result<Entry> {
    let entry = Entry::by(app, desk.by(), action)?.about(request.id);
    Ok(match request.person_id {
        Some(person) => entry.of(person),
        None => entry,
    })
}

/// Back to the page, which says what became of it.
pub fn answer(app: &App, request: &Request, done: Done) -> Response {
    let said = match done {
        Done::Yes => Said::RequestSaved,
        Done::Already => Said::RequestAsItWas,
        Done::Finished => Said::RequestIsFinished,
    };
    said.and_see(app, &request.path())
}
