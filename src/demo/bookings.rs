//! Who has booked what: each run as full as the catalogue says, nobody in two places at once.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::catalogue::{Catalogue, Fill, Planned};
use super::dice::Dice;
use super::people::Person;
use crate::bookings::rules;
use crate::server::{Result, random};
use crate::ui::dates;

/// A booking with its place, or its two.
#[derive(Clone, Debug)]
pub struct Booking {
    /// The booking's id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// The run's id.
    pub run: Uuid,
    /// Which of the people come.
    pub people: Vec<usize>,
    /// The account it was made by.
    pub account: Option<Uuid>,
    /// `booked`, `cancelled` or `stopped`.
    pub status: &'static str,
    /// `website` or `phone`.
    pub channel: &'static str,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// When it was cancelled, or they stopped coming.
    pub ended: Option<DateTime<Utc>>,
}

/// Somebody who waits for a place on a full run.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The run's id.
    pub run: Uuid,
    /// Who waits.
    pub person: usize,
    /// Their account.
    pub account: Uuid,
    /// When they joined the list.
    pub joined: DateTime<Utc>,
}

/// Who comes, and who waits.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// The bookings, oldest first.
    pub bookings: Vec<Booking>,
    /// The waiting lists, each in order.
    pub waiting: Vec<Waiting>,
}

/// Bookings as they are made.
struct Maker<'a> {
    catalogue: &'a Catalogue,
    planned: &'a [Planned],
    people: &'a [Person],
    now: DateTime<Utc>,
    /// The runs of each person, by their place in `planned`.
    of_person: Vec<Vec<usize>>,
    references: HashSet<String>,
    made: Vec<Booking>,
    waiting: Vec<Waiting>,
}

/// Fills the runs.
///
/// # Errors
/// When the operating system has no randomness for ids.
pub fn fill(
    catalogue: &Catalogue,
    planned: &[Planned],
    people: &[Person],
    now: DateTime<Utc>,
    dice: &mut Dice,
) -> Result<Filled> {
    let mut maker = Maker {
        catalogue,
        planned,
        people,
        now,
        of_person: vec![Vec::new(); people.len()],
        references: HashSet::new(),
        made: Vec::new(),
        waiting: Vec::new(),
    };
    maker.own_bookings(dice)?;
    // The fullest first: later there might not be enough people who are free then.
    let mut order: Vec<usize> = (0..planned.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(maker.wanted(*at, &mut Dice::new(*at as u64))));
    for at in order {
        let wanted = maker.wanted(at, &mut Dice::new(at as u64));
        maker.fill_run(at, wanted, dice)?;
    }
    for at in 0..planned.len() {
        maker.wait(at, dice);
    }
    maker.made.sort_by_key(|booking| booking.made);
    Ok(Filled {
        bookings: maker.made,
        waiting: maker.waiting,
    })
}

