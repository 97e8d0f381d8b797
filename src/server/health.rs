//! `/healthz`: the process is alive. `/readyz`: its database answers and its schema is the one we know.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::App;
use super::db::Schema;
use super::guard::Anyone;
use super::http::refusals::PlainWords;
use super::routes::Routes;

/// The two routes.
pub fn routes() -> Routes {
    Routes::default()
        .get("/healthz", alive)
        .get("/readyz", ready)
}

async fn alive(_: Anyone) -> &'static str {
    "alive\n"
}

async fn ready(_: Anyone, State(app): State<App>) -> Response {
    match app.db.is_up_to_date(Schema::Site).await {
        Ok(true) => "ready\n".into_response(),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            Extension(PlainWords),
            [("retry-after", "5")],
            "the database does not answer\n",
        )
            .into_response(),
    }
}
