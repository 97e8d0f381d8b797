//! "How was it?", once a course is over.

use super::bookings::Run;
use super::link;
use crate::messages::letter::Letter;
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;

/// Asks how it was. The path of `run` leads to the questions.
///
/// # Errors
/// When the words cannot be put together.
pub fn how_was_it(config: &Settings, to: Address, run: &Run) -> Result<Mail> {
    let course = run.course.as_ref().map_or_else(
        || "Your course is over. We hope that it did you good.".to_owned(),
        |course| format!("{course} is over. We hope that it did you good."),
    );
    Letter::new(config, MessageKind::Feedback, to, "How was it?")
        .say(course)
        .say("Would you tell us how it was? There are three short questions.")
        .button("Answer the questions", &link(config, &run.path))
        .say("You need not answer, and it changes nothing for you. On that page you can also say that we should not ask again.")
        .finish("you had a place on a course with us")
}
