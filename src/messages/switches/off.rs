//! The switches of a real site: there are none.

/// No guard can be switched off.
#[derive(Debug, Default)]
pub struct Switches(());

impl Switches {
    /// Never.
    pub const fn is_lease_off(&self) -> bool {
        false
    }

    /// Never.
    pub const fn crashes_after_sending(&self) -> bool {
        false
    }

    /// Never.
    #[expect(clippy::unused_self, reason = "called like the one of a rehearsal")]
    pub(super) const fn panic_if_asked(&self) {}
}
