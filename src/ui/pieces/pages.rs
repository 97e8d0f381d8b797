//! From page to page of a long list.

use leptos::either::Either;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use crate::ui::Words;

const PREVIOUS: &str = "<svg class=\"govuk-pagination__icon govuk-pagination__icon--prev\" xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" width=\"15\" aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z\"></path></svg>";
const NEXT: &str = "<svg class=\"govuk-pagination__icon govuk-pagination__icon--next\" xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" width=\"15\" aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z\"></path></svg>";

/// The pages that are linked: the first, the last, and those round the current one; `None` is a gap.
fn shown(page: u32, pages: u32) -> Vec<Option<u32>> {
    let mut all = Vec::new();
    let mut last = 0;
    for number in 1..=pages {
        let near = number.abs_diff(page) <= 1 || number == 1 || number == pages || pages <= 7;
        if near {
            // A gap of one page is that page.
            match number - last {
                1 => {}
                2 => all.push(Some(last + 1)),
                _ => all.push(None),
            }
            all.push(Some(number));
            last = number;
        }
    }
    all
}

/// Links to the other pages of a list; nothing when there is one page only.
#[component]
pub fn Pagination(
    /// The page that is shown, from 1.
    page: u32,
    /// How many there are.
    pages: u32,
    /// The address up to the number: "/courses?topic=sleep&page=".
    #[prop(into)]
    base: Words,
) -> impl IntoView {
    if pages <= 1 {
        return Either::Left(());
    }
    let href = |number: u32| format!("{base}{number}");
    let items: Vec<_> = shown(page, pages)
        .into_iter()
        .map(|number| {
            let Some(number) = number else {
                return Either::Left(
                    view! { <li class="govuk-pagination__item govuk-pagination__item--ellipsis">"⋯"</li> },
                );
            };
            let current = number == page;
            let class = if current {
                "govuk-pagination__item govuk-pagination__item--current"
            } else {
                "govuk-pagination__item"
            };
            Either::Right(view! {
                <li class=class>
                    <a
                        class="govuk-link govuk-pagination__link"
                        href=href(number)
                        aria-label=format!("Page {number}")
                        aria-current=current.then_some("page")
                    >
                        {number}
                    </a>
                </li>
            })
        })
        .collect();
    let previous = (page > 1).then(|| {
        view! {
            <div class="govuk-pagination__prev">
                <a class="govuk-link govuk-pagination__link" href=href(page - 1) rel="prev">
                    {InertElement::new(PREVIOUS)}
                    <span class="govuk-pagination__link-title">
                        "Previous" <span class="govuk-visually-hidden">" page"</span>
                    </span>
                </a>
            </div>
        }
    });
    let next = (page < pages).then(|| {
        view! {
            <div class="govuk-pagination__next">
                <a class="govuk-link govuk-pagination__link" href=href(page + 1) rel="next">
                    <span class="govuk-pagination__link-title">
                        "Next" <span class="govuk-visually-hidden">" page"</span>
                    </span>
                    {InertElement::new(NEXT)}
                </a>
            </div>
        }
    });
    Either::Right(view! {
        <nav class="govuk-pagination" aria-label="Pagination">
            {previous}
            <ul class="govuk-pagination__list">{items}</ul>
            {next}
        </nav>
    })
}

#[cfg(test)]
mod tests {
    use super::shown;

    fn line(page: u32, pages: u32) -> String {
        let words = |n: Option<u32>| n.map_or_else(|| "…".to_owned(), |n| n.to_string());
        shown(page, pages)
            .into_iter()
            .map(words)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn links_stay_few() {
        assert_eq!(line(1, 5), "1 2 3 4 5");
        assert_eq!(line(1, 20), "1 2 … 20");
        assert_eq!(line(4, 20), "1 2 3 4 5 … 20");
        assert_eq!(line(10, 20), "1 … 9 10 11 … 20");
        assert_eq!(line(20, 20), "1 … 19 20");
    }
}
