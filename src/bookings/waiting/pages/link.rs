//! What the link of an offer opens, for whoever has the message. Nobody need be signed in.

use leptos::prelude::*;

use super::{buttons, offered};
use crate::bookings::pages::{BROKEN_LINK, by_link, discreet, known_as, reminder, today};
use crate::bookings::store::{Offer, Person};
use crate::bookings::waiting::standing::{Gone, Standing};
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// What the link of an offer opens.
pub fn offer(app: &App, offer: &Offer, people: &[Person], standing: &Standing) -> String {
    let today = today(app);
    let (names, both) = (known_as(people), people.len() > 1);
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
                    {buttons(both)}
                    <p>"Not sure? Call " <PhoneLink /> "."</p>
                </div>
            </div>
        }
    })
}

/// They said yes, and a parent or guardian is asked first.
pub fn waits_for_guardian(app: &App, offer: &Offer, people: &[Person]) -> String {
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
pub fn taken(app: &App, offer: &Offer, people: &[Person], reference: &str) -> String {
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
pub fn gone(app: &App, why: Gone) -> String {
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
            "We are sorry. It has started.",
        ),
        Gone::CalledOff => (
            "It does not go ahead",
            "We are sorry. What we wrote to you about is called off, so there is nothing to answer any more.",
        ),
        Gone::Refused => (
            "We could not book it",
            "Something has changed since we wrote to you. Call us, or sign in to see how it stands.",
        ),
        Gone::Nothing => BROKEN_LINK,
    };
    by_link(app, title, sentence)
}
