//! Runs: the list, and one run with who has a place, who waits, its dates and what can be done with it.

mod add;
mod attendance;
mod booking;
mod certificates;
mod changes;
mod choose;
mod clashes;
mod elsewhere;
mod list;
mod lists;
mod message;
mod model;
mod needs;
mod off;
mod one;
mod opened;
mod places;
mod plans;
mod roll;
mod several;
mod store;
mod told;
mod walk_ins;
mod window;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;

pub use self::list::{cells, columns};
pub use self::store::of_course;
pub use self::window::{moment, sweep};

use self::model::Run;
use crate::server::http::in_address;
use crate::server::routes::Routes;
use crate::server::{App, Result};

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/runs";

/// The pages of runs.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/runs/list.csv", list::file)
        .get("/desk/runs/list.xlsx", list::file)
        .get("/desk/runs/add", add::show)
        .post("/desk/runs/add", add::send)
        .get("/desk/runs/roll", roll::show)
        .post("/desk/runs/roll", roll::send)
        .get("/desk/runs/open", several::show)
        .post("/desk/runs/open", several::send)
        .get("/desk/runs/{id}", one::show)
        .get("/desk/runs/{id}/list.csv", one::booked::file)
        .get("/desk/runs/{id}/list.xlsx", one::booked::file)
        .get("/desk/runs/{id}/waiting", one::waiting::show)
        .get("/desk/runs/{id}/waiting/list.csv", one::waiting::file)
        .get("/desk/runs/{id}/waiting/list.xlsx", one::waiting::file)
        .post("/desk/runs/{id}/walk-ins", walk_ins::send)
        .get("/desk/runs/{id}/places", places::show)
        .post("/desk/runs/{id}/places", places::send)
        .get("/desk/runs/{id}/plans", plans::show)
        .post("/desk/runs/{id}/plans", plans::send)
        .get("/desk/runs/{id}/booking", booking::show)
        .post("/desk/runs/{id}/booking", booking::send)
        .get("/desk/runs/{id}/window", window::show)
        .post("/desk/runs/{id}/window", window::send)
        .get("/desk/runs/{id}/lists", lists::show)
        .post("/desk/runs/{id}/lists", lists::send)
        .get("/desk/runs/{id}/change", changes::show_run)
        .post("/desk/runs/{id}/change", changes::send_run)
        .get("/desk/runs/{id}/sessions/add", changes::show_add)
        .post("/desk/runs/{id}/sessions/add", changes::send_add)
        .get("/desk/runs/{id}/sessions/{session}", changes::show_session)
        .post("/desk/runs/{id}/sessions/{session}", changes::send_session)
        .get(
            "/desk/runs/{id}/sessions/{session}/place",
            changes::show_place,
        )
        .post(
            "/desk/runs/{id}/sessions/{session}/place",
            changes::send_place,
        )
        .get("/desk/runs/{id}/sessions/{session}/drop", off::show_drop)
        .post("/desk/runs/{id}/sessions/{session}/drop", off::send_drop)
        .get("/desk/runs/{id}/off-today", off::show_today)
        .post("/desk/runs/{id}/off-today", off::send_today)
        .get("/desk/runs/{id}/call-off", off::show_run)
        .post("/desk/runs/{id}/call-off", off::send_run)
        .get("/desk/runs/{id}/told", told::show)
        .get("/desk/runs/{id}/told/list.csv", told::file)
        .get("/desk/runs/{id}/told/list.xlsx", told::file)
        .get("/desk/runs/{id}/told/sum", told::sum)
        .get("/desk/runs/{id}/needs", needs::show)
        .post("/desk/runs/{id}/needs", needs::send)
        .get("/desk/runs/{id}/message", message::show)
        .post("/desk/runs/{id}/message", message::send)
        .get("/desk/runs/{id}/attendance", attendance::show)
        .post("/desk/runs/{id}/attendance", attendance::send)
        .get("/desk/runs/{id}/attendance.csv", attendance::file)
        .get("/desk/runs/{id}/attendance.xlsx", attendance::file)
        .get("/desk/runs/{id}/certificates", certificates::show)
        .get("/desk/runs/{id}/certificates.pdf", certificates::print)
}

/// How many people are told when a run opens; without the full stop.
fn told_of_opening(asked: i64) -> String {
    match asked {
        0 => "Nobody waits to hear of it, so nobody gets a message".to_owned(),
        1 => "1 person asked to hear: they get one message".to_owned(),
        n => format!("{n} people asked to hear: each gets one message"),
    }
}

/// The page of a run.
fn path(run: &Run) -> String {
    format!("{HERE}/{}", run.id)
}

/// The run whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Run);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = in_address(parts, app, "id", |id| store::run(app, id)).await?;
        Ok(Self(found))
    }
}

/// The way back to the run.
fn back(run: &Run) -> impl IntoView + use<> {
    let href = path(run);
    view! { <nav aria-label="Back"><a href=href class="govuk-back-link">"Back to the run"</a></nav> }
}
