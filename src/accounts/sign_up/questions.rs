//! The questions of a sign-up: their order, and what is made of each answer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::{self, AgeBand};
use crate::accounts::rules::email;
use crate::ui::form::{Check, DateWords, FormState, Submitted};

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
        self.preferred_name
            .as_deref()
            .unwrap_or_else(|| self.full_name.split(' ').next().unwrap_or_default())
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

    /// Checks what was sent and puts it among the answers.
    ///
    /// # Errors
    /// The form with what is wrong, to be shown again.
    pub fn check(
        self,
        sent: &Submitted,
        answers: &Answers,
        facts: Facts<'_>,
    ) -> Result<Answers, FormState> {
        let mut check = Check::new(sent);
        let mut next = answers.clone();
        match self {
            Self::Name => {
                let full = check.text("full-name", "Enter your name", |t| {
                    rules::name(t, 200, "your name")
                });
                next.preferred_name = check.optional("preferred-name", |t| {
                    rules::name(t, 100, "what we should call you")
                });
                next.full_name = full.unwrap_or_default();
            }
            Self::Born => {
                let words = DateWords {
                    missing: "Enter your date of birth",
                    subject: "Your date of birth",
                };
                let born = check.date("date-of-birth", words);
                match born.map(|born| rules::born(born, facts.today)) {
                    Some(Err(sentence)) => check.error("date-of-birth", sentence),
                    Some(Ok(born)) => next.born = Some(born),
                    None => {}
                }
            }
            Self::Guardian => next.guardian = guardian(&mut check, answers),
            Self::Email => {
                let theirs = answers.guardian.as_ref().map_or("", |g| g.email.as_str());
                next.email = check
                    .text("email", "Enter your email address", |typed| {
                        own(
                            email(typed)?,
                            theirs,
                            "Enter an email address that is yours, not your parent’s or guardian’s",
                        )
                    })
                    .unwrap_or_default();
            }
            Self::Phone => {
                let theirs = answers.guardian.as_ref().map_or("", |g| g.phone.as_str());
                next.phone = check
                    .text("phone", "Enter a phone number", |typed| {
                        own(
                            rules::phone(typed)?,
                            theirs,
                            "Enter a phone number that is yours, not your parent’s or guardian’s",
                        )
                    })
                    .unwrap_or_default();
            }
            Self::Postcode => postcode(&mut check, &mut next, facts.areas),
            Self::Reach => reach(&mut check, &mut next),
            Self::Newsletter => {
                next.newsletter = check
                    .choice("newsletter", "Choose yes or no", &["yes", "no"])
                    .map(|chosen| chosen == "yes");
            }
        }
        if check.failed() {
            Err(check.finish())
        } else {
            Ok(next)
        }
    }
}

/// A contact that is not the other person's: who agrees must be reached apart from who asks.
fn own(given: String, other: &str, sentence: &str) -> Result<String, String> {
    if given.eq_ignore_ascii_case(other) {
        Err(sentence.to_owned())
    } else {
        Ok(given)
    }
}

fn shown_phone(e164: &str) -> String {
    if e164.is_empty() {
        String::new()
    } else {
        rules::phone_words(e164)
    }
}

fn guardian(check: &mut Check<'_>, answers: &Answers) -> Option<Guardian> {
    let full_name = check.text(
        "guardian-name",
        "Enter your parent’s or guardian’s name",
        |t| rules::name(t, 200, "their name"),
    );
    let address = check.text("guardian-email", "Enter their email address", |typed| {
        own(
            email(typed)?,
            &answers.email,
            "Enter an email address that is theirs, not yours",
        )
    });
    let phone = check.text("guardian-phone", "Enter their phone number", |typed| {
        own(
            rules::phone(typed)?,
            &answers.phone,
            "Enter a phone number that is theirs, not yours",
        )
    });
    Some(Guardian {
        full_name: full_name?,
        email: address?,
        phone: phone?,
    })
}

