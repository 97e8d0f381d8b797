//! The pages of tutors.

use axum::response::Response;
use leptos::prelude::*;

use super::handlers::NONE;
use super::store::A_PAGE;
use super::{Candidate, HERE, Led, Tutor};
use crate::accounts::model::Who;
use crate::accounts::said::Said;
use crate::server::App;
use crate::staff::desk::{form_in_desk, in_desk};
use crate::staff::rights::{Courses, Right as _, StaffAccounts};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::list::{List, Sort};
use crate::ui::pieces::*;

/// All of them, or those that were searched for.
pub fn list(
    app: &App,
    who: &Who,
    all: Vec<Tutor>,
    (words, sort): (&str, Sort),
    (number, count): (u32, i64),
    heard: Option<Said>,
) -> String {
    in_desk(app, who, "Tutors", HERE, false, || {
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
            .map(|tutor| {
                let runs = match tutor.runs {
                    0 => "None".to_owned(),
                    1 => "1 run".to_owned(),
                    n => format!("{n} runs"),
                };
                let href = tutor.path();
                let account = tutor
                    .account_name
                    .unwrap_or_else(|| "No account. Cannot see a list".to_owned());
                vec![
                    view! { <a href=href>{tutor.full_name}</a> }.into_any(),
                    runs.into_any(),
                    account.into_any(),
                ]
            })
            .collect();
        let table = if rows.is_empty() {
            let (title, next) = if searched {
                ("No tutor has this name", "Try fewer letters.")
            } else {
                (
                    "No tutors yet",
                    "Add one, then choose them on a run’s page.",
                )
            };
            view! { <EmptyState title=title level=2><p>{next}</p></EmptyState> }.into_any()
        } else {
            view! {
                <Table caption="Who leads courses" stacks=true columns=vec![
                    list.sorts("name", Column::new("Name")), list.sorts("runs", Column::new("Runs now and to come")),
                    list.sorts("account", Column::new("Signs in as")),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <div class="wb-desk-head">
                <h1>"Tutors"</h1>
                <ButtonLink href="/desk/tutors/add">"Add a tutor"</ButtonLink>
            </div>
            {search}
            {table}
            {list.files(count)}
            {list.pages(number, count, A_PAGE)}
        }
    })
}

/// One of them.
pub fn one(app: &App, who: &Who, tutor: &Tutor, runs: Vec<Led>, heard: Option<Said>) -> String {
    let today = dates::day_of(app.clock.now());
    let own = tutor.path();
    let of_staff = who.roles.first_of(StaffAccounts::ROLES).is_some();
    let of_courses = who.roles.first_of(Courses::ROLES).is_some();
    let tutor = tutor.clone();
    in_desk(app, who, &tutor.full_name.clone(), HERE, false, move || {
        let rows: Vec<Vec<AnyView>> = runs
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
                    (if run.stands_in {
                        "Stands in"
                    } else {
                        "Leads it"
                    })
                    .into_any(),
                ]
            })
            .collect();
        let table = if rows.is_empty() {
            view! { <p>"They lead nothing now, and nothing to come."</p> }.into_any()
        } else {
            view! {
                <Table caption="Runs now and to come" stacks=true columns=vec![
                    Column::new("Run"), Column::new("Starts"), Column::new("Ends"), Column::new("How"),
                ] rows=rows />
            }
            .into_any()
        };
        let account = match (tutor.account_name, tutor.account_id) {
            (Some(name), Some(id)) if of_staff => {
                let href = format!("/desk/staff/{id}");
                view! { <a href=href>{name}</a> }.into_any()
            }
            (Some(name), _) => name.into_any(),
            _ => "No account. They cannot see who is coming.".into_any(),
        };
        let about = if tutor.about.is_empty() {
            "Nothing yet".to_owned()
        } else {
            tutor.about
        };
        let rows = vec![
            SummaryRow::new("Full name", tutor.full_name.clone()).change(format!("{own}/words")),
            SummaryRow::new("Name on the site", tutor.known_as).change(format!("{own}/words")),
            SummaryRow::new("About them", about).change(format!("{own}/words")),
            SummaryRow::view("Signs in as", account).change(format!("{own}/account")),
        ];
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All tutors"</a></nav>
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>{tutor.full_name}</h1>
            <SummaryList rows=rows />
            <section class="wb-block" aria-labelledby="runs"><h2 id="runs">"Runs"</h2> {table}</section>
        }
    })
}

/// What the site says of one, or of a new one.
pub fn words(app: &App, who: &Who, tutor: Option<&Tutor>, form: FormState) -> Response {
    let failed = form.has_errors();
    let (title, back) = match tutor {
        Some(tutor) => ("Change what the site says", tutor.path()),
        None => ("Add a tutor", HERE.to_owned()),
    };
    form_in_desk(app, who, title, HERE, failed, || {
        let key = form.value(FORM_KEY).to_owned();
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>{title}</h1>
                <Form key=key clone:form>
                    <TextField form=&form name="full-name" label=Label::bold("Full name") spellcheck=false
                        hint="For the team" class="govuk-input--width-20" />
                    <TextField form=&form name="known-as" label=Label::bold("Name on the site") spellcheck=false
                        hint="Often the first name. Everybody can read it" class="govuk-input--width-20" />
                    <TextArea form=&form name="about" label="About them"
                        hint="A few friendly words, up to 500 letters. Everybody can read them. You may leave it empty" rows=4 />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}

/// Which account one signs in with.
pub fn account(
    app: &App,
    who: &Who,
    tutor: &Tutor,
    all: Vec<Candidate>,
    form: FormState,
) -> Response {
    let failed = form.has_errors();
    let back = tutor.path();
    let name = tutor.full_name.clone();
    form_in_desk(app, who, "Choose an account", HERE, failed, || {
        let mut choices = vec![Choice::new(NONE, "None")];
        choices.extend(all.into_iter().map(|one| {
            Choice::new(
                one.account_id.to_string(),
                format!("{}, {}", one.name, one.email),
            )
        }));
        view! {
            <div class="wb-measure">
                <nav aria-label="Back"><a href=back class="govuk-back-link">"Back"</a></nav>
                <ErrorSummary form=&form />
                <h1>"Which account does " {name} " sign in with?"</h1>
                <p>"That account sees the name, phone and email of who comes to what they lead. Be sure that it is the same \
                    person. An account that is taken off sees nothing of it from its next click on."</p>
                <Form clone:form>
                    <Select form=&form name="account" label=Label::bold("Account") choices=choices
                        hint="Accounts with the role Tutor that no other tutor has" />
                    <Button>"Save"</Button>
                </Form>
            </div>
        }
    })
}
