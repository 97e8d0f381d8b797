//! What machines read: the map of the site, and which pages to leave alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::handlers::Scene;
use super::model::RunStatus;
use super::pages::words;
use crate::ui::dates;
use crate::ui::page::{Site, escape_text};

/// Pages that do not depend on the catalogue.
const PROSE: [&str; 7] = [
    "/about",
    "/help",
    "/contact",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/newsletter",
];

/// Every public page (sitemaps.org).
pub fn sitemap(scene: &Scene) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut add = |path: &str, changed: Option<String>| {
        out.push_str("<url><loc>");
        escape_text(&scene.site.absolute(path), &mut out);
        out.push_str("</loc>");
        if let Some(day) = changed {
            let _ = write!(out, "<lastmod>{day}</lastmod>");
        }
        out.push_str("</url>\n");
    };
    let catalogue = &scene.view.catalogue;
    for path in ["/", "/courses", "/venues"].into_iter().chain(PROSE) {
        add(path, None);
    }
    // This month and those in which something starts: each has an address of its own.
    let starts = catalogue
        .courses
        .iter()
        .flat_map(|course| &course.runs)
        .filter(|run| run.status != RunStatus::Cancelled)
        .map(|run| dates::month_slug(run.first_day()));
    let this_month = dates::month_slug(scene.today);
    let months: BTreeSet<String> = starts
        .filter(|month| *month > this_month)
        .chain([this_month.clone()])
        .collect();
    for month in months {
        add(&format!("/calendar/{month}"), None);
    }
    for course in &catalogue.courses {
        let changed = course
            .runs
            .iter()
            .map(|run| run.updated_at)
            .chain([course.updated_at])
            .max();
        add(
            &words::path(course),
            changed.map(|at| dates::iso_day(dates::day_of(at))),
        );
    }
    for venue in &catalogue.venues {
        add(&format!("/venues/{}", venue.slug), None);
    }
    out.push_str("</urlset>\n");
    out
}

/// Search engines are welcome on public pages, and have nothing to do in anybody's account.
pub fn robots(site: &Site) -> String {
    if site.practice {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let closed = [
        "/account",
        "/sign-in",
        "/sign-up",
        "/sign-out",
        "/verify",
        "/bookings",
        "/change-email",
        "/forgotten-password",
        "/guardian",
        "/newsletter/confirm",
        "/unsubscribe",
        "/my-calendar",
        "/courses/*/book",
    ];
    let mut out = String::from("User-agent: *\n");
    for path in closed {
        let _ = writeln!(out, "Disallow: {path}");
    }
    let _ = write!(out, "\nSitemap: {}\n", site.absolute("/sitemap.xml"));
    out
}
