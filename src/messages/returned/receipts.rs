//! Delivery receipts of GOV.UK Notify: it calls us, with a token that we chose.
//!
//! Source: <https://docs.notifications.service.gov.uk/rest-api.html#delivery-receipts>. A text that failed for now or for a
//! technical reason is not tried again by Notify either, so each of the three failures counts.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::came_back;
use crate::messages::model::Channel;
use crate::server::guard::Guard;
use crate::server::routes::Routes;
use crate::server::{App, Result};

/// Where Notify calls.
pub const PATH: &str = "/messages/receipts";

/// The route.
pub fn routes() -> Routes {
    Routes::default().post(PATH, receive)
}

/// Whoever has the token that is set in Notify; nobody while none is set.
struct Notify(());

impl Guard for Notify {
    const NAME: &'static str = "notify";
}

impl FromRequestParts<App> for Notify {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let given = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let token = app.config.notify_receipt_token.as_ref();
        // Hashes are compared: how long that takes says nothing about the token.
        let is_right = token.zip(given).is_some_and(|(token, given)| {
            Sha256::digest(token.expose_secret()) == Sha256::digest(given)
        });
        if is_right {
            Ok(Self(()))
        } else {
            Err(StatusCode::UNAUTHORIZED.into_response())
        }
    }
}

/// What Notify says of a text; there is more, which we do not need.
#[derive(Debug, Deserialize)]
struct Receipt {
    /// The number that we gave it.
    reference: Option<String>,
    status: String,
}

/// Notes a text that was not delivered. What we do not know is taken, too: Notify would send it again for hours.
async fn receive(
    _: Notify,
    State(app): State<App>,
    Json(receipt): Json<Receipt>,
) -> Result<StatusCode> {
    let failed = matches!(
        receipt.status.as_str(),
        "permanent-failure" | "temporary-failure" | "technical-failure"
    );
    let id = receipt
        .reference
        .and_then(|reference| Uuid::try_parse(&reference).ok());
    if let (true, Some(id)) = (failed, id) {
        let why = format!("Notify: {}", receipt.status);
        came_back(&app, id, Channel::Text, &why).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
