//! Random histories of one run against a model of it in plain vectors (goal R7). The model knows nothing of rows, locks
//! or transactions; after each step both must tell the same.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;
use wellbeing_courses::bookings::waiting::{JoinOutcome, Windows, answer_by, join, leave, settle};
use wellbeing_courses::bookings::{
    BookOutcome, CancelOutcome, CapacityOutcome, Request, book, cancel, recount, set_capacity,
};
use wellbeing_courses::read;

use super::world::{self, Member, RunSpec};
use crate::support::{Site, TestClock};

/// So many people, each of whom may bring whoever they care for.
const PEOPLE: usize = 7;
/// How many steps a history has at most.
pub const STEPS: usize = 50;
/// How many histories each database gets in `make test`: 500 in all.
const HISTORIES: u32 = 250;

#[derive(Clone, Copy, Debug)]
enum Step {
    Book { who: usize, pair: bool },
    Cancel { who: usize },
    Join { who: usize, pair: bool },
    Leave { who: usize },
    Capacity { places: i64 },
    Later { minutes: i64 },
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    let pair = proptest::bool::weighted(0.3);
    prop_oneof![
        4 => (who.clone(), pair).prop_map(|(who, pair)| Step::Book { who, pair }),
        3 => who.clone().prop_map(|who| Step::Cancel { who }),
        4 => (who.clone(), pair).prop_map(|(who, pair)| Step::Join { who, pair }),
        1 => who.prop_map(|who| Step::Leave { who }),
        1 => (1_i64..6).prop_map(|places| Step::Capacity { places }),
        2 => prop_oneof![1_i64..90, 60_i64..3000, Just(24 * 60)].prop_map(|minutes| Step::Later { minutes }),
        1 => Just(Step::Sweep),
    ]
}

/// When it starts after the history begins, how many places it has, and what happens.
fn history() -> impl Strategy<Value = (i64, i64, Vec<Step>)> {
    let starts = prop_oneof![2_i64..10, 20_i64..60, 100_i64..400];
    (
        starts,
        1_i64..4,
        proptest::collection::vec(step(), 1..STEPS),
    )
}

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

/// The run, in plain vectors.
struct Plain {
    windows: Windows,
    now: DateTime<Utc>,
    starts_at: DateTime<Utc>,
    capacity: i64,
    booked: Vec<(usize, bool)>,
    list: Vec<Waits>,
    kept: Vec<Keeps>,
    offers: i64,
    told_over: i64,
    /// Whether a free place is for whoever comes first, waiting list or not: the control.
    careless: bool,
}

fn size(pair: bool) -> i64 {
    1 + i64::from(pair)
}

impl Plain {
    fn last_call(&self) -> bool {
        self.now >= self.starts_at - TimeDelta::hours(6)
    }

    fn taken(&self) -> i64 {
        self.booked.iter().map(|(_, pair)| size(*pair)).sum()
    }

    fn live(&self, place: usize) -> bool {
        !self.kept[place].over && self.kept[place].until > self.now
    }

    fn held(&self) -> i64 {
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

    fn has_place(&self, who: usize) -> bool {
        self.booked.iter().any(|(other, _)| *other == who)
    }

    fn book(&mut self, who: usize, pair: bool) -> &'static str {
        if self.has_place(who) {
            return "has one";
        }
        if self.now >= self.starts_at {
            return "started";
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
        self.booked.push((who, pair));
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
                    self.told_over += 1;
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

    fn cancel(&mut self, who: usize) -> &'static str {
        let Some(at) = self.booked.iter().position(|(other, _)| *other == who) else {
            return "nothing";
        };
        if self.now >= self.starts_at + TimeDelta::hours(2) {
            return "over";
        }
        self.booked.remove(at);
        "cancelled"
    }

    fn join(&mut self, who: usize, pair: bool) -> &'static str {
        if self.has_place(who) {
            return "has one";
        }
        if self.now >= self.starts_at {
            return "started";
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

    fn leave(&mut self, who: usize) -> &'static str {
        let Some(at) = self.on_list(who) else {
            return "nothing";
        };
        self.list[at].status = "left";
        if let Some(place) = self.list[at].offer.take()
            && !self.list.iter().any(|one| one.offer == Some(place))
        {
            self.kept[place].over = true;
        }
        "left"
    }

    fn capacity(&mut self, places: i64) -> &'static str {
        if places < (self.taken() + self.held()).max(1) {
            return "too few";
        }
        self.capacity = places;
        "changed"
    }

