//! Courses: what each is about, for whom and what to expect; and whether the website shows it.

mod form;
mod list;
mod model;
mod one;
mod store;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

pub use self::store::names;

use self::model::Course;
use crate::server::App;
use crate::server::http::Refusal;
use crate::server::routes::Routes;

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/courses";

/// The pages of courses.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/courses/add", form::show_new)
        .post("/desk/courses/add", form::send_new)
        .get("/desk/courses/{id}", one::show)
        .post("/desk/courses/{id}", one::send)
        .get("/desk/courses/{id}/change", form::show)
        .post("/desk/courses/{id}/change", form::send)
}

/// The page of a course.
fn path(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

/// The course whose number stands in the address; another number, or none, is not there. It stands after the guard.
struct Chosen(Course);

impl FromRequestParts<App> for Chosen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let not_there = || Refusal::NotFound.into_response();
        let Path(id) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| not_there())?;
        let id = Uuid::try_parse(&id).map_err(|_| not_there())?;
        let found = store::course(app, id)
            .await
            .map_err(axum::response::IntoResponse::into_response)?;
        found.map(Self).ok_or_else(not_there)
    }
}
