//! Signing up: one question a page, answers kept sealed for a day, and an email that finishes it.

pub(super) mod checks;
mod chosen;
pub mod draft;
pub mod fields;
pub(super) mod handlers;
pub(crate) mod pages;
pub mod questions;
pub mod rules;
mod sending;
mod store;
pub(super) mod verify;
pub mod words;
