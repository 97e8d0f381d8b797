//! The one message about a new date, for whoever asked to hear of it.

use super::bookings::Run;
use super::link;
use crate::messages::letter::Letter;
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;

/// There is a new date. The path of `run` leads to the course without naming it.
///
/// # Errors
/// When the words cannot be put together.
pub fn new_date(config: &Settings, to: Address, run: &Run) -> Result<Mail> {
    Letter::new(config, MessageKind::NewDates, to, "There is a new date")
        .say("You asked us to tell you when there is a new date. Now there is:")
        .panel(run.lines("Online"))
        .button("See the dates", &link(config, &run.path))
        .say("You can book on that page. Places go to whoever books first.")
        .say("We have now forgotten that you asked. Does this date not suit you? You can ask again on the same page.")
        .finish("you asked us to tell you about new dates")
}
