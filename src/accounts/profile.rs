//! "My details": what we hold about somebody, for them to see and correct.

pub(super) mod handlers;
mod store;
