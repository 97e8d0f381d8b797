//! Finding the other record, and comparing the two.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use leptos::prelude::*;

use super::values::{PARTS, Values};
use super::{Two, compare_path};
use crate::accounts::sign_up::rules::phone_words;
use crate::people_desk::model::{Found, Person};
use crate::people_desk::{HERE, path};
use crate::server::App;
use crate::server::http::{Keep, page};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::pieces::*;

pub fn find(
    app: &App,
    desk: &Desk<Courses>,
    person: Person,
    form: FormState,
    found: Vec<Found>,
) -> Response {
    let failed = form.has_errors();
    let status = if failed {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let title = format!("Find another record of {}", person.full_name);
    let html = in_desk(app, desk.who(), &title.clone(), HERE, failed, move || {
        let back = path(person.id);
        let action = format!("{}/merge", path(person.id));
        let rows: Vec<Vec<AnyView>> = found.into_iter().map(|one| other(&person, one)).collect();
        let table = if rows.is_empty() {
            view! { <p>"Nobody else is like them. Search for the other record by name, phone or email."</p> }.into_any()
        } else {
            view! {
                <Table caption="Who may be the same person" stacks=true columns=vec![
                    Column::new("Name"), Column::new("Born"), Column::new("Phone"), Column::new("Email"), Column::new("Compare"),
                ] rows=rows />
            }
            .into_any()
        };
        view! {
            <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to their page"</a></nav>
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <form method="get" action=action class="wb-desk-find" novalidate>
                <TextField form=&form name="q" label=Label::bold("Find the other record") kind="search" spellcheck=false
                    hint="Name, phone number or its last digits, email address, or booking number" />
                <Button>"Find"</Button>
            </form>
            {table}
        }
    });
    page(status, Keep::Nothing, html)
}

fn other(person: &Person, one: Found) -> Vec<AnyView> {
    let href = compare_path(person.id, one.id);
    let name = one.full_name.clone();
    vec![
        one.full_name.into_any(),
        born_words(one.date_of_birth.as_deref()).into_any(),
        one.phone.as_deref().map(phone_words).into_any(),
        view! { <span class="wb-path">{one.email}</span> }.into_any(),
        view! { <a href=href>"Compare" <span class="govuk-visually-hidden">" with " {name}</span></a> }
            .into_any(),
    ]
}

fn born_words(born: Option<&str>) -> String {
    born.and_then(|born| born.parse::<NaiveDate>().ok())
        .map_or_else(|| "Not known".to_owned(), dates::full_day)
}

/// The two records side by side, and which values are kept.
pub fn compare(app: &App, desk: &Desk<Courses>, two: Two, form: FormState, key: String) -> String {
    let today = dates::day_of(app.clock.now());
    let failed = form.has_errors();
    let title = "Are these the same person?";
    in_desk(app, desk.who(), title, HERE, failed, move || {
        let rows = PARTS
            .into_iter()
            .map(|(part, words)| row(part, words, &two))
            .chain(std::iter::once(account_row(&two)))
            .collect();
        let (back, swap) = (path(two.kept.id), compare_path(two.gone.id, two.kept.id));
        let form_of_it = match &two.blocked {
            Some(blocked) => {
                let words = blocked.words(today);
                view! { <WarningText>{words}</WarningText> }.into_any()
            }
            None => choose(&two, &form, key).into_any(),
        };
        view! {
            <nav aria-label="Back"><a href=back class="govuk-back-link">"Back to " {two.kept.full_name.clone()}</a></nav>
            <ErrorSummary form=&form />
            <h1>{title}</h1>
            <Table caption="The two records" stacks=true columns=vec![
                Column::new("What"), Column::new("This record is kept"), Column::new("This record goes into it"),
            ] rows=rows />
            <p><a href=swap>"Keep the other record instead"</a></p>
            {form_of_it}
        }
    })
}

fn row(part: &'static str, words: &'static str, two: &Two) -> Vec<AnyView> {
    vec![
        words.into_any(),
        part_words(part, &two.of_kept).into_any(),
        part_words(part, &two.of_gone).into_any(),
    ]
}

fn account_row(two: &Two) -> Vec<AnyView> {
    let words = |person: &Person| {
        person
            .account_email
            .clone()
            .unwrap_or_else(|| "None".to_owned())
    };
    vec![
        "Account".into_any(),
        words(&two.kept).into_any(),
        words(&two.gone).into_any(),
    ]
}

/// What a record says, part by part.
fn part_words(part: &str, values: &Values) -> String {
    let none = || "None".to_owned();
    match part {
        "name" => match &values.preferred_name {
            Some(called) => format!("{} (likes to be called {called})", values.full_name),
            None => values.full_name.clone(),
        },
        "born" => born_words(values.date_of_birth.as_deref()),
        "phone" => values.phone.as_deref().map_or_else(none, phone_words),
        "email" => values.email.clone().unwrap_or_else(none),
        "address" if values.no_fixed_address => "No fixed address".to_owned(),
        "address" => {
            let parts = [&values.address, &values.town, &values.postcode];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            if parts.is_empty() {
                none()
            } else {
                parts.join(", ")
            }
        }
        _ => reach_words(values),
    }
}

fn reach_words(values: &Values) -> String {
    let ways = [
        (values.reach_by_email, "email"),
        (values.reach_by_text, "text"),
        (values.reach_by_call, "phone call"),
        (values.reach_by_letter, "letter"),
    ];
    let ways: Vec<&str> = ways
        .into_iter()
        .filter(|(may, _)| *may)
        .map(|(_, way)| way)
        .collect();
    let message = if values.safe_to_leave_message {
        "may leave a message"
    } else {
        "no message"
    };
    format!("{}; {message}", ways.join(", "))
}

fn choose(two: &Two, form: &FormState, key: String) -> impl IntoView + use<> {
    let form = form.clone();
    let radios: Vec<_> = two
        .open_parts()
        .into_iter()
        .map(|(part, words)| {
            let choices = vec![
                Choice::new("kept", part_words(part, &two.of_kept)),
                Choice::new("other", part_words(part, &two.of_gone)),
            ];
            let label = Label::bold(format!("Which is right? {words}"));
            view! { <Radios form=&form name=part label=label choices=choices /> }
        })
        .collect();
    let closes = (two.kept.account_id.is_some() && two.gone.account_id.is_some()).then(|| {
        let email = two.gone.account_email.clone();
        view! { <li>"The account " {email} " closes. What was booked by it is in the other account."</li> }
    });
    let name = two.gone.full_name.clone();
    let back = path(two.kept.id);
    view! {
        <h2>"What happens"</h2>
        <ul>
            <li>"Bookings, waiting lists, agreements, notes and who stands beside them move to the record that is kept."</li>
            <li>"Who has seen their details stays written down as it was."</li>
            {closes}
            <li>"The other record is not found any more. Its links lead here."</li>
            <li>"You can undo this for 30 days. Nobody is told."</li>
        </ul>
        <Form key=key>
            {radios}
            <div class="wb-buttons">
                <Button kind=ButtonKind::Warning>"Make them one record"</Button>
                <a href=back>"No, they are two people"</a>
            </div>
        </Form>
        <p class="wb-small">"The record that goes: " {name}</p>
    }
}
