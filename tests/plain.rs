//! A real site, built without the feature `rehearsal`, has nothing of it.
#![cfg(not(feature = "rehearsal"))]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use wellbeing_courses::server::App;
use wellbeing_courses::server::config::Settings;
use wellbeing_courses::{app, messages, rehearsal, server};

#[test]
fn a_real_site_has_no_route_of_a_rehearsal() {
    let served = app::recorded();
    assert!(served.len() > 20, "the site's own routes are there");
    for route in served {
        assert!(
            route.path != "/style" && !route.path.starts_with("/rehearsal"),
            "{} {}",
            route.method,
            route.path
        );
    }
}

#[test]
fn no_guard_can_be_switched_off() {
    // A switch that can be set must be kept somewhere. Where nothing can be kept, nothing can be set.
    assert_eq!(size_of::<server::rehearsal::Switches>(), 0);
    assert_eq!(size_of::<messages::switches::Switches>(), 0);
    let (guards, outbox) = (
        server::rehearsal::Switches::default(),
        messages::switches::Switches::default(),
    );
    assert_eq!(guards.attendees("the words"), "the words");
    assert!(!guards.oversell() && !outbox.is_lease_off() && !outbox.crashes_after_sending());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_can_set_the_clock() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let settings = Settings::read([
        ("WELLBEING_DATA_DIR".to_owned(), data),
        ("WELLBEING_SITE_URL".to_owned(), origin.clone()),
    ])
    .unwrap();
    let app = App::start(settings, rehearsal::clock()).await.unwrap();
    let (_stop, stopped) = watch::channel(false);
    tokio::spawn(app::run(app.clone(), listener, stopped));

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let far = "2099-01-01T00:00:00Z";
    let asked = client
        .post(format!("{origin}/rehearsal/clock"))
        .header("sec-fetch-site", "same-origin")
        .header("origin", &origin)
        .form(&[("now", far)])
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 404);
    let style = client.get(format!("{origin}/style")).send().await.unwrap();
    assert_eq!(style.status(), 404);
    // The site's clock is still the machine's.
    let machine = std::time::SystemTime::now();
    let site = std::time::SystemTime::from(app.clock.now());
    let apart = machine
        .duration_since(site)
        .unwrap_or_else(|ahead| ahead.duration());
    assert!(apart < Duration::from_hours(1), "{apart:?} apart");
}
