//! The page of one person.

use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{BookOutcome, Choices, Request, book, cancel};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;
use wellbeing_courses::server::vault::RecordClass;

use super::{admin, errors, looks, of_person, somebody};
use crate::bookings::world::{self, Member, RunSpec};
use crate::support::Site;

/// A member with a place, and the booking's number.
async fn booked(site: &Site, note: Option<&str>) -> (world::Made, Member, String) {
    let run = world::run(site, RunSpec::default()).await;
    let member = world::members(site, 1).await.remove(0);
    let request = Request {
        choices: Choices {
            access_note: note.map(str::to_owned),
            ..Choices::default()
        },
        ..member.request(run.id)
    };
    let BookOutcome::Booked(booked) = book(&site.app, &request).await.unwrap() else {
        panic!("a place");
    };
    (run, member, booked.reference)
}

on_both! {
    async fn one_page_says_how_somebody_stands_and_nothing_of_their_health(site: Site) {
        let admin = admin(&site).await;
        let (_, member, reference) = booked(&site, Some("canary-needs")).await;
        let tom = world::cared_for(&site, member.account, "Tom Ashdown").await;
        let path = format!("/desk/people/{}", member.person);
        let shown = admin.browser.get(&path).await;
        for words in ["Margaret Ashdown", "07700 900214", &reference, "on the website", "Tom Ashdown", "31 March 1952",
            &format!("Signs in with {}", member.email), "Do not leave a message"] {
            assert!(shown.body.contains(words), "{words}");
        }
        assert!(!shown.body.contains("canary") && !shown.body.to_lowercase().contains("ethnic"));
        assert_eq!(looks(&site, member.person).await, 1);
        assert_eq!(looks(&site, tom).await, 1, "whose name stands there, too");
        let his = admin.browser.get(&format!("/desk/people/{tom}")).await;
        assert!(his.body.contains("No account") && his.body.contains("books for them"));
        // A form that is sent back shows them once more.
        admin.browser.post(&format!("/desk/people/{tom}/details"), &[("full-name", "")]).await;
        assert_eq!(looks(&site, tom).await, 3, "the page of his carer, his own, the form");
        for nowhere in ["/desk/people/00000000-0000-0000-0000-000000000000", "/desk/people/x"] {
            assert_eq!(admin.browser.get(nowhere).await.status, 404);
        }
    }

    async fn what_was_said_is_kept_sealed_and_once(site: Site) {
        let admin = admin(&site).await;
        let tom = somebody(&site, "Tom Ashdown", None, None).await;
        let path = format!("/desk/people/{tom}");
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        let said = "He asked <b>twice</b>.\nHe will ring.";
        let fields = [("form-key", key.as_str()), ("way", "phone"), ("note", said)];
        admin.browser.post(&path, &fields).await;
        let shown = admin.browser.post_and_follow(&path, &fields).await;
        assert_eq!(shown.words(".wb-note-words"), ["He asked <b>twice</b>. He will ring."]);
        assert!(shown.words(".wb-log .wb-small")[0].ends_with("by phone, Sandra"));
        let kept: Vec<Vec<u8>> = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT sealed FROM contact_note")
            .fetch_all(&mut *c)
            .await?))
        .unwrap();
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].windows(5).any(|bytes| bytes == b"twice"));
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'contact-noted' AND person_id = $1";
        assert_eq!(of_person(&site, noted, tom).await, 1);
        let long = "x".repeat(1001);
        let wrong = admin.browser.post(&path, &[("form-key", &key), ("way", ""), ("note", &long)]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(errors(&wrong), ["Choose how you were in touch", "Use 1,000 letters or fewer"]);
        assert!(wrong.words("textarea")[0].len() > 1000, "what was typed is still there");
    }

    async fn a_mistyped_number_is_put_right_and_found_at_once(site: Site) {
        let admin = admin(&site).await;
        let tom = somebody(&site, "Tom Ashdown", Some("+447700900111"), None).await;
        admin.browser.get("/desk/people?q=0111").await;
        let path = format!("/desk/people/{tom}/details");
        let fields = [("full-name", "Tom Ashdown"), ("phone", "07700 900222"), ("email", ""), ("town", "Keynsham")];
        let saved = admin.browser.post_and_follow(&path, &fields).await;
        assert!(saved.body.contains("07700 900222") && saved.body.contains("Keynsham"));
        let found = admin.browser.get("/desk/people?q=0222").await;
        assert_eq!(found.words("tbody th"), ["Tom Ashdown"]);
        let before = admin.browser.get("/desk/people?q=0111").await;
        assert!(before.body.contains("Nobody found"));
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'details-changed' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, tom).await, 1);
        let none = admin.browser.post(&path, &[("full-name", "Tom Ashdown"), ("phone", ""), ("email", "")]).await;
        assert_eq!(none.status, 422);
    }

    async fn the_address_of_an_account_is_changed_in_the_account_alone(site: Site) {
        let admin = admin(&site).await;
        let member = world::members(&site, 1).await.remove(0);
        let path = format!("/desk/people/{}/details", member.person);
        assert!(admin.browser.get(&path).await.field("email").is_none());
        let fields = [("full-name", "Margaret Ashdown"), ("phone", "07700 900214"), ("email", "thief@example.org")];
        let saved = admin.browser.post_and_follow(&path, &fields).await;
        assert!(saved.body.contains(&member.email) && !saved.body.contains("thief"));
    }
}

