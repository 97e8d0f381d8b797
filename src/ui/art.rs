//! Our drawings: arches, hero, bench, sill, hills, logo and icons.
//!
//! They are put into the page itself, so that the dark colours repaint them. All are decoration: hidden from screen
//! readers, and never the only carrier of a meaning.

use leptos::tachys::html::InertElement;

macro_rules! drawing {
    ($file:literal) => {
        include_str!(concat!("../../public/art/", $file, ".svg")).trim_ascii_end()
    };
}

/// The big window on the home page.
pub const HERO: &str = drawing!("hero");
/// An empty bench under a tree: nothing here yet.
pub const BENCH: &str = drawing!("bench");
/// The sill with a plant and a cup, for the confirmation panel.
pub const SILL: &str = drawing!("sill");
/// The hills above the footer.
pub const HILLS: &str = drawing!("hills");
/// The arch with hills: our mark.
pub const LOGO: &str = drawing!("logo");

/// The drawing of a topic, by the topic's short name; a topic without one gets the open door.
pub fn topic(name: &str) -> &'static str {
    match name {
        "breath" => drawing!("topic-breath"),
        "food" => drawing!("topic-food"),
        "garden" => drawing!("topic-garden"),
        "giving" => drawing!("topic-giving"),
        "moving" => drawing!("topic-moving"),
        "pain" => drawing!("topic-pain"),
        "sleep" => drawing!("topic-sleep"),
        "worry" => drawing!("topic-worry"),
        _ => drawing!("topic-door"),
    }
}

/// The short names of the topic drawings, for a list to choose from.
pub const TOPICS: [&str; 9] = [
    "worry", "sleep", "moving", "pain", "garden", "food", "breath", "giving", "door",
];

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $file:literal),* $(,)?) => {
        /// A small line drawing beside words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon { $($(#[$doc])* $name),* }

        impl Icon {
            /// Every icon, for the style page.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The drawing.
            pub const fn svg(self) -> &'static str {
                match self { $(Self::$name => drawing!($file)),* }
            }
        }
    };
}

icons! {
    /// A bus.
    Bus = "icons/bus",
    /// A calendar.
    Calendar = "icons/cal",
    /// A car.
    Car = "icons/car",
    /// A chair.
    Chair = "icons/chair",
    /// A clock.
    Clock = "icons/clock",
    /// A cross.
    Cross = "icons/cross",
    /// A cup of tea.
    Cup = "icons/cup",
    /// A door.
    Door = "icons/door",
    /// An ear: hearing, listening.
    Ear = "icons/ear",
    /// An eye: who sees what.
    Eye = "icons/eye",
    /// A heart.
    Heart = "icons/heart",
    /// The letter i in a ring.
    Info = "icons/info",
    /// A padlock.
    Lock = "icons/lock",
    /// A toilet.
    Loo = "icons/loo",
    /// An envelope.
    Mail = "icons/mail",
    /// Two people.
    People = "icons/people",
    /// A telephone.
    Phone = "icons/phone",
    /// A pin on a map.
    Pin = "icons/pin",
    /// A printer.
    Print = "icons/print",
    /// Two arrows in a ring: again and again.
    Repeat = "icons/repeat",
    /// A computer screen: online.
    Screen = "icons/screen",
    /// A magnifying glass.
    Search = "icons/search",
    /// Somebody in a wheelchair: step-free.
    StepFree = "icons/step",
    /// A tick.
    Tick = "icons/tick",
    /// A triangle with an exclamation mark.
    Warning = "icons/warn",
}

/// A drawing, to be put into a view as it is.
pub fn raw(svg: &'static str) -> InertElement {
    InertElement::new(svg)
}

/// One icon, to be put into a view as it is.
pub fn icon(icon: Icon) -> InertElement {
    InertElement::new(icon.svg())
}
