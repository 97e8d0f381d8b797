//! The pages of staff accounts.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::handlers::HERE;
use super::store::{A_PAGE, Coordinated};
use super::{HandOver, OFFERED, Worker};
use crate::accounts::model::Who;
use crate::accounts::roles::Role;
use crate::accounts::said::Said;
use crate::privacy::requests::Own;
use crate::server::App;
use crate::staff::desk::in_desk;
use crate::staff::invitations::Invited;
use crate::staff::letters::{invited_as, role_words};
use crate::staff::papers::{Paper, Papers};
use crate::staff::rights::{Courses, Right as _};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// Papers in a sentence, for the record.
pub fn paper_words(papers: &Papers) -> String {
    let each = Paper::ALL.map(|paper| match papers.until(paper) {
        Some(until) => format!("{} until {until}", paper.words()),
        None => format!("{}: no date", paper.words()),
    });
    each.join("; ")
}

/// What a role opens, in a line.
const fn opens(role: Role) -> &'static str {
    match role {
        Role::Owner => "Staff accounts and the record. No details of people who book.",
        Role::CourseAdmin => "Courses, bookings and the people who book.",
        Role::Tutor => "Name, phone and email of who comes to their own runs. Nothing else.",
        Role::Communications => "How people found the courses, in numbers. No details of anybody.",
        Role::DataProtection => "The record of who looked at whose details.",
        Role::Commissioner => "Published reports. No details of anybody.",
        _ => "",
    }
}

/// For the list, the file and the page of whoever has codes by text, and more to do than lead courses.
pub const NEEDS_APP: &str = "By text. An app is needed before a desk opens";

const fn two_step_words(worker: &Worker) -> &'static str {
    if worker.needs_app() {
        NEEDS_APP
    } else if worker.two_step {
        "Set up"
    } else {
        "Not set up"
    }
}

/// What stands on the page of the list besides it.
pub struct Known {
    /// Who is invited.
    pub invited: Vec<Invited>,
    /// When somebody last looked through the list, and who.
    pub reviewed: Option<(DateTime<Utc>, Option<String>)>,
    /// The key of the form that says so.
    pub key: String,
}

/// Who last looked through the list, and when.
fn reviewed_words(reviewed: Option<(DateTime<Utc>, Option<String>)>) -> String {
    let Some((at, name)) = reviewed else {
        return "Nobody has noted yet that they looked through it.".to_owned();
    };
    let day = dates::full_day(dates::day_of(at));
    let name = name.unwrap_or_else(|| "somebody whose name is erased".to_owned());
    format!("Last looked through on {day} by {name}.")
}

