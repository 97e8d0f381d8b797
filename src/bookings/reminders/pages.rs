//! The page that the link of a reminder opens, for whoever has the message. Nobody need be signed in.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;

use super::store::Sent;
use crate::bookings::pages::{by_link, discreet, known_as, today};
use crate::bookings::rules::{self, Ending};
use crate::bookings::store::{Offer, Person};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::*;
use crate::ui::page::Page;
use crate::ui::pieces::*;

/// A reminder with its run and who comes.
pub struct Opened {
    pub sent: Sent,
    pub offer: Offer,
    pub people: Vec<Person>,
}

/// How it stands with the session of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are expected.
    Expected,
    /// They said that they cannot come to it; their place is kept.
    NotThisTime,
    /// They gave up the place, or stopped coming.
    Ended,
    /// The run does not go ahead.
    NotGoingAhead,
    /// The session is over.
    Over,
}

impl Standing {
    /// Whether there is anything to answer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Expected | Self::NotThisTime)
    }
}

impl Opened {
    /// How it stands at `now`.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if self.sent.status != "booked" {
            Standing::Ended
        } else if self.sent.run_status == "cancelled" {
            Standing::NotGoingAhead
        } else if self.sent.session.ends_at <= now {
            Standing::Over
        } else if self.sent.apologised {
            Standing::NotThisTime
        } else {
            Standing::Expected
        }
    }
}

/// The page of a reminder's link.
pub fn link(app: &App, opened: &Opened) -> String {
    let now = app.clock.now();
    match opened.standing(now) {
        Standing::Expected => ask(app, opened, now),
        Standing::NotThisTime => noted(app, opened),
        Standing::Ended => by_link(
            app,
            "Thank you for telling us",
            "We do not expect you any more. You are welcome on another course at any time.",
        ),
        Standing::NotGoingAhead => by_link(
            app,
            "This date is not going ahead",
            "We had to cancel it. We are sorry. You do not need to do anything.",
        ),
        Standing::Over => by_link(
            app,
            "This session is over",
            "Could you not come? That is all right. You need not tell us now.",
        ),
    }
}

/// A link that leads nowhere.
pub fn broken(app: &App) -> String {
    by_link(
        app,
        "This link does not work any more",
        "The date may have changed, or the link is broken in two. See My bookings, or call us.",
    )
}

/// The session, on sand.
fn session(opened: &Opened, today: NaiveDate) -> impl IntoView + use<> {
    let session = opened.sent.session;
    let offer = discreet(&opened.offer, &opened.people);
    let leaf = Leaf::of(dates::day_of(session.starts_at));
    let when = dates::day_and_times(session.starts_at, session.ends_at, today);
    let place = offer.place(session.id);
    let place = place.unwrap_or_else(|| "Online".to_owned());
    view! { <Reminder title="Your session" leaf course=offer.run.title when place /> }
}

/// "Just this time, or the whole course?"
fn ask(app: &App, opened: &Opened, now: DateTime<Utc>) -> String {
    let today = today(app);
    let day = dates::day(dates::day_of(opened.sent.session.starts_at), today);
    let title = format!("Cannot come on {day}?");
    let side = session(opened, today);
    let names = known_as(&opened.people);
    let one = opened.offer.sessions.len() < 2;
    let frees =
        rules::ending(now, opened.offer.first_ends(), opened.offer.run.ends_at) == Ending::Cancel;
    let all = match (one, frees) {
        (true, _) => "Somebody else can have the place.",
        (false, true) => "The whole course: somebody else can have the place.",
        (false, false) => "The whole course: we will not expect you or remind you any more.",
    };
    Page::new(title.clone()).unlisted().render(&app.site, move || {
        let this = (!one).then(|| {
            view! {
                <p>"Just this time: we keep the place for the other sessions. It is fine to miss one."</p>
            }
        });
        let just_this = (!one).then(|| {
            view! {
                <Button name="do" value="this">
                    "Just this time"
                </Button>
            }
        });
        let kind = if one { ButtonKind::Filled } else { ButtonKind::Outlined };
        view! {
            <div class="wb-split">
                <div class="wb-split__head">
                    <h1>{title}</h1>
                </div>
                {side}
                <div class="wb-split__main">
                    <p class="wb-lead">"Please tell us here. This is about the place of " <strong>{names}</strong> "."</p>
                    {this} <p>{all}</p> <Form class="wb-buttons">
                        {just_this}
                        <Button kind name="do" value="all">
                            {if one { "Cancel my place" } else { "Cancel the whole course" }}
                        </Button>
                    </Form>
                    <p>"Can you come after all? Then you need not do anything."</p>
                    <p>"Rather talk? Call " <PhoneLink /> "."</p>
                </div>
            </div>
        }
    })
}

/// They cannot come this time.
fn noted(app: &App, opened: &Opened) -> String {
    let today = today(app);
    let day = dates::day(dates::day_of(opened.sent.session.starts_at), today);
    let next = opened.sent.next_at.map_or_else(
        || "You are welcome on another course at any time.".to_owned(),
        |at| {
            format!(
                "We look forward to seeing you on {}.",
                dates::day_and_time(at, today)
            )
        },
    );
    let side = session(opened, today);
    Page::new("Thank you for telling us").unlisted().render(&app.site, move || {
        view! {
            <div class="wb-split">
                <div class="wb-split__head">
                    <h1>"Thank you for telling us"</h1>
                </div>
                {side}
                <div class="wb-split__main">
                    <p class="wb-lead">"We do not expect you on " {day} ". Your place is kept. " {next}</p>
                    <h2>"Has something changed?"</h2>
                    <Form class="wb-buttons">
                        <Button kind=ButtonKind::Outlined name="do" value="come">
                            "I can come after all"
                        </Button>
                        <Button kind=ButtonKind::Outlined name="do" value="all">
                            "Cancel the whole course"
                        </Button>
                    </Form>
                    <p>"Questions? Call " <PhoneLink /> "."</p>
                </div>
            </div>
        }
    })
}
