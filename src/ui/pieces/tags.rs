//! The small word with a shape that says how a course stands.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

use crate::ui::Words;

/// As many places or fewer are called few.
const FEW: u32 = 3;

/// How a run or a booking stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagState {
    /// This many places are left.
    Places(u32),
    /// Only this many are left.
    Few(u32),
    /// No place is left.
    Full,
    /// No place is left, and one can wait for one.
    FullWaiting,
    /// Somebody waits, in this place of the line.
    InLine(u32),
    /// For our own volunteers.
    Volunteers,
    /// It will not take place.
    Cancelled,
    /// Booking has ended.
    Closed,
    /// It has begun.
    Started,
    /// Its last session is over.
    Ended,
    /// Only the course team sees it yet.
    Draft,
    /// Everybody can find it.
    Published,
    /// It can be booked by phone only.
    PhoneOnly,
    /// It is booked.
    Booked,
}

impl TagState {
    /// The state for a number of places left.
    pub const fn places(left: u32) -> Self {
        match left {
            0 => Self::Full,
            1..=FEW => Self::Few(left),
            _ => Self::Places(left),
        }
    }

    /// What it says.
    pub fn words(&self) -> Words {
        match self {
            Self::Places(1) | Self::Few(1) => "1 place left".into(),
            Self::Places(n) | Self::Few(n) => format!("{n} places left").into(),
            Self::Full => "Full".into(),
            Self::FullWaiting => "Full: join the waiting list".into(),
            Self::InLine(n) => format!("You are {} in line", ordinal(*n)).into(),
            Self::Volunteers => "For our volunteers".into(),
            Self::Cancelled => "Cancelled".into(),
            Self::Closed => "Booking has closed".into(),
            Self::Started => "Already started".into(),
            Self::Ended => "Over".into(),
            Self::Draft => "Draft".into(),
            Self::Published => "On the website".into(),
            Self::PhoneOnly => "Book by phone".into(),
            Self::Booked => "You have a place".into(),
        }
    }

    /// The class and the glyph: the shape says it too, not only the colour.
    const fn look(&self) -> (&'static str, &'static str) {
        macro_rules! glyph {
            ($name:literal) => {
                include_str!(concat!("../../../public/art/tags/", $name, ".svg")).trim_ascii_end()
            };
        }
        match self {
            Self::Places(_) | Self::Booked | Self::Published => {
                ("wb-tag wb-tag--places", glyph!("places"))
            }
            Self::Few(_) => ("wb-tag wb-tag--few", glyph!("few")),
            Self::Full
            | Self::FullWaiting
            | Self::InLine(_)
            | Self::Closed
            | Self::Started
            | Self::Ended
            | Self::PhoneOnly => ("wb-tag wb-tag--full", glyph!("full")),
            Self::Volunteers => ("wb-tag wb-tag--kind", glyph!("volunteers")),
            Self::Cancelled => ("wb-tag wb-tag--stopped", glyph!("stopped")),
            Self::Draft => ("wb-tag wb-tag--draft", glyph!("draft")),
        }
    }
}

/// "1st", "2nd", "3rd", "11th".
fn ordinal(n: u32) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// A tag: shape, colour and words.
#[component]
pub fn Tag(
    /// What it says.
    state: TagState,
) -> impl IntoView {
    let (class, glyph) = state.look();
    let words = state.words();
    // Our own words and a number: nothing in it needs escaping.
    InertElement::new(format!("<strong class=\"{class}\">{glyph}{words}</strong>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_words() {
        let words = |left| TagState::places(left).words();
        assert_eq!(words(0), "Full");
        assert_eq!(words(1), "1 place left");
        assert_eq!(words(3), "3 places left");
        assert_eq!(TagState::places(3), TagState::Few(3));
        assert_eq!(TagState::places(4), TagState::Places(4));
        let line = |n| TagState::InLine(n).words().into_owned();
        assert_eq!(
            [line(1), line(2), line(3), line(11), line(22)].join(", "),
            "You are 1st in line, You are 2nd in line, You are 3rd in line, You are 11th in line, You are 22nd in line"
        );
    }
}
