//! Who gets the newsletter: an address that said yes and showed that it is theirs. Out again with one press.
//!
//! Every choice is a consent row with the words that were shown, their version, when and how. Nothing is sent to an
//! address without a live one. Writing and sending issues comes later.

mod handlers;
mod pages;
mod rules;
mod store;

use crate::privacy::consents::Wording;

pub use handlers::routes;
pub use rules::{TOKEN_PATH, unsubscribe_url};
pub use store::{Choice, is_live};
pub(crate) use store::{LIVE_OF, choose, no_more, stop_all};

/// The words beside the choice at sign-up and in the account.
pub const WORDS: &str =
    "Yes, please email me about new courses, about once a month. I can stop at any time.";
/// The words of the other answer.
pub const NO_WORDS: &str = "No, thank you";
/// The words beside the field of `/newsletter` and of the home page's strip.
pub const STRIP_WORDS: &str = "Email me about new courses, about once a month. We will send you one email to make sure it is you. \
     You can stop at any time.";
/// The words on the page that stops it.
pub const STOP_WORDS: &str = "Stop the newsletter";
/// Some of these words, as they are kept with a choice.
const fn wording(words: &'static str) -> Wording {
    Wording {
        about: "newsletter",
        words,
        version: "1",
    }
}
