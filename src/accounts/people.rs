//! "People I book for": a child, somebody one cares for, a partner or a friend. Each is a person of their own without an
//! account; a `representation` joins them to the account that books for them, and nobody else finds or changes them.

mod guardian;
pub(super) mod handlers;
mod model;
mod pages;
mod rules;
mod store;

pub(crate) use handlers::{ADD, guardian_path, person_path, with_next};
pub(crate) use model::Represented;
pub(crate) use pages::guardian_row;
pub(crate) use store::{all, one};

use crate::privacy::consents::Wording;

/// What stands on the form that takes somebody else's details; kept with them.
pub(crate) const NOTICE: Wording = Wording {
    about: "privacy-notice",
    words: "Please tell them that you have given us their details. Our privacy notice says what we keep, why, and for \
            how long.",
    version: "1",
};