/// The reason in the record, which only the person’s key opens.
async fn reason(site: &Site, action: &'static str, person: uuid::Uuid) -> String {
    let (id, sealed): (uuid::Uuid, Vec<u8>) = read!(site.app.db, |c| Ok(sqlx::query_as(
        "SELECT id, sealed FROM audit_entry WHERE action = $1 AND person_id = $2"
    )
    .bind(action)
    .bind(person)
    .fetch_one(&mut *c)
    .await?))
    .unwrap();
    assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
    let plain = site
        .app
        .vault
        .open(person, RecordClass::Audit, id, &sealed)
        .await
        .unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

with_mail! {
    async fn taking_somebody_off_a_waiting_list_asks_why_and_the_next_moves_up(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let [first, second, third]: [Member; 3] = world::members(&site, 3).await.try_into().ok().unwrap();
        first.book(&site, run.id).await;
        for one in [&second, &third] {
            let joined = join(&site.app, &one.request(run.id)).await.unwrap();
            assert!(matches!(joined, JoinOutcome::Joined(_)));
        }
        let page = admin.browser.get(&format!("/desk/people/{}", second.person)).await;
        let path = format!("/desk/people/{}/wait/{}/off", second.person, run.id);
        assert!(page.body.contains(&path));
        assert!(admin.browser.get(&path).await.body.contains("off the waiting list?"));
        let silent = admin.browser.post(&path, &[]).await;
        assert_eq!(errors(&silent), ["Choose why"]);
        let waiting = "SELECT COUNT(*) FROM waiting_entry WHERE ended_at IS NULL";
        assert_eq!(world::number(&site, waiting).await, 2, "nothing happens without a reason");
        let why = [("why", "mistake"), ("reason", "canary-reason")];
        for _ in 0..2 {
            let done = admin.browser.post_and_follow(&path, &why).await;
            assert!(done.body.contains("They are off the waiting list."));
        }
        assert_eq!(world::number(&site, waiting).await, 1);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'taken-off-list' AND person_id = $1";
        assert_eq!(of_person(&site, noted, second.person).await, 1);
        let said = reason(&site, "taken-off-list", second.person).await;
        assert_eq!(said, r#"["","It was a mistake, or they have it twice: canary-reason"]"#);
        // Who does not wait for it, and nobody’s number.
        let not = format!("/desk/people/{}/wait/{}/off", first.person, run.id);
        assert_eq!(admin.browser.get(&not).await.status, 303);
        assert_eq!(admin.browser.get(&format!("/desk/people/x/wait/{}/off", run.id)).await.status, 404);
    }

    async fn whoever_has_a_place_by_now_is_not_said_to_be_off_the_list(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let [first, second]: [Member; 2] = world::members(&site, 2).await.try_into().ok().unwrap();
        let BookOutcome::Booked(given_up) = first.book(&site, run.id).await else {
            panic!("a place");
        };
        let joined = join(&site.app, &second.request(run.id)).await.unwrap();
        assert!(matches!(joined, JoinOutcome::Joined(_)));
        let path = format!("/desk/people/{}/wait/{}/off", second.person, run.id);
        assert!(admin.browser.get(&path).await.body.contains("off the waiting list?"));
        cancel(&site.app, first.account, &given_up.reference).await.unwrap();
        assert!(matches!(second.book(&site, run.id).await, BookOutcome::Booked(_)));
        let done = admin.browser.post_and_follow(&path, &[("why", "asked")]).await;
        assert!(!done.body.contains("They are off the waiting list.") && done.body.contains("It was so already"));
        assert_eq!(world::count(&site, run.id).await.places, 1, "their place stays");
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'taken-off-list' AND person_id = $1";
        assert_eq!(of_person(&site, noted, second.person).await, 0);
    }

    async fn two_who_wait_together_have_a_line_in_the_record_each(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let [first, second, mary]: [Member; 3] = world::members(&site, 3).await.try_into().ok().unwrap();
        for holder in [&first, &second] {
            assert!(matches!(holder.book(&site, run.id).await, BookOutcome::Booked(_)));
        }
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        let pair = Request { people: vec![mary.person, tom], ..mary.request(run.id) };
        assert!(matches!(join(&site.app, &pair).await.unwrap(), JoinOutcome::Joined(_)));
        let path = format!("/desk/people/{}/wait/{}/off", mary.person, run.id);
        let done = admin.browser.post_and_follow(&path, &[("why", "asked"), ("reason", "canary-reason")]).await;
        assert!(done.body.contains("They are off the waiting list."));
        for person in [mary.person, tom] {
            assert_eq!(reason(&site, "taken-off-list", person).await, r#"["","They asked us to: canary-reason"]"#);
        }
        // From the page of the other, it was done already.
        let his = format!("/desk/people/{tom}/wait/{}/off", run.id);
        let again = admin.browser.post_and_follow(&his, &[("why", "asked")]).await;
        assert!(again.body.contains("They are off the waiting list."));
    }

    async fn cancelling_asks_first_frees_the_place_and_tells_them(site: Site) {
        let admin = admin(&site).await;
        let (run, member, reference) = booked(&site, None).await;
        let path = format!("/desk/people/{}/cancel/{reference}", member.person);
        let asks = admin.browser.get(&path).await;
        assert!(asks.body.contains(&format!("We send an email to {}", member.email)));
        assert_eq!(world::count(&site, run.id).await.taken, 1, "nothing happens by looking");
        let silent = admin.browser.post(&path, &[]).await;
        assert_eq!((silent.status.as_u16(), errors(&silent)), (422, vec!["Choose why".to_owned()]));
        let other = admin.browser.post(&path, &[("why", "other"), ("reason", " ")]).await;
        assert_eq!(errors(&other), ["Say why in your words"]);
        assert_eq!(world::count(&site, run.id).await.taken, 1, "nothing happens without a reason");
        let why = [("why", "asked"), ("reason", "canary-reason")];
        admin.browser.post(&path, &why).await;
        let done = admin.browser.post_and_follow(&path, &why).await;
        assert!(done.body.contains("The booking is cancelled."));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.taken, counted.places), (0, 0));
        assert_eq!(world::told(&site, MessageKind::BookingCancelled).await.len(), 1);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'cancelled-for' AND person_id = $1";
        assert_eq!(of_person(&site, noted, member.person).await, 1);
        assert_eq!(reason(&site, "cancelled-for", member.person).await, r#"["","They asked us to: canary-reason"]"#);
        let other = somebody(&site, "Tom Ashdown", None, None).await;
        let not_his = format!("/desk/people/{other}/cancel/{reference}");
        assert_eq!(admin.browser.get(&not_his).await.status, 404);
    }

    async fn cancelling_for_two_is_a_line_in_the_record_of_each(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let mary = world::members(&site, 1).await.remove(0);
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        let pair = Request { people: vec![mary.person, tom], ..mary.request(run.id) };
        let BookOutcome::Booked(booked) = book(&site.app, &pair).await.unwrap() else {
            panic!("two places");
        };
        let path = format!("/desk/people/{}/cancel/{}", mary.person, booked.reference);
        admin.browser.post(&path, &[("why", "asked"), ("reason", "canary-reason")]).await;
        assert_eq!(world::count(&site, run.id).await.places, 0);
        for person in [mary.person, tom] {
            assert_eq!(reason(&site, "cancelled-for", person).await, r#"["","They asked us to: canary-reason"]"#);
        }
    }
}
