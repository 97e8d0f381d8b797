//! Moving a booking to another date, and putting somebody first on a waiting list.

use uuid::Uuid;
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{BookOutcome, Choices, Request, book, recount};
use wellbeing_courses::messages::MessageKind;
use wellbeing_courses::read;

use super::{admin, errors, of_person};
use crate::bookings::world::{self, Made, Member, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

/// Two runs and a member who has a place on the first, by the booking with this number.
async fn scene(site: &Site, places: i64) -> (Made, Made, Member, String) {
    let from = world::run(site, RunSpec::default()).await;
    let to = world::run(
        site,
        RunSpec {
            capacity: places,
            ..RunSpec::default()
        },
    )
    .await;
    let member = world::members(site, 1).await.remove(0);
    let request = Request {
        choices: Choices {
            access_note: Some("A chair with arms".into()),
            ..Choices::default()
        },
        ..member.request(from.id)
    };
    let BookOutcome::Booked(booked) = book(&site.app, &request).await.unwrap() else {
        panic!("a place");
    };
    (from, to, member, booked.reference)
}

/// Fills in the form and presses the button, `times` times.
async fn moved(admin: &Somebody, path: &str, to: Uuid, times: usize) -> Answer {
    let key = admin.browser.get(path).await.field("form-key").unwrap();
    let to = to.to_string();
    let fields = [
        ("form-key", key.as_str()),
        ("run", to.as_str()),
        ("channel", "phone"),
        ("reason", "She works on Mondays now"),
    ];
    for _ in 1..times {
        admin.browser.post(path, &fields).await;
    }
    admin.browser.post(path, &fields).await
}

async fn text(site: &Site, sql: &'static str) -> Vec<String> {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(sql)
        .fetch_all(&mut *c)
        .await?))
    .unwrap()
}

/// Who waits on the one list there is, in order.
async fn order(site: &Site) -> Vec<Uuid> {
    read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT person_id FROM waiting_person JOIN waiting_entry ON id = entry_id WHERE ended_at IS NULL ORDER BY turn"
    )
    .fetch_all(&mut *c)
    .await?))
    .unwrap()
}

const NOT_AS_IT_WAS: &str = "This booking cannot be moved any more: it is not as it was. Nothing has changed. Look at their page";

with_mail! {
    async fn a_booking_moves_in_one_step_and_its_person_is_told_once(site: Site) {
        let admin = admin(&site).await;
        let (from, to, member, reference) = scene(&site, 10).await;
        let confirmed = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(confirmed.len(), 1);
        let path = format!("/desk/people/{}/move/{reference}", member.person);
        let done = moved(&admin, &path, to.id, 2).await;
        assert_eq!(done.status, 303);
        let (old, new) = (world::count(&site, from.id).await, world::count(&site, to.id).await);
        assert_eq!((old.places, old.taken, new.places, new.taken), (0, 0, 1, 1));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        let told = world::told(&site, MessageKind::BookingConfirmed).await;
        assert_eq!(told.len(), 2, "once, however often the button is pressed");
        assert!(world::told(&site, MessageKind::BookingCancelled).await.is_empty());
        let mail = &told[1];
        assert!(mail.subject.contains("moved") && mail.text.contains(&reference));
        let ics = mail.ics.as_ref().unwrap().text.replace("\r\n ", "");
        assert_eq!(ics.matches("STATUS:CONFIRMED").count(), 6);
        assert_eq!(ics.matches("STATUS:CANCELLED").count(), 6);
        let before = confirmed[0].ics.as_ref().unwrap().text.replace("\r\n ", "");
        let uid = before.lines().find(|line| line.starts_with("UID:")).unwrap();
        assert!(ics.contains(uid), "the same entries go out of the calendar");
        // What would help them goes along, and so does the reason, sealed.
        let note = "SELECT COUNT(*) FROM vault_entry JOIN booking ON booking.id = booking_id AND booking.status = 'booked' \
                    WHERE person_id = $1";
        assert_eq!(of_person(&site, note, member.person).await, 1);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'moved-for' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, member.person).await, 1);
    }
}

