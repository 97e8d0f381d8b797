//! A real site: the machine's clock, and no route but its own.

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
