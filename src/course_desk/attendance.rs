//! Who came over a whole term: every run with its places, its registers and the share who came. No people are in it.

mod list;
mod store;
mod terms;

use crate::server::routes::Routes;

/// The list; the `href` of its desk.
pub const HERE: &str = "/desk/attendance";

/// The pages.
pub fn routes() -> Routes {
    Routes::default()
        .get(HERE, list::show)
        .get("/desk/attendance/list.csv", list::file)
        .get("/desk/attendance/list.xlsx", list::file)
}
