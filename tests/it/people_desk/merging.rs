//! Two records of one person become one, and two again.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use uuid::Uuid;
use wellbeing_courses::bookings::waiting::join;
use wellbeing_courses::bookings::{BookOutcome, Choices, Request, book, recount};
use wellbeing_courses::people_desk::{MOVES, STAYS};
use wellbeing_courses::server::db::Db;
use wellbeing_courses::server::vault::RecordClass;
use wellbeing_courses::{read, write_tx};

use super::{admin, errors, of_person, somebody};
use crate::bookings::world::{self, Made, Member, RunSpec};
use crate::support::people::Somebody;
use crate::support::{Answer, Site};

/// Fills in the form, taking what is marked, and presses the button.
async fn merge(admin: &Somebody, kept: Uuid, gone: Uuid, take: &str) -> Answer {
    let path = format!("/desk/people/{kept}/merge/{gone}");
    let key = admin.browser.get(&path).await.field("form-key").unwrap();
    let parts = ["name", "born", "phone", "email", "address", "reach"];
    let mut fields = vec![("form-key", key.as_str())];
    fields.extend(parts.map(|part| (part, take)));
    admin.browser.post(&path, &fields).await;
    admin.browser.post(&path, &fields).await
}

/// The page that undoes the one merge there is.
async fn undo_path(site: &Site, kept: Uuid) -> String {
    let id: Uuid = read!(site.app.db, |c| Ok(sqlx::query_scalar(
        "SELECT id FROM person_merge WHERE kept_id = $1 AND undone_at IS NULL"
    )
    .bind(kept)
    .fetch_one(&mut *c)
    .await?))
    .unwrap();
    format!("/desk/people/{kept}/merged/{id}")
}

type Row = (Uuid, Option<Uuid>, Option<Uuid>, String);

/// Everything that a merge may move, as it stands.
async fn everything(site: &Site) -> (BTreeSet<Row>, BTreeSet<(Uuid, Vec<u8>)>) {
    let mut rows = BTreeSet::new();
    for sql in [
        "SELECT id, person_id, booking_id, 'place ' || status FROM place",
        "SELECT id, account_id, run_id, 'booking ' || status FROM booking",
        "SELECT id, person_id, subscription_id, 'consent ' || about FROM consent",
        "SELECT id, person_id, person_id, 'subscription ' || status FROM subscription",
        "SELECT entry_id, person_id, run_id, 'waits' FROM waiting_person WHERE active",
        "SELECT id, account_id, run_id, 'entry ' || status FROM waiting_entry",
        "SELECT id, account_id, person_id, kind || CASE WHEN ends_at IS NULL THEN ' live' ELSE '' END FROM representation",
        "SELECT id, person_id, person_id, 'guardian ' || full_name FROM guardian",
        "SELECT id, person_id, account_id, 'note ' || channel FROM contact_note",
        "SELECT id, person_id, booking_id, 'vault ' || kind FROM vault_entry",
        "SELECT id, person_id, run_id, 'call ' || cause FROM phone_call",
        "SELECT id, person_id, account_id, 'wish' FROM date_wish",
        "SELECT id, person_id, person_id, 'outbox ' || cause FROM outbox",
        "SELECT id, person_id, account_id, 'seen ' || kind FROM disclosure",
        "SELECT id, person_id, given_by, 'volunteer ' || organisation FROM volunteer",
        "SELECT id, id, id, 'account ' || email FROM account",
        "SELECT id, merged_into, merged_into, full_name || COALESCE(preferred_name, '-') || COALESCE(date_of_birth, '-') \
           || COALESCE(phone, '-') || COALESCE(email, '-') || COALESCE(address, '-') || COALESCE(town, '-') \
           || COALESCE(postcode, '-') || remind_by || format FROM person",
    ] {
        let found: Vec<Row> = read!(site.app.db, |c| Ok(sqlx::query_as(sql)
            .fetch_all(&mut *c)
            .await?))
        .unwrap();
        rows.extend(found);
    }
    let sealed: Vec<(Uuid, Vec<u8>)> = read!(site.app.db, |c| Ok(sqlx::query_as(
        "SELECT id, sealed FROM contact_note UNION ALL SELECT id, sealed FROM vault_entry"
    )
    .fetch_all(&mut *c)
    .await?))
    .unwrap();
    (rows, sealed.into_iter().collect())
}

