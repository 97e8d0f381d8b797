//! Who has a place on a run, and who waits for one.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use crate::accounts::sign_up::rules::phone_words;
use crate::course_desk::runs::model::{Booked, Run, Waits};
use crate::course_desk::runs::path;
use crate::course_desk::runs::store::A_PAGE;
use crate::server::paging;
use crate::ui::dates;
use crate::ui::form::ButtonLink;
use crate::ui::page::tel;
use crate::ui::pieces::*;

/// One page of those who have a place.
pub fn bookings(
    run: &Run,
    booked: Vec<Booked>,
    number: u32,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let pages = paging::pages(run.places_taken, A_PAGE);
    let nobody = booked.is_empty().then(|| {
        view! { <EmptyState title="Nobody has booked yet" level=3><p>"Who books is here at once."</p></EmptyState> }
    });
    let table = (!booked.is_empty()).then(|| {
        let rows: Vec<Vec<AnyView>> = booked
            .into_iter()
            .map(|one| {
                let waits = (one.status == "awaiting-guardian").then_some(". Waits for a parent or guardian");
                let booked = format!("{}, {}", dates::short_day(dates::day_of(one.created_at), today), one.how());
                let phone = one.phone.as_ref().map(|phone| {
                    let (href, words) = (tel(phone), phone_words(phone));
                    view! { <a href=href>{words}</a> <br /> }
                });
                let contact = view! { {phone} <span class="wb-path">{one.email.clone()}</span> };
                vec![
                    person(one.person_id, one.name.clone()).into_any(),
                    contact.into_any(),
                    view! { {booked} {waits} <br /> <span class="wb-number">{one.reference}</span> }.into_any(),
                ]
            })
            .collect();
        view! {
            <Table caption="Who has a place" stacks=true columns=vec![
                Column::new("Name"), Column::new("Contact"), Column::new("Booked, and booking number"),
            ] rows=rows />
        }
    });
    let book = (run.status == "open" && !run.is_past(now)).then(|| {
        let href = format!("/desk/people/book?run={}", run.id);
        view! { <ButtonLink href=href>"Book for somebody"</ButtonLink> }
    });
    let base = format!("{}?page=", path(run));
    view! {
        <section class="wb-block" aria-labelledby="booked">
            <div class="wb-desk-head">
                <h2 id="booked">"Bookings"</h2>
                {book}
            </div>
            {nobody}
            {table}
            <Pagination page=number pages=pages base=base />
            <p class="wb-small">"That you see these details is written down."</p>
        </section>
    }
}

/// Somebody's name, with the way to their page.
fn person(id: Uuid, name: String) -> impl IntoView {
    let href = format!("/desk/people/{id}");
    view! { <a href=href>{name}</a> }
}

/// The waiting list, if somebody waits.
pub fn list(run: &Run, waiting: Vec<Waits>, now: DateTime<Utc>) -> impl IntoView + use<> {
    if waiting.is_empty() {
        return None;
    }
    let today = dates::day_of(now);
    let people = match run.waiting {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let more = (run.waiting > i64::try_from(waiting.len()).unwrap_or(i64::MAX))
        .then(|| view! { <p>"The first of them are shown."</p> });
    let mut turn = 0;
    let mut before = None;
    let rows: Vec<Vec<AnyView>> = waiting
        .into_iter()
        .map(|one| {
            let together = before == Some(one.entry_id);
            turn += i64::from(!together);
            before = Some(one.entry_id);
            let state = match one.offered_until {
                Some(until) => format!("Offered a place until {}", dates::until(until, today)),
                None if one.put_first => "Waiting, put first by us".to_owned(),
                None => "Waiting".to_owned(),
            };
            let and = together.then_some("and ");
            vec![
                turn.into_any(),
                view! { {and} {person(one.person_id, one.name)} }.into_any(),
                dates::day_and_time(one.joined_at, today).into_any(),
                state.into_any(),
            ]
        })
        .collect();
    Some(view! {
        <section class="wb-block" aria-labelledby="waiting">
            <h2 id="waiting">"Waiting list: " {people}</h2>
            <Table caption="Who waits, in order" stacks=true columns=vec![
                Column::new("Turn"), Column::new("Name"), Column::new("Since"), Column::new("State"),
            ] rows=rows />
            {more}
        </section>
    })
}
