//! Which passwords we take: long ones, of any kind, that nobody would guess.

use crate::server::{Result, random};

/// The fewest characters.
pub const SHORTEST: usize = 10;
/// The most characters; more would only cost us time.
pub const LONGEST: usize = 200;

/// What anybody would try on this site.
const SITE: [&str; 2] = ["wellbeing", "courses"];
/// How much of a password must be neither of these nor the person's own details.
const OTHER: usize = 6;

/// A few hundred plain words to put three of together.
const WORDS: &str = include_str!("words.txt");

/// Why a password is not taken, in words that say what to do.
///
/// `about` is what we know of the person (name, address, birthday, this site): it does not make a password.
///
/// # Errors
/// The sentence to show.
pub fn check(password: &str, about: &[&str]) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err("Use at least 10 letters or numbers. 3 words is a good way".into());
    }
    if length > LONGEST {
        return Err("Use 200 letters or fewer".into());
    }
    // The cost of scoring grows fast with the length; a hundred characters say enough.
    let start: String = password.chars().take(100).collect();
    let score = zxcvbn::zxcvbn(&start, &[SITE[0], SITE[1]]);
    if score.guesses() < 20_000 {
        return Err("Lots of people use this one. Choose 3 words of your own".into());
    }
    if left_without(&start, about) < OTHER {
        return Err("Leave your name, email and birthday out of your password".into());
    }
    if score.score() < zxcvbn::Score::Three || left_without(&start, &SITE) < OTHER {
        return Err("Someone could guess this one. Add another word".into());
    }
    Ok(())
}

/// How many letters and numbers are left when these words are taken out.
fn left_without(password: &str, words: &[&str]) -> usize {
    let mut left = password.to_lowercase();
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        left = left.replace(&word.to_lowercase(), " ");
    }
    left.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Three words that do not go together, as an example to use or not.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn suggestion() -> Result<String> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    for _ in 0..10 {
        let three = [pick(&words)?, pick(&words)?, pick(&words)?].join(" ");
        if check(&three, &[]).is_ok() {
            return Ok(three);
        }
    }
    Ok("teapot ladder moss".to_owned())
}

fn pick<'a>(words: &[&'a str]) -> Result<&'a str> {
    let mut bytes = [0; 4];
    random::fill(&mut bytes)?;
    let at = u32::from_be_bytes(bytes) as usize % words.len().max(1);
    Ok(words.get(at).copied().unwrap_or("teapot"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("short one", "Use at least 10")]
    #[case("password123", "Lots of people")]
    #[case("1234567890", "Lots of people")]
    #[case("qwertyuiop", "Lots of people")]
    #[case("margaret1952", "")]
    #[case("wellbeing courses", "")]
    fn refused(#[case] password: &str, #[case] words: &str) {
        let said = check(password, &["Margaret", "Ashdown", "1952"]).unwrap_err();
        assert!(said.starts_with(words), "{password}: {said}");
    }

    #[rstest]
    #[case("teapot ladder moss")]
    #[case("Xq7!pLw09zR")]
    #[case("Смородина и три чайки")]
    #[case("correct horse battery staple")]
    fn taken(#[case] password: &str) {
        assert_eq!(check(password, &["Margaret Ashdown"]), Ok(()));
    }

    #[test]
    fn a_long_one_is_taken_and_a_longer_one_is_not() {
        let long: String = ('a'..='z').cycle().step_by(7).take(200).collect();
        assert_eq!(check(&long, &[]), Ok(()));
        assert!(check(&format!("{long}a"), &[]).is_err());
    }

    #[test]
    fn own_details_are_refused() {
        let said = check("ashdown margaret", &["Margaret", "Ashdown"]).unwrap_err();
        assert!(
            said.starts_with("Leave your name") || said.starts_with("Someone"),
            "{said}"
        );
    }

    #[test]
    fn every_suggestion_is_taken() {
        assert!(WORDS.split_whitespace().count() >= 300);
        for _ in 0..20 {
            let three = suggestion().unwrap();
            assert_eq!(three.split(' ').count(), 3);
            assert_eq!(check(&three, &[]), Ok(()));
        }
    }
}
