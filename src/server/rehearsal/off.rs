//! The switches of a real site: there are none.

/// No guard can be switched off.
#[derive(Debug, Default)]
pub struct Switches;

impl Switches {
    /// Never.
    #[expect(clippy::unused_self, reason = "the same shape as in a rehearsal")]
    pub const fn oversell(&self) -> bool {
        false
    }

    /// Nothing to wait for.
    #[expect(
        clippy::unused_async,
        clippy::unused_self,
        reason = "the same shape as in a rehearsal"
    )]
    pub async fn wait(&self) {}
}
