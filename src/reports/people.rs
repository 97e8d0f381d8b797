//! Who we reach: people with a place in a period, by age, ethnic group and postcode district. Whoever objected to statistics
//! is not among them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::breakdown::{Breakdown, Suppressed};
use super::model::Reach;
use super::period::Period;
use super::store;
use crate::bookings::equality::{GROUPS, NOT_SAID};
use crate::server::vault::RecordClass;
use crate::server::{App, Error, Result};
use crate::ui::dates;

/// Somebody with a place on a course of a topic.
#[derive(sqlx::FromRow)]
pub(super) struct Reached {
    id: Uuid,
    date_of_birth: Option<String>,
    postcode: Option<String>,
    no_fixed_address: bool,
    topic: String,
}

/// A topic that reaches fewer people has no breakdowns of its own: beside its exact places they would tell too much.
pub const ENOUGH: usize = 50;

const NOT_KNOWN: &str = "Not known";
const NO_FIXED_ADDRESS: &str = "No fixed address";

/// The age bands, and below which age each ends.
const AGES: [(&str, i32); 6] = [
    ("Under 16", 16),
    ("16 to 24", 25),
    ("25 to 44", 45),
    ("45 to 64", 65),
    ("65 to 79", 80),
    ("80 and over", i32::MAX),
];

fn age_band(born: Option<&str>, on: NaiveDate) -> &'static str {
    let Some(born) = born.and_then(|born| born.parse().ok()) else {
        return NOT_KNOWN;
    };
    let age = dates::age_on(born, on);
    let band = AGES.iter().find(|(_, below)| age < *below);
    band.map_or(NOT_KNOWN, |(words, _)| words)
}

/// "BA2" of "BA2 3QT": a postcode ends with three letters and digits.
fn district(postcode: &str) -> Option<&str> {
    let postcode = postcode.trim();
    let at = postcode.char_indices().rev().nth(2)?.0;
    let district = postcode[..at].trim();
    (!district.is_empty()).then_some(district)
}

fn where_from(person: &Reached) -> &str {
    if person.no_fixed_address {
        return NO_FIXED_ADDRESS;
    }
    let postcode = person.postcode.as_deref();
    postcode.and_then(district).unwrap_or(NOT_KNOWN)
}

/// The group that an answer belongs to.
fn ethnic_group(answer: Option<&str>) -> &'static str {
    let Some(answer) = answer else {
        return NOT_KNOWN;
    };
    let found = GROUPS
        .iter()
        .find(|(_, answers)| answers.iter().any(|(value, _)| *value == answer));
    found.map_or(NOT_SAID.1, |(group, _)| group)
}

/// Who we reach as it may be seen: three breakdowns of everybody, and the same three for each topic that reaches [`ENOUGH`].
/// There are no other cuts, and nobody can choose one. Ages are those on the first day of the period. The sealed answers are opened here,
/// counted and let go; whoever calls this writes it down first.
///
/// # Errors
/// When the database or the key store does not answer.
pub async fn reach(app: &App, period: Period) -> Result<Reach> {
    let people = store::reached(app, period).await?;
    let answers = answers(app, period).await?;
    Ok(told(&people, &answers, period.first()))
}

fn told(people: &[Reached], answers: &HashMap<Uuid, String>, on: NaiveDate) -> Reach {
    let mut topics: BTreeMap<&str, Vec<&Reached>> = BTreeMap::new();
    let mut everybody: HashMap<Uuid, &Reached> = HashMap::new();
    for one in people {
        topics.entry(&one.topic).or_default().push(one);
        everybody.insert(one.id, one);
    }
    let everybody: Vec<_> = everybody.into_values().collect();
    Reach {
        everybody: breakdowns(&everybody, answers, on),
        by_topic: topics
            .into_iter()
            .filter(|(_, people)| people.len() >= ENOUGH)
            .map(|(topic, people)| (topic.to_owned(), breakdowns(&people, answers, on)))
            .collect(),
    }
}

