//! Who we reach, in groups. Counts of people cannot be printed: the one way out of a [`Breakdown`] is
//! [`Breakdown::suppressed`], and what comes out no longer holds them.
//!
//! The rule: below 5 is "Fewer than 5", nobody included; everything else is rounded to the nearest 5. No total is given
//! with them, so that no small number is left over from a subtraction.

use serde::{Deserialize, Serialize};

/// Below this a number is not shown.
const LEAST: u64 = 5;

/// Groups that are too small to be named, together.
const OTHERS: &str = "All others";

/// Exact counts of people, which cannot be shown:
///
/// ```compile_fail
/// let exact = wellbeing_courses::reports::Breakdown::counted("Age", &["16 to 24"], ["16 to 24"]);
/// println!("{exact:?}");
/// ```
///
/// ```compile_fail
/// let exact = wellbeing_courses::reports::Breakdown::counted("Age", &["16 to 24"], ["16 to 24"]);
/// serde_json::to_string(&exact);
/// ```
///
/// ```
/// let exact = wellbeing_courses::reports::Breakdown::counted("Age", &["16 to 24"], ["16 to 24"]);
/// println!("{:?}", exact.suppressed());
/// ```
pub struct Breakdown {
    about: String,
    /// How many of the groups, from the first, are there whoever comes.
    fixed: usize,
    groups: Vec<(String, u64)>,
}

/// The same when it may be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// What the groups are of: "Age".
    pub about: String,
    /// Each group with its words.
    pub groups: Vec<(String, Shown)>,
}

/// A number of people that may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// Fewer than 5; perhaps nobody.
    Few,
    /// To the nearest 5.
    About(u64),
}

impl Shown {
    /// "Fewer than 5", "45".
    pub fn words(self) -> String {
        match self {
            Self::Few => format!("Fewer than {LEAST}"),
            Self::About(n) => n.to_string(),
        }
    }

    /// A number of people, as far as it may be seen.
    pub fn of(n: u64) -> Self {
        if n < LEAST {
            Self::Few
        } else {
            Self::About((n + LEAST / 2) / LEAST * LEAST)
        }
    }
}

impl Breakdown {
    /// Counts people by the group of each. The groups of `order` are shown even when nobody is in them.
    pub fn counted<S: AsRef<str>>(
        about: &str,
        order: &[&str],
        people: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut groups: Vec<(String, u64)> =
            order.iter().map(|group| ((*group).to_owned(), 0)).collect();
        for person in people {
            let group = person.as_ref();
            match groups.iter_mut().find(|(own, _)| own == group) {
                Some((_, count)) => *count += 1,
                None => groups.push((group.to_owned(), 1)),
            }
        }
        // By name: their order must not tell how many they are.
        groups[order.len()..].sort();
        Self {
            about: about.to_owned(),
            fixed: order.len(),
            groups,
        }
    }

    /// What may be seen of it. A group that is not one of the fixed ones is named only when there are enough people in it:
    /// that it is there at all would say that somebody is.
    pub fn suppressed(self) -> Suppressed {
        let (mut groups, mut others) = (Vec::new(), 0);
        let open = self.groups.len() > self.fixed;
        for (at, (group, n)) in self.groups.into_iter().enumerate() {
            if at >= self.fixed && n < LEAST {
                others += n;
            } else {
                groups.push((group, Shown::of(n)));
            }
        }
        if open {
            groups.push((OTHERS.to_owned(), Shown::of(others)));
        }
        Suppressed {
            about: self.about,
            groups,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Compiles only while a [`Breakdown`] has none of these.
    macro_rules! has_none_of {
        ($($way:path),*) => {$({
            trait Either<A> {
                fn chosen() {}
            }
            struct Other;
            impl<T: ?Sized> Either<()> for T {}
            impl<T: ?Sized + $way> Either<Other> for T {}
            let () = <Breakdown as Either<_>>::chosen();
        })*};
    }

    #[test]
    fn exact_counts_have_no_way_onto_a_page_or_into_a_file() {
        has_none_of!(
            std::fmt::Debug,
            std::fmt::Display,
            serde::Serialize,
            Clone,
            leptos::prelude::IntoView
        );
    }

    #[test]
    fn a_small_group_that_is_not_always_there_is_not_named() {
        let people = ["BA1"; 7].into_iter().chain(["ZE1", "BA2", "BA2"]);
        let shown = Breakdown::counted("Postcode", &["Not known"], people).suppressed();
        let few = Shown::Few;
        let groups = [
            ("Not known", few),
            ("BA1", Shown::About(5)),
            ("All others", few),
        ];
        let expected: Vec<_> = groups.map(|(group, n)| (group.to_owned(), n)).into();
        assert_eq!(shown.groups, expected);
    }

    fn shown(n: u64) -> Shown {
        let people = (0..n).map(|_| "a");
        Breakdown::counted("x", &["a"], people).suppressed().groups[0].1
    }

    #[test]
    fn below_five_is_not_said_and_the_rest_is_rounded() {
        let words: Vec<_> = [0, 1, 4, 5, 7, 8, 12, 13].map(|n| shown(n).words()).into();
        let few = "Fewer than 5";
        assert_eq!(words, [few, few, few, "5", "5", "10", "10", "15"]);
    }

    proptest! {
        #[test]
        fn no_number_of_people_is_told_from_what_is_shown(n in 0_u64..10_000) {
            let alike = (n.saturating_sub(5)..n + 5).filter(|other| shown(*other) == shown(n)).count();
            prop_assert!(alike >= 3, "{n} is one of {alike}");
            if let Shown::About(about) = shown(n) {
                prop_assert!(n >= 5 && about % 5 == 0 && about.abs_diff(n) <= 2);
            }
        }
    }
}
