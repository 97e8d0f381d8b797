//! Who has a place on a run, and who waits for one.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::waiting::path as waiting_path;
use crate::accounts::sign_up::rules::phone_words;
use crate::course_desk::runs::model::{Booked, Run, Waits};
use crate::course_desk::runs::path;
use crate::course_desk::runs::store::A_PAGE;
use crate::ui::dates;
use crate::ui::form::ButtonLink;
use crate::ui::list::{List, Sort};
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// A run's page as the list of those who have a place.
pub fn listed(run: &Run, sort: Sort) -> List {
    List::new(path(run), sort)
}

/// One page of those who have a place.
pub fn bookings(
    run: &Run,
    booked: Vec<Booked>,
    (list, number): (&List, u32),
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let nobody = booked.is_empty().then(|| {
        view! { <EmptyState title="Nobody has booked yet" level=3><p>"Who books is here at once."</p></EmptyState> }
    });
    let table = (!booked.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = booked
            .into_iter()
            .map(|one| {
                let state = one.state();
                let booked = format!("{}, {}", dates::short_day(dates::day_of(one.created_at), today), one.how());
                let phone = one.phone.as_ref().map(|phone| {
                    let (href, words) = (tel(phone), phone_words(phone));
                    view! { <a href=href>{words}</a> <br /> }
                });
                let contact = view! { {phone} <span class="wb-path">{one.email.clone()}</span> };
                vec![
                    person(one.person_id, one.name.clone()).into_any(),
                    contact.into_any(),
                    view! { {booked} <br /> <span class="wb-number">{one.reference}</span> }.into_any(),
                    state.into_any(),
                ]
            })
            .collect();
        view! {
            <Table caption="Who has a place" stacks=true columns=vec![
                list.sorts("name", Column::new("Name")), Column::new("Contact"),
                list.sorts("booked", Column::new("Booked, and booking number")), list.sorts("state", Column::new("How it stands")),
            ] rows=rows />
        }
    });
    let sorting = list.sort_form(run.places_taken);
    let (files, pages) = (
        list.files(run.places_taken),
        list.pages(number, run.places_taken, A_PAGE),
    );
    let book = (run.status == "open" && !run.is_past(now)).then(|| {
        let href = format!("/desk/people/book?run={}", run.id);
        view! { <ButtonLink href=href>"Book for somebody"</ButtonLink> }
    });
    view! {
        <section class="wb-block" aria-labelledby="booked">
            <div class="wb-desk-head">
                <h2 id="booked">"Bookings"</h2>
                {book}
            </div>
            {nobody}
            {sorting}
            {table}
            {files}
            {pages}
            <p class="wb-small">"That you see these details is written down."</p>
        </section>
    }
}

/// Somebody's name, with the way to their page.
fn person(id: Uuid, name: String) -> impl IntoView {
    let href = format!("/desk/people/{id}");
    view! { <a href=href>{name}</a> }
}

/// "3 people".
fn people(n: i64) -> String {
    match n {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    }
}

/// The beginning of the waiting list, if somebody waits.
pub fn waiting(run: &Run, waiting: Vec<Waits>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if waiting.is_empty() {
        return None;
    }
    let people = people(run.waiting);
    let cut = (run.waiting > i64::try_from(waiting.len()).unwrap_or(i64::MAX))
        .then(|| format!("These are the first {} of them. ", waiting.len()));
    let whole = waiting_path(run);
    let columns: Vec<Column> = WAITS_TITLES.map(Column::new).into();
    Some(view! {
        <section class="wb-block" aria-labelledby="waiting">
            <h2 id="waiting">"Waiting list: " {people}</h2>
            <Table caption="Who waits, in order" stacks=true columns=columns rows=waits(waiting, now) />
            <p>{cut} <a href=whole>"The whole waiting list, to sort or as a file"</a></p>
        </section>
    })
}

/// The titles of the columns of a waiting list.
pub const WAITS_TITLES: [&str; 4] = ["Turn", "Name", "Since", "State"];

/// The rows of a waiting list. Two who wait together have the same turn.
pub fn waits(waiting: Vec<Waits>, now: DateTime<Utc>) -> Vec<Vec<AnyView>> {
    let today = dates::day_of(now);
    let mut before = None;
    let each = waiting.into_iter().map(|one| {
        let and = (before == Some(one.entry_id)).then_some("and ");
        before = Some(one.entry_id);
        let (since, state) = (dates::day_and_time(one.joined_at, today), one.state(now));
        vec![
            one.turn.into_any(),
            view! { {and} {person(one.person_id, one.name)} }.into_any(),
            since.into_any(),
            state.into_any(),
        ]
    });
    each.collect()
}
