//! Messages about a booking. They say when and where, and the course's name only where the person allowed it.

use chrono::{DateTime, Utc};

use super::{link, words};
use crate::messages::letter::{Letter, Piece, phone};
use crate::messages::model::{Address, Mail, MessageKind};
use crate::server::Result;
use crate::server::config::Settings;
use crate::ui::dates;

/// What a message says about a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// When each session starts, the first one first.
    pub starts: Vec<DateTime<Utc>>,
    /// When the first session ends.
    pub first_ends_at: DateTime<Utc>,
    /// Where the first session is: "Bath Central Library, BA1 5AL"; `None` is online.
    pub place: Option<String>,
    /// The sessions that are somewhere else, a line each.
    pub elsewhere: Vec<String>,
    /// The course's title, only where the person said that messages may name it.
    pub course: Option<String>,
    /// Who comes, when it is not the reader alone.
    pub names: Vec<String>,
    /// The path of the page it is about: "/account/bookings".
    pub path: String,
}

impl Run {
    pub(super) fn first(&self) -> DateTime<Utc> {
        self.starts.first().copied().unwrap_or(self.first_ends_at)
    }

    /// "Tuesday 12 January 2027".
    fn day(&self) -> String {
        let day = dates::day_of(self.first());
        format!("{} {}", dates::weekday(day), dates::full_day(day))
    }

    /// "10:30am to 12:30pm, then every week for 6 weeks".
    fn times(&self) -> String {
        let times = dates::times(self.first(), self.first_ends_at);
        let rhythm = dates::rhythm_words(&self.starts);
        match self.starts.len() {
            0 | 1 => times,
            n if rhythm.starts_with("Once a week") => {
                format!("{times}, then every week for {n} weeks")
            }
            _ => format!("{times}, {}", rhythm.to_lowercase()),
        }
    }

    /// "Margaret Ashdown and Tom Ashdown"; `None` when it is the reader alone.
    fn who(&self) -> Option<String> {
        (!self.names.is_empty()).then(|| self.names.join(" and "))
    }

    /// Who was asked to agree.
    fn guardian(&self) -> String {
        self.who().map_or_else(
            || "your parent or guardian".to_owned(),
            |who| format!("a parent or guardian, for {who},"),
        )
    }

    /// "Tuesday 12 January 2027 at 10:30am, Bath Central Library, BA1 5AL".
    pub(super) fn when_and_where(&self) -> String {
        let place = self.place.as_deref().unwrap_or("online");
        format!("{} at {}, {place}", self.day(), dates::time(self.first()))
    }

    /// The same as lines of a panel, with the course's name where it may be said; `place` is what to say online.
    pub(super) fn lines(&self, online: &str) -> Vec<Vec<Piece>> {
        let place = self.place.clone().unwrap_or_else(|| online.to_owned());
        let mut lines = vec![
            vec![Piece::Strong(self.day())],
            vec![words(self.times())],
            vec![words(place)],
        ];
        lines.extend(self.elsewhere.iter().map(|line| vec![words(line)]));
        if let Some(who) = self.who() {
            lines.insert(0, vec![words(format!("For {who}"))]);
        }
        if let Some(course) = &self.course {
            lines.push(vec![words(format!("Course: {course}"))]);
        }
        lines
    }
}

/// What a message about a booking says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// "WB-7K4-2MQ".
    pub reference: String,
    /// Which run, and who comes.
    pub run: Run,
    /// Whether staff made the booking for them.
    pub by_staff: bool,
}

impl Facts {
    pub(super) fn reason(&self) -> &'static str {
        if self.by_staff {
            "we made a booking for you"
        } else {
            "you made a booking"
        }
    }
}

/// A place is booked. Attach the dates with [`Mail::with_ics`].
///
/// # Errors
/// When the words cannot be put together.
pub fn confirmed(config: &Settings, to: Address, facts: &Facts) -> Result<Mail> {
    let mut lines = facts.run.lines("Online. Sign in to see the link.");
    lines.push(vec![
        words("Booking number "),
        Piece::Strong(facts.reference.clone()),
    ]);
    let saved = match facts.run.names.len() {
        0 => "We have saved a place for you.".to_owned(),
        1 => "We have saved a place.".to_owned(),
        n => format!("We have saved {n} places."),
    };
    let url = link(config, &facts.run.path);
    Letter::new(
        config,
        MessageKind::BookingConfirmed,
        to,
        "Your booking is confirmed",
    )
    .say(saved)
    .panel(lines)
    .button("See my booking", &url)
    .say("The dates are attached for your calendar.")
    .heading("Cannot come?")
    .pieces(vec![
        Piece::Link("Cancel online".to_owned(), url.clone()),
        words(" or call "),
        phone(config),
        words(". It is fine to miss a week."),
    ])
    .finish(facts.reason())
}

