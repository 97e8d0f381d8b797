//! Due dates by example, and for every day of eleven years against a second, plain way of counting.

use chrono::{Datelike as _, Weekday};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Easter Sundays, from a calendar.
const EASTER: [&str; 12] = [
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2029-04-01",
    "2030-04-21",
    "2031-04-13",
    "2032-03-28",
    "2033-04-17",
    "2034-04-09",
    "2035-03-25",
    "2036-04-13",
    "2037-04-05",
];

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The holidays of a year, each put on the next day that is free: as they are given out, not as a rule asks.
fn holidays(year: i32) -> Vec<NaiveDate> {
    let of = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
    let mut all = Vec::new();
    for sunday in EASTER.map(day).into_iter().filter(|day| day.year() == year) {
        all.extend([sunday - Days::new(2), sunday + Days::new(1)]);
    }
    let mondays = |month| {
        let days = of(month, 1).iter_days();
        days.take_while(move |day| day.month() == month)
            .filter(|day| day.weekday() == Weekday::Mon)
            .collect::<Vec<_>>()
    };
    all.extend(
        [mondays(5).first(), mondays(5).last(), mondays(8).last()]
            .into_iter()
            .flatten(),
    );
    for mut holiday in [of(1, 1), of(12, 25), of(12, 26)] {
        while is_weekend(holiday) || all.contains(&holiday) {
            holiday = holiday.succ_opt().expect("a day");
        }
        all.push(holiday);
    }
    all
}

/// The next working day, found by walking.
fn walked_to_work(mut day: NaiveDate) -> NaiveDate {
    while is_weekend(day) || holidays(day.year()).contains(&day) {
        day = day.succ_opt().expect("a day");
    }
    day
}

/// So many months later, found by walking: on to the same number in the month wanted, or to its end.
fn walked_months(from: NaiveDate, months: u32) -> NaiveDate {
    let wanted = (from.month0() + months) % 12 + 1;
    let mut at = from;
    while at.month() != wanted {
        at = at.succ_opt().expect("a day");
    }
    while at.day() < from.day() && at.succ_opt().expect("a day").month() == wanted {
        at = at.succ_opt().expect("a day");
    }
    at
}

fn walked_days(from: NaiveDate, days: usize) -> NaiveDate {
    from.iter_days().nth(days).expect("a day")
}

/// Every day on which a request can come.
fn every_day() -> impl Iterator<Item = NaiveDate> {
    let days = day("2026-01-01").iter_days();
    days.take_while(|day| day.year() <= 2036)
}

#[test]
fn every_day_of_eleven_years_is_counted_as_by_walking() {
    let mut n = 0;
    for at in every_day() {
        let month = walked_to_work(walked_months(at, 1));
        for kind in Kind::ALL {
            let timing = Timing::new(*kind, at);
            let due = timing.due().expect("it is due");
            let legal = timing.legal().expect("it is due").due;
            match kind {
                Kind::Complaint => assert_eq!(due, walked_to_work(walked_days(at, 30)), "{at}"),
                Kind::Access => {
                    assert_eq!(due, month.min(walked_days(at, 30)), "{at}");
                    assert_eq!(legal, month, "{at}");
                }
                _ => assert_eq!((due, legal), (month, month), "{at}"),
            }
        }
        let longer = Timing {
            extended_on: Some(at),
            ..Timing::new(Kind::Access, at)
        };
        let three = walked_to_work(walked_months(at, 3));
        assert_eq!(longer.due(), Some(three), "{at}, three months");
        n += 1;
    }
    assert_eq!(n, 4018);
}

