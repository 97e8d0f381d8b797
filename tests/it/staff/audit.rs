//! The audit: nothing is left out, nothing can be taken out.

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::server::jobs;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::staff::audit::{Action, Entry, Fault, faults, note, seal, seal_all};
use wellbeing_courses::{read, write_tx};

use crate::accounts::people::{self, PASSWORD};
use crate::bookings::world;
use crate::messages::Still;
use crate::support::Site;

async fn actions(site: &Site) -> Vec<String> {
    read!(site.app.db, |c| {
        Ok(
            sqlx::query_scalar("SELECT action FROM audit_entry ORDER BY at, id")
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap()
}

async fn found(site: &Still) -> Vec<Fault> {
    faults(&site.app).await.unwrap()
}

/// A site whose sweeps are not running, with three entries, sealed: the first two are failures, the third is not.
async fn three(site: &Site) -> Still {
    let still = Still::like(site, "memory:").await;
    for action in [Action::SignInFailed, Action::SignInFailed, Action::SignedIn] {
        still.clock.forward(TimeDelta::seconds(1));
        note(
            &still.app,
            &Entry::on(&still.app, "/sign-in", action).unwrap(),
        )
        .await
        .unwrap();
    }
    seal(&still.app).await.unwrap();
    still
}

/// What no right of the site allows: the triggers are put out of the way first.
async fn tamper(site: &Still, sql: &'static str) {
    let off: &[&'static str] = if site.database.is_some() {
        &[
            "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays",
            "ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_stays",
        ]
    } else {
        &[
            "DROP TRIGGER audit_entry_stays",
            "DROP TRIGGER audit_entry_is_kept",
            "DROP TRIGGER audit_seal_stays",
            "DROP TRIGGER audit_seal_is_kept",
        ]
    };
    write_tx!(site.app.db, |c| {
        for step in off.iter().copied().chain([sql]) {
            sqlx::query(step).execute(&mut *c).await?;
        }
        Ok(())
    })
    .unwrap();
}

on_both! {
    async fn every_way_in_and_every_refusal_is_written_down(site: Site) {
        people::member(&site, "maggie@example.org").await;
        for (email, password) in [("maggie@example.org", "wrong"), ("maggie@example.org", PASSWORD), ("nobody@example.org", "x")] {
            site.clock.forward(TimeDelta::seconds(1));
            site.browser().post("/sign-in", &[("email", email), ("password", password)]).await;
        }
        let member = site.member("Mary").await;
        site.clock.forward(TimeDelta::seconds(1));
        assert_eq!(member.browser.get("/desk/staff").await.status, 404);
        assert_eq!(actions(&site).await, ["sign-in-failed", "signed-in", "sign-in-failed", "refused"]);
        let page: String = read!(site.app.db, |c| Ok(sqlx::query_scalar(
            "SELECT page FROM audit_entry WHERE action = 'refused'"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        assert_eq!(page, "/desk/staff");
    }

    async fn nobody_changes_or_deletes_an_entry_or_a_link(site: Site) {
        let still = three(&site).await;
        for sql in [
            "UPDATE audit_entry SET page = ''",
            "DELETE FROM audit_entry",
            "UPDATE audit_seal SET hash = entry_hash",
            "DELETE FROM audit_seal",
        ] {
            let tried: Result<(), _> = write_tx!(still.app.db, |c| {
                sqlx::query(sql).execute(&mut *c).await?;
                Ok(())
            });
            let said = tried.unwrap_err().to_string();
            assert!(said.contains("only added"), "{sql}: {said}");
        }
        assert_eq!(found(&still).await, []);
    }

    async fn the_sweep_adds_to_the_chain_and_two_at_once_add_no_link_twice(site: Site) {
        let still = three(&site).await;
        assert_eq!(found(&still).await, []);
        for _ in 0..9 {
            note(&still.app, &Entry::on(&still.app, "/desk", Action::Refused).unwrap()).await.unwrap();
        }
        let (a, b) = futures::join!(seal(&still.app), seal_all(&still.app));
        a.and(b).unwrap();
        jobs::sweep(&still.app).await;
        still.clock.forward(TimeDelta::minutes(3));
        assert_eq!(found(&still).await, []);
        let links: i64 = read!(still.app.db, |c| Ok(sqlx::query_scalar("SELECT COUNT(*) FROM audit_seal").fetch_one(&mut *c).await?)).unwrap();
        assert_eq!(links, 12);
    }

    async fn an_entry_without_a_link_is_a_fault(site: Site) {
        let still = three(&site).await;
        let (id, at) = (still.app.id().unwrap(), still.app.clock.now() - TimeDelta::days(2));
        write_tx!(still.app.db, |c| {
            sqlx::query("INSERT INTO audit_entry (id, at, action, role, page) VALUES ($1, $2, 'looked', '', '')")
                .bind(id)
                .bind(at)
                .execute(&mut *c)
                .await?;
            Ok(())
        })
        .unwrap();
        seal(&still.app).await.unwrap();
        assert_eq!(found(&still).await, [Fault::Unsealed { count: 1 }], "slipped in behind what is sealed");
        seal_all(&still.app).await.unwrap();
        assert_eq!(found(&still).await, []);
    }

    async fn a_changed_entry_is_found(site: Site) {
        let still = three(&site).await;
        tamper(&still, "UPDATE audit_entry SET action = 'signed-in' WHERE action = 'sign-in-failed'").await;
        assert_eq!(found(&still).await, [Fault::Changed { number: 1 }, Fault::Changed { number: 2 }]);
    }

    async fn an_entry_taken_out_is_found(site: Site) {
        let still = three(&site).await;
        tamper(&still, "DELETE FROM audit_entry WHERE action = 'signed-in'").await;
        assert_eq!(found(&still).await, [Fault::Gone { number: 3 }]);
    }

    async fn a_link_taken_out_is_found(site: Site) {
        let still = three(&site).await;
        tamper(&still, "DELETE FROM audit_seal WHERE number = 2").await;
        still.clock.forward(TimeDelta::minutes(3));
        assert_eq!(
            found(&still).await,
            [Fault::Missing { number: 2 }, Fault::Broken { number: 3 }, Fault::Unsealed { count: 1 }]
        );
    }

    async fn a_link_that_was_written_anew_is_found(site: Site) {
        let still = three(&site).await;
        tamper(&still, "UPDATE audit_seal SET hash = entry_hash WHERE number = 1").await;
        assert_eq!(found(&still).await, [Fault::Broken { number: 1 }, Fault::Broken { number: 2 }]);
    }

    async fn what_was_changed_is_sealed_under_the_persons_own_key_and_the_chain_outlives_it(site: Site) {
        let owner = site.staff("Olive", &[Role::Owner]).await;
        let other = site.staff("Ada", &[Role::Tutor]).await;
        let path = format!("/desk/staff/{}/roles", other.account_id);
        owner.browser.post(&path, &[("roles", "course-admin")]).await;
        let (id, person, sealed): (Uuid, Uuid, Vec<u8>) = read!(site.app.db, |c| Ok(sqlx::query_as(
            "SELECT id, person_id, sealed FROM audit_entry WHERE action = 'roles-changed'"
        )
        .fetch_one(&mut *c)
        .await?))
        .unwrap();
        assert_eq!(person, other.person_id);
        let opened = site.app.vault.open(person, RecordClass::Audit, id, &sealed).await.unwrap();
        assert_eq!(opened.as_slice(), br#"["Tutor","Course admin"]"#);
        seal_all(&site.app).await.unwrap();
        site.app.vault.destroy(person, RecordClass::Audit).await.unwrap();
        assert!(site.app.vault.open(person, RecordClass::Audit, id, &sealed).await.is_err());
        assert_eq!(faults(&site.app).await.unwrap(), [], "erasing the person empties the entry and breaks no link");
    }

    async fn the_record_is_searched_by_who_whose_and_when(site: Site) {
        let officer = site.staff("Dora", &[Role::DataProtection]).await;
        people::member(&site, "maggie@example.org").await;
        let sign_in = || async {
            site.browser().post("/sign-in", &[("email", "maggie@example.org"), ("password", PASSWORD)]).await
        };
        for _ in 0..51 {
            site.clock.forward(TimeDelta::seconds(30));
            sign_in().await;
        }
        let browser = site.desk_browser(&officer).await;
        let rows = |answer: &crate::support::Answer| answer.words("tbody tr").len();
        let first = browser.get("/desk/audit?by=maggie%40example.org").await;
        assert_eq!(rows(&first), 50);
        let html = first.html();
        let older = html
            .select(&scraper::Selector::parse("main a").unwrap())
            .find(|a| a.text().collect::<String>() == "Older entries")
            .unwrap();
        let second = browser.get(older.value().attr("href").unwrap()).await;
        assert_eq!(rows(&second), 1);
        assert!(!second.body.contains("Older entries"));
        assert_eq!(rows(&browser.get("/desk/audit?of=maggie%40example.org").await), 50);
        let day_before = browser.get("/desk/audit?to=3+1+2027").await;
        assert!(day_before.body.contains("Nothing was written down in that time."));
        for (query, field) in [("by=nobody%40example.org", "by"), ("of=x", "of"), ("from=soon", "from"), ("from=5+1+2027&to=4+1+2027", "from")] {
            let wrong = browser.get(&format!("/desk/audit?{query}")).await;
            assert_eq!(wrong.status, 422, "{query}");
            assert_eq!(wrong.words(&format!("#{field}-error")).len(), 1, "{query}");
        }
        let searched = actions(&site).await.iter().filter(|action| *action == "audit-searched").count();
        assert_eq!(searched, 8, "that somebody searched is written down, too");
    }

    async fn each_person_whose_details_somebody_saw_is_listed_once(site: Site) {
        let officer = site.staff("Dora", &[Role::DataProtection]).await;
        let sandra = site.staff("Sandra", &[Role::CourseAdmin]).await;
        let [mary, tom] = [site.member("Mary Ashdown").await, site.member("Tom Ashdown").await];
        for (who, times) in [(&mary, 3), (&tom, 1)] {
            // Nobody is like them, so that their page shows nobody else.
            world::change(&site, "UPDATE person SET phone = NULL, date_of_birth = NULL WHERE id = $1", who.person_id).await;
            for _ in 0..times {
                site.clock.forward(TimeDelta::seconds(30));
                let page = sandra.browser.get(&format!("/desk/people/{}", who.person_id)).await;
                assert_eq!(page.status, 200);
            }
        }
        let by = sandra.email.replace('@', "%40");
        let seen = officer.browser.get(&format!("/desk/audit/people?by={by}")).await;
        assert_eq!(seen.words("tbody th"), ["Tom Ashdown", "Mary Ashdown"]);
        assert_eq!(seen.words("tbody td.govuk-table__cell--numeric"), ["1", "3"]);
        assert!(seen.body.contains("They saw the details of 2 people."));
        // Each leads to the entries about them.
        let html = seen.html();
        let link = html.select(&scraper::Selector::parse("tbody th a").unwrap()).nth(1).unwrap();
        let entries = officer.browser.get(link.value().attr("href").unwrap()).await;
        assert_eq!(entries.words("tbody tr").len(), 3);
        let before = officer.browser.get(&format!("/desk/audit/people?by={by}&to=3+1+2027")).await;
        assert!(before.body.contains("They saw nobody’s details in that time."));
        let nobody = officer.browser.get("/desk/audit/people").await;
        assert_eq!((nobody.status.as_u16(), nobody.words("#by-error").len()), (422, 1));
    }
}
