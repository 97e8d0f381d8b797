//! "Your place is booked", or that we wait for a parent or guardian.

use chrono::TimeDelta;
use leptos::prelude::*;

use super::{today, together};
use crate::bookings::store::{Mine, Offer, Person};
use crate::server::App;
use crate::ui::art::{Icon, icon};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// What happens on the day, and who waits there.
fn on_the_day(offer: &Offer) -> String {
    let online = offer.first_at().is_online();
    let early = if online {
        TimeDelta::minutes(10)
    } else {
        TimeDelta::minutes(15)
    };
    let from = dates::time(offer.run.starts_at - early);
    let tutor = offer
        .first_leads()
        .known_as
        .as_deref()
        .unwrap_or("Your tutor");
    if online {
        format!(
            "{tutor} opens the call at {from}. Come early to try your sound. The link is in My bookings."
        )
    } else {
        format!("{tutor} meets you at the door from {from}.")
    }
}

/// Who comes, and who reads it.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// Who comes.
    pub people: &'a [Person],
    /// Their names, when it is not the reader alone.
    pub names: &'a [String],
    /// Who has to agree: "your parent or guardian", "Rowan’s parent or guardian".
    pub guardian: &'a str,
    /// The address the reader signs in with.
    pub email: &'a str,
    /// Who waits on for a place on the same run, and the page of their entry.
    pub waits: Option<&'a (String, String)>,
}

/// "Your place is booked", or that we wait for a parent or guardian.
pub fn booked(app: &App, mine: &Mine, offer: &Offer, party: &Party<'_>) -> String {
    if mine.status == "awaiting-guardian" {
        return waiting(app, mine, offer, party);
    }
    let Party { people, names, .. } = *party;
    let waits = party.waits.cloned();
    let today = today(app);
    let reference = mine.booked.reference.clone();
    let title = match (names.len(), people) {
        (2.., _) => "Your places are booked",
        (1, _) => "The place is booked",
        _ => "Your place is booked",
    };
    let starts = dates::day(dates::day_of(offer.run.starts_at), today);
    let at = dates::time(offer.run.starts_at);
    let online = offer.first_at().is_online();
    let place = offer.first_place().unwrap_or_else(|| "Online".to_owned());
    let mut own = people.iter().filter(|person| person.has_account);
    let email = own.find_map(|person| person.email.clone());
    let email = email.unwrap_or_else(|| party.email.to_owned());
    let who = (!names.is_empty()).then(|| together(names));
    let day = on_the_day(offer);
    let own = format!("/account/bookings/{reference}");
    let calendar = format!("{own}/calendar.ics");
    let question = format!("/account/about-you?booking={reference}");
    Page::new(title)
        .signed_in(true)
        .unlisted()
        .render(&app.site, move || {
            view! {
                <Panel title label="Your booking number" number=reference />
                <p class="wb-lead wb-see-you">
                    {if online { "See you online on " } else { "See you on " }} <strong>{starts} " at " {at}</strong>
                    {(!online).then(|| format!(", {place}"))} "."
                </p>
                {who.map(|who| view! { <p>"Booked for " <strong>{who}</strong> "."</p> })}
                {waits
                    .map(|(name, href)| {
                        view! {
                            <p>
                                {name} " is still on the waiting list, in the same turn. " <a href=href>"See the waiting list"</a>
                            </p>
                        }
                    })}
                <div class="wb-buttons wb-block">
                    <ButtonLink href=calendar>{icon(Icon::Calendar)} "Add to my calendar"</ButtonLink>
                    <a href="/account/bookings">"See my bookings"</a>
                </div>
                <div class="wb-pair">
                    <section aria-labelledby="next">
                        <h2 id="next">"What happens next"</h2>
                        <ol class="wb-numbers">
                            <li>
                                <strong>"Now: "</strong>
                                "We have sent an email to "
                                {email}
                                ". It may take a few minutes."
                            </li>
                            <li>
                                <strong>"On the day: "</strong>
                                {day}
                            </li>
                        </ol>
                    </section>
                    <section aria-labelledby="changes">
                        <h2 id="changes">"If something changes"</h2>
                        <p>
                            "Cannot come? " <a href=own>"See or cancel your booking"</a> ", or call " <PhoneLink />
                            ". Someone else will be glad of the place."
                        </p>
                        <p>"It is fine to miss a week. You do not have to say why."</p>
                    </section>
                </div>
                {reach_everyone(question)}
            }
        })
}

