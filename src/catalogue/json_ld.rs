//! What search engines are told about a course (schema.org `Course` and `CourseInstance`).

use serde_json::{Value, json};

use super::handlers::Scene;
use super::model::{Course, Run};
use super::rules::Availability;
use crate::ui::dates;

/// The course with the runs that its page shows, as JSON. `Page::json_ld` makes it safe inside `<script>`.
pub fn course(scene: &Scene, course: &Course, shown: &[(&Run, Availability)]) -> String {
    let url = scene.site.absolute(&format!("/courses/{}", course.slug));
    let provider = json!({
        "@type": "Organization",
        "name": scene.site.name,
        "url": scene.site.absolute("/"),
    });
    let instances: Vec<Value> = shown
        .iter()
        .map(|(run, availability)| instance(scene, &url, run, *availability))
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": course.title,
        "description": course.summary,
        "inLanguage": "en-GB",
        "isAccessibleForFree": true,
        "provider": provider,
        "offers": { "@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "GBP" },
        "hasCourseInstance": instances,
    })
    .to_string()
}

fn instance(scene: &Scene, url: &str, run: &Run, availability: Availability) -> Value {
    let minutes: i64 = run
        .sessions
        .iter()
        .map(|s| (s.ends_at - s.starts_at).num_minutes())
        .sum();
    let mut instance = json!({
        "@type": "CourseInstance",
        "startDate": dates::iso_moment(run.starts_at),
        "endDate": dates::iso_moment(run.ends_at),
        "courseMode": if run.venue.is_some() { "Onsite" } else { "Online" },
        "courseWorkload": format!("PT{}H{}M", minutes / 60, minutes % 60),
        "maximumAttendeeCapacity": run.capacity,
        "remainingAttendeeCapacity": availability.left(),
        "eventStatus": match availability {
            Availability::Cancelled => "https://schema.org/EventCancelled",
            _ => "https://schema.org/EventScheduled",
        },
    });
    // Where most sessions are, and where single ones are.
    let mut all = vec![run.venue];
    for number in 0..run.sessions.len() {
        let at = run.venue_at(number);
        if !all.contains(&at) {
            all.push(at);
        }
    }
    let mut locations: Vec<Value> = all.into_iter().map(|at| location(scene, url, at)).collect();
    instance["location"] = if locations.len() == 1 {
        locations.remove(0)
    } else {
        Value::Array(locations)
    };
    instance
}

fn location(scene: &Scene, url: &str, at: Option<usize>) -> Value {
    match at.and_then(|at| scene.view.catalogue.venues.get(at)) {
        Some(venue) => json!({
            "@type": "Place",
            "name": venue.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": venue.address_1,
                "addressLocality": venue.town,
                "postalCode": venue.postcode,
                "addressCountry": "GB",
            },
            "geo": { "@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude },
        }),
        None => json!({ "@type": "VirtualLocation", "url": url }),
    }
}
