//! What an account may do beyond booking for its own people.

use chrono::TimeDelta;

/// A role. It is a grant on an account (`role_grant`); several on one account add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May book what is for volunteers. The one role that opens no desk.
    Volunteer,
    /// Gives courses: sees who comes to their own.
    Tutor,
    /// Plans the courses of a provider organisation: sees who comes to those.
    Coordinator,
    /// Runs courses and bookings.
    CourseAdmin,
    /// Answers enquiries.
    Enquiries,
    /// Writes newsletters and surveys.
    Communications,
    /// Looks after rights requests, retention and the audit.
    DataProtection,
    /// Passes referrals to the right team.
    Triage,
    /// Works for a partner organisation: sees what was handed to it.
    PodPartner,
    /// Reads concerns and incidents.
    Safeguarding,
    /// Reads published reports.
    Commissioner,
    /// Looks after staff accounts and settings.
    Owner,
}

impl Role {
    /// Every role, in the order in which people are shown them.
    pub const ALL: [Self; 12] = [
        Self::Owner,
        Self::CourseAdmin,
        Self::Tutor,
        Self::Coordinator,
        Self::Enquiries,
        Self::Communications,
        Self::DataProtection,
        Self::Triage,
        Self::PodPartner,
        Self::Safeguarding,
        Self::Commissioner,
        Self::Volunteer,
    ];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::Tutor => "tutor",
            Self::Coordinator => "coordinator",
            Self::CourseAdmin => "course-admin",
            Self::Enquiries => "enquiries",
            Self::Communications => "communications",
            Self::DataProtection => "data-protection",
            Self::Triage => "triage",
            Self::PodPartner => "pod-partner",
            Self::Safeguarding => "safeguarding",
            Self::Commissioner => "commissioner",
            Self::Owner => "owner",
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Volunteer => "Volunteer",
            Self::Tutor => "Tutor",
            Self::Coordinator => "Provider’s coordinator",
            Self::CourseAdmin => "Course admin",
            Self::Enquiries => "Enquiries officer",
            Self::Communications => "Communications officer",
            Self::DataProtection => "Data protection officer",
            Self::Triage => "Hub triage worker",
            Self::PodPartner => "Pod partner",
            Self::Safeguarding => "Safeguarding lead",
            Self::Commissioner => "Commissioner",
            Self::Owner => "Owner",
        }
    }

    /// The role with this word.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The roles of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u16);

/// A desk that nobody uses is closed after this long.
const DESK_IDLE: TimeDelta = TimeDelta::minutes(15);
/// A register lies open through a session: for those who have nothing else than registers.
const REGISTER_IDLE: TimeDelta = TimeDelta::hours(2);

impl Roles {
    /// Whether this one is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// The first of `roles` that is among them.
    pub fn first_of(self, roles: &[Role]) -> Option<Role> {
        roles.iter().copied().find(|role| self.has(*role))
    }

    /// Each of them, in the order of [`Role::ALL`].
    pub fn each(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }

    /// Whether somebody with these works here: any role but the volunteer's.
    pub const fn are_staff(self) -> bool {
        self.0 & !Role::Volunteer.bit() != 0
    }

    /// Whether leading courses is all that somebody with these does here.
    pub const fn only_tutor(self) -> bool {
        self.0 & !Role::Volunteer.bit() == Role::Tutor.bit()
    }

    /// Whether somebody with these needs an app for the second step: codes by text are for those who only lead courses.
    pub const fn need_app(self) -> bool {
        self.are_staff() && !self.only_tutor()
    }

    /// How long their device may lie unused; `None` for members, for whom the members' times count.
    pub const fn idle(self) -> Option<TimeDelta> {
        let registers = Role::Volunteer.bit() | Role::Tutor.bit() | Role::Coordinator.bit();
        if !self.are_staff() {
            None
        } else if self.0 & !registers == 0 {
            Some(REGISTER_IDLE)
        } else {
            Some(DESK_IDLE)
        }
    }

    /// As the database keeps several together: their words with spaces between them.
    pub fn words(self) -> String {
        self.each().map(Role::name).collect::<Vec<_>>().join(" ")
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |all, role| all | role.bit()))
    }
}

/// From words with spaces between them. A word that is no role (any more) gives nothing.
impl From<String> for Roles {
    fn from(words: String) -> Self {
        words.split(' ').filter_map(Role::of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn roles_come_back_from_their_words() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.name()), Some(role));
        }
        let both: Roles = [Role::Tutor, Role::Owner].into_iter().collect();
        assert_eq!(Roles::from(both.words()), both);
        assert_eq!(Roles::from("wizard".to_owned()), Roles::default());
    }

    #[rstest]
    #[case("tutor", true)]
    #[case("tutor volunteer", true)]
    #[case("", false)]
    #[case("volunteer", false)]
    #[case("coordinator", false)]
    #[case("tutor coordinator", false)]
    #[case("tutor owner", false)]
    fn whoever_only_leads_courses(#[case] roles: &str, #[case] only: bool) {
        assert_eq!(Roles::from(roles.to_owned()).only_tutor(), only);
    }

    #[rstest]
    #[case("", None)]
    #[case("volunteer", None)]
    #[case("tutor", Some(120))]
    #[case("tutor volunteer", Some(120))]
    #[case("coordinator", Some(120))]
    #[case("tutor course-admin", Some(15))]
    #[case("owner", Some(15))]
    fn a_device_may_lie_unused_for_minutes(#[case] roles: &str, #[case] minutes: Option<i64>) {
        let roles = Roles::from(roles.to_owned());
        assert_eq!(roles.idle().map(|idle| idle.num_minutes()), minutes);
        assert_eq!(roles.are_staff(), minutes.is_some());
    }
}
