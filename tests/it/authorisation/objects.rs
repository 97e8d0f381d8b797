//! "Not yours" is "not there", asked with real runs, bookings, waiting entries and people: whoever they are not for is told
//! word for word what they are told of something that nobody has.

use chrono::TimeDelta;
use reqwest::StatusCode;
use uuid::Uuid;
use wellbeing_courses::accounts::roles::Role;
use wellbeing_courses::bookings::BookOutcome;
use wellbeing_courses::bookings::waiting::{JoinOutcome, join};
use wellbeing_courses::registers::planning::{self, Provided};
use wellbeing_courses::{read, write_tx};

use super::table;
use crate::bookings::world::{self, Made, Member, RunSpec};
use crate::registers::scene;
use crate::registers::sharing::{admin, organisation};
use crate::support::people::Somebody;
use crate::support::{Answer, Browser, Site};

/// A question of the member's own details: it is nobody's.
const QUESTION: &str = "/account/details/{question}";
/// Nobody has earned one here; tests/it/certificates.rs asks for one that somebody else has earned.
const CERTIFICATES: [&str; 2] = [
    "/account/bookings/{reference}/certificate",
    "/account/bookings/{reference}/certificate.pdf",
];

/// The rows of the table that name something of somebody's: method and path.
fn rows(under: &str) -> Vec<(&'static str, &'static str)> {
    table()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .filter(|(_, path)| path.starts_with(under) && path.contains('{') && *path != QUESTION)
        .collect()
}

/// What stands in the paths.
struct Ids {
    run: Uuid,
    /// That a member books for somebody.
    link: Uuid,
    entry: Uuid,
    reference: String,
}

impl Ids {
    /// Such as could be, and nobody has.
    fn of_nobody() -> Self {
        Self {
            run: Uuid::new_v4(),
            link: Uuid::new_v4(),
            entry: Uuid::new_v4(),
            reference: "WB-7K4-2MR".to_owned(),
        }
    }

    fn path(&self, pattern: &str) -> String {
        let what: Vec<_> = pattern.split('/').skip(1).take(2).collect();
        let id = match what.as_slice() {
            ["tutor", "runs"] => self.run.to_string(),
            ["account", "people"] => self.link.to_string(),
            ["account", "waiting"] => self.entry.to_string(),
            ["account", "bookings"] => String::new(),
            _ => panic!("this test does not know what stands in {pattern}"),
        };
        let path = pattern
            .replace("{id}", &id)
            .replace("{reference}", &self.reference)
            .replace("{n}", "1");
        assert!(!path.contains('{'), "{path}");
        path
    }

    /// The words, whichever ids they are about.
    fn taken_out(&self, words: &str) -> String {
        [self.run, self.link, self.entry]
            .iter()
            .fold(words.replace(&self.reference, "IT"), |words, id| {
                words.replace(&id.to_string(), "IT")
            })
    }

    /// All that an answer tells: its status, its headers without the moment, its words.
    fn told(&self, answer: &Answer) -> (StatusCode, Vec<(String, String)>, String) {
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| name.as_str() != "date")
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), self.taken_out(&value))
            })
            .collect();
        headers.sort();
        (answer.status, headers, self.taken_out(&answer.body))
    }
}

async fn ask(browser: &Browser, method: &str, path: &str) -> Answer {
    match method {
        "GET" => browser.get(path).await,
        "POST" => browser.post(path, &[("nothing", "")]).await,
        other => panic!("{other}"),
    }
}

/// Whether somebody is told of these the same as of what nobody has.
async fn is_as_nobodys(browser: &Browser, (method, pattern): (&str, &str), ids: &Ids) -> bool {
    let nobodys = Ids::of_nobody();
    let theirs = ask(browser, method, &ids.path(pattern)).await;
    let none = ask(browser, method, &nobodys.path(pattern)).await;
    ids.told(&theirs) == nobodys.told(&none)
}

/// What somebody is told otherwise, of those rows.
async fn differ(
    browser: &Browser,
    who: &str,
    rows: &[(&'static str, &'static str)],
    ids: &Ids,
) -> Vec<String> {
    let mut found = Vec::new();
    for &(method, pattern) in rows {
        if !is_as_nobodys(browser, (method, pattern), ids).await {
            found.push(format!("{who}: {method} {pattern}"));
        }
    }
    found
}

