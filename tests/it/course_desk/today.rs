//! Each line of Today says how much there is, leads to a page that shows it, and is gone once it is dealt with.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::bookings::waiting::decline;
use wellbeing_courses::{read, write_tx};

use super::{admin, full, path};
use crate::bookings::world::{self, MemberSpec, RunSpec};
use crate::support::{Answer, Browser, Site};

/// Where the line of Today with these words leads to.
async fn leads(browser: &Browser, words: &str) -> Option<String> {
    let today = browser.get("/desk/today").await;
    assert_eq!(today.status, StatusCode::OK);
    let html = today.html();
    let links = scraper::Selector::parse(".wb-tasks a").unwrap();
    html.select(&links)
        .find(|link| link.text().collect::<String>() == words)
        .and_then(|link| link.value().attr("href").map(str::to_owned))
}

/// The page that a line of Today leads to.
async fn followed(browser: &Browser, words: &str) -> Answer {
    let href = leads(browser, words).await.expect(words);
    let page = browser.get(&href).await;
    assert_eq!(page.status, StatusCode::OK, "{href}");
    page
}

/// A message of this kind to somebody, or to nobody with a record, that did not arrive.
async fn dead(site: &Site, kind: &'static str, person: Option<Uuid>) -> Uuid {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO outbox (id, cause, kind, channel, person_id, state, sealed, next_try_at, created_at, finished_at) \
             VALUES ($1, $2, $3, 'email', $4, 'dead', $5, $6, $6, $6)",
        )
        .bind(id)
        .bind(format!("test:{id}"))
        .bind(kind)
        .bind(person)
        .bind(vec![1_u8])
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    id
}

