//! What a page says out loud: notices, the panel, empty boxes, more to read.

use leptos::prelude::*;

use super::{DateLeaf, Leaf, heading, paragraph};
use crate::ui::art::{self, Icon, icon};
use crate::ui::page::Site;
use crate::ui::{Words, some};

/// What kind of news it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// A place has come free, and is kept for a while.
    Offer,
    /// Something was done as asked.
    Good,
    /// Something will not happen.
    Bad,
}

/// An icon, a heading, a sentence or two.
#[component]
pub fn Notice(
    /// The heading.
    #[prop(into)]
    title: Words,
    /// What kind of news it is.
    #[prop(default = NoticeKind::Info)]
    kind: NoticeKind,
    /// Another icon than the kind's own: an eye for "Who will see this".
    #[prop(optional)]
    symbol: Option<Icon>,
    /// The level of the heading.
    #[prop(default = 2)]
    level: u8,
    /// Paragraphs, and for an offer `<div class="wb-buttons">`.
    children: Children,
) -> impl IntoView {
    let (class, own) = match kind {
        NoticeKind::Info => ("wb-notice", Icon::Info),
        NoticeKind::Offer => ("wb-notice wb-notice--offer", Icon::Clock),
        NoticeKind::Good => ("wb-notice wb-notice--good", Icon::Tick),
        NoticeKind::Bad => ("wb-notice wb-notice--bad", Icon::Warning),
    };
    view! {
        <div class=class>
            {icon(symbol.unwrap_or(own))} {heading(level, "", "", title)} {children()}
        </div>
    }
}

/// The course team's number, as a link that rings it.
#[component]
pub fn PhoneLink() -> impl IntoView {
    let site = Site::here();
    view! {
        <a class="wb-nowrap" href=site.tel()>
            {site.phone.clone()}
        </a>
    }
}

/// "Not sure which one? Call us", with the number.
#[component]
pub fn HelpBox(
    /// The heading.
    #[prop(into, default = Words::Borrowed("Not sure which one?"))]
    title: Words,
    /// What we do when somebody calls.
    #[prop(into, default = Words::Borrowed("We will listen and help you choose."))]
    then: Words,
) -> impl IntoView {
    view! {
        <Notice title symbol=Icon::Phone>
            <p>"Call us on " <PhoneLink /> ". " {then}</p>
        </Notice>
    }
}

/// "Your place is booked", on the sill, with the number to read out.
#[component]
pub fn Panel(
    /// What is done.
    #[prop(into)]
    title: Words,
    /// What the number is: "Your booking number".
    #[prop(into, optional)]
    label: Words,
    /// The number.
    #[prop(into, optional)]
    number: Words,
    /// The level of the heading; it is the page's own unless said otherwise.
    #[prop(default = 1)]
    level: u8,
) -> impl IntoView {
    let body = some(label).map(|label| view! { <p>{label} " " <strong>{number}</strong></p> });
    view! {
        <div class="wb-panel">
            <div>{heading(level, "", if level == 1 { "" } else { "wb-title" }, title)} {body}</div>
            {art::raw(art::SILL)}
        </div>
    }
}

/// Nothing here yet: what to do next.
#[component]
pub fn EmptyState(
    /// "No courses match yet".
    #[prop(into)]
    title: Words,
    /// The level of the heading.
    #[prop(default = 3)]
    level: u8,
    /// A paragraph, and `<div class="wb-buttons">` with an outlined button.
    children: Children,
) -> impl IntoView {
    view! { <div class="wb-empty">{art::raw(art::BENCH)} {heading(level, "", "", title)} {children()}</div> }
}

/// More to read, closed at first: "Why we ask this".
#[component]
pub fn Details(
    /// What one opens.
    #[prop(into)]
    summary: Words,
    /// What is inside.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{summary}</span>
            </summary>
            <div class="govuk-details__text">{children()}</div>
        </details>
    }
}

/// One sentence that must not be missed: "You have not booked yet."
#[component]
pub fn WarningText(
    /// The sentence.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="govuk-warning-text">
            <span class="govuk-warning-text__icon" aria-hidden="true">
                "!"
            </span>
            <strong class="govuk-warning-text__text">
                <span class="govuk-visually-hidden">"Warning"</span>
                " "
                {children()}
            </strong>
        </div>
    }
}

/// What somebody is booking, on sand: the aside of a `wb-split`.
#[component]
pub fn Reminder(
    /// "You are booking".
    #[prop(into, default = Words::Borrowed("You are booking"))]
    title: Words,
    /// The first day.
    #[prop(optional)]
    leaf: Option<Leaf>,
    /// The course.
    #[prop(into)]
    course: Words,
    /// "Tuesday 12 January, 10:30am to 12:30pm. 6 weeks".
    #[prop(into)]
    when: Words,
    /// "Bath Central Library".
    #[prop(into, optional)]
    place: Words,
) -> impl IntoView {
    view! {
        <aside class="wb-split__aside wb-reminder" aria-labelledby="reminder">
            <h2 id="reminder">{title}</h2>
            <div class="wb-reminder__row">
                {leaf.map(|leaf| view! { <DateLeaf leaf /> })}
                <div>
                    <p>
                        <strong>{course}</strong>
                    </p>
                    {paragraph(when)}
                    {paragraph(place)}
                </div>
            </div>
        </aside>
    }
}
