//! Everything on the style page that is not a form.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::ui::art::{self, Icon};
use crate::ui::form::{Button, ButtonKind, ButtonLink, ButtonSize};
use crate::ui::pieces::{
    AccessFacts, Chip, Chips, Column, CourseCard, CourseFacts, DateLeaf, Details, EmptyState,
    FillBar, FirstVisit, FirstVisitLine, HelpBox, Leaf, NameArch, Notice, NoticeKind, Pagination,
    Panel, Reminder, SessionLine, SessionsList, SummaryList, SummaryRow, Table, Tag, TagState,
    TopicArch,
};

fn leaf(year: i32, month: u32, day: u32) -> Option<Leaf> {
    NaiveDate::from_ymd_opt(year, month, day).map(Leaf::of)
}

/// Buttons of each kind and size.
pub(super) fn buttons() -> impl IntoView {
    view! {
        <div class="wb-buttons">
            <Button>"Book a place"</Button>
            <ButtonLink href="/style" kind=ButtonKind::Outlined>
                "Send it to me"
            </ButtonLink>
            <Button kind=ButtonKind::Warning>"Cancel my place"</Button>
            <Button size=ButtonSize::Small>"Small"</Button>
            <Button size=ButtonSize::Big>"Book a place"</Button>
            <a href="/style">"A link beside"</a>
        </div>
    }
}

/// A card with everything, one online, one without a date.
pub(super) fn cards() -> impl IntoView {
    let card = CourseFacts {
        leaf: leaf(2027, 1, 18),
        drawing: "breath".into(),
        topic: "Calm and breathing".into(),
        title: "Slow breathing for beginners".into(),
        href: "/courses/slow-breathing".into(),
        summary: "Sit in a chair and breathe. That is all.".into(),
        when: "Starts Monday 18 January, 9:30am to 10:30am. 4 weeks".into(),
        place: "Bath Central Library. Step-free".into(),
        online: false,
        tag: Some(TagState::Places(10)),
        more: "and 2 more dates".into(),
    };
    let online = CourseFacts {
        leaf: leaf(2027, 1, 14),
        drawing: "sleep".into(),
        topic: "Sleep".into(),
        title: "Better sleep".into(),
        place: "Online".into(),
        online: true,
        tag: Some(TagState::FullWaiting),
        more: "".into(),
        ..card.clone()
    };
    let bare = CourseFacts {
        leaf: None,
        drawing: "none".into(),
        title: "A course without a date yet".into(),
        when: "No dates yet".into(),
        place: "".into(),
        tag: None,
        more: "".into(),
        ..card.clone()
    };
    let cards: Vec<_> = [card, online, bare]
        .into_iter()
        .map(|course| view! { <CourseCard course /> })
        .collect();
    view! { <ul class="wb-cards">{cards}</ul> }
}

/// Every kind of notice.
pub(super) fn notices() -> impl IntoView {
    view! {
        <Notice title="Good to know" level=3>
            <p>"It is fine to miss a week."</p>
        </Notice>
        <Notice title="A place has come free for you" kind=NoticeKind::Offer level=3>
            <p>"We are keeping it for you until " <strong>"4pm on Wednesday 13 January"</strong> "."</p>
            <div class="wb-buttons">
                <Button>"Yes, book my place"</Button>
                <a href="/style">"No thank you"</a>
            </div>
        </Notice>
        <Notice title="Saved" kind=NoticeKind::Good level=3>
            <p>"Your phone number has been changed."</p>
        </Notice>
        <Notice title="This session is cancelled" kind=NoticeKind::Bad level=3>
            <p>"Tuesday 19 January will not go ahead. We are sorry."</p>
        </Notice>
        <Notice title="Who will see this" symbol=Icon::Eye level=3>
            <p>"Your tutor sees your " <strong>"name, phone and email"</strong> ". Nothing else."</p>
        </Notice>
        <HelpBox />
    }
}

/// Every tag.
pub(super) fn tags() -> impl IntoView {
    let tags: Vec<_> = [
        TagState::Places(8),
        TagState::Few(2),
        TagState::Full,
        TagState::FullWaiting,
        TagState::InLine(3),
        TagState::Volunteers,
        TagState::Cancelled,
        TagState::Closed,
        TagState::Started,
        TagState::Ended,
        TagState::PhoneOnly,
        TagState::Booked,
        TagState::Draft,
    ]
    .into_iter()
    .map(|state| view! { <Tag state /> " " })
    .collect();
    view! { <p>{tags}</p> }
}

/// The bar: some, some held, full.
pub(super) fn bars() -> impl IntoView {
    view! {
        <FillBar booked=4 capacity=12 />
        <p class="wb-small">"8 of 12 places left"</p>
        <FillBar booked=10 held=1 capacity=12 />
        <p class="wb-small">"10 booked, 1 held, of 12"</p>
        <FillBar booked=12 capacity=12 />
        <p class="wb-small">"Full. 4 people waiting"</p>
    }
}

/// Leaves and arches.
pub(super) fn shapes() -> impl IntoView {
    let arches: Vec<_> = art::TOPICS
        .into_iter()
        .map(|topic| view! { <TopicArch topic /> })
        .collect();
    view! {
        <div class="wb-buttons">
            {leaf(2027, 1, 12).map(|leaf| view! { <DateLeaf leaf /> })}
            {leaf(2027, 9, 2).map(|leaf| view! { <DateLeaf leaf=leaf.waiting() /> })} <NameArch name="Priya Nair" />
            {arches}
        </div>
    }
}

