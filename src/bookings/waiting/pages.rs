//! The pages of the waiting list.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::rules;
use super::store::{Line, Seen};
use crate::accounts::said::Said;
use crate::bookings::pages::{reminder, today, together, wait_path};
use crate::bookings::store::{Offer, Person};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// The page of one entry.
pub(crate) fn entry_path(id: Uuid) -> String {
    format!("/account/waiting/{}", id.simple())
}

/// How an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// So many entries are before it.
    Waiting { before: i64 },
    /// A place is kept for it until then; with `shared`, for others as well.
    Offered { until: DateTime<Utc>, shared: bool },
    /// A place is free, and the first to take it has it.
    LastCall,
    /// It came to a booking.
    Booked,
    /// They left.
    Left,
    /// They said no.
    Declined,
    /// They did not answer in time.
    Lapsed,
    /// There was no place before it began, or it was called off.
    Over,
}

impl Standing {
    /// How an entry stands at `now`.
    pub fn of(seen: &Seen, offer: &Offer, now: DateTime<Utc>) -> Self {
        match seen.status.as_str() {
            "booked" => Self::Booked,
            "left" => Self::Left,
            "declined" => Self::Declined,
            "lapsed" => Self::Lapsed,
            "over" => Self::Over,
            _ => match seen.expires_at.filter(|until| *until > now) {
                Some(until) if seen.keeps => Self::Offered {
                    until,
                    shared: seen.shared,
                },
                Some(_) if offer.run.free(now) >= seen.places => Self::LastCall,
                _ => Self::Waiting {
                    before: seen.before,
                },
            },
        }
    }
}

/// Why the link of an offer has nothing to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// They said yes before.
    SaidYes,
    /// They said no.
    SaidNo,
    /// They did not answer in time.
    Late,
    /// Somebody else took it, just now.
    Taken,
    /// That offer is over, and they still wait.
    Waits,
    /// The list is over: it has begun, or does not go ahead.
    Over,
    /// There is no such offer.
    Nothing,
}

impl Gone {
    /// Why an offer that stands as `state` says has nothing to answer; none when it has.
    pub fn of(state: &str, standing: &Standing) -> Option<Self> {
        match (state, standing) {
            ("taken", _) | (_, Standing::Booked) => Some(Self::SaidYes),
            ("declined", _) | (_, Standing::Left | Standing::Declined) => Some(Self::SaidNo),
            (_, Standing::Lapsed) => Some(Self::Late),
            (_, Standing::Over) => Some(Self::Over),
            (_, Standing::Waiting { .. }) => Some(Self::Waits),
            // An earlier link of somebody who is offered a place now opens what they are offered now.
            (_, Standing::Offered { .. } | Standing::LastCall) => None,
        }
    }
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

/// "Join the waiting list"; `before` is how many people wait already.
pub(super) fn ask(app: &App, offer: &Offer, before: i64) -> String {
    let today = today(app);
    let side = reminder(offer, today, "This date is full", None);
    let back = format!("/courses/{}", offer.run.slug);
    let waiting = match before {
        0 => "Nobody is waiting yet. You would be first.".to_owned(),
        1 => "1 person is waiting. You would be 2nd.".to_owned(),
        n => format!(
            "{n} people are waiting. You would be {}.",
            rules::ordinal(usize::try_from(n).unwrap_or(0) + 1)
        ),
    };
    Page::new("Join the waiting list")
        .signed_in(true)
        .journey()
        .unlisted()
        .back(back.clone(), "Back to the course")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>"Join the waiting list"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">{waiting}</p>
                        <ol class="wb-numbers">
                            <li>"People often cancel. Then we offer the place to whoever has waited longest."</li>
                            <li>
                                "We write to you and keep the place for a while. How long depends on how soon it starts. The message says it."
                            </li>
                            <li>"You say yes or no. Until you say yes, nothing is booked."</li>
                        </ol>
                        <p>"You can leave the list at any time."</p>
                        <Form class="wb-buttons">
                            <Button>"Join the waiting list"</Button>
                            <a href=back>"No thank you"</a>
                        </Form>
                        <p>"Or call " <PhoneLink /> ". We will help you find something like it."</p>
                    </div>
                </div>
            }
        })
}

