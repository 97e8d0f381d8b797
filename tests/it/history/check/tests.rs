//! Histories written by hand: good ones pass, and each fault is found.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::*;
use crate::history::record::Why;

const RUN: Uuid = Uuid::from_u128(99);

fn person(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn entry(n: u128) -> Uuid {
    Uuid::from_u128(1000 + n)
}

/// A story of one run that a test puts together.
struct Tale {
    events: Vec<Event>,
    runs: Vec<RunMade>,
    people: BTreeMap<Uuid, String>,
    found: Found,
    letters: Vec<Letter>,
    excused: Excused,
}

impl Tale {
    fn of(capacity: usize) -> Self {
        let run = RunRow {
            id: RUN,
            capacity: i64::try_from(capacity).unwrap(),
            taken: 0,
            held: 0,
            waiting: 0,
            kept: 0,
        };
        Self {
            events: Vec::new(),
            runs: vec![RunMade {
                id: RUN,
                capacity,
                last_call: false,
            }],
            people: (1..9)
                .map(|n| (person(n), format!("{n}@example.org")))
                .collect(),
            found: Found {
                runs: vec![run],
                ..Found::default()
            },
            letters: Vec::new(),
            excused: Excused::default(),
        }
    }

    /// `who` asks and is told before anybody else asks.
    fn event(&mut self, who: u128, asked: Asked, told: Told) -> &mut Event {
        let from = u64::try_from(self.events.len()).unwrap() * 10;
        self.events.push(Event {
            who: person(who),
            run: RUN,
            asked,
            told,
            from,
            to: from + 5,
        });
        self.events.last_mut().unwrap()
    }

    fn letter(&mut self, who: u128, about: About) {
        let letter = Letter {
            id: format!("{about:?}"),
            to: format!("{who}@example.org"),
            about,
            acknowledged: true,
        };
        self.letters.push(letter);
    }

    fn row(&mut self, who: u128, reference: &str) {
        self.found.bookings.push(BookingRow {
            reference: reference.into(),
            run: RUN,
            person: person(who),
            status: "booked".into(),
            takes: true,
        });
        self.found.runs[0].taken += 1;
        self.letter(who, About::Confirmed(reference.into()));
    }

    fn end(&mut self, who: u128, reference: &str) {
        let of = |row: &&mut BookingRow| row.reference == reference;
        let row = self.found.bookings.iter_mut().find(of).unwrap();
        row.status = "cancelled".into();
        row.takes = false;
        self.found.runs[0].taken -= 1;
        self.letter(who, About::Cancelled(reference.into()));
    }

    /// Books, and it is so.
    fn books(&mut self, who: u128, reference: &str) {
        let form = u64::try_from(who).unwrap();
        self.event(who, Asked::Book { form }, Told::Booked(reference.into()));
        self.row(who, reference);
    }

    fn cancels(&mut self, who: u128, reference: &str) {
        let asked = Asked::Cancel {
            reference: reference.into(),
        };
        self.event(who, asked, Told::Cancelled);
        self.end(who, reference);
    }

    /// Joins the list as the next, and waits still.
    fn joins(&mut self, who: u128) {
        self.event(who, Asked::Join, Told::OnList(entry(who)));
        let turn = i64::try_from(self.found.entries.len()).unwrap() + 1;
        self.found.entries.push(EntryRow {
            id: entry(who),
            run: RUN,
            person: person(who),
            turn,
            status: "waiting".into(),
        });
        self.found.runs[0].waiting += 1;
        self.letter(who, About::Joined(entry(who)));
    }

    fn is_offered(&mut self, who: u128, state: &str) {
        let link = vec![u8::try_from(who).unwrap()];
        self.found.offers.push(OfferRow {
            entry: entry(who),
            link: link.clone(),
            state: state.into(),
        });
        self.letter(who, About::Offered(link));
    }

    /// Takes what they were offered.
    fn takes(&mut self, who: u128, reference: &str) {
        self.is_offered(who, "taken");
        let asked = Asked::Take { entry: entry(who) };
        self.event(who, asked, Told::Booked(reference.into()));
        self.row(who, reference);
        self.status(who, "booked");
    }

    fn status(&mut self, who: u128, status: &str) {
        let of = |row: &&mut EntryRow| row.id == entry(who);
        let row = self.found.entries.iter_mut().find(of).unwrap();
        if row.status == "waiting" {
            self.found.runs[0].waiting -= 1;
        }
        row.status = status.into();
    }

    fn broken(&self) -> Vec<Promise> {
        let story = Story {
            events: &self.events,
            runs: &self.runs,
            people: &self.people,
            found: &self.found,
            letters: &self.letters,
            excused: self.excused,
        };
        let mut all: Vec<Promise> = broken(&story).into_iter().map(|b| b.promise).collect();
        all.dedup();
        all
    }

    /// Two of two places are taken, one is cancelled, and the first who waits takes it.
    fn good() -> Self {
        let mut tale = Self::of(2);
        tale.books(1, "WB-1");
        tale.books(2, "WB-2");
        tale.event(3, Asked::Book { form: 3 }, Told::Full);
        tale.joins(3);
        tale.joins(4);
        tale.cancels(1, "WB-1");
        tale.takes(3, "WB-3");
        tale
    }
}

#[test]
fn a_good_history_is_good() {
    assert_eq!(Tale::good().broken(), []);
}

#[test]
fn what_nobody_knows_may_be_so_or_not() {
    for made in [false, true] {
        let mut tale = Tale::of(2);
        tale.event(1, Asked::Book { form: 1 }, Told::Unknown(Why::Broken));
        if made {
            tale.row(1, "WB-1");
        }
        assert_eq!(tale.broken(), [], "booked: {made}");
        let mut tale = Tale::of(2);
        tale.books(1, "WB-1");
        let asked = Asked::Cancel {
            reference: "WB-1".into(),
        };
        tale.event(1, asked, Told::Unknown(Why::Busy));
        if made {
            tale.end(1, "WB-1");
        }
        assert_eq!(tale.broken(), [], "cancelled: {made}");
    }
}

#[test]
fn a_booking_that_is_not_there_is_lost() {
    let mut tale = Tale::of(2);
    tale.books(1, "WB-1");
    tale.books(2, "WB-2");
    tale.found.bookings.pop();
    tale.letters.pop();
    tale.found.runs[0].taken = 1;
    assert_eq!(tale.broken(), [Promise::Lost]);
}

#[test]
fn a_cancellation_that_is_not_so_is_lost() {
    let mut tale = Tale::of(2);
    tale.books(1, "WB-1");
    let asked = Asked::Cancel {
        reference: "WB-1".into(),
    };
    tale.event(1, asked, Told::Cancelled);
    assert_eq!(tale.broken(), [Promise::Lost]);
}

#[test]
fn a_booking_that_ended_by_itself_is_lost() {
    let mut tale = Tale::of(2);
    tale.books(1, "WB-1");
    tale.end(1, "WB-1");
    assert_eq!(tale.broken(), [Promise::Lost]);
}

#[test]
fn a_booking_that_cannot_be_seen_afterwards_is_lost() {
    let mut tale = Tale::of(2);
    tale.books(1, "WB-1");
    let asked = Asked::Look {
        reference: "WB-1".into(),
    };
    tale.event(1, asked.clone(), Told::Stands);
    assert_eq!(tale.broken(), []);
    tale.event(1, asked, Told::NotThere);
    assert_eq!(tale.broken(), [Promise::Lost]);
}

#[test]
fn a_turn_on_the_list_can_be_lost() {
    let mut tale = Tale::good();
    tale.found.entries.retain(|row| row.id != entry(4));
    tale.letters
        .retain(|letter| letter.about != About::Joined(entry(4)));
    tale.found.runs[0].waiting = 0;
    assert_eq!(tale.broken(), [Promise::Lost]);
}

#[test]
fn one_place_too_many_is_oversold() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.books(2, "WB-2");
    assert_eq!(tale.broken(), [Promise::Oversold]);
}

