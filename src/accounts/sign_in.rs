//! Signing in with a password, and signing out.

pub(super) mod by_link;
pub(crate) mod handlers;
pub(super) mod pages;
pub(crate) mod store;

/// Where somebody goes after signing in, when no page asked for it.
pub const HOME: &str = "/account/bookings";