    fn settle(&mut self) {
        let last_call = self.starts_at - TimeDelta::hours(6);
        if self.now >= self.starts_at {
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
                self.told_over += 1;
            } else {
                one.status = "waiting";
            }
        }
        let mut vacant = self.capacity - self.taken() - self.held();
        if self.now >= last_call {
            for one in &mut self.list {
                if one.status == "waiting" && !one.called && size(one.pair) <= vacant {
                    one.called = true;
                    self.offers += 1;
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
        self.offers += 1;
    }

    fn statuses(&self) -> Vec<String> {
        self.list.iter().map(|one| one.status.to_owned()).collect()
    }
}

/// The people of every history, on the real site.
struct Cast {
    members: Vec<(Member, Uuid)>,
    course: world::Made,
}

/// A run on the real site, with what its people hold.
struct Real<'a> {
    site: &'a Site,
    cast: &'a Cast,
    run: Uuid,
    references: Vec<Option<String>>,
}

impl Real<'_> {
    fn request(&self, who: usize, pair: bool) -> Request {
        let (member, other) = &self.cast.members[who];
        let mut request = member.request(self.run);
        if pair {
            request.people.push(*other);
        }
        request
    }

    async fn book(&mut self, who: usize, pair: bool) -> &'static str {
        match book(&self.site.app, &self.request(who, pair))
            .await
            .unwrap()
        {
            BookOutcome::Booked(booked) => {
                self.references[who] = Some(booked.reference);
                "booked"
            }
            BookOutcome::AlreadyBooked(_) => "has one",
            BookOutcome::Full => "full",
            BookOutcome::Started => "started",
            other => panic!("{other:?}"),
        }
    }

    async fn cancel(&mut self, who: usize) -> &'static str {
        let Some(reference) = &self.references[who] else {
            return "nothing";
        };
        let account = self.cast.members[who].0.account;
        match cancel(&self.site.app, account, reference).await.unwrap() {
            CancelOutcome::Cancelled => {
                self.references[who] = None;
                "cancelled"
            }
            CancelOutcome::Over => "over",
            other => panic!("{other:?}"),
        }
    }

    async fn join(&self, who: usize, pair: bool) -> &'static str {
        match join(&self.site.app, &self.request(who, pair))
            .await
            .unwrap()
        {
            JoinOutcome::Joined(_) => "joined",
            JoinOutcome::Already(_) => "already",
            JoinOutcome::PlaceFree => "free",
            JoinOutcome::Refused(BookOutcome::AlreadyBooked(_)) => "has one",
            JoinOutcome::Refused(BookOutcome::Started) => "started",
            other @ JoinOutcome::Refused(_) => panic!("{other:?}"),
        }
    }

    async fn leave(&self, who: usize) -> &'static str {
        let person = self.cast.members[who].0.person;
        let entry: Option<Uuid> = read!(self.site.app.db, |c| {
            Ok(sqlx::query_scalar(
                "SELECT entry_id FROM waiting_person WHERE run_id = $1 AND person_id = $2 AND active",
            )
            .bind(self.run)
            .bind(person)
            .fetch_optional(&mut *c)
            .await?)
        })
        .unwrap();
        let Some(entry) = entry else {
            return "nothing";
        };
        if leave(&self.site.app, self.run, entry).await.unwrap() {
            "left"
        } else {
            "nothing"
        }
    }

    async fn capacity(&self, places: i64) -> &'static str {
        match set_capacity(&self.site.app, self.run, places, None)
            .await
            .unwrap()
        {
            CapacityOutcome::Changed => "changed",
            CapacityOutcome::TooFew { .. } => "too few",
            CapacityOutcome::TooMany { .. } => panic!("it is in no room"),
            CapacityOutcome::NoSuchRun => panic!("it is there"),
        }
    }

    /// How the entries stand in order, the places taken by rows, and the places kept now.
    async fn state(&self, now: DateTime<Utc>) -> (Vec<String>, i64, i64) {
        read!(self.site.app.db, |c| {
            let statuses: Vec<String> = sqlx::query_scalar(
                "SELECT status FROM waiting_entry WHERE run_id = $1 ORDER BY turn",
            )
            .bind(self.run)
            .fetch_all(&mut *c)
            .await?;
            let taken: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM place WHERE run_id = $1 AND status = 'active'",
            )
            .bind(self.run)
            .fetch_one(&mut *c)
            .await?;
            let held: i64 = sqlx::query_scalar(
                "SELECT CAST(COALESCE(SUM(places), 0) AS BIGINT) FROM offered_place \
                 WHERE run_id = $1 AND released_at IS NULL AND expires_at > $2",
            )
            .bind(self.run)
            .bind(now)
            .fetch_one(&mut *c)
            .await?;
            Ok((statuses, taken, held))
        })
        .unwrap()
    }

    /// How many offers were sent, and how many times somebody was told that one is over.
    async fn told(&self) -> (i64, i64) {
        let (offers, entries): (Vec<Uuid>, Vec<Uuid>) = read!(self.site.app.db, |c| {
            let offers = sqlx::query_scalar("SELECT id FROM place_offer WHERE run_id = $1")
                .bind(self.run)
                .fetch_all(&mut *c)
                .await?;
            let entries = sqlx::query_scalar("SELECT id FROM waiting_entry WHERE run_id = $1")
                .bind(self.run)
                .fetch_all(&mut *c)
                .await?;
            Ok((offers, entries))
        })
        .unwrap();
        let (mut sent, mut over) = (0, 0);
        for id in offers {
            sent += self.caused(format!("offer:{id}")).await;
            over += self.caused(format!("offer:{id}:gone")).await;
        }
        for id in entries {
            over += self.caused(format!("waiting:{id}:lapsed")).await;
        }
        (sent, over)
    }

    async fn caused(&self, cause: String) -> i64 {
        read!(self.site.app.db, |c| {
            Ok(
                sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE cause = $1")
                    .bind(&cause)
                    .fetch_one(&mut *c)
                    .await?,
            )
        })
        .unwrap()
    }
}