#[test]
fn one_place_too_many_for_a_moment_is_oversold() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.books(2, "WB-2");
    tale.cancels(1, "WB-1");
    assert_eq!(tale.broken(), [Promise::Oversold]);
}

#[test]
fn a_place_that_is_kept_for_somebody_is_not_free() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.found.runs[0].kept = 1;
    tale.found.runs[0].held = 1;
    assert_eq!(tale.broken(), [Promise::Oversold]);
}

#[test]
fn a_booking_that_nobody_asked_for_is_a_phantom() {
    let mut tale = Tale::good();
    tale.found.bookings[0].takes = false;
    tale.row(7, "WB-7");
    tale.found.runs[0].capacity = 3;
    assert_eq!(tale.broken(), [Promise::Phantom]);
}

#[test]
fn one_question_without_an_answer_is_no_reason_for_two_bookings() {
    let mut tale = Tale::of(3);
    tale.event(1, Asked::Book { form: 1 }, Told::Unknown(Why::Broken));
    tale.row(1, "WB-1");
    tale.row(1, "WB-2");
    let broken = tale.broken();
    assert!(broken.contains(&Promise::Phantom), "{broken:?}");
}

#[test]
fn a_turn_that_nobody_asked_for_is_a_phantom() {
    let mut tale = Tale::good();
    tale.events.retain(|event| event.who != person(4));
    assert_eq!(tale.broken(), [Promise::Phantom]);
}

#[test]
fn nobody_has_two_places() {
    let mut tale = Tale::of(3);
    tale.books(1, "WB-1");
    tale.event(1, Asked::Book { form: 8 }, Told::Booked("WB-2".into()));
    tale.row(1, "WB-2");
    assert_eq!(tale.broken(), [Promise::TwoPlaces]);
}

#[test]
fn the_same_form_is_the_same_booking() {
    let mut tale = Tale::of(3);
    tale.books(1, "WB-1");
    tale.cancels(1, "WB-1");
    tale.books(1, "WB-2");
    assert_eq!(tale.broken(), [Promise::TwoPlaces]);
}

