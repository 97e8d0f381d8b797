//! The components against the fixtures that GOV.UK Frontend ships, and what people type against the forms.
//!
//! Compared are parsed trees, not text. Left out on both sides is what only their scripts use.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop where it stands"
)]

mod fixtures;
mod page;
mod typed;

use std::fmt::Write;

use leptos::prelude::*;
use scraper::node::Element;
use scraper::{ElementRef, Html, Selector};
use wellbeing_courses::ui::page::{Page, Site, SiteFacts};

/// A site with the facts of the pictures.
fn site() -> Site {
    Site::new(SiteFacts {
        name: "Wellbeing Courses".into(),
        place: "Bath and North East Somerset".into(),
        phone: "01632 960 100".into(),
        phone_hours: "Monday to Friday, 9am to 5pm".into(),
        email: "hello@wellbeing.example.org".into(),
        url: "https://courses.example.org".into(),
        stylesheet: "/assets/main.css".into(),
        ..SiteFacts::default()
    })
}

/// What a view becomes inside a real page.
fn shown<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let html = Page::new("Test").render(&site(), view);
    let content = Selector::parse("main > .govuk-width-container").unwrap();
    Html::parse_document(&html)
        .select(&content)
        .next()
        .expect("the page has a main part")
        .inner_html()
}

/// The tree of some HTML, one node a line, without what only GOV.UK's scripts need.
fn tree(html: &str) -> String {
    let mut lines = String::new();
    branch(Html::parse_fragment(html).root_element(), 0, &mut lines);
    lines
}

fn branch(element: ElementRef<'_>, depth: usize, out: &mut String) {
    let mut words = String::new();
    let indent = "  ".repeat(depth);
    let end_words = |words: &mut String, out: &mut String| {
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if !line.is_empty() {
            writeln!(out, "{indent}\"{line}\"").unwrap();
        }
        words.clear();
    };
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            words.push_str(text);
        } else if let Some(element) =
            ElementRef::wrap(child).filter(|own| !is_left_out(own.value()))
        {
            end_words(&mut words, out);
            writeln!(
                out,
                "{indent}{}{}",
                element.value().name(),
                attributes(element.value())
            )
            .unwrap();
            branch(element, depth + 1, out);
        }
    }
    end_words(&mut words, out);
}

/// Their button that shows a password needs a script; our icons are not theirs.
fn is_left_out(element: &Element) -> bool {
    (element.name() == "button" && element.attr("hidden").is_some())
        || element.attr("class") == Some("wb-icon")
}

fn attributes(element: &Element) -> String {
    let summary = element
        .classes()
        .any(|class| class == "govuk-error-summary");
    let mut attributes: Vec<String> = element
        .attrs()
        .filter(|(name, _)| {
            // Our summary takes the focus by itself, theirs by a script.
            let script = matches!(*name, "data-module" | "data-behaviour" | "xmlns");
            !(script || summary && matches!(*name, "tabindex" | "autofocus"))
        })
        .map(|(name, value)| {
            let mut words: Vec<&str> = value
                .split_whitespace()
                .filter(|word| !word.starts_with("govuk-js-"))
                .collect();
            if name == "class" {
                words.sort_unstable();
            }
            format!(" {name}={}", words.join(" "))
        })
        .collect();
    attributes.sort();
    attributes.concat()
}

/// One element of some HTML by a selector.
fn one<'a>(html: &'a Html, selector: &str) -> ElementRef<'a> {
    html.select(&Selector::parse(selector).unwrap())
        .next()
        .unwrap_or_else(|| panic!("no {selector}"))
}
