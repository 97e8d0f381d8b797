//! Who is offered a place, and until when, without I/O: the time is an argument.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};
use uuid::Uuid;

use super::store::Entry;
use crate::bookings::rules::LAST_CALL;
use crate::server::config::Settings;
use crate::server::{Result, working_days};
use crate::ui::dates;

/// So near the start, a place is offered to several people at once: nobody has time to wait for one after another.
const SHARED_FROM: TimeDelta = TimeDelta::days(10);
/// To so many.
const AT_ONCE: usize = 3;
/// Nobody's time runs out before this hour of the day in Bath, …
const MORNING: u32 = 8;
/// … nor from this one on; …
const EVENING: u32 = 20;
/// … it runs out at this hour instead.
const LATER: u32 = 10;

/// How long people have to answer, and on which days nobody's time runs out.
#[derive(Clone, Debug)]
pub struct Windows {
    /// Over a week before the start, from a week to two days before, and after that.
    pub hours: [i64; 3],
    /// Days off besides the bank holidays.
    pub days_off: BTreeSet<NaiveDate>,
}

impl Windows {
    /// As the settings say.
    ///
    /// # Errors
    /// When a setting cannot be read.
    pub fn new(config: &Settings) -> Result<Self> {
        Ok(Self {
            hours: config.offer_hours()?,
            days_off: config.days_off()?,
        })
    }
}

/// From when on everybody who waits may take a place.
pub fn last_call(starts_at: DateTime<Utc>) -> DateTime<Utc> {
    starts_at - LAST_CALL
}

/// Until when an offer made `now` can be answered: within working hours of a working day, and never past last call.
pub fn answer_by(now: DateTime<Utc>, starts_at: DateTime<Utc>, windows: &Windows) -> DateTime<Utc> {
    let [far, near, soon] = windows.hours.map(TimeDelta::hours);
    let left = starts_at - now;
    let window = if left > TimeDelta::days(7) {
        far
    } else if left > TimeDelta::days(2) {
        near
    } else {
        soon
    };
    in_working_hours(now + window, &windows.days_off).min(last_call(starts_at))
}

/// `at`, or the next 10:00 of a working day when nobody should have to answer then.
fn in_working_hours(at: DateTime<Utc>, off: &BTreeSet<NaiveDate>) -> DateTime<Utc> {
    let local = dates::local(at);
    let works = |day: NaiveDate| working_days::is_working_day(day, off);
    if works(local.date()) && (MORNING..EVENING).contains(&local.hour()) {
        return at;
    }
    let ten = NaiveTime::from_hms_opt(LATER, 0, 0).unwrap_or_default();
    let mut day = local.date();
    if local.time() > ten {
        day = day + Days::new(1);
    }
    while !works(day) {
        day = day + Days::new(1);
    }
    dates::moment(day.and_time(ten))
}

/// To how many people a place is offered at once.
pub fn at_once(now: DateTime<Utc>, starts_at: DateTime<Utc>) -> usize {
    if starts_at - now <= SHARED_FROM {
        AT_ONCE
    } else {
        1
    }
}

/// One place, or two, and who is offered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// How many places are kept.
    pub places: i64,
    /// The entries, in order.
    pub entries: Vec<Uuid>,
}

/// An entry that shared an offered place with others, and gets one to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unshared {
    /// The entry.
    pub entry: Uuid,
    /// How many places.
    pub places: i64,
    /// Until when it can answer: as before.
    pub until: DateTime<Utc>,
}

/// What has to happen on a waiting list now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Entries whose time to answer is over: they leave the list.
    pub lapsed: Vec<Uuid>,
    /// Entries whose offer ended with last call: they wait on.
    pub returned: Vec<Uuid>,
    /// Offers to make.
    pub groups: Vec<Group>,
    /// Offers that no longer have to be shared.
    pub unshared: Vec<Unshared>,
    /// Entries that are told at last call.
    pub called: Vec<Uuid>,
    /// Entries that nothing can come of any more.
    pub over: Vec<Uuid>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A run as its waiting list sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What time it is.
    pub now: DateTime<Utc>,
    /// When the first session begins.
    pub starts_at: DateTime<Utc>,
    /// Whether places can be booked now.
    pub open: bool,
    /// Whether it will never take place.
    pub cancelled: bool,
    /// How many places nobody has and nobody keeps, once offers whose time is over are let go.
    pub vacant: i64,
}

impl Moment {
    /// Whether nothing can come of waiting now, and nothing ends but what was not answered in time.
    pub fn is_full(&self) -> bool {
        !self.cancelled && self.now < last_call(self.starts_at) && self.vacant <= 0
    }
}

