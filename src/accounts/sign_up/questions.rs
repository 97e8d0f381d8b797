//! The questions of a sign-up: their order, and what is made of each answer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::{self, AgeBand};
use crate::ui::form::FormState;

/// One question, one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Full name, and what to call them.
    Name,
    /// Date of birth.
    Born,
    /// Under 16: who has to agree.
    Guardian,
    /// Email address.
    Email,
    /// Phone number.
    Phone,
    /// Postcode, or no fixed address.
    Postcode,
    /// How to reach them, and in which format.
    Reach,
    /// The newsletter.
    Newsletter,
}

const EVERY: [Question; 8] = [
    Question::Name,
    Question::Born,
    Question::Email,
    Question::Phone,
    Question::Guardian,
    Question::Postcode,
    Question::Reach,
    Question::Newsletter,
];

/// A parent or guardian, with their own contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardian {
    /// Their full name.
    pub full_name: String,
    /// Their email address.
    pub email: String,
    /// Their phone number, E.164.
    pub phone: String,
}

/// What somebody has told us so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Full name; empty until answered, like the others.
    pub full_name: String,
    /// What to call them.
    pub preferred_name: Option<String>,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Who has to agree.
    pub guardian: Option<Guardian>,
    /// Email address.
    pub email: String,
    /// Phone number, E.164.
    pub phone: String,
    /// Postcode.
    pub postcode: Option<String>,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// The postcode lies outside the area served.
    pub out_of_area: bool,
    /// Any of "email", "text", "call", "letter".
    pub reach: Vec<String>,
    /// Whether it is safe to leave a message.
    pub safe_message: Option<bool>,
    /// "standard", "large-print", "easy-read" or "interpreter".
    pub format: String,
    /// Whether they asked for the newsletter.
    pub newsletter: Option<bool>,
}

/// What the rules need to know besides the answers.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Today in Bath.
    pub today: NaiveDate,
    /// The first day of the run that was chosen, or today.
    pub first_day: NaiveDate,
    /// The postcodes served.
    pub areas: &'a str,
}

/// The ways to reach somebody.
pub const REACH: [&str; 4] = ["email", "text", "call", "letter"];
/// The formats.
pub const FORMATS: [&str; 4] = ["standard", "large-print", "easy-read", "interpreter"];

impl Answers {
    /// What to call them.
    pub fn known_as(&self) -> &str {
        crate::accounts::rules::known_as(self.preferred_name.as_deref(), &self.full_name)
    }

    /// The age band on a day, once the date of birth is known.
    pub fn band(&self, day: NaiveDate) -> Option<AgeBand> {
        self.born.map(|born| AgeBand::on(born, day))
    }

    /// This person's questions: a parent or guardian is asked for under 16 only.
    pub fn questions(&self, first_day: NaiveDate) -> Vec<Question> {
        let young = self.band(first_day) == Some(AgeBand::Under16);
        EVERY
            .into_iter()
            .filter(|question| *question != Question::Guardian || young)
            .collect()
    }

    /// The first question that has no answer yet.
    pub fn open_question(&self, first_day: NaiveDate) -> Option<Question> {
        self.questions(first_day)
            .into_iter()
            .find(|question| !self.answered(*question))
    }

    /// Whether a question has an answer.
    pub fn answered(&self, question: Question) -> bool {
        match question {
            Question::Name => !self.full_name.is_empty(),
            Question::Born => self.born.is_some(),
            Question::Guardian => self.guardian.is_some(),
            Question::Email => !self.email.is_empty(),
            Question::Phone => !self.phone.is_empty(),
            Question::Postcode => self.postcode.is_some() || self.no_fixed_address,
            Question::Reach => !self.reach.is_empty(),
            Question::Newsletter => self.newsletter.is_some(),
        }
    }
}

impl Question {
    /// Its word in the address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Born => "date-of-birth",
            Self::Guardian => "guardian",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::Reach => "reach",
            Self::Newsletter => "newsletter",
        }
    }

    /// The question with this word.
    pub fn of(slug: &str) -> Option<Self> {
        EVERY.into_iter().find(|question| question.slug() == slug)
    }

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Name => "What is your name?",
            Self::Born => "What is your date of birth?",
            Self::Guardian => "Who is your parent or guardian?",
            Self::Email => "What is your email address?",
            Self::Phone => "What is your phone number?",
            Self::Postcode => "What is your postcode?",
            Self::Reach => "How should we reach you?",
            Self::Newsletter => "Would you like to hear about new courses?",
        }
    }

    /// The form as it was answered before.
    pub fn filled(self, answers: &Answers) -> FormState {
        let form = FormState::empty();
        match self {
            Self::Name => form.with("full-name", answers.full_name.clone()).with(
                "preferred-name",
                answers.preferred_name.clone().unwrap_or_default(),
            ),
            Self::Born => match answers.born {
                None => form,
                Some(born) => form
                    .with("date-of-birth-day", born.format("%-d").to_string())
                    .with("date-of-birth-month", born.format("%-m").to_string())
                    .with("date-of-birth-year", born.format("%Y").to_string()),
            },
            Self::Guardian => {
                let guardian = answers.guardian.clone().unwrap_or_default();
                form.with("guardian-name", guardian.full_name)
                    .with("guardian-email", guardian.email)
                    .with("guardian-phone", shown_phone(&guardian.phone))
            }
            Self::Email => form.with("email", answers.email.clone()),
            Self::Phone => form.with("phone", shown_phone(&answers.phone)),
            Self::Postcode => {
                let form = form.with("postcode", answers.postcode.clone().unwrap_or_default());
                if answers.no_fixed_address {
                    form.with("no-fixed-address", "yes")
                } else {
                    form
                }
            }
            Self::Reach => {
                let form = answers
                    .reach
                    .iter()
                    .fold(form, |form, way| form.with("reach", way.clone()));
                let form = match answers.safe_message {
                    Some(safe) => form.with("safe-message", if safe { "yes" } else { "no" }),
                    None => form,
                };
                let format = if answers.format.is_empty() {
                    "standard"
                } else {
                    &answers.format
                };
                form.with("format", format)
            }
            Self::Newsletter => match answers.newsletter {
                Some(yes) => form.with("newsletter", if yes { "yes" } else { "no" }),
                None => form,
            },
        }
    }
}

fn shown_phone(e164: &str) -> String {
    if e164.is_empty() {
        String::new()
    } else {
        rules::phone_words(e164)
    }
}
