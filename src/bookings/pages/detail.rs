//! One booking, and giving it up.

use leptos::prelude::*;

use super::{other_dates, reminder, today, together};
use crate::accounts::said::Said;
use crate::bookings::coming::Coming;
use crate::bookings::rules::Ending;
use crate::bookings::store::{Mine, Offer, Run};
use crate::server::App;
use crate::ui::form::*;
use crate::ui::page::{Nav, Page};
use crate::ui::pieces::*;
use crate::ui::{Words, dates};

/// Who comes by a booking.
#[derive(Clone, Debug)]
pub struct Comes<'a> {
    /// Their names, when it is not the reader alone.
    pub names: &'a [String],
    /// Who has to agree: "your parent or guardian", "Rowan’s parent or guardian".
    pub guardian: &'a str,
    /// Where they say how it was, once it is over.
    pub feedback: Option<String>,
}

/// How it stands, in a sentence.
fn standing(
    mine: &Mine,
    offer: &Offer,
    who: &Comes<'_>,
    today: chrono::NaiveDate,
) -> Option<(NoticeKind, Words, String)> {
    let both = who.names.len() > 1;
    let guardian = who.guardian;
    let ended = mine
        .ended_at
        .map(|at| dates::day(dates::day_of(at), today))
        .unwrap_or_default();
    match mine.status.as_str() {
        "cancelled" => Some((
            NoticeKind::Info,
            if both {
                "Both places are cancelled".into()
            } else if who.names.is_empty() {
                "Your place is cancelled".into()
            } else {
                "This place is cancelled".into()
            },
            format!("You cancelled on {ended}. You do not need to do anything."),
        )),
        "stopped" => Some((
            NoticeKind::Info,
            "You have stopped coming".into(),
            format!("You told us on {ended}. You are welcome on another course at any time."),
        )),
        "declined" => Some((
            NoticeKind::Info,
            if who.names.is_empty() {
                "Your parent or guardian did not agree".into()
            } else {
                "A parent or guardian did not agree".into()
            },
            if both {
                format!(
                    "They told us on {ended}, so neither place is booked. You can book 1 place for yourself."
                )
            } else {
                format!(
                    "They told us on {ended}, so this place is not booked. You have done nothing wrong. You can both call us to talk about it."
                )
            },
        )),
        "lapsed" => Some((
            NoticeKind::Info,
            if both {
                "We have let these places go".into()
            } else {
                "We have let this place go".into()
            },
            format!(
                "We waited for {guardian} until {ended} and did not hear from them. You can ask for a place again. Tell them that our email is coming."
            ),
        )),
        _ if offer.run.status == "cancelled" => Some((
            NoticeKind::Bad,
            "This date is not going ahead".into(),
            "We had to cancel it. We are sorry.".to_owned(),
        )),
        "awaiting-guardian" => Some((
            NoticeKind::Info,
            format!("We are waiting for {guardian}").into(),
            match mine.agree_by {
                Some(by) => format!(
                    "Your booking counts as soon as they say yes. We keep the {} until {}. Ask them to look for our email.",
                    if both { "places" } else { "place" },
                    dates::until(by, today)
                ),
                None => "Your booking counts as soon as they say yes.".to_owned(),
            },
        )),
        _ => None,
    }
}

/// Other dates of the course, for when the one that was booked has changed.
#[derive(Clone, Debug, Default)]
pub struct Instead {
    /// Those with places for everybody who comes.
    pub dates: Vec<Run>,
    /// Who comes.
    pub coming: Coming,
}

