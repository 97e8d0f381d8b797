//! Who sees a list besides the run's tutor, and who is kept off it.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::read;
use wellbeing_courses::registers::planning::{self, Provided};
use wellbeing_courses::staff::By;

use super::scene::{self, PersonSpec, at, audited, before_and_after, marked, path};
use crate::bookings::world::{self, RunSpec};
use crate::support::Site;
use crate::support::people::Somebody;

/// The session of a run with this number.
pub async fn session(site: &Site, run: Uuid, position: i64) -> Uuid {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM session WHERE run_id = $1 AND position = $2")
                .bind(run)
                .bind(position)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

/// Somebody from the course team, for the record.
pub async fn admin(site: &Site) -> By {
    let somebody = site.staff("Jo Hart", &[Role::CourseAdmin]).await;
    By {
        account_id: somebody.account_id,
        role: Some(Role::CourseAdmin),
        page: "/desk".to_owned(),
    }
}

/// A tutor of another run; gives the tutor's id, too.
pub async fn other_tutor(site: &Site, name: &str) -> (Somebody, Uuid) {
    let somebody = site.staff(name, &[Role::Tutor]).await;
    let run = world::run(site, RunSpec::default()).await;
    scene::give(site, run.id, somebody.account_id).await;
    let account = somebody.account_id;
    let tutor = read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT id FROM tutor WHERE account_id = $1")
                .bind(account)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap();
    (somebody, tutor)
}

/// The organisation that somebody coordinates for.
pub async fn organisation(site: &Site, who: &Somebody) -> Uuid {
    let account = who.account_id;
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT organisation_id FROM role_grant WHERE account_id = $1")
                .bind(account)
                .fetch_one(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

fn all_pages(run: Uuid) -> Vec<String> {
    let path = path(run);
    let mut pages = vec![
        path.clone(),
        format!("{path}/sheet"),
        format!("{path}/register.csv"),
        format!("{path}/message"),
    ];
    pages.extend((1..=6).map(|n| format!("{path}/sessions/{n}")));
    pages
}

async fn anna(site: &Site, run: Uuid) -> (Uuid, Uuid) {
    let spec = PersonSpec {
        name: "Anna Arden",
        born: Some("1960-01-02"),
        phone: Some("+447700900123"),
        email: Some("anna@example.org"),
    };
    let person = scene::person(site, spec).await;
    (person, scene::booked(site, run, &[person], None).await[0])
}

on_both! {
    async fn a_stand_in_sees_their_session_and_no_other(site: Site) {
        let (run, _) = scene::run_with_tutor(&site).await;
        let (_, place) = anna(&site, run.id).await;
        let by = admin(&site).await;
        let (kit, tutor) = other_tutor(&site, "Kit Lowe").await;
        let second = session(&site, run.id, 2).await;
        let path = path(run.id);
        let wanted = kit.browser.get("/tutor/runs/nothing-here").await.body;
        assert_eq!(kit.browser.get(&format!("{path}/sessions/2")).await.body, wanted);
        assert_eq!(audited(&site, run.id, "refused").await, 1);
        assert!(planning::add_stand_in(&site.app, &by, second, tutor).await.unwrap());
        assert!(!planning::add_stand_in(&site.app, &by, second, tutor).await.unwrap(), "it is so already");
        assert!(!planning::add_stand_in(&site.app, &by, Uuid::new_v4(), tutor).await.unwrap(), "no such session");
        let leads = "leads session 2 of Living well with long-term pain on 2027-01-19";
        let got = before_and_after(&site, tutor, "stand-in-changed").await;
        assert!(got.len() == 1 && got[0].starts_with("[\"\",\"") && got[0].contains(leads), "{got:?}");
        let found = planning::stand_ins(&site.app, run.id).await.unwrap();
        assert_eq!((found.len(), found[0].session_id, found[0].tutor_id, found[0].has_account), (1, second, tutor, true));

        assert_eq!(kit.browser.get(&path).await.location(), format!("{path}/sessions/2"));
        let own = kit.browser.get(&format!("{path}/sessions/2")).await;
        assert!(own.body.contains("Anna Arden") && own.body.contains("07700 900123"), "{}", own.body);
        assert_eq!(own.words(".wb-register__sessions a").len(), 0, "no link to another session");
        for n in [1, 3, 4, 5, 6] {
            let answer = kit.browser.get(&format!("{path}/sessions/{n}")).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted), "{n}");
        }
        assert_eq!(audited(&site, run.id, "refused").await, 6, "each of the five");
        let sheet = kit.browser.get(&format!("{path}/sheet")).await;
        assert_eq!(sheet.words(".wb-sheet h2"), ["Session 2: Tuesday 19 January"]);
        assert!(kit.browser.get(&format!("{path}/register.csv")).await.body.contains("anna@example.org"));
        let runs = kit.browser.get("/tutor").await;
        assert!(runs.body.contains("You lead 1 of its 6 sessions.") && runs.body.contains("Next session: Tuesday 19 January"));

        // They mark their own session, and no other.
        at(&site, "2027-01-26T12:00:00Z");
        let browser = site.desk_browser(&kit).await;
        let field = format!("mark-{}", place.simple());
        let refused = browser.post(&format!("{path}/sessions/1"), &[(&field, "came")]).await;
        assert_eq!((refused.status, &refused.body), (StatusCode::NOT_FOUND, &wanted));
        assert_eq!(audited(&site, run.id, "refused").await, 7);
        assert_eq!(marked(&site, run.id).await, []);
        browser.post(&format!("{path}/sessions/2"), &[(&field, "came")]).await;
        assert_eq!(marked(&site, run.id).await, [(place, 2, "came".to_owned())]);

        // At the next click after they no longer lead it there is nothing.
        assert!(planning::remove_stand_in(&site.app, &by, second, tutor).await.unwrap());
        let lost = before_and_after(&site, tutor, "stand-in-changed").await;
        assert!(lost.iter().any(|words| words.contains(leads) && words.ends_with(",\"\"]")), "{lost:?}");
        for page in all_pages(run.id) {
            let answer = browser.get(&page).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted), "{page}");
        }
        let late = browser.post(&format!("{path}/sessions/2"), &[(&field, "none")]).await;
        assert_eq!((late.status, &late.body), (StatusCode::NOT_FOUND, &wanted));
        assert_eq!(marked(&site, run.id).await.len(), 1);
        assert!(!browser.get("/tutor").await.body.contains(&run.id.to_string()));
    }

    async fn the_coordinators_of_the_runs_provider_see_all_of_it(site: Site) {
        let (run, _) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        let by = admin(&site).await;
        let sam = site.staff_of("Sam Hill", Role::Coordinator).await;
        let other = site.staff_of("Uma Reed", Role::Coordinator).await;
        let pod = site.staff_of("Pat Dunn", Role::PodPartner).await;
        let own = organisation(&site, &sam).await;
        let wanted = sam.browser.get("/tutor/runs/nothing-here").await.body;
        for page in all_pages(run.id) {
            let answer = sam.browser.get(&page).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted), "{page}");
        }
        assert_eq!(planning::set_provider(&site.app, &by, run.id, Some(own)).await.unwrap(), Provided::Changed);
        assert_eq!(planning::set_provider(&site.app, &by, run.id, Some(own)).await.unwrap(), Provided::AsItWas);
        assert_eq!(planning::set_provider(&site.app, &by, run.id, Some(Uuid::new_v4())).await.unwrap(), Provided::NotSaved);
        let gives = format!("{own} gives Living well with long-term pain from 2027-01-12");
        assert_eq!(before_and_after(&site, own, "provider-changed").await, [format!("[\"\",\"{gives}\"]")]);
        assert!(planning::providers(&site.app).await.unwrap().iter().any(|provider| provider.id == own));
        for page in &all_pages(run.id)[1..] {
            let answer = sam.browser.get(page).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(page.ends_with("/message") || answer.body.contains(&mary.email), "{page}");
            for stranger in [&other.browser, &pod.browser] {
                let answer = stranger.get(page).await;
                assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &wanted), "{page}");
            }
        }
        let seen = site.browser_of(&mary).await.get("/account/who-has-seen").await;
        assert!(seen.body.contains("Sam Hill, who organises the course"), "{}", seen.body);
        // Another organisation gives it now; and one that has left us sees nothing.
        assert_eq!(planning::set_provider(&site.app, &by, run.id, None).await.unwrap(), Provided::Changed);
        assert!(before_and_after(&site, own, "provider-changed").await.contains(&format!("[\"{gives}\",\"\"]")));
        assert_eq!(sam.browser.get(&path(run.id)).await.body, wanted);
        assert_eq!(planning::set_provider(&site.app, &by, run.id, Some(own)).await.unwrap(), Provided::Changed);
        assert_eq!(sam.browser.get(&path(run.id)).await.status, StatusCode::SEE_OTHER);
        world::change(&site, "UPDATE organisation SET ended_at = created_at WHERE id = $1", own).await;
        assert_eq!(sam.browser.get(&path(run.id)).await.body, wanted);
    }

    async fn whoever_is_no_tutor_any_more_sees_no_run_as_one(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let sam = site.staff_of("Sam Hill", Role::Coordinator).await;
        scene::give(&site, run.id, sam.account_id).await;
        assert_eq!(sam.browser.get(&path(run.id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(tutor.browser.get(&path(run.id)).await.status, StatusCode::NOT_FOUND, "it was theirs");
        scene::give(&site, run.id, tutor.account_id).await;
        assert_eq!(tutor.browser.get(&path(run.id)).await.status, StatusCode::SEE_OTHER);
        world::change(&site, "UPDATE role_grant SET ends_at = granted_at WHERE account_id = $1", tutor.account_id).await;
        assert_eq!(tutor.browser.get(&path(run.id)).await.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_objected_is_counted_and_in_no_format_named(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let (person, place) = anna(&site, run.id).await;
        let by = admin(&site).await;
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let path = path(run.id);
        let formats = [format!("{path}/sessions/1"), format!("{path}/sheet"), format!("{path}/register.csv")];
        let own = ["Anna", "Arden", "07700 900123", "900123", "anna@example.org"];
        let field = format!("mark-{}", place.simple());
        // Before they object the same check finds them in each.
        for page in &formats {
            let answer = browser.get(page).await;
            assert!(own.iter().any(|fact| answer.body.contains(fact)), "{page}");
            assert!(!answer.body.contains("Ask the office"), "{page}");
        }
        browser.post(&formats[0], &[(&field, "came")]).await;
        assert!(planning::keep_from_tutors(&site.app, &by, person, true).await.unwrap());
        assert!(!planning::keep_from_tutors(&site.app, &by, person, true).await.unwrap(), "it is so already");
        let before = world::number(&site, "SELECT CAST(SUM(times) AS BIGINT) FROM disclosure").await;
        for more in ["1 more person is coming. Ask the office.", "2 more people are coming. Ask the office."] {
            for page in &formats {
                let answer = browser.get(page).await;
                for fact in own.iter().chain(&["Ben Bell"]) {
                    assert!(!answer.body.contains(fact), "{page}: {fact}");
                }
                assert!(!answer.body.contains(&place.simple().to_string()) && !answer.body.contains(&person.to_string()), "{page}");
                assert!(answer.body.contains(more), "{page}: {}", answer.body);
            }
            // They cannot be marked, nor their mark be taken away.
            for mark in ["did-not-come", "none"] {
                browser.post(&formats[0], &[(&field, mark)]).await;
                assert_eq!(marked(&site, run.id).await, [(place, 1, "came".to_owned())]);
            }
            if more.starts_with('1') {
                let ben = scene::person(&site, PersonSpec { name: "Ben Bell", born: None, phone: None, email: None }).await;
                scene::booked(&site, run.id, &[ben], None).await;
                assert!(planning::keep_from_tutors(&site.app, &by, ben, true).await.unwrap());
            }
        }
        let file = browser.get(&formats[2]).await;
        let lines: Vec<_> = file.body.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines, ["Name,Phone,Email", "2 more people are coming. Ask the office.,,"]);
        let after = world::number(&site, "SELECT CAST(SUM(times) AS BIGINT) FROM disclosure").await;
        assert_eq!(before, after, "they were shown to nobody");
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM audit_entry WHERE action = 'sharing-changed'").await, 2);
        // They may change their mind.
        assert!(planning::keep_from_tutors(&site.app, &by, person, false).await.unwrap());
        let list = browser.get(&formats[0]).await;
        assert!(list.body.contains("Anna Arden") && list.body.contains("1 more person is coming."));
    }

    async fn how_the_room_is_set_up_is_on_every_page_of_the_run(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        anna(&site, run.id).await;
        let by = admin(&site).await;
        let words = "one hearing loop, two step-free";
        assert!(planning::set_room(&site.app, &by, run.id, Some(words)).await.unwrap());
        assert!(!planning::set_room(&site.app, &by, run.id, Some(words)).await.unwrap(), "it is so already");
        assert_eq!(audited(&site, run.id, "room-set-up").await, 1);
        let path = path(run.id);
        let pages = ["/tutor".to_owned(), format!("{path}/sessions/3"), format!("{path}/sheet")];
        for page in &pages {
            assert!(tutor.browser.get(page).await.body.contains("Room: one hearing loop, two step-free"), "{page}");
        }
        assert!(planning::set_room(&site.app, &by, run.id, None).await.unwrap());
        for page in &pages {
            assert!(!tutor.browser.get(page).await.body.contains("Room:"), "{page}");
        }
    }
}
