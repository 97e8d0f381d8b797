//! Who is likely meant, while it is typed on the booking page.

use serde_json::{Value, json};
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::BookOutcome;

use super::{admin, looks, somebody};
use crate::bookings::world::{self, RunSpec};
use crate::support::people::Somebody;

const SEARCHES: &str =
    "SELECT COUNT(*) FROM audit_entry WHERE action = 'people-searched' AND sealed IS NOT NULL";

fn path(q: &str) -> String {
    let q = serde_urlencoded::to_string([("q", q)]).unwrap();
    format!("/desk/people/likely?{q}")
}

/// What the script is told when this was typed.
async fn typed(who: &Somebody, q: &str) -> Vec<Value> {
    let answer = who.browser.get(&path(q)).await;
    assert_eq!(answer.status, 200, "{q}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["content-type"], "application/json");
    serde_json::from_str(&answer.body).unwrap()
}

on_both! {
    async fn who_is_likely_meant_is_named_and_no_more_than_it_takes_to_tell_them_apart(site: Site) {
        let admin = admin(&site).await;
        let sean = somebody(&site, "Seán Ó Briain", Some("+447700900999"), Some("Sean@Example.org")).await;
        somebody(&site, "Margaret Other", Some("+447700900111"), None).await;
        let href = format!("/desk/people/book?person={sean}");
        let named = vec![json!({ "name": "Seán Ó Briain", "about": "Born 1950", "href": href })];
        for q in ["sea", "bri sean", "07700 900999", "0999", "sean@exa"] {
            assert_eq!(typed(&admin, q).await, named, "{q}");
        }
        assert_eq!(looks(&site, sean).await, 5, "each look is written down");
        assert_eq!(world::number(&site, SEARCHES).await, 5);
        let form = admin.browser.get(&href).await;
        assert_eq!(form.words("h1"), ["Book for Seán Ó Briain"]);
        assert_eq!(form.field("person"), Some(sean.to_string()));
        assert!(form.words("[data-ahead]").is_empty(), "who comes is known");
    }

    async fn a_booking_number_names_who_has_it(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let BookOutcome::Booked(booked) = member.book(&site, run.id).await else { panic!("a place") };
        let named = typed(&admin, &booked.reference.to_lowercase()).await;
        assert_eq!(named.len(), 1);
        assert_eq!(named[0]["name"], "Margaret Ashdown");
    }

    async fn fewer_than_three_letters_name_nobody_and_nothing_is_read(site: Site) {
        let admin = admin(&site).await;
        let sean = somebody(&site, "Se Bell", Some("+447700900999"), None).await;
        for q in ["", "s", "se", " s e ", "99", "!!!", "se ".repeat(200).as_str()] {
            assert!(typed(&admin, q).await.is_empty(), "{q}");
        }
        assert_eq!(looks(&site, sean).await, 0);
        assert_eq!(world::number(&site, SEARCHES).await, 0);
        assert_eq!(typed(&admin, "se b").await.len(), 1);
    }

    async fn never_more_than_eight_are_named_and_only_they_are_in_the_record(site: Site) {
        let admin = admin(&site).await;
        for n in 0..12_u8 {
            somebody(&site, &format!("Ann Tester {}", char::from(b'a' + n)), None, None).await;
        }
        let named = typed(&admin, "tester").await;
        assert_eq!(named.len(), 8);
        assert_eq!(named[0]["name"], "Ann Tester a");
        let seen = "SELECT COUNT(*) FROM audit_entry JOIN person ON person.id = audit_entry.person_id \
                    WHERE audit_entry.action = 'looked' AND person.full_name LIKE 'Ann Tester%'";
        assert_eq!(world::number(&site, seen).await, 8);
    }

    async fn only_the_course_team_is_told(site: Site) {
        let sean = somebody(&site, "Seán Ó Briain", None, None).await;
        let visitor = site.browser().get(&path("sean")).await;
        assert_eq!(visitor.status, 303);
        assert!(visitor.location().starts_with("/sign-in?next="));
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let refused = owner.browser.get(&path("sean")).await;
        assert_eq!(refused.status, 404);
        assert!(!refused.body.contains("Briain"));
        assert_eq!(looks(&site, sean).await, 0);
    }

    async fn the_booking_page_has_a_field_for_it_that_waits_for_scripts(site: Site) {
        let admin = admin(&site).await;
        let page = admin.browser.get("/desk/people/book").await;
        assert_eq!(page.words("[data-ahead='/desk/people/likely'][hidden] label"), ["Do we know them?"]);
        assert!(page.words("form [data-ahead]").is_empty(), "what is typed there is not sent with the form");
    }
}
