//! The document round a page: head, header, footer, and the step that makes Leptos's output plain valid HTML.
//!
//! A page is made and sent in one go: [`Page::render`] runs the view at once, on the server, and gives the whole
//! document as text. There is no inline script, no inline style and no nonce, so a page can be kept in a cache.

mod desk;
mod document;
mod layout;
mod site;

pub use desk::{DeskFrame, DeskLink};
pub use document::{Page, Split, escape_attribute, escape_text, json_for_script, plain};
pub use layout::Nav;
pub(crate) use site::tel;
pub use site::{Site, SiteFacts};
