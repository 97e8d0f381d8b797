//! What was typed into the form of a booking, read and checked.

use chrono::NaiveDate;
use uuid::Uuid;

use super::store::RunChoice;
use super::{UNDER_16, is_open};
use crate::accounts::sign_up::rules;
use crate::bookings::equality;
use crate::bookings::rules::is_under_16;
use crate::bookings::{Channel, Choices, RemindBy};
use crate::people_desk::details::{Contact, NO_WAY};
use crate::people_desk::model::{self, CAME, Person};
use crate::server::App;
use crate::ui::dates;
use crate::ui::form::{Check, DateWords, FormState};

/// The ways to reach somebody, by their words in the form.
pub const REACH: [(&str, &str); 4] = [
    ("email", "Email"),
    ("text", "Text message"),
    ("call", "Phone call"),
    ("letter", "Letter"),
];

/// Who comes.
#[derive(Clone, Debug)]
pub enum Whom {
    /// Somebody we know.
    Known(Box<Person>),
    /// Somebody new.
    New(Newcomer),
}

/// Somebody new.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub full_name: String,
    pub born: NaiveDate,
    pub contact: Contact,
}

/// A form in which everything is right.
#[derive(Clone, Debug)]
pub struct Sent {
    pub run_id: Uuid,
    pub channel: Channel,
    pub whom: Whom,
    pub reach: Vec<&'static str>,
    pub safe_message: bool,
    pub name_course: bool,
    /// Their answer to the equality question, if they gave one.
    pub ethnicity: Option<&'static str>,
}

impl Sent {
    /// Whether they may be reached this way.
    pub fn reaches(&self, way: &str) -> bool {
        self.reach.contains(&way)
    }

    /// How they may be reached from now on, in a line for the record; of somebody new who they are, too.
    pub fn words(&self) -> String {
        let who = match &self.whom {
            Whom::Known(_) => String::new(),
            Whom::New(new) => format!("{}; ", new.contact.words(&new.full_name)),
        };
        format!("{who}{}", reach_words(&self.reach, self.safe_message))
    }

    /// The same as it was; of somebody new nothing.
    pub fn was_words(&self) -> String {
        match &self.whom {
            Whom::Known(person) => {
                let ways = [
                    (person.reach_by_email, "email"),
                    (person.reach_by_text, "text"),
                    (person.reach_by_call, "call"),
                    (person.reach_by_letter, "letter"),
                ];
                let ways: Vec<&str> = ways
                    .into_iter()
                    .filter(|(may, _)| *may)
                    .map(|(_, way)| way)
                    .collect();
                reach_words(&ways, person.safe_to_leave_message)
            }
            Whom::New(_) => String::new(),
        }
    }

    /// How they are reminded: texts go beside emails; whoever wants neither is rung.
    pub fn remind_by(&self) -> RemindBy {
        if self.reaches("text") {
            RemindBy::EmailAndText
        } else if self.reaches("email") {
            RemindBy::Email
        } else {
            RemindBy::Call
        }
    }

    /// What the engine keeps with the booking.
    pub fn choices(&self) -> Choices {
        Choices {
            remind_by: Some(self.remind_by()),
            name_course: Some(self.name_course),
            ethnicity: self.ethnicity,
            ..Choices::default()
        }
    }
}

fn reach_words(ways: &[&str], safe_message: bool) -> String {
    let message = if safe_message {
        "may leave a message"
    } else {
        "no message"
    };
    format!("by {}; {message}", ways.join(", "))
}

/// What came of reading a form.
pub enum Read {
    /// All is right; the form as it was typed, in case the engine says no.
    Right(Box<Sent>, FormState),
    /// Something is not.
    Wrong(FormState),
}

/// The form as it begins, with what we know.
pub fn filled(run: &str, known: Option<&Person>) -> FormState {
    let mut form = FormState::empty().with("run", run);
    let Some(person) = known else {
        return form;
    };
    let ways = [
        (person.reach_by_email && person.email.is_some(), "email"),
        (person.gets_texts(), "text"),
        (person.reach_by_call && person.phone.is_some(), "call"),
        (person.reach_by_letter && person.address.is_some(), "letter"),
    ];
    for (_, way) in ways.into_iter().filter(|(may, _)| *may) {
        form = form.with("reach", way);
    }
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    form = form.with("safe-message", yes(person.safe_to_leave_message));
    match person.name_course_in_messages {
        Some(may) => form.with("name-course", yes(may)),
        None => form,
    }
}