fn postcode(check: &mut Check<'_>, next: &mut Answers, areas: &str) {
    let typed = check.optional("postcode", rules::postcode);
    let none = check.ticked("no-fixed-address");
    if none && typed.is_some() {
        check.error("postcode", "Enter a postcode or tick the box. Choose one");
    } else if !none && typed.is_none() && !check.failed() {
        check.error(
            "postcode",
            "Enter your postcode, or tick “I have no fixed address”",
        );
    }
    next.out_of_area = typed.as_deref().is_some_and(|p| !rules::in_area(p, areas));
    next.postcode = typed;
    next.no_fixed_address = none;
}

fn reach(check: &mut Check<'_>, next: &mut Answers) {
    let ways = check.choices("reach", &REACH);
    if ways.is_empty() {
        check.error("reach", "Tick at least one way to reach you");
    }
    next.reach = ways.into_iter().map(str::to_owned).collect();
    next.safe_message = check
        .choice(
            "safe-message",
            "Choose yes or no for leaving a message",
            &["yes", "no"],
        )
        .map(|chosen| chosen == "yes");
    next.format = check
        .choice("format", "Choose how you need things", &FORMATS)
        .unwrap_or("standard")
        .to_owned();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        let today = "2027-01-04".parse().unwrap();
        Facts {
            today,
            first_day: today,
            areas: "BA1,BA2",
        }
    }

    fn send(
        question: Question,
        answers: &Answers,
        fields: &[(&str, &str)],
    ) -> Result<Answers, FormState> {
        let sent: Submitted = fields.iter().copied().collect();
        question.check(&sent, answers, facts())
    }

    #[test]
    fn a_child_is_asked_one_more_question() {
        let mut answers = Answers {
            born: "1952-03-31".parse().ok(),
            ..Answers::default()
        };
        assert_eq!(answers.questions(facts().first_day).len(), 7);
        answers.born = "2014-03-31".parse().ok();
        assert_eq!(answers.questions(facts().first_day).len(), 8);
        assert_eq!(
            answers.open_question(facts().first_day),
            Some(Question::Name)
        );
    }

    #[test]
    fn a_guardian_has_their_own_contact() {
        let child = Answers {
            email: "kit@example.org".into(),
            phone: "+447700900111".into(),
            ..Answers::default()
        };
        let fields = [
            ("guardian-name", "Alex Brook"),
            ("guardian-email", "Kit@Example.org"),
            ("guardian-phone", "07700 900111"),
        ];
        let form = send(Question::Guardian, &child, &fields).unwrap_err();
        assert_eq!(form.errors().len(), 2);
        let fields = [
            ("guardian-name", "Alex Brook"),
            ("guardian-email", "alex@example.org"),
            ("guardian-phone", "07700 900112"),
        ];
        assert!(
            send(Question::Guardian, &child, &fields)
                .unwrap()
                .guardian
                .is_some()
        );
    }

    #[test]
    fn a_postcode_or_no_fixed_address() {
        let none = Answers::default();
        assert!(send(Question::Postcode, &none, &[]).is_err());
        assert!(
            send(
                Question::Postcode,
                &none,
                &[("postcode", "BA1 5AL"), ("no-fixed-address", "yes")]
            )
            .is_err()
        );
        let out = send(Question::Postcode, &none, &[("postcode", "sw1a1aa")]).unwrap();
        assert_eq!(
            (out.postcode.as_deref(), out.out_of_area),
            (Some("SW1A 1AA"), true)
        );
        let no = send(Question::Postcode, &out, &[("no-fixed-address", "yes")]).unwrap();
        assert!(no.no_fixed_address && no.postcode.is_none() && !no.out_of_area);
        assert_eq!(
            send(Question::Postcode, &none, &[("postcode", "BA")])
                .unwrap_err()
                .errors()
                .len(),
            1
        );
    }

    #[test]
    fn an_answer_given_before_fills_its_form() {
        let answers = send(
            Question::Reach,
            &Answers::default(),
            &[
                ("reach", "text"),
                ("reach", "email"),
                ("safe-message", "no"),
                ("format", "large-print"),
            ],
        )
        .unwrap();
        let form = Question::Reach.filled(&answers);
        assert!(
            form.has("reach", "email") && form.has("reach", "text") && !form.has("reach", "call")
        );
        assert!(form.has("safe-message", "no") && form.has("format", "large-print"));
        assert!(
            !Question::Newsletter
                .filled(&Answers::default())
                .has("newsletter", "yes")
        );
    }
}