#[rstest]
#[case(
    "2026-09-03",
    "2026-10-05",
    "the commissioner’s own example; the 3rd is a Saturday"
)]
#[case(
    "2027-01-31",
    "2027-03-01",
    "no such day, and the last of February is a Sunday"
)]
#[case("2028-01-31", "2028-02-29", "a leap year")]
#[case(
    "2026-11-25",
    "2026-12-29",
    "Christmas, Boxing Day on a Saturday and the day given for it"
)]
#[case("2026-12-01", "2027-01-04", "New Year’s Day on a Friday")]
#[case("2027-02-26", "2027-03-30", "Good Friday to Easter Monday")]
#[case("2026-08-31", "2026-09-30", "a bank holiday on which it came counts")]
fn a_month_is_a_month(#[case] received: &str, #[case] due: &str, #[case] why: &str) {
    let timing = Timing::new(Kind::Erasure, day(received));
    assert_eq!(timing.due(), Some(day(due)), "{why}");
}

#[test]
fn a_copy_is_promised_in_thirty_days_and_a_complaint_gets_thirty() {
    let copy = Timing::new(Kind::Access, day("2027-01-04"));
    assert_eq!(copy.due(), Some(day("2027-02-03")));
    assert_eq!(copy.legal().map(|legal| legal.due), Some(day("2027-02-04")));
    let february = Timing::new(Kind::Access, day("2027-02-01"));
    assert_eq!(
        (february.due(), february.promised()),
        (Some(day("2027-03-01")), None),
        "the law is earlier"
    );
    let complaint = Timing::new(Kind::Complaint, day("2027-01-28"));
    assert_eq!(
        complaint.due(),
        Some(day("2027-03-01")),
        "the 27th is a Saturday"
    );
}

#[test]
fn the_clock_begins_when_they_have_shown_who_they_are() {
    let asked = Timing::new(Kind::Access, day("2027-01-04"))
        .after(Step::AskIdentity, day("2027-01-05"))
        .expect("we may ask");
    assert_eq!(
        (asked.due(), asked.stopped()),
        (None, Some(Stopped::Identity(day("2027-01-05"))))
    );
    for step in [Step::AskIdentity, Step::Wait, Step::Heard, Step::Extend] {
        assert_eq!(asked.after(step, day("2027-01-06")), None, "{step:?}");
    }
    assert_eq!(
        asked.after(Step::IdentityShown, day("2027-01-04")),
        None,
        "not before we asked"
    );
    let shown = asked
        .after(Step::IdentityShown, day("2027-01-14"))
        .expect("they may show it");
    assert_eq!(
        shown.due(),
        Some(day("2027-02-13")),
        "a promise is a promise on a Saturday, too"
    );
    assert_eq!(
        shown.legal().map(|legal| legal.due),
        Some(day("2027-02-15"))
    );
}

#[test]
fn days_on_which_we_wait_do_not_count() {
    let timing = Timing::new(Kind::Rectification, day("2027-01-04"));
    let waits = timing
        .after(Step::Wait, day("2027-01-10"))
        .expect("we may ask");
    assert_eq!(
        (waits.due(), waits.stopped()),
        (None, Some(Stopped::Answer(day("2027-01-10"))))
    );
    assert_eq!(
        waits.after(Step::Heard, day("2027-01-09")),
        None,
        "not before we asked"
    );
    let heard = waits
        .after(Step::Heard, day("2027-01-14"))
        .expect("they may answer");
    assert_eq!(
        (heard.days_waited, heard.due()),
        (4, Some(day("2027-02-08")))
    );
    let again = heard
        .after(Step::Wait, day("2027-01-20"))
        .expect("once more");
    let again = again
        .after(Step::Heard, day("2027-01-20"))
        .expect("on the same day");
    assert_eq!(again.days_waited, 4);
}

