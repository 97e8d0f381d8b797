//! One booking, and giving it up.

use leptos::prelude::*;

use super::{place, reminder, today};
use crate::bookings::rules::Ending;
use crate::bookings::store::{Mine, Offer};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;

/// How it stands, in a sentence.
fn standing(
    mine: &Mine,
    offer: &Offer,
    today: chrono::NaiveDate,
) -> Option<(NoticeKind, &'static str, String)> {
    let ended = mine
        .ended_at
        .map(|at| dates::day(dates::day_of(at), today))
        .unwrap_or_default();
    match mine.status.as_str() {
        "cancelled" => Some((
            NoticeKind::Info,
            "Your place is cancelled",
            format!("This place was cancelled on {ended}. You do not need to do anything."),
        )),
        "stopped" => Some((
            NoticeKind::Info,
            "You have stopped coming",
            format!("You told us on {ended}. You are welcome on another course at any time."),
        )),
        _ if offer.run.status == "cancelled" => Some((
            NoticeKind::Bad,
            "This date is not going ahead",
            "We had to cancel it. We are sorry.".to_owned(),
        )),
        "awaiting-guardian" => Some((
            NoticeKind::Info,
            "We are waiting for your parent or guardian",
            "Your booking counts as soon as they say yes. Ask them to look for our email."
                .to_owned(),
        )),
        _ => None,
    }
}

/// The page of one booking.
pub fn detail(app: &App, mine: &Mine, offer: &Offer, ending: Ending) -> String {
    let today = today(app);
    let run = offer.run.clone();
    let stands = mine.ended_at.is_none();
    let online = run.venue.is_none();
    let mut rows = vec![
        SummaryRow::new("Booking number", mine.booked.reference.clone()),
        SummaryRow::new(
            "Where",
            if online {
                "Online".to_owned()
            } else {
                offer.full_place()
            },
        ),
    ];
    if let Some(note) = &run.place_note {
        rows.push(SummaryRow::new("How to find it", note.clone()));
    }
    if let Some(tutor) = &run.tutor {
        rows.push(SummaryRow::new("Your tutor", tutor.clone()));
    }
    if let (true, true, Some(link)) = (online, stands, run.join_link.clone()) {
        let link = view! { <a href=link rel="noreferrer">"Join the video call"</a> };
        rows.push(SummaryRow::view("The call", link));
    }
    let sessions: Vec<_> = offer
        .sessions
        .iter()
        .map(|s| dates::day_and_times(s.starts_at, s.ends_at, today))
        .collect();
    let notice = standing(mine, offer, today);
    let own = format!("/account/bookings/{}", mine.booked.reference);
    let (calendar, cancel) = (format!("{own}/calendar.ics"), format!("{own}/cancel"));
    let cancel = match ending {
        Ending::Cancel if stands => Some((cancel, "Cancel my place")),
        Ending::Stop if stands => Some((cancel, "Stop coming")),
        _ => None,
    };
    let course = format!("/courses/{}", run.slug);
    Page::new("Your booking")
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .back("/account/bookings", "My bookings")
        .render(&app.site, move || {
            let sessions: Vec<_> = sessions
                .into_iter()
                .map(|words| view! { <li>{words}</li> })
                .collect();
            view! {
                <h1>"Your booking"</h1>
                <p class="wb-lead">
                    <a href=course>{run.title}</a>
                </p>
                {notice
                    .map(|(kind, title, words)| {
                        view! {
                            <Notice title kind>
                                <p>{words}</p>
                            </Notice>
                        }
                    })}
                <SummaryList rows />
                <section class="wb-block" aria-labelledby="dates">
                    <h2 id="dates">"Dates and times"</h2>
                    <ol class="wb-numbers">{sessions}</ol>
                </section>
                {stands
                    .then(|| {
                        view! {
                            <p class="wb-links wb-no-print">
                                <a href=calendar>"Add to calendar"</a>
                                {cancel.map(|(href, words)| view! { <a href=href>{words}</a> })}
                            </p>
                        }
                    })}
                <p>"Something not right? Call " <PhoneLink /> "."</p>
            }
        })
}

/// "Do you want to cancel this place?", or to stop coming.
pub fn cancel(app: &App, mine: &Mine, offer: &Offer, stop: bool) -> String {
    let today = today(app);
    let title = if stop {
        "Do you want to stop coming?"
    } else {
        "Do you want to cancel this place?"
    };
    let side = reminder(offer, today, "Your booking", Some(&mine.booked.reference));
    let words = format!(
        "{} · {} · Booking number {}",
        dates::day_and_time(offer.run.starts_at, today),
        place(offer),
        mine.booked.reference
    );
    let keep = format!("/account/bookings/{}", mine.booked.reference);
    Page::new(title)
        .signed_in(true)
        .unlisted()
        .back(keep.clone(), "Back")
        .render(&app.site, move || {
            view! {
                <div class="wb-split">
                    <div class="wb-split__head">
                        <h1>{title}</h1>
                    </div>
                    {side}
                    <div class="wb-split__main">
                        <p>{words}</p>
                        {if stop {
                            view! {
                                <p>
                                    "The course has started. If you stop, we will not expect you at the next sessions. You can ring us if you change your mind."
                                </p>
                            }
                        } else {
                            view! { <p>"Just missing a week? You can keep your place. You do not have to tell us."</p> }
                        }}
                        <Form class="wb-buttons">
                            <Button kind=ButtonKind::Warning>
                                {if stop { "Stop coming" } else { "Cancel my place" }}
                            </Button>
                            <a href=keep>"Keep my place"</a>
                        </Form>
                    </div>
                </div>
            }
        })
}

/// What came of it.
pub fn ended(app: &App, title: &'static str, words: String) -> String {
    Page::new(title)
        .nav(Nav::Account)
        .signed_in(true)
        .unlisted()
        .back("/account/bookings", "My bookings")
        .render(&app.site, move || {
            view! {
                <h1>{title}</h1>
                <p class="wb-lead">{words}</p>
                <div class="wb-buttons">
                    <ButtonLink href="/courses">"Find a course"</ButtonLink>
                    <a href="/account/bookings">"See my bookings"</a>
                </div>
                <p>"Questions? Call " <PhoneLink /> "."</p>
            }
        })
}