/// The two buttons of an offer.
fn buttons() -> impl IntoView {
    view! {
        <p>"If you say no, you leave the waiting list and the place goes to the next person."</p>
        <Form class="wb-buttons">
            <Button name="do" value="take">
                "Yes, book it"
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
                "We keep it for you until {}. After that it goes to the next person.",
                dates::until(*until, today)
            ),
        )),
        Standing::Offered {
            until,
            shared: true,
        } => Some((
            title,
            format!(
                "There is little time, so we have asked other people too. The first to say yes has it. We keep it until {}.",
                dates::until(*until, today)
            ),
        )),
        Standing::LastCall => Some((
            "A place is free at short notice",
            "Everybody who waits has been told. The first to say yes has it.".to_owned(),
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
        Standing::Over => (
            "There was no place this time",
            "We are sorry. It has started, or does not go ahead. You do not need to do anything."
                .to_owned(),
        ),
        Standing::Offered { .. } | Standing::LastCall => ("", String::new()),
    }
}

/// Where somebody is on the list, and what they are offered. `heard` is what the form before did.
pub(super) fn entry(
    app: &App,
    seen: &Seen,
    offer: &Offer,
    people: &[Person],
    standing: &Standing,
    heard: Option<Said>,
) -> String {
    let today = today(app);
    let both = people.len() > 1;
    let names: Vec<String> = people.iter().map(|p| p.full_name.clone()).collect();
    let side = reminder(offer, today, "You are waiting for", None);
    let offer_words = offered(standing, both, today);
    let has_offer = offer_words.is_some();
    let (title, sentence) = offer_words.unwrap_or_else(|| words(standing));
    let waits = matches!(standing, Standing::Waiting { .. });
    let again = matches!(
        standing,
        Standing::Left | Standing::Declined | Standing::Lapsed
    )
    .then(|| wait_path(&offer.run.slug, offer.run.id));
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
                        {both.then(|| view! { <p>"For " <strong>{together(&names)}</strong> "."</p> })}
                        {has_offer.then(buttons)}
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
                        <p>"Questions? Call " <PhoneLink /> "."</p>
                    </div>
                </div>
            }
        })
}

/// "Do you want to leave the waiting list?"
pub(super) fn leave(app: &App, seen: &Seen, offer: &Offer) -> String {
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

/// What the link of an offer opens.
pub(super) fn offer(app: &App, offer: &Offer, people: &[Person], standing: &Standing) -> String {
    let today = today(app);
    let names = known_as(people);
    let (title, sentence) = offered(standing, people.len() > 1, today).unwrap_or_default();
    let side = reminder(
        &discreet(offer, people),
        today,
        "You asked to wait for",
        None,
    );
    Page::new(title).unlisted().render(&app.site, move || {
        view! {
            <div class="wb-split">
                <div class="wb-split__head">
                    <h1>{title}</h1>
                </div>
                {side}
                <div class="wb-split__main">
                    <p class="wb-lead">{sentence}</p>
                    <p>"This is for " <strong>{names}</strong> ". It is not booked yet."</p>
                    {buttons()}
                    <p>"Not sure? Call " <PhoneLink /> "."</p>
                </div>
            </div>
        }
    })
}

/// The run as the page of a link may show it: whoever opens a link need not be the one it was sent to, so the course is
/// named only to people who allowed it in messages.
fn discreet(offer: &Offer, people: &[Person]) -> Offer {
    let mut offer = offer.clone();
    let allowed = |person: &Person| person.name_course_in_messages == Some(true);
    if !people.iter().any(allowed) {
        "What you asked for".clone_into(&mut offer.run.title);
    }
    offer
}

/// "Maggie and Tom".
fn known_as(people: &[Person]) -> String {
    let names: Vec<String> = people.iter().map(|p| p.known_as().to_owned()).collect();
    together(&names)
}

/// They said yes, and a parent or guardian is asked first.
pub(super) fn waits_for_guardian(app: &App, offer: &Offer, people: &[Person]) -> String {
    let side = reminder(
        &discreet(offer, people),
        today(app),
        "You said yes to",
        None,
    );
    Page::new("We are waiting for your parent or guardian")
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>"We are waiting for your parent or guardian"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">
                            "Thank you for saying yes. It is not booked yet: it counts as soon as they agree."
                        </p>
                        <p>"We have sent them an email. Ask them to look for it."</p>
                        <div class="wb-buttons">
                            <ButtonLink href="/account/bookings">"See my bookings"</ButtonLink>
                        </div>
                        <p>"Questions? Call " <PhoneLink /> "."</p>
                    </div>
                </div>
            }
        })
}

