//! The course team's call list.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::{read, write_tx};

use super::world::{self, MemberSpec, RunSpec};
use crate::support::Site;

/// A call to make to a new member, who can be rung at `phone`.
async fn call(
    site: &Site,
    phone: Option<&'static str>,
    by: DateTime<Utc>,
) -> (Uuid, world::Member) {
    let run = world::run(site, RunSpec::default()).await;
    let member = world::member(site, MemberSpec::default()).await;
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query("UPDATE person SET phone = $2 WHERE id = $1")
            .bind(member.person)
            .bind(phone)
            .execute(&mut *c)
            .await?;
        sqlx::query(
            "INSERT INTO phone_call (id, cause, about, person_id, run_id, call_by, created_at) \
             VALUES ($1, $2, 'change', $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(id.to_string())
        .bind(member.person)
        .bind(run.id)
        .bind(by)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    (id, member)
}

async fn looks(site: &Site, person: Uuid) -> i64 {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT COUNT(*) FROM audit_entry WHERE action = 'looked' AND person_id = $1",
        )
        .bind(person)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

on_both! {
    async fn the_most_pressing_call_stands_first_and_every_look_is_written_down(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let empty = admin.browser.get("/desk/calls").await;
        assert!(empty.body.contains("Nobody to call"));
        let now = site.app.clock.now();
        let (_, later) = call(&site, Some("+447700900111"), now + TimeDelta::days(3)).await;
        let (_, sooner) = call(&site, None, now + TimeDelta::hours(3)).await;
        let (_, late) = call(&site, Some("+447700900113"), now - TimeDelta::days(13)).await;
        let (_, too_late) = call(&site, Some("+447700900112"), now - TimeDelta::days(15)).await;
        let shown = admin.browser.get("/desk/calls").await;
        assert_eq!(shown.words(".wb-calls h2").len(), 3);
        let says_late = shown.words(".wb-calls li").iter().map(|card| card.contains("Late: it was to be before")).collect::<Vec<_>>();
        assert_eq!(says_late, [true, false, false], "what nobody did in time is not lost, and says so");
        let (first, second) = (shown.body.find("No number").unwrap(), shown.body.find("+447700900111").unwrap());
        assert!(first < second, "who has to know first");
        assert!(shown.body.contains("Something has changed for"));
        assert!(shown.body.contains("Do not leave a message."));
        for (member, seen) in [(&later, 1), (&sooner, 1), (&late, 1), (&too_late, 0)] {
            assert_eq!(looks(&site, member.person).await, seen);
        }
    }

    async fn the_list_is_there_again_as_it_was_once_a_call_is_noted(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let (id, _) = call(&site, Some("+447700900111"), site.app.clock.now() + TimeDelta::days(3)).await;
        let id = id.to_string();
        let fields = [("call", id.as_str()), ("tries", "0"), ("do", "no-answer")];
        let noted = admin.browser.post("/desk/calls?sort=name&page=2", &fields).await;
        assert_eq!(noted.location(), "/desk/calls?sort=name&page=2");
        // Nothing stands on that page any more.
        let gone = admin.browser.get("/desk/calls?sort=name&page=2").await;
        assert_eq!((gone.status.as_u16(), gone.location().as_str()), (303, "/desk/calls?sort=name"));
        let last = admin.browser.get("/desk/calls?sort=name").await;
        assert!(last.body.contains("tried once"), "{}", last.body);
    }

    async fn a_page_that_is_gone_shows_nobody_and_writes_no_look_down(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let by = site.app.clock.now() + TimeDelta::days(3);
        let (_, open) = call(&site, Some("+447700900111"), by).await;
        let (id, done) = call(&site, Some("+447700900112"), by).await;
        admin.browser.post("/desk/calls", &[("call", &id.to_string()), ("tries", "0"), ("do", "reached")]).await;
        let gone = admin.browser.get("/desk/calls?page=2").await;
        assert_eq!((gone.status.as_u16(), gone.location().as_str()), (303, "/desk/calls"));
        assert_eq!((looks(&site, open.person).await, looks(&site, done.person).await), (0, 0));
        admin.browser.get(&gone.location()).await;
        assert_eq!((looks(&site, open.person).await, looks(&site, done.person).await), (1, 1));
    }

    async fn what_became_of_a_call_is_noted_and_can_be_undone(site: Site) {
        let admin = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let (id, _) = call(&site, Some("+447700900111"), site.app.clock.now() + TimeDelta::days(3)).await;
        let id = id.to_string();
        let press = async |what: &str| {
            let tries = admin.browser.get("/desk/calls").await.field("tries").unwrap_or_default();
            let fields = [("call", id.as_str()), ("tries", tries.as_str()), ("do", what)];
            // Twice: a thumb that is not sure.
            admin.browser.post("/desk/calls", &fields).await;
            admin.browser.post_and_follow("/desk/calls", &fields).await
        };
        for times in ["tried once", "tried 2 times"] {
            let tried = press("no-answer").await;
            assert!(tried.words(".wb-calls p").iter().any(|p| p.contains(times)), "{times}");
        }
        let done = press("reached").await;
        assert!(done.words(".wb-calls h2").is_empty());
        assert!(done.words("tbody td").contains(&"Reached".to_owned()), "{:?}", done.words("tbody td"));
        // From a page that was open elsewhere: what was noted first stays.
        press("other-way").await;
        let back = press("put-back").await;
        assert_eq!(back.words(".wb-calls h2").len(), 1);
        let noted: Vec<String> = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT action FROM audit_entry WHERE action LIKE 'call%' ORDER BY id"
        )
        .fetch_all(&mut *c)
        .await?))
        .unwrap();
        assert_eq!(noted.len(), 4, "two tries, one call, one put back: {noted:?}");
        for bad in [[("call", "x"), ("do", "reached")], [("call", id.as_str()), ("do", "dance")]] {
            assert_eq!(admin.browser.post("/desk/calls", &bad).await.status, 400);
        }
    }
}
