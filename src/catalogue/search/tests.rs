use chrono::{DateTime, Utc};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::catalogue::model::{Audience, Run, RunStatus, Topic, Venue};

fn venue(name: &str, town: &str, postcode: &str) -> Venue {
    Venue {
        id: Uuid::nil(),
        slug: String::new(),
        name: name.into(),
        address_1: String::new(),
        address_2: None,
        town: town.into(),
        town_slug: String::new(),
        postcode: postcode.into(),
        latitude: 0.0,
        longitude: 0.0,
        short_access: String::new(),
        travel: String::new(),
        about: None,
        facts: Vec::new(),
    }
}

fn course(title: &str, topic: usize, summary: &str, venue: Option<usize>) -> Course {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Course {
        slug: title.to_lowercase(),
        title: title.into(),
        topic,
        audience: Audience::Everyone,
        summary: summary.into(),
        lead: String::new(),
        description: String::new(),
        who_for: String::new(),
        not_for: None,
        easy_read: None,
        first_visit: Vec::new(),
        updated_at: at,
        runs: vec![Run {
            id: Uuid::nil(),
            code: String::new(),
            status: RunStatus::Open,
            volunteers_only: false,
            capacity: 1,
            starts_at: at,
            joins_until: at,
            ends_at: at,
            venue,
            room: None,
            place_note: None,
            tutor: None,
            sequence: 0,
            updated_at: at,
            sessions: Vec::new(),
        }],
    }
}

fn catalogue() -> Catalogue {
    let topic = |name: &str| Topic {
        slug: String::new(),
        name: name.into(),
        art: String::new(),
        position: 0,
    };
    Catalogue {
        version: 1,
        topics: [
            "Worry and low mood",
            "Sleep",
            "Gardening and nature",
            "Calm and breathing",
            "Hard times",
            "Giving back",
        ]
        .map(topic)
        .into(),
        venues: vec![
            venue("Bath Central Library", "Bath", "BA2 1DY"),
            venue("Community Centre", "Keynsham", "BS31 1FS"),
        ],
        courses: vec![
            course(
                "Coping with worry",
                0,
                "Simple ways to quiet a busy mind.",
                Some(0),
            ),
            course(
                "Better nights",
                1,
                "Small changes that help you rest.",
                Some(1),
            ),
            course(
                "Growing herbs",
                2,
                "Sleep better after a day outside.",
                Some(1),
            ),
            Course {
                audience: Audience::Volunteers,
                ..course("Sleep and rest", 5, "Slow down before bed.", None)
            },
            course("Café mornings", 0, "Tea and a chat for beginners.", Some(0)),
            course("Living with loss", 4, "Company by the windowsill.", Some(1)),
            Course {
                audience: Audience::Under16s,
                ..course("Breathing", 3, "Calm and slow.", None)
            },
        ],
    }
}

fn found(typed: &str) -> (Vec<&'static str>, Match) {
    let titles = ["worry", "nights", "herbs", "rest", "cafe", "loss", "breath"];
    let (mut hits, how) = Index::new(&catalogue()).unwrap().search(typed);
    hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    (hits.into_iter().map(|(at, _)| titles[at]).collect(), how)
}

