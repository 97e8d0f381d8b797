//! The pages of organisations.

use axum::response::Response;
use leptos::prelude::*;

use super::store::A_PAGE;
use super::{Coordinator, Given, HERE, Organisation};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::server::App;
use crate::staff::desk::{form_in_desk, in_desk};
use crate::staff::invitations::Invited;
use crate::staff::rights::{Courses, Right as _, StaffAccounts};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// "1 person", "3 people", "Nobody".
fn people(n: i64) -> String {
    match n {
        0 => "Nobody".to_owned(),
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    }
}

/// "1 run", "3 runs", "None".
fn runs(n: i64) -> String {
    match n {
        0 => "None".to_owned(),
        1 => "1 run".to_owned(),
        n => format!("{n} runs"),
    }
}

/// All of them, or those that were searched for.
pub fn list(
    app: &App,
    who: &Who,
    all: Vec<Organisation>,
    (words, sort): (&str, Sort),
    (number, count): (u32, i64),
    heard: Option<Said>,
) -> String {
    in_desk(app, who, "Organisations", HERE, false, || {
        let searched = !words.is_empty();
        let form = FormState::empty().with("words", words);
        let list = List::new(HERE, sort).with("words", words);
        let search = (searched || count > 1).then(|| {
            view! {
                <form method="get" action=HERE class="wb-desk-search" novalidate>
                    <TextField form=&form name="words" label=Label::bold("Name") class="govuk-input--width-20" />
                    {list.sort_field()}
                    <Button kind=ButtonKind::Outlined>"Show"</Button>
                </form>
            }
        });
        let rows: Vec<Vec<AnyView>> = all
            .into_iter()
            .map(|one| {
                let closed = one
                    .is_closed()
                    .then(|| view! { " " <span class="wb-small">"Closed"</span> });
                vec![
                    view! { <a href=one.path()>{one.name.clone()}</a> {closed} }.into_any(),
                    runs(one.runs).into_any(),
                    people(one.coordinators).into_any(),
                ]
            })
            .collect();
        let table = if rows.is_empty() {
            let (title, next) = if searched {
                ("No organisation has this name", "Try fewer letters.")
            } else {
                (
                    "No organisations yet",
                    "Add one when another organisation gives courses with us.",
                )
            };
            view! { <EmptyState title=title level=2><p>{next}</p></EmptyState> }.into_any()
        } else {
            view! {
                <Table caption="Organisations that give courses" stacks=true columns=vec![
                    list.sorts("name", Column::new("Name")), list.sorts("runs", Column::new("Runs now and to come")),
                    list.sorts("coordinators", Column::new("Coordinators")),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <div class="wb-desk-head">
                <h1>"Organisations"</h1>
                <ButtonLink href="/desk/organisations/add">"Add an organisation"</ButtonLink>
            </div>
            <p>"Other organisations that give courses with us. Their coordinators see the name, phone and email of who comes to \
                what they give, and nothing else."</p>
            {search}
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    })
}

/// What a page of one shows.
pub struct Known {
    pub runs: Vec<Given>,
    pub coordinators: Vec<Coordinator>,
    pub invited: Vec<Invited>,
}

/// One of them.
pub fn one(
    app: &App,
    who: &Who,
    organisation: &Organisation,
    known: Known,
    heard: Option<Said>,
) -> String {
    let (now, own) = (app.clock.now(), organisation.path());
    let today = dates::day_of(now);
    let of_staff = who.roles.first_of(StaffAccounts::ROLES).is_some();
    let of_courses = who.roles.first_of(Courses::ROLES).is_some();
    let open = !organisation.is_closed();
    in_desk(app, who, &organisation.name, HERE, false, || {
        let rows: Vec<Vec<AnyView>> = known
            .runs
            .into_iter()
            .map(|run| {
                let title = if of_courses {
                    let href = format!("/desk/runs/{}", run.id);
                    view! { <a href=href>{run.title}</a> }.into_any()
                } else {
                    run.title.into_any()
                };
                vec![
                    title,
                    dates::day_and_time(run.starts_at, today).into_any(),
                    dates::day(dates::day_of(run.ends_at), today).into_any(),
                    run.tutor
                        .unwrap_or_else(|| "No tutor yet".to_owned())
                        .into_any(),
                ]
            })
            .collect();
        let runs = if rows.is_empty() {
            view! { <p>"It gives no runs now, and none to come. A run’s page says who gives it, under “Room, stand-ins, who sees the list”."</p> }
                .into_any()
        } else {
            view! {
                <Table caption="Runs now and to come" stacks=true columns=vec![
                    Column::new("Run"), Column::new("Starts"), Column::new("Ends"), Column::new("Tutor"),
                ] rows=rows />
            }
            .into_any()
        };
        let team = team(&own, known.coordinators, of_staff);
        let invited = invited(known.invited, of_staff, today);
        let invite = match (open, of_staff) {
            (false, _) => None,
            (true, true) => {
                let href = format!("{own}/invite");
                Some(view! { <ButtonLink href=href>"Invite a coordinator"</ButtonLink> }.into_any())
            }
            (true, false) => Some(
                view! { <p>"Whoever looks after staff accounts can invite a coordinator."</p> }
                    .into_any(),
            ),
        };
        let closed = organisation.ended_at.map(|at| {
            let words = format!(
                "Closed on {}. It cannot be chosen for a run, and nobody sees a list by it.",
                dates::full_day(dates::day_of(at))
            );
            view! { <Notice title="This organisation is closed"><p>{words}</p></Notice> }
        });
        let change = open.then(|| {
            view! {
                <p class="wb-buttons">
                    <a href=format!("{own}/name")>"Change the name"</a>
                    <a href=format!("{own}/close")>"Close this organisation"</a>
                </p>
            }
        });
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All organisations"</a></nav>
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>{organisation.name.clone()}</h1>
            {closed}
            <section class="wb-block" aria-labelledby="runs"><h2 id="runs">"Runs"</h2> {runs}</section>
            <section class="wb-block" aria-labelledby="coordinators">
                <h2 id="coordinators">"Coordinators"</h2>
                {team}
                {invited}
                {invite}
            </section>
            {change}
        }
    })
}

fn team(own: &str, all: Vec<Coordinator>, of_staff: bool) -> AnyView {
    if all.is_empty() {
        return view! { <p>"Nobody coordinates it yet."</p> }.into_any();
    }
    let mut columns = vec![Column::new("Name"), Column::new("Email")];
    if of_staff {
        columns.push(Column::new("Take off"));
    }
    let rows: Vec<Vec<AnyView>> = all
        .into_iter()
        .map(|one| {
            let name = if of_staff {
                let href = format!("/desk/staff/{}", one.account_id);
                view! { <a href=href>{one.name.clone()}</a> }.into_any()
            } else {
                one.name.clone().into_any()
            };
            let mut cells = vec![name, one.email.into_any()];
            if of_staff {
                let href = format!("{own}/coordinators/{}", one.account_id);
                cells.push(
                    view! { <a href=href>"Take off" <span class="govuk-visually-hidden">" " {one.name}</span></a> }
                        .into_any(),
                );
            }
            cells
        })
        .collect();
    view! { <Table caption="Who coordinates it" stacks=true columns=columns rows=rows /> }
        .into_any()
}

fn invited(
    all: Vec<Invited>,
    of_staff: bool,
    today: chrono::NaiveDate,
) -> Option<impl IntoView + use<>> {
    (!all.is_empty()).then(|| {
        let items: Vec<_> = all
            .into_iter()
            .map(|one| {
                let until = if one.is_over {
                    "has run out".to_owned()
                } else {
                    format!("works until {}", dates::until(one.expires_at, today))
                };
                view! { <li>{format!("{}, {}: {until}", one.full_name, one.email)}</li> }
            })
            .collect();
        let back = of_staff.then(|| view! { <p>"You can take one back under " <a href="/desk/staff">"Staff"</a> "."</p> });
        view! {
            <h3>"Invited"</h3>
            <div class="wb-words"><ul>{items}</ul></div>
            {back}
        }
    })
}

/// The name of one, or of a new one.
pub fn name(
    app: &App,
    who: &Who,
    organisation: Option<&Organisation>,
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let (title, back) = match organisation {
        Some(organisation) => ("Change the name", organisation.path()),
        None => ("Add an organisation", HERE.to_owned()),
    };
    form_in_desk(app, who, title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <Form key=key clone:form>
                    <TextField form=&form name="name" label=Label::bold("Name of the organisation") spellcheck=false
                        class="govuk-input--width-20" />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}

/// "Close?": what will happen.
pub fn close(app: &App, who: &Who, organisation: &Organisation) -> String {
    let back = organisation.path();
    let name = organisation.name.clone();
    let runs = match organisation.runs {
        0 => "It gives no runs now, and none to come.".to_owned(),
        1 => "Its 1 run takes place as planned. People keep their places, and its tutor keeps the list. Say on the run’s page if somebody else gives it now.".to_owned(),
        n => format!("Its {n} runs take place as planned. People keep their places, and the tutors keep their lists. Say on each run’s page if somebody else gives it now."),
    };
    let team = match organisation.coordinators {
        0 => "Nobody coordinates it.".to_owned(),
        1 => "1 person coordinates it. They see none of its lists from their next click on."
            .to_owned(),
        n => format!(
            "{n} people coordinate it. They see none of its lists from their next click on."
        ),
    };
    in_desk(app, who, "Close this organisation", HERE, false, || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <h1>"Close " {name} "?"</h1>
                <div class="wb-words"><ul>
                    <li>{team}</li>
                    <li>"Invitations that nobody has answered stop working."</li>
                    <li>{runs}</li>
                    <li>"It cannot be chosen for a run any more. This cannot be taken back."</li>
                </ul></div>
                <Form>
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Close this organisation"</Button>
                        <a href=back>"No, keep it"</a>
                    </div>
                </Form>
            </div>
        }
    })
}

/// Inviting somebody to coordinate one.
pub fn invite(app: &App, who: &Who, organisation: &Organisation, form: FormState) -> Response {
    let failed = form.has_errors();
    let back = organisation.path();
    let name = organisation.name.clone();
    form_in_desk(app, who, "Invite a coordinator", HERE, failed, || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Invite a coordinator for " {name}</h1>
                <p>"They will see the name, phone and email of who comes to what this organisation gives. They see nothing of \
                    other courses."</p>
                <p>"They get an email with a link that works for 7 days. If they have not answered another invitation yet, that \
                    one stops working."</p>
                <Form clone:form>
                    <TextField form=&form name="full-name" label=Label::bold("Full name") spellcheck=false
                        class="govuk-input--width-20" />
                    <TextField form=&form name="email" label=Label::bold("Email address")
                        hint="Their own, not one that others read" kind="email" spellcheck=false class="govuk-input--width-20" />
                    <Button>"Send the invitation"</Button>
                </Form>
            </div>
        }
    })
}

/// "Take off?": somebody who coordinates one.
pub fn take_off(
    app: &App,
    who: &Who,
    organisation: &Organisation,
    coordinator: &Coordinator,
) -> String {
    let back = organisation.path();
    let (name, whom) = (organisation.name.clone(), coordinator.name.clone());
    let alone = (organisation.coordinators == 1).then(|| {
        view! { <p>"Nobody else coordinates it. The course team and the tutors go on as before."</p> }
    });
    in_desk(app, who, "Take a coordinator off", HERE, false, || {
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back.clone() class="govuk-back-link">"Back"</a></nav>
                <h1>"Take " {whom} " off " {name} "?"</h1>
                <p>"They see none of its lists from their next click on. Whatever else they do here stays as it is."</p>
                {alone}
                <Form>
                    <div class="wb-buttons">
                        <Button kind=ButtonKind::Warning>"Take them off"</Button>
                        <a href=back>"No, leave it as it is"</a>
                    </div>
                </Form>
            </div>
        }
    })
}
