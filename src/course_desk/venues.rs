//! Venues: where runs meet, how people get there and get in, and which rooms there are.

mod form;
mod list;
mod model;
mod one;
mod rooms;
mod rules;
mod store;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;
use uuid::Uuid;

pub use self::rooms::MOST;

use self::model::Venue;
use crate::server::App;
use crate::server::http::in_address;
use crate::server::routes::Routes;

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/venues";

/// The pages of venues.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/venues/list.csv", list::file)
        .get("/desk/venues/list.xlsx", list::file)
        .get("/desk/venues/add", form::show_new)
        .post("/desk/venues/add", form::send_new)
        .get("/desk/venues/{id}", one::show)
        .get("/desk/venues/{id}/change", form::show)
        .post("/desk/venues/{id}/change", form::send)
        .get("/desk/venues/{id}/rooms/{room}", rooms::show)
        .post("/desk/venues/{id}/rooms/{room}", rooms::send)
}

/// The page of a venue.
fn path(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

/// The venue whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Venue);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::venue(app, id)).await?;
        Ok(Self(found))
    }
}

/// The way back to the venue.
fn back(id: Uuid) -> impl IntoView + use<> {
    view! { <nav aria-label="Back"><a href=path(id) class="govuk-back-link">"Back to the venue"</a></nav> }
}
