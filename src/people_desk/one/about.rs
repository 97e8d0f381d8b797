//! Who somebody is, how they are reached, and who stands beside them.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::people_desk::book::store::Alike;
use crate::people_desk::merge::store::Gone;
use crate::people_desk::model::{Beside, Person};
use crate::people_desk::volunteer::Volunteering;
use crate::people_desk::{merge, path};
use crate::privacy::requests;
use crate::ui::dates;
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// Who may be the same person.
pub(super) fn alike(person: &Person, same: Vec<Alike>) -> Option<impl IntoView + use<>> {
    let each: Vec<_> = same
        .into_iter()
        .map(|one| {
            let href = merge::compare_path(person.id, one.id);
            view! { <li><a href=href>"Compare with " {one.full_name}</a></li> }
        })
        .collect();
    (!each.is_empty()).then(|| {
        view! {
            <Notice title="Perhaps they have another record">
                <p>"These have the same phone or email, or the same name and date of birth. A couple often share one."</p>
                <ul>{each}</ul>
            </Notice>
        }
    })
}

/// The records that went into this one.
pub(super) fn merged(
    person: &Person,
    merges: Vec<Gone>,
    now: DateTime<Utc>,
) -> Option<impl IntoView + use<>> {
    let today = dates::day_of(now);
    let each: Vec<_> = merges
        .into_iter()
        .map(|gone| {
            let when = dates::day_and_time(gone.merged_at, today);
            let undo = gone.stays(now).is_none().then(|| {
                let href = format!("{}/merged/{}", path(person.id), gone.id);
                view! { " " <a href=href>"Undo"</a> }
            });
            view! { <li>"The record of " {gone.name} ", on " {when} "." {undo}</li> }
        })
        .collect();
    (!each.is_empty()).then(|| {
        view! {
            <section class="wb-block" aria-labelledby="merges">
                <h2 id="merges">"Records that went into this one"</h2>
                <ul>{each}</ul>
            </section>
        }
    })
}

/// That they have died, said quietly.
pub(super) fn died(person: &Person, now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let since = person.deceased_at?;
    let when = dates::day_and_time(since, dates::day_of(now));
    let undo = format!("{}/deceased", path(person.id));
    Some(view! {
        <p class="wb-lead">
            "They have died. We noted it on " {when} ". Nothing is sent to them, and nothing can be booked for them. "
            <a href=undo>"Was it a mistake?"</a>
        </p>
    })
}

/// For whom they volunteer, and until when.
pub(super) fn volunteering(
    person: &Person,
    status: &Volunteering,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let href = format!("{}/volunteer", path(person.id));
    let words = format!(
        "{}, {} hours a week. {}.",
        status.organisation,
        status.hours_a_week,
        status.words(now)
    );
    let warning = status
        .is_soon(now)
        .then(|| view! { <WarningText>"Their time as a volunteer ends soon. Then they cannot book what is for volunteers only."</WarningText> });
    view! {
        <section class="wb-block" aria-labelledby="volunteers">
            <h2 id="volunteers">"Volunteer"</h2>
            {warning}
            <p>{words} " " <a href=href>"Renew, change or end it"</a></p>
        </section>
    }
}

/// What is seldom done.
pub(super) fn more(person: &Person, of_requests: bool) -> impl IntoView + use<> {
    let at = |what: &str| format!("{}/{what}", path(person.id));
    let died = person
        .deceased_at
        .is_none()
        .then(|| view! { <li><a href=at("deceased")>"They have died"</a></li> });
    let code = person.account_id.is_none().then(|| {
        view! { <li><a href=at("code")>"Give them a code for their account"</a></li> }
    });
    let request = of_requests.then(|| {
        let href = requests::new_path(person.id);
        view! { <li><a href=href>"Write down a request about their data"</a></li> }
    });
    view! {
        <section class="wb-block" aria-labelledby="more">
            <h2 id="more">"What else there is to do"</h2>
            <ul>
                <li><a href=at("merge")>"They have another record"</a></li>
                {code}
                <li><a href=at("volunteer")>"They volunteer"</a></li>
                {request}
                {died}
            </ul>
        </section>
    }
}

