//! Marking who came.

use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::changes;
use wellbeing_courses::write_tx;

use super::scene::{self, PersonSpec, at, audited, before_and_after, marked, path};
use super::sharing::session;
use crate::bookings::world::{self, RunSpec};
use crate::support::{Answer, Site};

pub fn field(place: Uuid) -> String {
    format!("mark-{}", place.simple())
}

/// The marks that are chosen on a page, as the browser would send them.
fn chosen(page: &Answer) -> Vec<(String, String)> {
    let html = page.html();
    let radios = scraper::Selector::parse("input[type=radio][checked]").unwrap();
    html.select(&radios)
        .map(|radio| {
            let attr = |name| radio.attr(name).unwrap_or_default().to_owned();
            (attr("name"), attr("value"))
        })
        .collect()
}

pub async fn somebody(site: &Site, name: &'static str) -> Uuid {
    let (phone, email) = (Some("+447700900123"), Some("somebody@example.org"));
    let spec = PersonSpec {
        name,
        born: Some("1960-01-02"),
        phone,
        email,
    };
    scene::person(site, spec).await
}

on_both! {
    async fn a_mark_is_saved_changed_and_taken_away(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let (mut people, mut places) = (Vec::new(), Vec::new());
        for name in ["Anna Arden", "Ben Bell", "Cleo Cole"] {
            let person = somebody(&site, name).await;
            people.push(person);
            places.extend(scene::booked(&site, run.id, &[person], None).await);
        }
        let (anna, ben, cleo) = (places[0], places[1], places[2]);
        let page = format!("{}/sessions/1", path(run.id));
        // Before the day there is nothing to mark, and nothing is taken in.
        at(&site, "2027-01-11T23:59:00Z");
        let early = site.desk_browser(&tutor).await;
        assert!(early.get(&page).await.body.contains("You can mark who came from Tuesday 12 January on."));
        let sent = early.post(&page, &[(&field(anna), "came")]).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, page.clone()));
        assert_eq!(marked(&site, run.id).await, []);

        at(&site, "2027-01-12T00:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let form = browser.get(&page).await;
        assert_eq!(form.words("legend"), ["Did Anna Arden come?", "Did Ben Bell come?", "Did Cleo Cole come?"]);
        assert_eq!(form.words(".wb-marks__label").len(), 9);
        assert_eq!(chosen(&form), [], "nothing is chosen at first");
        assert!(form.body.contains("0 of 3 marked"));
        let said = browser.post_and_follow(&page, &[
            (&field(anna), "came"), (&field(ben), "did-not-come"),
            ("mark-nothing", "came"), (&field(Uuid::new_v4()), "came"), (&field(cleo), "asleep"),
        ]).await;
        assert!(said.body.contains("The register is saved.") && said.body.contains("2 of 3 marked"));
        let both = [(anna, 1, "came".to_owned()), (ben, 1, "did-not-come".to_owned())];
        assert_eq!(marked(&site, run.id).await, both);
        // What is sent again changes nothing; what is left out stays.
        let when = || world::number(&site, "SELECT COUNT(DISTINCT marked_at) FROM attendance");
        site.clock.forward(chrono::TimeDelta::minutes(5));
        let again = chosen(&browser.get(&page).await);
        let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(again.len(), 2);
        assert_eq!(browser.post(&page, &again).await.status, StatusCode::SEE_OTHER);
        assert_eq!((marked(&site, run.id).await.as_slice(), when().await), (both.as_slice(), 1));
        browser.post(&page, &[(&field(cleo), "apologies")]).await;
        assert_eq!(marked(&site, run.id).await.len(), 3);
        // It can be changed later, and taken away.
        at(&site, "2027-03-02T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        assert_eq!(browser.get(&page).await.words(".wb-marks__label").len(), 12, "with one to take it away");
        browser.post(&page, &[(&field(anna), "did-not-come"), (&field(ben), "none")]).await;
        assert_eq!(marked(&site, run.id).await, [
            (cleo, 1, "apologies".to_owned()), (anna, 1, "did-not-come".to_owned()),
        ]);
        // The record has a line of each mark that changed, and none of what was sent again.
        assert_eq!(audited(&site, run.id, "attendance-marked").await, 5);
        assert_eq!(before_and_after(&site, people[0], "attendance-marked").await, [
            r#"["Session 1: Came","Session 1: Did not come"]"#, r#"["Session 1: Not marked","Session 1: Came"]"#,
        ]);
        assert_eq!(before_and_after(&site, people[1], "attendance-marked").await, [
            r#"["Session 1: Did not come","Session 1: Not marked"]"#, r#"["Session 1: Not marked","Session 1: Did not come"]"#,
        ]);
        let officer = site.staff("Dora", &[Role::DataProtection]).await;
        let record = officer.browser.get(&format!("/desk/audit?person={}", people[0])).await;
        assert_eq!(record.body.matches("Marked attendance").count(), 2, "{}", record.body);
        // Another session has marks of its own.
        browser.post(&format!("{}/sessions/2", path(run.id)), &[(&field(anna), "came")]).await;
        assert_eq!(marked(&site, run.id).await.len(), 3);
        // Once the list is closed, nothing is taken in.
        at(&site, "2027-03-03T00:00:00Z");
        let late = site.desk_browser(&tutor).await.post(&page, &[(&field(anna), "came")]).await;
        assert!(late.body.contains("This list is closed"));
        assert_eq!(marked(&site, run.id).await[1], (anna, 1, "did-not-come".to_owned()));
    }

    async fn only_places_of_this_run_are_marked(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let other = world::run(&site, RunSpec::default()).await;
        let anna = somebody(&site, "Anna Arden").await;
        let ben = somebody(&site, "Ben Bell").await;
        let here = scene::booked(&site, run.id, &[anna], None).await[0];
        let there = scene::booked(&site, other.id, &[ben], None).await[0];
        let gone = scene::booked(&site, run.id, &[ben], None).await[0];
        world::change(&site, "UPDATE place SET status = 'cancelled' WHERE id = $1", gone).await;
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let page = format!("{}/sessions/1", path(run.id));
        let sent = browser.post(&page, &[
            (&field(there), "came"), (&field(gone), "came"), (&field(here), "came"),
        ]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(marked(&site, run.id).await, [(here, 1, "came".to_owned())]);
        assert_eq!(marked(&site, other.id).await, []);
        assert_eq!(browser.get(&page).await.words("h3"), ["Anna Arden"]);
    }

    async fn who_told_us_that_they_cannot_come_is_chosen_already(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let anna = somebody(&site, "Anna Arden").await;
        let place = scene::booked(&site, run.id, &[anna], None).await[0];
        let now = site.app.clock.now();
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO apology (booking_id, session_id, created_at) \
                 SELECT place.booking_id, session.id, $2 FROM place JOIN session ON session.run_id = place.run_id \
                 AND session.position = 1 WHERE place.id = $1",
            )
            .bind(place)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
        at(&site, "2027-01-12T12:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        let page = format!("{}/sessions/1", path(run.id));
        let form = browser.get(&page).await;
        assert!(form.body.contains("They told us that they cannot come."));
        assert_eq!(chosen(&form), [(field(place), "apologies".to_owned())]);
        assert!(form.body.contains("0 of 1 marked"), "it counts when it is saved");
        assert_eq!(chosen(&browser.get(&format!("{}/sessions/2", path(run.id))).await), []);
        // They came after all.
        browser.post(&page, &[(&field(place), "came")]).await;
        assert_eq!(chosen(&browser.get(&page).await), [(field(place), "came".to_owned())]);
    }

    async fn a_session_that_is_called_off_takes_its_marks_along(site: Site) {
        let (run, tutor) = scene::run_with_tutor(&site).await;
        let anna = somebody(&site, "Anna Arden").await;
        let place = scene::booked(&site, run.id, &[anna], None).await[0];
        at(&site, "2027-01-12T08:00:00Z");
        let browser = site.desk_browser(&tutor).await;
        browser.post(&format!("{}/sessions/1", path(run.id)), &[(&field(place), "came")]).await;
        assert_eq!(marked(&site, run.id).await.len(), 1);
        let first = session(&site, run.id, 1).await;
        changes::off_today(&site.app, run.id, first, None).await.unwrap();
        assert_eq!(marked(&site, run.id).await, []);
        assert_eq!(browser.get(&path(run.id)).await.status, StatusCode::SEE_OTHER);
    }
}
