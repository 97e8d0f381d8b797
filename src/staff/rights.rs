//! Rights: what opens a desk, and who has it. One type each; `Desk<TheRight>` is the guard.

use crate::accounts::roles::Role;

/// A right, and the roles that have it.
pub trait Right: Send + Sync + 'static {
    /// The guard's name in the authorisation table.
    const NAME: &'static str;
    /// Who has it. Of several roles that somebody has, the first here is the one in the record.
    const ROLES: &'static [Role];
    /// Whether other people's data is shown: then training and papers must be in date.
    const PERSONAL: bool;
}

macro_rules! rights {
    ($($(#[$about:meta])* $right:ident = $name:literal, $personal:literal, [$($role:ident),*];)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $right;

        impl Right for $right {
            const NAME: &'static str = $name;
            const ROLES: &'static [Role] = &[$(Role::$role),*];
            const PERSONAL: bool = $personal;
        }
    )*

        /// Every right: its name, who has it, and whether it opens other people's data.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[Role], bool)] = &[$(($name, &[$(Role::$role),*], $personal)),*];
    };
}

rights! {
    /// To come in: the page from which the desks are reached.
    Enter = "desk", false, [
        Owner, CourseAdmin, Tutor, Coordinator, Enquiries, Communications, DataProtection, Triage, PodPartner, Safeguarding,
        Commissioner
    ];
    /// To look after staff accounts. It shows colleagues' names and addresses, and stays open all the same when papers are overdue:
    /// somebody must be able to write down that they were renewed, their own among them.
    StaffAccounts = "desk: staff", false, [Owner];
    /// To search the audit.
    Audit = "desk: audit", true, [DataProtection, Owner];
    /// To look after requests about people's own data.
    Requests = "desk: requests", true, [DataProtection, Owner];
    /// To run courses and bookings.
    Courses = "desk: courses", true, [CourseAdmin];
    /// To look after who gives courses: tutors and other organisations, with their coordinators and accounts.
    Teaching = "desk: teaching", true, [CourseAdmin, Owner];
    /// To read how people found the courses.
    Feedback = "desk: feedback", true, [CourseAdmin, Communications];
    /// To see the team's reports and publish them: what people said of their ethnic group is opened and counted for it.
    Reports = "desk: reports", true, [CourseAdmin, Owner];
    /// To read what was published.
    PublishedReports = "desk: published reports", false, [CourseAdmin, Owner, Commissioner];
    /// To see who comes to one's own runs.
    Registers = "desk: registers", true, [Tutor, Coordinator];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stays open when training or papers are overdue, and why.
    const OPEN: [(&str, &str); 3] = [
        (Enter::NAME, "shows nobody but themselves"),
        (
            StaffAccounts::NAME,
            "is where the new dates are written down",
        ),
        (PublishedReports::NAME, "shows numbers that were published"),
    ];

    #[test]
    fn every_right_needs_papers_in_date_or_it_is_known_why_not() {
        for (name, roles, personal) in ALL {
            let reason = OPEN.iter().find(|(open, _)| open == name);
            assert_ne!(*personal, reason.is_some(), "{name}");
            assert!(!roles.is_empty(), "{name}: nobody has it");
        }
    }
}
