//! Staff accounts: who works here, what they may do, and how somebody leaves.

pub mod handlers;
pub(super) mod pages;
pub mod review;
pub mod store;

pub use handlers::routes;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::papers::Papers;
use crate::accounts::emails::To;
use crate::accounts::roles::{Role, Roles};
use crate::privacy::requests;

/// The roles that can be given now: those whose desk there is.
pub const OFFERED: [Role; 6] = [
    Role::Owner,
    Role::CourseAdmin,
    Role::Tutor,
    Role::Communications,
    Role::DataProtection,
    Role::Commissioner,
];

/// Somebody who works here.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Their account.
    pub account_id: Uuid,
    /// Who they are.
    pub person_id: Uuid,
    /// Their full name.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What they may do.
    pub roles: Roles,
    /// Training and papers.
    pub papers: Papers,
    /// Whether the second step is set up.
    pub two_step: bool,
    /// Whether its codes come by text, and not from an app.
    pub by_text: bool,
    /// When they were last here.
    pub seen_at: Option<DateTime<Utc>>,
    /// The tutor they are, and what that is called.
    pub tutor_id: Option<Uuid>,
    /// See [`Self::tutor_id`].
    pub tutor: Option<String>,
}

impl Worker {
    /// Whether codes by text are not enough any more: see [`crate::accounts::model::Who::needs_app`].
    pub const fn needs_app(&self) -> bool {
        self.by_text && self.roles.need_app()
    }

    /// Whom we write to.
    pub fn to(&self) -> To<'_> {
        To {
            email: &self.email,
            known_as: &self.name,
            person_id: Some(self.person_id),
        }
    }
}

/// What somebody who leaves has to hand over.
#[derive(Clone, Debug, Default)]
pub struct HandOver {
    /// The runs that they lead.
    pub runs: Vec<store::RunToHandOver>,
    /// The sessions of others' runs that they lead.
    pub sessions: Vec<store::SessionToHandOver>,
    /// The organisations that nobody else coordinates.
    pub organisations: Vec<store::Coordinated>,
    /// The open requests about people's data that they look after.
    pub requests: Vec<requests::Own>,
}

/// What became of a change to somebody's roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Yes,
    /// They are the only owner: somebody must be able to look after staff accounts.
    LastOwner,
    /// They do not work here (any more).
    NotHere,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is not offered on the page of roles, and why.
    const NOT_OFFERED: [(Role, &str); 6] = [
        (Role::Coordinator, "is given on the page of an organisation"),
        (Role::Enquiries, "has no desk of its own yet"),
        (Role::Triage, "there are no pods yet"),
        (Role::PodPartner, "there are no pods yet"),
        (Role::Safeguarding, "has no desk of its own yet"),
        (Role::Volunteer, "is given on a person’s page"),
    ];

    #[test]
    fn every_role_can_be_given_or_it_is_known_why_not() {
        for role in Role::ALL {
            let reason = NOT_OFFERED.iter().find(|(not, _)| *not == role);
            assert_ne!(OFFERED.contains(&role), reason.is_some(), "{role:?}");
        }
    }

    #[test]
    fn whoever_has_a_desk_of_their_own_can_be_given_it() {
        for (name, roles, _) in crate::staff::rights::ALL {
            let comes_in = *name == "desk";
            for role in roles.iter().filter(|role| **role != Role::Coordinator) {
                assert!(comes_in || OFFERED.contains(role), "{role:?}: {name}");
            }
        }
    }
}
