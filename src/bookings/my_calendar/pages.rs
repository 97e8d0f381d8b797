//! The page where somebody gets an address for their own calendar.

use leptos::either::Either;
use leptos::prelude::*;

use crate::accounts::account_links;
use crate::accounts::said::Said;
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// Where it is.
pub const PATH: &str = "/account/calendar";
/// The id of the box with the address.
const BOX: &str = "address";

/// "My calendar" of `name`, with the path of their address if they have one; `heard` is what the form before did.
pub fn my_calendar(app: &App, name: &str, path: Option<&str>, heard: Option<Said>) -> String {
    let origin = app.config.origin();
    let address = path.map(|path| format!("{origin}{path}"));
    let side = account_links(name, PATH);
    Page::new("My calendar")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .render(&app.site, move || {
            let content = match address {
                Some(address) => Either::Left(on(address)),
                None => Either::Right(off()),
            };
            view! {
                <div class="wb-split">
                    <div class="wb-split__main">
                        {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
                        <h1>"My calendar"</h1> {content} <p>"Need help with this? Call " <PhoneLink /> "."</p>
                    </div>
                    {side}
                </div>
            }
        })
}

/// What it is, for whoever has none yet.
fn off() -> impl IntoView {
    view! {
        <p class="wb-lead">
            "Do you use a calendar on your phone or computer? It can show all the dates that you have booked."
        </p>
        <p>
            "We make an address for you. You give it to your calendar once. When you book, cancel, or when a date changes, your calendar will show it, usually within a day."
        </p>
        <h2>"What it shows"</h2>
        <p>"The day, the time and the place of each session, and your booking number. Also for everybody you book for. It never says what the course is called or what it is about."</p>
        <h2>"Who can see it"</h2>
        <p>
            "Anybody who has the address can see these dates and places. Keep it to yourself, or give it only to somebody you trust. You can switch it off at any time."
        </p>
        <Form class="wb-buttons">
            <Button name="do" value="make">
                "Make my calendar address"
            </Button>
        </Form>
    }
}

/// The address, and how to be rid of it.
fn on(address: String) -> impl IntoView {
    // Calendars know by this word that they are to follow the address.
    let add = address
        .split_once(':')
        .map(|(_, rest)| format!("webcal:{rest}"));
    view! {
        <p class="wb-lead">"Your calendar can read your dates at this address, and follow when they change."</p>
        <div class="wb-buttons">
            <ButtonLink href=add.unwrap_or_default()>"Add it to my calendar"</ButtonLink>
        </div>
        <p>"Does nothing happen when you press it? Copy the address. In your calendar, look for “Add calendar” and then “From a web address” or “Subscribe”."</p>
        <div class="govuk-form-group">
            <label class="govuk-label govuk-label--s" for=BOX>
                "Your calendar address"
            </label>
            <input class="govuk-input" id=BOX type="text" value=address readonly spellcheck="false" autocomplete="off" />
        </div>
        <p>
            "Anybody who has the address can see the dates and places of everybody you book for. It never says what the course is called."
        </p>
        <h2>"Has somebody seen it who should not?"</h2>
        <p>"Make a new address. The old one stops at once. Then add the new one to your calendar."</p>
        <Form class="wb-buttons">
            <Button kind=ButtonKind::Outlined name="do" value="new">
                "Make a new address"
            </Button>
            <Button kind=ButtonKind::Outlined name="do" value="off">
                "Switch it off"
            </Button>
        </Form>
    }
}
