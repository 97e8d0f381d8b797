//! Rules of the newsletter, without I/O.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::server::{App, signed};

/// How long the link in the confirming message works.
pub const LINK: TimeDelta = TimeDelta::days(7);
/// How many confirming messages one address gets in a day.
pub const MOST_A_DAY: i64 = 3;
/// Where the pages of signed links are: a mail program may post there from anywhere (RFC 8058).
pub const TOKEN_PATH: &str = "/unsubscribe/";
/// What such a link is signed for.
const PURPOSE: &str = "stop the newsletter";

/// The address of the page that stops the newsletter: signed, so that it needs no secret and never runs out.
pub fn unsubscribe_url(app: &App, subscription: Uuid) -> String {
    let token = signed::token(&app.vault, PURPOSE, subscription);
    format!("{}{TOKEN_PATH}{token}", app.config.origin())
}

/// Which subscription such a link is of; `None` when we did not sign it.
pub fn subscription(app: &App, token: &str) -> Option<Uuid> {
    signed::row(&app.vault, PURPOSE, token)
}
