//! Who works here: invitations, two-step sign-in, the desks' guards, leaving, and the audit.

mod audit;
mod organisations;
mod second_step;
mod team;
mod tutors;

use reqwest::StatusCode;

use crate::support::{Answer, Browser};

/// Whether a desk's page was shown.
fn is_open(answer: &Answer) -> bool {
    answer.status == StatusCode::OK
}

async fn opens(browser: &Browser, path: &str) -> bool {
    is_open(&browser.get(path).await)
}
