//! Finding somebody.

use wellbeing_courses::bookings::BookOutcome;

use super::{admin, errors, looks, somebody};
use crate::bookings::world::{self, RunSpec};

fn search(q: &str) -> String {
    let q = serde_urlencoded::to_string([("q", q)]).unwrap();
    format!("/desk/people?{q}")
}

on_both! {
    async fn somebody_is_found_by_name_phone_email_and_booking_number(site: Site) {
        let admin = admin(&site).await;
        let sean = somebody(&site, "Seán Ó Briain-O’Neil", Some("+447700900999"), Some("Sean@Example.org")).await;
        somebody(&site, "Margaret Other", Some("+447700900111"), None).await;
        let ways = [
            "sean", "SEAN", "seán bri", "oneil sean", "o'neil", "07700 900999", "+44 (0)7700 900 999", "0999", "sean@exa",
        ];
        for q in ways {
            let found = admin.browser.get(&search(q)).await;
            assert_eq!(found.words("tbody th"), ["Seán Ó Briain-O’Neil"], "{q}");
        }
        assert_eq!(looks(&site, sean).await, 9, "each look is written down");
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let BookOutcome::Booked(booked) = member.book(&site, run.id).await else { panic!("a place") };
        let found = admin.browser.get(&search(&booked.reference.to_lowercase().replace('-', " "))).await;
        assert_eq!(found.words("tbody th"), ["Margaret Ashdown"]);
        let cells = found.words("tbody td");
        assert_eq!(cells[0], "1952");
        assert!(cells.last().unwrap().contains("January"), "when they come next: {cells:?}");
    }

    async fn a_search_is_written_down_without_saying_whom_in_the_clear(site: Site) {
        let admin = admin(&site).await;
        admin.browser.get(&search("ashdown margaret")).await;
        let searches = world::number(
            &site,
            "SELECT COUNT(*) FROM audit_entry WHERE action = 'people-searched' AND sealed IS NOT NULL \
             AND page = '/desk/people'",
        )
        .await;
        assert_eq!(searches, 1);
        let nothing = admin.browser.get("/desk/people").await;
        assert!(nothing.words("table").is_empty() && nothing.words("label").contains(&"Find somebody".to_owned()));
    }

    async fn nobody_found_offers_to_book_for_somebody_new(site: Site) {
        let admin = admin(&site).await;
        let none = admin.browser.get(&search("zebedee")).await;
        assert!(none.body.contains("Nobody found"));
        assert!(none.words("a").contains(&"Add somebody new and book for them".to_owned()));
        for (q, sentence) in [("m", "2 letters"), ("12", "3 digits")] {
            let short = admin.browser.get(&search(q)).await;
            assert_eq!(short.status, 422);
            assert!(errors(&short)[0].contains(sentence));
            assert_eq!(short.field("q").as_deref(), Some(q));
        }
        let trick = admin.browser.get(&search("\"><script>alert(1)</script>")).await;
        assert!(!trick.body.contains("<script>alert"));
    }

    async fn many_are_shown_by_the_page(site: Site) {
        let admin = admin(&site).await;
        for n in 0..27 {
            somebody(&site, &format!("Ann Tester {}", char::from(b'a' + n % 26)), None, None).await;
        }
        let first = admin.browser.get(&search("tester ann")).await;
        assert_eq!(first.words("tbody th").len(), 25);
        assert!(first.words("h2").contains(&"27 people".to_owned()));
        let second = admin.browser.get(&format!("{}&page=2", search("tester ann"))).await;
        assert_eq!(second.words("tbody th").len(), 2);
    }

    async fn who_was_found_is_a_file_and_the_record_says_whose_details_are_in_it(site: Site) {
        let admin = admin(&site).await;
        for n in 0..27 {
            somebody(&site, &format!("Ann Tester {}", char::from(b'a' + n % 26)), None, None).await;
        }
        let found = admin.browser.get(&search("tester ann")).await;
        assert!(found.body.contains("/desk/people/list.csv?q=tester+ann"));
        let file = admin.browser.get("/desk/people/list.csv?q=tester+ann").await;
        assert_eq!(file.status, 200);
        let lines: Vec<&str> = file.body.lines().skip(1).collect();
        assert_eq!(lines.len(), 27);
        assert!(lines[0].starts_with("Ann Tester a,") && lines[0].ends_with(",Nothing booked"), "{}", lines[0]);
        let taken = "SELECT COUNT(DISTINCT person_id) FROM audit_entry WHERE action = 'downloaded'";
        assert_eq!(world::number(&site, taken).await, 27);
        let searches = "SELECT COUNT(*) FROM audit_entry WHERE action = 'people-searched'";
        assert_eq!(world::number(&site, searches).await, 2);
        assert!(admin.browser.get("/desk/people/list.xlsx?q=tester+ann").await.body.starts_with("PK"));
        for nothing in ["/desk/people/list.csv", "/desk/people/list.csv?q=m"] {
            assert_eq!(admin.browser.get(nothing).await.status, 400, "{nothing}");
        }
    }
}
