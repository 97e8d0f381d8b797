//! What is typed into the form of a request, and what is wrong with it.

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use super::NOBODY;
use crate::accounts::sign_up::rules::name as name_rule;
use crate::privacy::requests::LONGEST;
use crate::privacy::requests::model::{Channel, Colleague, Kind};
use crate::privacy::requests::rules::{Step, Timing};
use crate::ui::form::*;

/// How far back the day may lie on which a request came.
const OLDEST: Months = Months::new(12);
/// As many letters as there are to say how somebody is reached.
const LONGEST_CONTACT: usize = 300;

/// They were asked when the answer was late already.
const TOO_LATE: &str = "The time to answer was over by then, so that asking changes nothing. Choose the first answer, and send nothing \
                        before you are sure that it is them";

/// What was typed.
pub struct Sent {
    pub channel: Channel,
    pub timing: Timing,
    pub asker: Option<(String, String)>,
    pub asked: String,
    pub owner: Option<Uuid>,
}

impl Sent {
    /// What makes it another request, with whose it is.
    pub fn record(&self, person: Option<Uuid>) -> String {
        let (kind, day, asked) = (
            self.timing.kind.name(),
            self.timing.received_on,
            &self.asked,
        );
        let whose = match (person, &self.asker) {
            (Some(person), _) => person.to_string(),
            (None, Some((name, contact))) => format!("{name}\n{contact}"),
            (None, None) => String::new(),
        };
        format!("{kind}\n{day}\n{whose}\n{asked}")
    }
}

/// The request that was typed; else the form with what is wrong.
pub fn read(
    submitted: &Submitted,
    on_record: bool,
    colleagues: &[Colleague],
    today: NaiveDate,
) -> std::result::Result<(Sent, FormState), FormState> {
    let mut check = Check::new(submitted);
    check.carry(FORM_KEY);
    check.carry("who");
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let kind = check.choice("kind", "Choose what they ask for", &kinds);
    let channels: Vec<&str> = Channel::ALL.iter().map(|one| one.name()).collect();
    let channel = check.choice("channel", "Choose how it came", &channels);
    let received_on = received(&mut check, today);
    let asker = if on_record { None } else { asker(&mut check) };
    let asked = words(&mut check, "asked", "Write what they ask for");
    let timing = timing(
        &mut check,
        kind.and_then(Kind::named).zip(received_on),
        today,
    );
    let ids: Vec<String> = colleagues
        .iter()
        .map(|one| one.account_id.to_string())
        .collect();
    let choices: Vec<&str> = ids.iter().map(String::as_str).chain([NOBODY]).collect();
    let owner = check.choice("owner", "Choose who looks after it", &choices);
    let owner = owner.map(|owner| Uuid::try_parse(owner).ok());
    let failed = check.failed();
    let form = check.finish();
    match (channel.and_then(Channel::named), timing, asked, owner) {
        (Some(channel), Some(timing), Some(asked), Some(owner)) if !failed => {
            let sent = Sent {
                channel,
                timing,
                asker,
                asked,
                owner,
            };
            Ok((sent, form))
        }
        _ => Err(form),
    }
}

/// What says when it is due: of what (`of`: its kind, when it came), and whether we know that it is them.
fn timing(
    check: &mut Check<'_>,
    of: Option<(Kind, NaiveDate)>,
    today: NaiveDate,
) -> Option<Timing> {
    let identity = check.choice(
        "identity",
        "Choose whether we know that it is them",
        &["known", "asked"],
    );
    let asked_on = if identity == Some("asked") {
        let words = DateWords {
            missing: "Enter the day on which we asked them",
            subject: "The day on which we asked them",
        };
        Some(check.date("asked-on", words)?)
    } else {
        for part in ["asked-on-day", "asked-on-month", "asked-on-year"] {
            check.carry(part);
        }
        None
    };
    let (kind, received_on) = of?;
    let timing = Timing::new(kind, received_on);
    let Some(day) = asked_on else {
        return Some(timing);
    };
    if day < received_on || day > today {
        check.error(
            "asked-on",
            "The day on which we asked them must be from the day on which it came to today",
        );
        return None;
    }
    let asked = timing.after(Step::AskIdentity, day);
    if asked.is_none() {
        check.error("asked-on", TOO_LATE);
    }
    asked
}

fn received(check: &mut Check<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let words = DateWords {
        missing: "Enter the day on which it came",
        subject: "The day on which it came",
    };
    let day = check.date("received", words)?;
    let oldest = today.checked_sub_months(OLDEST).unwrap_or(today);
    if day > today {
        check.error(
            "received",
            "The day on which it came cannot be in the future",
        );
    } else if day < oldest {
        check.error(
            "received",
            "The day on which it came must be within the last 12 months",
        );
    }
    Some(day)
}

fn asker(check: &mut Check<'_>) -> Option<(String, String)> {
    let name = check.text("full-name", "Enter their name", |typed| {
        name_rule(typed, 200, "their name")
    });
    let contact = check.text("contact", "Enter how we reach them", |typed| {
        if typed.chars().count() > LONGEST_CONTACT {
            return Err(format!("Use {LONGEST_CONTACT} letters or fewer"));
        }
        Ok(typed.to_owned())
    });
    name.zip(contact)
}

/// A box of words that are sealed.
pub fn words(check: &mut Check<'_>, name: &str, missing: &str) -> Option<String> {
    let words = check.long_text(name, missing)?;
    if words.chars().count() > LONGEST {
        check.error(name, "Use 3,000 letters or fewer");
    }
    Some(words)
}
