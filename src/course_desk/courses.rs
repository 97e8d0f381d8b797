//! Courses: what each is about, for whom and what to expect; and whether the website shows it.

mod form;
mod list;
mod model;
mod one;
mod store;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use uuid::Uuid;

pub use self::store::names;

use self::model::Course;
use crate::server::App;
use crate::server::http::in_address;
use crate::server::routes::Routes;

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/courses";

/// The pages of courses.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/courses/list.csv", list::file)
        .get("/desk/courses/list.xlsx", list::file)
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
        let found = in_address(parts, app, "id", |id| store::course(app, id)).await?;
        Ok(Self(found))
    }
}
