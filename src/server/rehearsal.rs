//! Switches for tests, in builds with the feature `rehearsal` alone: each takes one guard away, so that a
//! proof can show that it would have noticed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::AssertSqlSafe;

/// The guards that can be switched off.
#[derive(Debug, Default)]
pub struct Switches {
    oversell: AtomicBool,
    stale_dates: AtomicBool,
    forget: AtomicBool,
    attendees: Mutex<Option<(&'static str, &'static str)>>,
}

tokio::task_local! {
    /// There while a request is answered whose writes are forgotten.
    static FORGETS: ();
}

/// Whether the request in hand is answered as if its transaction were committed, though it is not.
pub(super) fn forgets() -> bool {
    FORGETS.try_with(|()| ()).is_ok()
}

/// Does `work` and forgets what it writes.
pub(crate) async fn forgetting<T>(work: impl Future<Output = T>) -> T {
    FORGETS.scope((), work).await
}

impl Switches {
    /// Whether places are taken by read, wait, write instead of by one conditional update.
    pub fn oversell(&self) -> bool {
        self.oversell.load(Ordering::Relaxed)
    }

    /// Switches that on or off.
    pub fn set_oversell(&self, on: bool) {
        self.oversell.store(on, Ordering::Relaxed);
    }

    /// Whether a booking is made though the run's dates have changed since they were read.
    pub fn stale_dates(&self) -> bool {
        self.stale_dates.load(Ordering::Relaxed)
    }

    /// Switches that on or off.
    pub fn set_stale_dates(&self, on: bool) {
        self.stale_dates.store(on, Ordering::Relaxed);
    }

    /// Whether bookings are answered without being committed.
    pub(crate) fn forgets_bookings(&self) -> bool {
        self.forget.load(Ordering::Relaxed)
    }

    /// Switches that on or off.
    pub fn set_forget_bookings(&self, on: bool) {
        self.forget.store(on, Ordering::Relaxed);
    }

    /// The statement that reads people for a tutor: its own words, or with a part of them swapped.
    pub fn attendees(&self, own: &'static str) -> AssertSqlSafe<String> {
        let swapped = self.attendees.lock();
        AssertSqlSafe(match *swapped.unwrap_or_else(PoisonError::into_inner) {
            Some((part, other)) => own.replace(part, other),
            None => own.to_owned(),
        })
    }

    /// Lets that statement say `other` where it says `part`, or what it says itself again.
    pub fn swap_in_attendees(&self, swap: Option<(&'static str, &'static str)>) {
        let swapped = self.attendees.lock();
        *swapped.unwrap_or_else(PoisonError::into_inner) = swap;
    }

    /// The wait between reading and writing, in which somebody else takes the place, or changes the run.
    pub async fn wait(&self) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
