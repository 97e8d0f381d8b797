//! Accounts: signing up, signing in, and who is here now.

use crate::server::routes::Routes;

pub mod devices;
pub(crate) mod email_change;
pub(crate) mod emails;
pub(crate) mod guardian;
pub mod guards;
pub mod kept_form;
pub mod limits;
pub mod links;
pub mod model;
pub(crate) mod pages;
pub mod password;
pub(crate) mod people;
mod profile;
pub mod roles;
pub mod rules;
pub mod said;
pub(crate) mod sign_in;
pub mod sign_up;
mod store;
pub(crate) mod two_step;
pub(crate) mod unverified;

pub use guards::{Member, SignedIn, Visitor};
pub use pages::account_links;

/// What accounts keep in memory while the site runs.
#[derive(Default)]
pub struct Accounts {
    /// Password hashing, a few at a time.
    pub passwords: password::Hashing,
    /// Tries by peer.
    pub peers: limits::Peers,
}

/// Everything that accounts serve.
pub fn routes() -> Routes {
    Routes::default()
        .and(sign_in::handlers::routes())
        .and(sign_in::by_link::routes())
        .and(sign_up::handlers::routes())
        .and(two_step::routes())
        .and(password::forgotten::routes())
        .and(password::change::routes())
        .and(devices::handlers::routes())
        .and(email_change::routes())
        .and(unverified::routes())
        .and(profile::handlers::routes())
        .and(guardian::routes())
        .and(kept_form::routes())
        .and(people::handlers::routes())
}
