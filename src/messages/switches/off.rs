//! The switches of a real site: there are none.

/// No guard can be switched off.
#[derive(Debug, Default)]
pub struct Switches;

#[expect(clippy::unused_self, reason = "the same shape as in a rehearsal")]
impl Switches {
    /// Never.
    pub const fn is_lease_off(&self) -> bool {
        false
    }

    /// Never.
    pub const fn crashes_after_sending(&self) -> bool {
        false
    }
}
