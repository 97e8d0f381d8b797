//! The course desk: what the course team does with courses and runs.

mod runs;
mod today;

use crate::server::routes::Routes;

/// Everything that the course desk serves.
pub fn routes() -> Routes {
    Routes::default().and(today::routes()).and(runs::routes())
}
