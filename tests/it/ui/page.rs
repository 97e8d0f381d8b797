//! The document round a page.

use leptos::prelude::*;
use scraper::{Html, Selector};
use wellbeing_courses::ui::page::{Nav, Page};

use super::{one, site};

fn page(page: Page) -> String {
    page.render(&site(), || view! { <h1>"Find " {"a"} " course"</h1> })
}

#[test]
fn a_whole_document_without_inline_code() {
    let html = page(
        Page::new("Find a course")
            .nav(Nav::Courses)
            .canonical("/courses"),
    );
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en-GB\""));
    assert!(html.ends_with("</body></html>"));
    for never in [
        "<!>",
        "<!--",
        "<script",
        " style=",
        "<style",
        "nonce",
        "javascript:",
        " onclick",
    ] {
        assert!(!html.contains(never), "{never} is in the page");
    }
    assert!(html.contains("<h1>Find a course</h1>"));
    let document = Html::parse_document(&html);
    assert_eq!(
        one(&document, "title").inner_html(),
        "Find a course - Wellbeing Courses"
    );
    assert_eq!(
        one(&document, "[aria-current=page]").inner_html(),
        "Courses"
    );
    assert_eq!(
        one(&document, "link[rel=canonical]").attr("href"),
        Some("https://courses.example.org/courses")
    );
    let tel = Selector::parse(".wb-foot a[href='tel:01632960100']").unwrap();
    assert!(document.select(&tel).next().is_some());
}

/// The page `/style` has every component, so what holds there holds for them all.
#[test]
fn every_component_together() {
    let html = wellbeing_courses::ui::style::page(&site());
    for never in ["<!>", "<!--", "<script", " style=", "<style", "data-module"] {
        assert!(!html.contains(never), "{never} is in the page");
    }
    let document = Html::parse_document(&html);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        document
            .select(&selector)
            .map(|own| own.value().clone())
            .collect::<Vec<_>>()
    };
    let mut ids: Vec<String> = all("[id]")
        .iter()
        .filter_map(|own| own.attr("id").map(str::to_owned))
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id is there twice");
    // Whatever points to another element finds it.
    for name in ["for", "aria-labelledby", "aria-describedby", "form"] {
        for own in all(&format!("[{name}]")) {
            for id in own.attr(name).unwrap_or_default().split_whitespace() {
                assert!(
                    ids.binary_search(&id.to_owned()).is_ok(),
                    "{name} points to {id}"
                );
            }
        }
    }
    for own in all(".govuk-error-summary a") {
        let id = own
            .attr("href")
            .unwrap_or_default()
            .trim_start_matches('#')
            .to_owned();
        assert!(ids.binary_search(&id).is_ok(), "the summary leads to {id}");
    }
}

#[test]
fn who_is_signed_in_and_where() {
    let html = page(Page::new("x").signed_in(true).nav(Nav::Account));
    let document = Html::parse_document(&html);
    assert_eq!(
        one(&document, "[aria-current=page]").inner_html(),
        "My bookings"
    );
    let html = page(Page::new("x").signed_in(true).journey());
    assert!(html.contains("Stuck? Call us on"));
    assert!(!html.contains("wb-nav"));
}

#[test]
fn what_is_typed_stays_text() {
    let evil = "</title><script>alert(1)</script>\"&";
    let html = page(
        Page::new(evil.to_owned())
            .description(evil.to_owned())
            .back(evil.to_owned(), evil.to_owned())
            .meta("og:image", evil)
            .json_ld("{\"name\":\"</script><script>alert(1)</script>\"}"),
    );
    let document = Html::parse_document(&html);
    let scripts: Vec<_> = document
        .select(&Selector::parse("script").unwrap())
        .collect();
    assert_eq!(scripts.len(), 1, "only the facts for search engines");
    assert_eq!(scripts[0].attr("type"), Some("application/ld+json"));
    let facts: serde_json::Value = serde_json::from_str(&scripts[0].inner_html()).unwrap();
    assert_eq!(facts["name"], "</script><script>alert(1)</script>");
    assert_eq!(
        one(&document, "meta[name=description]").attr("content"),
        Some(evil)
    );
    assert_eq!(one(&document, ".govuk-back-link").attr("href"), Some(evil));
}

#[test]
fn a_wrong_form_says_so_in_the_title() {
    let html = page(Page::new("Sign in").error(true));
    assert!(html.contains("<title>Error: Sign in - Wellbeing Courses</title>"));
}
