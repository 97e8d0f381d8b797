//! Codes: how they look, and how they are read. Pure.

/// Letters and figures that cannot be taken for one another, on paper or read aloud.
const ALPHABET: &[u8; 20] = b"2346789CDFHJKMQRTWXY";
/// Twelve of twenty letters: more than 51 bits.
const LETTERS: usize = 12;
/// How many stand together.
const GROUP: usize = 4;

/// The code that 32 random bytes stand for: "7K4C-2MQH-9XWD".
pub fn code(random: &[u8; 32]) -> String {
    let mut number = u128::from_be_bytes(std::array::from_fn(|at| random[at]));
    let mut letters = String::new();
    for place in 0..LETTERS {
        if place > 0 && place % GROUP == 0 {
            letters.push('-');
        }
        let letter = usize::try_from(number % 20).unwrap_or_default();
        letters.push(char::from(ALPHABET[letter]));
        number /= 20;
    }
    letters
}

/// A code as somebody typed it, without what stands between: small letters, spaces and missing dashes are forgiven.
pub fn plain(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let known = plain.bytes().all(|letter| ALPHABET.contains(&letter));
    (plain.len() == LETTERS && known).then_some(plain)
}

/// "7 K 4 C, 2 M Q H, 9 X W D": as one reads it out.
pub fn spelled(code: &str) -> String {
    let parts = code.split('-').map(|part| {
        let letters: Vec<String> = part.chars().map(String::from).collect();
        letters.join(" ")
    });
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_read_back_however_it_is_typed(random in prop::array::uniform32(any::<u8>())) {
            let code = code(&random);
            let kept = plain(&code);
            prop_assert_eq!(kept.as_ref().map(String::len), Some(LETTERS));
            let typed = code.to_lowercase().replace('-', " ");
            prop_assert_eq!(plain(&typed), kept.clone());
            prop_assert_eq!(plain(&spelled(&code)), kept);
        }

        #[test]
        fn nothing_else_is_one(typed in "[a-zA-Z0-9 -]{0,11}|[AEIOU015]{12}") {
            prop_assert_eq!(plain(&typed), None);
        }
    }
}