/// Everybody who works here, and who is invited.
pub fn list(
    app: &App,
    who: &Who,
    everybody: Vec<Worker>,
    sort: Sort,
    (number, count): (u32, i64),
    known: Known,
    heard: Option<Said>,
) -> String {
    let today = dates::day_of(app.clock.now());
    let Known {
        invited,
        reviewed,
        key,
    } = known;
    let reviewed = reviewed_words(reviewed);
    let list = List::new(HERE, sort);
    in_desk(app, who, "Staff", HERE, false, move || {
        let rows: Vec<Vec<AnyView>> = everybody
            .into_iter()
            .map(|worker| {
                let href = format!("{HERE}/{}", worker.account_id);
                let overdue: Vec<_> = worker
                    .papers
                    .overdue(today)
                    .iter()
                    .map(|p| p.words())
                    .collect();
                let papers = if overdue.is_empty() {
                    "In date".to_owned()
                } else {
                    format!("Needs a new date: {}", overdue.join(", "))
                };
                let seen = worker
                    .seen_at
                    .map_or_else(|| "Not yet".to_owned(), |at| dates::day_and_time(at, today));
                let two_step = two_step_words(&worker);
                vec![
                    view! { <a href=href>{worker.name}</a> }.into_any(),
                    role_words(worker.roles).into_any(),
                    two_step.into_any(),
                    papers.into_any(),
                    seen.into_any(),
                ]
            })
            .collect();
        let invitations = (!invited.is_empty()).then(|| {
            let rows: Vec<Vec<AnyView>> = invited
                .into_iter()
                .map(|one| {
                    let until = if one.is_over {
                        "Has run out".to_owned()
                    } else {
                        dates::until(one.expires_at, today)
                    };
                    let (id, name) = (one.id.to_string(), one.full_name.clone());
                    vec![
                        one.full_name.into_any(),
                        one.email.into_any(),
                        invited_as(one.roles, one.organisation.as_deref()).into_any(),
                        until.into_any(),
                        view! {
                            <form method="post" action="/desk/staff/invitations/withdraw">
                                <input type="hidden" name="id" value=id />
                                <button type="submit" class="wb-link-button">
                                    "Withdraw" <span class="govuk-visually-hidden">" the invitation of " {name}</span>
                                </button>
                            </form>
                        }
                        .into_any(),
                    ]
                })
                .collect();
            view! {
                <section class="wb-block" aria-labelledby="invited">
                    <h2 id="invited">"Invited"</h2>
                    <Table caption="Who is invited and has not said yes" stacks=true columns=vec![
                        Column::new("Name"), Column::new("Email"), Column::new("Roles"), Column::new("Works until"),
                        Column::new("Take back"),
                    ] rows=rows />
                </section>
            }
        });
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <div class="wb-desk-head">
                <h1>"Staff"</h1>
                <ButtonLink href="/desk/staff/invite">"Invite somebody"</ButtonLink>
            </div>
            <p>"Look through this list every three months: does everybody here still work with us, and need what they have?"</p>
            <p>{reviewed}</p>
            <Form key=key>
                <Button kind=ButtonKind::Outlined>"We have looked through it"</Button>
            </Form>
            {list.sort_form(count)}
            <Table caption="Who works here" stacks=true columns=vec![
                list.sorts("name", Column::new("Name")), list.sorts("roles", Column::new("Roles")),
                list.sorts("two-step", Column::new("Two-step sign-in")),
                list.sorts("training", Column::new("Training and papers")), list.sorts("seen", Column::new("Last here")),
            ] rows=rows />
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
            {invitations}
        }
    })
}

/// One of them.
pub fn one(
    app: &App,
    who: &Who,
    worker: &Worker,
    coordinated: Vec<Coordinated>,
    heard: Option<Said>,
) -> String {
    let today = dates::day_of(app.clock.now());
    let base = format!("{HERE}/{}", worker.account_id);
    let worker = worker.clone();
    let own = worker.account_id == who.account_id;
    let two_step = two_step_words(&worker);
    in_desk(app, who, &worker.name.clone(), HERE, false, move || {
        let papers = Paper::ALL.map(|paper| {
            let words = match worker.papers.until(paper) {
                Some(until) if until < today => format!("Ended on {}", dates::full_day(until)),
                Some(until) => format!("Until {}", dates::full_day(until)),
                None if paper == Paper::Dbs => "No date. Not asked for.".to_owned(),
                None => "No date yet. Until there is one, people’s details stay closed.".to_owned(),
            };
            SummaryRow::new(paper.words(), words).change(format!("{base}/papers"))
        });
        let mut rows = vec![
            SummaryRow::new("Email address", worker.email),
            SummaryRow::new("Roles", role_words(worker.roles)).change(format!("{base}/roles")),
        ];
        if let (Some(tutor), Some(id)) = (worker.tutor, worker.tutor_id) {
            let row = SummaryRow::new("Teaches as", tutor);
            rows.push(row.change(format!("/desk/tutors/{id}/account")));
        } else if worker.roles.has(Role::Tutor) {
            let row = SummaryRow::new(
                "Teaches as",
                "Nobody yet. They see no list until you choose them on a tutor’s page.",
            );
            rows.push(row.action("/desk/tutors", "Tutors"));
        }
        for one in coordinated {
            let href = format!("/desk/organisations/{}", one.id);
            rows.push(SummaryRow::view(
                "Coordinates",
                view! { <a href=href>{one.name}</a> },
            ));
        }
        rows.push(if worker.two_step {
            let row = SummaryRow::new("Two-step sign-in", two_step);
            if own {
                row
            } else {
                row.action(format!("{base}/second-step"), "Lost phone")
            }
        } else {
            SummaryRow::new(
                "Two-step sign-in",
                "Not set up. No desk is open to them yet.",
            )
        });
        rows.extend(papers);
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All staff"</a></nav>
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>{worker.name}</h1>
            <SummaryList rows=rows />
            <p><a href=format!("{base}/remove")>"Remove from the team"</a></p>
        }
    })
}

