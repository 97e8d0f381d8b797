//! Switches for tests, in builds with the feature `rehearsal` alone: each takes one guard away, so that a
//! proof can show that it would have noticed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The guards that can be switched off.
#[derive(Debug, Default)]
pub struct Switches {
    oversell: AtomicBool,
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

    /// The wait between reading and writing, in which somebody else takes the place.
    pub async fn wait(&self) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
