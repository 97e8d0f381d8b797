//! Who has a place on a run, as a file.

use axum::extract::{Query, State};
use axum::response::Response;

use super::store;
use crate::accounts::sign_up::rules::phone_words;
use crate::course_desk::runs::Chosen;
use crate::course_desk::runs::model::{BOOKED_ORDERS, Booked};
use crate::server::table_file::{self, Cell, Format};
use crate::server::{App, Result};
use crate::staff::Desk;
use crate::staff::rights::Courses;
use crate::ui::dates;
use crate::ui::list::Asked;

const TITLES: [&str; 7] = [
    "Name",
    "Phone",
    "Email",
    "Booked on",
    "How it came",
    "Booking number",
    "How it stands",
];

/// All of them, in the order of the page.
pub async fn file(
    desk: Desk<Courses>,
    State(app): State<App>,
    Chosen(run): Chosen,
    Query(asked): Query<Asked>,
    format: Format,
) -> Result<Response> {
    let (sort, by, run_id) = (asked.sort(&BOOKED_ORDERS), desk.by().clone(), run.id);
    let name = table_file::dated(&app, "bookings");
    table_file::list(format, &name, &TITLES, move |part| {
        let (app, by) = (app.clone(), by.clone());
        async move {
            let (booked, count) = store::booked(&app, &by, run_id, (sort, part)).await?;
            Ok((booked.into_iter().map(line).collect(), count))
        }
    })
    .await
}

fn line(one: Booked) -> Vec<Cell> {
    let (how, state) = (one.how(), one.state());
    vec![
        one.name.into(),
        one.phone
            .as_deref()
            .map(phone_words)
            .unwrap_or_default()
            .into(),
        one.email.unwrap_or_default().into(),
        dates::iso_day(dates::day_of(one.created_at)).into(),
        how.into(),
        one.reference.into(),
        state.into(),
    ]
}
