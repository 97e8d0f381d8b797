//! A run as it would be, and what speaks against it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::catalogue::series::Meeting;
use crate::course_desk::runs::choose::place_value;

/// Where a run can be: a venue, or a room of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Spot {
    pub venue_id: Uuid,
    pub venue: String,
    pub room_id: Option<Uuid>,
    pub room: Option<String>,
    /// How many the room holds, if that is known.
    pub capacity: Option<i64>,
    /// The icons of what the venue has for people's needs, with a space between.
    pub access: String,
}

impl Spot {
    /// The value in the form.
    pub fn value(&self) -> String {
        place_value(Some(self.venue_id), self.room_id)
    }

    /// "The Guildhall, Brunswick Room".
    pub fn name(&self) -> String {
        match &self.room {
            None => self.venue.clone(),
            Some(room) => format!("{}, {room}", self.venue),
        }
    }

    /// The name, and how many it holds.
    pub fn words(&self) -> String {
        match self.capacity {
            None => self.name(),
            Some(n) => format!("{} (holds {n})", self.name()),
        }
    }

    /// Whether whoever can come to `other` can come here.
    fn is_as_accessible_as(&self, other: &Self) -> bool {
        let matters = |icon: &&str| ["step", "loo", "ear", "car", "chair"].contains(icon);
        let own: Vec<&str> = self.access.split(' ').collect();
        other
            .access
            .split(' ')
            .filter(matters)
            .all(|icon| own.contains(&icon))
    }
}

/// How many must have booked, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minimum {
    pub people: i64,
    pub decide_on: NaiveDate,
}

/// A run as it would be.
#[derive(Clone, Debug)]
pub struct Plan {
    pub course_id: Uuid,
    /// None is online.
    pub spot: Option<Spot>,
    pub join_link: Option<String>,
    pub place_note: Option<String>,
    pub tutor_id: Option<Uuid>,
    pub meetings: Vec<Meeting>,
    pub themes: Vec<String>,
    pub places: i64,
    pub volunteers_only: bool,
    pub minimum: Option<Minimum>,
    /// `pencilled` or `confirmed`.
    pub hire: Option<&'static str>,
    /// The run that it is like: organisation and room set-up are the same.
    pub like: Option<Uuid>,
}

/// A session of a run that takes place, and who leads it.
#[derive(Clone, Debug)]
pub struct Led {
    pub session_id: Uuid,
    pub run_id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub room_id: Option<Uuid>,
    /// The run's tutor, or who leads it instead.
    pub leads: Option<Uuid>,
    /// Whoever leads it beside the tutor.
    pub beside: Vec<Uuid>,
}

impl Led {
    /// Everybody who leads it.
    pub fn tutors(&self) -> impl Iterator<Item = Uuid> {
        self.leads.into_iter().chain(self.beside.iter().copied())
    }

    /// What it is to somebody who plans for this tutor.
    pub fn as_seen_by(&self, tutor: Option<Uuid>) -> Busy {
        Busy {
            run_id: self.run_id,
            title: self.title.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            room_id: self.room_id,
            of_tutor: tutor.is_some_and(|tutor| self.tutors().any(|one| one == tutor)),
        }
    }
}

/// A session at about that time, and whether it is led by the tutor who is planned.
#[derive(Clone, Debug)]
pub struct Busy {
    pub run_id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub room_id: Option<Uuid>,
    /// Whether the tutor who is planned leads it.
    pub of_tutor: bool,
}

/// A session that is at the same time as one that is planned.
#[derive(Clone, Debug)]
pub struct Clash {
    pub with: Busy,
    /// The room is the same.
    pub of_room: bool,
}

impl Plan {
    /// Its sessions as another plan for this tutor sees them.
    pub fn as_busy(&self, run_id: Uuid, title: &str, tutor: Option<Uuid>) -> Vec<Busy> {
        let room_id = self.spot.as_ref().and_then(|spot| spot.room_id);
        let of_tutor = tutor.is_some() && self.tutor_id == tutor;
        let meetings = self.meetings.iter();
        meetings
            .map(|meeting| Busy {
                run_id,
                title: title.to_owned(),
                starts_at: meeting.starts_at,
                ends_at: meeting.ends_at,
                room_id,
                of_tutor,
            })
            .collect()
    }
}

fn at_once(meeting: &Meeting, busy: &Busy) -> bool {
    meeting.starts_at < busy.ends_at && busy.starts_at < meeting.ends_at
}

