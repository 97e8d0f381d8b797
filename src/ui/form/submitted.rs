//! What a browser sent, before anybody believes it.

use std::fmt;

/// More fields than any of our forms has.
const MOST_FIELDS: usize = 400;

/// The fields of a posted form, in their order; a name may come more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submitted {
    pairs: Vec<(String, String)>,
}

/// Why a posted form is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It holds the character NUL, which no keyboard types.
    Nul,
    /// It has more fields than any form of ours.
    TooMany,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nul => "the form holds a NUL character",
            Self::TooMany => "the form has too many fields",
        })
    }
}

impl std::error::Error for Refused {}

impl Submitted {
    /// Reads a body of the type `application/x-www-form-urlencoded` (or a query string).
    pub fn parse(body: &[u8]) -> Result<Self, Refused> {
        let mut pairs = Vec::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if name.contains('\0') || value.contains('\0') {
                return Err(Refused::Nul);
            }
            if pairs.len() == MOST_FIELDS {
                return Err(Refused::TooMany);
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self { pairs })
    }

    /// One field as it was typed, for passwords and keys.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// One line: no control characters, single spaces, none at either end. Empty when the field is missing.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        self.raw(name).map(one_line).unwrap_or_default()
    }

    /// Several lines: line ends as `\n`, no other control characters, none of them empty at either end.
    #[must_use]
    pub fn lines(&self, name: &str) -> String {
        self.raw(name).map(many_lines).unwrap_or_default()
    }

    /// Every value that came under this name, as single lines.
    pub fn all(&self, name: &str) -> impl Iterator<Item = String> {
        self.pairs
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, value)| one_line(value))
    }

    /// Whether the field came at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Every field as it came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Submitted {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self {
            pairs: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

/// Characters that turn the direction of writing round, or stand for nothing at all: they make one name look like
/// another. (Joiners stay: emoji and some languages need them.)
const fn is_trick(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

fn one_line(typed: &str) -> String {
    let mut line = String::with_capacity(typed.len());
    let mut gap = false;
    for c in typed.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !c.is_control() && !is_trick(c) {
            if gap && !line.is_empty() {
                line.push(' ');
            }
            gap = false;
            line.push(c);
        }
    }
    line
}

fn many_lines(typed: &str) -> String {
    let unix = typed
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let clean: String = unix
        .chars()
        .filter(|&c| c == '\n' || c == '\t' || !(c.is_control() || is_trick(c)))
        .collect();
    let mut lines: Vec<&str> = clean.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let first = lines
        .iter()
        .position(|line| !line.trim().is_empty())
        .unwrap_or(lines.len());
    lines[first..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_repeated_names_and_refuses_nul() {
        let form = Submitted::parse(b"a=1&a=2&b=x+y%20z").unwrap_or_default();
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.line("b"), "x y z");
        assert_eq!(Submitted::parse(b"a=%00"), Err(Refused::Nul));
        assert_eq!(
            Submitted::parse("a=1&".repeat(401).as_bytes()),
            Err(Refused::TooMany)
        );
    }

    #[test]
    fn lines_keep_their_breaks_and_lose_tricks() {
        let form: Submitted = [
            ("t", "\r\n  one\r\ntwo  \u{202e}\u{7}\r\n\r\nthree\r\n\r\n"),
            ("l", " a\u{200f}\r\n b\u{0} "),
        ]
        .into_iter()
        .collect();
        assert_eq!(form.lines("t"), "  one\ntwo\n\nthree");
        assert_eq!(form.line("l"), "a b");
    }
}
