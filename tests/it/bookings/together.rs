//! A booking for two, or for somebody else: everybody is named, and what ends, ends for both.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::{BookOutcome, Request, book, recount};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use super::pages::{book_path, fields};
use super::world::{self, RunSpec};
use crate::support::Site;
use crate::support::people::Somebody;

async fn account(site: &Site, who: &Somebody) -> Uuid {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM account WHERE email = $1")
                .bind(&who.email)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

async fn booked(site: &Site, request: &Request) -> String {
    match book(&site.app, request).await.unwrap() {
        BookOutcome::Booked(booked) => booked.reference,
        other => panic!("{other:?}"),
    }
}

const BOTH: &str = "Mary Ashdown and Tom Ashdown";

with_mail! {
    async fn both_are_named_wherever_the_booking_is_shown(site: Site) {
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let mary = site.member("Mary Ashdown").await;
        let account = account(&site, &mary).await;
        let tom = world::cared_for(&site, account, "Tom Ashdown").await;
        let request = Request {
            people: vec![mary.person_id, tom],
            ..Request::website(run.id, account, mary.person_id, [7; 32])
        };
        let own = format!("/account/bookings/{}", booked(&site, &request).await);
        for path in ["/account/bookings", &own, &format!("{own}/booked"), &format!("{own}/cancel")] {
            assert!(mary.browser.get(path).await.body.contains(BOTH), "{path}");
        }
        assert_eq!(mary.browser.get(&format!("{own}/booked")).await.words("h1"), ["Your places are booked"]);
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!((told.len(), told[0].to.email()), (1, mary.email.as_str()));
        assert!(told[0].text.contains("We have saved 2 places.") && told[0].text.contains(BOTH));

        let ask = mary.browser.get(&format!("{own}/cancel")).await;
        assert_eq!(ask.words("h1"), ["Do you want to cancel both places?"]);
        let gone = mary.browser.post_and_follow(&format!("{own}/cancel"), &[]).await;
        assert!(gone.body.contains("Both places are cancelled"));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken), (0, 0), "both are free again");
        let told = world::told(&site, MessageKind::BookingCancelled).await;
        assert!(told[0].text.contains(&format!("both places, for {BOTH}")));
        let lines = mary.browser.get("/account/bookings").await;
        assert!(lines.body.contains("You cancelled both places") && lines.body.contains(BOTH));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_booking_for_somebody_without_an_address_is_told_to_whoever_made_it(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let account = account(&site, &mary).await;
        let tom = world::cared_for(&site, account, "Tom Ashdown").await;
        let own = format!("/account/bookings/{}", booked(&site, &Request::website(run.id, account, tom, [7; 32])).await);
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!((told.len(), told[0].to.email()), (1, mary.email.as_str()));
        assert!(told[0].text.contains("For Tom Ashdown"));
        assert!(mary.browser.get("/account/bookings").await.body.contains("For Tom Ashdown"));
        assert!(mary.browser.get(&own).await.words("dd").contains(&"Tom Ashdown".to_owned()));
        // Their own place on the same run is another booking, and at the same time for nobody.
        let check = mary.browser.get(&book_path(&run)).await;
        assert_eq!(check.words("h1"), ["Check your answers, then book"]);
        assert!(!check.body.contains("at the same time"));
        let sent = mary.browser.post(&book_path(&run), &fields("a-form-key-of-ours")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(world::count(&site, run.id).await.places, 2);
    }
}
