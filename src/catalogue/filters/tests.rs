use super::*;
use proptest::prelude::*;

fn some_filters() -> impl Strategy<Value = Filters> {
    let day = || {
        proptest::option::of(
            (2000..2100_i32, 1..366_u32).prop_map(|(y, d)| NaiveDate::from_yo_opt(y, d).unwrap()),
        )
    };
    let words = || proptest::collection::btree_set("[a-z0-9-]{1,30}", 0..4);
    let first = (
        "\\PC{0,120}",
        words(),
        proptest::sample::subsequence(Audience::ALL.to_vec(), 0..=5),
        words(),
        proptest::collection::btree_set(0..7_u8, 0..=7),
    );
    let second = (
        proptest::sample::subsequence(Time::ALL.to_vec(), 0..=3),
        day(),
        day(),
        any::<bool>(),
        proptest::sample::select(vec![Sort::Usual, Sort::Title, Sort::Places]),
        1..1000_u32,
    );
    (first, second).prop_map(
        |((q, topics, audiences, places, days), (times, from, to, free, sort, page))| Filters {
            q: tidy(&q),
            topics,
            audiences: audiences.into_iter().collect(),
            places,
            days,
            times: times.into_iter().collect(),
            from,
            to,
            free,
            sort,
            page,
        },
    )
}

fn parsed(path: &str) -> Filters {
    Filters::parse(path.split_once('?').map_or("", |(_, query)| query))
}

proptest! {
    #[test]
    fn an_address_says_all_that_was_chosen(filters in some_filters()) {
        prop_assert_eq!(parsed(&filters.path()), filters);
    }

    #[test]
    fn any_address_is_read_and_has_one_form(query in "\\PC{0,200}") {
        let once = Filters::parse(&query);
        prop_assert_eq!(&parsed(&once.path()), &once);
        prop_assert!(once.path().is_ascii());
    }

    #[test]
    fn each_choice_can_be_taken_away(filters in some_filters()) {
        let choices = filters.choices();
        for choice in &choices {
            let rest = filters.without(choice);
            prop_assert_eq!(rest.page, 1);
            prop_assert!(!rest.choices().contains(choice));
            prop_assert_eq!(rest.choices().len() + 1, choices.len());
        }
    }
}

#[test]
fn what_is_not_understood_is_left_out() {
    let found = Filters::parse(
        "topic=%3Cscript%3E&for=cats&where=Bath&day=some&time=noon&from=31+3+2027&free=no&sort=best&page=x&x=1",
    );
    assert_eq!(
        found,
        Filters {
            page: 1,
            ..Filters::default()
        }
    );
    assert_eq!(found.path(), "/courses");
    assert_eq!(Filters::parse("page=0").page, 1);
    assert_eq!(Filters::parse("q=a%00b%0Ac").q, "a b c");
    assert_eq!(
        Filters::parse("day=weekend&sort=soonest").path(),
        "/courses?day=sat&day=sun"
    );
    assert_eq!(
        Filters::parse("q=tea&sort=soonest&page=2").path(),
        "/courses?q=tea&sort=soonest&page=2"
    );
}
