//! Who is signed in.

use uuid::Uuid;

use super::roles::{Role, Roles};

/// The account behind a signed-in device, with the person it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Who {
    /// The device (a browser that is signed in).
    pub device_id: Uuid,
    /// The account that signed in.
    pub account_id: Uuid,
    /// The person it stands for (`representation` of kind `self`).
    pub person_id: Uuid,
    /// What to call them: the preferred name, or else the full name.
    pub name: String,
    /// The sign-in address.
    pub email: String,
    /// Whether that address has been confirmed.
    pub verified: bool,
    /// What they may do here besides booking.
    #[sqlx(try_from = "String")]
    pub roles: Roles,
    /// Whether a second step is asked for when they sign in.
    pub two_step: bool,
}

impl Who {
    /// Whether they may book what is for volunteers.
    pub fn is_volunteer(&self) -> bool {
        self.roles.has(Role::Volunteer)
    }
}