impl Maker<'_> {
    fn run(&self, at: usize) -> &super::catalogue::Run {
        &self.catalogue.course[self.planned[at].course].run[self.planned[at].run]
    }

    /// How many places of a run should be taken.
    fn wanted(&self, at: usize, dice: &mut Dice) -> i64 {
        let run = self.run(at);
        let share = |low, high, dice: &mut Dice| run.capacity * dice.between(low, high) / 100;
        match run.fill {
            Fill::Empty => 0,
            Fill::Free => share(33, 55, dice).max(1),
            Fill::Few => run.capacity - dice.between(1, 3).min(run.capacity),
            Fill::Full => run.capacity,
            Fill::Started | Fill::Past => share(60, 85, dice),
        }
    }

    /// Whether somebody may have a place on a run, by the same rules as on the site.
    fn may_come(&self, at: usize, person: usize) -> bool {
        let (plan, who) = (&self.planned[at], &self.people[person]);
        let course = &self.catalogue.course[plan.course];
        let under_16 = dates::age_on(who.born, plan.first_day()) < 16;
        let right_age = match course.audience.as_str() {
            "adults" | "carers" | "volunteers" => !under_16,
            "under-16s" => under_16,
            _ => true,
        };
        let let_in =
            who.volunteer || !(self.run(at).volunteers_only || course.audience == "volunteers");
        let joined_in_time = who.joined + TimeDelta::minutes(10) < plan.starts_at().min(self.now);
        let free = self.of_person[person]
            .iter()
            .all(|other| *other != at && !self.planned[*other].clashes_with(plan));
        right_age && let_in && joined_in_time && free
    }

    /// What those one can sign in as have booked: something to come, something gone by, something cancelled.
    fn own_bookings(&mut self, dice: &mut Dice) -> Result<()> {
        for person in 0..self.people.len() {
            let who = &self.people[person];
            if who.sign_in.is_none() {
                break;
            }
            if !who.verified {
                continue;
            }
            let volunteer = who.volunteer;
            let (mut past, mut coming, mut cancelled) = (0, 0, 0);
            for at in 0..self.planned.len() {
                let (run, plan) = (self.run(at), &self.planned[at]);
                let wait = plan.starts_at() - self.now;
                let room = matches!(run.fill, Fill::Free | Fill::Few) && !run.closed;
                if plan.ends_at() < self.now && past < 2 && self.may_come(at, person) {
                    past += 1;
                    self.book(at, person, past == 1, "booked", dice)?;
                } else if room
                    && run.volunteers_only == volunteer
                    && wait > TimeDelta::days(5)
                    && self.may_come(at, person)
                {
                    let new_course = self.of_person[person]
                        .iter()
                        .all(|o| self.planned[*o].course != plan.course);
                    if coming < 3 && new_course {
                        coming += 1;
                        self.book(at, person, coming == 1, "booked", dice)?;
                    } else if cancelled < 1 && new_course {
                        cancelled += 1;
                        self.book(at, person, false, "cancelled", dice)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn fill_run(&mut self, at: usize, wanted: i64, dice: &mut Dice) -> Result<()> {
        let id = self.planned[at].id;
        let mut taken = self
            .made
            .iter()
            .filter(|b| b.run == id && b.status != "cancelled")
            .map(|b| b.people.len())
            .sum::<usize>();
        let wanted = usize::try_from(wanted).unwrap_or_default();
        let begun = self.planned[at].starts_at() < self.now;
        let mut order: Vec<usize> = (0..self.people.len())
            .filter(|p| self.people[*p].sign_in.is_none())
            .collect();
        dice.shuffle(&mut order);
        // Those with fewest bookings first, so that everybody has one.
        order.sort_by_key(|person| self.of_person[*person].len().min(2));
        let mut gave_up = dice.below(3);
        for person in order {
            if taken >= wanted && gave_up == 0 {
                break;
            }
            if !self.may_come(at, person) {
                continue;
            }
            if taken < wanted {
                let stopped = begun && dice.chance(15);
                let two = wanted - taken >= 2;
                let status = if stopped { "stopped" } else { "booked" };
                taken += self.book(at, person, two, status, dice)?;
            } else if wanted > 0 && dice.chance(10) {
                self.book(at, person, false, "cancelled", dice)?;
                gave_up -= 1;
            }
        }
        Ok(())
    }

    /// Up to four people wait for a place on a run that is full.
    fn wait(&mut self, at: usize, dice: &mut Dice) {
        let plan = &self.planned[at];
        let full = self.run(at).fill == Fill::Full && !self.run(at).closed;
        // Nearer the start the list would have been called by now.
        if !full || plan.starts_at() < self.now + TimeDelta::days(2) {
            return;
        }
        let mut joined = self.now - TimeDelta::days(dice.between(4, 9));
        for _ in 0..dice.between(1, 4) {
            let mut person = dice.below(self.people.len());
            // The next who may come and has an account of their own.
            for _ in 0..self.people.len() {
                let who = &self.people[person];
                let fits = who.sign_in.is_none() && who.verified && who.joined < joined;
                if fits && who.account.is_some() && self.may_come(at, person) {
                    break;
                }
                person = (person + 1) % self.people.len();
            }
            let Some(account) = self.people[person]
                .account
                .filter(|_| self.may_come(at, person))
            else {
                return;
            };
            self.of_person[person].push(at);
            self.waiting.push(Waiting {
                run: plan.id,
                person,
                account,
                joined,
            });
            joined += TimeDelta::minutes(dice.between(90, 1400));
        }
    }

    /// Whoever this person cares for, if they may come to this run, too.
    fn cared_for(&self, at: usize, person: usize) -> Option<usize> {
        (0..self.people.len())
            .find(|other| self.people[*other].carer == Some(person) && self.may_come(at, *other))
    }

    /// Books one place, or with `two` a second one for whoever they care for; says how many.
    fn book(
        &mut self,
        at: usize,
        person: usize,
        two: bool,
        status: &'static str,
        dice: &mut Dice,
    ) -> Result<usize> {
        let (plan, who) = (&self.planned[at], &self.people[person]);
        let mut people = vec![person];
        people.extend(self.cared_for(at, person).filter(|_| two));
        let latest = plan.starts_at().min(self.now);
        let joined = people.iter().map(|at| self.people[*at].joined).max();
        let earliest = joined
            .unwrap_or(who.joined)
            .max(latest - TimeDelta::days(80))
            .min(latest);
        let moment = |from: DateTime<Utc>, to: DateTime<Utc>, dice: &mut Dice| {
            from + TimeDelta::seconds(dice.between(0, (to - from).num_seconds().max(0)))
        };
        let made = moment(earliest, latest, dice);
        let ended = match status {
            "cancelled" => Some(moment(made, latest, dice)),
            "stopped" => Some(moment(latest, self.now.min(plan.ends_at()), dice)),
            _ => None,
        };
        let mut reference = reference(dice);
        while !self.references.insert(reference.clone()) {
            reference = self::reference(dice);
        }
        let carer = who.carer.and_then(|carer| self.people[carer].account);
        let account = who.account.or(carer);
        let by_phone = account.is_none() || (who.sign_in.is_none() && dice.chance(8));
        self.made.push(Booking {
            id: random::id(made)?,
            reference,
            run: plan.id,
            people: people.clone(),
            account,
            status,
            channel: if by_phone { "phone" } else { "website" },
            made,
            ended,
        });
        let places = people.len();
        if status != "cancelled" {
            for person in people {
                self.of_person[person].push(at);
            }
        }
        Ok(places)
    }
}

/// A reference such as "WB-7K4-2MQ".
fn reference(dice: &mut Dice) -> String {
    loop {
        let bytes: Vec<u8> = (0..24)
            .filter_map(|_| u8::try_from(dice.below(256)).ok())
            .collect();
        if let Some(reference) = rules::reference(&bytes) {
            return reference;
        }
    }
}