/// The one optional question, last.
fn reach_everyone(question: String) -> impl IntoView + use<> {
    view! {
        <section class="wb-card wb-wide wb-no-print" aria-labelledby="reach">
            <h2 id="reach">"Help us reach everyone"</h2>
            <p>
                "We have 1 short question about your ethnic group. You do not have to answer. Your booking stays the same."
            </p>
            <p class="wb-links">
                <a href=question>"Answer the question"</a>
                <a href="/account/bookings">"No thank you"</a>
            </p>
        </section>
    }
}

/// The place is kept, and counts when a parent or guardian has agreed.
fn waiting(app: &App, mine: &Mine, offer: &Offer, party: &Party<'_>) -> String {
    let today = today(app);
    let reference = mine.booked.reference.clone();
    let people = party.people;
    let both = people.len() > 1;
    let title = format!("We are waiting for {}", party.guardian);
    let starts_at = offer.run.starts_at;
    let asked: Vec<String> = people
        .iter()
        .filter(|p| p.waits_for_guardian(starts_at) && p.guardian_email.is_some())
        .filter_map(|p| p.guardian_name.clone())
        .collect();
    let until = mine.agree_by.map(|by| dates::until(by, today));
    let when = dates::day_and_time(starts_at, today);
    let place = offer.first_place().unwrap_or_else(|| "Online".to_owned());
    let own = format!("/account/bookings/{reference}");
    let question = format!("/account/about-you?booking={reference}");
    let who = (!party.names.is_empty()).then(|| together(party.names));
    Page::new(title.clone())
        .signed_in(true)
        .unlisted()
        .render(&app.site, move || {
            let first = if asked.is_empty() {
                view! { "A parent or guardian has to agree. Ask them to call us on " <PhoneLink /> "." }.into_any()
            } else {
                view! { "We have sent an email to " {together(&asked)} ". Ask them to look for it, in the junk folder too." }
                    .into_any()
            };
            view! {
                <Panel title label="Your booking number" number=reference />
                <p class="wb-lead wb-see-you">
                    "You have not booked yet. We are keeping " {if both { "2 places" } else { "a place" }} " for you on "
                    <strong>{when}</strong> ", " {place} "."
                </p>
                {who.map(|who| view! { <p>"This is for " <strong>{who}</strong> "."</p> })}
                <div class="wb-pair">
                    <section aria-labelledby="next">
                        <h2 id="next">"What happens next"</h2>
                        <ol class="wb-numbers">
                            <li>
                                <strong>"Now: "</strong>
                                {first}
                            </li>
                            <li>
                                <strong>"When they say yes: "</strong>
                                {if both {
                                    "Both places are booked, and we send you an email."
                                } else {
                                    "Your place is booked, and we send you an email."
                                }}
                            </li>
                            {until
                                .map(|until| {
                                    view! {
                                        <li>
                                            <strong>"If we do not hear from them: "</strong>
                                            {if both { "We keep the places until " } else { "We keep the place until " }}
                                            {until}
                                            ". After that someone else can have "
                                            {if both { "them." } else { "it." }}
                                        </li>
                                    }
                                })}
                        </ol>
                    </section>
                    <section aria-labelledby="changes">
                        <h2 id="changes">"If something changes"</h2>
                        <p>
                            "Changed your mind? " <a href=own>"See or cancel your booking"</a> ", or call " <PhoneLink /> "."
                        </p>
                    </section>
                </div>
                {reach_everyone(question)}
            }
        })
}
