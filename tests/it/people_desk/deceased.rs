//! Somebody has died: everything stops in one moment, and can be taken back.

use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::bookings::{BookOutcome, Request, book, recount};
use wellbeing_courses::messages::{self, Address, Mail, MessageKind};
use wellbeing_courses::server::db::Db;
use wellbeing_courses::write_tx;

use super::{admin, of_person, somebody};
use crate::bookings::world::{self, Member, RunSpec};
use crate::support::Site;

/// A message about somebody, as any feature would write it.
async fn write_to(site: &Site, member: &Member, cause: &str) {
    let mail = Mail {
        kind: MessageKind::PasswordChanged,
        to: Address::new(None, &member.email),
        subject: "canary".into(),
        text: "canary".into(),
        html: "<p>canary</p>".into(),
        ics: None,
        unsubscribe: None,
    };
    let letter = messages::prepare(&site.app, mail, Some(member.person), cause)
        .await
        .unwrap();
    messages::queue(&site.app, &letter).await.unwrap();
}

/// How many messages to somebody wait.
async fn waits(site: &Site, member: &Member) -> i64 {
    let sql = "SELECT COUNT(*) FROM outbox WHERE person_id = $1 AND state = 'waiting'";
    of_person(site, sql, member.person).await
}

/// How many of the messages of [`write_to`] were written, sent or not: the site's own workers send meanwhile.
async fn written(site: &Site, member: &Member) -> i64 {
    let sql = "SELECT COUNT(*) FROM outbox WHERE person_id = $1 AND cause IN ('guarded', 'unguarded', 'tom')";
    of_person(site, sql, member.person).await
}

/// An address on the newsletter's list, of nobody we know by it.
async fn subscribes(site: &Site, email: &str) -> uuid::Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query("INSERT INTO subscription (id, email, status, created_at, updated_at) VALUES ($1, $2, 'on', $3, $3)")
            .bind(id)
            .bind(email)
            .bind(now)
            .execute(&mut *c)
            .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// Another account with this address.
async fn account_with(site: &Site, email: &str) -> uuid::Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO account (id, email, created_at, updated_at) VALUES ($1, $2, $3, $3)",
        )
        .bind(id)
        .bind(email)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