/// The three breakdowns of some people.
fn breakdowns(
    people: &[&Reached],
    answers: &HashMap<Uuid, String>,
    on: NaiveDate,
) -> Vec<Suppressed> {
    let bands: Vec<_> = AGES
        .iter()
        .map(|(words, _)| *words)
        .chain([NOT_KNOWN])
        .collect();
    let groups: Vec<_> = GROUPS
        .iter()
        .map(|(words, _)| *words)
        .chain([NOT_SAID.1, NOT_KNOWN])
        .collect();
    let ages = people
        .iter()
        .map(|one| age_band(one.date_of_birth.as_deref(), on));
    let ethnic = people
        .iter()
        .map(|one| ethnic_group(answers.get(&one.id).map(String::as_str)));
    let homes = people.iter().map(|one| where_from(one));
    [
        Breakdown::counted("Age", &bands, ages),
        Breakdown::counted("Ethnic group", &groups, ethnic),
        Breakdown::counted("Postcode district", &[NO_FIXED_ADDRESS, NOT_KNOWN], homes),
    ]
    .map(Breakdown::suppressed)
    .into()
}

/// What each said about their ethnic group.
async fn answers(app: &App, period: Period) -> Result<HashMap<Uuid, String>> {
    let mut answers = HashMap::new();
    for (id, person, sealed) in store::answers(app, period).await? {
        let opened = app.vault.open(person, RecordClass::Health, id, &sealed);
        match opened.await {
            Ok(plain) => {
                answers.insert(person, String::from_utf8_lossy(&plain).into_owned());
            }
            // Erased meanwhile: they have not said.
            Err(Error::Vault(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("BA2 3QT", Some("BA2"))]
    #[case("BA11AA", Some("BA1"))]
    #[case("BS31 1AA", Some("BS31"))]
    #[case("1AA", None)]
    #[case("", None)]
    fn the_district_of_a_postcode(#[case] postcode: &str, #[case] expected: Option<&str>) {
        assert_eq!(district(postcode), expected);
    }

    #[rstest]
    #[case(Some("2010-07-02"), "Under 16")]
    #[case(Some("2010-07-01"), "16 to 24")]
    #[case(Some("1961-07-02"), "45 to 64")]
    #[case(Some("1946-07-01"), "80 and over")]
    #[case(None, "Not known")]
    fn the_age_band_on_the_first_day(#[case] born: Option<&str>, #[case] expected: &str) {
        let on = "2026-07-01".parse().expect("a day");
        assert_eq!(age_band(born, on), expected);
    }

    #[test]
    fn a_topic_that_reaches_few_people_is_not_told_by_itself_and_nobody_counts_twice() {
        let somebody = |topic: &str| Reached {
            id: Uuid::new_v4(),
            date_of_birth: Some("1952-03-31".to_owned()),
            postcode: Some("BA2 3QT".to_owned()),
            no_fixed_address: false,
            topic: topic.to_owned(),
        };
        let mut people: Vec<_> = (0..ENOUGH).map(|_| somebody("Sleep")).collect();
        let garden: Vec<_> = people[1..]
            .iter()
            .map(|one| Reached {
                id: one.id,
                ..somebody("Garden")
            })
            .collect();
        people.extend(garden);
        let on = "2026-07-01".parse().expect("a day");
        let reach = told(&people, &HashMap::new(), on);
        let topics: Vec<_> = reach.by_topic.iter().map(|(topic, _)| topic).collect();
        assert_eq!(topics, ["Sleep"], "49 in the garden are too few");
        let of_age = (
            "65 to 79".to_owned(),
            super::super::breakdown::Shown::of(50),
        );
        assert!(reach.everybody[0].groups.contains(&of_age));
        assert_eq!(reach.by_topic[0].1, reach.everybody);
    }

    #[test]
    fn every_answer_has_a_group() {
        assert_eq!(ethnic_group(Some("arab")), "Other ethnic group");
        assert_eq!(ethnic_group(Some(NOT_SAID.0)), NOT_SAID.1);
        assert_eq!(ethnic_group(None), NOT_KNOWN);
    }
}