/// A run with its tutor, who has it of somebody else, and its organisation's coordinator.
async fn run(site: &Site) -> (Made, Somebody, Somebody, Somebody) {
    let spec = RunSpec {
        capacity: 1000,
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let former = site.staff("Kit Lowe", &[Role::Tutor]).await;
    scene::give(site, run.id, former.account_id).await;
    let tutor = site.staff("Priya Nair", &[Role::Tutor]).await;
    scene::give(site, run.id, tutor.account_id).await;
    let coordinator = site.staff_of("Sam Hill", Role::Coordinator).await;
    let own = organisation(site, &coordinator).await;
    let by = admin(site).await;
    let provided = planning::set_provider(&site.app, &by, run.id, Some(own)).await;
    assert_eq!(provided.unwrap(), Provided::Changed);
    (run, tutor, former, coordinator)
}

/// A run whose one place is taken.
async fn full(site: &Site) -> Made {
    let spec = RunSpec {
        capacity: 1,
        starts_in: TimeDelta::days(9),
        ..RunSpec::default()
    };
    let run = world::run(site, spec).await;
    let first = world::members(site, 1).await.remove(0);
    let taken = first.book(site, run.id).await;
    assert!(matches!(taken, BookOutcome::Booked(_)));
    run
}

/// That an account books for somebody.
async fn link(site: &Site, account: Uuid, person: Uuid) -> Uuid {
    read!(site.app.db, |c| {
        Ok(sqlx::query_scalar(
            "SELECT id FROM representation WHERE account_id = $1 AND person_id = $2",
        )
        .bind(account)
        .bind(person)
        .fetch_one(&mut *c)
        .await?)
    })
    .unwrap()
}

/// A member with a booking, on a waiting list, who books for a child; gives the child, too.
async fn mary(site: &Site, run: &Made, full: &Made) -> (Somebody, Ids, Uuid) {
    let mary = site.member("Mary Ashdown").await;
    let member = Member {
        account: mary.account_id,
        person: mary.person_id,
        email: mary.email.clone(),
    };
    let BookOutcome::Booked(booked) = member.book(site, run.id).await else {
        panic!("a free place");
    };
    let joined = join(&site.app, &member.request(full.id)).await.unwrap();
    let JoinOutcome::Joined(entry) = joined else {
        panic!("a full run");
    };
    let child = world::cared_for(site, mary.account_id, "Rowan Brook").await;
    let born = "UPDATE person SET date_of_birth = '2016-03-08' WHERE id = $1";
    world::change(site, born, child).await;
    let ids = Ids {
        run: run.id,
        link: link(site, mary.account_id, child).await,
        entry,
        reference: booked.reference,
    };
    (mary, ids, child)
}

/// Somebody who booked for this person until today; gives their own number of it, too.
async fn booked_for_until_today(site: &Site, person: Uuid) -> (Somebody, Uuid) {
    let former = site.member("Alex Brook").await;
    let (id, account, now) = (
        site.app.id().unwrap(),
        former.account_id,
        site.app.clock.now(),
    );
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO representation (id, account_id, person_id, kind, created_at, ends_at) \
             VALUES ($1, $2, $3, 'parent', $4, $4)",
        )
        .bind(id)
        .bind(account)
        .bind(person)
        .bind(now)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
    (former, id)
}

on_both! {
    async fn a_run_is_told_of_to_nobody_but_those_who_lead_or_organise_it(site: Site) {
        let (run, tutor, former, coordinator) = run(&site).await;
        let full = full(&site).await;
        let (mary, ids, _) = mary(&site, &run, &full).await;
        let rows = rows("/tutor/");
        assert!(rows.len() >= 9, "{rows:?}");
        let other = site.staff("Tom Reed", &[Role::Tutor]).await;
        scene::give(&site, full.id, other.account_id).await;
        let elsewhere = site.staff_of("Uma Reed", Role::Coordinator).await;
        let mut wrong = Vec::new();
        for (who, somebody) in [
            ("whoever booked it", &mary), ("another tutor", &other), ("who was its tutor", &former),
            ("a coordinator of another organisation", &elsewhere),
        ] {
            wrong.extend(differ(&somebody.browser, who, &rows, &ids).await);
        }
        // Were a guard missing, it would show: those who may see it are told something else, by every row.
        for (who, somebody) in [("its tutor", &tutor), ("its coordinator", &coordinator)] {
            for row in &rows {
                if is_as_nobodys(&somebody.browser, *row, &ids).await {
                    wrong.push(format!("{who} is told nothing of it: {row:?}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    async fn what_a_member_has_is_told_of_to_nobody_else(site: Site) {
        let (run, tutor, _, coordinator) = run(&site).await;
        let full = full(&site).await;
        let (mary_herself, ids, child) = mary(&site, &run, &full).await;
        let rows = rows("/account/");
        assert!(rows.len() >= 18, "{rows:?}");
        let eve = site.member("Eve Moss").await;
        let (alex, ended) = booked_for_until_today(&site, child).await;
        let own = Ids { run: ids.run, link: ended, entry: ids.entry, reference: ids.reference.clone() };
        let mut wrong = Vec::new();
        for (who, somebody, ids) in [
            ("another member", &eve, &ids), ("the tutor", &tutor, &ids), ("the coordinator", &coordinator, &ids),
            ("who booked for the child", &alex, &ids), ("who booked for the child, by their own number", &alex, &own),
        ] {
            wrong.extend(differ(&somebody.browser, who, &rows, ids).await);
        }
        assert_eq!(wrong, Vec::<String>::new());
        // None of them changed anything.
        for path in ["/account/people/{id}", "/account/waiting/{id}/leave", "/account/bookings/{reference}/cancel"] {
            assert_eq!(mary_herself.browser.get(&ids.path(path)).await.status, StatusCode::OK, "{path}");
        }
        // Were a guard missing, it would show: the member is told something else, by every row. Somebody new each time, for a
        // form may take away what the next one is about.
        for row in rows.iter().filter(|(_, path)| !CERTIFICATES.contains(path)) {
            let (somebody, ids, _) = mary(&site, &run, &full).await;
            if is_as_nobodys(&somebody.browser, *row, &ids).await {
                wrong.push(format!("{row:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
