//! Who may come in. A guard is the first argument of every handler; it cannot be made anywhere but here and
//! in the feature that knows who is signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

use super::App;

/// A right to use a route, taken from the request itself.
pub trait Guard: FromRequestParts<App> {
    /// Its name in the authorisation table.
    const NAME: &'static str;
}

/// Everybody, without looking at who it is: public pages that are the same for all.
#[derive(Clone, Copy, Debug)]
pub struct Anyone(());

impl Guard for Anyone {
    const NAME: &'static str = "anyone";
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(()))
    }
}
