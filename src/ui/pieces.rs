//! Cards, tags, notices and the other pieces of a page.
//!
//! A piece takes finished words: what is said about a date or a number of places is worked out before.

mod card;
mod chart;
mod fill;
mod lists;
mod notices;
mod pages;
mod sessions;
mod shapes;
mod table;
mod tags;

pub use card::{CourseCard, CourseFacts};
pub use chart::BarChart;
pub use fill::FillBar;
pub use lists::{
    AccessFacts, Chip, Chips, Fact, Filters, FirstVisit, FirstVisitLine, SummaryList, SummaryRow,
};
pub use notices::{
    Details, EmptyState, HelpBox, Notice, NoticeKind, Panel, PhoneLink, Reminder, WarningText,
};
pub use pages::Pagination;
pub use sessions::{SessionLine, SessionsList};
pub use shapes::{DateLeaf, Leaf, NameArch, NoDateLeaf, TopicArch};
pub use table::{Column, Table};
pub use tags::{Tag, TagState};

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::{Words, some};

/// A heading of level 1, 2 or 3 (anything else is 3).
pub(crate) fn heading(
    level: u8,
    id: &'static str,
    class: &'static str,
    words: Words,
) -> impl IntoView + use<> {
    let (id, class) = (super::some_str(id), super::some_str(class));
    match level {
        1 => EitherOf3::A(view! { <h1 id=id class=class>{words}</h1> }),
        2 => EitherOf3::B(view! { <h2 id=id class=class>{words}</h2> }),
        _ => EitherOf3::C(view! { <h3 id=id class=class>{words}</h3> }),
    }
}

/// A paragraph, when there are words for one.
pub(crate) fn paragraph(words: Words) -> impl IntoView + use<> {
    some(words).map(|words| view! { <p>{words}</p> })
}