/// Every icon.
pub(super) fn icons() -> impl IntoView {
    let icons: Vec<_> = Icon::ALL
        .iter()
        .map(|icon| (*icon, format!("{icon:?}").into()))
        .collect();
    view! { <AccessFacts facts=icons /> }
}

/// Chosen filters.
pub(super) fn chips() -> impl IntoView {
    let chip = |words: &'static str| Chip {
        words: words.into(),
        href: "/style".into(),
    };
    view! { <Chips chips=vec![chip("Bath"), chip("Morning")] /> }
}

/// Page links of a short list, and of a long one.
pub(super) fn pages() -> impl IntoView {
    view! { <Pagination page=10 pages=20 base="/style?page=" /> }
}

/// Closed words.
pub(super) fn details() -> impl IntoView {
    view! {
        <Details summary="Why we ask this">
            <p>"Some courses are for adults only. We also report how many people of each age come, without names."</p>
        </Details>
    }
}

/// "Your place is booked".
pub(super) fn panel() -> impl IntoView {
    view! { <Panel title="Your place is booked" label="Your booking number" number="WB-7K4-2MQ" level=3 /> }
}

/// "Your first visit".
pub(super) fn first_visit() -> impl IntoView {
    let line = |icon, lead: &'static str, rest: &'static str| FirstVisitLine {
        icon,
        lead: lead.into(),
        rest: rest.into(),
    };
    let lines = vec![
        line(
            Icon::Door,
            "Priya meets you at the door",
            "from 10:15am. Look for the yellow sign.",
        ),
        line(
            Icon::Cup,
            "Tea, and a seat by the door",
            "if you would like one.",
        ),
        line(
            Icon::Chair,
            "Sit, stand or stretch",
            "whenever you need to.",
        ),
        line(
            Icon::Ear,
            "You can just listen.",
            "Nobody will ask you to speak.",
        ),
    ];
    view! { <FirstVisit lines /> }
}

/// Getting in and around.
pub(super) fn access() -> impl IntoView {
    let facts = vec![
        (Icon::StepFree, "Step-free from the street".into()),
        (Icon::Loo, "Accessible toilet".into()),
        (Icon::Ear, "Hearing loop in the room".into()),
        (Icon::Car, "Blue Badge parking".into()),
        (Icon::Bus, "Bus stop outside: 3, 4".into()),
        (Icon::Chair, "Chairs with arms".into()),
    ];
    view! { <AccessFacts facts /> }
}

/// A small table.
pub(super) fn table() -> impl IntoView {
    let columns = vec![Column::new("Course"), Column::numbers("Places")];
    let rows = vec![
        vec!["Better sleep".into_any(), 20.into_any()],
        vec!["Coping with worry".into_any(), 12.into_any()],
    ];
    view! { <Table caption="Places of each course" columns rows /> }
}

/// A wide table.
pub(super) fn stacking_table() -> impl IntoView {
    let columns = ["When", "Who", "What they saw", "Why"]
        .map(Column::new)
        .into();
    let rows = [
        [
            "11 January 2027, 4:05pm",
            "Priya Nair, your tutor",
            "Name, phone, email",
            "To see who is coming on Tuesday",
        ],
        [
            "8 January 2027, 9:12am",
            "Sandra Okoro, course team",
            "What would help you",
            "To save you a chair with arms",
        ],
    ]
    .map(|row| row.map(IntoAny::into_any).into())
    .into();
    view! { <Table caption="Who has seen my data" columns rows stacks=true /> }
}

/// The dates of a run, one of them cancelled.
pub(super) fn sessions() -> impl IntoView {
    let line = |day: &'static str, note: &'static str, cancelled| SessionLine {
        day: day.into(),
        time: "10:30am to 12:30pm".into(),
        note: note.into(),
        cancelled,
    };
    let sessions = vec![
        line("Tuesday 12 January", "Understanding pain", false),
        line(
            "Tuesday 19 January",
            "We are sorry. This session will not go ahead.",
            true,
        ),
        line("Tuesday 26 January", "", false),
    ];
    view! { <SessionsList sessions /> }
}

/// Answers, one of which cannot be changed.
pub(super) fn summary() -> impl IntoView {
    let rows = vec![
        SummaryRow::new("Phone", "07700 900 214").change("/style"),
        SummaryRow::new("Email", "m.ashdown@example.org").change("/style"),
        SummaryRow::new("Age", "16 or over"),
    ];
    view! { <SummaryList rows /> }
}

/// What somebody is booking.
pub(super) fn reminder() -> impl IntoView {
    leaf(2027, 1, 12).map(|leaf| {
        view! {
            <Reminder
                leaf
                course="Living well with long-term pain"
                when="Tuesday 12 January, 10:30am to 12:30pm. 6 weeks"
                place="Bath Central Library"
            />
        }
    })
}

/// Nothing found.
pub(super) fn empty() -> impl IntoView {
    view! {
        <EmptyState title="No courses match yet">
            <p>"Try fewer choices, or call us. We will tell you when one starts."</p>
            <div class="wb-buttons">
                <ButtonLink href="/style" kind=ButtonKind::Outlined>
                    "Clear all choices"
                </ButtonLink>
            </div>
        </EmptyState>
    }
}
