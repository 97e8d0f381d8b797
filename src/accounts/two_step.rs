//! Two-step sign-in: besides the password a code from an app on the phone (TOTP, RFC 6238), or one of ten recovery codes.
//! Required of everybody who works here, offered to members. Whoever does nothing here but lead courses may have the codes by text.

mod by_text;
pub mod code;
mod handlers;
mod pages;
mod picture;
mod store;

use crate::server::routes::Routes;

pub use store::{after_password, needs_password, take_away};

/// The page that asks for a code, after the password.
pub const STEP: &str = "/sign-in/second-step";
/// Sends a code by text.
const SEND: &str = "/sign-in/second-step/text";
/// The page that asks which number codes go to.
const TEXT: &str = "/account/two-step/text";
/// Whether it is on.
const OWN: &str = "/account/two-step";
/// The page that asks for the first code.
const SET_UP: &str = "/account/two-step/set-up";
/// The recovery codes.
const CODES: &str = "/account/two-step/codes";
/// Switches it off.
const OFF: &str = "/account/two-step/off";

/// The pages of the second step.
pub fn routes() -> Routes {
    handlers::routes().and(by_text::routes())
}