on_both! {
    async fn a_full_date_changes_nothing(site: Site) {
        let admin = admin(&site).await;
        let (from, to, member, reference) = scene(&site, 1).await;
        let other = world::members(&site, 1).await.remove(0);
        other.book(&site, to.id).await;
        let path = format!("/desk/people/{}/move/{reference}", member.person);
        let answer = moved(&admin, &path, to.id, 1).await;
        assert_eq!(answer.status, 422);
        assert!(errors(&answer)[0].contains("The booking stays as it is"));
        assert_eq!(answer.words("textarea"), ["She works on Mondays now"]);
        assert_eq!(world::count(&site, from.id).await.places, 1);
        assert_eq!(world::count(&site, to.id).await.places, 1);
        let not_his = format!("/desk/people/{}/move/{reference}", other.person);
        assert_eq!(admin.browser.get(&not_his).await.status, 404);
    }

    async fn a_move_needs_a_date_a_channel_and_a_reason(site: Site) {
        let admin = admin(&site).await;
        let (from, _, member, reference) = scene(&site, 10).await;
        let path = format!("/desk/people/{}/move/{reference}", member.person);
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        let own = from.id.to_string();
        let answer = admin.browser.post(&path, &[("form-key", key.as_str()), ("run", own.as_str())]).await;
        assert_eq!(answer.status, 422);
        assert_eq!(errors(&answer), [
            "This date cannot be booked any more. Choose another one",
            "Choose how they came to us",
            "Say why the booking is moved",
        ]);
    }

    async fn whoever_waits_for_the_old_date_is_offered_the_place(site: Site) {
        let admin = admin(&site).await;
        let full = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let to = world::run(&site, RunSpec::default()).await;
        let [mary, next] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        let BookOutcome::Booked(booked) = mary.book(&site, full.id).await else { panic!("a place") };
        join(&site.app, &next.request(full.id)).await.unwrap();
        let path = format!("/desk/people/{}/move/{}", mary.person, booked.reference);
        assert_eq!(moved(&admin, &path, to.id, 1).await.status, 303);
        let counted = world::count(&site, full.id).await;
        assert_eq!((counted.places, counted.held), (0, 1));
        assert_eq!(text(&site, "SELECT status FROM waiting_entry").await, ["offered"]);
    }

    async fn two_who_swap_dates_at_once_never_wait_for_each_other_for_ever(site: Site) {
        let admin = admin(&site).await;
        let (from, to, member, reference) = scene(&site, 10).await;
        let other = world::members(&site, 1).await.remove(0);
        let BookOutcome::Booked(booked) = other.book(&site, to.id).await else { panic!("a place") };
        let there = format!("/desk/people/{}/move/{reference}", member.person);
        let back = format!("/desk/people/{}/move/{}", other.person, booked.reference);
        let both = tokio::join!(moved(&admin, &there, to.id, 1), moved(&admin, &back, from.id, 1));
        assert_eq!((both.0.status, both.1.status), (303.try_into().unwrap(), 303.try_into().unwrap()));
        assert_eq!((world::count(&site, from.id).await.taken, world::count(&site, to.id).await.taken), (1, 1));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn somebody_is_put_first_for_a_reason_and_the_others_keep_their_order(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let all = world::members(&site, 4).await;
        all[0].book(&site, run.id).await;
        for one in &all[1..3] {
            assert!(matches!(join(&site.app, &one.request(run.id)).await.unwrap(), JoinOutcome::Joined(_)));
        }
        let path = format!("/desk/people/{}/wait/{}?by=phone", all[3].person, run.id);
        let silent = admin.browser.post(&path, &[("turn", "first")]).await;
        assert_eq!((silent.status.as_u16(), errors(&silent)), (422, vec!["Say why they go before everybody who waits".to_owned()]));
        let fields = [("turn", "first"), ("reason", "We cancelled her place by mistake")];
        for _ in 0..2 {
            assert_eq!(admin.browser.post(&path, &fields).await.status, 303);
        }
        assert_eq!(order(&site).await, [all[3].person, all[1].person, all[2].person]);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'put-first' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, all[3].person).await, 1);
        // Somebody who waits already goes to the front, too.
        let last = format!("/desk/people/{}/wait/{}?by=phone", all[2].person, run.id);
        admin.browser.post(&last, &fields).await;
        assert_eq!(order(&site).await, [all[2].person, all[3].person, all[1].person]);
        let list = admin.browser.get(&format!("/desk/runs/{}", run.id)).await;
        assert!(list.body.contains("Waiting, put first by us"));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn a_booking_that_ended_meanwhile_is_said_with_what_was_typed(site: Site) {
        let admin = admin(&site).await;
        let (_, to, member, reference) = scene(&site, 10).await;
        let path = format!("/desk/people/{}/move/{reference}", member.person);
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        let ends = "UPDATE booking SET status = 'cancelled', ended_at = created_at \
                    WHERE id IN (SELECT booking_id FROM place WHERE person_id = $1)";
        world::change(&site, ends, member.person).await;
        let run = to.id.to_string();
        let fields = [("form-key", key.as_str()), ("run", run.as_str()), ("channel", "phone"), ("reason", "She works on Mondays now")];
        let answer = admin.browser.post(&path, &fields).await;
        assert_eq!((answer.status.as_u16(), errors(&answer)), (422, vec![NOT_AS_IT_WAS.to_owned()]));
        assert_eq!(answer.words("textarea"), ["She works on Mondays now"]);
        assert_eq!(world::count(&site, to.id).await.places, 0);
    }

    async fn of_two_moves_at_once_one_is_done_and_the_other_hears_why_not(site: Site) {
        let admin = admin(&site).await;
        let (from, to, member, reference) = scene(&site, 10).await;
        let other = world::run(&site, RunSpec::default()).await;
        let path = format!("/desk/people/{}/move/{reference}", member.person);
        let first = admin.browser.get(&path).await.field("form-key").unwrap();
        let second = admin.browser.get(&path).await.field("form-key").unwrap();
        let (there, elsewhere) = (to.id.to_string(), other.id.to_string());
        let fields = |key, run| [("form-key", key), ("run", run), ("channel", "phone"), ("reason", "She works on Mondays now")];
        let (one, two) = (fields(first.as_str(), there.as_str()), fields(second.as_str(), elsewhere.as_str()));
        let (one, two) = tokio::join!(admin.browser.post(&path, &one), admin.browser.post(&path, &two));
        let (done, refused) = if one.status == 303 { (one, two) } else { (two, one) };
        assert_eq!((done.status.as_u16(), refused.status.as_u16()), (303, 422));
        assert_eq!(errors(&refused), [NOT_AS_IT_WAS]);
        let (a, b, c) = (world::count(&site, from.id).await, world::count(&site, to.id).await, world::count(&site, other.id).await);
        assert_eq!((a.taken, b.taken + c.taken), (0, 1));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
    }

    async fn why_somebody_cannot_wait_is_said_with_what_was_typed(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let mary = world::members(&site, 1).await.remove(0);
        mary.book(&site, run.id).await;
        let path = format!("/desk/people/{}/wait/{}?by=phone", mary.person, run.id);
        let answer = admin.browser.post(&path, &[("turn", "first"), ("reason", "We promised her a place")]).await;
        assert_eq!((answer.status.as_u16(), errors(&answer)), (422, vec!["They have a place on this date already".to_owned()]));
        assert_eq!(answer.words("textarea"), ["We promised her a place"]);
        assert!(order(&site).await.is_empty());
    }
}