#[rstest]
#[case::title_before_topic_before_summary("sleep", &["rest", "nights", "herbs"])]
#[case::capitals("SLEEP", &["rest", "nights", "herbs"])]
#[case::beginning("slee", &["rest", "nights", "herbs"])]
#[case::two_letters("sl", &["rest", "nights", "herbs", "breath"])]
#[case::stem_in_the_topic("gardens", &["herbs"])]
#[case::stem_in_the_title("worries", &["worry", "cafe"])]
#[case::venue("library", &["worry", "cafe"])]
#[case::town_and_topic("keynsham sleep", &["nights", "herbs"])]
#[case::online("online", &["rest", "breath"])]
#[case::accents("cafe", &["cafe"])]
#[case::accents_typed("café", &["cafe"])]
#[case::small_words_do_not_count("help with my sleep", &["rest", "nights", "herbs"])]
#[case::only_small_words("with", &["worry", "loss"])]
#[case::what_people_say("anxiety", &["worry", "cafe"])]
#[case::in_another_form("stressing", &["worry", "cafe"])]
#[case::not_a_beginning_with_a_slip("widow", &["loss"])]
#[case::grief("grief", &["loss"])]
#[case::lonely("lonely", &["loss"])]
#[case::relaxation("relaxation", &["breath", "worry"])]
#[case::meditating("meditating", &["breath", "worry"])]
#[case::depressing("depressing", &["worry", "cafe"])]
#[case::the_same_stem_is_no_slip("bereavment", &["loss"])]
#[case::kids("kids", &["breath"])]
#[case::children("children", &["breath"])]
#[case::teenager("teenager", &["breath"])]
#[case::under_16("under 16", &["breath"])]
#[case::postcode("BA2", &["worry", "cafe"])]
#[case::whole_postcode("ba2 1dy", &["worry", "cafe"])]
#[case::postcode_in_one("BA21DY", &["worry", "cafe"])]
#[case::volunteers_title_or_audience("volunteer training", &["rest"])]
#[case::free_sleep("free sleep course", &["rest", "nights", "herbs"])]
fn as_typed(#[case] typed: &str, #[case] expected: &[&str]) {
    assert_eq!(found(typed), (expected.to_vec(), Match::AsTyped));
}

#[rstest]
#[case::swapped("slepe", "sleep", &["rest", "nights", "herbs"])]
#[case::left_out("slep", "sleep", &["rest", "nights", "herbs"])]
#[case::another_letter("wurry", "worry", &["worry", "cafe"])]
#[case::beginers("beginers", "beginners", &["cafe"])]
#[case::one_of_two("keynshan sleep", "keynsham sleep", &["nights", "herbs"])]
#[case::begun_with_a_slip("gardning", "gardening", &["herbs"])]
fn with_a_slip(#[case] typed: &str, #[case] meant: &str, #[case] expected: &[&str]) {
    assert_eq!(
        found(typed),
        (expected.to_vec(), Match::Meant(meant.into()))
    );
}

#[rstest]
#[case::anxeity("anxeity", "anxiety", &["worry", "cafe"])]
fn a_slip_in_what_people_say(#[case] typed: &str, #[case] meant: &str, #[case] expected: &[&str]) {
    assert_eq!(
        found(typed),
        (expected.to_vec(), Match::Meant(meant.into()))
    );
}

#[rstest]
#[case("free")]
#[case("free courses")]
fn every_course_is_free(#[case] typed: &str) {
    let (found, how) = found(typed);
    assert_eq!(
        (found.len(), how),
        (catalogue().courses.len(), Match::AsTyped)
    );
}

#[test]
fn known_words_that_no_course_has_together_are_not_put_right() {
    // "tea" and "herbs" are both known; "herbs" is not a slip of anything.
    assert_eq!(found("tea herbs"), (vec!["herbs", "cafe"], Match::Some));
}

#[test]
fn a_postcode_is_never_meant_to_be_another() {
    assert!(found("BA22").0.is_empty());
}

#[test]
fn three_letters_forgive_nothing() {
    assert_eq!(found("tae").0, Vec::<&str>::new());
}

#[test]
fn some_of_the_words() {
    assert_eq!(found("yoga for beginners"), (vec!["cafe"], Match::Some));
}

#[rstest]
#[case("")]
#[case("zzzzzz")]
#[case("\"+-(title:x)[*]~^&&||")]
#[case("🙂 \u{202e}")]
fn nothing(#[case] typed: &str) {
    assert!(found(typed).0.is_empty());
}

#[test]
fn an_empty_catalogue_is_searched() {
    let index = Index::new(&Catalogue::default()).unwrap();
    assert_eq!(index.search("sleep").0, Vec::new());
}
