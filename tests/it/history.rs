//! The history test: many people book, cancel, wait and answer over HTTP while the site is in trouble. What each of them
//! asked and was told is written down, and afterwards a checker, which knows nothing of how booking works, compares it
//! with the rows in the database and with the letters that arrived.
//!
//! `short` runs some of it in `make test`; `proofs::history` goes on for as long as `make prove` says.

pub mod check;
mod client;
mod controls;
pub mod dice;
mod found;
mod node;
pub mod post;
pub mod record;
pub mod round;
pub mod scene;
mod short;
pub mod trouble;
