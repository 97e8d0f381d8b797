//! The switches of a real site: there are none.

/// No guard can be switched off.
#[derive(Debug, Default)]
pub struct Switches(());

/// Never.
pub(super) const fn forgets() -> bool {
    false
}

impl Switches {
    /// Never.
    pub const fn oversell(&self) -> bool {
        false
    }

    /// Never.
    pub const fn stale_dates(&self) -> bool {
        false
    }

    /// Its own words.
    pub const fn attendees(&self, own: &'static str) -> &'static str {
        own
    }

    /// Nothing to wait for.
    #[expect(clippy::unused_async, reason = "the same shape as in a rehearsal")]
    pub async fn wait(&self) {}
}
