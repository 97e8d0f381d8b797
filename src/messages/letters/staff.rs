//! What people who work here are written.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::letter::Letter;
use super::super::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;
use crate::ui::dates;

/// An invitation to work here, in these `roles` ("Tutor and Course admin").
///
/// # Errors
/// When the words cannot be put together.
pub fn invitation(
    config: &Settings,
    to: Address,
    roles: &str,
    url: &str,
    until: DateTime<Utc>,
) -> Result<Mail> {
    Letter::new(config, MessageKind::StaffInvitation, to, "You are invited to the team")
        .say(format!("{} would like you to work on its booking site as: {roles}.", config.site_name))
        .button("Say yes and choose a password", url)
        .say("After that you set up a second step: an app on your phone that makes codes. Have your phone ready.")
        .say(format!(
            "The button works until {}, and once.",
            dates::until(until, dates::day_of(until))
        ))
        .say("Do you not know why you got this? Leave it. Nothing happens.")
        .finish("someone on the team typed this address")
}

/// Training or papers that end soon: what, and the last day.
///
/// # Errors
/// When the words cannot be put together.
pub fn papers_ending(config: &Settings, to: Address, what: &str, until: NaiveDate) -> Result<Mail> {
    Letter::new(
        config,
        MessageKind::PapersEnding,
        to,
        "Something of yours needs a new date",
    )
    .say(format!(
        "{what}: good until {} {}.",
        dates::weekday(until),
        dates::full_day(until)
    ))
    .say("From the day after, you cannot open anybody’s details until it is renewed.")
    .say("When it is, tell whoever looks after staff accounts the new date.")
    .finish("you work with other people’s details on our site")
}