/// The page of one booking. `heard` is what the form before did.
pub fn detail(
    app: &App,
    mine: &Mine,
    offer: &Offer,
    instead: &Instead,
    who: Comes<'_>,
    ending: Ending,
    heard: Option<Said>,
) -> String {
    let names = who.names;
    let both = names.len() > 1;
    let today = today(app);
    let feedback = who.feedback.clone();
    let run = offer.run.clone();
    let stands = mine.ended_at.is_none();
    let now = app.clock.now();
    // A call that is over needs no link.
    let online = offer
        .sessions
        .iter()
        .any(|session| offer.at(session.id).is_online() && session.ends_at > now);
    let counts = mine.status == "booked";
    let own = format!("/account/bookings/{}", mine.booked.reference);
    let mut rows = vec![SummaryRow::new(
        "Booking number",
        mine.booked.reference.clone(),
    )];
    if !names.is_empty() {
        rows.push(SummaryRow::new("Who comes", together(names)));
    }
    // A single session may be somewhere else; the note is about the place that the run usually has.
    let at = if offer.sessions.len() == 1 {
        offer.first_at()
    } else {
        &run.at
    };
    rows.push(SummaryRow::new("Where", at.full()));
    if let Some(note) = run.place_note.as_ref().filter(|_| at == &run.at) {
        rows.push(SummaryRow::new("How to find it", note.clone()));
    }
    if let Some(tutor) = &run.leads.full_name {
        rows.push(SummaryRow::new("Your tutor", tutor.clone()));
    }
    if let (true, true, Some(link)) = (online, counts, run.join_link.clone()) {
        let link = view! { <a href=link rel="noreferrer">"Join the video call"</a> };
        rows.push(SummaryRow::view("The call", link));
    }
    let help = if names.is_empty() {
        "What would help you"
    } else {
        "What would help"
    };
    if mine.noted {
        rows.push(SummaryRow::new(help, "You have told us").change(format!("{own}/note")));
    } else if stands && ending != Ending::Over {
        rows.push(SummaryRow::new(help, "Nothing yet").action(format!("{own}/note"), "Tell us"));
    }
    let sessions: Vec<_> = offer
        .sessions
        .iter()
        .map(|session| offer.line(session, today))
        .collect();
    let notice = standing(mine, offer, &who, today);
    let (calendar, cancel) = (format!("{own}/calendar.ics"), format!("{own}/cancel"));
    let cancel = match ending {
        Ending::Cancel if stands && both => Some((cancel, "Cancel both places")),
        Ending::Cancel if stands && !names.is_empty() => Some((cancel, "Cancel this place")),
        Ending::Cancel if stands => Some((cancel, "Cancel my place")),
        Ending::Stop if stands => Some((cancel, "Stop coming")),
        _ => None,
    };
    let course = format!("/courses/{}", run.slug);
    let earns = ending == Ending::Over
        && run.status != "cancelled"
        && matches!(mine.status.as_str(), "booked" | "stopped");
    let certificate = earns.then(|| format!("{own}/certificate"));
    let others = other_dates(&instead.dates, &instead.coming, app.clock.now());
    let off = run.status == "cancelled";
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
                {heard.map(|said| view! { <Notice title=said.words() kind=NoticeKind::Good>{()}</Notice> })}
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
                {feedback
                    .map(|href| {
                        view! {
                            <Notice title="How was it?">
                                <p>"Three short questions. " <a href=href>"Tell us how it was"</a></p>
                            </Notice>
                        }
                    })}
                <div class="wb-block wb-block--near">
                    <SummaryList rows />
                </div>
                <section class="wb-block" aria-labelledby="when">
                    <h2 id="when">"Dates and times"</h2>
                    <ol class="wb-numbers">{sessions}</ol>
                </section>
                {(stands && !off)
                    .then(|| {
                        view! {
                            <p class="wb-links wb-no-print">
                                {counts.then(|| view! { <a href=calendar>"Add to calendar"</a> })}
                                {cancel.map(|(href, words)| view! { <a href=href>{words}</a> })}
                            </p>
                        }
                    })}
                {certificate.map(|href| view! { <p class="wb-no-print"><a href=href>"Certificate of attendance"</a></p> })}
                {others} <p>"Something not right? Call " <PhoneLink /> "."</p>
            }
        })
}

/// "Do you want to cancel this place?", or to stop coming. `names` are those who come, when it is not the reader
/// alone.
pub fn cancel(app: &App, mine: &Mine, offer: &Offer, names: &[String], stop: bool) -> String {
    let today = today(app);
    let both = names.len() > 1;
    let (title, yes, no) = match (stop, names.len()) {
        (true, _) => ("Do you want to stop coming?", "Stop coming", "Keep coming"),
        (false, 0) => (
            "Do you want to cancel this place?",
            "Cancel my place",
            "Keep my place",
        ),
        (false, 1) => (
            "Do you want to cancel this place?",
            "Cancel this place",
            "Keep this place",
        ),
        (false, _) => (
            "Do you want to cancel both places?",
            "Cancel both places",
            "Keep both places",
        ),
    };
    let who = (!names.is_empty()).then(|| together(names));
    let side = reminder(offer, today, "Your booking", Some(&mine.booked.reference));
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
                        {who.map(|who| view! { <p>"This is for " <strong>{who}</strong> "."</p> })}
                        {both
                            .then(|| {
                                view! {
                                    <p>
                                        "This cancels for both of you. Can one of you still come? Call " <PhoneLink />
                                        " and keep 1 place."
                                    </p>
                                }
                            })}
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
                                {yes}
                            </Button>
                            <a href=keep>{no}</a>
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
