//! How many parts a text message is sent in: each costs as much as a text. As GOV.UK Notify counts them.

/// Letters of the GSM alphabet (3GPP TS 23.038), and those of its extension, which take the room of two.
const PLAIN: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§\
                     ¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE: &str = "^{}\\[~]|€";

/// How many parts these words take: 160 letters, or 153 of several; with any other letter 70, or 67.
pub fn count(words: &str) -> usize {
    let plain = words
        .chars()
        .all(|letter| PLAIN.contains(letter) || DOUBLE.contains(letter));
    let (length, one, more) = if plain {
        let length = words
            .chars()
            .map(|letter| 1 + usize::from(DOUBLE.contains(letter)))
            .sum::<usize>();
        (length, 160, 153)
    } else {
        (words.encode_utf16().count(), 70, 67)
    };
    if length <= one {
        1
    } else {
        length.div_ceil(more)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::count;

    #[rstest]
    #[case("a", 160, 1)]
    #[case("a", 161, 2)]
    #[case("a", 306, 2)]
    #[case("a", 307, 3)]
    #[case("€", 80, 1)]
    #[case("€", 81, 2)]
    #[case("é", 160, 1)]
    #[case("ŵ", 70, 1)]
    #[case("ŵ", 71, 2)]
    #[case("🙂", 35, 1)]
    #[case("🙂", 36, 2)]
    fn a_text_has_as_many_parts_as_its_letters_need(
        #[case] letter: &str,
        #[case] times: usize,
        #[case] parts: usize,
    ) {
        assert_eq!(count(&letter.repeat(times)), parts);
    }
}
