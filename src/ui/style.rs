//! The page `/style`: every component in every state.
//!
//! Built with the feature `rehearsal` only. The accessibility test and the pictures start from it, and whoever writes
//! a page finds here what there is.

mod forms;
mod shown;

use leptos::prelude::*;

use super::page::{Page, Site};

/// The whole page.
#[must_use]
pub fn page(site: &Site) -> String {
    Page::new("Components").crumb("/", "Home").crumb("/style", "Components").unlisted().render(site, || {
        view! {
            <h1>"Components"</h1>
            <div class="wb-pair">
                <div>
                    {part("buttons", "Buttons", shown::buttons())} {part("course", "Course card", shown::cards())}
                    {part("notices", "Notices", shown::notices())}
                </div>
                <div>
                    {part("tags", "Tags", shown::tags())} {part("fill", "Places", shown::bars())}
                    {part("leaf", "Date leaf and arches", shown::shapes())}
                    {part("icons", "Icons", shown::icons())} {part("chips", "Chosen filters", shown::chips())}
                    {part("pages", "Pages", shown::pages())} {part("details", "More to read", shown::details())}
                </div>
            </div>
            <div class="wb-pair">
                <div>{part("wrong", "Form with problems", forms::wrong())}</div>
                <div>{part("form", "Form", forms::clean())}</div>
            </div>
            {part("panel", "Confirmation", shown::panel())}
            <div class="wb-pair">
                <div>
                    {shown::first_visit()} {part("access", "Access", shown::access())}
                    {part("table", "Table", shown::table())}
                </div>
                <div>
                    {part("sessions", "Dates and times", shown::sessions())}
                    {part("summary", "Summary", shown::summary())} {shown::reminder()}
                </div>
            </div>
            {part("stack", "Table that stacks on a phone", shown::stacking_table())}
            {part("filters", "Filters", forms::filters())} {part("empty", "Nothing found", shown::empty())}
        }
    })
}

/// One part of the page under its heading.
fn part(id: &'static str, title: &'static str, content: impl IntoView) -> impl IntoView {
    let id = format!("s-{id}");
    let labelled = id.clone();
    view! {
        <section class="wb-block wb-block--near" aria-labelledby=labelled>
            <h2 id=id>{title}</h2>
            {content}
        </section>
    }
}
