//! What is made of a form about somebody else, without I/O.

use chrono::NaiveDate;

use super::model::{Details, Holder, Home, Newcomer, Relation, Represented};
use crate::accounts::rules::email;
use crate::accounts::sign_up::rules::{self, phone_words};
use crate::ui::form::{Check, DateWords, FormState, Submitted};

/// Somebody younger needs a parent or guardian to agree.
pub use crate::accounts::sign_up::rules::ADULT as GROWN_UP;

/// So many people one account can book for.
pub const MOST: usize = 10;

/// The field about where they live: `mine`, `none`, or neither with a postcode.
pub const WHERE: &str = "where";
const WHERES: [&str; 2] = ["mine", "none"];

/// What the rules need to know besides what was typed.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Today in Bath.
    pub today: NaiveDate,
    /// The postcodes served.
    pub areas: &'a str,
    /// Whose account it is.
    pub holder: &'a Holder,
}

/// Somebody new.
///
/// # Errors
/// The form with what is wrong, to be shown again.
pub fn newcomer(sent: &Submitted, facts: Facts<'_>) -> Result<Newcomer, FormState> {
    let mut check = Check::new(sent);
    let (full_name, preferred_name) = names(&mut check);
    let words = DateWords {
        missing: "Enter their date of birth",
        subject: "Their date of birth",
    };
    let born = match check.date("date-of-birth", words) {
        None => None,
        Some(date) => rules::born_of(words.subject, date, facts.today)
            .map_err(|sentence| check.error("date-of-birth", sentence))
            .ok(),
    };
    let relation = check.choice("relation", "Choose who you are to them", &Relation::ALL);
    let (phone, email) = contact(&mut check);
    let home = home(&mut check, facts);
    match (full_name, born, relation, check.failed()) {
        (Some(full_name), Some(born), Some(relation), false) => Ok(Newcomer {
            details: Details {
                full_name,
                preferred_name,
                email,
                phone,
                home,
            },
            born,
            relation: Relation::named(relation),
        }),
        _ => Err(check.finish()),
    }
}

/// Corrected details. A date of birth is corrected by the course team, since it decides who has to agree.
///
/// # Errors
/// The form with what is wrong, to be shown again.
pub fn details(sent: &Submitted, facts: Facts<'_>) -> Result<Details, FormState> {
    let mut check = Check::new(sent);
    let (full_name, preferred_name) = names(&mut check);
    let (phone, email) = contact(&mut check);
    let home = home(&mut check, facts);
    match (full_name, check.failed()) {
        (Some(full_name), false) => Ok(Details {
            full_name,
            preferred_name,
            email,
            phone,
            home,
        }),
        _ => Err(check.finish()),
    }
}

fn names(check: &mut Check<'_>) -> (Option<String>, Option<String>) {
    let full = check.text("full-name", "Enter their name", |t| {
        rules::name(t, 200, "their name")
    });
    let preferred = check.optional("preferred-name", |t| {
        rules::name(t, 100, "what we should call them")
    });
    (full, preferred)
}

fn contact(check: &mut Check<'_>) -> (Option<String>, Option<String>) {
    (
        check.optional("phone", rules::phone),
        check.optional("email", email),
    )
}

fn home(check: &mut Check<'_>, facts: Facts<'_>) -> Home {
    let before = check.failed();
    let typed = check.optional("postcode", rules::postcode);
    let wrong = check.failed() && !before;
    let chosen = check.choices(WHERE, &WHERES);
    match (typed, chosen.as_slice()) {
        (Some(postcode), []) => Home {
            out_of_area: !rules::in_area(&postcode, facts.areas),
            postcode: Some(postcode),
            no_fixed_address: false,
        },
        (None, ["mine"]) if !wrong => facts.holder.home.clone(),
        (None, ["none"]) if !wrong => Home {
            no_fixed_address: true,
            ..Home::default()
        },
        (None, []) if wrong => Home::default(),
        (None, []) => {
            check.error("postcode", "Enter their postcode, or tick a box");
            Home::default()
        }
        _ => {
            check.error("postcode", "Enter a postcode or tick one box. Choose one");
            Home::default()
        }
    }
}