async fn without_triggers(site: &Site) {
    write_tx!(site.app.db, |c| {
        sqlx::query(match &site.app.db {
            Db::Sqlite { .. } => "DROP TRIGGER outbox_not_to_the_dead",
            Db::Postgres(_) => "DROP TRIGGER outbox_not_to_the_dead ON outbox",
        })
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

on_both! {
    async fn everything_stops_at_once_and_whoever_waits_is_offered_the_place(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let full = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let [mary, next, other] = <[Member; 3]>::try_from(world::members(&site, 3).await).ok().unwrap();
        assert!(matches!(mary.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert!(matches!(other.book(&site, full.id).await, BookOutcome::Booked(_)));
        assert!(matches!(join(&site.app, &next.request(run.id)).await.unwrap(), JoinOutcome::Joined(_)));
        assert!(matches!(join(&site.app, &mary.request(full.id)).await.unwrap(), JoinOutcome::Joined(_)));
        let path = format!("/desk/people/{}/deceased", mary.person);
        let asks = admin.browser.get(&path).await;
        assert!(asks.body.contains("Their place becomes free") && asks.body.contains("They leave 1 waiting list."));
        assert!(asks.body.contains("Their account is closed"));
        assert_eq!(world::count(&site, run.id).await.places, 1, "nothing happens by looking");
        let waiting = waits(&site, &mary).await;
        assert!(waiting > 0 && asks.body.contains(&format!("{waiting} messages that wait")));

        admin.browser.post(&path, &[]).await;
        let shown = admin.browser.post_and_follow(&path, &[]).await;
        assert!(shown.body.contains("They have died. We noted it on"));
        assert!(!shown.body.contains("Book for them"));
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.places, counted.taken, counted.held), (0, 0, 1), "kept for who waits");
        assert_eq!(waits(&site, &mary).await, 0, "nothing is sent, not even that it was cancelled");
        let entries = "SELECT COUNT(*) FROM waiting_person WHERE person_id = $1 AND active";
        assert_eq!(of_person(&site, entries, mary.person).await, 0);
        let devices = "SELECT COUNT(*) FROM device WHERE account_id = $1 AND ended_at IS NULL";
        assert_eq!(of_person(&site, devices, mary.account).await, 0);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'deceased' AND person_id = $1";
        assert_eq!(of_person(&site, noted, mary.person).await, 1, "twice is once");
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        let found = admin.browser.get("/desk/people?q=0214").await;
        assert!(found.body.contains("Has died"));
    }

    async fn nothing_is_written_to_somebody_who_has_died_and_without_the_guard_it_would_be(site: Site) {
        let admin = admin(&site).await;
        let [mary, tom] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        admin.browser.post(&format!("/desk/people/{}/deceased", mary.person), &[]).await;
        write_to(&site, &mary, "guarded").await;
        write_to(&site, &tom, "tom").await;
        assert_eq!((written(&site, &mary).await, written(&site, &tom).await), (0, 1));
        // The control: it is this guard, and no other, that keeps it from being written.
        without_triggers(&site).await;
        write_to(&site, &mary, "unguarded").await;
        assert_eq!(written(&site, &mary).await, 1);
    }

    async fn no_message_call_or_letter_gets_past_the_schema_for_somebody_who_has_died(site: Site) {
        let run = world::run(&site, RunSpec::default()).await;
        let [alive, dead] = [(); 2].map(|()| world::MemberSpec::default());
        let (alive, dead) = (world::member(&site, alive).await, world::member(&site, dead).await);
        world::change(&site, "UPDATE person SET deceased_at = created_at WHERE id = $1", dead.person).await;
        let now = site.app.clock.now();
        for sql in [
            "INSERT INTO outbox (id, cause, kind, person_id, state, sealed, next_try_at, created_at) \
             SELECT $1, $2, 'reminder', $3, 'waiting', $4, $5, $5 FROM run WHERE run.id = $6",
            "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
             SELECT $1, $2, 'reminder', $3, run.id, $5, $5 FROM run WHERE run.id = $6 AND $4 IS NOT NULL",
            "INSERT INTO post_letter (id, cause, about, person_id, run_id, sealed, created_at) \
             SELECT $1, $2, 'booked', $3, run.id, $4, $5 FROM run WHERE run.id = $6",
        ] {
            let mut written = Vec::new();
            for who in [&alive, &dead] {
                let id = site.app.id().unwrap();
                let cause = id.to_string();
                let rows = write_tx!(site.app.db, |c| {
                    Ok(sqlx::query(sql).bind(id).bind(&cause).bind(who.person).bind(vec![0_u8]).bind(now).bind(run.id)
                        .execute(&mut *c).await?.rows_affected())
                });
                written.push(rows.unwrap());
            }
            assert_eq!(written, [1, 0], "{sql}");
        }
    }

    async fn nobody_books_or_waits_for_somebody_who_has_died(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let mary = world::members(&site, 1).await.remove(0);
        admin.browser.post(&format!("/desk/people/{}/deceased", mary.person), &[]).await;
        let request = Request { account_id: None, ..mary.request(run.id) };
        assert_eq!(book(&site.app, &request).await.unwrap(), BookOutcome::Died);
        assert_eq!(join(&site.app, &request).await.unwrap(), JoinOutcome::Refused(BookOutcome::Died));
        let form = admin.browser.get(&format!("/desk/people/book?person={}", mary.person)).await;
        assert_eq!(form.status, 303);
        let wait = admin.browser.get(&format!("/desk/people/{}/wait/{}", mary.person, run.id)).await;
        assert_eq!(wait.status, 404);
    }

    async fn who_came_along_keeps_their_place_and_their_turn(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec { capacity: 2, ..RunSpec::default() }).await;
        let full = world::run(&site, RunSpec { capacity: 1, ..RunSpec::default() }).await;
        let [mary, other] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        let tom = world::cared_for(&site, mary.account, "Tom Ashdown").await;
        let both = |run| Request { people: vec![mary.person, tom], ..mary.request(run) };
        let BookOutcome::Booked(booked) = book(&site.app, &both(run.id)).await.unwrap() else { panic!("two places") };
        other.book(&site, full.id).await;
        assert!(matches!(join(&site.app, &both(full.id)).await.unwrap(), JoinOutcome::Joined(_)));
        admin.browser.post(&format!("/desk/people/{tom}/deceased"), &[]).await;
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.places, counted.taken), (1, 1, 1));
        let waiting = "SELECT places FROM waiting_entry JOIN waiting_person ON entry_id = id WHERE person_id = $1 AND active";
        assert_eq!(of_person(&site, waiting, mary.person).await, 1);
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        let page = admin.browser.get(&format!("/desk/people/{}/cancel/{}", mary.person, booked.reference)).await;
        assert!(!page.body.contains("Tom Ashdown"), "the booking is for one now");
    }

    async fn a_mistake_is_taken_back_but_the_places_are_gone(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let mary = site.member("Mary Ashdown").await;
        let tom = world::cared_for(&site, mary.account_id, "Tom Ashdown").await;
        let request = Request { people: vec![tom], account_id: Some(mary.account_id),
            ..Request::website(run.id, mary.account_id, tom, [7; 32]) };
        assert!(matches!(book(&site.app, &request).await.unwrap(), BookOutcome::Booked(_)));
        let path = format!("/desk/people/{tom}/deceased");
        admin.browser.post(&path, &[]).await;
        let people = mary.browser.get("/account/people").await;
        assert_eq!(people.status, 200, "her account stands for herself");
        assert!(!people.body.contains("Tom Ashdown"));
        assert!(admin.browser.get(&path).await.body.contains("do not come back"));
        let shown = admin.browser.post_and_follow(&path, &[("undo", "yes")]).await;
        assert!(!shown.body.contains("They have died. We noted") && shown.body.contains("Book for them"));
        assert!(mary.browser.get("/account/people").await.body.contains("Tom Ashdown"));
        assert_eq!(world::count(&site, run.id).await.places, 0);
    }

    async fn an_account_that_stands_for_nobody_else_opens_again_after_a_mistake(site: Site) {
        let admin = admin(&site).await;
        let mary = site.member("Mary Ashdown").await;
        assert_eq!(mary.browser.get("/account/bookings").await.status, 200);
        let path = format!("/desk/people/{}/deceased", mary.person_id);
        admin.browser.post(&path, &[]).await;
        assert_eq!(mary.browser.get("/account/bookings").await.status, 303, "signed out");
        let own = "SELECT COUNT(*) FROM representation WHERE person_id = $1 AND kind = 'self' AND ends_at IS NULL";
        assert_eq!(of_person(&site, own, mary.person_id).await, 0);
        admin.browser.post(&path, &[("undo", "yes")]).await;
        assert_eq!(of_person(&site, own, mary.person_id).await, 1);
        assert_eq!(mary.browser.get("/account/bookings").await.status, 303, "until they sign in anew");
        assert_eq!(site.browser_of(&mary).await.get("/account/bookings").await.status, 200);
    }

    async fn whoever_works_here_leaves_the_team_first(site: Site) {
        let admin = admin(&site).await;
        let path = format!("/desk/people/{}/deceased", admin.person_id);
        assert!(admin.browser.get(&path).await.body.contains("They work here"));
        admin.browser.post(&path, &[]).await;
        assert_eq!(admin.browser.get("/desk/people").await.status, 200);
    }

    async fn the_newsletter_stops_by_address_too_but_not_for_whoever_lives_and_shares_it(site: Site) {
        let admin = admin(&site).await;
        let [mary, tom] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        somebody(&site, "Ann Ashdown", None, Some(&tom.email)).await;
        let (alone, shared) = (subscribes(&site, &mary.email.to_uppercase()).await, subscribes(&site, &tom.email).await);
        let is_on = "SELECT COUNT(*) FROM subscription WHERE id = $1 AND status = 'on'";
        let said = "SELECT COUNT(*) FROM consent WHERE subscription_id = $1 AND about = 'newsletter' AND NOT given";
        for (who, list, says, on) in [(&mary, alone, true, 0), (&tom, shared, false, 1)] {
            let path = format!("/desk/people/{}/deceased", who.person);
            let asks = admin.browser.get(&path).await;
            assert_eq!(asks.body.contains("The newsletter stops."), says);
            for _ in 0..2 {
                admin.browser.post(&path, &[]).await;
            }
            assert_eq!((of_person(&site, is_on, list).await, of_person(&site, said, list).await), (on, 1 - on));
        }
    }

    async fn the_address_of_a_closed_account_is_free_and_comes_back_if_it_still_is(site: Site) {
        let admin = admin(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let path = format!("/desk/people/{}/deceased", mary.person_id);
        let own = "SELECT COUNT(*) FROM account JOIN person ON lower(person.email) = lower(account.email) WHERE account.id = $1";
        admin.browser.post(&path, &[]).await;
        assert_eq!(of_person(&site, own, mary.account_id).await, 0);
        admin.browser.post(&path, &[("undo", "yes")]).await;
        assert_eq!(of_person(&site, own, mary.account_id).await, 1);
        // Who shared the mailbox signs up, before the mistake is noticed.
        admin.browser.post(&path, &[]).await;
        let widower = account_with(&site, &mary.email).await;
        assert_eq!(admin.browser.post(&path, &[("undo", "yes")]).await.status, 303);
        assert_eq!((of_person(&site, own, mary.account_id).await, of_person(&site, own, widower).await), (0, 1));
        let open = "SELECT COUNT(*) FROM representation WHERE person_id = $1 AND kind = 'self' AND ends_at IS NULL";
        assert_eq!(of_person(&site, open, mary.person_id).await, 1);
        let page = admin.browser.get(&format!("/desk/people/{}/account", mary.person_id)).await;
        assert!(page.body.contains("The right email address"));
    }

    async fn what_waited_for_the_guardian_of_a_child_who_died_is_booked_for_the_other(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let mary = world::members(&site, 1).await.remove(0);
        let child = world::cared_for(&site, mary.account, "Ella Ashdown").await;
        world::change(&site, "UPDATE person SET date_of_birth = '2015-01-02' WHERE id = $1", child).await;
        world::guardian(&site, child, "amina@example.org").await;
        let both = Request { people: vec![mary.person, child], ..mary.request(run.id) };
        let BookOutcome::AwaitingGuardian(booked) = book(&site.app, &both).await.unwrap() else { panic!("it waits") };
        // What waits cannot be moved.
        let page = admin.browser.get(&format!("/desk/people/{}", mary.person)).await;
        let at = |what: &str| format!("/desk/people/{}/{what}/{}", mary.person, booked.reference);
        assert!(page.body.contains(&at("cancel")) && !page.body.contains(&at("move")));
        assert_eq!(admin.browser.get(&at("move")).await.status, 303);
        admin.browser.post(&format!("/desk/people/{child}/deceased"), &[]).await;
        let stands = "SELECT COUNT(*) FROM booking WHERE id = $1 AND status = 'booked' AND agree_by IS NULL";
        assert_eq!(of_person(&site, stands, booked.id).await, 1);
        let counted = world::count(&site, run.id).await;
        assert_eq!((counted.bookings, counted.places, counted.taken), (1, 1, 1));
        assert_eq!(recount(&site.app.db).await.unwrap(), []);
        let page = admin.browser.get(&format!("/desk/people/{}", mary.person)).await;
        assert!(page.body.contains(&at("move")));
    }
}
