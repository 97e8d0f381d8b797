//! The pages of the waiting list.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::rules;
use super::standing::Standing;
use super::store::{Line, Seen};
use crate::accounts::said::Said;
use crate::bookings::pages::detail::Instead;
use crate::bookings::pages::{other_dates, reminder, today, together, wait_path};
use crate::bookings::store::{Offer, Person};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

pub mod joining;
pub mod link;

/// The page of one entry.
pub(crate) fn entry_path(id: Uuid) -> String {
    format!("/account/waiting/{}", id.simple())
}

/// "You are first in line."
fn turn(before: i64) -> String {
    match before {
        0 => "You are first on the list.".to_owned(),
        1 => "You are 2nd on the list: 1 person is before you.".to_owned(),
        n => {
            let place = rules::ordinal(usize::try_from(n).unwrap_or(0) + 1);
            format!("You are {place} on the list: {n} people are before you.")
        }
    }
}

/// The two buttons of an offer.
fn buttons(both: bool) -> impl IntoView {
    let (no, yes) = if both {
        (
            "If you say no, you both leave the waiting list and the places go to the next people.",
            "Yes, book both",
        )
    } else {
        (
            "If you say no, you leave the waiting list and the place goes to the next person.",
            "Yes, book it",
        )
    };
    view! {
        <p>{no}</p>
        <Form class="wb-buttons">
            <Button name="do" value="take">
                {yes}
            </Button>
            <Button kind=ButtonKind::Outlined name="do" value="no">
                "No thank you"
            </Button>
        </Form>
    }
}

/// What is offered, in words.
fn offered(
    standing: &Standing,
    both: bool,
    today: chrono::NaiveDate,
) -> Option<(&'static str, String)> {
    let title = if both {
        "2 places are free for you"
    } else {
        "A place is free for you"
    };
    match standing {
        Standing::Offered {
            until,
            shared: false,
        } => Some((
            title,
            format!(
                "We keep {} for you until {}. After that {} to the next person.",
                if both { "them" } else { "it" },
                dates::until(*until, today),
                if both { "they go" } else { "it goes" },
            ),
        )),
        Standing::Offered {
            until,
            shared: true,
        } => Some((
            title,
            format!(
                "There is little time, so we have asked other people too. The first to say yes has {what}. We keep {what} until {}.",
                dates::until(*until, today),
                what = if both { "them" } else { "it" },
            ),
        )),
        Standing::LastCall => Some((
            if both {
                "2 places are free at short notice"
            } else {
                "A place is free at short notice"
            },
            format!(
                "Everybody who waits has been told. The first to say yes has {}.",
                if both { "them" } else { "it" }
            ),
        )),
        _ => None,
    }
}

/// How an entry that is no longer offered anything stands: its title and sentence.
fn words(standing: &Standing) -> (&'static str, String) {
    match standing {
        Standing::Waiting { before } => (
            "You are on the waiting list",
            format!(
                "{} You do not have a place yet. We will write to you when there is one for you.",
                turn(*before)
            ),
        ),
        Standing::Booked => (
            "You said yes",
            "How it stands is in My bookings.".to_owned(),
        ),
        Standing::Left => (
            "You are not on the list any more",
            "You have left the waiting list. You can join it again, at its end.".to_owned(),
        ),
        Standing::Declined => (
            "You said no",
            "Thank you for telling us. The place goes to the next person. You are not on the list any more."
                .to_owned(),
        ),
        Standing::Lapsed => (
            "The time to answer is over",
            "We did not hear from you in time, so the place went to the next person. You are not on the list any more. You can join it again."
                .to_owned(),
        ),
        Standing::Over { called_off: true } => (
            "It does not go ahead",
            "We are sorry. What you were waiting for is called off. You are not on the list any more."
                .to_owned(),
        ),
        Standing::Over { called_off: false } => (
            "There was no place this time",
            "We are sorry. It has started. You do not need to do anything.".to_owned(),
        ),
        Standing::Offered { .. } | Standing::LastCall => ("", String::new()),
    }
}

/// How an entry stands, and what its page offers.
pub(super) struct Shown<'a> {
    /// How it stands.
    pub standing: &'a Standing,
    /// Where one of two can book by themselves, with the words for it.
    pub alone: &'a [(String, String)],
    /// The dates they could book instead, once there is nothing to wait for.
    pub instead: &'a Instead,
}

