//! Who has earned a certificate, without I/O.

use crate::registers::attendance::Cell;

/// So many of every hundred sessions that took place somebody has to come to.
pub const SHARE: usize = 75;

/// How many of `of` sessions it takes, rounded up.
pub const fn needed(of: usize) -> usize {
    (of * SHARE).div_ceil(100)
}

/// How somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The last session is not over.
    ToCome,
    /// The run was called off.
    NotGoingAhead,
    /// They came to enough of the sessions.
    Earned {
        /// So many.
        came: usize,
        /// Of so many.
        of: usize,
    },
    /// Some sessions are not marked, and with those it may be enough.
    Waits {
        /// So many, as far as it is marked.
        came: usize,
        /// Of so many.
        of: usize,
    },
    /// As [`Self::Waits`], and no tutor will mark them any more: only the course team can.
    AskUs {
        /// So many, as far as it is marked.
        came: usize,
        /// Of so many.
        of: usize,
    },
    /// They came to fewer.
    TooFew {
        /// So many.
        came: usize,
        /// Of so many.
        of: usize,
    },
}

impl Standing {
    /// Of a run that `is_over`, or was called off, from what is known of each of its sessions. A session that was called off is
    /// not among them; one that is still to come does not count. One that was over before they joined counts, and nobody came.
    pub fn of(is_called_off: bool, is_over: bool, cells: &[Cell]) -> Self {
        if is_called_off {
            return Self::NotGoingAhead;
        }
        if !is_over {
            return Self::ToCome;
        }
        let count = |cell| cells.iter().filter(|own| **own == cell).count();
        let of = cells.len() - count(Cell::ToCome);
        let (came, open) = (count(Cell::Came), count(Cell::NotMarked));
        let needed = needed(of);
        if of > 0 && came >= needed {
            Self::Earned { came, of }
        } else if came + open >= needed {
            Self::Waits { came, of }
        } else {
            Self::TooFew { came, of }
        }
    }

    /// The same, where a tutor may still mark them or may not.
    #[must_use]
    pub const fn marked_by_tutor(self, may_be: bool) -> Self {
        match self {
            Self::Waits { came, of } if !may_be => Self::AskUs { came, of },
            other => other,
        }
    }

    /// How many they came to, of how many, if it is enough.
    pub const fn earned(self) -> Option<(usize, usize)> {
        match self {
            Self::Earned { came, of } => Some((came, of)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    /// "c" came, "n" did not come, "a" apologies, "?" not marked, "b" before they joined, "-" to come.
    fn cells(line: &str) -> Vec<Cell> {
        line.chars()
            .map(|letter| match letter {
                'c' => Cell::Came,
                'n' => Cell::DidNotCome,
                'a' => Cell::Apologies,
                '?' => Cell::NotMarked,
                'b' => Cell::BeforeJoined,
                _ => Cell::ToCome,
            })
            .collect()
    }

    #[rstest]
    #[case(1, 1)]
    #[case(2, 2)]
    #[case(3, 3)]
    #[case(4, 3)]
    #[case(5, 4)]
    #[case(6, 5)]
    #[case(8, 6)]
    #[case(10, 8)]
    #[case(12, 9)]
    fn three_of_four_sessions_are_enough(#[case] of: usize, #[case] want: usize) {
        assert_eq!(needed(of), want);
    }

    #[rstest]
    // One session, two sessions: the same rule.
    #[case("c", Standing::Earned { came: 1, of: 1 })]
    #[case("n", Standing::TooFew { came: 0, of: 1 })]
    #[case("cc", Standing::Earned { came: 2, of: 2 })]
    #[case("cn", Standing::TooFew { came: 1, of: 2 })]
    #[case("c?", Standing::Waits { came: 1, of: 2 })]
    // Three of four, and an apology is not a session that they came to.
    #[case("cccn", Standing::Earned { came: 3, of: 4 })]
    #[case("ccca", Standing::Earned { came: 3, of: 4 })]
    #[case("ccaa", Standing::TooFew { came: 2, of: 4 })]
    // What is not marked decides only if it can.
    #[case("ccc?", Standing::Earned { came: 3, of: 4 })]
    #[case("cc?n", Standing::Waits { came: 2, of: 4 })]
    #[case("c?nn", Standing::TooFew { came: 1, of: 4 })]
    #[case("??????", Standing::Waits { came: 0, of: 6 })]
    // What was over before they joined is a session, and not one to wait for.
    #[case("bccc", Standing::Earned { came: 3, of: 4 })]
    #[case("bcc?", Standing::Waits { came: 2, of: 4 })]
    #[case("bbcc", Standing::TooFew { came: 2, of: 4 })]
    // Six sessions of which one was called off are five.
    #[case("ccccn", Standing::Earned { came: 4, of: 5 })]
    #[case("cccnn", Standing::TooFew { came: 3, of: 5 })]
    fn whoever_came_to_enough_has_earned_it(#[case] line: &str, #[case] want: Standing) {
        assert_eq!(Standing::of(false, true, &cells(line)), want);
    }

    #[rstest]
    #[case("cc?n", true, Standing::Waits { came: 2, of: 4 })]
    #[case("cc?n", false, Standing::AskUs { came: 2, of: 4 })]
    #[case("ccc?", false, Standing::Earned { came: 3, of: 4 })]
    #[case("c?nn", false, Standing::TooFew { came: 1, of: 4 })]
    fn whoever_no_tutor_marks_asks_us(
        #[case] line: &str,
        #[case] may_be: bool,
        #[case] want: Standing,
    ) {
        let standing = Standing::of(false, true, &cells(line));
        assert_eq!(standing.marked_by_tutor(may_be), want);
        assert_eq!(Standing::ToCome.marked_by_tutor(may_be), Standing::ToCome);
    }

    #[test]
    fn there_is_none_before_the_end_or_of_what_was_called_off() {
        assert_eq!(Standing::of(false, false, &cells("cc-")), Standing::ToCome);
        assert_eq!(
            Standing::of(true, true, &cells("cccc")),
            Standing::NotGoingAhead
        );
        assert_eq!(Standing::of(false, true, &[]).earned(), None, "no session");
    }

    proptest! {
        #[test]
        fn one_more_session_that_they_came_to_never_takes_it_away(line in "[cna?]{1,20}") {
            let before = Standing::of(false, true, &cells(&line));
            let after = Standing::of(false, true, &cells(&format!("{line}c")));
            prop_assert!(before.earned().is_none() || after.earned().is_some(), "{line}");
        }

        #[test]
        fn it_is_earned_from_three_quarters_on(line in "[cna]{1,40}") {
            let came = line.matches('c').count();
            let earned = Standing::of(false, true, &cells(&line)).earned().is_some();
            prop_assert_eq!(earned, came * 100 >= line.len() * SHARE, "{}", line);
        }
    }
}
