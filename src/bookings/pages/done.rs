//! "Your place is booked".

use chrono::TimeDelta;
use leptos::prelude::*;

use super::{place, today};
use crate::bookings::store::{Mine, Offer, Person};
use crate::server::App;
use crate::ui::art::{Icon, icon};
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// What happens on the day, and who waits there.
fn on_the_day(offer: &Offer) -> String {
    let online = offer.run.venue.is_none();
    let early = if online {
        TimeDelta::minutes(10)
    } else {
        TimeDelta::minutes(15)
    };
    let from = dates::time(offer.run.starts_at - early);
    let tutor = offer.run.tutor_known_as.as_deref().unwrap_or("Your tutor");
    if online {
        format!(
            "{tutor} opens the call at {from}. Come early to try your sound. The link is in My bookings."
        )
    } else {
        format!("{tutor} meets you at the door from {from}.")
    }
}

/// "Your place is booked", or that we wait for a parent or guardian.
pub fn booked(app: &App, mine: &Mine, offer: &Offer, person: &Person) -> String {
    let today = today(app);
    let reference = mine.booked.reference.clone();
    let waiting = mine.status == "awaiting-guardian";
    let title = if waiting {
        "We are waiting for your parent or guardian"
    } else {
        "Your place is booked"
    };
    let starts = dates::day(dates::day_of(offer.run.starts_at), today);
    let at = dates::time(offer.run.starts_at);
    let online = offer.run.venue.is_none();
    let place = place(offer);
    let email = person.email.clone();
    let guardian = person
        .guardian_name
        .clone()
        .unwrap_or_else(|| "your parent or guardian".to_owned());
    let day = on_the_day(offer);
    let own = format!("/account/bookings/{reference}");
    let calendar = format!("{own}/calendar.ics");
    Page::new(title).signed_in(true).unlisted().render(&app.site, move || {
        let now = match (waiting, email) {
            (true, _) => view! { "We have asked " {guardian} " to agree. Your booking counts as soon as they say yes. Ask them to look for our email." }
                .into_any(),
            (false, Some(email)) => view! { "We have sent an email to " {email} ". It may take a few minutes." }.into_any(),
            (false, None) => view! { "We have no email address of yours. Please note your booking number." }.into_any(),
        };
        view! {
            <Panel title label="Your booking number" number=reference />
            <p class="wb-lead wb-see-you">
                {if online { "See you online on " } else { "See you on " }} <strong>{starts} " at " {at}</strong>
                {(!online).then(|| format!(", {place}"))} "."
            </p>
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
                            {now}
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
            <section class="wb-card wb-wide wb-no-print" aria-labelledby="reach">
                <h2 id="reach">"Help us reach everyone"</h2>
                <p>
                    "We have 1 short question about your ethnic group. You do not have to answer. Your booking stays the same."
                </p>
                <p class="wb-links">
                    <a href="/account/about-you">"Answer the question"</a>
                    <a href="/account/bookings">"No thank you"</a>
                </p>
            </section>
        }
    })
}