/// Where somebody is on the list, and what they are offered. `heard` is what the form before did.
pub(super) fn entry(
    app: &App,
    seen: &Seen,
    offer: &Offer,
    people: &[Person],
    Shown {
        standing,
        alone,
        instead,
    }: Shown<'_>,
    heard: Option<Said>,
) -> String {
    let today = today(app);
    let both = people.len() > 1;
    let named = both || people.iter().any(|person| !person.has_account);
    let alone = alone.to_vec();
    let names: Vec<String> = people.iter().map(|p| p.full_name.clone()).collect();
    let over = matches!(standing, Standing::Over { .. });
    let waited_for = if over {
        "You were waiting for"
    } else {
        "You are waiting for"
    };
    let side = reminder(offer, today, waited_for, None);
    let offer_words = offered(standing, both, today);
    let has_offer = offer_words.is_some();
    let (title, sentence) = offer_words.unwrap_or_else(|| words(standing));
    let waits = matches!(standing, Standing::Waiting { .. });
    let again = matches!(
        standing,
        Standing::Left | Standing::Declined | Standing::Lapsed
    )
    .then(|| wait_path(&offer.run.slug, offer.run.id));
    let others = over.then(|| other_dates(&instead.dates, &instead.coming, app.clock.now()));
    let leave = format!("{}/leave", entry_path(seen.id));
    let course = format!("/courses/{}", offer.run.slug);
    Page::new(title)
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .back("/account/bookings", "My bookings")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        {heard
                            .map(|said| {
                                let kind = match said {
                                    Said::PlaceGone => NoticeKind::Info,
                                    _ => NoticeKind::Good,
                                };
                                view! { <Notice title=said.words() kind>{()}</Notice> }
                            })}
                        <h1>{title}</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">{sentence}</p>
                        {named.then(|| view! { <p>"For " <strong>{together(&names)}</strong> "."</p> })}
                        {has_offer.then(|| buttons(both))}
                        {(!alone.is_empty())
                            .then(|| {
                                let links = alone
                                    .into_iter()
                                    .map(|(href, words)| {
                                        view! {
                                            <ButtonLink href kind=ButtonKind::Outlined>
                                                {words}
                                            </ButtonLink>
                                        }
                                    })
                                    .collect_view();
                                view! {
                                    <section class="wb-block" aria-labelledby="alone">
                                        <h2 id="alone">"Can only one of you come?"</h2>
                                        <p>"You can book 1 place now. The other keeps your turn on the list."</p>
                                        <div class="wb-buttons">{links}</div>
                                    </section>
                                }
                            })}
                        {waits
                            .then(|| {
                                view! {
                                    <p class="wb-links">
                                        <a href=course.clone()>"See the course"</a>
                                        <a href=leave.clone()>"Leave the waiting list"</a>
                                    </p>
                                }
                            })}
                        {again
                            .map(|href| {
                                view! {
                                    <div class="wb-buttons">
                                        <ButtonLink href kind=ButtonKind::Outlined>
                                            "Join the list again"
                                        </ButtonLink>
                                        <a href="/courses">"Find another course"</a>
                                    </div>
                                }
                            })}
                        {others
                            .map(|dates| {
                                view! {
                                    {dates}
                                    <p>
                                        <a href="/courses">"Find another course"</a>
                                    </p>
                                }
                            })}
                        <p>"Questions? Call " <PhoneLink /> "."</p>
                    </div>
                </div>
            }
        })
}

/// "Do you want to leave the waiting list?"
pub(super) fn leave(app: &App, seen: &Seen, offer: &Offer, people: &[Person]) -> String {
    let named = people.len() > 1 || people.iter().any(|person| !person.has_account);
    let names: Vec<String> = people.iter().map(|p| p.full_name.clone()).collect();
    let side = reminder(offer, today(app), "You are waiting for", None);
    let stay = entry_path(seen.id);
    Page::new("Do you want to leave the waiting list?")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .back(stay.clone(), "Back")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>"Do you want to leave the waiting list?"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        {named.then(|| view! { <p>"This is for " <strong>{together(&names)}</strong> "."</p> })}
                        <p>"You lose your turn. You can join again, at the end of the list."</p>
                        <Form class="wb-buttons">
                            <Button kind=ButtonKind::Warning>"Leave the list"</Button>
                            <a href=stay>"Keep waiting"</a>
                        </Form>
                    </div>
                </div>
            }
        })
}

/// One card of "Waiting" in "My bookings". `names` are those who wait, when it is not the reader alone.
pub(crate) fn card(line: Line, names: &[String], now: DateTime<Utc>) -> impl IntoView + use<> {
    let who = (!names.is_empty()).then(|| together(names));
    let today = dates::day_of(now);
    let leaf = Leaf::of(dates::day_of(line.starts_at));
    let place = line.venue.unwrap_or_else(|| "Online".to_owned());
    let when = dates::day_and_time(line.starts_at, today);
    let open = line.seen.expires_at.filter(|until| *until > now);
    let until = open.filter(|_| line.seen.keeps);
    let words = match (until, open) {
        (Some(until), _) if names.len() > 1 => format!(
            "2 places are free for you until {}.",
            dates::until(until, today)
        ),
        (Some(until), _) => format!(
            "A place is free for you until {}.",
            dates::until(until, today)
        ),
        (None, Some(_)) => {
            "It starts soon. If a place is free, the first to say yes has it.".to_owned()
        }
        (None, None) => turn(line.seen.before),
    };
    let own = entry_path(line.seen.id);
    let link = if until.is_some() {
        "Say yes or no"
    } else {
        "See the waiting list"
    };
    let hidden = format!(": {}", line.title);
    view! {
        <li class="wb-card wb-course">
            <DateLeaf leaf />
            <div class="wb-course__head">
                <h3 class="wb-course__title">
                    <a href=own.clone()>{line.title}</a>
                </h3>
            </div>
            <div class="wb-course__body">
                <p>
                    <strong>{words}</strong>
                </p>
                <p>{when} ", " {place}</p>
                {who.map(|who| view! { <p>"For " {who}</p> })}
                <p class="wb-links">
                    <a href=own>{link} <span class="govuk-visually-hidden">{hidden}</span></a>
                </p>
            </div>
        </li>
    }
}
