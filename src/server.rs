//! Plumbing that every feature stands on: settings, databases, vault, clock, HTTP.

pub mod assets;
pub mod captcha;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod form_key;
pub mod guard;
pub mod health;
pub mod http;
pub mod jobs;
pub mod like;
pub mod paging;
pub mod practice;
pub mod random;
#[cfg_attr(not(feature = "rehearsal"), path = "server/rehearsal/off.rs")]
pub mod rehearsal;
pub mod routes;
pub mod serve;
pub mod signed;
pub mod state;
pub mod table_file;
pub mod telemetry;
pub mod vault;
pub mod working_days;

pub use error::{Error, Result};
pub use state::App;

pub use captcha::policy as captcha_policy;
