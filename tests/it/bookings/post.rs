//! The post queue: whoever asked for letters gets them.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::changes::{Change, ChangeOutcome, call_off, change};
use wellbeing_courses::bookings::{BookOutcome, calls, cancel_booking, post};
use wellbeing_courses::{read, write_tx};

use super::changes::sessions;
use super::world::{self, Made, RunSpec};
use crate::support::Site;

/// Somebody with a place, without an email address, who asked for letters.
async fn booked(site: &Site, run: &Made) -> (Uuid, Uuid) {
    let (person, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO person (id, full_name, date_of_birth, phone, address, town, postcode, reach_by_letter, format, \
                                 remind_by, created_at, updated_at) \
             VALUES ($1, 'Arthur Penhallow', '1948-02-01', '+441225477000', '2 High Street', 'Keynsham', 'BS31 1DP', TRUE, \
                     'large-print', 'call', $2, $2)",
        )
        .bind(person)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    let member = world::Member {
        account: Uuid::nil(),
        person,
        email: String::new(),
    };
    let request = wellbeing_courses::bookings::Request {
        account_id: None,
        ..member.request(run.id)
    };
    match wellbeing_courses::bookings::book(&site.app, &request)
        .await
        .unwrap()
    {
        BookOutcome::Booked(booked) => (person, booked.id),
        other => panic!("{other:?}"),
    }
}

async fn queue(site: &Site) -> Vec<String> {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT about FROM post_letter WHERE posted_at IS NULL ORDER BY about",
        )
        .fetch_all(&mut *c)
        .await?)
    })
    .unwrap()
}

async fn calls(site: &Site) -> i64 {
    world::number(site, "SELECT COUNT(*) FROM phone_call").await
}

async fn run(site: &Site) -> Made {
    let spec = RunSpec {
        starts_in: TimeDelta::days(20),
        capacity: 5,
        ..RunSpec::default()
    };
    world::run(site, spec).await
}