pub(super) fn details(person: &Person) -> impl IntoView + use<> {
    let change = format!("{}/details", path(person.id));
    let phone = match (&person.phone, person.phone_words()) {
        (Some(number), Some(words)) => {
            let (href, words) = (tel(number), words);
            view! { <a href=href>{words}</a> }.into_any()
        }
        _ => "None".into_any(),
    };
    let ways = [
        (person.reach_by_email, "email"),
        (person.reach_by_text, "text"),
        (person.reach_by_call, "phone call"),
        (person.reach_by_letter, "letter"),
    ];
    let ways: Vec<&str> = ways
        .into_iter()
        .filter(|(may, _)| *may)
        .map(|(_, words)| words)
        .collect();
    let ways = if ways.is_empty() {
        "Not asked".to_owned()
    } else {
        ways.join(", ")
    };
    let message = if person.safe_to_leave_message {
        "You may leave a message"
    } else {
        "Do not leave a message"
    };
    let course = match person.name_course_in_messages {
        Some(true) => "We may name it",
        Some(false) => "Do not name it",
        None => "Not asked: do not name it",
    };
    let tutors = if person.keep_from_tutors {
        "Objected: tutors do not get their details"
    } else {
        "Their tutor sees name, phone and email"
    };
    let format = match person.format.as_str() {
        "large-print" => "Large print",
        "easy-read" => "Easy read",
        "interpreter" => "With an interpreter",
        _ => "As usual",
    };
    let account = match &person.account_email {
        Some(email) if person.verified => format!("Signs in with {email}"),
        Some(email) => format!("Signs in with {email}, which is not confirmed yet"),
        None => "No account".to_owned(),
    };
    let account = SummaryRow::new("Account", account);
    let account = if person.account_id.is_some() {
        account.change(format!("{}/account", path(person.id)))
    } else {
        account
    };
    let mut rows = vec![SummaryRow::new("Name", person.full_name.clone()).change(change.clone())];
    if let Some(called) = &person.preferred_name {
        rows.push(SummaryRow::new("Likes to be called", called.clone()));
    }
    rows.extend([
        SummaryRow::new("Date of birth", person.born_words()),
        SummaryRow::view("Phone", phone).change(change.clone()),
        SummaryRow::new(
            "Email",
            person.email.clone().unwrap_or_else(|| "None".to_owned()),
        )
        .change(change.clone()),
        SummaryRow::new("Address", person.address_words()).change(change),
        SummaryRow::new("We may reach them by", ways),
        SummaryRow::new("Messages", message),
        SummaryRow::new("The course’s name in messages", course),
        SummaryRow::new("Tutors", tutors).change(format!("{}/sharing", path(person.id))),
        SummaryRow::new("Format", format),
        account,
    ]);
    if let Some(guardian) = &person.guardian_name {
        let contact = [&person.guardian_phone, &person.guardian_email];
        let contact: Vec<&str> = contact.into_iter().flatten().map(String::as_str).collect();
        rows.push(SummaryRow::new(
            "Parent or guardian",
            format!("{guardian} ({})", contact.join(", ")),
        ));
    }
    view! { <SummaryList rows=rows /> }
}

pub(super) fn relations(beside: Vec<Beside>) -> impl IntoView {
    (!beside.is_empty()).then(|| {
        let each: Vec<_> = beside
            .into_iter()
            .map(|one| {
                let words = if one.looks_after {
                    format!(", their {}, books for them", one.kind_words())
                } else {
                    format!(": they book for them, as {}", one.kind_words())
                };
                let href = path(one.id);
                view! { <li><a href=href>{one.full_name}</a> {words}</li> }
            })
            .collect();
        view! {
            <section class="wb-block" aria-labelledby="beside">
                <h2 id="beside">"Who stands beside them"</h2>
                <ul>{each}</ul>
            </section>
        }
    })
}
