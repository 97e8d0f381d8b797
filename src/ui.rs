//! The design system: everything a page is put together from.
//!
//! [`page`] is the document round a page, [`form`] the one way a form is checked and shown again, [`pieces`] the
//! cards, tags, notices and tables, [`list`] what every list of a desk has (order, pages, files), [`dates`] how days and times are said, [`calendar_file`] what our calendar
//! files begin with, [`art`] our drawings. A page uses these and writes its own words between them; it draws
//! nothing by itself.

pub mod art;
pub mod calendar_file;
pub mod dates;
pub mod form;
pub mod list;
pub mod page;
pub mod pieces;
#[cfg(feature = "rehearsal")]
pub mod style;

use std::borrow::Cow;

/// Words on the screen: fixed ones cost nothing, made ones are owned. Empty words mean "none".
pub type Words = Cow<'static, str>;

/// The words if there are any.
pub(crate) fn some(words: Words) -> Option<Words> {
    (!words.is_empty()).then_some(words)
}

/// The attribute's value if there is one.
pub(crate) fn some_str(value: &'static str) -> Option<&'static str> {
    (!value.is_empty()).then_some(value)
}