/// What has to happen, from who waits (in order) and what is free.
pub fn plan(queue: &[Entry], moment: &Moment) -> Plan {
    let Moment {
        now,
        starts_at,
        open,
        cancelled,
        vacant,
    } = *moment;
    let mut plan = Plan::default();
    if cancelled || starts_at <= now {
        plan.over = queue.iter().map(|entry| entry.id).collect();
        return plan;
    }
    let last_call = last_call(starts_at);
    let mut free = Vec::new();
    for entry in queue {
        match entry.expires_at.filter(|_| entry.is_offered()) {
            Some(expires_at) if expires_at > now => {}
            // While booking is closed they could not say yes: they keep their turn.
            Some(expires_at) if expires_at < last_call && open => plan.lapsed.push(entry.id),
            Some(_) => {
                plan.returned.push(entry.id);
                free.push(entry);
            }
            None => free.push(entry),
        }
    }
    if !open {
        // Booking is closed for a while, or for good: they keep their turn, and nothing is offered.
    } else if now < last_call {
        plan.groups = groups(&free, vacant, at_once(now, starts_at));
        let offered: i64 = plan.groups.iter().map(|group| group.places).sum();
        plan.unshared = no_longer_shared(queue, vacant - offered, now);
    } else {
        plan.called = free
            .iter()
            .filter(|entry| entry.called_at.is_none() && entry.places <= vacant)
            .map(|entry| entry.id)
            .collect();
    }
    plan
}

/// Each free place goes to the first that it fits: a pair is passed over while one place is free, and keeps its turn.
/// When time is short the next few are asked as well, dealt out over the places in order, so that nobody competes for
/// one place while another has nobody.
fn groups(queue: &[&Entry], mut vacant: i64, at_once: usize) -> Vec<Group> {
    let mut queue = queue.to_vec();
    let mut groups: Vec<Group> = Vec::new();
    while let Some(at) = queue.iter().position(|entry| entry.places <= vacant) {
        let first = queue.remove(at);
        vacant -= first.places;
        groups.push(Group {
            places: first.places,
            entries: vec![first.id],
        });
    }
    for _ in 1..at_once {
        for group in &mut groups {
            if let Some(at) = queue.iter().position(|entry| entry.places <= group.places) {
                group.entries.push(queue.remove(at).id);
            }
        }
    }
    groups
}

/// What is free beyond that goes to those who were offered a place together with others, in order: nobody else may have
/// it while they compete.
fn no_longer_shared(queue: &[Entry], mut vacant: i64, now: DateTime<Utc>) -> Vec<Unshared> {
    let mut shared = Vec::new();
    let mut unshared = Vec::new();
    for entry in queue.iter().filter(|entry| entry.is_offered()) {
        let (Some(place), Some(until)) = (entry.offered_place_id, entry.expires_at) else {
            continue;
        };
        if until <= now {
            continue;
        }
        if shared.contains(&place) && entry.places <= vacant {
            vacant -= entry.places;
            unshared.push(Unshared {
                entry: entry.id,
                places: entry.places,
                until,
            });
        } else {
            shared.push(place);
        }
    }
    unshared
}

