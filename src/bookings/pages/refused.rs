//! Why a place cannot be booked, each with its own words and something to do next.

use axum::http::StatusCode;
use leptos::prelude::*;

use self::party::refusal_of_party;
use super::{book_path, other_dates, reminder, today, wait_path};
use crate::bookings::BookOutcome;
use crate::bookings::coming::Coming;
use crate::bookings::holds::Kept;
use crate::bookings::store::{Offer, Run};
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;
use crate::ui::{Words, dates};

mod party;

pub use party::Party;

/// Who asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking<'a> {
    /// The address they sign in with; none for strangers.
    pub email: Option<&'a str>,
    /// What became of the place that was kept for them.
    pub kept: Option<Kept>,
    /// Who would come; none for strangers, and for whoever answers an offer.
    pub party: Option<&'a Party<'a>>,
}

/// The title and the sentence of a refusal.
struct Refusal {
    title: Words,
    words: String,
    /// What to say after "Call <number>".
    call: &'static str,
    /// Whether other dates of the course would help.
    dates: bool,
    /// The filled button, if not another date.
    button: Option<(String, Words)>,
    /// Other ways on.
    more: Vec<(String, Words)>,
}

fn refusal(
    app: &App,
    offer: &Offer,
    outcome: &BookOutcome,
    others: bool,
    asking: Asking<'_>,
) -> Refusal {
    let today = today(app);
    let email = asking.email.unwrap_or_default();
    let elsewhere = Some(("/courses".to_owned(), "Find another course".into()));
    let more = Vec::new();
    match outcome {
        BookOutcome::Full if offer.run.starts_at <= app.clock.now() => Refusal {
            title: "There is no place left".into(),
            words: "It has started, and all the places are taken.".to_owned(),
            call: ". We will help you find something that suits you.",
            dates: true,
            button: None,
            more,
        },
        BookOutcome::Full => Refusal {
            title: "This date is full".into(),
            words: {
                let gone = match asking.kept {
                    Some(Kept::Lapsed(until) | Kept::Until(until)) => format!(
                        "We kept your place until {}. We are sorry: after that someone else took it.",
                        dates::until(until, today)
                    ),
                    None => "All the places on this date are taken.".to_owned(),
                };
                let elsewhere = if others { "" } else { " There are no other dates yet." };
                format!(
                    "{gone}{elsewhere} You can wait for a place: people often cancel, and then we ask whoever has waited longest."
                )
            },
            call: ". We will help you find something that suits you.",
            dates: true,
            button: Some((
                wait_path(&offer.run.slug, offer.run.id),
                "Join the waiting list".into(),
            )),
            more,
        },
        BookOutcome::Closed => Refusal {
            title: "Booking has closed for this date".into(),
            words: "We close booking when the tutor needs time to get ready.".to_owned(),
            call: ". If there is room, we may still be able to add you.",
            dates: true,
            button: None,
            more,
        },
        BookOutcome::Started => Refusal {
            title: "This course has already started".into(),
            words: format!(
                "The first session was on {}. Most of our courses are best from the start.",
                dates::day(dates::day_of(offer.run.starts_at), today)
            ),
            call: " if you would like to ask about joining late.",
            dates: true,
            button: None,
            more,
        },
        BookOutcome::Cancelled => Refusal {
            title: "This date is not going ahead".into(),
            words: "We had to cancel it. Nothing has been booked for you.".to_owned(),
            call: ". We can help you find another.",
            dates: true,
            button: elsewhere,
            more,
        },
        BookOutcome::VolunteersOnly => Refusal {
            title: "This one is for our volunteers".into(),
            words: "It is training for people who volunteer with us. Your account is not set up for it yet."
                .to_owned(),
            call: " if you volunteer with us, or would like to.",
            dates: false,
            button: elsewhere,
            more,
        },
        BookOutcome::AdultsOnly => Refusal {
            title: "This course is for people aged 16 and over".into(),
            words: "On the first day you need to be 16 or over.".to_owned(),
            call: ". We can tell you what there is for younger people.",
            dates: false,
            button: elsewhere,
            more,
        },
        BookOutcome::Under16sOnly => Refusal {
            title: "This course is for people under 16".into(),
            words: "It is for young people who are under 16 on the first day.".to_owned(),
            call: " to book for your child.",
            dates: false,
            button: asking.party.map_or(elsewhere, |party| party.child(offer).into_iter().next()),
            more: asking.party.map_or(more, |party| party.child(offer).split_off(1)),
        },
        BookOutcome::NeedsGuardian => Refusal {
            title: "A parent or guardian has to agree".into(),
            words: "You are under 16 on the first day. Tell us who your parent or guardian is, and we will ask them."
                .to_owned(),
            call: ". We can ask them for you.",
            dates: false,
            button: Some((
                format!("/account/details/guardian?next={}", book_path(&offer.run.slug, offer.run.id)),
                "Go on".into(),
            )),
            more,
        },
        BookOutcome::NotVerified => Refusal {
            title: "Please open our email first".into(),
            words: format!(
                "You have not booked yet. We sent an email to {email}. Open it and press the button. Then we can save your place. Nothing there? Look in your junk folder."
            ),
            call: " and we will help.",
            dates: false,
            button: Some((
                format!("/account/verify?next={}", book_path(&offer.run.slug, offer.run.id)),
                "Send the email again".into(),
            )),
            more,
        },
        BookOutcome::AlreadyBooked(booked) => Refusal {
            title: "You already have this place".into(),
            words: format!(
                "You booked it on {}. Your booking number is {}. You do not need to do anything.",
                dates::day(dates::day_of(booked.created_at), today),
                booked.reference
            ),
            call: " if something is not right.",
            dates: false,
            button: Some(("/account/bookings".to_owned(), "See my bookings".into())),
            more: asking.party.map_or(more, |party| {
                let mut others = party.instead(offer, |_| true);
                others.push((party::add(offer), "Book for somebody else".into()));
                others
            }),
        },
        BookOutcome::Booked(_)
        | BookOutcome::AwaitingGuardian(_)
        | BookOutcome::Died
        | BookOutcome::NoSuchRun => Refusal {
            title: "We cannot find that date".into(),
            words: "It may have been moved.".to_owned(),
            call: ". We can help.",
            dates: true,
            button: elsewhere,
            more,
        },
    }
}

