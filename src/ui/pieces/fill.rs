//! How full a run is, as a bar.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// The bar of a run: booked, held, free. Decoration: the words beside it say the same.
#[component]
pub fn FillBar(
    /// Places booked.
    booked: u32,
    /// Places kept for somebody for a short time.
    #[prop(default = 0)]
    held: u32,
    /// Places in all.
    capacity: u32,
) -> impl IntoView {
    const OPEN: &str =
        "viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"";
    if booked >= capacity {
        return InertElement::new(format!(
            "<svg class=\"wb-fill wb-fill--full\" {OPEN}100\" height=\"10\"/></svg>"
        ));
    }
    let share = |places: u32| (f64::from(places) * 1000.0 / f64::from(capacity)).round() / 10.0;
    let (booked, kept) = (share(booked), share(held.min(capacity - booked)));
    let held = if held == 0 {
        String::new()
    } else {
        format!("<rect class=\"wb-fill__held\" x=\"{booked}\" width=\"{kept}\" height=\"10\"/>")
    };
    InertElement::new(format!(
        "<svg class=\"wb-fill\" {OPEN}{booked}\" height=\"10\"/>{held}</svg>"
    ))
}
