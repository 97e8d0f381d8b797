//! The run in plain vectors: what a careful person with paper and a pencil would keep.

use chrono::{DateTime, TimeDelta, Utc};
use wellbeing_courses::bookings::waiting::{Windows, answer_by};

use super::PEOPLE;

/// Somebody on the model's list.
#[derive(Clone, Debug)]
struct Waits {
    who: usize,
    pair: bool,
    /// Whether `who` has booked alone since, and the other waits on in the same turn.
    other_alone: bool,
    status: &'static str,
    /// Which of the model's kept places they are offered.
    offer: Option<usize>,
    called: bool,
}

impl Waits {
    fn stands(&self) -> bool {
        matches!(self.status, "waiting" | "offered")
    }
}

/// A place, or two, kept until then.
#[derive(Clone, Debug)]
struct Keeps {
    places: i64,
    until: DateTime<Utc>,
    over: bool,
}

/// Who comes by one booking: `who`, whoever they care for, or both.
#[derive(Clone, Debug)]
struct Booked {
    who: usize,
    own: bool,
    other: bool,
}

/// See above.
pub struct Plain {
    windows: Windows,
    pub now: DateTime<Utc>,
    starts_at: DateTime<Utc>,
    capacity: i64,
    called_off: bool,
    /// Who has died.
    gone: Vec<bool>,
    booked: Vec<Booked>,
    list: Vec<Waits>,
    kept: Vec<Keeps>,
    /// How many offers each was sent, and how many times they were told that one is over.
    told: Vec<(i64, i64)>,
    /// Whether a free place is for whoever comes first, waiting list or not: the control.
    careless: bool,
}

fn size(pair: bool) -> i64 {
    1 + i64::from(pair)
}

impl Plain {
    pub fn new(
        windows: Windows,
        now: DateTime<Utc>,
        starts_at: DateTime<Utc>,
        capacity: i64,
        careless: bool,
    ) -> Self {
        Self {
            windows,
            now,
            starts_at,
            capacity,
            called_off: false,
            gone: vec![false; PEOPLE],
            booked: Vec::new(),
            list: Vec::new(),
            kept: Vec::new(),
            told: vec![(0, 0); PEOPLE],
            careless,
        }
    }

    fn last_call(&self) -> bool {
        self.now >= self.starts_at - TimeDelta::hours(6)
    }

    /// It has one session of two hours.
    fn is_over(&self) -> bool {
        self.now >= self.starts_at + TimeDelta::hours(2)
    }

    pub fn taken(&self) -> i64 {
        let come = |one: &Booked| i64::from(one.own) + i64::from(one.other);
        self.booked.iter().map(come).sum()
    }

    fn live(&self, place: usize) -> bool {
        !self.kept[place].over && self.kept[place].until > self.now
    }

    pub fn held(&self) -> i64 {
        let live = (0..self.kept.len()).filter(|place| self.live(*place));
        live.map(|place| self.kept[place].places).sum()
    }

    fn on_list(&self, who: usize) -> Option<usize> {
        self.list
            .iter()
            .position(|one| one.who == who && !one.other_alone && one.stands())
    }

    /// The entries of `who`, and with `pair` those of whoever they care for.
    fn own(&self, who: usize, pair: bool) -> Vec<usize> {
        let is_own = |one: &Waits| one.who == who && (pair || !one.other_alone) && one.stands();
        (0..self.list.len())
            .filter(|at| is_own(&self.list[*at]))
            .collect()
    }

    fn waiting(&self) -> usize {
        self.list
            .iter()
            .filter(|one| one.status == "waiting")
            .count()
    }

