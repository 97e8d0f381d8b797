//! Checks that nobody notices: a field that people do not see, and a shortest time between page and answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

use super::Problem;
use crate::server::App;
use crate::server::vault::Vault;
use crate::ui::form::Submitted;

/// Nobody reads a page and presses its button faster than this.
const QUICKEST: TimeDelta = TimeDelta::seconds(3);
/// A page older than this is made anew.
const OLDEST: TimeDelta = TimeDelta::hours(24);
/// The field that people do not see.
pub const TRAP: &str = "web-page";
/// The field with the time at which the page was made.
pub const STARTED: &str = "started";
/// What that time is signed for.
const PURPOSE: &str = "form started";

/// The fields of a form that is watched quietly.
pub fn fields(app: &App, form: &str) -> impl IntoView + use<> {
    let started = started(&app.vault, form, app.clock.now());
    view! {
        <input type="hidden" name=STARTED value=started />
        <div class="govuk-visually-hidden" aria-hidden="true">
            <label for=TRAP>"Leave this empty"</label>
            <input id=TRAP name=TRAP type="text" tabindex="-1" autocomplete="off" />
        </div>
    }
}

/// The time now, signed for one form.
pub fn started(vault: &Vault, form: &str, now: DateTime<Utc>) -> String {
    let seconds = now.timestamp();
    format!("{seconds}.{}", signature(vault, form, seconds))
}

/// Checks the hidden field and the time.
///
/// # Errors
/// Says which of the two was wrong.
pub fn check(app: &App, sent: &Submitted, form: &str) -> Result<(), Problem> {
    if !sent.line(TRAP).is_empty() {
        return Err(Problem::Trap);
    }
    match age(&app.vault, form, &sent.line(STARTED), app.clock.now()) {
        Some(age) if age < QUICKEST => Err(Problem::TooQuick),
        Some(age) if age <= OLDEST => Ok(()),
        _ => Err(Problem::Old),
    }
}

fn age(vault: &Vault, form: &str, sent: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let (seconds, signed) = sent.split_once('.')?;
    let seconds: i64 = seconds.parse().ok()?;
    let at = DateTime::from_timestamp(seconds, 0)?;
    let given = URL_SAFE_NO_PAD.decode(signed).ok()?;
    vault
        .is_mac(PURPOSE, &[form.as_bytes(), &seconds.to_be_bytes()], &given)
        .then_some(now - at)
}

fn signature(vault: &Vault, form: &str, seconds: i64) -> String {
    URL_SAFE_NO_PAD.encode(vault.mac(PURPOSE, &[form.as_bytes(), &seconds.to_be_bytes()]))
}
