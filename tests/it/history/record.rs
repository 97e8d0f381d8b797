//! What people asked for and what they were told, in the order in which it happened.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

/// A moment: larger is later. Not a time of day, so no clock that is moved can disturb it.
pub type Tick = u64;

/// What somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A place. The same form twice has the same number.
    Book { form: u64 },
    /// To cancel the booking with this number.
    Cancel { reference: String },
    /// To see that booking.
    Look { reference: String },
    /// To wait for a place.
    Join,
    /// To leave the list.
    Leave { entry: Uuid },
    /// The place that they are offered.
    Take { entry: Uuid },
    /// Not to have what they are offered.
    Decline { entry: Uuid },
}

/// What they were told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// They have a place, with this number.
    Booked(String),
    /// They had one before, with this number.
    Already(String),
    /// No place is free.
    Full,
    /// The booking is cancelled.
    Cancelled,
    /// It was cancelled before.
    Ended,
    /// The booking stands.
    Stands,
    /// There is no such booking, or no such entry on the list.
    NotThere,
    /// They are on the list, with this entry.
    OnList(Uuid),
    /// A place is free: no need to wait.
    PlaceFree,
    /// Done: they left the list, or said no.
    Done,
    /// There is nothing to take.
    Gone,
    /// Nobody knows whether it was done.
    Unknown(Why),
    /// It never reached the site.
    NotSent,
    /// Something that nobody should be told.
    Odd(String),
}

/// Why nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The connection broke.
    Broken,
    /// 503, with the time to try again.
    Busy,
}

impl Told {
    /// Whether it may have been done although nobody was told.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// One thing that somebody asked for, with what they were told.
#[derive(Clone, Debug)]
pub struct Event {
    /// The person.
    pub who: Uuid,
    pub run: Uuid,
    pub asked: Asked,
    pub told: Told,
    /// When they asked.
    pub from: Tick,
    /// When they were told.
    pub to: Tick,
}

/// Writes down what happens in one round. It holds no more than the round's clients can ask.
#[derive(Debug)]
pub struct Recorder {
    ticks: AtomicU64,
    events: Mutex<Vec<Event>>,
    answers: watch::Sender<usize>,
    busy: watch::Sender<usize>,
    /// So many answers are sure to come.
    sure: usize,
}

/// A trouble that nobody notices (everybody left only looks), or in which everybody waits for it to be over, ends after so long.
const UNNOTICED: Duration = Duration::from_secs(10);

impl Recorder {
    /// For a round with so many questions.
    pub fn of(sure: usize) -> Self {
        Self {
            ticks: AtomicU64::new(1),
            events: Mutex::default(),
            answers: watch::Sender::new(0),
            busy: watch::Sender::new(0),
            sure,
        }
    }

    /// The next moment.
    pub fn tick(&self) -> Tick {
        self.ticks.fetch_add(1, Ordering::SeqCst)
    }

    /// Somebody asked at `from` and is told now.
    pub fn told(&self, who: Uuid, run: Uuid, asked: Asked, told: Told, from: Tick) {
        let busy = told == Told::Unknown(Why::Busy);
        let event = Event {
            who,
            run,
            asked,
            told,
            from,
            to: self.tick(),
        };
        self.events.lock().unwrap().push(event);
        self.answers.send_modify(|n| *n += 1);
        if busy {
            self.busy.send_modify(|n| *n += 1);
        }
    }

    /// Waits for the answer with this number, or for the last that is sure to come.
    pub async fn answers(&self, number: usize) {
        let (mut answers, number) = (self.answers.subscribe(), number.min(self.sure));
        drop(answers.wait_for(|n| *n >= number).await);
    }

    /// Waits, in a trouble, for so many more answers, or for the last that is sure to come.
    pub async fn answers_more(&self, more: usize) {
        let now = *self.answers.borrow();
        drop(tokio::time::timeout(UNNOTICED, self.answers(now + more)).await);
    }

    /// Waits until somebody more is told to try again in a moment.
    pub fn somebody_is_told_to_wait(&self) -> impl Future<Output = ()> {
        let mut busy = self.busy.subscribe();
        let before = *busy.borrow();
        async move {
            drop(tokio::time::timeout(UNNOTICED, busy.wait_for(|n| *n > before)).await);
        }
    }

    /// Everything, in the order in which people were told.
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}
