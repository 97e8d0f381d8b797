//! What the team's lists, calls and numbers make of a session that is elsewhere or led by somebody else.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::changes::{Change, ChangeOutcome, change};
use wellbeing_courses::bookings::{CapacityOutcome, set_capacity};
use wellbeing_courses::write_tx;

use super::{admin, full, on_the_day, path, sessions, titles};
use crate::bookings::world::{self, RunSpec};
use crate::support::Site;

/// A run in 20 days, of two sessions.
fn two() -> RunSpec {
    RunSpec {
        sessions: 2,
        starts_in: TimeDelta::days(20),
        ..RunSpec::default()
    }
}

/// Another tutor.
async fn sam(site: &Site) -> Uuid {
    let sam = site.app.id().unwrap();
    let sql = "INSERT INTO tutor (id, slug, full_name, known_as, about) VALUES ($1, 'sam', 'Sam Field', 'Sam', 'Kind')";
    world::change(site, sql, sam).await;
    sam
}

async fn stand_ins(site: &Site) -> i64 {
    world::number(site, "SELECT COUNT(*) FROM session_tutor WHERE instead").await
}

with_mail! {
    async fn whoever_stood_in_and_leads_the_run_now_stands_in_no_more(site: Site) {
        let run = world::run(&site, two()).await;
        let (sam, all) = (sam(&site).await, sessions(&site, &run).await);
        let stands_in = |tutor| Change::SessionTutor { session: all[1].0, tutor };
        change(&site.app, run.id, &[stands_in(Some(sam))], None).await.unwrap();
        assert_eq!(stand_ins(&site).await, 1);
        change(&site.app, run.id, &[Change::Tutor(Some(sam))], None).await.unwrap();
        assert_eq!(stand_ins(&site).await, 0, "they lead all of it");
        // The next tutor leads every session, too.
        change(&site.app, run.id, &[Change::Tutor(None)], None).await.unwrap();
        let nothing = change(&site.app, run.id, &[stands_in(None)], None).await.unwrap();
        assert_eq!(nothing, ChangeOutcome::Nothing);
        // Whoever else stands in still does.
        let priya = "UPDATE run SET tutor_id = (SELECT id FROM tutor WHERE known_as = 'Priya') WHERE id = $1";
        world::change(&site, priya, run.id).await;
        change(&site.app, run.id, &[stands_in(Some(sam))], None).await.unwrap();
        change(&site.app, run.id, &[Change::Tutor(None)], None).await.unwrap();
        assert_eq!(stand_ins(&site).await, 1);
    }

    async fn whoever_is_rung_is_told_what_has_changed(site: Site) {
        let (run, ..) = full(&site, 3).await;
        let (admin, all) = (admin(&site).await, sessions(&site, &run).await);
        on_the_day(&site, &run);
        // The first is over in a moment; later today it is at another time, and another change follows.
        for hours in [1, 2] {
            let starts_at = all[0].1 + TimeDelta::hours(hours);
            let moved = Change::Move { session: all[0].0, starts_at, ends_at: starts_at + TimeDelta::hours(1) };
            change(&site.app, run.id, &[moved], None).await.unwrap();
        }
        let told: Vec<String> = wellbeing_courses::read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT words FROM run_news ORDER BY sequence"
        ).fetch_all(&mut *c).await?)).unwrap();
        let list = site.desk_browser(&admin).await.get("/desk/calls").await;
        let said = list.words(".wb-calls p").join("; ");
        assert_eq!((list.words(".wb-calls h2").len(), told.len()), (2, 2), "{said}");
        for words in told {
            assert_eq!(said.matches(&format!("“{words}.”")).count(), 1, "{words} in {said}");
        }
    }

    async fn more_places_wait_for_whoever_makes_a_room_smaller(site: Site) {
        let run = world::run(&site, two()).await;
        let room = site.app.id().unwrap();
        write_tx!(site.app.db, |c| {
            sqlx::query("INSERT INTO room (id, venue_id, name, capacity) SELECT $2, venue_id, 'Snug', 30 FROM run WHERE id = $1")
                .bind(run.id).bind(room).execute(&mut *c).await?;
            sqlx::query(
                "UPDATE session SET elsewhere = TRUE, venue_id = (SELECT venue_id FROM run WHERE run.id = $1), room_id = $2 \
                 WHERE run_id = $1 AND position = 2",
            ).bind(run.id).bind(room).execute(&mut *c).await?;
            Ok(())
        }).unwrap();
        let smaller = async {
            write_tx!(site.app.db, |c| {
                sqlx::query("UPDATE room SET capacity = 20 WHERE id = $1").bind(room).execute(&mut *c).await?;
                tokio::time::sleep(Duration::from_millis(600)).await;
                Ok(())
            }).unwrap();
        };
        let more = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            set_capacity(&site.app, run.id, 25, None).await.unwrap()
        };
        let ((), outcome) = tokio::join!(smaller, more);
        assert_eq!(outcome, CapacityOutcome::TooMany { at_most: 20 });
    }

    async fn a_session_online_without_a_link_is_to_be_looked_at_and_found_by_its_place(site: Site) {
        let run = world::run(&site, two()).await;
        let admin = admin(&site).await;
        let look = "/desk/runs?group=look";
        assert!(titles(&admin.browser.get(look).await).is_empty());
        let online = "UPDATE session SET elsewhere = TRUE WHERE run_id = $1 AND position = 2";
        world::change(&site, online, run.id).await;
        let shown = admin.browser.get(look).await;
        assert_eq!(titles(&shown).len(), 1);
        assert!(shown.body.contains("No link yet for a session that is online"), "{}", shown.body);
        let today = admin.browser.get("/desk/today").await;
        assert!(today.words("li a").contains(&"1 run without a place or a link".to_owned()), "{:?}", today.words("li a"));
        assert_eq!(titles(&admin.browser.get("/desk/runs?place=online").await).len(), 1);
        world::change(&site, "UPDATE run SET join_link = 'https://call.example/1' WHERE id = $1", run.id).await;
        assert!(titles(&admin.browser.get(look).await).is_empty());
        assert!(!admin.browser.get(&path(&run)).await.body.contains("No link yet"));

        let hall = site.app.id().unwrap();
        let sql = "INSERT INTO venue (id, slug, name, address_1, town, postcode, latitude, longitude, short_access, travel) \
                   VALUES ($1, 'hall', 'The Hall', '1 High Street', 'Bath', 'BA2 4EU', 51.3, -2.4, 'Step-free', 'Bus')";
        world::change(&site, sql, hall).await;
        let there = format!("/desk/runs?place={hall}");
        assert!(titles(&admin.browser.get(&there).await).is_empty());
        let moved = "UPDATE session SET venue_id = (SELECT id FROM venue WHERE slug = 'hall') WHERE run_id = $1 AND elsewhere";
        world::change(&site, moved, run.id).await;
        assert_eq!(titles(&admin.browser.get(&there).await).len(), 1);
        assert!(titles(&admin.browser.get("/desk/runs?place=online").await).is_empty());
    }
}