#[test]
fn nobody_with_a_place_waits() {
    let mut tale = Tale::good();
    tale.found.entries[1].person = person(2);
    for event in &mut tale.events {
        if event.asked == Asked::Join && event.who == person(4) {
            event.who = person(2);
        }
    }
    for letter in &mut tale.letters {
        if letter.about == About::Joined(entry(4)) {
            letter.to = "2@example.org".into();
        }
    }
    assert_eq!(tale.broken(), [Promise::TwoPlaces]);
}

#[test]
fn a_later_turn_is_not_offered_a_place_first() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.joins(2);
    tale.joins(3);
    tale.cancels(1, "WB-1");
    tale.takes(3, "WB-3");
    assert_eq!(tale.broken(), [Promise::OutOfOrder]);
    // Even if the first gives up afterwards.
    tale.event(2, Asked::Leave { entry: entry(2) }, Told::Done);
    tale.status(2, "left");
    assert_eq!(tale.broken(), [Promise::OutOfOrder]);
}

#[test]
fn whoever_left_before_is_not_passed_over() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.joins(2);
    tale.joins(3);
    tale.event(2, Asked::Leave { entry: entry(2) }, Told::Done);
    tale.status(2, "left");
    tale.cancels(1, "WB-1");
    tale.takes(3, "WB-3");
    assert_eq!(tale.broken(), []);
}

#[test]
fn turns_are_in_the_order_of_joining() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.joins(2);
    tale.joins(3);
    assert_eq!(tale.broken(), []);
    tale.found.entries[0].turn = 2;
    tale.found.entries[1].turn = 1;
    assert_eq!(tale.broken(), [Promise::OutOfOrder]);
}

#[test]
fn nobody_books_past_the_list() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.joins(2);
    tale.cancels(1, "WB-1");
    tale.books(3, "WB-3");
    assert_eq!(tale.broken(), [Promise::OutOfOrder]);
    // At last call the first to come has it.
    tale.runs[0].last_call = true;
    assert_eq!(tale.broken(), []);
}

#[test]
fn a_free_place_is_offered() {
    let mut tale = Tale::of(1);
    tale.books(1, "WB-1");
    tale.joins(2);
    tale.cancels(1, "WB-1");
    assert_eq!(tale.broken(), [Promise::OutOfOrder]);
}

#[test]
fn nobody_is_refused_while_there_is_room() {
    let mut tale = Tale::of(2);
    tale.books(1, "WB-1");
    tale.event(2, Asked::Book { form: 2 }, Told::Full);
    assert_eq!(tale.broken(), [Promise::RefusedThoughFree]);
}

#[test]
fn counters_say_what_the_rows_say() {
    let mut tale = Tale::good();
    tale.found.runs[0].taken = 1;
    assert_eq!(tale.broken(), [Promise::Miscounted]);
}

#[test]
fn a_letter_comes_once() {
    let mut tale = Tale::good();
    let again = tale.letters[0].clone();
    tale.letters.push(again.clone());
    assert_eq!(tale.broken(), [Promise::LetterTwice]);
    tale.excused.again = 1;
    assert_eq!(tale.broken(), [], "a worker was killed");
    tale.excused.again = 0;
    tale.letters[0].acknowledged = false;
    assert_eq!(tale.broken(), [], "the mail server broke off");
    tale.letters.push(Letter {
        id: "another".into(),
        ..again
    });
    assert_eq!(
        tale.broken(),
        [Promise::LetterTwice],
        "two letters, one cause"
    );
}

#[test]
fn a_letter_that_never_came_is_missing() {
    let mut tale = Tale::good();
    let letter = tale.letters.remove(0);
    assert_eq!(tale.broken(), [Promise::LetterMissing]);
    tale.found.dead.push(DeadLetter {
        person: person(1),
        kind: "booking-confirmed".into(),
    });
    assert_eq!(
        tale.broken(),
        [Promise::LetterMissing],
        "{letter:?} was given up"
    );
    tale.excused.refused = 1;
    assert_eq!(tale.broken(), [], "the mail server refused it for good");
}

#[test]
fn a_letter_for_nothing_is_found() {
    let mut tale = Tale::good();
    tale.letter(5, About::Confirmed("WB-9".into()));
    assert_eq!(tale.broken(), [Promise::LetterForNothing]);
    let mut tale = Tale::good();
    tale.letters[0].to = "8@example.org".into();
    let broken = tale.broken();
    assert!(
        broken.contains(&Promise::LetterForNothing),
        "to somebody else: {broken:?}"
    );
}

#[test]
fn an_answer_that_nobody_should_get_is_found() {
    let mut tale = Tale::good();
    tale.event(5, Asked::Join, Told::Odd("500".into()));
    assert_eq!(tale.broken(), [Promise::OddAnswer]);
}

#[test]
fn broken_promises_are_counted_by_promise() {
    let broken = [Promise::Oversold, Promise::OddAnswer, Promise::Oversold].map(|promise| Broken {
        promise,
        what: String::new(),
    });
    assert_eq!(
        counted(&broken),
        "lost 0, oversold 2, phantom 0, two places 0, out of order 0, refused though free 0, miscounted 0, \
         letters twice 0, letters missing 0, letters for nothing 0, odd answers 1"
    );
}