    /// Why they can neither book nor wait, if so.
    fn refused(&self, who: usize, pair: bool) -> Option<&'static str> {
        let theirs = |one: &Booked| one.who == who && (one.own || (pair && one.other));
        if self.booked.iter().any(theirs) {
            Some("has one")
        } else if self.called_off {
            Some("called off")
        } else if self.now >= self.starts_at {
            Some("started")
        } else if self.gone[who] {
            Some("died")
        } else {
            None
        }
    }

    pub fn book(&mut self, who: usize, pair: bool) -> &'static str {
        if let Some(why) = self.refused(who, pair) {
            return why;
        }
        let own = self.own(who, pair);
        let mut places: Vec<usize> = own.iter().filter_map(|at| self.list[*at].offer).collect();
        places.retain(|place| self.live(*place));
        places.dedup();
        let kept: i64 = places.iter().map(|place| self.kept[*place].places).sum();
        let own_waits = own.iter().filter(|at| self.list[**at].status == "waiting");
        let others_wait = self.waiting() > own_waits.count();
        if kept < size(pair) && others_wait && !self.last_call() && !self.careless {
            return "full";
        }
        if self.taken() + self.held() - kept + size(pair) > self.capacity {
            return "full";
        }
        self.booked.push(Booked {
            who,
            own: true,
            other: pair,
        });
        let mut stays = false;
        for at in own {
            let one = &mut self.list[at];
            one.offer = None;
            if one.pair && !pair {
                (one.status, one.pair, one.other_alone) = ("waiting", false, true);
                stays = true;
            } else {
                one.status = "booked";
            }
        }
        for place in places {
            self.kept[place].over = true;
            for other in &mut self.list {
                if other.status == "offered" && other.offer == Some(place) {
                    (other.status, other.offer) = ("waiting", None);
                    self.told[other.who].1 += 1;
                }
            }
        }
        let vacant = self.capacity - self.taken() - self.held();
        if others_wait || stays {
            for one in self.list.iter_mut().filter(|one| size(one.pair) > vacant) {
                one.called = false;
            }
        }
        "booked"
    }

    pub fn cancel(&mut self, who: usize) -> &'static str {
        let Some(at) = self.booked.iter().position(|one| one.who == who) else {
            return "nothing";
        };
        if self.is_over() {
            return "over";
        }
        self.booked.remove(at);
        "cancelled"
    }

    pub fn join(&mut self, who: usize, pair: bool) -> &'static str {
        if let Some(why) = self.refused(who, pair) {
            return why;
        }
        if !self.own(who, pair).is_empty() {
            return "already";
        }
        let nobody = self.waiting() == 0 || self.last_call();
        if nobody && self.taken() + self.held() + size(pair) <= self.capacity {
            return "free";
        }
        self.list.push(Waits {
            who,
            pair,
            other_alone: false,
            status: "waiting",
            offer: None,
            called: false,
        });
        "joined"
    }

    pub fn leave(&mut self, who: usize) -> &'static str {
        let Some(at) = self.on_list(who) else {
            return "nothing";
        };
        self.list[at].status = "left";
        self.let_go(at);
        "left"
    }

    /// Nothing is offered to this entry any more, and what was kept for it alone is free.
    fn let_go(&mut self, at: usize) {
        if let Some(place) = self.list[at].offer.take()
            && !self.list.iter().any(|one| one.offer == Some(place))
        {
            self.kept[place].over = true;
        }
    }

    pub fn call_off(&mut self) -> &'static str {
        if self.called_off {
            return "nothing";
        }
        if self.now >= self.starts_at {
            return "past";
        }
        self.called_off = true;
        "called off"
    }

    /// They give up their place and their turn; whoever they care for keeps theirs.
    pub fn die(&mut self, who: usize) {
        self.gone[who] = true;
        if self.called_off || self.is_over() {
            return;
        }
        for one in self.booked.iter_mut().filter(|one| one.who == who) {
            one.own = false;
        }
        self.booked.retain(|one| one.own || one.other);
        let Some(at) = self.on_list(who) else {
            return;
        };
        let one = &mut self.list[at];
        if one.pair {
            (one.status, one.pair, one.other_alone) = ("waiting", false, true);
        } else {
            one.status = "left";
        }
        self.let_go(at);
    }

    pub fn capacity(&mut self, places: i64) -> &'static str {
        if places < (self.taken() + self.held()).max(1) {
            return "too few";
        }
        self.capacity = places;
        "changed"
    }

    pub fn settle(&mut self) {
        let last_call = self.starts_at - TimeDelta::hours(6);
        if self.called_off || self.now >= self.starts_at {
            for one in &mut self.list {
                if matches!(one.status, "waiting" | "offered") {
                    (one.status, one.offer) = ("over", None);
                }
            }
            for place in &mut self.kept {
                place.over = true;
            }
            return;
        }
        for one in &mut self.list {
            let Some(place) = one.offer.filter(|_| one.status == "offered") else {
                continue;
            };
            let until = self.kept[place].until;
            if until > self.now {
                continue;
            }
            one.offer = None;
            if until < last_call {
                one.status = "lapsed";
                self.told[one.who].1 += 1;
            } else {
                one.status = "waiting";
            }
        }
        let mut vacant = self.capacity - self.taken() - self.held();
        if self.now >= last_call {
            for one in &mut self.list {
                if one.status == "waiting" && !one.called && size(one.pair) <= vacant {
                    one.called = true;
                    self.told[one.who].0 += 1;
                }
            }
            return;
        }
        let at_once = if self.starts_at - self.now <= TimeDelta::days(10) {
            3
        } else {
            1
        };
        let fits = |one: &Waits, room: i64| one.status == "waiting" && size(one.pair) <= room;
        let new = self.kept.len();
        while let Some(at) = self.list.iter().position(|one| fits(one, vacant)) {
            self.keep(at, self.kept.len());
            vacant -= size(self.list[at].pair);
            self.kept.push(Keeps {
                places: size(self.list[at].pair),
                until: answer_by(self.now, self.starts_at, &self.windows),
                over: false,
            });
        }
        for _ in 1..at_once {
            for place in new..self.kept.len() {
                let room = self.kept[place].places;
                if let Some(at) = self.list.iter().position(|one| fits(one, room)) {
                    self.keep(at, place);
                }
            }
        }
        // What is free beyond that is for those who share a place, before anybody else.
        let mut seen = Vec::new();
        for at in 0..self.list.len() {
            let one = &self.list[at];
            let Some(place) = one
                .offer
                .filter(|place| *place < new && one.status == "offered")
            else {
                continue;
            };
            let places = size(one.pair);
            if seen.contains(&place) && places <= vacant {
                vacant -= places;
                let until = self.kept[place].until;
                self.list[at].offer = Some(self.kept.len());
                self.kept.push(Keeps {
                    places,
                    until,
                    over: false,
                });
            } else {
                seen.push(place);
            }
        }
    }

    fn keep(&mut self, at: usize, place: usize) {
        let one = &mut self.list[at];
        (one.status, one.offer) = ("offered", Some(place));
        self.told[one.who].0 += 1;
    }

    pub fn statuses(&self) -> Vec<String> {
        self.list.iter().map(|one| one.status.to_owned()).collect()
    }

    /// How often each was told; nothing of whoever has died, whose messages were stopped unless they were sent already.
    pub fn told(&self) -> Vec<(i64, i64)> {
        let all = self.told.iter().zip(&self.gone);
        all.map(|(told, gone)| if *gone { (0, 0) } else { *told })
            .collect()
    }

    pub fn gone(&self, who: usize) -> bool {
        self.gone[who]
    }
}
