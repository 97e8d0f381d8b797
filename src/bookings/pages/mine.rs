//! "My bookings".

use std::collections::BTreeMap;

use leptos::prelude::*;
use uuid::Uuid;

use super::{today, together};
use crate::accounts::account_links;
use crate::bookings::my_calendar;
use crate::bookings::new_dates;
use crate::bookings::store::{At, Line, MyBookings, Session};
use crate::bookings::waiting::card as waiting_card;
use crate::server::App;
use crate::ui::art::Icon;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

fn upcoming(
    app: &App,
    line: Line,
    sessions: &[Session],
    elsewhere: &BTreeMap<Uuid, At>,
    names: &[String],
) -> impl IntoView + use<> {
    let now = app.clock.now();
    let today = today(app);
    let all = sessions.len();
    let next = sessions.iter().enumerate().find(|(_, s)| s.ends_at > now);
    let begun = sessions.first().is_some_and(|s| s.ends_at <= now);
    let leaf = Leaf::of(dates::day_of(
        next.map_or(line.starts_at, |(_, s)| s.starts_at),
    ));
    let when = next.map(|(n, s)| {
        let times = dates::day_and_times(s.starts_at, s.ends_at, today);
        if all == 1 {
            format!("Next: {times}")
        } else {
            format!("Next: {times}. Session {} of {all}", n + 1)
        }
    });
    let usual = At {
        venue: line.venue,
        postcode: line.postcode,
        ..At::default()
    };
    let at = next
        .and_then(|(_, s)| elsewhere.get(&s.id))
        .unwrap_or(&usual);
    let (online, place) = (at.is_online(), at.full());
    let own = format!("/account/bookings/{}", line.reference);
    let (calendar, cancel) = (format!("{own}/calendar.ics"), format!("{own}/cancel"));
    let off = line.run_status == "cancelled";
    let waiting = line.status == "awaiting-guardian";
    let whose = if names.is_empty() { "your" } else { "a" };
    let waiting = waiting.then(|| match line.agree_by {
        Some(by) => format!(
            "We are waiting for {whose} parent or guardian to agree, until {}.",
            dates::until(by, today)
        ),
        None => format!("We are waiting for {whose} parent or guardian to agree."),
    });
    let counts = waiting.is_none();
    let who = (!names.is_empty()).then(|| together(names));
    let words = if begun {
        "Stop coming"
    } else {
        match names.len() {
            0 => "Cancel my place",
            1 => "Cancel this place",
            _ => "Cancel both places",
        }
    };
    let title = line.title;
    let hidden = format!(": {title}");
    view! {
        <li class="wb-card wb-course">
            <DateLeaf leaf />
            <div class="wb-course__head">
                <h3 class="wb-course__title">
                    <a href=own>{title}</a>
                </h3>
            </div>
            <div class="wb-course__body">
                {off.then(|| view! { <p><strong>"This date is not going ahead. We are sorry."</strong></p> })}
                {waiting.map(|words| view! { <p>{words}</p> })}
                <ul class="wb-facts wb-facts--small">
                    {when.map(|when| view! { <Fact icon=Icon::Clock>{when}</Fact> })}
                    <Fact icon=if online { Icon::Screen } else { Icon::Pin }>{place}</Fact>
                    {who.map(|who| view! { <Fact icon=Icon::People>"For " {who}</Fact> })}
                </ul>
                <p class="wb-links">
                    {(counts && !off)
                        .then(|| {
                            view! {
                                <a href=calendar>
                                    "Add to calendar" <span class="govuk-visually-hidden">{hidden.clone()}</span>
                                </a>
                            }
                        })}
                    {(!off).then(|| view! { <a href=cancel>{words} <span class="govuk-visually-hidden">{hidden}</span></a> })}
                </p>
            </div>
        </li>
    }
}

fn past(line: Line, names: &[String]) -> impl IntoView + use<> {
    let months = dates::months(dates::day_of(line.starts_at), dates::day_of(line.ends_at));
    let place = line.venue.unwrap_or_else(|| "online".to_owned());
    let how = match line.status.as_str() {
        "cancelled" if names.len() > 1 => Some("You cancelled both places"),
        "cancelled" => Some("You cancelled this place"),
        "stopped" => Some("You stopped coming"),
        "declined" if names.is_empty() => Some("Your parent or guardian did not agree"),
        "declined" => Some("A parent or guardian did not agree"),
        "lapsed" if names.is_empty() => {
            Some("We did not hear from your parent or guardian in time")
        }
        "lapsed" => Some("We did not hear from a parent or guardian in time"),
        _ if line.run_status == "cancelled" => Some("This date did not go ahead"),
        _ => None,
    };
    let who = (!names.is_empty()).then(|| together(names));
    let own = format!("/account/bookings/{}", line.reference);
    view! {
        <li>
            <h3>
                <a href=own>{line.title}</a>
            </h3>
            <p>{months} ", " {place}</p>
            {who.map(|who| view! { <p>"For " {who}</p> })}
            {how.map(|how| view! { <p class="wb-quiet">{how}</p> })}
        </li>
    }
}

