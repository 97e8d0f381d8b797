//! Why two people, or somebody one books for, cannot have places: said with their names, and what to do instead.

use uuid::Uuid;

use super::Refusal;
use crate::accounts::people::{ADD, Represented, guardian_path, with_next};
use crate::bookings::BookOutcome;
use crate::bookings::coming::Coming;
use crate::bookings::pages::together;
use crate::bookings::rules;
use crate::bookings::store::{Clash, Offer, Person};
use crate::ui::{Words, dates};

/// Who would come.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// Whose account it is, somebody they book for, or both.
    pub coming: &'a Coming,
    /// The same people, the account's own first.
    pub people: &'a [Person],
    /// Everybody the account books for.
    pub known: &'a [Represented],
    /// How many places they can have now.
    pub room: i64,
    /// The places they have on this run already.
    pub placed: &'a [&'a Clash],
    /// The account that asks.
    pub account_id: Uuid,
}

impl Party<'_> {
    /// Whether the account's own person comes alone.
    pub fn is_own_alone(&self) -> bool {
        self.coming.other.is_none()
    }

    /// Where a place is booked for somebody else, by those the account books for already; `fits` says who may.
    pub(super) fn instead(
        &self,
        offer: &Offer,
        fits: impl Fn(&Represented) -> bool,
    ) -> Vec<(String, Words)> {
        let others = self.known.iter().filter(|person| fits(person));
        others
            .map(|person| {
                let coming = Coming {
                    own: false,
                    other: Some(person.clone()),
                };
                let words = format!("Book a place for {}", person.full_name);
                (coming.book_path(offer), words.into())
            })
            .collect()
    }

    /// Where a place is booked for a child: one the account books for already, or another.
    pub(super) fn child(&self, offer: &Offer) -> Vec<(String, Words)> {
        let first_day = dates::day_of(offer.run.starts_at);
        let mut all = self.instead(offer, |person| person.is_under_16(first_day));
        let another = if all.is_empty() {
            "Book for a child of mine"
        } else {
            "Book for another child"
        };
        all.push((add(offer), another.into()));
        all
    }

    /// "you", "Tom".
    fn called(&self, person: &Person) -> String {
        match &self.coming.other {
            Some(other) if other.person_id == person.id => person.known_as().to_owned(),
            _ => "you".to_owned(),
        }
    }

    /// Those of whom something is true, by what they are called.
    fn names(&self, is_so: impl Fn(&Person) -> bool) -> Vec<String> {
        let people = self.people.iter().filter(|person| is_so(person));
        people.map(|person| self.called(person)).collect()
    }
}

/// Where the details of somebody else are given, for a place of their own.
pub(super) fn add(offer: &Offer) -> String {
    let path = Coming::default().book_path(offer);
    with_next(ADD, &format!("{path}?only="))
}