/// Whole numbers by chance, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn yes(&mut self) -> bool {
        self.roll(2) == 1
    }
}

/// A record with an account, or without one.
struct Record {
    person: Uuid,
    account: Option<Uuid>,
}

async fn record(site: &Site, dice: &mut Dice) -> Record {
    if dice.yes() {
        let Member {
            person, account, ..
        } = world::members(site, 1).await.remove(0);
        Record {
            person,
            account: Some(account),
        }
    } else {
        let person = somebody(site, "Margaret Ashdown", Some("+447700900214"), None).await;
        Record {
            person,
            account: None,
        }
    }
}

/// Books, waits, says and writes by chance; never on a run of the other record.
async fn lives(
    site: &Site,
    admin: &Somebody,
    dice: &mut Dice,
    one: &Record,
    runs: &[&Made],
    full: &Made,
) {
    for run in runs {
        let mut key = [0; 32];
        key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        let own = one.account.filter(|_| dice.yes());
        let request = Request {
            account_id: own,
            choices: Choices {
                access_note: dice.yes().then(|| "A lift".into()),
                ..Choices::default()
            },
            ..Request::website(run.id, Uuid::nil(), one.person, key)
        };
        if dice.yes() {
            assert!(matches!(
                book(&site.app, &request).await.unwrap(),
                BookOutcome::Booked(_)
            ));
        }
    }
    if dice.yes() {
        let request = Request::website(full.id, Uuid::nil(), one.person, [0; 32]);
        join(
            &site.app,
            &Request {
                account_id: one.account,
                form_key: None,
                ..request
            },
        )
        .await
        .unwrap();
    }
    if dice.yes() {
        world::guardian(site, one.person, "amina@example.org").await;
    }
    if let Some(account) = one.account.filter(|_| dice.yes()) {
        world::cared_for(site, account, "Tom Ashdown").await;
    }
    for _ in 0..dice.roll(3) {
        let path = format!("/desk/people/{}", one.person);
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        let fields = [
            ("form-key", key.as_str()),
            ("way", "phone"),
            ("note", "She will ring again."),
        ];
        assert_eq!(admin.browser.post(&path, &fields).await.status, 303);
    }
    if dice.yes() {
        let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
        let sealed = site
            .app
            .vault
            .seal(now, one.person, RecordClass::Health, id, b"answer")
            .await
            .unwrap();
        write_tx!(site.app.db, |c| {
            sqlx::query(
                "INSERT INTO vault_entry (id, person_id, kind, sealed, created_at) VALUES ($1, $2, 'ethnicity', $3, $4)",
            )
            .bind(id)
            .bind(one.person)
            .bind(&sealed)
            .bind(now)
            .execute(&mut *c)
            .await?;
            Ok(())
        })
        .unwrap();
    }
}

/// That somebody volunteers, for a hundred days.
async fn volunteers(site: &Site, person: Uuid, by: Uuid) {
    let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
    write_tx!(site.app.db, |c| {
        sqlx::query(
            "INSERT INTO volunteer (id, person_id, organisation, hours_a_week, from_at, until_at, given_by, created_at) \
             VALUES ($1, $2, 'Radstock Library', 3, $3, $4, $5, $3)",
        )
        .bind(id)
        .bind(person)
        .bind(now)
        .bind(now + TimeDelta::days(100))
        .bind(by)
        .execute(&mut *c)
        .await?;
        Ok(())
    })
    .unwrap();
}

