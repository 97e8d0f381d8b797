//! What is known of somebody at a session, and how many that makes, without I/O.

use crate::registers::model::Mark;

/// What is known of somebody at one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// They were there.
    Came,
    /// They were not, and nobody knows why.
    DidNotCome,
    /// They said that they could not come.
    Apologies,
    /// It is over, and nobody has marked them.
    NotMarked,
    /// It was over before they had their place.
    BeforeJoined,
    /// It is not over yet.
    ToCome,
}

impl Cell {
    /// From the tutor's mark, what they told us beforehand, whether the session is over, and whether it was before they had
    /// their place. The mark counts first.
    pub fn of(mark: Option<Mark>, told_us: bool, is_over: bool, joined_after: bool) -> Self {
        match mark {
            Some(Mark::Came) => Self::Came,
            Some(Mark::DidNotCome) => Self::DidNotCome,
            Some(Mark::Apologies) => Self::Apologies,
            None if told_us => Self::Apologies,
            None if joined_after => Self::BeforeJoined,
            None if is_over => Self::NotMarked,
            None => Self::ToCome,
        }
    }

    /// The words on the screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Came => "Came",
            Self::DidNotCome => "Did not come",
            Self::Apologies => "Apologies",
            Self::NotMarked => "Not marked",
            Self::BeforeJoined => "Before they joined",
            Self::ToCome => "To come",
        }
    }
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came.
    pub came: usize,
    /// Did not come.
    pub did_not_come: usize,
    /// Said that they could not.
    pub apologies: usize,
    /// Not marked.
    pub not_marked: usize,
}

impl Tally {
    /// Counts.
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        let mut tally = Self::default();
        for cell in cells {
            match cell {
                Cell::Came => tally.came += 1,
                Cell::DidNotCome => tally.did_not_come += 1,
                Cell::Apologies => tally.apologies += 1,
                Cell::NotMarked => tally.not_marked += 1,
                Cell::BeforeJoined | Cell::ToCome => {}
            }
        }
        tally
    }

    /// How many are marked, or told us.
    pub const fn known(self) -> usize {
        self.came + self.did_not_come + self.apologies
    }

    /// How many of those that are marked came, in percent. What is not marked says nothing.
    pub fn share(self) -> Option<usize> {
        percent(self.came, self.known())
    }
}

/// `part` of `of` in percent, rounded; none of nothing.
pub fn percent(part: usize, of: usize) -> Option<usize> {
    (of > 0).then(|| (part * 200 + of) / (of * 2))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some(Mark::Came), true, true, Cell::Came)]
    #[case(Some(Mark::Came), false, false, Cell::Came)]
    #[case(Some(Mark::DidNotCome), true, true, Cell::DidNotCome)]
    #[case(Some(Mark::Apologies), false, true, Cell::Apologies)]
    #[case(None, true, true, Cell::Apologies)]
    #[case(None, true, false, Cell::Apologies)]
    #[case(None, false, true, Cell::NotMarked)]
    #[case(None, false, false, Cell::ToCome)]
    fn the_mark_counts_before_what_they_told_us(
        #[case] mark: Option<Mark>,
        #[case] told_us: bool,
        #[case] is_over: bool,
        #[case] want: Cell,
    ) {
        assert_eq!(Cell::of(mark, told_us, is_over, false), want);
    }

    #[rstest]
    #[case(Some(Mark::Came), false, Cell::Came)]
    #[case(None, true, Cell::Apologies)]
    #[case(None, false, Cell::BeforeJoined)]
    fn what_was_over_before_they_joined_is_not_for_the_tutor_to_mark(
        #[case] mark: Option<Mark>,
        #[case] told_us: bool,
        #[case] want: Cell,
    ) {
        assert_eq!(Cell::of(mark, told_us, true, true), want);
        assert_eq!(Tally::of([Cell::BeforeJoined]), Tally::default());
    }

    #[test]
    fn a_share_is_of_those_that_are_marked() {
        use Cell::*;
        let tally = Tally::of([Came, Came, DidNotCome, Apologies, NotMarked, ToCome]);
        assert_eq!(
            (
                tally.came,
                tally.did_not_come,
                tally.apologies,
                tally.not_marked
            ),
            (2, 1, 1, 1)
        );
        assert_eq!(tally.share(), Some(50));
        assert_eq!(Tally::of([NotMarked, ToCome]).share(), None);
    }

    #[rstest]
    #[case(0, 0, None)]
    #[case(0, 3, Some(0))]
    #[case(1, 3, Some(33))]
    #[case(2, 3, Some(67))]
    #[case(1, 8, Some(13))]
    #[case(3, 3, Some(100))]
    fn a_percentage_is_rounded(
        #[case] part: usize,
        #[case] of: usize,
        #[case] want: Option<usize>,
    ) {
        assert_eq!(percent(part, of), want);
    }
}
