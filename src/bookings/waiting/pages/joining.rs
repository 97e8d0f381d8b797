//! Joining the list, alone or together.

use leptos::prelude::*;
use uuid::Uuid;

use super::entry_path;
use crate::bookings::coming::Coming;
use crate::bookings::pages::coming::{Others, section as coming_section};
use crate::bookings::pages::{reminder, today, together};
use crate::bookings::store::Offer;
use crate::bookings::waiting::rules;
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// "Join the waiting list"; `before` is how many people wait already, `others` who could come along.
pub fn ask(app: &App, offer: &Offer, before: i64, coming: &Coming, others: &Others) -> String {
    let today = today(app);
    let one_left = coming.both() && offer.run.free(app.clock.now()) == 1;
    let title = if one_left {
        "1 place is left"
    } else {
        "This date is full"
    };
    let side = reminder(offer, today, title, None);
    let who = coming_section(coming, others);
    let (both, other) = (
        coming.both(),
        coming.other.as_ref().map(|o| o.full_name.clone()),
    );
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
                        {both
                            .then(|| {
                                view! {
                                    <p>
                                        "You wait for 2 places. If 1 comes free, it goes to somebody who waits for 1. You keep your turn."
                                    </p>
                                }
                            })}
                        <p>"You can leave the list at any time."</p>
                        <Form>
                            {who}
                            <div class="wb-buttons">
                                <Button>
                                    {match (both, other) {
                                        (true, _) => "Join the waiting list together".to_owned(),
                                        (false, Some(name)) => format!("Put {name} on the waiting list"),
                                        (false, None) => "Join the waiting list".to_owned(),
                                    }}
                                </Button>
                                <a href=back>"No thank you"</a>
                            </div>
                        </Form>
                        <p>"Or call " <PhoneLink /> ". We will help you find something like it."</p>
                    </div>
                </div>
            }
        })
}

/// One of two who want to wait together is on the list already: who (`names`), and by which entry of theirs.
pub fn already(app: &App, offer: &Offer, names: &[String], entry: Option<Uuid>) -> String {
    let side = reminder(offer, today(app), "You asked to wait for", None);
    let names = together(names);
    let links = entry.map(|id| {
        let own = entry_path(id);
        let leave = format!("{own}/leave");
        view! {
            <div class="wb-buttons">
                <ButtonLink href=own>"Keep waiting as it is"</ButtonLink>
                <a href=leave>"Leave the list, to join it together"</a>
            </div>
        }
    });
    Page::new("One of you waits already")
        .signed_in(true)
        .unlisted()
        .back(format!("/courses/{}", offer.run.slug), "Back to the course")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>"One of you waits already"</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p class="wb-lead">{names} " is on this waiting list already. Nothing has changed."</p>
                        <p>
                            "Two people wait together only if they join together. If you leave the list and join it together, you start at its end."
                        </p>
                        {links}
                        <p>"Not sure? Call " <PhoneLink /> ". We can help you choose."</p>
                    </div>
                </div>
            }
        })
}
