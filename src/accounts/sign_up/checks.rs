//! What is made of each answer: put among the others, or sent back with what to do.

use super::questions::{Answers, FORMATS, Facts, Guardian, Question, REACH};
use super::rules;
use crate::accounts::rules::email;
use crate::ui::form::{Check, DateWords, FormState, Submitted};

impl Question {
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
            Self::Guardian => {
                next.guardian = guardian(&mut check, &[&answers.email], &[&answers.phone]);
            }
            Self::Email => {
                let theirs = answers.guardian.as_ref().map_or("", |g| g.email.as_str());
                next.email = check
                    .text("email", "Enter your email address", |typed| {
                        own(
                            email(typed)?,
                            &[theirs],
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
                            &[theirs],
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
fn own(given: String, others: &[&str], sentence: &str) -> Result<String, String> {
    if others.iter().any(|other| given.eq_ignore_ascii_case(other)) {
        Err(sentence.to_owned())
    } else {
        Ok(given)
    }
}

/// A parent or guardian, with a contact that is none of these: they must be reached apart from who asks.
pub(in crate::accounts) fn guardian(
    check: &mut Check<'_>,
    emails: &[&str],
    phones: &[&str],
) -> Option<Guardian> {
    let full_name = check.text(
        "guardian-name",
        "Enter your parent’s or guardian’s name",
        |t| rules::name(t, 200, "their name"),
    );
    let address = check.text("guardian-email", "Enter their email address", |typed| {
        own(
            email(typed)?,
            emails,
            "Enter an email address that is theirs, not yours",
        )
    });
    let phone = check.text("guardian-phone", "Enter their phone number", |typed| {
        own(
            rules::phone(typed)?,
            phones,
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
    check
        .choice("format", "Choose how you need things", &FORMATS)
        .unwrap_or("standard")
        .clone_into(&mut next.format);
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
