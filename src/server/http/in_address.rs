//! What the number in a page's address stands for.

use axum::extract::{FromRequestParts as _, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::Refusal;
use crate::server::{App, Result};

/// What `find` has for the number in the segment `name` of the address. Another word, or the number of nothing, is not there.
///
/// # Errors
/// The answer to give instead: the page of what is not there, or of what went wrong.
pub async fn in_address<T, F: Future<Output = Result<Option<T>>>>(
    parts: &mut Parts,
    app: &App,
    name: &str,
    find: impl FnOnce(Uuid) -> F,
) -> std::result::Result<T, Response> {
    let not_there = || Refusal::NotFound.into_response();
    let Path(segments) = Path::<Vec<(String, String)>>::from_request_parts(parts, app)
        .await
        .map_err(|_| not_there())?;
    let id = segments
        .iter()
        .find(|(own, _)| own == name)
        .and_then(|(_, id)| Uuid::try_parse(id).ok())
        .ok_or_else(not_there)?;
    let found = find(id).await.map_err(IntoResponse::into_response)?;
    found.ok_or_else(not_there)
}
