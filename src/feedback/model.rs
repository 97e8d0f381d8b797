//! What is asked, and what is answered.

/// A question with its answers, the best first. Its `field` is the name of the field and of the column.
#[derive(Debug)]
pub struct Question {
    /// The name of the field, and of the column.
    pub field: &'static str,
    /// The question.
    pub words: &'static str,
    /// Each answer's word in the database and on the screen.
    pub answers: &'static [(&'static str, &'static str)],
}

/// "How was the course?"
pub const OVERALL: Question = Question {
    field: "overall",
    words: "How was the course?",
    answers: &[
        ("very-good", "Very good"),
        ("good", "Good"),
        ("all-right", "All right"),
        ("not-good", "Not good"),
        ("bad", "Bad"),
    ],
};

/// "Did it help you?"
pub const HELPED: Question = Question {
    field: "helped",
    words: "Did it help you?",
    answers: &[("a-lot", "A lot"), ("a-little", "A little"), ("no", "No")],
};

/// "Did you feel welcome?"
pub const WELCOME: Question = Question {
    field: "welcome",
    words: "Did you feel welcome?",
    answers: &[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
};

/// Every question, in the order of the page.
pub const QUESTIONS: [&Question; 3] = [&OVERALL, &HELPED, &WELCOME];

/// The field of what somebody writes.
pub const WORDS: &str = "words";
/// How long that may be, in letters.
pub const LONGEST: usize = 1000;

/// What somebody answered; a question may stay open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The words in the database, in the order of [`QUESTIONS`].
    pub chosen: [Option<String>; 3],
    /// What they wrote.
    pub words: Option<String>,
}

impl Answers {
    /// Whether there is no answer at all.
    pub fn is_empty(&self) -> bool {
        self.words.is_none() && self.chosen.iter().all(Option::is_none)
    }
}

impl Question {
    /// The words in the database.
    pub fn values(&self) -> Vec<&'static str> {
        self.answers.iter().map(|(value, _)| *value).collect()
    }
}
