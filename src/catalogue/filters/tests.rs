use super::*;
use proptest::prelude::*;

fn some_filters() -> impl Strategy<Value = Filters> {
    let day = || {
        prop_oneof![
            Just(Day::Any),
            Just(Day::Unread("next week".to_owned())),
            (2000..2100_i32, 1..366_u32)
                .prop_map(|(y, d)| Day::Known(NaiveDate::from_yo_opt(y, d).unwrap())),
        ]
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
fn a_day_is_read_as_people_write_it() {
    let day = Day::Known(NaiveDate::from_ymd_opt(2027, 1, 12).unwrap());
    for typed in [
        "2027-01-12",
        "12/1/2027",
        "12/01/2027",
        "12.1.2027",
        "12-01-2027",
        "12 1 2027",
        "12 January 2027",
        "12 jan 2027",
        " Tuesday 12th of January 2027 ",
        "Tue, 12 January, 2027",
    ] {
        assert_eq!(Day::read(typed), day, "{typed}");
    }
    for typed in [
        "12/13/2027",
        "31/2/2027",
        "12 January",
        "12/1/27",
        "12/1/1066",
        "next week",
        "x 12/1/2027",
        "🙂",
    ] {
        assert_eq!(Day::read(typed), Day::Unread(typed.to_owned()), "{typed}");
    }
    assert_eq!(Day::read(" "), Day::Any);
    assert_eq!(
        Filters::parse("from=12%2F1%2F2027&to=soon").path(),
        "/courses?from=2027-01-12&to=soon"
    );
}

#[test]
fn what_is_not_understood_is_left_out() {
    let found = Filters::parse(
        "topic=%3Cscript%3E&for=cats&where=Bath&day=some&time=noon&from=&free=no&sort=best&page=x&x=1",
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
