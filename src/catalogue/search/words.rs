//! Words that people say, and the words that our courses use.

use std::collections::BTreeSet;

use super::super::model::Audience;

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
    "free",
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

/// Words that are true of every course: whoever types nothing else means all of them.
const ALL: &[&str] = &[
    "class", "classes", "course", "courses", "free", "group", "groups", "workshop",
];

/// What people call a thing, and the stems of what we call it. The left side is in the index wherever one of the right
/// is, so that it is found in another form, begun or with a slip, like our own words.
const ALSO: &[(&[&str], &[&str])] = &[
    (
        &[
            "anxiety",
            "anxious",
            "panic",
            "attack",
            "stress",
            "stressed",
            "nerves",
            "nervous",
            "overthinking",
        ],
        &["worri"],
    ),
    (
        &[
            "depression",
            "depressed",
            "sad",
            "sadness",
            "unhappy",
            "hopeless",
        ],
        &["mood"],
    ),
    (
        &[
            "grief",
            "grieving",
            "bereaved",
            "bereavement",
            "death",
            "died",
            "dying",
            "mourning",
            "widow",
            "widower",
        ],
        &["loss"],
    ),
    (
        &[
            "lonely",
            "loneliness",
            "alone",
            "isolated",
            "isolation",
            "friend",
            "friends",
            "friendship",
            "company",
        ],
        &["compani"],
    ),
    (&["shy", "esteem", "assertive"], &["confid"]),
    (&["insomnia", "tired", "awake", "tiredness"], &["sleep"]),
    (
        &["fatigue", "exhausted", "exhaustion"],
        &["energi", "sleep"],
    ),
    (
        &[
            "ache",
            "aches",
            "arthritis",
            "fibromyalgia",
            "sciatica",
            "rheumatism",
            "backache",
            "sore",
        ],
        &["pain"],
    ),
    (&["arthritis", "joints", "rheumatism"], &["knee", "hip"]),
    (&["falls", "falling", "balance", "unsteady"], &["steadi"]),
    (
        &["exercise", "fitness", "fit", "active", "sport", "gym"],
        &["move", "walk", "stroll", "danc"],
    ),
    (&["walk", "walks", "ramble"], &["stroll"]),
    (
        &[
            "meditation",
            "meditate",
            "mindfulness",
            "relax",
            "relaxing",
            "relaxation",
        ],
        &["calm", "mind", "unwind"],
    ),
    (&["choir", "song"], &["sing"]),
    (
        &["art", "painting", "drawing", "craft", "creative"],
        &["draw"],
    ),
    (
        &["cook", "recipes", "diet", "eating", "meals", "healthy"],
        &["food", "cook"],
    ),
    (&["money", "cheap", "bills"], &["budget"]),
    (
        &["allotment", "plants", "outdoors", "outside"],
        &["garden", "natur"],
    ),
    (
        &["zoom", "internet", "video", "home", "computer"],
        &["onlin"],
    ),
];

/// Whether a word only holds a sentence together.
pub fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

/// Whether a word says nothing because every course is that.
pub fn is_true_of_all(word: &str) -> bool {
    ALL.contains(&word)
}

/// What people say for the words with these stems.
pub fn said(stems: &[String]) -> String {
    let said: BTreeSet<&str> = ALSO
        .iter()
        .filter(|(_, ours)| stems.iter().any(|stem| ours.contains(&stem.as_str())))
        .flat_map(|(said, _)| said.iter().copied())
        .collect();
    said.into_iter().collect::<Vec<_>>().join(" ")
}

/// What people type when they look for a course for somebody.
pub const fn of_audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Everyone => "",
        Audience::Adults => "adults",
        Audience::Carers => "carers carer caring",
        Audience::Volunteers => "volunteers volunteering training",
        Audience::Under16s => {
            "under 16s 16 child children kid kids teen teens teenage teenagers young youth school"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_are_in_order() {
        assert!(SMALL.is_sorted());
    }

    #[test]
    fn what_is_true_of_all_is_small() {
        assert!(ALL.iter().all(|word| is_small(word)));
    }

    #[test]
    fn our_side_is_written_as_stems() {
        let stemmer = super::super::stemming();
        for stem in ALSO.iter().flat_map(|(_, ours)| *ours) {
            assert_eq!(super::super::tokens(&stemmer, stem), [*stem]);
        }
    }
}
