//! One venue: what is known of it, and its rooms.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use leptos::prelude::*;

use super::model::{Fact, Room, Venue};
use super::{Chosen, HERE, path, store};
use crate::accounts::said::{Said, said};
use crate::server::http::{Keep, page};
use crate::server::{App, Result};
use crate::staff::rights::Courses;
use crate::staff::{Desk, in_desk};
use crate::ui::pieces::*;

pub async fn show(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(venue): Chosen,
    headers: HeaderMap,
) -> Result<Response> {
    let facts = store::facts(&app, venue.id).await?;
    let rooms = store::rooms(&app, venue.id).await?;
    let heard = Said::heard(&app, &headers);
    let title = venue.name.clone();
    let html = in_desk(&app, desk.who(), &title, HERE, false, || {
        let base = path(venue.id);
        let public = format!("/venues/{}", venue.slug);
        view! {
            <nav aria-label="Back"><a href=HERE class="govuk-back-link">"All venues"</a></nav>
            {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
            <h1>{venue.name.clone()}</h1>
            <p><a href=format!("{base}/change")>"Change what is written here"</a> " " <a href=public>"See it on the website"</a></p>
            {known(&venue, facts)}
            {rooms_of(&venue, rooms)}
        }
    });
    Ok(said(&app, heard, page(StatusCode::OK, Keep::Nothing, html)))
}

fn known(venue: &Venue, facts: Vec<Fact>) -> impl IntoView + use<> {
    let mut address = vec![venue.address_1.clone()];
    address.extend(venue.address_2.clone());
    address.push(format!("{} {}", venue.town, venue.postcode));
    let map = format!(
        "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}",
        venue.latitude, venue.longitude
    );
    let place = view! {
        {address.join(", ")} <br /> <a href=map rel="external">"See it on a map (OpenStreetMap)"</a>
    };
    let facts: Vec<_> = facts
        .into_iter()
        .map(|fact| view! { <li>{fact.words}</li> })
        .collect();
    let facts = view! { <ul class="wb-plain">{facts}</ul> };
    let none = || "Nothing written yet".to_owned();
    view! {
        <SummaryList rows=vec![
            SummaryRow::view("Address", place),
            SummaryRow::new("Access, on a card", venue.short_access.clone()),
            SummaryRow::view("Access", facts),
            SummaryRow::new("How to get there", venue.travel.clone()),
            SummaryRow::new("What it is like", venue.about.clone().unwrap_or_else(none)),
            SummaryRow::new("How to get in (team only)", venue.getting_in.clone().unwrap_or_else(none)),
            SummaryRow::new("Caretaker’s phone (team only)", venue.caretaker_phone.clone().unwrap_or_else(none)),
        ] />
    }
}

fn rooms_of(venue: &Venue, rooms: Vec<Room>) -> impl IntoView + use<> {
    let base = format!("{}/rooms", path(venue.id));
    let add = format!("{base}/add");
    let table = if rooms.is_empty() {
        view! { <p>"No rooms yet. A run can be at a venue without one."</p> }.into_any()
    } else {
        let rows = rooms
            .into_iter()
            .map(|room| {
                let holds = room
                    .capacity
                    .map_or_else(|| "Not known".to_owned(), |n| n.to_string());
                vec![
                    view! { <a href=format!("{base}/{}", room.id)>{room.name}</a> }.into_any(),
                    holds.into_any(),
                    room.coming.into_any(),
                ]
            })
            .collect();
        view! {
            <Table caption="Rooms of this venue" stacks=true columns=vec![
                Column::new("Room"), Column::numbers("Holds"), Column::numbers("Runs to come"),
            ] rows=rows />
        }
        .into_any()
    };
    view! {
        <section class="wb-block" aria-labelledby="rooms">
            <h2 id="rooms">"Rooms"</h2>
            {table}
            <p><a href=add>"Add a room"</a></p>
        </section>
    }
}