/// Reads everything in the order of the page.
pub fn read(mut check: Check<'_>, app: &App, known: Option<&Person>, runs: &[RunChoice]) -> Read {
    let today = dates::day_of(app.clock.now());
    let run = run(&mut check, runs);
    let came = CAME.map(|(word, _)| word);
    let channel = check
        .choice("channel", "Choose how they came to us", &came)
        .and_then(model::channel);
    let whom = match known {
        Some(person) => {
            for name in ["full-name", "phone", "email", "address", "town", "postcode"] {
                check.carry(name);
            }
            Some(Whom::Known(Box::new(person.clone())))
        }
        None => newcomer(&mut check, today, run).map(Whom::New),
    };
    let reach = reach(&mut check, whom.as_ref());
    let safe = check.choice(
        "safe-message",
        "Choose yes or no for leaving a message",
        &["yes", "no"],
    );
    let name = check.choice(
        "name-course",
        "Choose yes or no for naming the course",
        &["yes", "no"],
    );
    check.must_tick(
        "agreed",
        "Read it out, and tick the box when they have said yes",
    );
    let ethnicity = check.choice(equality::FIELD, "", &equality::answers());
    let failed = check.failed();
    let form = check.finish();
    match (run, channel, whom, safe, name, failed) {
        (Some(run), Some(channel), Some(whom), Some(safe), Some(name), false) => {
            let sent = Sent {
                run_id: run.id,
                channel,
                whom,
                reach,
                safe_message: safe == "yes",
                name_course: name == "yes",
                ethnicity,
            };
            Read::Right(Box::new(sent), form)
        }
        _ => Read::Wrong(form),
    }
}

fn run<'r>(check: &mut Check<'_>, runs: &'r [RunChoice]) -> Option<&'r RunChoice> {
    check.text("run", "Choose a course and its date", |typed| {
        Uuid::try_parse(typed)
            .ok()
            .and_then(|id| is_open(runs, id))
            .ok_or_else(|| "This date can no longer be booked. Choose another one".to_owned())
    })
}

fn newcomer(check: &mut Check<'_>, today: NaiveDate, run: Option<&RunChoice>) -> Option<Newcomer> {
    let name = check.text("full-name", "Enter their full name", |typed| {
        rules::name(typed, 200, "their name")
    });
    let words = DateWords {
        missing: "Enter their date of birth",
        subject: "Their date of birth",
    };
    let born = check.date("date-of-birth", words);
    let born = born.and_then(|born| {
        let born = rules::born_of(words.subject, born, today);
        born.map_err(|sentence| check.error("date-of-birth", sentence))
            .ok()
    });
    if run.is_some_and(|run| is_under_16(born, run.starts_at)) {
        check.error("date-of-birth", UNDER_16);
    }
    let before = check.failed();
    let contact = Contact::read(check);
    if contact.is_empty() && (before || !check.failed()) {
        check.error("phone", NO_WAY);
    }
    Some(Newcomer {
        full_name: name?,
        born: born?,
        contact,
    })
}

/// How they may be reached; each way needs somewhere to go, and whoever gives an email address is written to.
fn reach(check: &mut Check<'_>, whom: Option<&Whom>) -> Vec<&'static str> {
    let ways = check.choices("reach", &REACH.map(|(word, _)| word));
    let (email, phone, address) = match whom {
        None => return ways,
        Some(Whom::Known(person)) => (&person.email, &person.phone, &person.address),
        Some(Whom::New(new)) => (&new.contact.email, &new.contact.phone, &new.contact.address),
    };
    let has = |way: &str| ways.contains(&way);
    let mobile = phone.as_deref().is_some_and(rules::is_mobile);
    if ways.is_empty() {
        check.error("reach", "Tick at least one way to reach them");
    } else if has("email") && email.is_none() {
        check.error(
            "reach",
            "There is no email address. Enter one, or take the tick away",
        );
    } else if !has("email") && email.is_some() {
        check.error(
            "reach",
            "There is an email address, and the confirmation goes there. Tick email, or take the address out first",
        );
    } else if has("text") && !mobile {
        check.error("reach", "Texts need a mobile number, which starts with 07");
    } else if has("call") && phone.is_none() {
        check.error(
            "reach",
            "There is no phone number. Enter one, or take the tick away",
        );
    } else if has("letter") && address.is_none() {
        check.error(
            "reach",
            "There is no postal address. Enter one, or take the tick away",
        );
    }
    ways
}