/// The page of a refusal, with its status for a form that was sent.
pub fn refused(
    app: &App,
    offer: &Offer,
    others: &[Run],
    outcome: &BookOutcome,
    asking: Asking<'_>,
) -> (StatusCode, String) {
    let status = match outcome {
        BookOutcome::NotVerified | BookOutcome::VolunteersOnly => StatusCode::FORBIDDEN,
        _ => StatusCode::CONFLICT,
    };
    let today = today(app);
    let Refusal {
        title,
        words,
        call,
        dates: show_dates,
        button,
        more,
    } = asking
        .party
        .and_then(|party| refusal_of_party(offer, outcome, party, !others.is_empty()))
        .unwrap_or_else(|| refusal(app, offer, outcome, !others.is_empty(), asking));
    let calendar = match outcome {
        BookOutcome::AlreadyBooked(booked) if asking.party.is_none_or(Party::is_own_alone) => Some(
            format!("/account/bookings/{}/calendar.ics", booked.reference),
        ),
        _ => None,
    };
    let coming = asking
        .party
        .map_or_else(Coming::default, |party| party.coming.clone());
    let list = show_dates.then(|| other_dates(others, &coming, app.clock.now()));
    let offer = offer.to_come(app.clock.now());
    let side = reminder(&offer, today, "You asked for", None);
    let html = Page::new(title.clone())
        .signed_in(asking.email.is_some())
        .unlisted()
        .back(format!("/courses/{}", offer.run.slug), "Back to the course")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>{title}</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">{words}</p>
                        {list}
                        <div class="wb-buttons">
                            {button.map(|(href, words)| view! { <ButtonLink href>{words}</ButtonLink> })}
                            {more
                                .into_iter()
                                .map(|(href, words)| {
                                    view! {
                                        <ButtonLink href kind=ButtonKind::Outlined>
                                            {words}
                                        </ButtonLink>
                                    }
                                })
                                .collect_view()}
                            {calendar.map(|href| view! { <a href=href>"Add to my calendar"</a> })}
                            {show_dates.then(|| view! { <a href="/courses">"Find a course like this"</a> })}
                        </div>
                        <p>"Call " <PhoneLink /> {call}</p>
                    </div>
                </div>
            }
        });
    (status, html)
}
