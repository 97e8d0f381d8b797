//! What people type about themselves, tidied or sent back with a sentence that says what to do.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};
use phonenumber::{Mode, country};

use crate::ui::dates;

/// Under this age a parent or guardian has to agree.
pub const ADULT: i32 = 16;

/// The age band that courses ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeBand {
    /// 16 or over.
    Adult,
    /// Under 16.
    Under16,
}

impl AgeBand {
    /// The band of somebody born on `born`, on `day`. Who was born on 29 February is a year older on 1 March.
    pub fn on(born: NaiveDate, day: NaiveDate) -> Self {
        if dates::age_on(born, day) < ADULT {
            Self::Under16
        } else {
            Self::Adult
        }
    }

    /// How it is said.
    pub fn words(self) -> &'static str {
        match self {
            Self::Adult => "16 or over",
            Self::Under16 => "Under 16",
        }
    }
}

/// A name in any script, of one word or many.
///
/// # Errors
/// The sentence to show; `whose` ends it ("your name").
pub fn name(typed: &str, longest: usize, whose: &str) -> Result<String, String> {
    if typed.chars().count() > longest {
        return Err(format!("Use {longest} letters or fewer for {whose}"));
    }
    if typed.chars().all(belongs_in_a_name)
        && typed.chars().any(char::is_alphabetic)
        && !has_an_address(typed)
    {
        Ok(typed.to_owned())
    } else {
        Err(format!(
            "Use letters, spaces, hyphens and apostrophes for {whose}"
        ))
    }
}

/// A dot with a letter right behind it is no "St. John" but "evil.example": names stand in letters to others.
fn has_an_address(typed: &str) -> bool {
    let behind = typed.split('.').skip(1);
    behind.into_iter().any(|rest| {
        let mut letters = rest.chars().take_while(|c| c.is_alphanumeric());
        // "J.R.R. Tolkien" has one letter between its dots.
        letters.nth(1).is_some()
    })
}

