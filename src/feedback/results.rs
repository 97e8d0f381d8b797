//! What people answered, counted. Totals say nothing about anybody, once there are enough of them.

use super::model::{QUESTIONS, Question};
use crate::reports;

/// Of fewer answers than this nobody but the course team sees a total: it would say what one person thinks.
pub const AT_LEAST: i64 = 5;

/// How many gave which answer to each question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    asked: i64,
    answered: i64,
    counts: [Vec<i64>; 3],
}

/// The totals for whoever leads a run: only [`Totals::for_tutors`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(Totals);

/// One line under a question: the answer, how many gave it, and its share in whole per cent of those who answered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The answer's words.
    pub words: &'static str,
    /// How many gave it.
    pub count: i64,
    /// Its share, 0 to 100.
    pub share: i64,
}

impl Totals {
    /// From how many were asked and answered, and rows of (question's field, answer, how many). What is no answer of ours is
    /// passed over.
    pub fn of(asked: i64, answered: i64, rows: &[(String, String, i64)]) -> Self {
        let counts = QUESTIONS.map(|question| {
            let count = |value: &str| {
                rows.iter()
                    .filter(|(field, answer, _)| field == question.field && answer == value)
                    .map(|(_, _, count)| count)
                    .sum()
            };
            question.values().into_iter().map(count).collect()
        });
        Self {
            asked,
            answered,
            counts,
        }
    }

    /// How many were asked.
    pub const fn asked(&self) -> i64 {
        self.asked
    }

    /// How many answered anything.
    pub const fn answered(&self) -> i64 {
        self.answered
    }

    /// Each question with its lines.
    pub fn each(&self) -> impl Iterator<Item = (&'static Question, Vec<Line>)> {
        QUESTIONS
            .into_iter()
            .zip(&self.counts)
            .map(|(question, counts)| {
                let all: i64 = counts.iter().sum();
                let lines = question.answers.iter().zip(counts);
                let lines = lines.map(|((_, words), count)| Line {
                    words,
                    count: *count,
                    share: share(*count, all),
                });
                (question, lines.collect())
            })
    }

    /// What whoever leads the run may see: nothing while too few have answered any one of the questions.
    pub fn for_tutors(self) -> Option<Shown> {
        let enough = self
            .counts
            .iter()
            .map(|counts| counts.iter().sum::<i64>())
            .all(|all| all == 0 || all >= AT_LEAST);
        (enough && self.answered >= AT_LEAST).then_some(Shown(self))
    }
}

impl Shown {
    /// How many were asked, and how many answered anything.
    pub const fn answered(&self) -> (i64, i64) {
        (self.0.asked, self.0.answered)
    }

    /// Each question with its answers and how many gave them, in words: rounded to 5, and below 5 "Fewer than 5". In a small group
    /// everybody would know who the one was.
    pub fn each(&self) -> impl Iterator<Item = (&'static Question, Vec<(&'static str, String)>)> {
        self.0.each().map(|(question, lines)| {
            let line = |line: Line| {
                let shown = reports::Shown::of(u64::try_from(line.count).unwrap_or(0));
                (line.words, shown.words())
            };
            (question, lines.into_iter().map(line).collect())
        })
    }
}

/// `part` of `all` in whole per cent, rounded.
pub fn share(part: i64, all: i64) -> i64 {
    if all == 0 {
        0
    } else {
        (part * 200 + all) / (all * 2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn row(field: &str, answer: &str, count: i64) -> (String, String, i64) {
        (field.to_owned(), answer.to_owned(), count)
    }

    #[rstest]
    #[case(0, 0, 0)]
    #[case(1, 3, 33)]
    #[case(2, 3, 67)]
    #[case(1, 8, 13)]
    #[case(5, 5, 100)]
    fn a_share_is_rounded(#[case] part: i64, #[case] all: i64, #[case] want: i64) {
        assert_eq!(share(part, all), want);
    }

    #[test]
    fn each_answer_is_counted_under_its_question() {
        let rows = [
            row("overall", "good", 3),
            row("overall", "bad", 1),
            row("helped", "no", 2),
            row("overall", "wonderful", 9),
        ];
        let totals = Totals::of(9, 4, &rows);
        let all: Vec<_> = totals.each().collect();
        let counts = |at: usize| all[at].1.iter().map(|line| line.count).collect::<Vec<_>>();
        assert_eq!(counts(0), [0, 3, 0, 0, 1]);
        assert_eq!(counts(1), [0, 0, 2]);
        assert_eq!(counts(2), [0, 0, 0]);
        assert_eq!(all[0].1[1].share, 75);
        assert_eq!(all[2].1[0].share, 0);
    }

    #[test]
    fn whoever_leads_a_run_sees_no_small_number() {
        let rows = [row("overall", "good", 8), row("overall", "bad", 1)];
        let shown = Totals::of(9, 9, &rows).for_tutors().expect("nine answered");
        let (_, overall) = shown.each().next().expect("a question");
        let words: Vec<_> = overall.iter().map(|(_, words)| words.as_str()).collect();
        let few = "Fewer than 5";
        assert_eq!(words, [few, "10", few, few, few]);
    }

    proptest! {
        #[test]
        fn whoever_leads_a_run_sees_no_total_of_fewer_than_five(
            answered in 0_i64..12, counts in proptest::collection::vec(0_i64..8, 3)
        ) {
            let rows: Vec<_> = QUESTIONS.iter().zip(&counts)
                .map(|(question, count)| row(question.field, question.answers[0].0, *count)).collect();
            let shown = Totals::of(20, answered, &rows).for_tutors();
            let few = answered < AT_LEAST || counts.iter().any(|count| (1..AT_LEAST).contains(count));
            prop_assert_eq!(shown.is_none(), few);
        }
    }
}