/// A booking was moved to another date. Attach both dates with [`Mail::with_ics`].
///
/// # Errors
/// When the words cannot be put together.
pub fn moved(config: &Settings, to: Address, facts: &Facts, before: &Facts) -> Result<Mail> {
    let mut lines = facts.run.lines("Online. Sign in to see the link.");
    lines.push(vec![
        words("Booking number "),
        Piece::Strong(facts.reference.clone()),
    ]);
    Letter::new(
        config,
        MessageKind::BookingConfirmed,
        to,
        "Your booking is moved",
    )
    .say("We have moved your booking. These are your dates now:")
    .panel(lines)
    .button("See my booking", &link(config, &facts.run.path))
    .say(format!(
        "Please do not come to what you had before: {}. That was booking number {}.",
        before.run.when_and_where(),
        before.reference
    ))
    .say("Open the attachment: the new dates go into your calendar, and the old ones go out of it.")
    .heading("Is that not right?")
    .pieces(vec![words("Call us: "), phone(config), words(".")])
    .finish(facts.reason())
}

/// How a booking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person cancelled before the first session.
    Cancelled,
    /// The person will not come to the other sessions.
    Stopped,
    /// Their parent or guardian did not agree.
    GuardianDeclined,
    /// Their parent or guardian did not answer in time.
    GuardianSilent,
    /// We had to cancel the run.
    NotGoingAhead,
}

/// A booking has ended. Attach the cancelled dates with [`Mail::with_ics`].
///
/// # Errors
/// When the words cannot be put together.
pub fn cancelled(config: &Settings, to: Address, facts: &Facts, ending: Ending) -> Result<Mail> {
    let when = facts.run.when_and_where();
    let title = match ending {
        Ending::Cancelled => "Your booking is cancelled",
        Ending::Stopped => "We have noted your change",
        Ending::GuardianDeclined | Ending::GuardianSilent => "About your booking",
        Ending::NotGoingAhead => "A change to your booking",
    };
    let letter = Letter::new(config, MessageKind::BookingCancelled, to, title);
    let letter = match ending {
        Ending::Cancelled => letter
            .say(match (facts.run.names.len(), facts.run.who()) {
                (2.., Some(who)) => format!(
                    "You have cancelled both places, for {who}, on {when}. Booking number {}.",
                    facts.reference
                ),
                (_, Some(who)) => format!(
                    "You have cancelled the place for {who} on {when}. Booking number {}.",
                    facts.reference
                ),
                (_, None) => format!(
                    "You have cancelled your place on {when}. Booking number {}.",
                    facts.reference
                ),
            })
            .say("Thank you for telling us. Someone else will be glad of the place.")
            .say("The dates will go from your calendar when you open the attachment.")
            .say("Would you like something else?")
            .button("Find a course", &link(config, "/courses")),
        Ending::Stopped => letter.say(match facts.run.who() {
            None => "You have told us that you will not come to the other sessions. We will not expect you. \
                     You are welcome back on any course."
                .to_owned(),
            Some(who) => format!(
                "You have told us that {who} will not come to the other sessions. We will not expect them. \
                 Everybody is welcome back on any course."
            ),
        }),
        Ending::GuardianDeclined => letter
            .say(format!(
                "We asked {} about {when}. They told us that they do not agree this time, so we have not booked it. \
                 Booking number {}.",
                facts.run.guardian(),
                facts.reference
            ))
            .say("You have done nothing wrong. You may want to talk about it together.")
            .pieces(vec![
                words("You can both ask us anything: call "),
                phone(config),
                words("."),
            ]),
        Ending::GuardianSilent => letter
            .say(format!(
                "We asked {} about {when}. We did not hear from them in time, so we have let the place go. Booking \
                 number {}.",
                facts.run.guardian(),
                facts.reference
            ))
            .say("You can ask for a place again. Tell them that our email is coming, and to look in the junk folder too.")
            .button("Find a course", &link(config, "/courses"))
            .pieces(vec![
                words("Or ask them to call us: "),
                phone(config),
                words("."),
            ]),
        Ending::NotGoingAhead => letter
            .say(format!(
                "We are sorry. The sessions that start on {when}, will not go ahead. Your place is cancelled \
                 and there is nothing you need to do."
            ))
            .button("See other dates", &link(config, &facts.run.path))
            .pieces(vec![
                words("Or we can help you find another: call "),
                phone(config),
                words("."),
            ]),
    };
    letter.finish(facts.reason())
}

/// To a parent or guardian who did not answer in time.
///
/// # Errors
/// When the words cannot be put together.
pub fn guardian_too_late(config: &Settings, to: Address, child: &str) -> Result<Mail> {
    Letter::new(
        config,
        MessageKind::GuardianRequest,
        to,
        "The time to answer is over",
    )
    .say(format!(
        "{child} asked to come to something we run, and we asked if you agree. We did not hear from you, so we have \
         let the place go. You do not need to do anything."
    ))
    .pieces(vec![
        words(format!("Would you still like {child} to come? They can ask again, or you can call us: ")),
        phone(config),
        words("."),
    ])
    .finish("someone gave us your address as their parent or guardian")
}