fn belongs_in_a_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.' | ',' | '(' | ')');
    }
    c.is_alphabetic()
        || matches!(c,
            '’' | '‘' | 'ʼ' | '‐' | '‑' | '–' | '·' | '・' | '\u{200c}' | '\u{200d}'
            // Marks that stand on or beside a letter.
            | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{65f}'
            | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// A birthday that somebody alive can have.
///
/// # Errors
/// The sentence to show.
pub fn born(date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    born_of("Your date of birth", date, today)
}

/// The same of somebody else; `subject` begins the sentence ("Their date of birth").
///
/// # Errors
/// The sentence to show.
pub fn born_of(subject: &str, date: NaiveDate, today: NaiveDate) -> Result<NaiveDate, String> {
    if date >= today {
        Err(format!("{subject} must be in the past"))
    } else if dates::age_on(date, today) > 120 {
        Err(format!("Check the year. We read it as {}", date.year()))
    } else {
        Ok(date)
    }
}

/// A phone number in any form people use here, as E.164 (`+447700900982`).
///
/// # Errors
/// The sentence to show.
pub fn phone(typed: &str) -> Result<String, String> {
    if typed.chars().any(char::is_alphabetic) {
        return Err("Use numbers for the phone number, like 07700 900 982".into());
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let abroad = typed.trim_start().starts_with('+') || typed.trim_start().starts_with("00");
    if digits > 11 && !abroad && !typed.trim_start().starts_with("44") {
        return Err("Start a number from abroad with + and the country code, like +353".into());
    }
    // "+44 (0)7700 900982": the 0 in brackets is for dialling at home.
    let plain = typed.replace("(0)", " ");
    let plain = match plain.trim_start().strip_prefix("00") {
        Some(rest) => format!("+{}", rest.trim_start()),
        None => plain,
    };
    let plain = match plain.strip_prefix("44").filter(|_| digits == 12) {
        Some(rest) => format!("+44{rest}"),
        None => plain,
    };
    phonenumber::parse(Some(country::GB), &plain)
        .ok()
        .map(|number| number.format().mode(Mode::E164).to_string())
        .filter(|e164| (8..=16).contains(&e164.len()) && is_number(e164))
        .ok_or_else(|| {
            "Enter a full phone number with its area code, like 01632 960 001 or 07700 900 982"
                .into()
        })
}

fn is_number(e164: &str) -> bool {
    // Ofcom keeps these for stories; examples and our demo use them, and no plan lists them all.
    static INVENTED: LazyLock<[&str; 5]> = LazyLock::new(|| {
        [
            "+447700900",
            "+441632960",
            "+442079460",
            "+441134960",
            "+441174960",
        ]
    });
    INVENTED
        .iter()
        .any(|start| e164.starts_with(start) && e164.len() == 13)
        || phonenumber::parse(None, e164).is_ok_and(|number| number.is_valid())
}

/// A kept number as it is said here: `+447700900982` is "07700 900982".
pub fn phone_words(e164: &str) -> String {
    match phonenumber::parse(None, e164) {
        Ok(number) if number.country().code() == 44 => {
            number.format().mode(Mode::National).to_string()
        }
        Ok(number) => number.format().mode(Mode::International).to_string(),
        Err(_) => e164.to_owned(),
    }
}

/// Whether texts reach a number as [`phone`] writes it: a mobile number of the United Kingdom (Ofcom's National Telephone
/// Numbering Plan, 07).
pub fn is_mobile(e164: &str) -> bool {
    e164.starts_with("+447")
}

/// A postcode, large and with its space: "BA1 5AL".
///
/// # Errors
/// The sentence to show.
pub fn postcode(typed: &str) -> Result<String, String> {
    let wrong = || "Enter a full postcode, like BA1 5AL".to_owned();
    let plain: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.'))
        .collect::<String>()
        .to_ascii_uppercase();
    if !plain.is_ascii() || !(5..=7).contains(&plain.len()) {
        return Err(wrong());
    }
    let (outward, inward) = plain.split_at(plain.len() - 3);
    if is_outward(outward) && is_inward(inward) {
        Ok(format!("{outward} {inward}"))
    } else {
        Err(wrong())
    }
}

fn is_outward(outward: &str) -> bool {
    let shape: String = outward
        .chars()
        .map(|c| {
            if c.is_ascii_alphabetic() {
                'A'
            } else if c.is_ascii_digit() {
                '9'
            } else {
                '?'
            }
        })
        .collect();
    matches!(
        shape.as_str(),
        "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A"
    ) || outward == "GIR"
}

fn is_inward(inward: &str) -> bool {
    let bytes = inward.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes
            .iter()
            .skip(1)
            .all(|b| b.is_ascii_uppercase() && !b"CIKMOV".contains(b))
}

/// Whether a tidy postcode lies in the area served; `areas` is the setting ("BA1,BA2,BS31").
pub fn in_area(postcode: &str, areas: &str) -> bool {
    let outward = postcode.split(' ').next().unwrap_or_default();
    let letters = outward.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    areas
        .split(',')
        .map(|area| area.trim().to_ascii_uppercase())
        .filter(|area| !area.is_empty())
        .any(|area| area == outward || area == letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("Margaret Ashdown")]
    #[case("Sukarno")]
    #[case("Seán Ó Briain")]
    #[case("O'Neil-Ashdown, Jr.")]
    #[case("Nguyễn Thị Minh Khai")]
    #[case("Ольга Ивановна")]
    #[case("王秀英")]
    #[case("محمد علي")]
    #[case("प्रिया शर्मा")]
    #[case("X Æ")]
    #[case("J.R.R. Tolkien")]
    #[case("St. John Smith, Ph.D.")]
    fn names(#[case] typed: &str) {
        assert_eq!(name(typed, 200, "your name").as_deref(), Ok(typed));
    }

    #[rstest]
    #[case("12345")]
    #[case("jo@example.org")]
    #[case("<b>Jo</b>")]
    #[case("😀")]
    #[case("-")]
    #[case("http://example.org")]
    #[case("Jo. Your account is closed, see www.evil.example today")]
    #[case("evil.example")]
    fn not_names(#[case] typed: &str) {
        assert!(name(typed, 200, "your name").is_err(), "{typed}");
    }

    #[test]
    fn a_name_may_fill_its_column_and_no_more() {
        assert!(name(&"é".repeat(200), 200, "your name").is_ok());
        assert!(
            name(&"é".repeat(201), 200, "your name")
                .unwrap_err()
                .contains("200 letters")
        );
    }

    #[rstest]
    #[case("07700 900982", "+447700900982")]
    #[case("07700900982", "+447700900982")]
    #[case("(01632) 960 001", "+441632960001")]
    #[case("01632-960-001", "+441632960001")]
    #[case("+44 7700 900982", "+447700900982")]
    #[case("+44 (0)7700 900982", "+447700900982")]
    #[case("0044 7700 900982", "+447700900982")]
    #[case("44 7700 900982", "+447700900982")]
    #[case("020 7946 0018", "+442079460018")]
    #[case("0117 496 0123", "+441174960123")]
    #[case("01225 477000", "+441225477000")]
    #[case("+353 1 679 9000", "+35316799000")]
    #[case("00353 1 679 9000", "+35316799000")]
    fn phones(#[case] typed: &str, #[case] e164: &str) {
        assert_eq!(phone(typed).as_deref(), Ok(e164));
    }

    #[rstest]
    #[case("call me", "Use numbers")]
    #[case("900982", "Enter a full")]
    #[case("077009009821", "Start a number")]
    #[case("353877123456789", "Start a number")]
    #[case("999", "Enter a full")]
    #[case("+", "Enter a full")]
    fn not_phones(#[case] typed: &str, #[case] start: &str) {
        let said = phone(typed).unwrap_err();
        assert!(said.starts_with(start), "{typed}: {said}");
    }

    #[test]
    fn a_number_is_said_as_people_here_say_it() {
        assert_eq!(phone_words("+441225477000"), "01225 477000");
        assert!(phone_words("+35316799000").starts_with("+353"));
        assert_eq!(phone_words("nothing"), "nothing");
    }

    #[rstest]
    #[case("ba15al", "BA1 5AL")]
    #[case(" BA1  5AL ", "BA1 5AL")]
    #[case("bs31 1aa", "BS31 1AA")]
    #[case("M1 1AE", "M1 1AE")]
    #[case("EC1A 1BB", "EC1A 1BB")]
    #[case("W1A0AX", "W1A 0AX")]
    #[case("gir0aa", "GIR 0AA")]
    fn postcodes(#[case] typed: &str, #[case] tidy: &str) {
        assert_eq!(postcode(typed).as_deref(), Ok(tidy));
    }

    #[rstest]
    #[case("BA1")]
    #[case("BA1 5A")]
    #[case("BA1 5CO")]
    #[case("12345")]
    #[case("1A1 1AA")]
    #[case("ÄA1 1AA")]
    #[case("")]
    fn not_postcodes(#[case] typed: &str) {
        assert!(postcode(typed).is_err());
    }

    #[rstest]
    #[case("BA1 5AL", true)]
    #[case("BA11 1AA", false)]
    #[case("BS31 1AA", true)]
    #[case("SW1A 1AA", false)]
    #[case("SN1 1AA", true)]
    fn areas(#[case] postcode: &str, #[case] inside: bool) {
        assert_eq!(in_area(postcode, "BA1, BA2,bs31,SN"), inside);
    }

    #[rstest]
    #[case("2011-01-12", "2027-01-12", AgeBand::Adult)]
    #[case("2011-01-13", "2027-01-12", AgeBand::Under16)]
    #[case("2012-02-29", "2028-02-28", AgeBand::Under16)]
    #[case("2012-02-29", "2028-02-29", AgeBand::Adult)]
    #[case("2008-02-29", "2023-03-01", AgeBand::Under16)]
    #[case("2007-03-01", "2023-03-01", AgeBand::Adult)]
    #[case("2004-02-29", "2020-02-28", AgeBand::Under16)]
    fn bands(#[case] born: NaiveDate, #[case] day: NaiveDate, #[case] band: AgeBand) {
        assert_eq!(AgeBand::on(born, day), band);
    }

    #[test]
    fn a_birthday_is_in_the_past_and_somebody_alive_has_it() {
        let today = "2027-01-04".parse().unwrap();
        assert!(born(today, today).unwrap_err().contains("in the past"));
        assert!(
            born("1900-01-01".parse().unwrap(), today)
                .unwrap_err()
                .contains("1900")
        );
        assert!(born("1907-01-05".parse().unwrap(), today).is_ok());
    }

    proptest! {
        #[test]
        fn a_tidy_postcode_stays_as_it_is(typed in "\\PC{0,12}") {
            if let Ok(tidy) = postcode(&typed) {
                prop_assert_eq!(postcode(&tidy), Ok(tidy.clone()));
                prop_assert!((5..=8).contains(&tidy.len()));
            }
        }

        #[test]
        fn a_number_that_is_taken_fits_its_column_and_stays(typed in "[+0-9() -]{0,20}") {
            if let Ok(e164) = phone(&typed) {
                prop_assert!(e164.starts_with('+') && (8..=16).contains(&e164.len()));
                prop_assert_eq!(phone(&e164), Ok(e164.clone()));
            }
        }

        #[test]
        fn nobody_grows_younger(born in 0i64..20000, day in 20000i64..40000) {
            let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
            let at = |n: i64| epoch + chrono::TimeDelta::days(n);
            if AgeBand::on(at(born), at(day)) == AgeBand::Adult {
                prop_assert_eq!(AgeBand::on(at(born), at(day + 1)), AgeBand::Adult);
            }
        }
    }
}
