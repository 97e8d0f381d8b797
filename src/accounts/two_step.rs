//! Two-step sign-in: besides the password a code from an app on the phone (TOTP, RFC 6238), or one of ten recovery codes.
//! Required of everybody who works here, offered to members.

pub mod code;
mod handlers;
mod pages;
mod picture;
mod store;

pub use handlers::routes;
pub use store::{after_password, needs_password, take_away};

/// The page that asks for a code, after the password.
pub const STEP: &str = "/sign-in/second-step";
