//! One round: new runs, everybody asks for many things at once, trouble comes, everything comes to rest, and the checker
//! judges. Nothing of a round is kept but its figures, so a history may go on for as long as one likes.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::StatusCode;
use tokio::task::JoinSet;

use super::check::{Broken, Excused, Promise, RunMade, Story, broken};
use super::client::Client;
use super::dice::dice;
use super::record::{Asked, Event, Recorder, Told};
use super::scene::{PEOPLE, Scene};
use super::trouble::Trouble;
use super::{found, post};
use crate::support::smtp::Mood;

/// After a trouble the site heals itself within so long.
const HEALED: Duration = Duration::from_secs(5);

/// Every letter leaves within so long.
const LETTERS_LEAVE: Duration = Duration::from_mins(2);
/// Nobody alive has the same letters in hand for so long.
const KILLED: Duration = Duration::from_secs(3);

/// What a round is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    pub people: usize,
    /// How many things each of them asks for.
    pub asks: usize,
    /// How many places each run has, and how much later it starts.
    pub runs: Vec<(usize, TimeDelta)>,
    /// What goes wrong, one after the other.
    pub troubles: Vec<Trouble>,
}

impl Plan {
    /// Everybody, on a run with few places far away, one that is near (offers are shared) and one at last call.
    /// Where clocks jump, all are far away.
    pub fn with(troubles: Vec<Trouble>) -> Self {
        let near = if troubles.contains(&Trouble::Clocks) {
            [TimeDelta::days(70), TimeDelta::days(80)]
        } else {
            [TimeDelta::days(9), TimeDelta::hours(3)]
        };
        Self {
            people: PEOPLE,
            asks: 12,
            runs: vec![
                (5, TimeDelta::days(60)),
                (12, TimeDelta::days(50)),
                (6, near[0]),
                (3, near[1]),
            ],
            troubles,
        }
    }
}

/// The figures of one or more rounds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub rounds: usize,
    pub asked: usize,
    pub booked: usize,
    pub cancelled: usize,
    pub joined: usize,
    pub taken: usize,
    pub refused: usize,
    pub unknown: usize,
    pub letters: usize,
    pub troubles: usize,
}

impl Tally {
    fn of(events: &[Event]) -> Self {
        let count =
            |what: &dyn Fn(&Event) -> bool| events.iter().filter(|event| what(event)).count();
        let booked = |told: &Told| matches!(told, Told::Booked(_));
        Self {
            rounds: 1,
            asked: events.len(),
            booked: count(&|e| booked(&e.told) && matches!(e.asked, Asked::Book { .. })),
            cancelled: count(&|e| e.told == Told::Cancelled),
            joined: count(&|e| matches!(e.told, Told::OnList(_))),
            taken: count(&|e| booked(&e.told) && matches!(e.asked, Asked::Take { .. })),
            refused: count(&|e| e.told == Told::Full),
            unknown: count(&|e| e.told.is_unknown()),
            letters: 0,
            troubles: 0,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.asked += other.asked;
        self.booked += other.booked;
        self.cancelled += other.cancelled;
        self.joined += other.joined;
        self.taken += other.taken;
        self.refused += other.refused;
        self.unknown += other.unknown;
        self.letters += other.letters;
        self.troubles += other.troubles;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rounds,
            asked,
            booked,
            cancelled,
            joined,
            taken,
            refused,
            unknown,
            letters,
            troubles,
        } = self;
        write!(
            f,
            "{rounds} rounds, {troubles} troubles, {asked} asked: {booked} booked, {taken} offers taken, {cancelled} \
             cancelled, {joined} on a list, {refused} full, {unknown} not told; {letters} letters"
        )
    }
}

/// Plays a round and judges it.
pub async fn play(scene: &Arc<Scene>, plan: &Plan, seed: u64, number: u64) -> (Tally, Vec<Broken>) {
    scene.forget_excuses();
    let runs = Arc::new(scene.runs(&plan.runs).await);
    let recorder = Arc::new(Recorder::of(plan.people * plan.asks));
    let mut clients = JoinSet::new();
    for (n, person) in scene.people.iter().take(plan.people).enumerate() {
        let client = Client {
            scene: scene.clone(),
            recorder: recorder.clone(),
            person: person.clone(),
            dice: dice(seed, number, 1 + n as u64),
        };
        clients.spawn(client.live(runs.clone(), plan.asks));
    }
    strike(scene, plan, &recorder, &mut dice(seed, number, 0)).await;
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
    rest(scene, &runs).await;
    judge(scene, plan, &runs, &recorder.take()).await
}

/// Lets each trouble come after a part of the answers.
async fn strike(
    scene: &Arc<Scene>,
    plan: &Plan,
    recorder: &Arc<Recorder>,
    dice: &mut fastrand::Rng,
) {
    let part = plan.people * plan.asks / (plan.troubles.len() + 1);
    for (n, trouble) in plan.troubles.iter().enumerate() {
        recorder.answers(n * part + dice.usize(1..=part)).await;
        trouble.strike(scene, recorder, dice).await;
    }
}

