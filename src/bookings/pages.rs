//! The pages of booking.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::store::Offer;
use crate::server::App;
use crate::ui::dates;
use crate::ui::pieces::*;

pub mod about_you;
pub mod check;
pub mod detail;
pub mod done;
pub mod mine;
pub mod refused;

/// Today in Bath.
fn today(app: &App) -> NaiveDate {
    dates::day_of(app.clock.now())
}

/// "Tuesday 12 January, 10:30am to 12:30pm. 6 weeks".
fn when(offer: &Offer, today: NaiveDate) -> String {
    let times = dates::day_and_times(offer.run.starts_at, offer.first_ends(), today);
    format!("{times}. {}", dates::run_length(&offer.starts()))
}

/// "Bath Central Library, BA1 5AN", or "Online".
fn place(offer: &Offer) -> String {
    offer.venue_words().unwrap_or_else(|| "Online".to_owned())
}

/// What is being booked, on sand.
fn reminder(
    offer: &Offer,
    today: NaiveDate,
    title: &'static str,
    reference: Option<&str>,
) -> impl IntoView + use<> {
    let leaf = Leaf::of(dates::day_of(offer.run.starts_at));
    let place = match reference {
        Some(reference) => format!("{}. Number {reference}", place(offer)),
        None => place(offer),
    };
    view! { <Reminder title leaf course=offer.run.title.clone() when=when(offer, today) place /> }
}

/// The page where a run is booked.
pub(super) fn book_path(slug: &str, run_id: uuid::Uuid) -> String {
    format!(
        "/courses/{slug}/{}/book",
        crate::catalogue::rules::run_code(run_id)
    )
}
