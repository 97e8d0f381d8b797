//! Whoever came without a place.

use reqwest::StatusCode;
use wellbeing_courses::registers::{planning, walk_ins};

use super::scene::{self, at, audited, path};
use super::sharing::{admin, other_tutor, session};
use crate::bookings::world;

on_both! {
    async fn somebody_without_a_place_is_noted_and_taken_back(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/sessions/1", path(run.id));
        let form = format!("{page}/walk-ins");
        // On another day there is no form, and nothing is taken in.
        at(&site, "2027-01-11T12:00:00Z");
        let early = site.desk_browser(&tutor).await;
        assert!(!early.get(&page).await.body.contains("Came without a place"));
        assert_eq!(early.post(&form, &[("full-name", "Nia Owen")]).await.location(), page);
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM walk_in").await, 0);

        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let shown = browser.get(&page).await;
        let id = shown.field("walk-in").unwrap();
        for (name, phone, error) in [
            ("", "", "Enter their name"),
            ("Nia Owen", "call me", "Use numbers for the phone number"),
        ] {
            let answer = browser.post(&form, &[("walk-in", &id), ("full-name", name), ("phone", phone)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(error), "{}", answer.body);
            assert_eq!(answer.field("full-name").unwrap_or_default(), name);
        }
        for _ in 0..2 {
            let sent = [("walk-in", id.as_str()), ("full-name", "Nia Owen"), ("phone", "07700 900 555")];
            let said = browser.post_and_follow(&form, &sent).await;
            assert!(said.body.contains("The office completes this."), "{}", said.body);
            assert_eq!(said.words(".wb-register__person h3"), ["Nia Owen"]);
            assert!(said.body.contains("07700 900555"));
        }
        assert_eq!(audited(&site, run.id, "walk-in-noted").await, 1);
        assert!(!browser.get(&format!("{}/sessions/2", path(run.id))).await.body.contains("Nia Owen"));
        let noted = scene::walked_in(&site, run.id).await;
        assert_eq!(audited(&site, noted[0].id, "looked").await, 2, "each time that they were shown");
        assert_eq!((noted.len(), noted[0].phone.as_deref()), (1, Some("+447700900555")));

        // Nobody else sees them, or takes them back; whoever leads the session does both.
        let (kit, kits) = other_tutor(&site, "Kit Lowe").await;
        let wanted = kit.browser.get("/tutor/runs/nothing-here").await.body;
        let undo = [("undo", id.as_str())];
        assert_eq!(kit.browser.post(&form, &undo).await.body, wanted);
        let by = admin(&site).await;
        planning::add_stand_in(&site.app, &by, session(&site, run.id, 2).await, kits).await.unwrap();
        assert_eq!(kit.browser.post(&form, &undo).await.body, wanted);
        kit.browser.post(&format!("{}/sessions/2/walk-ins", path(run.id)), &undo).await;
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM walk_in").await, 1);
        let gone = browser.post_and_follow(&form, &undo).await;
        assert!(gone.body.contains("They are not noted any more.") && !gone.body.contains("Nia Owen"));
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM walk_in").await, 0);
        browser.post(&form, &undo).await;
        assert_eq!(audited(&site, run.id, "walk-in-undone").await, 1);
    }

    async fn whom_the_team_has_dealt_with_is_gone_from_the_register(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let page = format!("{}/sessions/1", path(run.id));
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        browser.post(&format!("{page}/walk-ins"), &[("full-name", "Nia Owen"), ("phone", "")]).await;
        let by = admin(&site).await;
        let noted = scene::walked_in(&site, run.id).await;
        assert_eq!(noted[0].phone, None);
        assert!(walk_ins::done(&site.app, &by, run.id, noted[0].id, None).await.unwrap());
        assert!(!walk_ins::done(&site.app, &by, run.id, noted[0].id, None).await.unwrap(), "it is so already");
        assert!(scene::walked_in(&site, run.id).await.is_empty());
        assert!(!browser.get(&page).await.body.contains("Nia Owen"));
        browser.post(&format!("{page}/walk-ins"), &[("undo", &noted[0].id.to_string())]).await;
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM walk_in").await, 1, "it is the team's record now");
    }

    async fn whoever_is_booked_for_a_walk_in_came_and_has_a_line_of_their_own(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let mary = site.member("Mary Ashdown").await;
        let places = scene::booked(&site, run.id, &[mary.person_id], Some(mary.account_id)).await;
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let form = format!("{}/sessions/1/walk-ins", path(run.id));
        let by = admin(&site).await;
        let own = "SELECT COUNT(*) FROM audit_entry WHERE action = 'attendance-marked' \
                   AND person_id = (SELECT place.person_id FROM attendance JOIN place ON place.id = attendance.place_id)";
        for name in ["Mary", "Mary again"] {
            browser.post(&form, &[("full-name", name), ("phone", "")]).await;
            let noted = scene::walked_in(&site, run.id).await;
            assert!(walk_ins::done(&site.app, &by, run.id, noted[0].id, Some(places[0])).await.unwrap());
            assert_eq!(scene::marked(&site, run.id).await, [(places[0], 1, "came".to_owned())]);
            assert_eq!(audited(&site, run.id, "attendance-marked").await, 1, "what is marked already has no second line");
            assert_eq!(world::number(&site, own).await, 1);
        }
    }
}
