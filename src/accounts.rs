//! Accounts: signing up, signing in, and who is here now.

pub mod guards;
pub mod model;
pub mod rules;
mod store;

pub use guards::{Member, SignedIn, Visitor};
