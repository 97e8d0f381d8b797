//! The route table, and starting the site.

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::server::routes::{Recorded, Routes};
use crate::server::serve::Patience;
use crate::server::{App, Result, assets, captcha, health, http, jobs, serve};
use crate::{
    accounts, bookings, catalogue, certificates, course_desk, feedback, messages, newsletters,
    people_desk, privacy, registers, rehearsal, reports, site, staff,
};

/// Every route of the site.
pub fn routes() -> Routes {
    Routes::default()
        .and(assets::routes())
        .and(health::routes())
        .and(captcha::routes())
        .and(catalogue::routes())
        .and(newsletters::routes())
        .and(site::routes())
        .and(accounts::routes())
        .and(bookings::routes())
        .and(staff::routes())
        .and(course_desk::routes())
        .and(registers::routes())
        .and(people_desk::routes())
        .and(messages::returned::routes())
        .and(feedback::routes())
        .and(certificates::routes())
        .and(reports::routes())
        .and(privacy::routes())
        .and(rehearsal::routes())
}

/// Every route with its guard, for the authorisation table.
pub fn recorded() -> Vec<Recorded> {
    routes().finish().1
}

/// The whole site as a service.
///
/// # Errors
/// When the settings cannot be used.
pub fn router(app: &App) -> Result<Router> {
    patient_router(app, Patience::default())
}

/// The whole site as a service that waits for slow clients as long as `patience` says.
///
/// # Errors
/// When the settings cannot be used.
pub fn patient_router(app: &App, patience: Patience) -> Result<Router> {
    let router = rehearsal::layers(routes().finish().0, app);
    http::layers(router, app, patience.body)
}

/// Serves the site on `listener` until `stop` turns true.
///
/// # Errors
/// When the settings cannot be used or the listener fails.
pub async fn run(app: App, listener: TcpListener, stop: watch::Receiver<bool>) -> Result<()> {
    let router = router(&app)?;
    let jobs = tokio::spawn(jobs::run(app.clone(), stop.clone()));
    let outbox = tokio::spawn(messages::jobs::run(app, stop.clone()));
    let served = serve::serve(listener, router, stop).await;
    for task in [jobs, outbox] {
        if let Err(error) = task.await {
            tracing::error!(%error, "a task ended badly");
        }
    }
    served
}
