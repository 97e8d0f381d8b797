//! How fast a provider wants to be asked.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

const MINUTE: Duration = Duration::from_mins(1);

/// Lets one message after another through, evenly, and never more than so many a minute. Each process keeps its own.
#[derive(Debug)]
pub(super) struct Pace(Option<Mutex<Interval>>);

impl Pace {
    /// At most so many a minute; none is as fast as the provider answers. Needs tokio's clock.
    pub(super) fn new(most_a_minute: Option<NonZeroU32>) -> Self {
        Self(most_a_minute.map(|most| {
            let mut ticks = interval(MINUTE / most.get());
            // Time in which nothing was sent is not made up for.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Mutex::new(ticks)
        }))
    }

    /// Waits for the next turn. Giving up the wait takes no turn.
    pub(super) async fn turn(&self) {
        if let Some(ticks) = &self.0 {
            ticks.lock().await.tick().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn no_more_go_than_are_wanted_even_after_a_pause() {
        let pace = Pace::new(NonZeroU32::new(3000));
        // Only that it never took less: it may always take longer.
        let at_least = async |turns: u32| {
            let begun = Instant::now();
            for _ in 0..turns {
                pace.turn().await;
            }
            assert!(begun.elapsed() >= Duration::from_millis(20) * (turns - 1));
        };
        at_least(5).await;
        std::thread::sleep(Duration::from_millis(200));
        at_least(5).await;
    }

    #[tokio::test]
    async fn without_a_limit_nobody_waits() {
        use futures::FutureExt as _;
        let pace = Pace::new(None);
        for _ in 0..1000 {
            assert_eq!(pace.turn().now_or_never(), Some(()));
        }
    }
}