/// The form as we know them.
pub fn filled(person: &Represented) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let phone = person.phone.as_deref().map(phone_words).unwrap_or_default();
    let form = FormState::filled([
        ("full-name", person.full_name.clone()),
        ("preferred-name", text(&person.preferred_name)),
        ("phone", phone),
        ("email", text(&person.email)),
        ("postcode", text(&person.postcode)),
    ]);
    if person.no_fixed_address {
        form.with(WHERE, "none")
    } else {
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn holder() -> Holder {
        Holder {
            full_name: "Mary Ashdown".into(),
            date_of_birth: Some("1954-06-02".into()),
            phone: Some("+447700900100".into()),
            email: Some("mary@example.org".into()),
            home: Home {
                postcode: Some("BA1 5AL".into()),
                ..Home::default()
            },
        }
    }

    fn sent(more: &[(&'static str, &'static str)]) -> Submitted {
        let usual = [
            ("full-name", "Tom Ashdown"),
            ("date-of-birth-day", "2"),
            ("date-of-birth-month", "1"),
            ("date-of-birth-year", "1950"),
            ("relation", "carer"),
            ("where", "mine"),
        ];
        let rest = usual
            .into_iter()
            .filter(|(name, _)| more.iter().all(|(own, _)| own != name));
        rest.chain(more.iter().copied().filter(|(_, value)| !value.is_empty()))
            .collect()
    }

    fn wrong(more: &[(&'static str, &'static str)]) -> Vec<(String, String)> {
        let holder = holder();
        let facts = Facts {
            today: "2027-01-04".parse().unwrap(),
            areas: "BA1,BA2",
            holder: &holder,
        };
        let form = newcomer(&sent(more), facts).map(drop);
        let errors = form.err().unwrap_or_default();
        let errors = errors.errors().iter();
        errors
            .map(|e| (e.field.clone(), e.sentence.clone()))
            .collect()
    }

    #[rstest]
    #[case(&[], "")]
    #[case(&[("full-name", "")], "Enter their name")]
    #[case(&[("full-name", "<b>Tom</b>")], "Use letters, spaces, hyphens and apostrophes for their name")]
    #[case(&[("date-of-birth-year", "")], "Their date of birth must include a year")]
    #[case(&[("date-of-birth-year", "2027"), ("date-of-birth-day", "4")], "Their date of birth must be in the past")]
    #[case(&[("relation", "")], "Choose who you are to them")]
    #[case(&[("relation", "self")], "Choose who you are to them")]
    #[case(&[("relation", "attorney")], "Choose who you are to them")]
    #[case(&[("where", "")], "Enter their postcode, or tick a box")]
    #[case(&[("postcode", "BA1 5AL")], "Enter a postcode or tick one box. Choose one")]
    #[case(&[("where", ""), ("postcode", "BA")], "Enter a full postcode, like BA1 5AL")]
    #[case(&[("email", "tom at home")], "Take out the spaces in the email address")]
    #[case(&[("phone", "900")], "Enter a full phone number with its area code, like 01632 960 001 or 07700 900 982")]
    fn each_answer_that_is_not_right_has_its_own_words(
        #[case] more: &[(&'static str, &'static str)],
        #[case] sentence: &str,
    ) {
        let found: Vec<String> = wrong(more).into_iter().map(|(_, words)| words).collect();
        let expected: Vec<String> = Some(sentence.to_owned())
            .filter(|words| !words.is_empty())
            .into_iter()
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn same_as_mine_takes_over_where_the_account_holder_lives() {
        let holder = holder();
        let facts = Facts {
            today: "2027-01-04".parse().unwrap(),
            areas: "BA1,BA2",
            holder: &holder,
        };
        let tom = newcomer(&sent(&[]), facts).unwrap();
        assert_eq!(tom.details.home, holder.home);
        let none = newcomer(&sent(&[("where", "none")]), facts).unwrap();
        assert!(none.details.home.no_fixed_address && none.details.home.postcode.is_none());
        let own = newcomer(&sent(&[("where", ""), ("postcode", "sw1a1aa")]), facts).unwrap();
        assert!(own.details.home.out_of_area);
        let both = sent(&[("where", "")])
            .pairs()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .chain([
                ("where".to_owned(), "mine".to_owned()),
                ("where".to_owned(), "none".to_owned()),
            ])
            .collect();
        assert!(newcomer(&both, facts).is_err(), "not both boxes");
    }

    #[rstest]
    #[case("parent", true)]
    #[case("guardian", true)]
    #[case("carer", false)]
    #[case("companion", false)]
    #[case("attorney", false)]
    fn who_may_agree_for_a_child(#[case] relation: &str, #[case] may: bool) {
        assert_eq!(Relation::named(relation).may_agree(), may);
    }
}