on_both! {
    async fn whatever_two_records_hold_undoing_a_merge_gives_the_same_rows_again(site: Site) {
        let admin = admin(&site).await;
        let mut moved = BTreeSet::new();
        for seed in 1..=12 {
            let mut dice = Dice(seed);
            let [a, b, c, d] = [world::run(&site, RunSpec::default()).await, world::run(&site, RunSpec::default()).await,
                world::run(&site, RunSpec::default()).await, world::run(&site, RunSpec::default()).await];
            let spec = RunSpec { capacity: 1, ..RunSpec::default() };
            let (full, other_full) = (world::run(&site, spec.clone()).await, world::run(&site, spec).await);
            let holder = world::members(&site, 1).await.remove(0);
            holder.book(&site, full.id).await;
            holder.book(&site, other_full.id).await;
            let (kept, gone) = (record(&site, &mut dice).await, record(&site, &mut dice).await);
            lives(&site, &admin, &mut dice, &kept, &[&a, &b], &full).await;
            lives(&site, &admin, &mut dice, &gone, &[&c, &d], &other_full).await;
            let before = everything(&site).await;
            let take = if dice.yes() { "kept" } else { "other" };

            assert_eq!(merge(&admin, kept.person, gone.person, take).await.status, 303, "seed {seed}");
            for moves in MOVES.iter().filter(|moves| !["representation", "vault_entry"].contains(&moves.table)) {
                let sql = match moves.table {
                    "place" => "SELECT COUNT(*) FROM place WHERE person_id = $1",
                    "contact_note" => "SELECT COUNT(*) FROM contact_note WHERE person_id = $1",
                    "waiting_person" => "SELECT COUNT(*) FROM waiting_person WHERE person_id = $1",
                    "consent" => "SELECT COUNT(*) FROM consent WHERE person_id = $1",
                    "guardian" => "SELECT COUNT(*) FROM guardian WHERE person_id = $1",
                    _ => continue,
                };
                assert_eq!(of_person(&site, sql, gone.person).await, 0, "seed {seed}: {}", moves.table);
            }
            assert_eq!(recount(&site.app.db).await.unwrap(), [], "seed {seed}");
            let kinds: Vec<String> = read!(site.app.db, |c| Ok(sqlx::query_scalar("SELECT DISTINCT what FROM person_merge_row")
                .fetch_all(&mut *c)
                .await?))
            .unwrap();
            moved.extend(kinds);
            let page = admin.browser.get(&format!("/desk/people/{}", kept.person)).await;
            assert_eq!(page.status, 200, "its notes open with the key of the kept record");

            let path = undo_path(&site, kept.person).await;
            assert_eq!(admin.browser.post(&path, &[]).await.status, 303);
            assert_eq!(admin.browser.post(&path, &[]).await.status, 303, "twice is once");
            let after = everything(&site).await;
            let lost: Vec<_> = before.0.difference(&after.0).collect();
            let new: Vec<_> = after.0.difference(&before.0).collect();
            assert!(lost.is_empty() && new.is_empty(), "seed {seed}: {lost:?} {new:?}");
            assert_eq!(before.1, after.1, "seed {seed}: sealed as before");
            assert_eq!(admin.browser.get(&format!("/desk/people/{}", gone.person)).await.status, 200);
        }
        // Chance has met everything that this is about.
        for kind in ["place", "waiting_person", "contact_note", "vault_entry", "guardian", "outbox", "representation",
            "representation ended", "booking of account", "booking of nobody"] {
            assert!(moved.contains(kind), "{kind}, of {moved:?}");
        }
    }

    async fn the_other_record_is_not_found_and_its_links_lead_to_the_kept_one(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let member = world::members(&site, 1).await.remove(0);
        let phoned = somebody(&site, "Maggie Ashdown", Some("+447700900214"), None).await;
        let request = Request { account_id: None, ..Request::website(run.id, Uuid::nil(), phoned, [9; 32]) };
        let BookOutcome::Booked(booked) = book(&site.app, &request).await.unwrap() else { panic!("a place") };
        admin.browser.get("/desk/people?q=ashdown").await;
        let own = format!("/desk/people/{}", member.person);
        let page = admin.browser.get(&own).await;
        assert!(page.body.contains("Compare with Maggie Ashdown"));
        assert_eq!(merge(&admin, member.person, phoned, "kept").await.location(), own);
        let found = admin.browser.get("/desk/people?q=ashdown").await;
        assert_eq!(found.words("tbody th"), ["Margaret Ashdown"]);
        let by_number = admin.browser.get(&format!("/desk/people?q={}", booked.reference)).await;
        assert_eq!(by_number.words("tbody th"), ["Margaret Ashdown"], "old numbers still work");
        let old = admin.browser.get(&format!("/desk/people/{phoned}")).await;
        assert_eq!((old.status.as_u16(), old.location()), (303, own.clone()));
        let details = admin.browser.get(&format!("/desk/people/{phoned}/details")).await;
        assert_eq!(details.field("full-name").as_deref(), Some("Margaret Ashdown"));
        // What the team booked is in the account now.
        let mine = "SELECT COUNT(*) FROM booking WHERE account_id = $1";
        assert_eq!(of_person(&site, mine, member.account).await, 1);
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE action = 'merged' AND sealed IS NOT NULL AND person_id = $1";
        assert_eq!(of_person(&site, noted, member.person).await, 1);
        // Nobody is given a place under the old record any more.
        let again = Request { account_id: None, ..Request::website(run.id, Uuid::nil(), phoned, [8; 32]) };
        assert!(book(&site.app, &again).await.is_err());
    }

    async fn after_thirty_days_it_stays(site: Site) {
        let admin = admin(&site).await;
        let [one, two] = [somebody(&site, "Tom Ashdown", None, None).await, somebody(&site, "Tom Ashdown", None, None).await];
        merge(&admin, one, two, "kept").await;
        let path = undo_path(&site, one).await;
        assert!(admin.browser.get(&format!("/desk/people/{one}")).await.body.contains("Undo"));
        site.clock.forward(TimeDelta::days(30));
        let admin = Somebody { browser: site.desk_browser(&admin).await, ..admin };
        let late = admin.browser.post(&path, &[]).await;
        assert_eq!(late.status, 409);
        assert!(late.body.contains("more than 30 days ago"));
        let gone = "SELECT COUNT(*) FROM person WHERE id = $1 AND merged_into IS NOT NULL";
        assert_eq!(of_person(&site, gone, two).await, 1);
    }

    async fn two_with_a_place_on_one_run_are_not_merged_and_it_says_why(site: Site) {
        let admin = admin(&site).await;
        let run = world::run(&site, RunSpec::default()).await;
        let [one, two] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        one.book(&site, run.id).await;
        let path = format!("/desk/people/{}/merge/{}", one.person, two.person);
        let key = admin.browser.get(&path).await.field("form-key").unwrap();
        two.book(&site, run.id).await;
        let shown = admin.browser.get(&path).await;
        assert!(shown.body.contains("Both have a place, or wait for one"));
        let fields = [("form-key", key.as_str()), ("name", "kept"), ("email", "kept"), ("reach", "kept")];
        admin.browser.post(&path, &fields).await;
        assert_eq!(world::number(&site, "SELECT COUNT(*) FROM person_merge").await, 0);
    }

    async fn what_differs_is_chosen_and_what_is_wrong_is_said(site: Site) {
        let admin = admin(&site).await;
        let one = somebody(&site, "Tom Ashdown", Some("+447700900111"), None).await;
        let two = somebody(&site, "Thomas Ashdown", Some("+447700900111"), Some("tom@example.org")).await;
        let path = format!("/desk/people/{one}/merge/{two}");
        let page = admin.browser.get(&path).await;
        let key = page.field("form-key").unwrap();
        let wrong = admin.browser.post(&path, &[("form-key", key.as_str())]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(errors(&wrong), ["Choose which is right: name", "Choose which is right: email"]);
        let fields = [("form-key", key.as_str()), ("name", "other"), ("email", "other")];
        let shown = admin.browser.post_and_follow(&path, &fields).await;
        assert!(shown.body.contains("Thomas Ashdown") && shown.body.contains("tom@example.org"));
        // What is put right since stays when it is undone.
        let undo = undo_path(&site, one).await;
        let details = [("full-name", "Tom R Ashdown"), ("phone", "07700 900111"), ("email", "tom@example.org")];
        admin.browser.post(&format!("/desk/people/{one}/details"), &details).await;
        admin.browser.post(&undo, &[]).await;
        let shown = admin.browser.get(&format!("/desk/people/{one}")).await;
        assert!(shown.body.contains("Tom R Ashdown") && !shown.body.contains("tom@example.org"));
        for nowhere in [format!("/desk/people/{one}/merge/{one}"), format!("/desk/people/{one}/merge/x"),
            format!("/desk/people/{one}/merged/{two}")] {
            assert_eq!(admin.browser.get(&nowhere).await.status, 404, "{nowhere}");
        }
    }

    async fn every_table_that_knows_of_people_says_what_becomes_of_its_rows(site: Site) {
        let tables: Vec<String> = match &site.app.db {
            Db::Sqlite { .. } => read!(site.app.db, |c| Ok(sqlx::query_scalar(
                "SELECT DISTINCT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
                 WHERE m.type = 'table' AND k.\"table\" = 'person'"
            ).fetch_all(&mut *c).await?)).unwrap(),
            Db::Postgres(_) => read!(site.app.db, |c| Ok(sqlx::query_scalar(
                "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' \
                 AND confrelid = 'person'::regclass"
            ).fetch_all(&mut *c).await?)).unwrap(),
        };
        for table in tables {
            let said = MOVES.iter().any(|moves| moves.table == table) || STAYS.iter().any(|(stays, _)| *stays == table);
            assert!(said, "what becomes of the rows of {table} when two records are merged?");
        }
    }

    async fn a_volunteer_stays_one_whichever_record_says_so(site: Site) {
        let admin = admin(&site).await;
        let mut all = Vec::new();
        for _ in 0..4 {
            all.push(somebody(&site, "Tom Ashdown", None, None).await);
        }
        let stands = "SELECT COUNT(*) FROM volunteer WHERE person_id = $1 AND ended_at IS NULL";
        volunteers(&site, all[1], admin.account_id).await;
        let before = everything(&site).await;
        assert_eq!(merge(&admin, all[0], all[1], "kept").await.status, 303);
        assert_eq!((of_person(&site, stands, all[0]).await, of_person(&site, stands, all[1]).await), (1, 0));
        let undo = undo_path(&site, all[0]).await;
        assert_eq!(admin.browser.post(&undo, &[]).await.status, 303);
        assert_eq!(everything(&site).await, before);
        // Where both say so, that of the kept record counts.
        volunteers(&site, all[2], admin.account_id).await;
        volunteers(&site, all[3], admin.account_id).await;
        assert_eq!(merge(&admin, all[2], all[3], "kept").await.status, 303);
        assert_eq!((of_person(&site, stands, all[2]).await, of_person(&site, stands, all[3]).await), (1, 1));
    }

    async fn the_address_of_the_account_that_closes_is_free_until_it_opens_again(site: Site) {
        let admin = admin(&site).await;
        let [one, two] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
        let own = "SELECT COUNT(*) FROM account JOIN person ON lower(person.email) = lower(account.email) WHERE account.id = $1";
        assert_eq!(merge(&admin, one.person, two.person, "kept").await.status, 303);
        assert_eq!((of_person(&site, own, one.account).await, of_person(&site, own, two.account).await), (1, 0));
        let undo = undo_path(&site, one.person).await;
        assert_eq!(admin.browser.post(&undo, &[]).await.status, 303);
        assert_eq!((of_person(&site, own, one.account).await, of_person(&site, own, two.account).await), (1, 1));
    }

    async fn a_role_that_has_run_out_does_not_keep_an_account_open_and_one_that_ends_later_does(site: Site) {
        let admin = admin(&site).await;
        for (ends_in, merged) in [(TimeDelta::days(1), 0), (-TimeDelta::days(1), 1)] {
            let [one, two] = <[Member; 2]>::try_from(world::members(&site, 2).await).ok().unwrap();
            let (id, now) = (site.app.id().unwrap(), site.app.clock.now());
            let path = format!("/desk/people/{}/merge/{}", one.person, two.person);
            let key = admin.browser.get(&path).await.field("form-key").unwrap();
            write_tx!(site.app.db, |c| {
                sqlx::query("INSERT INTO role_grant (id, account_id, role, granted_at, ends_at) VALUES ($1, $2, 'volunteer', $3, $4)")
                    .bind(id).bind(two.account).bind(now - TimeDelta::days(9)).bind(now + ends_in)
                    .execute(&mut *c).await?;
                Ok(())
            })
            .unwrap();
            let fields = [("form-key", key.as_str()), ("name", "kept"), ("email", "kept"), ("reach", "kept")];
            admin.browser.post(&path, &fields).await;
            let gone = "SELECT COUNT(*) FROM person WHERE id = $1 AND merged_into IS NOT NULL";
            assert_eq!(of_person(&site, gone, two.person).await, merged);
        }
    }
}
