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
    /// Whether its codes come by text, and not from an app.
    pub by_text: bool,
    /// Of whoever works here: until when training and papers are good.
    #[sqlx(flatten)]
    pub papers: PaperDays,
}

/// Days as the database keeps them; `staff::papers` reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct PaperDays {
    /// Training in looking after people's data.
    pub data_training_until: Option<String>,
    /// The agreement to keep what one reads to oneself.
    pub confidentiality_until: Option<String>,
    /// The Disclosure and Barring Service's check.
    pub dbs_until: Option<String>,
}

impl Who {
    /// Whether they may book what is for volunteers.
    pub fn is_volunteer(&self) -> bool {
        self.roles.has(Role::Volunteer)
    }

    /// Whether codes by text are not enough any more, as they do more here than lead courses.
    pub fn needs_app(&self) -> bool {
        self.by_text && self.roles.need_app()
    }
}
