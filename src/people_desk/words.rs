//! What somebody is found by, and what is made of what was typed into the search. Pure.

use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer,
};

use crate::accounts::sign_up::rules;
use crate::bookings::rules::read_reference;

/// More words of a name than this narrow nothing down.
pub const MOST_WORDS: usize = 4;
/// Fewer letters of a name would find half of everybody.
const FEWEST_LETTERS: usize = 2;
/// Fewer digits of a phone number would, too.
const FEWEST_DIGITS: usize = 3;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The beginning of each of these words, the longest first, as [`words_of`] keeps them.
    Words(Vec<String>),
    /// A booking's number.
    Reference(String),
}

/// The words of names: small, without accents; the catalogue's search folds them the same way.
pub fn name_words(name: &str) -> Vec<String> {
    // "O’Neil" is found as "oneil" however it is typed.
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ'))
        .collect();
    let mut analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(100))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build();
    let mut stream = analyzer.token_stream(&plain);
    let mut words = Vec::new();
    while stream.advance() {
        words.push(stream.token().text.clone());
    }
    words
}

/// The word of a phone number: from its end, so that its last digits are the beginning.
pub fn phone_word(phone: &str) -> String {
    let digits = phone.chars().rev().filter(char::is_ascii_digit);
    std::iter::once('#').chain(digits).collect()
}

/// The word of an email address.
pub fn email_word(email: &str) -> String {
    format!("@{}", email.to_lowercase())
}

/// Everything that somebody is found by.
pub fn words_of(names: &[&str], phone: Option<&str>, email: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> = names.iter().flat_map(|name| name_words(name)).collect();
    words.extend(phone.map(phone_word));
    words.extend(email.map(email_word));
    words.sort();
    words.dedup();
    words
}

/// Reads what was typed into the search.
///
/// # Errors
/// The sentence to show.
pub fn asked(typed: &str) -> Result<Asked, String> {
    let letters = typed.chars().any(char::is_alphabetic);
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if typed.contains('@') {
        let word = email_word(typed);
        return if word.chars().count() > 254 {
            Err("Use a shorter email address".into())
        } else {
            Ok(Asked::Words(vec![word]))
        };
    }
    // Some numbers have no digit in them; then they are known by how they begin.
    let begins = typed
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("wb"));
    if letters
        && (digits > 0 || begins)
        && let Some(reference) = read_reference(typed)
    {
        return Ok(Asked::Reference(reference));
    }
    if digits > 0 && !letters {
        return match digits {
            0..FEWEST_DIGITS => Err("Enter at least 3 digits of the phone number".into()),
            FEWEST_DIGITS..=16 => Ok(Asked::Words(vec![typed_phone(typed)])),
            _ => Err("Enter a phone number with 16 digits or fewer".into()),
        };
    }
    let mut words = name_words(typed);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(MOST_WORDS);
    if words.iter().map(|word| word.chars().count()).sum::<usize>() < FEWEST_LETTERS {
        return Err("Enter at least 2 letters of their name".into());
    }
    Ok(Asked::Words(words))
}

/// A whole number in any form, or else the last digits of one.
fn typed_phone(typed: &str) -> String {
    if let Ok(e164) = rules::phone(typed) {
        return phone_word(&e164);
    }
    let plain = typed.replace("(0)", " ");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    // The 0 for dialling at home is not kept.
    let without = digits.trim_start_matches('0');
    phone_word(if without.len() < FEWEST_DIGITS {
        &digits
    } else {
        without
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(all: &[&str]) -> Asked {
        Asked::Words(all.iter().map(|word| (*word).to_owned()).collect())
    }

    #[rstest]
    #[case("Seán Ó Briain", &["briain", "sean", "o"])]
    #[case("O’NEIL", &["oneil"])]
    #[case("o'neil", &["oneil"])]
    #[case("Mary-Ann", &["mary", "ann"])]
    #[case("07700 900214", &["#412009007744"])]
    #[case("+44 (0)7700 900214", &["#412009007744"])]
    #[case("0044 7700 900214", &["#412009007744"])]
    #[case("900 214", &["#412009"])]
    #[case("0214", &["#412"])]
    #[case("001", &["#100"])]
    #[case("000", &["#000"])]
    #[case("Mary@Example.org", &["@mary@example.org"])]
    fn what_was_typed_is_read(#[case] typed: &str, #[case] as_words: &[&str]) {
        assert_eq!(asked(typed), Ok(words(as_words)));
    }

    #[rstest]
    #[case("WB-7K4-2MQ")]
    #[case("wb 7k4 2mq")]
    #[case("7k42mq")]
    fn a_booking_number_is_known(#[case] typed: &str) {
        assert_eq!(asked(typed), Ok(Asked::Reference("WB-7K4-2MQ".into())));
    }

    #[test]
    fn a_booking_number_without_a_digit_is_known_too() {
        assert_eq!(
            asked("wb-cdf-hjk"),
            Ok(Asked::Reference("WB-CDF-HJK".into()))
        );
    }

    #[rstest]
    #[case("m", "2 letters")]
    #[case("!", "2 letters")]
    #[case("12", "3 digits")]
    #[case("12345678901234567", "16 digits")]
    fn what_would_find_half_of_everybody_is_sent_back(#[case] typed: &str, #[case] part: &str) {
        assert!(asked(typed).is_err_and(|sentence| sentence.contains(part)));
    }

    #[test]
    fn last_digits_are_the_beginning_of_the_kept_word() {
        let kept = words_of(&["Jo Bell"], Some("+447700900214"), Some("Jo@Example.org"));
        assert_eq!(kept, ["#412009007744", "@jo@example.org", "bell", "jo"]);
        assert!(kept[0].starts_with(&phone_word("900 214")));
    }
}