on_both! {
    async fn a_booking_a_change_and_a_cancellation_are_letters_while_the_post_is_in_time(site: Site) {
        let run = run(&site).await;
        let (person, booking) = booked(&site, &run).await;
        assert_eq!(queue(&site).await, ["booked"]);
        let all = sessions(&site, &run).await;
        let (last, day) = (all[all.len() - 1], TimeDelta::days(1));
        let later = Change::Move { session: last.0, starts_at: last.1 + day, ends_at: last.2 + day };
        let outcome = change(&site.app, run.id, &[later], None).await.unwrap();
        assert_eq!(outcome, ChangeOutcome::Changed { written: 1, to_ring: 0 });
        assert_eq!(queue(&site).await, ["booked", "changed"]);
        // Whoever asked for calls as well is rung about a change.
        world::change(&site, "UPDATE person SET reach_by_call = TRUE WHERE id = $1", person).await;
        let back = Change::Move { session: last.0, starts_at: last.1, ends_at: last.2 };
        assert_eq!(change(&site.app, run.id, &[back], None).await.unwrap(), ChangeOutcome::Changed { written: 0, to_ring: 1 });
        world::change(&site, "UPDATE person SET reach_by_call = FALSE WHERE id = $1", person).await;
        cancel_booking(&site.app, booking, None).await.unwrap();
        cancel_booking(&site.app, booking, None).await.unwrap();
        assert!(queue(&site).await.contains(&"cancelled".to_owned()));
        assert_eq!(calls(&site).await, 1);
    }

    async fn a_letter_that_would_be_wrong_by_now_is_not_printed_and_thrown_away(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let run = run(&site).await;
        let (_, booking) = booked(&site, &run).await;
        let letters = async || admin.browser.get("/desk/letters/print").await.words(".wb-letter__to").len();
        let one = letters().await;
        post::sweep(&site.app).await.unwrap();
        assert_eq!(queue(&site).await, ["booked"], "it is right");
        let all = sessions(&site, &run).await;
        let (last, day) = (all[all.len() - 1], TimeDelta::days(1));
        let later = Change::Move { session: last.0, starts_at: last.1 + day, ends_at: last.2 + day };
        change(&site.app, run.id, &[later], None).await.unwrap();
        assert_eq!(letters().await, 2 * one);
        cancel_booking(&site.app, booking, None).await.unwrap();
        assert_eq!(letters().await, one, "that they have a place, and when, is not so any more");
        assert!(one > 0);
        post::sweep(&site.app).await.unwrap();
        assert_eq!(queue(&site).await, ["cancelled"]);
        site.clock.set(run.starts_at + TimeDelta::days(60));
        post::sweep(&site.app).await.unwrap();
        assert!(queue(&site).await.is_empty(), "of a run that is over nobody writes any more");
    }

    async fn what_a_letter_would_tell_too_late_is_a_call_and_so_is_what_has_no_address(site: Site) {
        let run = run(&site).await;
        let (person, _) = booked(&site, &run).await;
        world::change(&site, "UPDATE person SET address = NULL WHERE id = $1", person).await;
        let all = sessions(&site, &run).await;
        let (last, day) = (all[all.len() - 1], TimeDelta::days(1));
        let later = Change::Move { session: last.0, starts_at: last.1 + day, ends_at: last.2 + day };
        assert_eq!(change(&site.app, run.id, &[later], None).await.unwrap(), ChangeOutcome::Changed { written: 0, to_ring: 1 });
        world::change(&site, "UPDATE person SET address = '2 High Street' WHERE id = $1", person).await;
        site.clock.set(run.starts_at - TimeDelta::days(3));
        assert_eq!(call_off(&site.app, run.id, None).await.unwrap(), ChangeOutcome::Changed { written: 0, to_ring: 1 });
        assert_eq!((queue(&site).await.len(), calls(&site).await), (1, 2));
        calls::sweep(&site.app).await.unwrap();
    }

    async fn the_list_and_the_sheets_are_there_again_as_they_were_once_letters_are_posted(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let run = world::run(&site, RunSpec { starts_in: TimeDelta::days(20), capacity: 30, ..RunSpec::default() }).await;
        let looks = async |action: &'static str| {
            let sql = "SELECT COUNT(*) FROM audit_entry WHERE person_id IS NOT NULL AND action = $1";
            let count: i64 = read!(site.app.db, |c| Ok(sqlx::query_scalar(sql).bind(action).fetch_one(&mut *c).await?)).unwrap();
            count
        };
        let goes_to = async |from: &str, to: &str| {
            let gone = admin.browser.get(from).await;
            assert_eq!((gone.status.as_u16(), gone.location().as_str()), (303, to), "{from}");
        };
        // One more than a page of them.
        for _ in 0..26 {
            booked(&site, &run).await;
        }
        let list = admin.browser.get("/desk/letters?sort=name&page=2").await;
        assert_eq!(list.words("tbody tr").len(), 1);
        assert!(list.body.contains("/desk/letters/print?sort=name&amp;page=2"), "{}", list.body);
        let shown = admin.browser.get("/desk/letters/print?sort=-name").await;
        assert!(shown.body.contains("action=\"/desk/letters?sort=-name\"") && shown.body.contains("href=\"/desk/letters?sort=-name\""), "{}", shown.body);
        let id = list.field("letter").unwrap();
        let again = "/desk/letters?sort=name&page=2";
        let posted = admin.browser.post(again, &[("letter", &id), ("do", "posted")]).await;
        assert_eq!(posted.location(), again);
        // Nothing stands on the second page any more: nobody is seen, also of those that can be put back.
        let before = (looks("looked").await, looks("printed").await);
        goes_to(again, "/desk/letters?sort=name").await;
        goes_to("/desk/letters/print?sort=name&page=2", "/desk/letters/print?sort=name").await;
        assert_eq!((looks("looked").await, looks("printed").await), before);
    }

    async fn letters_are_printed_posted_and_put_back_and_every_look_is_written_down(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let page = "/desk/letters";
        assert!(admin.browser.get(page).await.body.contains("Nothing to post"));
        let run = run(&site).await;
        let (_, booking) = booked(&site, &run).await;
        let looks = async |action: &'static str| {
            let sql = "SELECT COUNT(*) FROM audit_entry JOIN person ON person.id = audit_entry.person_id \
                       AND person.full_name = 'Arthur Penhallow' WHERE action = $1";
            let count: i64 = read!(site.app.db, |c| Ok(sqlx::query_scalar(sql).bind(action).fetch_one(&mut *c).await?)).unwrap();
            count
        };
        let list = admin.browser.get(page).await;
        assert!(list.body.contains("Arthur Penhallow") && list.body.contains("2 High Street"));
        assert_eq!(looks("looked").await, 1);
        let printed = admin.browser.get("/desk/letters/print").await;
        assert_eq!(looks("printed").await, 1);
        assert_eq!(printed.words(".wb-letter--large .wb-letter__to span"), ["Arthur Penhallow", "2 High Street", "Keynsham", "BS31 1DP"]);
        assert!(printed.body.contains("Hello Arthur,") && printed.body.contains("We have saved a place for you."));
        assert!(printed.body.contains(&site.app.config.phone().to_owned()));
        assert!(!printed.body.contains("long-term pain"), "the course is named to whoever allowed it");
        assert_eq!(printed.words(".wb-letter li").len(), sessions(&site, &run).await.len());
        // Sealed: a letter cannot be read in the database.
        let id = printed.field("letter").unwrap();
        let posted = async || admin.browser.post_and_follow(page, &[("letter", &id), ("do", "posted")]).await;
        assert!(posted().await.body.contains("We have noted that."));
        posted().await;
        assert_eq!(queue(&site).await, Vec::<String>::new());
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'letter-posted'";
        assert_eq!(world::number(&site, noted).await, 1, "pressed twice it is one");
        let back = admin.browser.post_and_follow(page, &[("letter", &id), ("do", "put-back")]).await;
        assert!(back.body.contains("It is to be printed again."));
        assert_eq!(queue(&site).await, ["booked"]);
        // More than a day in the queue: it is on Today.
        assert!(!admin.browser.get("/desk/today").await.body.contains("for the post"));
        site.clock.forward(TimeDelta::hours(25));
        let admin_again = site.desk_browser(&admin).await;
        assert!(admin_again.get("/desk/today").await.body.contains("1 letter that has waited more than a day for the post"));
        admin_again.post(page, &[("letter", &id), ("do", "posted")]).await;
        post::sweep(&site.app).await.unwrap();
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM post_letter WHERE sealed IS NULL").await, 0);
        site.clock.forward(TimeDelta::hours(25));
        post::sweep(&site.app).await.unwrap();
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM post_letter WHERE sealed IS NULL").await, 1);
        let later = site.desk_browser(&admin).await;
        later.post(page, &[("letter", &id), ("do", "put-back")]).await;
        assert_eq!(queue(&site).await, Vec::<String>::new(), "its words are gone");
        for strange in [vec![("do", "posted")], vec![("letter", "x"), ("do", "posted")], vec![("letter", id.as_str()), ("do", "eaten")]] {
            assert_eq!(later.post(page, &strange).await.status, 400, "{strange:?}");
        }
        assert!(post::is_written(&site.app, &format!("booking:{booking}:confirmed")).await.unwrap());
    }
}
