//! A real site, built without the feature `rehearsal`, has nothing of it.
#![cfg(not(feature = "rehearsal"))]

use wellbeing_courses::app;

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
