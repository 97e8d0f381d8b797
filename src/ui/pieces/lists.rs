//! Lists with icons, chosen filters, and the answers somebody gave.

use leptos::either::Either;
use leptos::prelude::*;

use crate::ui::art::{Icon, icon};
use crate::ui::{Words, some};

/// One line of a `<ul class="wb-facts">`: an icon and words.
#[component]
pub fn Fact(
    /// The icon.
    #[prop(name = "icon")]
    symbol: Icon,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <li>{icon(symbol)} <span>{children()}</span></li> }
}

/// One line about the first visit: what matters in bold, then the rest.
#[derive(Debug, Clone)]
pub struct FirstVisitLine {
    /// The icon.
    pub icon: Icon,
    /// "Priya meets you at the door".
    pub lead: Words,
    /// "from 10:15am. Look for the yellow sign."
    pub rest: Words,
}

/// "Your first visit": what it will be like, in four short lines.
#[component]
pub fn FirstVisit(
    /// The lines.
    lines: Vec<FirstVisitLine>,
) -> impl IntoView {
    let lines: Vec<_> = lines
        .into_iter()
        .map(|FirstVisitLine { icon, lead, rest }| {
            let rest = some(rest).map(|rest| view! { " " {rest} });
            view! {
                <Fact icon>
                    <strong>{lead}</strong>
                    {rest}
                </Fact>
            }
        })
        .collect();
    view! {
        <section class="wb-block wb-first" aria-labelledby="first">
            <h2 id="first">"Your first visit"</h2>
            <ul class="wb-facts">{lines}</ul>
        </section>
    }
}

/// How to get in and around, in two columns.
#[component]
pub fn AccessFacts(
    /// Icon and words of each fact.
    facts: Vec<(Icon, Words)>,
) -> impl IntoView {
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(icon, words)| view! { <Fact icon>{words}</Fact> })
        .collect();
    view! { <ul class="wb-facts wb-facts--two">{facts}</ul> }
}

/// A chosen filter, and the address of the list without it.
#[derive(Debug, Clone)]
pub struct Chip {
    /// "Bath".
    pub words: Words,
    /// The list without this filter.
    pub href: Words,
}

/// The chosen filters; each is a link that takes it away.
#[component]
pub fn Chips(
    /// What is chosen.
    chips: Vec<Chip>,
) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        let chips: Vec<_> = chips
            .into_iter()
            .map(|Chip { words, href }| {
                view! {
                    <li>
                        <a class="wb-chip" href=href>
                            <span class="govuk-visually-hidden">"Stop choosing "</span>
                            {words}
                            " "
                            {icon(Icon::Cross)}
                        </a>
                    </li>
                }
            })
            .collect();
        view! { <ul class="wb-chips">{chips}</ul> }
    })
}

/// The filters of a list: closed on a phone, a column on wide screens.
#[component]
pub fn Filters(
    /// How many are chosen.
    #[prop(default = 0)]
    chosen: usize,
    /// The list without any filter.
    #[prop(into)]
    clear: Words,
    /// It is open from the start, even on a phone: something in it is wrong.
    #[prop(default = false)]
    open: bool,
    /// Groups of boxes and the button.
    children: Children,
) -> impl IntoView {
    let words = if chosen == 0 {
        "Narrow the list".to_owned()
    } else {
        format!("Narrow the list ({chosen} chosen)")
    };
    view! {
        <details class="wb-filters" open=open>
            <summary class="wb-filters__summary">{words}</summary>
            <div class="wb-filters__body">
                {children()} <p>
                    <a href=clear>"Clear all"</a>
                </p>
            </div>
        </details>
    }
}

/// One answer, and where to change it.
#[derive(Debug)]
pub struct SummaryRow {
    key: Words,
    value: AnyView,
    change: Option<(Words, Words)>,
}

impl SummaryRow {
    /// A key and its value in words.
    pub fn new(key: impl Into<Words>, value: impl Into<Words>) -> Self {
        let value: Words = value.into();
        Self {
            key: key.into(),
            value: value.into_any(),
            change: None,
        }
    }

    /// A key and its value as a view.
    pub fn view(key: impl Into<Words>, value: impl IntoView + 'static) -> Self {
        Self {
            key: key.into(),
            value: value.into_any(),
            change: None,
        }
    }

    /// Where to change it; screen readers hear "Change" and the key in small letters.
    #[must_use]
    pub fn change(self, href: impl Into<Words>) -> Self {
        self.action(href, "Change")
    }

    /// Another thing one can do with it: "Remove".
    #[must_use]
    pub fn action(mut self, href: impl Into<Words>, words: impl Into<Words>) -> Self {
        self.change = Some((href.into(), words.into()));
        self
    }
}

/// The answers somebody gave, each with a link to change it.
#[component]
pub fn SummaryList(
    /// The rows.
    rows: Vec<SummaryRow>,
) -> impl IntoView {
    let any = rows.iter().any(|row| row.change.is_some());
    let rows: Vec<_> = rows
        .into_iter()
        .map(|SummaryRow { key, value, change }| {
            let class = if any && change.is_none() {
                "govuk-summary-list__row govuk-summary-list__row--no-actions"
            } else {
                "govuk-summary-list__row"
            };
            let hidden = lower_first(&key);
            let change = change.map(|(href, words)| {
                view! {
                    <dd class="govuk-summary-list__actions">
                        <a class="govuk-link" href=href>
                            {words}
                            <span class="govuk-visually-hidden">" " {hidden}</span>
                        </a>
                    </dd>
                }
            });
            view! {
                <div class=class>
                    <dt class="govuk-summary-list__key">{key}</dt>
                    <dd class="govuk-summary-list__value">{value}</dd>
                    {change}
                </div>
            }
        })
        .collect();
    if rows.is_empty() {
        return Either::Left(());
    }
    Either::Right(view! { <dl class="govuk-summary-list">{rows}</dl> })
}

fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}