/// Waits until nothing more happens: every list is settled and every letter sent. What waits for a time of day gets it,
/// but never while a worker may have a letter in hand: its lease would end, and another would send the letter, too.
async fn rest(scene: &Scene, runs: &[RunMade]) {
    scene.post.set(Mood::Takes);
    let db = scene.db().await;
    let until = Instant::now() + LETTERS_LEAVE;
    let (mut seen, mut since) = (Vec::new(), Instant::now());
    let mut nothing = 0;
    // Twice: settling may have written letters.
    while nothing < 2 {
        settle(scene, runs).await;
        let (waiting, now) = (found::letters_waiting(&db).await, scene.now());
        if waiting.is_empty() {
            nothing += 1;
            continue;
        }
        nothing = 0;
        assert!(
            Instant::now() < until,
            "{} letters never leave",
            waiting.len()
        );
        if waiting != seen {
            (seen, since) = (waiting, Instant::now());
            continue;
        }
        let in_hand = waiting.iter().any(|one| one.is_in_hand(now));
        let killed = scene.again() > 0 && since.elapsed() > KILLED;
        if (!in_hand || killed) && waiting.iter().all(|one| one.due() > now) {
            let first = waiting.iter().map(found::Waiting::due).min().unwrap_or(now);
            scene.forward((first - now).num_seconds() + 1).await;
        } else {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    db.close().await;
}

/// Looks at the page of each list, which brings it up to date.
async fn settle(scene: &Scene, runs: &[RunMade]) {
    for run in runs {
        let url = format!("{}{}", scene.nodes[0].origin, Scene::path(run.id, "wait"));
        let until = Instant::now() + HEALED;
        loop {
            let request = scene.http.get(&url);
            let cookie = format!("sid={}", scene.people[0].token);
            let answer = request.header("cookie", cookie).send().await.unwrap();
            match answer.status() {
                StatusCode::OK | StatusCode::SEE_OTHER => break,
                // A connection to a database that was restarted is found broken once.
                StatusCode::SERVICE_UNAVAILABLE if Instant::now() < until => {}
                status => panic!("after the trouble: {status}; {}", scene.nodes[0].says()),
            }
        }
    }
}

async fn judge(
    scene: &Scene,
    plan: &Plan,
    runs: &[RunMade],
    events: &[Event],
) -> (Tally, Vec<Broken>) {
    let db = scene.db().await;
    let found = found::read_all(&db, runs).await;
    let (taken, refused) = scene.post.collect();
    let letters: Vec<_> = taken.iter().map(post::read).collect();
    let people: BTreeMap<_, _> = scene
        .people
        .iter()
        .map(|p| (p.id, p.email.clone()))
        .collect();
    let story = Story {
        events,
        runs,
        people: &people,
        found: &found,
        letters: &letters,
        excused: Excused {
            again: scene.again(),
            refused,
        },
    };
    let broken = broken(&story);
    if !broken.is_empty() {
        write_down(&story, &broken);
    }
    found::put_away(&db, runs).await;
    db.close().await;
    let tally = Tally {
        letters: letters.len(),
        troubles: plan.troubles.len(),
        ..Tally::of(events)
    };
    (tally, broken)
}

/// Keeps the whole story of a round in which something was broken.
fn write_down(story: &Story<'_>, broken: &[Broken]) {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("history.txt");
    let events: Vec<String> = story
        .events
        .iter()
        .map(|event| format!("{event:?}"))
        .collect();
    let words = format!(
        "{broken:#?}\n\n{}\n\n{:#?}\n\n{:#?}",
        events.join("\n"),
        story.found,
        story.letters
    );
    drop(std::fs::write(&path, words));
    println!("history: the whole story is in {}", path.display());
}

/// Plays a round in which no promise may be broken.
pub async fn must_hold(scene: &Arc<Scene>, plan: &Plan, seed: u64, number: u64) -> Tally {
    let (tally, broken) = play(scene, plan, seed, number).await;
    none_broken(scene, plan, seed, number, &broken);
    tally
}

/// Ends the test when a promise was broken in this round, and says how.
pub fn none_broken(scene: &Scene, plan: &Plan, seed: u64, number: u64, broken: &[Broken]) {
    let said: Vec<String> = broken.iter().take(12).map(ToString::to_string).collect();
    assert!(
        broken.is_empty(),
        "seed {seed}, round {number} ({:?}): {} broken promises\n{}\n{}",
        plan.troubles,
        broken.len(),
        said.join("\n"),
        scene.nodes[0].says(),
    );
}

/// Plays a round in which this promise must be broken, and the checker must see it.
pub async fn must_break(scene: &Arc<Scene>, plan: &Plan, seed: u64, promise: Promise) {
    let (tally, broken) = play(scene, plan, seed, 0).await;
    let seen = broken.iter().any(|broken| broken.promise == promise);
    assert!(
        seen,
        "nobody saw that {promise:?} was broken: {tally}; {broken:?}"
    );
}