/// "1st", "2nd", "23rd".
pub fn ordinal(n: usize) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn windows() -> Windows {
        Windows {
            hours: [48, 12, 2],
            days_off: BTreeSet::new(),
        }
    }

    fn waiter(n: u128, places: i64) -> Entry {
        Entry {
            id: Uuid::from_u128(n),
            account_id: None,
            places,
            status: "waiting".to_owned(),
            called_at: None,
            offered_place_id: None,
            expires_at: None,
        }
    }

    fn ids(entries: &[u128]) -> Vec<Uuid> {
        entries.iter().map(|n| Uuid::from_u128(*n)).collect()
    }

    #[test]
    fn how_long_people_have_to_answer() {
        for (what, now, starts_at, until) in [
            (
                "48 hours over a week before",
                "2027-02-01T11:00:00Z",
                "2027-03-01T10:00:00Z",
                "2027-02-03T11:00:00Z",
            ),
            (
                "12 hours within a week",
                "2027-02-02T07:30:00Z",
                "2027-02-08T10:00:00Z",
                "2027-02-02T19:30:00Z",
            ),
            (
                "2 hours within two days",
                "2027-02-02T11:00:00Z",
                "2027-02-03T15:00:00Z",
                "2027-02-02T13:00:00Z",
            ),
            (
                "not in the evening",
                "2027-02-02T10:00:00Z",
                "2027-02-08T10:00:00Z",
                "2027-02-03T10:00:00Z",
            ),
            (
                "not in the night",
                "2027-02-01T17:00:00Z",
                "2027-02-08T10:00:00Z",
                "2027-02-02T10:00:00Z",
            ),
            (
                "not at the weekend",
                "2027-02-04T11:00:00Z",
                "2027-03-01T10:00:00Z",
                "2027-02-08T10:00:00Z",
            ),
            (
                "not at Easter",
                "2027-03-24T11:00:00Z",
                "2027-05-01T10:00:00Z",
                "2027-03-30T09:00:00Z",
            ),
            (
                "ten in Bath is nine in summer",
                "2027-07-02T11:00:00Z",
                "2027-08-02T10:00:00Z",
                "2027-07-05T09:00:00Z",
            ),
            (
                "never past last call",
                "2027-02-02T11:00:00Z",
                "2027-02-02T18:30:00Z",
                "2027-02-02T12:30:00Z",
            ),
            (
                "last call, even on a Sunday",
                "2027-02-05T20:00:00Z",
                "2027-02-07T15:00:00Z",
                "2027-02-07T09:00:00Z",
            ),
        ] {
            assert_eq!(
                answer_by(at(now), at(starts_at), &windows()),
                at(until),
                "{what}"
            );
        }
        let mut off = windows();
        off.days_off.insert("2027-02-03".parse().unwrap());
        let until = answer_by(at("2027-02-01T11:00:00Z"), at("2027-03-01T10:00:00Z"), &off);
        assert_eq!(until, at("2027-02-04T10:00:00Z"), "not on a day off");
    }

    #[test]
    fn a_place_goes_to_the_first_that_it_fits() {
        let queue = [waiter(1, 2), waiter(2, 1), waiter(3, 1), waiter(4, 2)];
        let moment = |vacant| Moment {
            now: at("2027-01-01T11:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: true,
            cancelled: false,
            vacant,
        };
        let offered = |vacant| -> Vec<Uuid> {
            let groups = plan(&queue, &moment(vacant)).groups;
            assert!(groups.iter().all(|group| group.entries.len() == 1));
            groups.into_iter().flat_map(|group| group.entries).collect()
        };
        assert_eq!(offered(0), ids(&[]));
        assert_eq!(
            offered(1),
            ids(&[2]),
            "the pair is passed over and keeps its turn"
        );
        assert_eq!(offered(2), ids(&[1]));
        assert_eq!(offered(3), ids(&[1, 2]));
        assert_eq!(offered(4), ids(&[1, 2, 3]));
        assert_eq!(offered(6), ids(&[1, 2, 3, 4]));
    }

    #[test]
    fn three_are_asked_at_once_when_time_is_short() {
        let queue = [
            waiter(1, 1),
            waiter(2, 2),
            waiter(3, 1),
            waiter(4, 1),
            waiter(5, 1),
        ];
        let mut moment = Moment {
            now: at("2027-02-20T11:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: true,
            cancelled: false,
            vacant: 1,
        };
        let groups = plan(&queue, &moment).groups;
        assert_eq!(
            groups,
            [Group {
                places: 1,
                entries: ids(&[1, 3, 4])
            }]
        );
        moment.vacant = 3;
        let groups = plan(&queue, &moment).groups;
        assert_eq!(
            groups,
            [
                Group {
                    places: 1,
                    entries: ids(&[1, 3, 5])
                },
                Group {
                    places: 2,
                    entries: ids(&[2, 4])
                },
            ]
        );
    }

    #[test]
    fn nobody_competes_for_one_place_while_another_has_nobody() {
        let queue = [waiter(1, 1), waiter(2, 1), waiter(3, 1)];
        let moment = Moment {
            now: at("2027-02-20T11:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: true,
            cancelled: false,
            vacant: 2,
        };
        let groups = plan(&queue, &moment).groups;
        let entries: Vec<Vec<Uuid>> = groups.into_iter().map(|group| group.entries).collect();
        assert_eq!(entries, [ids(&[1, 3]), ids(&[2])]);
    }

    #[test]
    fn while_booking_is_closed_everybody_keeps_their_turn() {
        let queue = [waiter(1, 1)];
        let mut moment = Moment {
            now: at("2027-02-20T11:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: false,
            cancelled: false,
            vacant: 2,
        };
        assert!(plan(&queue, &moment).is_nothing());
        let mut offered = [waiter(1, 1)];
        offered[0].status = "offered".to_owned();
        offered[0].expires_at = Some(moment.now);
        let back = plan(&offered, &moment);
        assert_eq!((back.returned, back.lapsed), (ids(&[1]), ids(&[])));
        moment.cancelled = true;
        assert_eq!(plan(&queue, &moment).over, ids(&[1]));
    }

    #[test]
    fn at_last_call_everybody_is_told_once() {
        let mut queue = [waiter(1, 1), waiter(2, 2), waiter(3, 1)];
        queue[0].status = "offered".to_owned();
        queue[0].expires_at = Some(at("2027-03-01T04:00:00Z"));
        let mut moment = Moment {
            now: at("2027-03-01T04:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: true,
            cancelled: false,
            vacant: 1,
        };
        let told = plan(&queue, &moment);
        assert_eq!((told.returned, told.called), (ids(&[1]), ids(&[1, 3])));
        assert!(told.groups.is_empty() && told.lapsed.is_empty());
        queue[2].called_at = Some(moment.now);
        assert_eq!(plan(&queue, &moment).called, ids(&[1]));
        moment.vacant = 0;
        assert!(plan(&queue, &moment).called.is_empty());
        moment.now = moment.starts_at;
        assert_eq!(plan(&queue, &moment).over, ids(&[1, 2, 3]));
    }

    #[test]
    fn an_offer_that_nobody_answered_ends() {
        let mut queue = [waiter(1, 1), waiter(2, 1)];
        queue[0].status = "offered".to_owned();
        queue[0].expires_at = Some(at("2027-02-03T11:00:00Z"));
        let moment = Moment {
            now: at("2027-02-03T11:00:00Z"),
            starts_at: at("2027-03-01T10:00:00Z"),
            open: true,
            cancelled: false,
            vacant: 1,
        };
        let now = plan(&queue, &moment);
        assert_eq!(now.lapsed, ids(&[1]));
        assert_eq!(
            now.groups,
            [Group {
                places: 1,
                entries: ids(&[2])
            }]
        );
    }

    #[test]
    fn ordinals() {
        let words: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111]
            .map(ordinal)
            .into();
        assert_eq!(
            words.join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 101st 111th"
        );
    }

    proptest! {
        #[test]
        fn nobody_has_to_answer_at_night_or_past_last_call(
            start in 0_i64..5_000_000, left in 1_i64..3_000_000,
        ) {
            let now = at("2026-12-01T00:00:00Z") + TimeDelta::seconds(start * 60);
            let starts_at = now + LAST_CALL + TimeDelta::seconds(left);
            let until = answer_by(now, starts_at, &windows());
            prop_assert!(until > now && until <= last_call(starts_at));
            if until < last_call(starts_at) {
                let local = dates::local(until);
                prop_assert!(working_days::is_working_day(local.date(), &BTreeSet::new()));
                prop_assert!((MORNING..EVENING).contains(&local.hour()));
            }
        }

        #[test]
        fn nothing_happens_on_a_full_run_but_what_was_not_answered_in_time(
            waiters in proptest::collection::vec((1_i64..=2, proptest::option::of((-2_i64..80, 0_u128..3))), 0..8),
            left in -2_i64..400, open: bool, vacant in -2_i64..=0,
        ) {
            let now = at("2027-01-01T11:00:00Z");
            let queue: Vec<Entry> = (1..).zip(&waiters).map(|(n, (places, offer))| Entry {
                status: if offer.is_some() { "offered" } else { "waiting" }.to_owned(),
                offered_place_id: offer.map(|(_, place)| Uuid::from_u128(place)),
                expires_at: offer.map(|(hours, _)| now + TimeDelta::hours(hours)),
                ..waiter(n, *places)
            }).collect();
            let moment = Moment { now, starts_at: now + TimeDelta::hours(left), open, cancelled: false, vacant };
            let late = queue.iter().any(|entry| entry.expires_at.is_some_and(|until| until <= now));
            if moment.is_full() && !late {
                prop_assert!(plan(&queue, &moment).is_nothing());
            }
        }

        #[test]
        fn no_more_is_offered_than_there_is_and_nobody_is_jumped(
            sizes in proptest::collection::vec(1_i64..=2, 0..12), vacant in 0_i64..8,
        ) {
            let queue: Vec<Entry> = (1..).zip(&sizes).map(|(n, places)| waiter(n, *places)).collect();
            let moment = Moment {
                now: at("2027-01-01T11:00:00Z"),
                starts_at: at("2027-03-01T10:00:00Z"),
                open: true,
            cancelled: false,
                vacant,
            };
            let plan = plan(&queue, &moment);
            let offered: Vec<Uuid> = plan.groups.iter().flat_map(|g| g.entries.clone()).collect();
            let mut left = vacant;
            // Counted again in the plainest way: whoever fits takes, in order.
            let mut expected = Vec::new();
            loop {
                let next = queue.iter().find(|e| e.places <= left && !expected.contains(&e.id));
                let Some(next) = next else { break };
                expected.push(next.id);
                left -= next.places;
            }
            prop_assert!(left >= 0);
            prop_assert_eq!(offered, expected);
        }
    }
}
