//! A volunteer's status is given by the team, ends by the clock, and opens what is for volunteers only.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::bookings::Request;

use super::{admin, errors, of_person, somebody};
use crate::bookings::world::{self, RunSpec};
use crate::support::Answer;
use crate::support::people::Somebody;

/// The tests' day is 4 January 2027.
async fn give(admin: &Somebody, person: Uuid, hours: &str, year: &str) -> Answer {
    let path = format!("/desk/people/{person}/volunteer");
    let key = admin.browser.get(&path).await.field("form-key").unwrap();
    let fields = [
        ("form-key", key.as_str()),
        ("organisation", "Radstock Library"),
        ("hours", hours),
        ("from-day", "4"),
        ("from-month", "1"),
        ("from-year", "2027"),
        ("renew-day", "3"),
        ("renew-month", "2"),
        ("renew-year", year),
    ];
    admin.browser.post(&path, &fields).await;
    admin.browser.post(&path, &fields).await
}

const NOT_THEIRS: &str = "This one is for our volunteers";

/// Books what is for volunteers only, at the desk.
async fn book_for(admin: &Somebody, person: Uuid, run: Uuid) -> Answer {
    let page = "/desk/people/book";
    let key = admin
        .browser
        .get(&format!("{page}?person={person}"))
        .await
        .field("form-key")
        .unwrap();
    let (run, person) = (run.to_string(), person.to_string());
    admin
        .browser
        .post(
            page,
            &[
                ("form-key", key.as_str()),
                ("person", &person),
                ("run", &run),
                ("channel", "phone"),
                ("reach", "call"),
                ("safe-message", "no"),
                ("name-course", "no"),
                ("agreed", "yes"),
            ],
        )
        .await
}

on_both! {
    async fn a_status_opens_what_is_for_volunteers_until_its_last_day_is_over(site: Site) {
        let admin = admin(&site).await;
        let spec = RunSpec { volunteers_only: true, starts_in: TimeDelta::days(60), ..RunSpec::default() };
        let (first, second) = (world::run(&site, spec.clone()).await, world::run(&site, spec).await);
        let tom = somebody(&site, "Tom Ashdown", Some("+447700900111"), None).await;
        let no = book_for(&admin, tom, first.id).await;
        assert!(errors(&no)[0].contains("for our volunteers only"));
        assert_eq!(give(&admin, tom, "4", "2027").await.status, 303);
        assert_eq!(of_person(&site, "SELECT COUNT(*) FROM volunteer WHERE person_id = $1", tom).await, 1, "twice is once");
        assert_eq!(book_for(&admin, tom, first.id).await.status, 303);
        let page = admin.browser.get(&format!("/desk/people/{tom}")).await;
        assert!(page.body.contains("Radstock Library") && page.body.contains("Ends soon, on 3 February 2027"));
        let list = admin.browser.get("/desk/people/volunteers?show=soon").await;
        assert_eq!(list.words("tbody th"), ["Tom Ashdown"]);
        // The last second of the last day, and the next.
        site.clock.set("2027-02-03T23:59:59Z".parse().unwrap());
        let admin = Somebody { browser: site.desk_browser(&admin).await, ..admin };
        assert_eq!(admin.browser.get("/desk/people/volunteers").await.words("tbody th"), ["Tom Ashdown"]);
        site.clock.forward(TimeDelta::seconds(1));
        let no = book_for(&admin, tom, second.id).await;
        assert!(errors(&no)[0].contains("for our volunteers only"), "no sweep was needed");
        assert!(admin.browser.get("/desk/people/volunteers").await.words("tbody th").is_empty());
        let over = admin.browser.get("/desk/people/volunteers?show=over&sort=name").await;
        assert_eq!(over.words("tbody th"), ["Tom Ashdown"]);
        assert!(over.body.contains("Ran out on 3 February 2027"));
    }

    async fn a_member_books_it_on_the_website_while_it_stands(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { volunteers_only: true, ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let page = format!("/courses/{}/{}/book", run.slug, run.id);
        assert_eq!(mary.browser.get(&page).await.words("h1"), [NOT_THEIRS]);
        give(&admin, mary.person_id, "4", "2028").await;
        assert_ne!(mary.browser.get(&page).await.words("h1"), [NOT_THEIRS]);
        let path = format!("/desk/people/{}/volunteer", mary.person_id);
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        admin.browser.post(&path, &[("form-key", key.as_str()), ("end", "yes")]).await;
        assert_eq!(mary.browser.get(&page).await.words("h1"), [NOT_THEIRS], "at the next click");
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'volunteer-changed' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, mary.person_id).await, 2);
        let request = Request::website(run.id, mary.account_id, mary.person_id, [1; 32]);
        let outcome = wellbeing_courses::bookings::book(&site.app, &request).await.unwrap();
        assert_eq!(outcome, BookOutcome::VolunteersOnly);
    }

    async fn what_is_wrong_in_the_form_is_said_beside_it(site: Site) {
        let admin = admin(&site).await;
        let tom = somebody(&site, "Tom Ashdown", None, None).await;
        let wrong = give(&admin, tom, "many", "2026").await;
        assert_eq!(wrong.status, 422);
        let said = errors(&wrong);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("from 1 to 60") && said[1].contains("today or later"));
        assert_eq!(wrong.field("organisation").as_deref(), Some("Radstock Library"));
        let long = give(&admin, tom, "4", "2031").await;
        assert_eq!(errors(&long), ["It must be renewed within 3 years"]);
        assert_eq!(admin.browser.get("/desk/people/volunteers").await.status, 200);
    }
}