/// "You", "Tom", "You and Tom": at the beginning of a sentence.
fn subject(names: &[String]) -> String {
    let words = together(names);
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The refusal in their names; none where the usual words will do.
pub(super) fn refusal_of_party(
    offer: &Offer,
    outcome: &BookOutcome,
    party: &Party<'_>,
    others: bool,
) -> Option<Refusal> {
    let other = party.coming.other.as_ref()?;
    let name = other.known_as();
    let alone: (String, Words) = (
        Coming::default().book_path(offer),
        "Book 1 place for me".into(),
    );
    let only: (String, Words) = (
        party.coming.only().book_path(offer),
        format!("Book 1 place for {name}").into(),
    );
    let young = |person: &Person| rules::is_under_16(person.born(), offer.run.starts_at);
    let refusal = match outcome {
        BookOutcome::Full => full(offer, party, others, alone),
        BookOutcome::AlreadyBooked(_) => already(party, alone, only),
        BookOutcome::AdultsOnly => Refusal {
            title: "This course is for people aged 16 and over".into(),
            words: format!(
                "{} will be under 16 on the first day.",
                subject(&party.names(young))
            ),
            call: ". We can tell you what there is for younger people.",
            dates: false,
            button: party.coming.own.then_some(alone),
            more: Vec::new(),
        },
        BookOutcome::Under16sOnly => {
            let can = party.coming.own && other.is_under_16(dates::day_of(offer.run.starts_at));
            let instead = if can {
                format!(" You can book a place for {name}. You do not need a place to bring them.")
            } else {
                String::new()
            };
            Refusal {
                title: "This course is for people under 16".into(),
                words: format!(
                    "{} will be 16 or over on the first day.{instead}",
                    subject(&party.names(|person| !young(person)))
                ),
                call: ". We can help you find another.",
                dates: false,
                button: can.then_some(only),
                more: Vec::new(),
            }
        }
        BookOutcome::VolunteersOnly => Refusal {
            title: "You cannot bring somebody to this one".into(),
            words: "It is training for people who volunteer with us.".to_owned(),
            call: " if you both volunteer with us.",
            dates: false,
            button: Some(alone),
            more: Vec::new(),
        },
        BookOutcome::NeedsGuardian => {
            let lacking = |person: &Person| person.lacks_guardian(offer.run.starts_at);
            // Their own is asked for on their own page, in the usual words.
            if party
                .people
                .iter()
                .all(|p| p.id != other.person_id || !lacking(p))
            {
                return None;
            }
            Refusal {
                title: "A parent or guardian has to agree".into(),
                words: format!(
                    "{name} will be under 16 on the first day. Tell us who their parent or guardian is."
                ),
                call: ". We can do this for you.",
                dates: false,
                button: Some((
                    with_next(&guardian_path(other.id), &party.coming.book_path(offer)),
                    "Go on".into(),
                )),
                more: Vec::new(),
            }
        }
        _ => return None,
    };
    Some(refusal)
}

fn full(offer: &Offer, party: &Party<'_>, others: bool, alone: (String, Words)) -> Refusal {
    let wait = party.coming.wait_path(offer);
    let both = party.coming.both();
    if both && party.room == 1 {
        return Refusal {
            title: "Only 1 place is left. You need 2".into(),
            words: format!(
                "We have booked nothing yet. {} If you wait, we write to you when 2 places are free.",
                if others {
                    "You can choose another date, wait together for 2 places, or take the 1 place."
                } else {
                    "You can wait together for 2 places, or take the 1 place. There are no other dates yet."
                }
            ),
            call: ". We will help you find something for both of you.",
            dates: true,
            button: Some((wait, "Wait together for 2 places".into())),
            more: vec![alone],
        };
    }
    let words = if both {
        "All the places on this date are taken. You can wait together: when 2 places are free, we ask you. One alone goes to somebody who waits for 1, and you keep your turn."
    } else {
        "All the places on this date are taken. People often cancel, and then we ask whoever has waited longest."
    };
    Refusal {
        title: "This date is full".into(),
        words: words.to_owned(),
        call: ". We will help you find something that suits you.",
        dates: true,
        button: Some((
            wait,
            if both {
                "Wait together for 2 places"
            } else {
                "Join the waiting list"
            }
            .into(),
        )),
        more: Vec::new(),
    }
}

/// One of them, or both, have places already. What another account booked has no number here.
fn already(party: &Party<'_>, alone: (String, Words), only: (String, Words)) -> Refusal {
    let has = |person: &Person| party.placed.iter().any(|own| own.person_id == person.id);
    let names = party.names(has);
    let references: Vec<String> = party
        .placed
        .iter()
        .filter(|own| own.account_id == Some(party.account_id))
        .map(|own| own.booked.reference.clone())
        .collect();
    let have = if names.len() == 1 && names[0] != "you" {
        "has"
    } else {
        "have"
    };
    let mut words = format!("{} {have} a place on this date already.", subject(&names));
    let mut numbers = references;
    numbers.sort();
    numbers.dedup();
    match numbers.as_slice() {
        [] => {}
        [one] => words.extend([" The booking number is ", one, "."]),
        all => words.extend([" The booking numbers are ", &together(all), "."]),
    }
    // The one who has none can still come.
    let without: Vec<&Person> = party.people.iter().filter(|p| !has(p)).collect();
    let rest = match without.as_slice() {
        [one] if party.called(one) == "you" => Some(alone),
        [_] => Some(only),
        _ => None,
    };
    let mine: (String, Words) = ("/account/bookings".to_owned(), "See my bookings".into());
    let (button, more) = match rest {
        Some(rest) => (rest, vec![mine]),
        None => (mine, Vec::new()),
    };
    Refusal {
        title: "There is a place already".into(),
        words,
        call: " if something is not right.",
        dates: false,
        button: Some(button),
        more,
    }
}
