//! A real site: the machine's clock, and no route but its own.

use axum::Router;

use crate::server::App;
use crate::server::clock::Clock;
use crate::server::routes::Routes;

/// The machine's clock.
pub fn clock() -> Clock {
    Clock::system()
}

/// None.
pub fn routes() -> Routes {
    Routes::default()
}

/// None.
pub fn layers(router: Router<App>, _app: &App) -> Router<App> {
    router
}
