//! The pages of booking.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::coming::Coming;
use super::store::{Offer, Person, Run};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::{ButtonKind, ButtonLink};
use crate::ui::page::Page;
use crate::ui::pieces::*;

pub mod about_you;
pub mod check;
pub mod coming;
pub mod detail;
pub mod done;
pub mod kept;
pub mod messages;
pub mod mine;
pub mod note;
pub mod refused;
pub mod seen;

/// Today in Bath.
pub(super) fn today(app: &App) -> NaiveDate {
    dates::day_of(app.clock.now())
}

/// "Tuesday 12 January, 10:30am to 12:30pm. 6 weeks".
pub(super) fn when(offer: &Offer, today: NaiveDate) -> String {
    let times = dates::day_and_times(offer.run.starts_at, offer.first_ends(), today);
    format!("{times}. {}", dates::run_length(&offer.starts()))
}

/// "Bath Central Library, BA1 5AN", or "Online"; with the sessions that are somewhere else.
fn place(offer: &Offer) -> String {
    let first = offer.first_place();
    let mut words = vec![first.unwrap_or_else(|| "Online".to_owned())];
    words.extend(offer.elsewhere());
    words.join(". ")
}

/// What is being booked, on sand.
pub(super) fn reminder(
    offer: &Offer,
    today: NaiveDate,
    title: &'static str,
    reference: Option<&str>,
) -> impl IntoView + use<> {
    let leaf = Leaf::of(dates::day_of(offer.run.starts_at));
    let place = match reference {
        Some(reference) => format!("{}. Number {reference}", place(offer)),
        None => place(offer),
    };
    view! { <Reminder title leaf course=offer.run.title.clone() when=when(offer, today) place /> }
}

/// The page where a run is booked.
pub(super) fn book_path(slug: &str, run_id: uuid::Uuid) -> String {
    format!(
        "/courses/{slug}/{}/book",
        crate::catalogue::rules::run_code(run_id)
    )
}

/// The page where somebody joins its waiting list.
pub(super) fn wait_path(slug: &str, run_id: uuid::Uuid) -> String {
    format!(
        "/courses/{slug}/{}/wait",
        crate::catalogue::rules::run_code(run_id)
    )
}

/// "3 places left".
fn places_left(left: i64) -> String {
    if left == 1 {
        "1 place left".to_owned()
    } else {
        format!("{left} places left")
    }
}

/// The other dates of a course, each with its button for those who come; nothing where there are none.
pub(super) fn other_dates(
    others: &[Run],
    coming: &Coming,
    now: DateTime<Utc>,
) -> Option<impl IntoView + use<>> {
    let today = dates::day_of(now);
    let list: Vec<_> = others
        .iter()
        .take(5)
        .map(|run| {
            let when = dates::day_and_time(run.starts_at, today);
            let place = run.first_venue.clone();
            let place = place.unwrap_or_else(|| "Online".to_owned());
            view! {
                <li class="wb-card">
                    <h3>{when.clone()}</h3>
                    <p>{place} ". " {places_left(run.free(now))}</p>
                    <ButtonLink href=coming.book_date(run) kind=ButtonKind::Outlined>
                        "Book this date"
                        <span class="govuk-visually-hidden">": " {when}</span>
                    </ButtonLink>
                </li>
            }
        })
        .collect();
    (!list.is_empty()).then(|| {
        view! {
            <section class="wb-block" aria-labelledby="dates">
                <h2 id="dates">"Other dates"</h2>
                <ul class="wb-cards">{list}</ul>
            </section>
        }
    })
}

/// The parent or guardian of whoever waits for one: "your parent or guardian", "Rowan’s parent or guardian". `own` is
/// whose page it is.
pub(super) fn whose_guardian(people: &[Person], own: Uuid, offer: &Offer) -> String {
    let waits = |person: &&Person| person.waits_for_guardian(offer.run.starts_at);
    let whose: Vec<String> = people
        .iter()
        .filter(waits)
        .map(|person| {
            if person.id == own {
                "your".to_owned()
            } else {
                format!("{}’s", person.known_as())
            }
        })
        .collect();
    match whose.as_slice() {
        [] => "a parent or guardian".to_owned(),
        [one] => format!("{one} parent or guardian"),
        all => format!("{} parents or guardians", together(all)),
    }
}

/// "Margaret Ashdown and Tom Ashdown".
pub(super) fn together(names: &[String]) -> String {
    names.join(" and ")
}

/// The run as the page of a link may show it: whoever opens a link need not be the one it was sent to, so the course is
/// named only to people who allowed it in messages.
pub(super) fn discreet(offer: &Offer, people: &[Person]) -> Offer {
    let mut offer = offer.clone();
    let allowed = |person: &Person| person.name_course_in_messages == Some(true);
    if !people.iter().any(allowed) {
        "One of our courses".clone_into(&mut offer.run.title);
    }
    offer
}

/// "Maggie and Tom".
pub(super) fn known_as(people: &[Person]) -> String {
    let names: Vec<String> = people.iter().map(|p| p.known_as().to_owned()).collect();
    together(&names)
}

/// What the page of a link says when the link leads nowhere.
pub(super) const BROKEN_LINK: (&str, &str) = (
    "This link does not work",
    "It may be broken in two. Try the button in the email again.",
);

/// What the link in a message opens when it has nothing to ask, or not any more. Nobody need be signed in.
pub(super) fn by_link(app: &App, title: &'static str, sentence: &'static str) -> String {
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