/// How often the record says this of somebody's data.
async fn noted(site: &Site, action: &'static str) -> i64 {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE action = $1")
                .bind(action)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

with_mail! {
    async fn a_room_that_is_not_confirmed_is_a_line_until_it_is(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        world::change(&site, "UPDATE run SET hire = 'pencilled' WHERE id = $1", run.id).await;
        let line = "1 run whose room is not confirmed";
        let page = followed(&admin.browser, line).await;
        assert_eq!(page.words("tbody th").len(), 1, "{}", page.body);
        assert!(page.body.contains(&path(&run)), "it leads to the run");
        let plans = format!("{}/plans", path(&run));
        admin.browser.post(&plans, &[("hire", "confirmed"), ("minimum", "")]).await;
        assert_eq!(leads(&admin.browser, line).await, None);
    }

    async fn a_run_with_too_few_people_is_a_line_until_enough_have_booked(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let minimum = "UPDATE run SET minimum = 1, decide_on = '2027-01-08' WHERE id = $1";
        world::change(&site, minimum, run.id).await;
        let line = "1 run that needs more people";
        let page = followed(&admin.browser, line).await;
        assert_eq!(page.words("tbody th").len(), 1, "{}", page.body);
        assert!(page.body.contains(&path(&run)), "it leads to the run");
        let member = world::member(&site, MemberSpec::default()).await;
        assert!(matches!(member.book(&site, run.id).await, BookOutcome::Booked(_)));
        assert_eq!(leads(&admin.browser, line).await, None);
    }

    async fn an_offer_that_is_out_is_a_line_until_it_is_answered(site: Site) {
        let admin = admin(&site).await;
        let (run, ..) = full(&site, 3).await;
        let line = "1 run with an offer out";
        assert_eq!(leads(&admin.browser, line).await, None);
        let places = [("places", "2"), ("join", "2")];
        admin.browser.post(&format!("{}/places", path(&run)), &places).await;
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM place_offer WHERE state = 'open'").await, 1);
        let page = followed(&admin.browser, line).await;
        assert_eq!(page.words("tbody th").len(), 1, "{}", page.body);
        assert!(page.body.contains(&path(&run)), "it leads to the run");
        let entry: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT entry_id FROM place_offer WHERE state = 'open'")
            .fetch_one(&mut *c)
            .await?))
        .unwrap();
        assert!(decline(&site.app, run.id, entry).await.unwrap());
        assert_eq!(leads(&admin.browser, line).await, None);
    }

    async fn a_call_is_a_line_until_it_is_made_also_when_it_is_late(site: Site) {
        let admin = admin(&site).await;
        let (run, member) = (world::run(&site, RunSpec::default()).await, world::member(&site, MemberSpec::default()).await);
        let call = "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
                    SELECT id, 'a call', 'change', $1, id, starts_at, created_at FROM run";
        world::change(&site, call, member.person).await;
        let page = followed(&admin.browser, "1 call to make").await;
        assert_eq!(page.words(".wb-calls h2").len(), 1);
        site.clock.set(run.starts_at + TimeDelta::days(13));
        let here = site.desk_browser(&admin).await;
        let page = followed(&here, "1 call to make (1 late)").await;
        assert_eq!(page.words(".wb-calls h2").len(), 1);
        assert!(page.body.contains("Late: it was to be before"), "{}", page.body);
        let (id, tries) = (page.field("call").unwrap(), page.field("tries").unwrap());
        here.post("/desk/calls", &[("call", &id), ("tries", &tries), ("do", "other-way")]).await;
        assert_eq!(leads(&here, "1 call to make (1 late)").await, None);
        assert!(here.get("/desk/calls").await.body.contains("Nobody to call"));
    }

    async fn what_did_not_arrive_is_a_line_until_it_is_dealt_with(site: Site) {
        let admin = admin(&site).await;
        let member = world::member(&site, MemberSpec { name: "Ann Gale", ..MemberSpec::default() }).await;
        dead(&site, "sign-in-link", Some(member.person)).await;
        site.clock.forward(TimeDelta::minutes(1));
        dead(&site, "staff-invitation", None).await;
        let two = "2 messages that did not arrive, and nobody is rung about them";
        let page = followed(&admin.browser, two).await;
        assert_eq!(page.words("tbody th"), ["Somebody without a record", "Ann Gale"], "as many as the line says");
        let cells = page.words("tbody td").join("; ");
        assert!(cells.contains("Invitation to work here") && cells.contains("Link to sign in"), "{cells}");
        assert!(noted(&site, "looked").await > 0, "who was seen is written down");

        let list = "/desk/undelivered";
        let first = page.field("message").unwrap();
        let deal = [("message", first.as_str()), ("do", "dealt")];
        // Twice: a thumb that is not sure.
        for _ in 0..2 {
            let dealt = admin.browser.post(&format!("{list}?sort=name"), &deal).await;
            assert_eq!(dealt.location(), format!("{list}?sort=name"));
        }
        assert_eq!(noted(&site, "message-dealt").await, 1);
        assert_eq!(leads(&admin.browser, two).await, None);
        let one = "1 message that did not arrive, and nobody is rung about it";
        let page = followed(&admin.browser, one).await;
        let dealt = page.words("section[aria-labelledby=dealt] td");
        assert!(dealt.iter().any(|cell| cell.ends_with("by Sandra Okoro")), "{dealt:?}");

        let back = admin.browser.post_and_follow(list, &[("message", &first), ("do", "put-back")]).await;
        assert!(back.body.contains("It is back on the list."));
        assert!(leads(&admin.browser, two).await.is_some());
        for _ in 0..2 {
            let id = admin.browser.get(list).await.field("message").unwrap();
            admin.browser.post(list, &[("message", &id), ("do", "dealt")]).await;
        }
        assert_eq!((leads(&admin.browser, one).await, leads(&admin.browser, two).await), (None, None));
        assert!(admin.browser.get(list).await.body.contains("Everything has arrived, or is dealt with"));
        for bad in [[("message", "x"), ("do", "dealt")], [("message", first.as_str()), ("do", "dance")]] {
            assert_eq!(admin.browser.post(list, &bad).await.status, StatusCode::BAD_REQUEST);
        }
    }

    async fn what_somebody_is_rung_about_is_a_call_and_not_counted_twice(site: Site) {
        let admin = admin(&site).await;
        let member = world::member(&site, MemberSpec::default()).await;
        dead(&site, "booking-confirmed", Some(member.person)).await;
        wellbeing_courses::bookings::calls::sweep(&site.app).await.unwrap();
        let page = followed(&admin.browser, "1 call to make").await;
        assert_eq!(page.words(".wb-calls h2").len(), 1);
        let today = admin.browser.get("/desk/today").await;
        assert!(!today.body.contains("did not arrive"), "{:?}", today.words(".wb-tasks a"));
        assert!(admin.browser.get("/desk/undelivered").await.words("tbody th").is_empty());
        let (id, tries) = (page.field("call").unwrap(), page.field("tries").unwrap());
        admin.browser.post("/desk/calls", &[("call", &id), ("tries", &tries), ("do", "other-way")]).await;
        let today = admin.browser.get("/desk/today").await;
        assert!(today.body.contains("Nothing waits for you."), "rung is rung: {:?}", today.words(".wb-tasks a"));
    }

    async fn each_session_of_today_and_the_week_says_who_looks_after_it(site: Site) {
        let admin = admin(&site).await;
        let spec = RunSpec { starts_in: TimeDelta::days(2), ..RunSpec::default() };
        let run = world::run(&site, spec).await;
        let today = admin.browser.get("/desk/today").await;
        assert!(today.words("th").contains(&"Who looks after it".to_owned()), "{:?}", today.words("th"));
        assert!(today.words("tbody td").contains(&"Priya Nair".to_owned()), "{:?}", today.words("tbody td"));
        world::change(&site, "UPDATE run SET tutor_id = NULL WHERE id = $1", run.id).await;
        let today = admin.browser.get("/desk/today").await;
        let nobody = "Nobody yet: the course team looks for a tutor".to_owned();
        assert!(today.words("tbody td").contains(&nobody), "{:?}", today.words("tbody td"));
    }
}