/// What the tutor or the room is wanted for at the same time, in order.
pub fn clashes(plan: &Plan, busy: &[Busy]) -> Vec<Clash> {
    let room = plan.spot.as_ref().and_then(|spot| spot.room_id);
    busy.iter()
        .filter(|busy| plan.meetings.iter().any(|meeting| at_once(meeting, busy)))
        .map(|busy| Clash {
            with: busy.clone(),
            of_room: room.is_some() && busy.room_id == room,
        })
        .filter(|clash| clash.of_room || clash.with.of_tutor)
        .collect()
}

/// Rooms for a plan that are free at all its times, big enough, and as accessible as the one that was chosen.
pub fn free_rooms<'a>(plan: &Plan, spots: &'a [Spot], busy: &[Busy]) -> Vec<&'a Spot> {
    match &plan.spot {
        Some(chosen) => rooms_instead(chosen, plan.places, &plan.meetings, spots, busy),
        None => Vec::new(),
    }
}

/// Rooms that are free at all these times, hold so many, and are as accessible as `chosen`.
pub fn rooms_instead<'a>(
    chosen: &Spot,
    places: i64,
    meetings: &[Meeting],
    spots: &'a [Spot],
    busy: &[Busy],
) -> Vec<&'a Spot> {
    let is_free = |spot: &&Spot| {
        spot.room_id.is_some()
            && spot.capacity.is_none_or(|holds| holds >= places)
            && spot.is_as_accessible_as(chosen)
            && !busy.iter().any(|busy| {
                busy.room_id == spot.room_id
                    && meetings.iter().any(|meeting| at_once(meeting, busy))
            })
    };
    spots.iter().filter(is_free).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(room: u128, capacity: Option<i64>, access: &str) -> Spot {
        Spot {
            venue_id: Uuid::from_u128(1),
            venue: "The Guildhall".into(),
            room_id: Some(Uuid::from_u128(room)),
            room: Some(format!("Room {room}")),
            capacity,
            access: access.into(),
        }
    }

    fn meeting(from: &str, to: &str) -> Meeting {
        Meeting {
            starts_at: from.parse().unwrap(),
            ends_at: to.parse().unwrap(),
            missed: Vec::new(),
        }
    }

    fn busy(room: u128, from: &str, to: &str, of_tutor: bool) -> Busy {
        Busy {
            run_id: Uuid::from_u128(9),
            title: "Better sleep".into(),
            starts_at: from.parse().unwrap(),
            ends_at: to.parse().unwrap(),
            room_id: Some(Uuid::from_u128(room)),
            of_tutor,
        }
    }

    fn plan(spot: Spot) -> Plan {
        Plan {
            course_id: Uuid::from_u128(2),
            spot: Some(spot),
            join_link: None,
            place_note: None,
            tutor_id: None,
            meetings: vec![
                meeting("2027-01-12T10:00:00Z", "2027-01-12T11:30:00Z"),
                meeting("2027-01-19T10:00:00Z", "2027-01-19T11:30:00Z"),
            ],
            themes: Vec::new(),
            places: 12,
            volunteers_only: false,
            minimum: None,
            hire: None,
            like: None,
        }
    }

    #[test]
    fn a_clash_is_the_same_room_or_tutor_at_the_same_time_and_not_one_after_the_other() {
        let plan = plan(spot(3, Some(12), "step loo"));
        let all = [
            busy(3, "2027-01-12T11:00:00Z", "2027-01-12T12:00:00Z", false),
            busy(3, "2027-01-12T11:30:00Z", "2027-01-12T12:30:00Z", false),
            busy(4, "2027-01-19T09:00:00Z", "2027-01-19T10:01:00Z", true),
            busy(4, "2027-01-19T09:00:00Z", "2027-01-19T12:00:00Z", false),
            busy(3, "2027-01-26T10:00:00Z", "2027-01-26T11:00:00Z", true),
        ];
        let found = clashes(&plan, &all);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].of_room, found[0].with.of_tutor), (true, false));
        assert_eq!((found[1].of_room, found[1].with.of_tutor), (false, true));
    }

    #[test]
    fn a_room_instead_is_free_each_time_big_enough_and_as_accessible() {
        let plan = plan(spot(3, Some(12), "step loo cup"));
        let spots = [
            spot(3, Some(12), "step loo"),
            spot(4, Some(11), "step loo"),
            spot(5, None, "loo step ear"),
            spot(6, Some(30), "step"),
            spot(7, Some(12), "step loo"),
        ];
        let taken = [
            busy(3, "2027-01-12T10:00:00Z", "2027-01-12T11:00:00Z", false),
            busy(7, "2027-01-19T10:00:00Z", "2027-01-19T11:00:00Z", false),
        ];
        let free: Vec<_> = free_rooms(&plan, &spots, &taken)
            .into_iter()
            .map(|spot| spot.room_id.unwrap().as_u128())
            .collect();
        assert_eq!(free, [5]);
    }
}
