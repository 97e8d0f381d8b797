//! `/healthz`: the process is alive. `/readyz`: its database answers and its schema is the one we know; it also says
//! when the last self-check found runs whose places do not add up, which is no reason to stop serving.

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
        Ok(true) => match app.miscounted.runs() {
            0 => "ready\n".into_response(),
            runs => format!(
                "ready, but places do not add up on {runs} of the runs: see `wellbeing-courses check`\n"
            )
            .into_response(),
        },
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            Extension(PlainWords),
            [("retry-after", "5")],
            "the database does not answer\n",
        )
            .into_response(),
    }
}