/// What they may do; and the requests that would be with nobody when they may not open them any more.
pub fn roles(app: &App, who: &Who, worker: &Worker, requests: Vec<Own>, form: FormState) -> String {
    let now = app.clock.now();
    let (name, back) = (worker.name.clone(), format!("{HERE}/{}", worker.account_id));
    let failed = form.has_errors();
    in_desk(app, who, "Change roles", HERE, failed, move || {
        let words = "They look after these requests about people’s data. When they are neither owner nor data protection officer \
                     any more, nobody does:";
        let own = own_requests(requests, words, now);
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>"What may " {name} " do?"</h1>
                <Form clone:form>
                    {role_boxes(&form)}
                    {own}
                    <p>"It counts at once, on every page they open next."</p>
                    <Button>"Save the roles"</Button>
                </Form>
            </div>
        }
    })
}

/// The boxes for roles.
pub fn role_boxes(form: &FormState) -> impl IntoView + use<> {
    let choices = OFFERED
        .map(|role| Choice::new(role.name(), role.words()).hint(opens(role)))
        .to_vec();
    view! { <Checkboxes form=form name="roles" label=Label::bold("Roles") choices=choices /> }
}

/// Until when training and papers are good.
pub fn papers(app: &App, who: &Who, worker: &Worker, form: FormState) -> String {
    let (name, back) = (worker.name.clone(), format!("{HERE}/{}", worker.account_id));
    let failed = form.has_errors();
    in_desk(app, who, "Training and papers", HERE, failed, move || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Training and papers of " {name}</h1>
                <p>"The last day on which each is good, like 31 3 2027. From the day after, people’s details stay closed to them. \
                    We write to them 30 days before."</p>
                <Form clone:form>
                    <TextField form=&form name="data-training" label=Label::bold("Data training, until")
                        class="govuk-input--width-10" />
                    <TextField form=&form name="confidentiality" label=Label::bold("Confidentiality agreement, until")
                        class="govuk-input--width-10" />
                    <TextField form=&form name="dbs" label=Label::bold("DBS check, until")
                        hint="Leave it empty for somebody who needs none" class="govuk-input--width-10" />
                    <Button>"Save the dates"</Button>
                </Form>
            </div>
        }
    })
}

/// "Lost phone": their codes are taken away, so that they can set up new ones.
pub fn second_step(app: &App, who: &Who, worker: &Worker) -> String {
    let (name, back) = (worker.name.clone(), format!("{HERE}/{}", worker.account_id));
    in_desk(app, who, "Lost phone", HERE, false, move || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <h1>"Has " {name.clone()} " lost their phone?"</h1>
                <p>"Do this when they have neither the phone with the codes nor a recovery code. Be sure that it is they who \
                    ask: ring them on a number that you know, or see them."</p>
                <p>"They are signed out everywhere, and we write to them. Then they sign in with their password and set up \
                    two-step sign-in again. Until then no desk is open to them."</p>
                <Form>
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Take their codes away"</Button>
                        <a href=back>"No, leave them as they are"</a>
                    </div>
                </Form>
            </div>
        }
    })
}

