//! Privacy: what we hold, why, who reads it and for how long; and what people agreed to.

pub mod consents;
pub mod passport;
pub mod requests;

use crate::server::routes::Routes;

/// The pages of the privacy desk.
pub fn routes() -> Routes {
    Routes::default().and(requests::routes())
}