/// The offer is taken: it is booked.
pub(super) fn taken(app: &App, offer: &Offer, people: &[Person], reference: &str) -> String {
    let reference = reference.to_owned();
    let side = reminder(&discreet(offer, people), today(app), "Your booking", None);
    Page::new("It is booked")
        .unlisted()
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <Panel title="It is booked" label="Your booking number" number=reference />
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p>"We have sent an email with the dates. It may take a few minutes."</p>
                        <div class="wb-buttons">
                            <ButtonLink href="/account/bookings">"See my bookings"</ButtonLink>
                        </div>
                        <p>"Cannot come after all? Call " <PhoneLink /> ", or cancel in My bookings."</p>
                    </div>
                </div>
            }
        })
}

/// The link of an offer that has nothing to answer.
pub(super) fn gone(app: &App, why: Gone) -> String {
    let (title, sentence) = match why {
        Gone::SaidYes => ("You have said yes", "How it stands is in My bookings."),
        Gone::SaidNo => (
            "Thank you for telling us",
            "The place goes to the next person. You are not on the waiting list any more.",
        ),
        Gone::Late => (
            "The time to answer is over",
            "We did not hear from you in time, so the place went to the next person. You can join the list again.",
        ),
        Gone::Taken => (
            "Somebody else was quicker",
            "We are sorry. The place is taken. You keep your turn on the waiting list.",
        ),
        Gone::Waits => (
            "This offer is over",
            "You are still on the waiting list. We will write to you when there is a place for you.",
        ),
        Gone::Over => (
            "There was no place this time",
            "We are sorry. It has started, or does not go ahead.",
        ),
        Gone::Nothing => (
            "This link does not work",
            "It may be broken in two. Try the button in the email again.",
        ),
    };
    Page::new(title).unlisted().render(&app.site, move || {
        view! {
            <h1>{title}</h1>
            <p class="wb-lead">{sentence}</p>
            <div class="wb-buttons">
                <ButtonLink href="/account/bookings" kind=ButtonKind::Outlined>
                    "See my bookings"
                </ButtonLink>
                <a href="/courses">"Find a course"</a>
            </div>
            <p>"Questions? Call " <PhoneLink /> "."</p>
        }
    })
}

/// One card of "Waiting" in "My bookings".
pub(crate) fn card(line: Line, now: DateTime<Utc>) -> impl IntoView + use<> {
    let today = dates::day_of(now);
    let leaf = Leaf::of(dates::day_of(line.starts_at));
    let place = line.venue.unwrap_or_else(|| "Online".to_owned());
    let when = dates::day_and_time(line.starts_at, today);
    let until = line
        .seen
        .expires_at
        .filter(|until| *until > now && line.seen.keeps);
    let words = match until {
        Some(until) => format!(
            "A place is free for you until {}.",
            dates::until(until, today)
        ),
        None => turn(line.seen.before),
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
                <p class="wb-links">
                    <a href=own>{link} <span class="govuk-visually-hidden">{hidden}</span></a>
                </p>
            </div>
        </li>
    }
}