#[test]
fn two_months_more_are_said_once_and_in_time() {
    let timing = Timing::new(Kind::Access, day("2027-01-04"));
    let longer = timing
        .after(Step::Extend, day("2027-02-04"))
        .expect("on the last day");
    assert_eq!(
        longer.due(),
        Some(day("2027-04-05")),
        "the 4th is a Sunday, a week after Easter"
    );
    assert_eq!(longer.after(Step::Extend, day("2027-02-04")), None, "once");
    assert_eq!(
        timing.after(Step::Extend, day("2027-02-05")),
        None,
        "too late"
    );
    let complaint = Timing::new(Kind::Complaint, day("2027-01-04"));
    for step in [Step::Extend, Step::Wait, Step::Heard, Step::IdentityShown] {
        assert_eq!(complaint.after(step, day("2027-01-05")), None, "{step:?}");
    }
    let asked = complaint
        .after(Step::AskIdentity, day("2027-01-05"))
        .expect("we may ask");
    assert_eq!(
        asked.due(),
        complaint.due(),
        "its clock stands still for nothing"
    );
}

#[rstest]
#[case(Kind::Access, Step::AskIdentity, "2027-02-04", true)]
#[case(Kind::Access, Step::AskIdentity, "2027-02-05", false)]
#[case(Kind::Access, Step::Wait, "2027-02-04", true)]
#[case(Kind::Access, Step::Wait, "2027-02-05", false)]
#[case(Kind::Erasure, Step::AskIdentity, "2027-01-03", false)]
#[case(Kind::Complaint, Step::AskIdentity, "2027-03-05", true)]
fn what_is_late_does_not_stop_the_clock_any_more(
    #[case] kind: Kind,
    #[case] step: Step,
    #[case] on: &str,
    #[case] fits: bool,
) {
    let timing = Timing::new(kind, day("2027-01-04"));
    assert_eq!(timing.after(step, day(on)).is_some(), fits);
}

#[test]
fn an_identity_for_which_we_did_not_have_to_ask_is_as_before() {
    let timing = Timing::new(Kind::Access, day("2027-01-04"));
    let asked = timing
        .after(Step::AskIdentity, day("2027-01-05"))
        .expect("we may ask");
    let back = asked.after(Step::IdentityNotAsked, day("2027-03-09"));
    assert_eq!(back, Some(timing));
    assert_eq!(
        timing.after(Step::IdentityNotAsked, day("2027-01-05")),
        None
    );
    let shown = asked
        .after(Step::IdentityShown, day("2027-01-06"))
        .expect("they may show it");
    assert_eq!(
        shown.after(Step::IdentityNotAsked, day("2027-01-06")),
        None,
        "they have shown it"
    );
}

fn any_step() -> impl Strategy<Value = (Step, u64)> {
    let steps = [
        Step::AskIdentity,
        Step::IdentityShown,
        Step::IdentityNotAsked,
        Step::Wait,
        Step::Heard,
        Step::Extend,
    ];
    (prop::sample::select(steps.to_vec()), 0_u64..20)
}

proptest! {
    #[test]
    fn whatever_happens_it_is_due_on_a_day_that_is_not_before_it_begins(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        received in 0_u64..4018,
        steps in prop::collection::vec(any_step(), 0..12),
    ) {
        let mut today = day("2026-01-01") + Days::new(received);
        let mut timing = Timing::new(kind, today);
        for (step, later) in steps {
            today = today + Days::new(later);
            let before = timing;
            if let Some(after) = timing.after(step, today) {
                timing = after;
                // Once the day is over, nothing moves it.
                if let Some(due) = before.due().filter(|_| before.legal().is_some_and(|legal| today > legal.due)) {
                    prop_assert!(timing.due().is_some_and(|now| now <= due), "{step:?} on {today}, from {before:?}");
                }
                // Pressed twice it is one effect.
                let again = timing.after(step, today);
                prop_assert!(again.is_none(), "{step:?} twice, from {before:?}");
            }
            prop_assert_eq!(timing.due().is_none(), timing.stopped().is_some());
            if let (Some(due), Some(legal)) = (timing.due(), timing.legal()) {
                prop_assert!(due >= timing.starts_on() && due <= legal.due && legal.counted <= legal.due);
                prop_assert!(is_working_day(legal.due, &BTreeSet::new()));
            }
        }
    }
}
