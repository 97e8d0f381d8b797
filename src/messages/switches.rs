//! Switches for tests, in builds with the feature `rehearsal` alone: each takes one of the outbox's guards away,
//! so that a proof can show that it would have noticed.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The guards that can be switched off.
#[derive(Debug, Default)]
pub struct Switches {
    lease_off: AtomicBool,
    crash: AtomicBool,
    panics: AtomicU32,
}

impl Switches {
    /// Whether another worker's lease is taken over.
    pub fn is_lease_off(&self) -> bool {
        self.lease_off.load(Ordering::Relaxed)
    }

    /// Switches that on or off.
    pub fn set_lease_off(&self, off: bool) {
        self.lease_off.store(off, Ordering::Relaxed);
    }

    /// Whether the worker dies now, after sending and before noting it. Once.
    pub fn crashes_after_sending(&self) -> bool {
        self.crash.swap(false, Ordering::Relaxed)
    }

    /// Lets the next worker die there.
    pub fn crash_after_sending(&self) {
        self.crash.store(true, Ordering::Relaxed);
    }

    /// Lets the next `times` workers that have something to send panic.
    pub fn panic_at_work(&self, times: u32) {
        self.panics.store(times, Ordering::Relaxed);
    }

    /// How many of those panics are still to come.
    pub fn panics_left(&self) -> u32 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Panics, if that was asked for.
    pub(super) fn panic_if_asked(&self) {
        let less = |left: u32| left.checked_sub(1);
        let order = Ordering::Relaxed;
        assert!(
            self.panics.fetch_update(order, order, less).is_err(),
            "a rehearsal asked for this panic"
        );
    }
}
