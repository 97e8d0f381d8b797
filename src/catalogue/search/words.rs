//! Words that people say, and the words that our courses use.

/// Words that hold a sentence together and say nothing about a course.
const SMALL: &[&str] = &[
    "a",
    "about",
    "all",
    "am",
    "an",
    "and",
    "are",
    "at",
    "be",
    "because",
    "can",
    "class",
    "classes",
    "course",
    "courses",
    "do",
    "feel",
    "feeling",
    "for",
    "from",
    "get",
    "group",
    "groups",
    "have",
    "help",
    "how",
    "i",
    "im",
    "in",
    "is",
    "it",
    "learn",
    "like",
    "me",
    "my",
    "near",
    "need",
    "of",
    "on",
    "or",
    "please",
    "some",
    "something",
    "that",
    "the",
    "this",
    "to",
    "want",
    "with",
    "workshop",
];

/// What people call a thing, and what we call it. The right side is searched too when the left is typed.
const ALSO: &[(&[&str], &[&str])] = &[
    (
        &[
            "anxiety", "anxious", "panic", "stress", "stressed", "nerves", "nervous",
        ],
        &["worry"],
    ),
    (
        &["depression", "depressed", "sad", "unhappy"],
        &["low", "mood"],
    ),
    (&["insomnia", "tired", "awake"], &["sleep"]),
    (
        &["ache", "aches", "arthritis", "fibromyalgia", "sciatica"],
        &["pain"],
    ),
    (
        &["exercise", "fitness", "walk", "walks", "active"],
        &["moving", "walking"],
    ),
    (
        &["meditation", "meditate", "relax", "relaxing", "mindfulness"],
        &["calm", "mindful"],
    ),
    (&["cook", "recipes", "diet", "eating"], &["food", "cooking"]),
    (
        &["allotment", "plants", "outdoors"],
        &["gardening", "nature"],
    ),
    (&["carer", "caring"], &["carers"]),
    (&["volunteer"], &["volunteering"]),
    (&["zoom", "internet"], &["online"]),
];

/// Whether a word only holds a sentence together.
pub fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

/// Our own words for `word`.
pub fn also(word: &str) -> impl Iterator<Item = &'static str> + use<> {
    let ours = ALSO
        .iter()
        .find(|(said, _)| said.contains(&word))
        .map_or(&[][..], |(_, ours)| *ours);
    ours.iter().copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn small_words_are_in_order() {
        assert!(super::SMALL.is_sorted());
    }
}