/// One history on both; the first difference, if there is one.
async fn play(
    site: &Site,
    cast: &Cast,
    (hours, capacity, steps): (i64, i64, Vec<Step>),
    careless: bool,
) -> Result<(), String> {
    site.clock.set(TestClock::start());
    let spec = RunSpec {
        capacity,
        starts_in: TimeDelta::hours(hours),
        sessions: 1,
        ..RunSpec::default()
    };
    let made = world::another_run(site, cast.course.course_id, &cast.course.slug, &spec).await;
    let mut real = Real {
        site,
        cast,
        run: made.id,
        references: vec![None; PEOPLE],
    };
    let mut plain = Plain {
        windows: Windows::new(&site.app.config).unwrap(),
        now: site.app.clock.now(),
        starts_at: made.starts_at,
        capacity,
        booked: Vec::new(),
        list: Vec::new(),
        kept: Vec::new(),
        offers: 0,
        told_over: 0,
        careless,
    };
    for (n, step) in steps.into_iter().enumerate() {
        if !matches!(step, Step::Later { .. }) {
            plain.settle();
        }
        let (expected, found) = match step {
            Step::Book { who, pair } => (plain.book(who, pair), real.book(who, pair).await),
            Step::Cancel { who } => (plain.cancel(who), real.cancel(who).await),
            Step::Join { who, pair } => (plain.join(who, pair), real.join(who, pair).await),
            Step::Leave { who } => (plain.leave(who), real.leave(who).await),
            Step::Capacity { places } => (plain.capacity(places), real.capacity(places).await),
            Step::Later { minutes } => {
                site.clock.forward(TimeDelta::minutes(minutes));
                plain.now = site.app.clock.now();
                // Perhaps a sweep comes, perhaps none: what follows must be right by the clock alone.
                continue;
            }
            Step::Sweep => ("", ""),
        };
        if expected != found {
            return Err(format!(
                "step {n}, {step:?}: the model says {expected}, the site {found}"
            ));
        }
        plain.settle();
        settle(&site.app, real.run).await.unwrap();
        let expected = (plain.statuses(), plain.taken(), plain.held());
        let found = real.state(plain.now).await;
        if expected != found {
            return Err(format!(
                "after step {n}, {step:?}: the model has {expected:?}, the site {found:?}"
            ));
        }
    }
    let told = real.told().await;
    if told != (plain.offers, plain.told_over) {
        return Err(format!(
            "the model told {:?}, the site {told:?}",
            (plain.offers, plain.told_over)
        ));
    }
    Ok(())
}

/// Plays so many histories; the shortest that differs is told.
async fn compare(site: &Site, how_many: u32, careless: bool) -> Result<(), String> {
    let course = world::run(site, RunSpec::default()).await;
    let mut members = Vec::new();
    for member in world::members(site, PEOPLE).await {
        let other = world::cared_for(site, member.account, "Tom Ashdown").await;
        members.push((member, other));
    }
    let cast = Cast { members, course };
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let config = Config {
            cases: how_many,
            failure_persistence: None,
            max_shrink_iters: if careless { 0 } else { 400 },
            ..Config::default()
        };
        TestRunner::new(config)
            .run(&history(), |history| {
                handle
                    .block_on(play(site, &cast, history, careless))
                    .map_err(TestCaseError::fail)
            })
            .map_err(|error| error.to_string())
    })
}

/// So many histories end as the model says, and every counter is what the rows say.
pub async fn histories(site: &Site, how_many: u32) {
    if let Err(difference) = compare(site, how_many, false).await {
        panic!("{difference}");
    }
    assert_eq!(recount(&site.app.db).await.unwrap(), []);
}

on_both! {
    async fn random_histories_end_as_the_plain_model_says(site: Site) {
        histories(&site, HISTORIES).await;
    }

    async fn a_model_in_which_others_slip_in_is_found_out(site: Site) {
        let difference = compare(&site, HISTORIES, true).await;
        assert!(difference.is_err_and(|words| words.contains("the model")));
    }
}
