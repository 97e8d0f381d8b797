//! Each way a place cannot be booked has its own words, and something to do next.

use chrono::TimeDelta;
use reqwest::StatusCode;

use super::pages::{book_path, fields};
use super::world::{self, RunSpec};
use crate::support::people::Sort;

on_both! {
    async fn each_refusal_has_its_own_words(site: Site) {
        let member = site.member("Mary").await;
        let young = site.somebody("Yusuf", Sort::Member, "2014-06-02").await;
        let volunteer = site.somebody("Vera", Sort::Volunteer, "1954-06-02").await;
        let soon = RunSpec { starts_in: TimeDelta::minutes(1), ..RunSpec::default() };
        let open = RunSpec::default();
        let cases = [
            ("This date is full", RunSpec { capacity: 1, ..open.clone() }, &member),
            ("Booking has closed for this date", RunSpec { status: "closed", ..open.clone() }, &member),
            ("This date is not going ahead", RunSpec { status: "cancelled", ..open.clone() }, &member),
            ("This course has already started", soon, &member),
            ("This one is for our volunteers", RunSpec { volunteers_only: true, ..open.clone() }, &member),
            ("This course is for people aged 16 and over", RunSpec { audience: "adults", ..open.clone() }, &young),
            ("This course is for people under 16", RunSpec { audience: "under-16s", ..open.clone() }, &member),
        ];
        for (title, spec, who) in cases {
            let run = world::run(&site, spec).await;
            let path = book_path(&run);
            if title.contains("full") {
                world::members(&site, 1).await.remove(0).book(&site, run.id).await;
            }
            if title.contains("started") {
                site.clock.forward(TimeDelta::minutes(1));
            }
            for answer in [who.browser.get(&path).await, who.browser.post(&path, &fields("a-form-key-of-ours")).await] {
                assert_eq!(answer.words("h1"), [title], "{}", answer.status);
                assert!(answer.body.contains("01632 960 100"), "{title}: a number to ring");
                assert!(!answer.words(".wb-split__main a").is_empty(), "{title}: something to do next");
            }
            let sent = who.browser.post(&path, &fields("another-form-key-of-ours")).await;
            assert!(matches!(sent.status, StatusCode::CONFLICT | StatusCode::FORBIDDEN), "{title}: {}", sent.status);
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking").await, 1);
        let ours = world::run(&site, RunSpec { volunteers_only: true, ..open }).await;
        let answer = volunteer.browser.post(&book_path(&ours), &fields("a-form-key-of-ours")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }

    async fn a_full_date_leads_to_the_others(site: Site) {
        let member = site.member("Mary").await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let later = RunSpec { starts_in: TimeDelta::days(40), capacity: 7, ..RunSpec::default() };
        let other = world::another_run(&site, run.course_id, &run.slug, &later).await;
        world::members(&site, 1).await.remove(0).book(&site, run.id).await;
        let answer = member.browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.body.contains(&format!("href=\"{}\"", book_path(&other))), "a button for the other date");
        assert!(answer.body.contains("7 places left"));
        // The same page for somebody who is not signed in: they learn it before they sign up.
        let stranger = site.browser().get(&book_path(&run)).await;
        assert_eq!(stranger.words("h1"), ["This date is full"]);
    }

    async fn who_is_not_signed_in_signs_in_or_up_and_keeps_the_choice(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let stranger = site.browser();
        // One page, then the first question.
        let start = stranger.get(&book_path(&run)).await.location();
        let answer = stranger.get(&start).await;
        assert_eq!(answer.words("h1"), ["Before you book"]);
        assert!(answer.body.contains("/sign-in?next=%2Fcourses%2F"));
        assert!(answer.body.contains("Living well with long-term pain"));
        assert_eq!(site.browser().post(&start, &[]).await.location(), "/sign-up/name");
        let sent = stranger.post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert!(sent.location().starts_with("/sign-in?next=%2Fcourses%2F"));
        let una = site.somebody("Una", Sort::Unverified, "1954-06-02").await;
        for answer in [una.browser.get(&book_path(&run)).await, una.browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await] {
            assert_eq!(answer.words("h1"), ["Please open our email first"]);
            assert!(answer.body.contains("/account/verify"));
        }
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM booking").await, 0);
        for path in ["/courses/nothing-here/abc/book".to_owned(), format!("/courses/{}/abc/book", run.slug)] {
            assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        }
    }
}
