//! The letters on a certificate: Atkinson Hyperlegible Next, as on every page. It has the letters of the languages that are
//! written in Latin script, and of no other.

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::server::{Error, Result};

// The whole font, unlike the part that the pages load: PDFs want TrueType, and names have letters that few pages need.
const REGULAR: &[u8] = include_bytes!("../../content/fonts/atkinson-400.ttf");
const BOLD: &[u8] = include_bytes!("../../content/fonts/atkinson-700.ttf");

/// One weight of the font.
#[derive(Clone)]
pub struct Face {
    /// As the PDF takes it.
    pub font: Font,
    letters: FontRef<'static>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Result<Self> {
        let unreadable = || Error::Other("a font of the certificates cannot be read".to_owned());
        Ok(Self {
            font: Font::new(bytes.into(), 0).ok_or_else(unreadable)?,
            letters: FontRef::new(bytes).map_err(|_| unreadable())?,
        })
    }

    /// For most words.
    pub fn regular() -> Result<Self> {
        Self::read(REGULAR)
    }

    /// For what stands out.
    pub fn bold() -> Result<Self> {
        Self::read(BOLD)
    }

    fn has(&self, letter: char) -> bool {
        self.letters
            .charmap()
            .map(letter)
            .is_some_and(|glyph| glyph.to_u32() != 0)
    }

    /// Whether it has every letter of these words.
    pub fn writes(&self, words: &str) -> bool {
        words.chars().all(|letter| self.has(letter))
    }

    /// These words without what it cannot write.
    pub fn readable(&self, words: &str) -> String {
        let words: String = words.chars().filter(|letter| self.has(*letter)).collect();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How wide these words are.
    pub fn width(&self, words: &str, size: f32) -> f32 {
        let map = self.letters.charmap();
        let metrics = self
            .letters
            .glyph_metrics(Size::new(size), LocationRef::default());
        words
            .chars()
            .filter_map(|letter| metrics.advance_width(map.map(letter)?))
            .sum()
    }

    /// These words in lines that are no wider than `most`. One word that is wider has a line of its own.
    pub fn lines(&self, words: &str, size: f32, most: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= most => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

/// Whether a certificate can say this name. Where it cannot, it is written by hand.
///
/// # Errors
/// When the font cannot be read.
pub fn can_write(name: &str) -> Result<bool> {
    Ok(Face::bold()?.writes(name))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Zoë Ashdown-O’Neill", true)]
    #[case("Łukasz Wójcik", true)]
    #[case("Şükrü Çağlar", true)]
    #[case("Ştefan Țurcanu", true)]
    #[case("Ólafur Þór Ægisson", true)]
    #[case("Олена Шевченко", false)]
    #[case("محمد", false)]
    #[case("李小龙", false)]
    #[case("Mary 🙂", false)]
    fn names_in_latin_letters_can_be_written(#[case] name: &str, #[case] want: bool) {
        assert_eq!(can_write(name).expect("a font"), want);
        assert_eq!(Face::regular().expect("a font").writes(name), want);
    }

    #[test]
    fn long_words_are_broken_between_words_and_none_is_lost() {
        let face = Face::bold().expect("a font");
        let words =
            "Moving more, sleeping well and living with long-term pain in the company of others";
        let lines = face.lines(words, 24.0, 300.0);
        assert!(lines.len() > 2, "{lines:?}");
        assert_eq!(lines.join(" "), words);
        assert!(lines.iter().all(|line| face.width(line, 24.0) <= 300.0));
        assert_eq!(face.readable("Sleep 🌙 well"), "Sleep well");
    }
}