/// "Remove from the team?": what there is to hand over first.
pub fn remove(app: &App, who: &Who, worker: &Worker, over: HandOver, form: FormState) -> String {
    let now = app.clock.now();
    let (name, back) = (worker.name.clone(), format!("{HERE}/{}", worker.account_id));
    let failed = form.has_errors();
    let of_courses = who.roles.first_of(Courses::ROLES).is_some();
    in_desk(app, who, "Remove from the team", HERE, failed, move || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Remove " {name.clone()} " from the team?"</h1>
                {handing_over(over, of_courses, now)}
                <p>"They are signed out everywhere in the same moment, and can open no desk any more. Their own bookings, \
                    if they have any, stay as they are."</p>
                <Form clone:form>
                    <Checkboxes form=&form name="destroyed" choices=vec![
                        Choice::new("yes", "Prints, files and messages with people’s details are destroyed or handed back"),
                    ] />
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Remove from the team"</Button>
                        <a href=back>"No, keep them"</a>
                    </div>
                </Form>
            </div>
        }
    })
}

/// What there is to hand over, each with a link to where it is changed. Whoever cannot open the course desk finds the public
/// page.
fn handing_over(over: HandOver, of_courses: bool, now: DateTime<Utc>) -> AnyView {
    let today = dates::day_of(now);
    let HandOver {
        runs,
        sessions,
        organisations,
        requests,
    } = over;
    let nothing = runs.is_empty() && sessions.is_empty() && organisations.is_empty();
    if nothing && requests.is_empty() {
        return view! { <p>"They have no runs to hand over."</p> }.into_any();
    }
    let place = |id: uuid::Uuid, page: &str, slug: &str| {
        if of_courses {
            format!("/desk/runs/{id}/{page}")
        } else {
            format!("/courses/{slug}")
        }
    };
    let runs: Vec<_> = runs
        .into_iter()
        .map(|run| {
            let begins = if run.starts_at > now {
                "begins"
            } else {
                "began"
            };
            let words = format!(
                ": {begins} {}, ends {}",
                dates::day(dates::day_of(run.starts_at), today),
                dates::day(dates::day_of(run.ends_at), today)
            );
            let href = place(run.id, "change", &run.slug);
            view! { <li><a href=href>{run.title}</a> {words}</li> }
        })
        .collect();
    let sessions: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let href = place(session.run_id, "lists", &session.slug);
            let words = format!(": {}", dates::day_and_time(session.starts_at, today));
            view! { <li><a href=href>{session.title}</a> {words}</li> }
        })
        .collect();
    let organisations: Vec<_> = organisations
        .into_iter()
        .map(|one| {
            let href = format!("/desk/organisations/{}", one.id);
            view! { <li><a href=href>{one.name}</a></li> }
        })
        .collect();
    let runs = (!runs.is_empty()).then(|| {
        view! { <p>"These runs need another tutor:"</p> <div class="wb-words"><ul>{runs}</ul></div> }
    });
    let sessions = (!sessions.is_empty()).then(|| {
        view! { <p>"They stand in for these sessions:"</p> <div class="wb-words"><ul>{sessions}</ul></div> }
    });
    let organisations = (!organisations.is_empty()).then(|| {
        view! { <p>"Nobody else coordinates:"</p> <div class="wb-words"><ul>{organisations}</ul></div> }
    });
    let words = "They look after these requests about people’s data. When they go, nobody does:";
    let requests = own_requests(requests, words, now);
    view! { {runs} {sessions} {organisations} {requests} }.into_any()
}

/// The open requests that somebody looks after, with what becomes of them.
fn own_requests(
    requests: Vec<Own>,
    words: &'static str,
    now: DateTime<Utc>,
) -> Option<impl IntoView> {
    let requests: Vec<_> = requests
        .into_iter()
        .map(|one| {
            let (href, words) = (one.path(), format!(": {}", one.words(now)));
            view! { <li><a href=href>{one.reference}</a> {words}</li> }
        })
        .collect();
    (!requests.is_empty()).then(|| {
        view! { <p>{words}</p> <div class="wb-words"><ul>{requests}</ul></div> }
    })
}
