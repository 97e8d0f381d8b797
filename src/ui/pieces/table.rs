//! The one table: in a white card, numbers right, and on a phone each row a small list.

use leptos::either::Either;
use leptos::prelude::*;

use crate::ui::Words;

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    title: Words,
    numeric: bool,
    sorts: Option<Sorts>,
}

/// What a heading does that sorts.
#[derive(Debug, Clone)]
struct Sorts {
    href: String,
    /// Whether the table is sorted by it from large to small; none, if by another.
    falls: Option<bool>,
}

impl Column {
    /// A column of words.
    pub fn new(title: impl Into<Words>) -> Self {
        Self {
            title: title.into(),
            numeric: false,
            sorts: None,
        }
    }

    /// A column of numbers.
    pub fn numbers(title: impl Into<Words>) -> Self {
        Self {
            title: title.into(),
            numeric: true,
            sorts: None,
        }
    }

    /// Its heading is a link that sorts the table (`ui::list::List::sorts`).
    #[must_use]
    pub fn sorts(self, href: String, falls: Option<bool>) -> Self {
        Self {
            sorts: Some(Sorts { href, falls }),
            ..self
        }
    }
}

/// A table. The first cell of a row is its heading.
#[component]
pub fn Table(
    /// What it is about, for screen readers.
    #[prop(into)]
    caption: Words,
    /// The columns.
    columns: Vec<Column>,
    /// The rows: as many cells as columns (`"…".into_any()` or a view).
    rows: Vec<Vec<AnyView>>,
    /// Rows become small lists on a phone ("Where: ..."); for tables wider than three columns.
    #[prop(optional)]
    stacks: bool,
) -> impl IntoView {
    // Tables that are laid out as something else lose their roles in some browsers, so they are written out.
    let role = |role: &'static str| stacks.then_some(role);
    let head: Vec<_> = columns
        .iter()
        .map(
            |Column {
                 title,
                 numeric,
                 sorts,
             }| {
                let class = if *numeric {
                    "govuk-table__header govuk-table__header--numeric"
                } else {
                    "govuk-table__header"
                };
                let falls = sorts.as_ref().and_then(|sorts| sorts.falls);
                let way = falls.map(|falls| if falls { "descending" } else { "ascending" });
                let words = match sorts {
                    // On a phone the headings are out of sight, and a link there would take the focus with it.
                    Some(Sorts { href, .. }) => Either::Left(view! {
                        <a class="wb-sorts" href=href.clone()>{title.clone()}</a>
                        <span class="wb-sorts-words">{title.clone()}</span>
                    }),
                    None => Either::Right(title.clone()),
                };
                view! {
                    <th scope="col" class=class role=role("columnheader") aria-sort=way>
                        {words}
                    </th>
                }
            },
        )
        .collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|cells| {
            let cells: Vec<_> = cells
                .into_iter()
                .zip(&columns)
                .enumerate()
                .map(|(at, (cell, Column { title, numeric, .. }))| {
                    if at == 0 {
                        return Either::Left(view! {
                            <th scope="row" class="govuk-table__header" role=role("rowheader")>
                                {cell}
                            </th>
                        });
                    }
                    let class = if *numeric {
                        "govuk-table__cell govuk-table__cell--numeric"
                    } else {
                        "govuk-table__cell"
                    };
                    let label = stacks.then(|| title.clone());
                    Either::Right(view! {
                        <td class=class role=role("cell") data-label=label>
                            {cell}
                        </td>
                    })
                })
                .collect();
            view! {
                <tr class="govuk-table__row" role=role("row")>
                    {cells}
                </tr>
            }
        })
        .collect();
    view! {
        <div class=if stacks { "wb-table wb-table--stack" } else { "wb-table" }>
            <table class="govuk-table" role=role("table")>
                <caption class="govuk-visually-hidden">{caption}</caption>
                <thead class="govuk-table__head" role=role("rowgroup")>
                    <tr class="govuk-table__row" role=role("row")>
                        {head}
                    </tr>
                </thead>
                <tbody class="govuk-table__body" role=role("rowgroup")>
                    {rows}
                </tbody>
            </table>
        </div>
    }
}
