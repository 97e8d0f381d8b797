//! Answers as they are shown.

use super::fields::{FORMAT_WORDS, REACH_WORDS};
use super::questions::Answers;

/// "BA1 5AL", or "No fixed address".
pub fn postcode_words(answers: &Answers) -> String {
    if answers.no_fixed_address {
        "No fixed address".to_owned()
    } else {
        answers.postcode.clone().unwrap_or_default()
    }
}

/// "Email, phone call. You may leave a message."
pub fn reach_words(answers: &Answers) -> String {
    let ways: Vec<&str> = REACH_WORDS
        .into_iter()
        .filter(|(value, _)| answers.reach.iter().any(|way| way == value))
        .map(|(_, words)| words)
        .collect();
    let message = match answers.safe_message {
        Some(true) => "You may leave a message.",
        _ => "Please do not leave a message.",
    };
    format!("{}. {message}", ways.join(", "))
}

/// "Large print".
pub fn format_words(answers: &Answers) -> &'static str {
    FORMAT_WORDS
        .into_iter()
        .find(|(value, _)| *value == answers.format)
        .map_or("No, as it comes", |(_, words)| words)
}