/// "My bookings": what they wait for, coming up, and past; last, the courses whose new dates they wait for.
pub fn mine(app: &App, name: &str, all: MyBookings, waiting_names: Vec<(Uuid, String)>) -> String {
    let now = app.clock.now();
    let MyBookings {
        lines,
        sessions,
        elsewhere,
        names,
        waiting,
        wishes,
    } = all;
    let elsewhere: BTreeMap<Uuid, At> = elsewhere.into_iter().collect();
    let mut by_booking: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for (id, name) in names.into_iter().chain(waiting_names) {
        by_booking.entry(id).or_default().push(name);
    }
    let names_of = |line: &Line| by_booking.get(&line.id).cloned().unwrap_or_default();
    let mut by_run: BTreeMap<Uuid, Vec<Session>> = BTreeMap::new();
    for (run_id, session) in sessions {
        let own = by_run.entry(run_id).or_default();
        if !own.contains(&session) {
            own.push(session);
        }
    }
    let stands = |line: &Line| {
        matches!(line.status.as_str(), "booked" | "awaiting-guardian") && line.ends_at > now
    };
    let (coming, mut gone): (Vec<_>, Vec<_>) = lines.into_iter().partition(stands);
    gone.reverse();
    let coming: Vec<_> = coming
        .into_iter()
        .map(|line| {
            let sessions = by_run
                .get(&line.run_id)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let names = names_of(&line);
            upcoming(app, line, sessions, &elsewhere, &names)
        })
        .collect();
    let gone: Vec<_> = gone
        .into_iter()
        .map(|line| {
            let names = names_of(&line);
            past(line, &names)
        })
        .collect();
    let waiting: Vec<_> = waiting
        .into_iter()
        .map(|line| {
            let names = by_booking.get(&line.seen.id).cloned().unwrap_or_default();
            waiting_card(line, &names, now)
        })
        .collect();
    let wishes: Vec<_> = wishes.iter().map(new_dates::card).collect();
    let side = account_links(name, "/account/bookings");
    Page::new("My bookings")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .render(&app.site, move || {
            let calendar = my_calendar::PATH;
            let nothing = coming.is_empty() && waiting.is_empty() && wishes.is_empty();
            view! {
                <div class="wb-split">
                    <div class="wb-split__main">
                        <h1>"My bookings"</h1>
                        {nothing
                            .then(|| {
                                view! {
                                    <EmptyState
                                        title=if gone.is_empty() {
                                            "You have no bookings yet"
                                        } else {
                                            "Nothing coming up"
                                        }
                                        level=2
                                    >
                                        <p>"When you book a course, you will see it here."</p>
                                        <div class="wb-buttons">
                                            <ButtonLink href="/courses" kind=ButtonKind::Outlined>
                                                "Find a course"
                                            </ButtonLink>
                                        </div>
                                    </EmptyState>
                                }
                            })}
                        {(!waiting.is_empty())
                            .then(|| {
                                view! {
                                    <section class="wb-block" aria-labelledby="waiting">
                                        <h2 class="wb-section" id="waiting">
                                            "Waiting for a place"
                                        </h2>
                                        <ul class="wb-cards">{waiting}</ul>
                                    </section>
                                }
                            })}
                        {(!coming.is_empty())
                            .then(|| {
                                view! {
                                    <section class="wb-block" aria-labelledby="coming">
                                        <h2 class="wb-section" id="coming">
                                            "Coming up"
                                        </h2>
                                        <ul class="wb-cards">{coming}</ul>
                                        <p>
                                            "Would you like all your dates in your own calendar? See "
                                            <a href=calendar>"My calendar"</a> "."
                                        </p>
                                    </section>
                                }
                            })}
                        {(!wishes.is_empty())
                            .then(|| {
                                view! {
                                    <section class="wb-block" aria-labelledby="new-dates">
                                        <h2 class="wb-section" id="new-dates">
                                            "Waiting for new dates"
                                        </h2>
                                        <ul class="wb-cards">{wishes}</ul>
                                    </section>
                                }
                            })}
                        {(!gone.is_empty())
                            .then(|| {
                                view! {
                                    <section class="wb-block" aria-labelledby="past">
                                        <h2 class="wb-section" id="past">
                                            "Past"
                                        </h2>
                                        <ul class="wb-list wb-past">{gone}</ul>
                                    </section>
                                }
                            })}
                    </div>
                    {side}
                </div>
            }
        })
}
